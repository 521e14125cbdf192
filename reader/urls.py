"""Addresses of the pages."""

from django.urls import path

from reader import factpages, first_run, namepages, notepages, reading, views, working
from reader.lists import views as lists

urlpatterns = [
    path("", views.home, name="home"),
    path("setup/folder", first_run.folder, name="setup-folder"),
    path("library", views.library, name="library"),
    path("search", views.search, name="search"),
    path("series/<uuid:series_id>", views.series, name="series"),
    path("series/<uuid:series_id>/mark", views.mark_series, name="mark-series"),
    path("series/<uuid:series_id>/lists", lists.list_series, name="list-series"),
    path("series/<uuid:series_id>/facts", factpages.show, name="facts"),
    path("series/<uuid:series_id>/facts/change", factpages.change, name="change-facts"),
    path("libraries/<uuid:library_id>/names", namepages.show, name="names"),
    path("libraries/<uuid:library_id>/names/change", namepages.change, name="change-names"),
    path("history/undo", factpages.undo_day, name="undo-day"),
    path("lists", lists.index, name="lists"),
    path("lists/make", lists.make, name="make-list"),
    path("lists/<uuid:list_id>", lists.show, name="list"),
    path("lists/<uuid:list_id>/change", lists.change, name="change-list"),
    path("lists/<uuid:list_id>/<uuid:entry_id>", lists.change_entry, name="change-entry"),
    path("notes", notepages.show, name="notes"),
    path("notes/kiremisu-notes.<str:kind>", notepages.export, name="export-notes"),
    path("notes/<uuid:note_id>", notepages.change, name="change-note"),
    path("bookmarks/<uuid:bookmark_id>", notepages.unmark, name="unmark"),
    path("activity", working.show, name="activity"),
    path("activity/scan", working.scan, name="scan"),
    path("activity/changes/<uuid:change_id>", working.lose, name="loss"),
    path("activity/jobs/<uuid:job_id>/stop", working.stop, name="stop-job"),
    path("activity/jobs/<uuid:job_id>/retry", working.retry, name="retry-job"),
    path("chapters/<uuid:chapter_id>/mark", views.mark, name="mark"),
    path("read/<uuid:chapter_id>", reading.read, name="read"),
    path("read/<uuid:chapter_id>/<int:page>", reading.read, name="read-page"),
    path("read/<uuid:chapter_id>/<int:page>/seen/<str:proof>.gif", reading.seen, name="read-seen"),
    path("read/<uuid:chapter_id>/progress", reading.save, name="read-progress"),
]
