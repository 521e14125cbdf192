"""Addresses of the pages."""

from django.urls import path

from metadata.covering import views as covering
from metadata.notifying import views as notifying
from metadata.review import inbox, views
from metadata.watching import views as watching
from metadata.world import views as world

urlpatterns = [
    path("review", views.show, name="review"),
    path("review/findings", inbox.show, name="findings"),
    path("review/findings/<slug:kind>/<uuid:subject>", inbox.decide, name="finding"),
    path("review/sure", views.accept_sure, name="accept-sure"),
    path("search/mangadex", world.show, name="world"),
    path("search/mangadex/add", world.add, name="add-work"),
    path("series/<uuid:series_id>/covers", covering.show, name="covers-there"),
    path("series/<uuid:series_id>/covers/choose", covering.put, name="choose-cover"),
    path("watching", watching.show, name="watching"),
    path("watching/chapters/<uuid:notice_id>", watching.put_news, name="news"),
    path("watching/feed", watching.subscribe, name="subscribe"),
    path("watching/channels", notifying.add, name="channels"),
    path("watching/channels/<uuid:channel_id>", notifying.put, name="channel"),
    path("feeds/<str:text>.<slug:kind>", watching.feed, name="feed"),
    path("watching/<uuid:series_id>", watching.put_watch, name="watch"),
    path("watching/<uuid:series_id>/which", watching.put_wish, name="wish"),
    path("review/<uuid:series_id>", views.decide, name="decide"),
]
