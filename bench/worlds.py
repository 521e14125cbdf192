"""A made-up world of manga and shelves of files from it; the same seed makes the same world."""

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from naming import kana
from parts import CYRILLIC, FAMILY, GIVEN, GROUPS, SYLLABLES, THINGS, TRAITS

# The mix of a shelf, in percent.
MIX = {
    "exact": 30,
    "romanised": 15,
    "another script": 15,
    "letters wrong": 10,
    "left in": 10,
    "ambiguous": 10,
    "absent": 10,
}
_DEMOGRAPHICS = ("shounen", "seinen", "shoujo", "josei", "")


@dataclass(frozen=True)
class Work:
    """What the provider knows of a work; titles are (text, language, kind)."""

    id: str
    titles: tuple[tuple[str, str, str], ...]
    people: tuple[str, ...]
    year: int
    chapters: int
    volumes: int
    status: str
    demographic: str
    rating: str = "safe"
    tags: tuple[str, ...] = ()
    related: dict[str, str] = field(default_factory=dict)

    def called(self, language: str) -> str:
        return next((text for text, known, _ in self.titles if known == language), "")


@dataclass(frozen=True)
class Shelf:
    """A series on disk: its folder, its files, what a ComicInfo in them says, and the truth."""

    kind: str
    folder: str
    files: tuple[str, ...]
    comicinfo: dict[str, str]
    truth: str | None


