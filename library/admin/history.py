"""What became of facts, on the curation desk. It is taken back on the page of its series."""

from typing import override
from uuid import UUID

from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html

from kiremisu.accounts.desk import among, since
from library.admin.rows import OfSeries
from library.facts import Source
from library.merging import FIELDS
from library.models import FactChange
from library.wording import changed, label, source_name


@admin.register(FactChange)
class FactChangeAdmin(OfSeries):
    list_display = ("created", "series", "fact", "before_in_words", "after_in_words", "who", "act")
    list_display_links = ("created",)
    list_filter = (
        among("field", [(name, label(name)) for name in FIELDS]),
        among("source", [(str(one), source_name(one)) for one in Source if one != Source.NAME]),
        since("created"),
    )
    list_select_related = ("series", "by")
    search_help_text = "Any of its series' titles, or a run"
    ordering = ("-id",)
    fields = ("created", "series", "fact", "before_in_words", "after_in_words", "who", "run")

    @override
    def found(self, words: str) -> Q:
        try:
            return Q(run=UUID(words.strip()))
        except ValueError:
            return super().found(words)

    @admin.display(description="fact")
    def fact(self, obj: FactChange) -> str:
        return label(obj.field)

    @admin.display(description="run")
    def act(self, obj: FactChange) -> str:
        return format_html('<a href="?q={}">run</a>', obj.run)

    @admin.display(description="before")
    def before_in_words(self, obj: FactChange) -> str:
        return changed(obj).before.value

    @admin.display(description="after")
    def after_in_words(self, obj: FactChange) -> str:
        line = changed(obj)
        return line.what or line.after.value

    @admin.display(description="by")
    def who(self, obj: FactChange) -> str:
        return changed(obj).who
