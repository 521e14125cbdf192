"""Addresses of coming in, going out, and one's own settings."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from kiremisu.accounts import keypages, views

urlpatterns = [
    path("setup", views.begin, name="setup"),
    path("login", views.SignIn.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("settings/keys", keypages.show, name="keys"),
    path("settings/keys/<uuid:key_id>/revoke", keypages.revoke, name="revoke-key"),
]
