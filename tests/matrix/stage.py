"""Everything there is, once for each reason why somebody may not see it.

A realm holds a library's things, each with the realm's canary in every text: title, file name,
tag, person, note, job message … Who is not among `seen_by` must never meet that word.

To put something new on the stage, make it in `_fill` (or `_own`) with the word in its texts and
`stage.put(realm, row)` it; the matrix does the rest.
"""

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models import Model
from django.utils import timezone

from kiremisu.accounts import keys, vault
from kiremisu.accounts.models import Role, User
from kiremisu.accounts.ratings import Rating
from kiremisu.jobs import queue
from kiremisu.jobs.models import Job, State
from library import batches, curation, matched, scanning, texts, titles
from library.batches.schemas import BatchWanted
from library.facts import Patch, titled
from library.models import (
    Access,
    Chapter,
    Content,
    Deed,
    Library,
    Loss,
    MatchState,
    Memo,
    NameRule,
    Person,
    Series,
    Tag,
    Upload,
)
from metadata.models import Candidate, Channel, Notice, Release, Watch
from metadata.shapes import Line, Weighed
from reader import lists, notes, progress
from reader.lists import entries
from tests.factories import (
    make_chapter,
    make_content,
    make_library,
    make_loss,
    make_series,
    make_sidecar,
)

READERS = frozenset({"owner", "other", "stranger", "child"})
CURATORS = frozenset({"curator", "outsider", "tame"})
EVERYBODY = READERS | CURATORS | {"admin"}
# These may see only what is rated safe; those were not let into the closed library.
LIMITED, OUTSIDE = frozenset({"child", "tame"}), frozenset({"stranger", "outsider"})
PASSWORD = "a quiet harbour"
# A tag, and a person, that a series of every realm has.
SHARED = "sharedword"


@dataclass(frozen=True)
class Realm:
    """Things of one kind of secrecy, and the word that stands in all their texts."""

    name: str
    seen_by: frozenset[str]
    word: str = field(default_factory=lambda: f"canary{secrets.token_hex(6)}")


REALMS = {
    "open": EVERYBODY,
    # Of a library that one must be let into.
    "closed": EVERYBODY - OUTSIDE,
    # Rated too high for some.
    "grown": EVERYBODY - LIMITED,
    # Scans of both libraries, which name any file they come to.
    "scanned": EVERYBODY - LIMITED,
    "closed and scanned": EVERYBODY - LIMITED - OUTSIDE,
    # Hidden by a curator.
    "hidden": frozenset[str](),
    # The owner's own: notes, keys, devices …
    "own": frozenset({"owner"}),
    # A list that the owner shares, and that finds what is in the owner's own.
    "shared": EVERYBODY,
    # What one curator sends, and notes.
    "sent": frozenset({"curator"}),
    "account": frozenset({"owner", "admin"}),
    # What one curator did to series.
    "done": frozenset({"curator", "admin"}),
    # A job that the owner asked for.
    "asked": CURATORS | {"owner", "admin"},
    # What only those who look after the server are told.
    "kept": CURATORS | {"admin"},
    # Where libraries lie, other people's accounts, and the administrator's keys.
    "roots": frozenset({"admin"}),
}
# What some are not told of, wherever it is: which files are gone, and what rules say of names,
# however they are rated.
KEPT_FROM: dict[type[Model], frozenset[str]] = {
    Loss: LIMITED,
    NameRule: EVERYBODY - {"admin"},
}


class Stage:
    """The cast, the realms, and in each realm its things by their model."""

    def __init__(self, folder: Path) -> None:
        self.new_folder = folder / "new"
        self.new_folder.mkdir()
        self.users: dict[str, User] = {}
        self.realms = {name: Realm(name, seen_by) for name, seen_by in REALMS.items()}
        self.acted_on: list[Series] = []
        self.rows: dict[type[Model], list[tuple[Realm, Any]]] = defaultdict(list)

    def put(self, realm: str, row: Model) -> None:
        self.rows[type(row)].append((self.realms[realm], row))

    def of(self, realm: str, model: type[Model]) -> Any:
        """The first thing of this model there, None when there is none."""
        here = self.realms[realm]
        return next((row for found, row in self.rows[model] if found is here), None)

    def seen(self, model: type[Model], who: str) -> list[Any]:
        """What this one may see of a model, counted by hand."""
        if who in KEPT_FROM.get(model, ()):
            return []
        return [row for realm, row in self.rows[model] if who in realm.seen_by]

    def secrets_of(self, who: str) -> list[str]:
        """The words that this one must never meet."""
        return [realm.word for realm in self.realms.values() if who not in realm.seen_by]


