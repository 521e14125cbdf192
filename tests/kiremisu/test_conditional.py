"""ETags, 304, If-Match, HEAD and timing, over the API."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from kiremisu.accounts.models import User
from library.models import Library, Series
from tests.asking import ROOT, Asker
from tests.cast import PASSWORD
from tests.factories import make_chapter, make_series


@pytest.fixture
def series(private: Library) -> Series:
    return make_series(private)


def paths(series: Series) -> list[str]:
    chapter = make_chapter(series)
    one = f"series/{series.pk}"
    return ["series", one, f"{one}/chapters", "libraries", f"chapters/{chapter.pk}", "jobs", "me"]


@pytest.mark.quick
def test_who_has_the_answer_is_told_so_in_no_bytes(bob: User, series: Series) -> None:
    client = Asker(bob).client
    for path in paths(series):
        tag = client.get(f"{ROOT}/{path}")["ETag"]
        again = client.get(f"{ROOT}/{path}", headers={"if-none-match": f'"x", W/{tag}'})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag), path
        assert again["Cache-Control"] == "private, no-cache"


@pytest.mark.quick
def test_an_answer_that_changed_has_another_etag(bob: User, series: Series) -> None:
    client = Asker(bob).client
    for path in ("series", f"series/{series.pk}"):
        tag = client.get(f"{ROOT}/{path}")["ETag"]
        Series.objects.update(chapter_count=series.chapter_count + 1 + len(path))
        again = client.get(f"{ROOT}/{path}", headers={"if-none-match": tag})
        assert again.status_code == 200
        assert again["ETag"] != tag


@pytest.mark.quick
def test_an_answer_is_one_readers_own(bob: User, series: Series) -> None:
    told = Asker(bob).get_raw("series")
    assert {"Authorization", "Cookie", "X-API-Key"} <= set(told["Vary"].split(", "))


@pytest.mark.quick
def test_a_stranger_gets_no_304(bob: User, charlie: User, series: Series) -> None:
    path = f"{ROOT}/series/{series.pk}"
    tag = Asker(bob).client.get(path)["ETag"]
    assert Asker(charlie).client.get(path, headers={"if-none-match": tag}).status_code == 404
    assert Asker(charlie).client.get(path, headers={"if-none-match": "*"}).status_code == 404


@pytest.mark.quick
@pytest.mark.parametrize("of", ["libraries", "series", "chapters"])
def test_an_edit_of_an_older_state_is_refused(alice: User, series: Series, of: str) -> None:
    key = {"libraries": series.library_id, "series": series.pk, "chapters": make_chapter(series).pk}
    path, client = f"{ROOT}/{of}/{key[of]}", Asker(alice).client
    field = "name" if of == "libraries" else "title"

    def edit(value: str, base: str) -> tuple[int, str]:
        answer = client.patch(path, {field: value}, "application/json", headers={"if-match": base})
        return answer.status_code, answer.get("ETag", "")

    first = client.get(path)["ETag"]
    status, second = edit("Once", first)
    assert (status, second) == (200, client.get(path)["ETag"])
    assert edit("Twice", first) == (412, "")
    assert edit("Twice", f'W/{second}, "other"')[0] == 200
    assert edit("Whatever is there", "*")[0] == 200
    assert client.get(path).json()[field] == "Whatever is there"


@pytest.mark.quick
def test_counts_that_move_make_no_edit_stale(alice: User, series: Series) -> None:
    path, client = f"{ROOT}/series/{series.pk}", Asker(alice).client
    tag = client.get(path)["ETag"]
    make_chapter(series)
    told = client.patch(path, {"year": 1999}, "application/json", headers={"if-match": tag})
    assert told.status_code == 200


@pytest.mark.quick
def test_head_is_get_without_its_body(bob: User, series: Series) -> None:
    client = Asker(bob).client
    for path in [*paths(series), "nothing", f"series/{series.pk}/cover"]:
        got, head = client.get(f"{ROOT}/{path}"), client.head(f"{ROOT}/{path}")
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert head.get("ETag") == got.get("ETag")
    assert client.head(f"{ROOT}/series/{series.pk}/scan").status_code == 404


@pytest.mark.quick
def test_an_answer_says_how_long_it_took(bob: User) -> None:
    told = Asker(bob).get_raw("series")["Server-Timing"]
    assert told.startswith("total;dur=")
    assert 'queries"' in told


@pytest.mark.django_db(transaction=True)
def test_of_fifty_edits_of_one_state_one_succeeds(live: str, alice: User) -> None:
    series = make_series(Library.objects.create(name="Manga", root="/srv/manga"))
    with httpx.Client(base_url=f"{live}/api/v1/", timeout=60) as client:
        signed = client.post("auth/token", json={"username": "alice", "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {signed.json()['access']}"
        path = f"series/{series.pk}"
        client.headers["If-Match"] = client.get(path).headers["ETag"]

        def edit(number: int) -> int:
            return client.patch(path, json={"title": f"Title {number}"}).status_code

        with ThreadPoolExecutor(10) as crowd:
            told = sorted(crowd.map(edit, range(50)))
        head = client.head(path)
    assert told == [200] + [412] * 49
    assert (head.status_code, head.content) == (200, b"")
