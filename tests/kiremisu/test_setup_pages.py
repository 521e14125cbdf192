"""Coming in for the first time, and every other time."""

from pathlib import Path

import pytest
from django.test import Client

from kiremisu.accounts import attempts
from kiremisu.accounts.models import SetupToken, User
from kiremisu.accounts.setup import issue_token
from kiremisu.jobs.models import Job
from library.models import Library
from tests.cast import PASSWORD
from tests.factories import make_chapter, make_library, make_series
from tests.reader.markup import Markup

ACCOUNT = {"username": "noor", "password": "a quiet harbour"}


@pytest.fixture
def invited(client: Client, db: None) -> Client:
    """Somebody who followed the set-up link."""
    client.get(f"/setup?token={issue_token()}")
    return client


def test_the_token_does_not_stay_in_the_address(client: Client, db: None) -> None:
    answer = client.get(f"/setup?token={issue_token()}")

    assert answer.headers["Location"] == "/setup"
    assert "Who runs this server?" in client.get("/setup").content.decode()


@pytest.mark.parametrize("query", ["", "?token=wrong"])
def test_without_the_token_there_is_no_account_form(client: Client, db: None, query: str) -> None:
    issue_token()

    page = client.get(f"/setup{query}", follow=True).content.decode()

    assert 'name="token"' in page
    assert 'name="username"' not in page


def test_nobody_without_a_token_makes_an_account(client: Client, db: None) -> None:
    issue_token()

    client.post("/setup", ACCOUNT)

    assert not User.objects.exists()


def test_the_code_may_be_typed_instead(client: Client, db: None) -> None:
    answer = client.post("/setup", {"token": f" {issue_token()} "})

    assert answer.headers["Location"] == "/setup"
    assert 'name="username"' in client.get("/setup").content.decode()


def test_a_wrong_code_says_so_at_its_field(client: Client, db: None) -> None:
    answer = client.post("/setup", {"token": "wrong"})

    assert answer.status_code == 422
    assert [i.get("name") for i in Markup(answer).all("input") if "aria-invalid" in i] == ["token"]


def test_the_first_account_is_signed_in_and_goes_on_to_the_folder(invited: Client) -> None:
    answer = invited.post("/setup", ACCOUNT)

    assert answer.headers["Location"] == "/setup/folder"
    assert User.objects.get().is_administrator
    assert not SetupToken.objects.exists()
    assert invited.get("/setup/folder").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"password": "short"}, "password"), ({"username": ""}, "username")],
)
def test_what_is_wrong_stands_under_its_field(
    invited: Client, wrong: dict[str, str], field: str
) -> None:
    answer = invited.post("/setup", {**ACCOUNT, **wrong})

    assert answer.status_code == 422
    assert [i.get("name") for i in Markup(answer).all("input") if "aria-invalid" in i] == [field]
    assert not User.objects.exists()


def test_a_password_never_comes_back(invited: Client) -> None:
    answer = invited.post("/setup", {"username": "", "password": "a quiet harbour"})

    assert "a quiet harbour" not in answer.content.decode()


def test_once_there_is_a_user_nobody_sets_up_again(invited: Client, bob: User) -> None:
    assert invited.get("/setup").headers["Location"] == "/"
    invited.post("/setup", ACCOUNT)
    assert not User.objects.filter(username="noor").exists()


def test_an_administrator_goes_on_to_the_folder(client: Client, alice: User) -> None:
    client.force_login(alice)

    assert client.get("/setup").headers["Location"] == "/setup/folder"


