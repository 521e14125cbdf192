"""Addresses of the pages."""

from django.urls import path

from metadata.review import views

urlpatterns = [
    path("review", views.show, name="review"),
    path("review/sure", views.accept_sure, name="accept-sure"),
    path("review/<uuid:series_id>", views.decide, name="decide"),
]
