"""Evidence beside titles and people: links, years, counts, covers, languages, readers."""

from metadata.matching.pictures import likeness
from metadata.matching.sides import Candidate, Found, Local

_COMPLETED = "completed"
# What covers by chance hardly come to.
_ALIKE = 0.6


def compare_links(local: Local, candidate: Candidate) -> Found | None:
    """Whether the same sites know both by the same ids."""
    common = sorted(local.known.keys() & candidate.links.keys())
    if not common:
        return None
    same = [site for site in common if local.known[site] == candidate.links[site]]
    if same:
        return Found(len(same) / len(common), f"The files link to it ({', '.join(same)})")
    return Found(0, f"The files link elsewhere ({', '.join(common)})", ("Its links differ",))


def compare_years(local: Local, candidate: Candidate) -> Found | None:
    """The year of the files may be that of an edition, so a later one says little."""
    if local.year is None or candidate.year is None:
        return None
    later = local.year - candidate.year
    says = f"{local.year} here, {candidate.year} there"
    if later < -2:
        return Found(0, says, (f"It began in {candidate.year}, the files are of {local.year}",))
    if later < 0:
        return Found(0.6 if later == -1 else 0.3, says)
    return Found({0: 1.0, 1: 0.8}.get(later, 0.4 if later <= 10 else 0.2), says)


def compare_counts(local: Local, candidate: Candidate) -> Found | None:
    """Whether what is here fits into what there is: chapters, volumes or both."""
    found = [
        one
        for one in (
            _fits("chapter", local.highest_chapter, candidate.last_chapter, candidate.status),
            _fits("volume", local.highest_volume, candidate.last_volume, candidate.status),
        )
        if one
    ]
    return min(found, key=lambda one: one.share, default=None)


def compare_covers(local: Local, candidate: Candidate) -> Found | None:
    """How alike the covers look. Other editions have others: unlike ones say nothing."""
    if local.cover is None or candidate.cover is None:
        return None
    share = likeness(local.cover, candidate.cover)
    return Found(share, f"They look alike: {share:.2f} of 1") if share > _ALIKE else None


def compare_languages(local: Local, candidate: Candidate) -> Found | None:
    """Whether it can be read in the language of the files."""
    known = {_primary(each) for each in (*candidate.languages, candidate.language) if each}
    if not local.language or not known:
        return None
    if _primary(local.language) in known:
        return Found(1, f"It is there in “{local.language}”")
    return Found(0, f"The files are in “{local.language}”, in which it is not there")


def compare_demographics(local: Local, candidate: Candidate) -> Found | None:
    """For whom both are made."""
    if not local.demographic or not candidate.demographic:
        return None
    same = local.demographic == candidate.demographic
    return Found(float(same), f"{local.demographic} here, {candidate.demographic} there")


def _fits(what: str, highest: float | None, last: str, status: str) -> Found | None:
    end = _number(last)
    if not highest or not end:
        return None
    says = f"Up to {what} {highest:g} here, {end:g} there"
    # What still goes on may have gone on since.
    spare = max(1.0, 0.05 * end) if status == _COMPLETED else max(5.0, 0.25 * end)
    if highest > end + spare:
        return Found(0, says, (f"There are {end:g} {what}s of it, here are {highest:g}",))
    if highest > end:
        return Found(0.7, says)
    return Found(0.7 + 0.3 * highest / end, says)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 < number < 1e6 else None


def _primary(language: str) -> str:
    return language.split("-", maxsplit=1)[0].casefold()