def build(folder: Path) -> Stage:
    """The stage; what is said of its libraries' folders lies below this one."""
    stage = Stage(folder)
    _people(stage)
    words = {name: realm.word for name, realm in stage.realms.items()}
    roots = f"{folder}/{words['roots']}"
    everyone = _library(stage, "open", roots, "scanned")
    closed = _library(stage, "closed", roots, "closed and scanned", open_to_all=False)
    for name in REALMS["closed"] - {"admin"}:
        Access.objects.create(library=closed, user=stage.users[name])
    _fill(stage, "open", everyone)
    _fill(stage, "closed", closed)
    _fill(stage, "grown", everyone, content_rating=Rating.EROTICA)
    _fill(stage, "hidden", everyone)
    # What all may see may be a work that some may not.
    _consider(stage, "grown", stage.of("open", Series), "another")
    _twins(stage)
    _own(stage)
    _lists(stage)
    _acts(stage)
    curation.hide_series(stage.of("hidden", Series))
    return stage


def _people(stage: Stage) -> None:
    roles = {**dict.fromkeys(CURATORS, Role.CURATOR), "admin": Role.ADMIN}
    for name in sorted(EVERYBODY):
        stage.users[name] = User.objects.create_user(
            name,
            password=PASSWORD,
            role=roles.get(name, Role.READER),
            highest_rating=Rating.SAFE if name in LIMITED else Rating.PORNOGRAPHIC,
        )
    # One who never comes, before those who see themselves.
    stage.put("roots", User.objects.create_user("absent", f"{stage.realms['roots'].word}@e.org"))
    stage.users["owner"].email = f"{stage.realms['account'].word}@e.org"
    stage.users["owner"].save()
    for name, user in stage.users.items():
        stage.put("account" if name == "owner" else "roots", user)


def _library(stage: Stage, realm: str, roots: str, scans: str, **facts: Any) -> Library:
    word = stage.realms[realm].word
    library = make_library(f"Shelf {word}", root=f"{roots}/{realm}", **facts)
    stage.put(realm, library)
    job, word = scanning.request(library), stage.realms[scans].word
    Job.objects.filter(pk=job.pk).update(message=f"Reading {word}", error=f"No {word}")
    stage.put(scans, job)
    stage.put(realm, make_loss(library, f"{word}/{word} c1.cbz"))
    rule = NameRule.objects.create(
        library=library, pattern=f"{{series}} {stage.realms[realm].word}"
    )
    stage.put(realm, rule)
    making = queue.enqueue("covers", subject=library.pk)
    told = {"message": f"Covers of {stage.realms[realm].word}"}
    Job.objects.filter(pk=making.pk).update(**told, state=State.RUNNING, started=timezone.now())
    stage.put(realm, making)
    return library


def _fill(stage: Stage, realm: str, library: Library, **facts: Any) -> None:
    """A series of the realm, its chapter, and what everybody has in it."""
    word = stage.realms[realm].word
    cover = make_content(1, cover_state=Content.CoverState.READY)
    series = make_series(library, f"Tale {word}", cover=cover, **facts)
    stage.put(realm, series)
    _describe(stage, realm, series)
    chapter = make_chapter(
        series, title=f"Part {word}", path=f"{word}/{word} c1.cbz", group=word, edition=word
    )
    stage.put(realm, chapter)
    told = {"title": f"Read {word}", "path": f"{word}/{word} c3.pdf", "format": "pdf"}
    done = make_chapter(series, "3", **told)
    stage.put(realm, done)
    said = [f"A page says {word}."]
    texts.record(texts.Part(done.content, texts.Place(), said, texts.Place(), is_last=True))
    for user in stage.users.values():
        progress.turn_to(user, done.content, 12, timezone.now(), chapter=done)
        progress.turn_to(user, chapter.content, 3, timezone.now(), device="Tablet", chapter=chapter)
    _consider(stage, realm, series, realm)
    broken = f"{word}/{word} c9.cbz"
    told = {"title": f"Torn {word}", "problem": "damaged", "problem_detail": f"{word} is torn."}
    stage.put(realm, make_chapter(series, "9", path=broken, **told))
    owner = stage.users["owner"]
    # The owner's, and gone with what it is about.
    beside = realm if realm == "hidden" else "own"
    said = stage.realms[beside].word
    stage.put(beside, notes.write(owner, chapter.content, 2, f"Note {said}", [said]))
    stage.put(beside, notes.bookmark(owner, chapter.content, 4))
    _watch(stage, beside, series)


def _watch(stage: Stage, realm: str, series: Series) -> None:
    """The owner watches it and was told of a chapter."""
    owner, word, now = stage.users["owner"], stage.realms[realm].word, timezone.now()
    stage.put(realm, Watch.objects.create(user=owner, series=series, since=now))
    told = Release.objects.create(
        series=series, provider="mangadex", provider_id=word, key=word, title=f"New {word}",
        number="77", address=f"https://mangadex.org/chapter/{word}", published=now,
    )  # fmt: skip
    notice = Notice.objects.create(user=owner, series=series, key=word, release=told)
    stage.put(realm, notice)


