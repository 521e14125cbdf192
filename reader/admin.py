"""Progress and reading settings in Django's admin, to look at."""

from django.contrib import admin

from reader.models import Bookmark, Note, PagePairing, Progress, ReadingSettings


@admin.register(Progress)
class ProgressAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("user", "content", "page", "at", "device", "finished_at")
    list_filter = ("user",)
    list_select_related = ("user", "content")
    raw_id_fields = ("user", "content", "chapter")
    date_hierarchy = "at"


@admin.register(ReadingSettings)
class ReadingSettingsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("user", "series", "updated")
    list_select_related = ("user", "series")
    raw_id_fields = ("user", "series")


@admin.register(PagePairing)
class PagePairingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("user", "content", "updated")
    list_select_related = ("user", "content")
    raw_id_fields = ("user", "content")


@admin.register(Bookmark, Note)
class MarkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("user", "content", "page", "at")
    list_select_related = ("user", "content")
    raw_id_fields = ("user", "content")
