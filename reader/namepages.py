"""The page on which a library's names are read: one tried, a rule shown before it is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kiremisu.accounts import rates, roles
from kiremisu.accounts.models import Role, User
from kiremisu.jobs.models import Job
from kiremisu.lib.errors import Invalid, Throttled
from kiremisu.lib.schemas import Paging
from kiremisu.lib.text import clean
from library.batches import undoing
from library.models import Chapter, Deed, Library, NameRule, Series
from library.names.patterns import LONGEST
from library.naming import changing, lab, previewing, standing
from library.naming.schemas import RulePreview
from reader.asking import Asking

PER_PAGE = 50
_LONGEST_NAME = 1000
# How often a person may have a rule tried over all names, as by the API.
_A_MINUTE = 60
# So many that people set by hand are shown.
_CORRECTED = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. Nonsense is read as not said."""

    name: str = ""
    pattern: str = ""
    series: UUID | None = None
    rule: UUID | None = None
    chapter: UUID | None = None
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        page = query.get("page", "")
        return cls(
            clean(query.get("name", ""), _LONGEST_NAME).strip("/"),
            clean(query.get("pattern", "")),
            _uuid(query.get("series", "")),
            _uuid(query.get("rule", "")),
            _uuid(query.get("chapter", "")),
            int(page) if page.isdecimal() and len(page) < 6 and int(page) else 1,
        )

    def at(self, page: int) -> str:
        """The end of the address that asks for this page."""
        said = {"name": self.name, "pattern": self.pattern, "series": self.series or ""}
        return "?" + urlencode(said | {"rule": self.rule or "", "page": page})


@login_required
@never_cache
@require_safe
def show(request: Asking, library_id: UUID) -> HttpResponse:
    """A name as it is read, what a rule would change, and the rules there are. Its script asks for
    the answer alone, and for how far the work is. For administrators."""
    library = _library(request, library_id)
    if request.htmx.target == "at-work":
        work = _work(library)
        answer = render(request, "reader/_names_work.html", work)
        if not work["busy"]:
            # The rules may be others, too.
            answer["HX-Refresh"] = "true"
        return answer
    asked = _with_rule(request, library, _with_chapter(request, library, Asked.of(request.GET)))
    shown = {"library": library, "asked": asked, "longest": LONGEST} | _answer(
        request.user, library, asked
    )
    if request.htmx.target == "would":
        return render(request, "reader/_names_would.html", shown)
    return render(request, "reader/names.html", shown | _rules(request, library) | _work(library))


@login_required
@require_POST
def change(request: Asking, library_id: UUID) -> HttpResponse:
    """Make a rule, change, switch or remove one, or take the last change back. For
    administrators."""
    library, user = _library(request, library_id), request.user
    asked = Asked.of(request.POST)
    match request.POST.get("act"):
        case "make":
            changing.add(user, library, asked.pattern, asked.series)
        case "save":
            changing.change(user, _rule(request, library, asked), pattern=asked.pattern)
        case "on" | "off" as switch:
            changing.change(user, _rule(request, library, asked), is_on=switch == "on")
        case "remove":
            changing.remove(user, _rule(request, library, asked))
        case "undo":
            mine = Deed.objects.visible_to(user).filter(operation="name_rule")
            undoing.request(
                user, get_object_or_404(mine, pk=_uuid(request.POST.get("run", "")) or UUID(int=0))
            )
    return redirect("names", library_id)


def _library(request: Asking, library_id: UUID) -> Library:
    library = get_object_or_404(Library.objects.visible_to(request.user), pk=library_id)
    roles.check(request.user, Role.ADMIN)
    return library


def _rule(request: Asking, library: Library, asked: Asked) -> NameRule:
    rules = NameRule.objects.visible_to(request.user).filter(library=library)
    return get_object_or_404(rules, pk=asked.rule or UUID(int=0))


def _with_chapter(request: Asking, library: Library, asked: Asked) -> Asked:
    """Begun from a chapter: its name, and a pattern that reads it as it stands."""
    if asked.chapter is None:
        return asked
    found = Chapter.objects.visible_to(request.user).filter(library=library)
    chapter = get_object_or_404(found.select_related("series"), pk=asked.chapter)
    return Asked(chapter.path, lab.beginning(chapter))


def _with_rule(request: Asking, library: Library, asked: Asked) -> Asked:
    """Begun from a rule: its pattern, unless another is asked for."""
    if asked.rule is None or asked.pattern:
        return asked
    rule = _rule(request, library, asked)
    return Asked(asked.name, rule.pattern, rule.series_id, rule.pk)


def _answer(user: User, library: Library, asked: Asked) -> dict[str, Any]:
    """What the name is read as, and what would change; `wrong` is what is wrong with the
    pattern, or why it is not tried now."""
    naming, told = standing.of(library.pk), None
    wrong = ""
    if asked.pattern:
        wanted = RulePreview.model_construct(
            pattern=asked.pattern, series=asked.series, rule=asked.rule, on=True
        )
        try:
            # What is no pattern yet costs nothing.
            naming = previewing.naming_with(library, wanted)
            rates.spend(rates.Bound(("rule tried", str(user.pk)), _A_MINUTE, 60))
            told = previewing.preview(library, wanted, Paging(page=asked.page, per_page=PER_PAGE))
        except (Invalid, Throttled) as refused:
            wrong = refused.detail
    return {
        "trial": lab.trial(library, asked.name, naming, asked.series) if asked.name else None,
        "told": told,
        "wrong": wrong,
        # A change leaves it off.
        "off": NameRule.objects.filter(
            pk=asked.rule or UUID(int=0), library=library, is_on=False
        ).exists(),
        "of": Series.objects.filter(pk=asked.series or UUID(int=0), library=library).first(),
        "page": _page(told, asked) if told else None,
    }


def _page(told: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    page: Page[int] = Paginator(range(told["total"]), PER_PAGE).get_page(asked.page)
    return {
        "page": page,
        "before": asked.at(page.previous_page_number()) if page.has_previous() else "",
        "after": asked.at(page.next_page_number()) if page.has_next() else "",
    }


def _rules(request: Asking, library: Library) -> dict[str, Any]:
    """The rules there are, and chapters that people corrected themselves, the last first."""
    rules = NameRule.objects.visible_to(request.user).filter(library=library)
    corrected = Chapter.objects.visible_to(request.user).filter(
        library=library, by_hand__overlap=["volume", "number", "title"], missing_since=None
    )
    return {
        "rules": list(rules.select_related("series").order_by("place", "id")),
        "corrected": list(
            corrected.select_related("series").order_by("-updated", "-id")[:_CORRECTED]
        ),
    }


def _work(library: Library) -> dict[str, Any]:
    """The last job that read names anew, and the act that it was, while that can be taken back;
    what goes on, in words (`busy`)."""
    job = Job.objects.filter(kind="names", subject=library.pk).order_by("-id").first()
    told: dict[str, Any] = {"library": library, "job": job, "deed": None, "busy": ""}
    if job is None:
        return told
    if job.is_live:
        return told | {"busy": "Reading names"}
    if Job.objects.live().filter(kind="undo", raw_arguments__run=str(job.pk)).exists():
        return told | {"busy": "Taking it back"}
    deed = Deed.objects.filter(pk=job.pk).first()
    return told | {"deed": deed if deed and undoing.is_undoable(deed) else None}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
