"""Files beside others that tell of a series, on the curation desk."""

from django.contrib import admin
from django.db.models import Q

from kiremisu.accounts.desk import OneOf, among
from library.admin.rows import ByLibrary, OfSeries
from library.facts import Source
from library.models import Sidecar


class SidecarFilter(OneOf):
    title = parameter_name = "state"
    conditions = (("problem", "Nothing learnt of it", ~Q(problem="")),)


@admin.register(Sidecar)
class SidecarAdmin(OfSeries):
    ordering = ("-id",)
    list_display = ("path", "series", "source", "problem", "updated")
    list_filter = (
        *(SidecarFilter, ByLibrary),
        among("source", (Source.SERIES_JSON, Source.DETAILS_JSON, Source.COMICINFO, "cover")),
    )
    list_select_related = ("series",)
    fields = (
        *("path", "library", "series", "source", "size", "problem", "problem_detail", "created"),
        "updated",
    )
