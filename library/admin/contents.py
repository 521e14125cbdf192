"""Contents on the curation desk."""

from django.contrib import admin

from kiremisu.accounts.desk import Desk
from kiremisu.accounts.models import Role
from library.models import Content


@admin.register(Content)
class ContentAdmin(Desk):
    seen_by = Role.ADMIN
    ordering = ("-id",)
    list_display = ("key", "page_count", "cover_state", "tint", "created")
    list_filter = ("cover_state",)
    fields = (
        *("key", "page_count", "cover_state", "cover_width", "cover_height", "tint"),
        *("created", "updated"),
    )
