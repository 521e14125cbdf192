"""MangaDex (API v5): https://api.mangadex.org. Its answers are in `answers`, read by `reading`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from kiremisu.accounts import vault
from kiremisu.lib.errors import NotThere, UpstreamFailed
from library.facts import Cover
from metadata.addresses import origin_of
from metadata.fetching import Wanted, fetch, fetch_json
from metadata.providers import Entry, Esteem, Found, Listed, Release, TagOf
from metadata.providers.mangadex import answers, reading
from metadata.providers.mangadex.languages import theirs
from metadata.remembering import Kept, keep, recall

type Params = list[tuple[str, str]]

# How old an answer may be where nobody says otherwise.
_AGES = {
    "search": timedelta(days=1),
    "manga": timedelta(days=7),
    "feed": timedelta(hours=1),
    "aggregate": timedelta(hours=6),
    "cover": timedelta(days=7),
    "statistics": timedelta(days=7),
    "tag": timedelta(days=7),
}
_BATCH = 100  # ids in one question, and rows of most answers
_FEED = 500  # rows of a feed
_DEEPEST = 10_000  # rows that can be paged to
_ALL_RATINGS = [("contentRating[]", r) for r in ("safe", "suggestive", "erotica", "pornographic")]
_INCLUDES = [("includes[]", each) for each in ("cover_art", "author", "artist")]


class MangaDex:
    """A metadata.providers.Provider."""

    name = "mangadex"
    label = "MangaDex"

    def __init__(self, *, urgent: bool = False, since: datetime | None = None) -> None:
        self._urgent, self._since = urgent, since
        self._api = settings.MANGADEX_URL.rstrip("/")
        places = (self._api, settings.MANGADEX_UPLOADS_URL)
        self._origins = [origin_of(place) for place in places]
        self._token: str | None = None

    def search(self, title: str, limit: int = 20) -> Found:
        """By any of its titles."""
        asked: Params = [("title", title), ("limit", str(limit)), ("order[relevance]", "desc")]
        question = f"search?{urlencode(asked)}"
        kept = self._recall("search", [question]).get(question)
        if kept is not None:
            # Each title as it was told last, in that search or since.
            known = recall(self.name, map(_manga, kept.told), kept.answered)
            if len(known) == len(kept.told):
                entries = [self._entry(known[_manga(key)]) for key in kept.told]
                return Found([each for each in entries if each], kept.answered)
        told = list(answers.each_raw(self._ask("/manga", asked + _ALL_RATINGS + _INCLUDES)))
        keys = [each["id"] for each in told]
        now = self._keep({_manga(each["id"]): each for each in told} | {question: keys})
        entries = [self._entry(Kept(each, now)) for each in told]
        return Found([each for each in entries if each], now)

    def one(self, key: str) -> Entry:
        """Raises NotThere."""
        found = self.many([key]).get(key)
        if found is None:
            raise NotThere("MangaDex has no such title.")
        return found

    def many(self, keys: Collection[str]) -> dict[str, Entry]:
        """By id; those that are not there are left out."""

        def ask(some: Sequence[str]) -> dict[str, Any]:
            ids = [("ids[]", key) for key in some]
            asked = [*ids, ("limit", str(_BATCH)), *_ALL_RATINGS, *_INCLUDES]
            told = answers.each_raw(self._ask("/manga", asked))
            return {each["id"]: each for each in told}

        known = self._each("manga", filter(answers.is_id, keys), ask)
        entries = {key: self._entry(kept) for key, kept in known.items()}
        return {key: entry for key, entry in entries.items() if entry}

    def feed(self, key: str, languages: Sequence[str] = ()) -> list[Release]:
        """Its chapters in these languages, or in all, the oldest first."""
        asked = [
            *(("translatedLanguage[]", theirs(each)) for each in languages),
            *_ALL_RATINGS,
            ("includes[]", "scanlation_group"),
            ("order[readableAt]", "asc"),
        ]
        ask = partial(self._told, "feed", f"/manga/{_safe(key)}/feed")
        rows = self._pages(ask, asked, _FEED)
        return [reading.release(each) for each in answers.each(answers.Chapter, rows)]

    def outline(self, key: str, languages: Sequence[str] = ()) -> list[Listed]:
        """Which chapters there are of it, in these languages or in any."""
        asked = [("translatedLanguage[]", theirs(each)) for each in languages]
        told = self._told("aggregate", f"/manga/{_safe(key)}/aggregate", asked)
        return list(reading.listed(answers.volumes(told)))

    def covers(self, keys: Collection[str]) -> Mapping[str, list[Cover]]:
        """All covers of these titles, by id."""

        def ask(some: Sequence[str]) -> dict[str, Any]:
            asked = [*(("manga[]", key) for key in some), ("order[volume]", "asc")]
            found: dict[str, Any] = {key: [] for key in some}
            rows = self._pages(partial(self._ask, "/cover"), asked, _BATCH)
            for row in answers.each_raw({"data": rows}):
                for about in answers.each(answers.Relationship, row.get("relationships")):
                    if about.type == "manga" and about.id in found:
                        found[about.id].append(row)
            return found

        known = self._each("cover", keys, ask)
        return {key: _arts(kept.told, key) for key, kept in known.items()}

    def tags(self) -> list[TagOf]:
        """All tags there are."""
        told = self._told("tag", "/manga/tag", [])
        return [reading.tag(each) for each in answers.each(answers.Tag, answers.data(told))]

    def esteem(self, keys: Collection[str]) -> Mapping[str, Esteem]:
        """What readers there think of these titles."""

        def ask(some: Sequence[str]) -> dict[str, Any]:
            told = self._ask("/statistics/manga", [("manga[]", key) for key in some])
            return {key: each.model_dump() for key, each in answers.statistics(told).items()}

        known = self._each("statistics", keys, ask)
        told = {
            key: answers.Statistics.model_validate(kept.told)
            for key, kept in known.items()
            if kept.told
        }
        return {key: reading.esteem(each) for key, each in told.items()}

    def picture(self, cover: Cover) -> bytes:
        """The bytes of a cover, whatever they are. Raises NotThere."""
        wanted = Wanted(
            self.name,
            cover.url,
            self._origins,
            settings.COVER_LIMIT,
            urgent=self._urgent,
            headers={"Accept": "image/*"},
        )
        fetched = fetch(wanted)
        if fetched.status == 404:
            raise NotThere("MangaDex has no such cover.")
        return fetched.body

    def address(self, key: str) -> str:
        return reading.page(key)

    # ------------------------------------------------------- asking and remembering

    def _each(
        self,
        kind: str,
        keys: Iterable[str],
        ask: Callable[[Sequence[str]], dict[str, Any]],
    ) -> dict[str, Kept]:
        """What is known of each id, asked a hundred at a time where it is not; of those that are
        not there it is kept that they are not."""
        wanted = {key: f"{kind}/{key.lower()}" for key in dict.fromkeys(keys)}
        known = self._recall(kind, wanted.values())
        for some in batched([k for k, q in wanted.items() if q not in known], _BATCH, strict=False):
            told = ask([_safe(key) for key in some])
            fresh = {wanted[key]: told.get(key.lower()) for key in some}
            now = self._keep(fresh)
            known |= {question: Kept(each, now) for question, each in fresh.items()}
        return {key: known[q] for key, q in wanted.items() if known[q].told is not None}

    def _pages(self, ask: Callable[[Params], Any], asked: Params, limit: int) -> list[Any]:
        """All rows of a list, page after page."""
        rows: list[Any] = []
        for offset in range(0, _DEEPEST, limit):
            told = ask([*asked, ("limit", str(limit)), ("offset", str(offset))])
            part = answers.data(told)
            rows += part if isinstance(part, list) else []
            if offset + limit >= answers.total(told):
                break
        return rows

    def _told(self, kind: str, path: str, asked: Params) -> Any:
        """A whole answer, kept. Raises NotThere."""
        question = f"{path}?{urlencode(asked)}"
        kept = self._recall(kind, [question]).get(question)
        if kept is None:
            kept = Kept(self._ask(path, asked), timezone.now())
            self._keep({question: kept.told})
        return kept.told

    def _ask(self, path: str, asked: Params) -> Any:
        """Raises NotThere; with the token of settings' SECRETS where it is wanted."""
        wanted = Wanted(
            self.name,
            f"{self._api}{path}",
            self._origins[:1],
            settings.UPSTREAM_LIMIT,
            urgent=self._urgent,
            params=asked,
            headers={"Accept": "application/json"},
            secret=("Authorization", f"Bearer {self._token}") if self._token else None,
        )
        try:
            return fetch_json(wanted)
        except UpstreamFailed as refused:
            if refused.code != "upstream_refuses" or self._token:
                raise
            self._token = vault.opened("mangadex_token")
            if not self._token:
                raise
            return self._ask(path, asked)

    def _recall(self, kind: str, questions: Iterable[str]) -> dict[str, Kept]:
        since = self._since or timezone.now() - _AGES[kind]
        return recall(self.name, questions, since)

    def _keep(self, told: dict[str, Any]) -> datetime:
        return keep(self.name, told)

    def _entry(self, kept: Kept) -> Entry | None:
        said = next(answers.each(answers.Manga, [kept.told]), None)
        return reading.entry(said, kept.answered) if said else None


def _manga(key: str) -> str:
    return f"manga/{key.lower()}"


def _arts(told: Any, key: str) -> list[Cover]:
    found = (reading.art(each, key) for each in answers.each(answers.CoverArt, told))
    return [cover for cover in found if cover]


def _safe(key: str) -> str:
    """An id as it may stand in an address. Raises NotThere for what is none."""
    if not answers.is_id(key):
        raise NotThere("This is no id of MangaDex.")
    return key.lower()
