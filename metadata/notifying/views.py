"""Channels, as one sees to them at the foot of Watching."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from kiremisu.lib.errors import Refused
from metadata.asking import Asking
from metadata.models import Channel
from metadata.notifying import channels


class ChannelForm(forms.Form):
    """A name and an Apprise URL."""

    name = forms.CharField(max_length=100)
    url = forms.CharField(max_length=2000)


@login_required
@require_POST
def add(request: Asking) -> HttpResponse:
    """Have new chapters told over one more."""
    form = ChannelForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give it a name and an address.")
        return redirect("watching")
    try:
        made = channels.make(request.user, form.cleaned_data["name"], form.cleaned_data["url"])
    except Refused as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, f"New chapters are told over {made.name}.")
    return redirect("watching")


@login_required
@require_POST
def put(request: Asking, channel_id: UUID) -> HttpResponse:
    """Try it out, pause it, go on, or take it away."""
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=channel_id)
    act = request.POST.get("act", "")
    if act == "test":
        channels.try_out(channel, request.user)
        messages.success(request, f"A message goes to {channel.name}.")
    elif act in {"pause", "go-on"}:
        channels.change(channel, paused=act == "pause")
    elif act == "remove":
        channels.remove(channel)
        messages.success(request, f"Nothing is told over {channel.name} any more.")
    return redirect("watching")