class World:
    """Works of a provider: those that the shelves hold, their siblings, and so many others."""

    def __init__(self, seed: int, shelves: int = 200, others: int = 2000) -> None:
        self.chance = random.Random(seed)
        self.works: dict[str, Work] = {}
        self._known: set[str] = set()
        # Of every work, whether the provider knows it or not.
        self._romaji: dict[str, str] = {}
        kinds = [kind for kind, share in MIX.items() for _ in range(share * shelves // 100)]
        self.shelves = [self._shelf(kind, number) for number, kind in enumerate(kinds)]
        for _ in range(others):
            self._add(self._work())

    def _shelf(self, kind: str, number: int) -> Shelf:
        makers: dict[str, Callable[[int], tuple[Work, str, str | None]]] = {
            "exact": self._exact,
            "romanised": self._romanised,
            "another script": self._another_script,
            "letters wrong": self._letters_wrong,
            "left in": self._left_in,
            "ambiguous": self._ambiguous,
            "absent": self._absent,
        }
        work, name, truth = makers[kind](number)
        return self._filed(kind, work, name, truth, told=number % 3 == 0)

    # Works.

    def _work(self) -> Work:
        while True:
            native, romaji, english = self._titles()
            if not {native, romaji, english} & self._known:
                break
        self._known |= {native, romaji, english}
        chapters = self.chance.randint(8, 160)
        titles = [(romaji, "ja-Latn", "main"), (english, "en", "alternative")]
        if self.chance.random() < 0.4:
            titles = [(english, "en", "main"), (romaji, "ja-Latn", "alternative")]
        if kana(romaji.casefold()) == native and self.chance.random() < 0.5:
            # Of what is all in kana, the romaji is left to whoever asks.
            titles = [(english, "en", "main")]
        titles.append((native, "ja", "alternative"))
        if self.chance.random() < 0.3:
            titles.append((_cyrillic(romaji.casefold()).capitalize(), "ru", "alternative"))
        work_id = f"{self.chance.getrandbits(128):032x}"
        self._romaji[work_id] = romaji
        return Work(
            id=work_id,
            titles=tuple(titles),
            people=(f"{self.chance.choice(GIVEN)} {self.chance.choice(FAMILY)}",),
            year=self.chance.randint(1985, 2025),
            chapters=chapters,
            volumes=max(1, chapters // 9),
            status=self.chance.choice(("completed", "completed", "ongoing")),
            demographic=self.chance.choice(_DEMOGRAPHICS),
        )

    def _titles(self) -> tuple[str, str, str]:
        trait, (one, two) = self.chance.choice(TRAITS), self.chance.sample(THINGS, 2)
        name = "".join(self.chance.choices(SYLLABLES, k=self.chance.randint(2, 3)))
        form = self.chance.randrange(4)
        if form == 0:
            parts = (trait, one), "{0} {1}"
        elif form == 1:
            parts = (one, ("の", "no", ""), two), "{2} of the {0}"
        elif form == 2:
            parts = (trait, one, ("と", "to", ""), two), "The {0} {1} and the {3}"
        else:
            parts = ((kana(name), name, name), ("と", "to", ""), trait, two), "{0} and the {2} {3}"
        pieces, english = parts
        native = "".join(piece[0] for piece in pieces)
        romaji = " ".join(piece[1].replace("_", " ") for piece in pieces)
        return native, romaji.title(), english.format(*(piece[2] for piece in pieces)).title()

    def _add(self, work: Work) -> Work:
        self.works[work.id] = work
        return work

    def _sibling(self, work: Work, suffix: str, relation: str, **other: object) -> Work:
        """Another work with the same titles and something behind them."""
        titles = tuple((f"{text}{suffix}", known, kind) for text, known, kind in work.titles)
        made = replace(
            work,
            id=f"{self.chance.getrandbits(128):032x}",
            titles=titles,
            year=work.year + self.chance.randint(1, 6),
            chapters=self.chance.randint(4, 60),
            related={work.id: relation},
        )
        made = replace(made, volumes=max(1, made.chapters // 9), **other)  # type: ignore[arg-type]
        return self._add(made)

    # What stands on the shelf: the work whose facts its files have, its name, and the truth.

    def _exact(self, number: int) -> tuple[Work, str, str | None]:
        work = self._add(self._work())
        if number % 4 == 0:
            self._sibling(work, self.chance.choice((" 2", " Gaiden", ": After")), "prequel")
        return work, self.chance.choice([work.called("en"), work.titles[0][0]]), work.id

    def _romanised(self, number: int) -> tuple[Work, str, str | None]:
        work = self._add(self._work())
        romaji = self._romaji[work.id]
        ways = (
            lambda text: text.replace("ou", "ō").replace("uu", "ū"),
            lambda text: text.replace("ou", "o").replace("uu", "u"),
            lambda text: text.replace("shi", "si").replace("chi", "ti").replace("tsu", "tu"),
            lambda text: text.replace(" no ", "-no-").replace(" to ", "-to-"),
            lambda text: text.replace(" ", ""),
            lambda text: text,
        )
        return work, ways[number % len(ways)](romaji.casefold()).title(), work.id

    def _another_script(self, number: int) -> tuple[Work, str, str | None]:
        work = self._add(self._work())
        native = work.called("ja")
        if number % 4 == 0 and work.called("ru"):
            native = work.called("ru")
        elif number % 4 == 1:
            # The same in the other kana.
            native = "".join(chr(ord(c) + 96) if "ぁ" <= c <= "ゖ" else c for c in native)
        return work, native, work.id

    def _letters_wrong(self, number: int) -> tuple[Work, str, str | None]:
        work = self._add(self._work())
        title = self.chance.choice([work.called("en"), work.titles[0][0]])
        for _ in range(1 + (number % 2 and len(title) > 14)):
            title = self._misspelt(title)
        return work, title, work.id

    def _left_in(self, number: int) -> tuple[Work, str, str | None]:
        work = self._add(self._work())
        title, year, group = work.called("en"), work.year, self.chance.choice(GROUPS)
        names = (
            f"{title} ({year})",
            f"{title} [{group}]",
            f"{title} Omnibus Edition",
            f"{title} - {group.split()[0]}Scans",
            f"{title} {year}",
            f"{title}_complete",
            f"{title}, Deluxe Edition ({year}-{(year + 4) % 100:02}) (Digital)",
            f"[{group}] {title} v1-{work.volumes}",
            f"{title} 2nd Edition",
            f"{title} by {work.people[0]}",
        )
        return work, names[number % len(names)], work.id

    def _ambiguous(self, number: int) -> tuple[Work, str, str | None]:
        work = self._add(self._work())
        title = work.called("en")
        kind, which = number % 5, number % 2 == 0
        if kind == 0:
            other = self._sibling(work, self.chance.choice((" 2", " II", ": Part 2")), "prequel")
            ways = (f"{title} 2", f"{title} II", f"{title} - Part 2", f"{title} 2nd Season")
            return (other, self.chance.choice(ways), other.id) if which else (work, title, work.id)
        if kind == 1:
            suffix = self.chance.choice((" Gaiden", ": Side Story", " After"))
            other = self._sibling(work, suffix, "main_story")
            return (other, f"{title}{suffix}", other.id) if which else (work, title, work.id)
        if kind == 2:
            other = self._by_another(work)
            mine = other if which else work
            # Who has two works of one title tells them apart by something.
            told = (f"{title} ({mine.year})", f"[{mine.people[0]}] {title}")
            return mine, told[number // 5 % 2], mine.id
        if kind == 3:
            other = self._sibling(
                work, " (Official Colored)", "monochrome", tags=("Official Colored", "Full Color")
            )
            names = (f"{title} (Full Color)", f"{title} - Official Colored", f"{title} Colored")
            return (other, self.chance.choice(names), other.id) if which else (work, title, work.id)
        suffix = self.chance.choice((" (Doujinshi)", " [Uncensored]"))
        tags = ("Doujinshi",) if "Dou" in suffix else ()
        other = self._sibling(work, suffix, "based_on" if tags else "alternate_version",
                              tags=tags, rating="pornographic")  # fmt: skip
        return (other, f"{title}{suffix}", other.id) if which else (work, title, work.id)

    def _by_another(self, work: Work) -> Work:
        others = [f"{given} {family}" for given in GIVEN for family in FAMILY]
        author = self.chance.choice([name for name in others if name not in work.people])
        other = self._sibling(work, "", "", people=(author,))
        other = replace(other, related={}, year=other.year + 4)
        return self._add(other)

    def _absent(self, number: int) -> tuple[Work, str, str | None]:
        work = self._work()
        title = work.called("en")
        if number % 4 == 0:
            # Its first part is there, it is not.
            self._add(work)
            return work, f"{title} {self.chance.choice(('3', 'Gaiden', '(Full Color)'))}", None
        if number % 4 == 1:
            # There is one that has but one other word.
            words = title.split()
            words[-1] = self.chance.choice(THINGS)[2].title()
            if " ".join(words) != title:
                known = (" ".join(words), "en", "main")
                self._add(replace(work, id=f"{number:032x}", titles=(known,)))
        return work, title, None

    # Files.

    def _filed(self, kind: str, work: Work, name: str, truth: str | None, told: bool) -> Shelf:
        folder = unicodedata.normalize("NFC", name.replace("/", " "))
        if kind in ("exact", "romanised") and self.chance.random() < 0.3:
            folder = f"{folder} ({work.year})"
        bare = folder.split(" (")[0]
        share = self.chance.uniform(0.2, 1.0)
        if self.chance.random() < 0.4:
            many = max(1, round(work.volumes * share))
            files = [f"{bare} v{volume:02}.cbz" for volume in range(1, many + 1)]
        else:
            many = max(1, round(work.chapters * share))
            files = [f"{bare} c{chapter:03}.cbz" for chapter in range(1, many + 1)]
        info = {}
        if told:
            info = {"Series": bare, "Writer": self._signed(work.people[0]), "Year": str(work.year)}
        return Shelf(kind, folder, tuple(files), info, truth)

    def _signed(self, name: str) -> str:
        given, family = name.split()
        return self.chance.choice((name, f"{family} {given}", f"{given[0]}. {family}"))

    def _misspelt(self, title: str) -> str:
        # In a word of more than three letters, so that it can still be read.
        within = [n for word in re.finditer(r"\w{4,}", title) for n in range(*word.span())]
        at = self.chance.choice(within[1:] or range(1, len(title)))
        letter = self.chance.choice("abcdefghiklmnoprstuvw")
        way = self.chance.randrange(4)
        if way == 0:
            return title[:at] + letter + title[at + 1 :]
        if way == 1:
            return title[:at] + title[at + 1 :]
        if way == 2:
            return title[:at] + letter + title[at:]
        return title[:at] + title[at + 1 : at + 2] + title[at] + title[at + 2 :]


def _cyrillic(romaji: str) -> str:
    """Romaji as it is written in Russian."""
    for sound, letter in CYRILLIC.items():
        romaji = romaji.replace(sound, letter)
    return romaji