def _consider(stage: Stage, realm: str, series: Series, key: str) -> None:
    """A work that the series may be, which is in review."""
    word = stage.realms[realm].word
    rating = Rating.EROTICA if realm == "grown" else Rating.SAFE
    row = Candidate(series=series, provider="mangadex", provider_id=key, score=97)
    row.told, row.content_rating = timezone.now(), rating
    patch = Patch(titles=titled(f"Work {word}"), content_rating="safe")
    line = Line(name="Title", points=97, out_of=100, says=f"It is {word}")
    row.weighed = Weighed(title=f"Work {word}", lines=[line], patch=patch)
    row.score += key == "another"
    row.save()
    matched.mark([series.pk], MatchState.REVIEW)
    stage.put(realm, row)


def _describe(stage: Stage, realm: str, series: Series) -> None:
    word = stage.realms[realm].word
    curation.change_series(
        series,
        summary=f"About {word}",
        genres=[f"genre {word}"],
        tags=[f"tag {word}", SHARED],
        people=[{"name": f"Person {word}", "role": "author"}, {"name": SHARED, "role": "artist"}],
    )
    for line in series.history.all():
        stage.put(realm, line)
    beside = make_sidecar(series, f"{word}/details.json", problem_detail=f"{word} is no JSON.")
    stage.put(realm, beside)
    titles.keep([series.pk])
    titles.also_call(series, [(f"Also {word}", "en")])
    for model in (Tag, Person):
        for row in model._default_manager.filter(name__contains=word):
            stage.put(realm, row)


def _twins(stage: Stage) -> None:
    """Two files of equal pages, one of them hidden, and the owner's note beside those pages."""
    content = make_content()
    for realm in ("hidden", "open"):
        series, word = stage.of(realm, Series), stage.realms[realm].word
        chapter = make_chapter(series, "2", path=f"{word}/{word} c2.cbz", content=content)
        stage.put(realm, chapter)
    word = stage.realms["own"].word
    stage.put("own", notes.write(stage.users["owner"], content, 1, f"Twins {word}"))


def _lists(stage: Stage) -> None:
    """The owner's lists: one that all may see, with something of every realm in it, one that
    nobody else may, and a smart one for all that asks for the latter."""
    owner, words = stage.users["owner"], {name: realm.word for name, realm in stage.realms.items()}
    common = lists.make(owner, f"Common {words['open']}", is_shared=True)
    stage.put("open", common)
    # What all may see comes last, so that its position tells what stands before it.
    for realm in ("closed", "grown", "hidden", "open"):
        for model in (Series, Chapter):
            said = f"Listed {words[realm]}"
            stage.put(realm, entries.put(common, stage.of(realm, model), said))
    mine = lists.make(owner, f"List {words['own']}")
    stage.put("own", mine)
    stage.put("own", entries.put(mine, stage.of("open", Series), f"Listed {words['own']}"))
    asked = {"field": "list", "value": str(mine.pk)}
    stage.put("shared", lists.make(owner, "What is in mine", asked=asked, is_shared=True))


def _acts(stage: Stage) -> None:
    """What the curator did to some series, and what the owner did for themselves."""
    stage.acted_on = [stage.of(realm, Series) for realm in ("open", "closed", "grown")]
    ids = [series.pk for series in stage.acted_on]
    told = {"untag": ("curator", {"tags": [stage.realms["done"].word]}), "mark_read": ("owner", {})}
    for operation, (who, options) in told.items():
        wanted = BatchWanted(ids=ids, operation=operation, options=options)
        run = batches.perform(stage.users[who], wanted)["run"]
        # As if more than facts had changed, so that it can be taken back.
        Memo.objects.filter(deed=run).update(raw_before={"memo": {}})
        stage.put("done" if who == "curator" else "own", Deed.objects.get(pk=run))


def _own(stage: Stage) -> None:
    """What is the owner's alone, or the server's."""
    owner, word = stage.users["owner"], stage.realms["own"].word
    stage.put("own", keys.make(owner, f"Key {word}", ["read"])[0])
    told = {"sealed": vault.sealed("tgram://123456789:x/1"), "shown": f"tgram://{word}"}
    stage.put("own", Channel.objects.create(user=owner, name=f"Phone {word}", **told))
    chapter = stage.of("closed", Chapter)
    progress.turn_to(owner, chapter.content, 5, timezone.now(), device=word, chapter=chapter)
    curator, word = stage.users["curator"], stage.realms["sent"].word
    content = stage.of("open", Chapter).content
    stage.put("sent", notes.write(curator, content, 3, f"Note {word}"))
    stage.put(
        "sent",
        Upload.objects.create(
            user=curator,
            library=stage.of("closed", Library),
            name=f"{word}.cbz",
            folder=word,
            length=1,
            state=Upload.State.FAILED,
            detail=f"{word} cannot be read.",
            expires=timezone.now() + timedelta(days=1),
        ),
    )
    for realm, facts in (("asked", {"asked_by": owner}), ("kept", {})):
        job = Job.objects.create(kind="tidy", **facts)
        Job.objects.filter(pk=job.pk).update(message=f"At {stage.realms[realm].word}")
        stage.put(realm, job)
    for model in (Tag, Person):
        shared = model._default_manager.get(name=SHARED)
        stage.put("open", shared)