def test_making_the_account_needs_the_token_of_our_own_form(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get(f"/setup?token={issue_token()}")

    assert strict.post("/setup", ACCOUNT).status_code == 403
    assert not User.objects.exists()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with one book of one series."""
    book = tmp_path / "manga" / "Salt Road Diary" / "Salt Road Diary c001.cbz"
    book.parent.mkdir(parents=True)
    book.write_bytes(b"PK\x05\x06" + bytes(18))
    return tmp_path / "manga"


def test_the_folder_step_is_for_administrators(client: Client, bob: User) -> None:
    assert client.get("/setup/folder").status_code == 302
    client.force_login(bob)
    assert client.get("/setup/folder").status_code == 404
    assert client.post("/setup/folder", {"path": "/"}).status_code == 404


def test_it_shows_what_it_would_find_and_stores_nothing(
    client: Client, alice: User, shelf: Path
) -> None:
    client.force_login(alice)

    text = Markup(client.get("/setup/folder", {"path": str(shelf)})).text

    assert "About 1 series here" in text
    assert "CBZ 1" in text
    assert "Salt Road Diary" in text
    assert not Library.objects.exists()


def test_one_walks_into_folders_by_links(client: Client, alice: User, shelf: Path) -> None:
    client.force_login(alice)

    links = Markup(client.get("/setup/folder", {"path": str(shelf.parent)})).links()

    assert any(link.endswith("manga") for link in links)


def test_without_a_path_it_offers_places_to_start(client: Client, alice: User) -> None:
    client.force_login(alice)

    assert any("?path=" in link for link in Markup(client.get("/setup/folder")).links())


def test_an_empty_folder_is_called_empty(client: Client, alice: User, tmp_path: Path) -> None:
    client.force_login(alice)

    page = client.get("/setup/folder", {"path": str(tmp_path)}).content.decode()

    assert "Nothing to read here" in page


def test_a_folder_that_is_not_there_is_said_under_the_field(client: Client, alice: User) -> None:
    client.force_login(alice)

    answer = client.get("/setup/folder", {"path": "/no/such/folder"})

    wrong = [i.get("name") for i in Markup(answer).all("input") if "aria-invalid" in i]
    assert wrong == ["path"]
    assert "There is no folder /no/such/folder." in answer.content.decode()


def test_using_a_folder_adds_it_and_asks_for_a_scan(
    client: Client, alice: User, shelf: Path
) -> None:
    client.force_login(alice)

    answer = client.post("/setup/folder", {"path": str(shelf), "kind": "webtoon"})

    assert answer.headers["Location"] == "/activity"
    library = Library.objects.get()
    assert (library.root, library.kind) == (str(shelf), "webtoon")
    assert [(job.kind, job.subject) for job in Job.objects.all()] == [("scan", library.pk)]


def test_a_folder_that_cannot_be_used_is_refused_in_place(client: Client, alice: User) -> None:
    client.force_login(alice)

    answer = client.post("/setup/folder", {"path": "/no/such/folder"})

    assert answer.status_code == 422
    assert "There is no folder" in answer.content.decode()
    assert not Library.objects.exists()


def test_folders_added_already_are_listed_and_one_may_go_on(client: Client, alice: User) -> None:
    make_library("Manga")
    client.force_login(alice)

    page = Markup(client.get("/setup/folder"))

    assert "/srv/manga" in page.text
    assert "/activity" in page.links()


def test_only_what_lies_under_the_roots_is_looked_into(
    client: Client, alice: User, shelf: Path, settings: object
) -> None:
    settings.LIBRARY_ROOTS = [shelf]  # type: ignore[attr-defined] # pytest-django's settings
    client.force_login(alice)

    page = client.get("/setup/folder", {"path": str(shelf.parent)}).content.decode()

    assert "Libraries must lie under" in page
    assert "Nothing to read" not in page


def test_signing_in_leads_to_where_one_wanted_to_go(client: Client, bob: User) -> None:
    answer = client.post(
        "/login", {"username": "bob", "password": PASSWORD, "next": "/library?unread=any"}
    )
    assert answer.headers["Location"] == "/library?unread=any"


ELSEWHERE = [
    "https://elsewhere.example/",
    "//elsewhere.example",
    "///elsewhere.example",
    "////elsewhere.example/x",
    "/\\x.y",
    "\\\\elsewhere.example",
    "/\\/elsewhere.example",
    "https:elsewhere.example",
    "https:///elsewhere.example",
    "http://testserver@elsewhere.example/",
    "http://testserver.elsewhere.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "\tjavascript:alert(1)",
    "/\t/elsewhere.example",
    "\x00//elsewhere.example",
    " //elsewhere.example",
    "ftp://testserver/",
]


@pytest.mark.parametrize("place", ELSEWHERE)
def test_signing_in_never_leads_elsewhere(client: Client, bob: User, place: str) -> None:
    answer = client.post("/login", {"username": "bob", "password": PASSWORD, "next": place})

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("name", ["bob", "nobody"])
def test_a_wrong_password_says_the_same_as_a_wrong_name(
    client: Client, bob: User, name: str
) -> None:
    answer = client.post("/login", {"username": name, "password": "wrong"})

    page = Markup(answer)
    assert "That name and password don’t match." in page.text
    assert [i.get("name") for i in page.all("input") if "aria-invalid" in i] == ["password"]


def test_guessing_is_stopped_for_that_address_alone(client: Client, bob: User) -> None:
    for _ in range(attempts.AT_ONE_NAME):
        client.post("/login", {"username": "bob", "password": "wrong"})
    right = {"username": "Bob", "password": PASSWORD}

    assert "Too many tries." in client.post("/login", right).content.decode()
    right["username"] = "bob"
    assert client.post("/login", right, REMOTE_ADDR="10.0.0.9").status_code == 302


@pytest.mark.parametrize(("stay", "ends"), [({"stay": "on"}, False), ({}, True)])
def test_a_session_ends_with_the_browser_unless_asked_to_stay(
    client: Client, bob: User, stay: dict[str, str], ends: bool
) -> None:
    client.post("/login", {"username": "bob", "password": PASSWORD, **stay})

    assert client.session.get_expire_at_browser_close() is ends


def test_signing_in_with_nobody_there_sets_up(client: Client, db: None) -> None:
    assert client.get("/login").headers["Location"] == "/setup"


def test_who_is_in_need_not_sign_in(client: Client, bob: User) -> None:
    client.force_login(bob)

    assert client.get("/login").headers["Location"] == "/"


def test_signing_out_takes_a_form(client: Client, bob: User) -> None:
    client.force_login(bob)
    assert client.get("/logout").status_code == 405

    assert client.post("/logout").headers["Location"] == "/login"
    assert client.get("/").status_code == 302


def test_an_address_that_is_nothing_says_so_in_our_words(client: Client, db: None) -> None:
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert "Request <code>" in answer.content.decode()


def test_what_breaks_says_so_with_the_number_of_the_request(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(user: User) -> None:
        raise RuntimeError("this is no page")

    monkeypatch.setattr("reader.shelves.home", fail)
    calm = Client(raise_request_exception=False)
    calm.force_login(bob)

    answer = calm.get("/")

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "this is no page" not in answer.content.decode()


def test_staff_find_the_way_to_the_admin(client: Client, alice: User, bob: User) -> None:
    make_chapter(make_series(make_library()))
    client.force_login(alice)
    assert "/admin/" in Markup(client.get("/")).links()
    client.force_login(bob)
    assert "/admin/" not in Markup(client.get("/")).links()
