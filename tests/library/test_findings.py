"""The inbox of what somebody should look at."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from kiremisu.accounts.models import Role, User
from library import findings
from library.models import Library, Series, Sidecar
from metadata.models import Match
from tests.asking import Asker
from tests.factories import make_chapter, make_content, make_library, make_series, make_sidecar

pytestmark = [pytest.mark.quick, pytest.mark.django_db]

CODES = ("matches", "doubts", "gaps", "duplicates", "broken", "sidecars", "beside", "covers")


def weak(series: Series) -> None:
    now = timezone.now()
    given = {"provider": "mangadex", "provider_id": "x", "score": 84, "told": now, "due": now}
    Match.objects.create(series=series, **given)


def doubtful(series: Series) -> None:
    make_chapter(series, "", path="Salt Road/The one.cbz", number_order=-1)
    Series.objects.filter(pk=series.pk).update(chapter_count=3)


def narrow(series: Series) -> None:
    cover = make_content(cover_state="ready", cover_width=120)
    Series.objects.filter(pk=series.pk).update(cover=cover, readable_count=1)


def count(name: str) -> Callable[[Series], None]:
    return lambda series: Series.objects.filter(pk=series.pk).update(**{name: 3}) and None


# What makes each kind, and a word of what is said of it.
MAKE: dict[str, tuple[Callable[[Series], object], str]] = {
    "matches": (weak, "84 points"),
    "doubts": (doubtful, "No volume and no chapter"),
    "gaps": (count("gap_count"), "3 chapters of it exist"),
    "duplicates": (count("duplicate_count"), "3 chapters of it are here twice"),
    "broken": (
        lambda series: make_chapter(series, problem="damaged", problem_detail="It is cut."),
        "It is cut.",
    ),
    "sidecars": (
        lambda series: make_chapter(series, sidecar_problem="not_xml", sidecar_detail="No XML."),
        "No XML.",
    ),
    "beside": (
        lambda series: make_sidecar(series, "Salt/x.json", problem_detail="No JSON."),
        "No JSON.",
    ),
    "covers": (narrow, "only 120 pixels"),
}


@pytest.fixture
def road() -> Series:
    cover = make_content(cover_state="ready", cover_width=400)
    return make_series(make_library(), "Salt Road", cover=cover)


def test_all_kinds_are_tried() -> None:
    assert set(MAKE) == set(CODES) == set(findings.known())


@pytest.mark.parametrize("code", CODES)
def test_each_kind_is_found_said_and_dismissed(
    alice: User, client: Client, road: Series, code: str
) -> None:
    make, said = MAKE[code]
    make(road)
    assert [one for one, many in findings.counts(alice).items() if many] == [code]
    (found,) = findings.of(alice, code)
    assert said in found.said.why
    client.force_login(alice)
    page = client.get("/review/findings").content.decode()
    assert said in page
    address = f"/review/findings/{code}/{found.id}"
    page = client.post(address, {"act": "dismiss"}, follow=True).content.decode()
    assert "Nothing to look at" in page
    page = client.post(address, {"act": "restore"}, follow=True).content.decode()
    assert said in page


def test_what_lies_with_files_of_several_series_leads_to_its_library(
    alice: User, client: Client, road: Series
) -> None:
    make_sidecar(road, "series.json", problem="several_series", problem_detail="Of several.")
    Sidecar.objects.update(series=None)
    (found,) = findings.of(alice, "beside")
    assert found.said.address == f"/library?library={road.library_id}"
    client.force_login(alice)
    assert "Of several." in client.get("/review/findings").content.decode()
    assert client.get(found.said.address).status_code == 200


def test_what_was_dismissed_comes_back_when_it_says_something_else(
    alice: User, road: Series
) -> None:
    Series.objects.update(gap_count=3)
    findings.dismiss(alice, "gaps", road.pk)
    assert findings.of(alice, "gaps") == []
    Series.objects.update(gap_count=4)
    assert len(findings.of(alice, "gaps")) == 1
    findings.dismiss(alice, "gaps", road.pk)
    Series.objects.update(gap_count=0)
    assert findings.of(alice, "gaps") == []


@pytest.mark.parametrize("code", CODES)
def test_strangers_find_nothing(charlie: User, road: Series, code: str) -> None:
    MAKE[code][0](road)
    Library.objects.update(open_to_all=False)
    User.objects.filter(pk=charlie.pk).update(role=Role.CURATOR)
    charlie.refresh_from_db()
    asker = Asker(charlie)
    assert asker.get("findings", kind=code)["total"] == 0
    assert {one["count"] for one in asker.get("findings/kinds")["kinds"]} == {0}


def test_the_api_tells_and_takes_them_away(alice: User, road: Series) -> None:
    Series.objects.update(gap_count=3)
    (told,) = Asker(alice).get("findings", kind="gaps")["items"]
    assert (told["id"], told["name"]) == (str(road.pk), "Salt Road")
    Asker(alice).post(f"findings/gaps/{road.pk}/dismiss", None, 204)
    assert Asker(alice).get("findings", kind="gaps")["total"] == 0
    Asker(alice).post(f"findings/gaps/{road.pk}/dismiss", None, 404)
    Asker(alice).post(f"findings/gaps/{road.pk}/restore", None, 204)
    assert Asker(alice).get("findings", kind="gaps")["total"] == 1


def test_what_is_no_kind_is_not_there(alice: User, road: Series) -> None:
    Asker(alice).get("findings?kind=nothing", 404)
    Asker(alice).post(f"findings/nothing/{road.pk}/dismiss", None, 404)


def test_readers_have_no_inbox(bob: User, client: Client, road: Series) -> None:
    Asker(bob).get("findings", 403)
    client.force_login(bob)
    assert client.get("/review/findings").status_code == 403
