"""The curation desk: libraries and what is in them, as the database has it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest

from kiremisu.lib.errors import Refused
from library import curation, labelling, openings, scanning
from library.models import Access, Chapter, Content, Library, Person, Series, Sidecar, Tag


class _ReadFromFiles:
    """Rows that scans make: nobody adds or removes them by hand."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return False


class AccessInline(admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    model = Access
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Library)
class LibraryAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ("name", "root", "kind", "open_to_all", "scanned_at")
    list_filter = ("kind", "open_to_all")
    search_fields = ("name", "root")
    readonly_fields = ("root", "version", "scanned_at", "created", "updated")
    inlines = (AccessInline,)
    actions = ("scan",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def save_model(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Library,
        form: Any,
        change: bool,  # noqa: ARG002
    ) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        curation.change_library(obj, **changes)

    def delete_model(self, request: HttpRequest, obj: Library) -> None:  # noqa: ARG002
        curation.remove_library(obj)

    def delete_queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Library],
    ) -> None:
        for library in queryset:
            curation.remove_library(library)

    def save_related(
        self,
        request: HttpRequest,
        form: "ModelForm[Library]",
        formsets: Iterable["BaseModelFormSet[Access, ModelForm[Access]]"],
        change: bool,
    ) -> None:
        before = openings.people_in(form.instance)
        super().save_related(request, form, formsets, change)
        openings.people_changed(form.instance, before)

    @admin.action(description="Scan the chosen libraries")
    def scan(self, request: HttpRequest, chosen: QuerySet[Library]) -> None:
        for library in chosen:
            scanning.request(library, asked_by=request.user)  # type: ignore[arg-type] # signed in
        self.message_user(request, "Asked for.")


class PresenceFilter(admin.SimpleListFilter):
    title = "presence"
    parameter_name = "presence"

    def lookups(
        self,
        request: HttpRequest,  # noqa: ARG002
        model_admin: Any,  # noqa: ARG002
    ) -> list[tuple[str, str]]:
        return [("hidden", "Hidden"), ("fileless", "Without files")]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Series],
    ) -> QuerySet[Series]:
        if self.value() == "hidden":
            return queryset.filter(hidden_at__isnull=False)
        if self.value() == "fileless":
            return queryset.filter(chapter_count=0, missing_count=0)
        return queryset


@admin.register(Series)
class SeriesAdmin(_ReadFromFiles, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = (
        *("title", "library", "content_rating", "hidden_at", "chapter_count", "missing_count"),
        *("problem_count", "year"),
    )
    actions = ("hide", "restore")
    list_filter = (PresenceFilter, "library", "content_rating", "language", "status")
    list_select_related = ("library",)
    search_fields = ("title", "key")
    date_hierarchy = "last_added"
    readonly_fields = (
        *("library", "key", "hidden_at", "cover", "chapter_count", "volume_count", "page_count"),
        *("readable_count", "missing_count", "problem_count", "last_added", "source_metadata"),
        *("user_metadata", "watching_config", "created", "updated"),
    )

    def save_model(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Series,
        form: Any,
        change: bool,  # noqa: ARG002
    ) -> None:
        curation.change_series(obj, **{name: form.cleaned_data[name] for name in form.changed_data})

    @admin.action(description="Hide the chosen series")
    def hide(self, request: HttpRequest, chosen: QuerySet[Series]) -> None:
        for series in chosen.filter(hidden_at=None):
            curation.hide_series(series)
        self.message_user(request, "Hidden, with their chapters. Their files stay.")

    @admin.action(description="Restore the chosen series")
    def restore(self, request: HttpRequest, chosen: QuerySet[Series]) -> None:
        try:
            for series in chosen:
                curation.restore_series(request.user, series.pk)  # type: ignore[arg-type] # signed in
        except Refused as refused:
            self.message_user(request, refused.detail, messages.ERROR)
        else:
            self.message_user(request, "They are shown again.")


class ProblemFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(
        self,
        request: HttpRequest,  # noqa: ARG002
        model_admin: Any,  # noqa: ARG002
    ) -> list[tuple[str, str]]:
        return [
            ("problem", "Cannot be read"),
            ("sidecar", "What tells of it cannot be read"),
            ("missing", "Missing"),
        ]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Chapter],
    ) -> QuerySet[Chapter]:
        if self.value() == "problem":
            return queryset.exclude(problem="")
        if self.value() == "sidecar":
            return queryset.exclude(sidecar_problem="")
        if self.value() == "missing":
            return queryset.filter(missing_since__isnull=False)
        return queryset


@admin.register(Chapter)
class ChapterAdmin(_ReadFromFiles, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = (
        *("path", "series", "volume", "number", "page_count", "problem", "sidecar_problem"),
        "missing_since",
    )
    list_filter = (ProblemFilter, "library", "format", "special")
    list_select_related = ("series",)
    search_fields = ("path", "title", "series__title")
    readonly_fields = (
        *("library", "series", "content", "path", "size", "mtime_ns", "format", "page_count"),
        *("skipped", "problem", "problem_detail", "missing_since", "sidecar", "sidecar_problem"),
        *("sidecar_detail", "volume_order", "number_order", "by_hand", "created", "updated"),
    )

    def save_model(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Chapter,
        form: Any,
        change: bool,  # noqa: ARG002
    ) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        curation.change_chapter(obj, **changes)


class SidecarFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(
        self,
        request: HttpRequest,  # noqa: ARG002
        model_admin: Any,  # noqa: ARG002
    ) -> list[tuple[str, str]]:
        return [("problem", "Nothing learnt of it")]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Sidecar],
    ) -> QuerySet[Sidecar]:
        return queryset.exclude(problem="") if self.value() else queryset


@admin.register(Sidecar)
class SidecarAdmin(_ReadFromFiles, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ("path", "series", "source", "problem", "updated")
    list_filter = (SidecarFilter, "library", "source")
    list_select_related = ("series",)
    search_fields = ("path", "series__title")
    readonly_fields = (
        *("library", "series", "source", "path", "size", "mtime_ns", "problem", "problem_detail"),
        *("created", "updated"),
    )


@admin.register(Content)
class ContentAdmin(_ReadFromFiles, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ("key", "page_count", "cover_state", "tint", "created")
    list_filter = ("cover_state",)
    readonly_fields = (
        *("key", "page_count", "cover_state", "cover_width", "cover_height", "tint"),
        *("created", "updated"),
    )
    exclude = ("signature",)


class _LabelAdmin(_ReadFromFiles, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    search_fields = ("name", "folded")
    readonly_fields = ("created", "updated")

    def save_model(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Tag | Person,
        form: Any,  # noqa: ARG002
        change: bool,  # noqa: ARG002
    ) -> None:
        labelling.rename(obj, obj.name)


@admin.register(Tag)
class TagAdmin(_LabelAdmin):
    list_display = ("name", "kind", "created")
    list_filter = ("kind",)
    readonly_fields = ("kind", "created", "updated")  # type: ignore[assignment] # one more


@admin.register(Person)
class PersonAdmin(_LabelAdmin):
    list_display = ("name", "created")
