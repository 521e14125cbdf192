"""Addresses of those who are not in yet."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from kiremisu.accounts import views

urlpatterns = [
    path("setup", views.begin, name="setup"),
    path("login", views.SignIn.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
]
