"""What a list of the desk is: who may come to it, what they see there and may do."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar, override

from django.contrib import admin, messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from kiremisu.accounts.desk.lists import MOST, Listing
from kiremisu.accounts.models import Role, User


class Desk(admin.ModelAdmin):  # type: ignore[type-arg] # not generic when it runs
    """A list, and the page of each of its rows.

    Who has `seen_by` or a higher role may look at the rows that are `visible_to` them; who has
    `changed_by`, `added_by` or `removed_by` may do that by the page's form, nobody where it is
    None.
    """

    seen_by: Role = Role.CURATOR
    changed_by: Role | None = None
    added_by: Role | None = None
    removed_by: Role | None = None
    # Parameters that other pages link with, besides those of the filters.
    also_asked: Collection[str] = ()
    # What goes when a row is taken away.
    taken_along = ""

    # To count each choice of each filter is as dear as to read the list so often.
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 100
    sortable_by: ClassVar[tuple[str, ...] | list[str] | None] = ()

    @override
    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.seen_by)

    @override
    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, self.seen_by)

    @override
    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, self.changed_by)

    @override
    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, self.added_by)

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, self.removed_by)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that whoever asks may see; of what has no such rule, all."""
        found: Any = super().get_queryset(request)
        if hasattr(found, "visible_to"):
            found = found.visible_to(asker(request))
        rows: QuerySet[Any] = found
        return rows

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Rows for the list, without what it does not show."""
        return rows

    def dress(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """Give the rows of a page what the list shows of them besides."""

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        told = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        return super().changelist_view(request, told)

    @override
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Listing]:
        return Listing

    @override
    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the filters ask. Else one could find out letter by letter what the pages do
        not show."""
        if lookup in self.also_asked:
            return True
        filters = self.get_list_filter(request)
        asked = {getattr(each, "parameter_name", each) for each in filters}
        is_asked = lookup.partition("__")[0] in asked
        return is_asked and super().lookup_allowed(lookup, value, request)

    @override
    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **named: Any
    ) -> HttpResponse | None:
        """What an action answers; nothing where what was chosen can be no row."""
        try:
            for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(key)
        except ValidationError as wrong:
            self.message_user(request, wrong.messages[0], messages.ERROR)
            return None
        return super().response_action(request, queryset, *args, **named)

    @override
    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Those alone: of a library all there is would be read, of a person what is theirs."""
        names = [f"{one}, {self.taken_along}" if self.taken_along else str(one) for one in objs]
        return names, {self.opts.verbose_name_plural: len(names)}, set(), []

    def _may(self, request: HttpRequest, least: Role | None) -> bool:
        user = request.user
        return least is not None and isinstance(user, User) and user.ranks(least)


def latest(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The newest of these, to be searched in: what has no index for it is not read through."""
    keys = rows.model._default_manager.order_by("-pk").values("pk")[:MOST]
    return rows.filter(pk__in=keys)


def asker(request: HttpRequest) -> User:
    """Whoever sits at the desk."""
    assert isinstance(request.user, User)
    return request.user
