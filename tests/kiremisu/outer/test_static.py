"""Static files."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

from kiremisu.lib.errors import NotAllowed, NotThere
from kiremisu.outer import static
from tests.raw import Answer, answered, scope

pytestmark = pytest.mark.quick

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "kiremisu.outer.static.HashedFiles"},
}


def get(name: str, **headers: str) -> Answer:
    return answered(static.app, scope(f"/static/{name}", **headers))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    (folder / "css").mkdir()
    (folder / "css/app.css").write_text("body { background: url(dot.png) }\n" + "/* */\n" * 99)
    (folder / "css/dot.png").write_bytes(b"\x89PNG dot")
    (folder / "app.js").write_text('import { turn } from "./page.js";\nturn();\n')
    (folder / "page.js").write_text("export function turn() {}\n")
    return folder


@pytest.fixture
def plain(source: Path, tmp_path: Path) -> Iterator[None]:
    """As in development: nothing was collected."""
    with override_settings(STATICFILES_DIRS=[source], STATIC_ROOT=tmp_path / "static"):
        yield


@pytest.fixture(scope="module")
def root(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("collected") / "static"
    settings: dict[str, Any] = {"STATICFILES_DIRS": [source], "STATIC_ROOT": root}
    with override_settings(STORAGES=STORAGES, INSTALLED_APPS=APPS, **settings):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


APPS = ["django.contrib.staticfiles"]


@pytest.fixture
def collected(root: Path) -> Iterator[None]:
    static._kept.cache_clear()
    with override_settings(STATIC_ROOT=root, STORAGES=STORAGES):
        yield


def test_a_plain_name_is_found_where_it_lies(plain: None) -> None:
    told = get("page.js")
    assert told.headers["content-type"] == "text/javascript; charset=utf-8"
    assert told.headers["cache-control"] == "no-cache"
    assert b"export function" in told.body


def test_a_name_that_did_not_change_is_not_sent_again(plain: None) -> None:
    told = get("page.js", if_none_match=get("page.js").headers["etag"])
    assert (told.status, told.body) == (304, b"")


def test_a_name_with_its_hash_is_kept_forever(collected: None) -> None:
    url = staticfiles_storage.url("css/app.css")
    assert re.fullmatch(r"/static/css/app\.[0-9a-f]{12}\.css", url)
    told = get(url.removeprefix("/static/"))
    assert told.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_files_name_each_other_by_hash(collected: None) -> None:
    module = get(staticfiles_storage.url("app.js").removeprefix("/static/"))
    assert re.search(rb'from "\./page\.[0-9a-f]{12}\.js"', module.body)


def test_the_plain_name_of_a_collected_file_is_asked_for_again(collected: None) -> None:
    assert get("css/app.css").headers["cache-control"] == "no-cache"


def test_text_is_sent_small_to_those_who_can_read_it(collected: None) -> None:
    small, whole = get("css/app.css", accept_encoding="gzip, br"), get("css/app.css")
    assert small.headers["content-encoding"] == "gzip"
    assert len(small.body) < len(whole.body)
    assert gzip.decompress(small.body) == whole.body
    assert whole.headers["vary"] == "accept-encoding"


def test_pictures_are_sent_as_they_are(collected: None) -> None:
    told = get("css/dot.png", accept_encoding="gzip")
    assert (told.headers["content-type"], told.body) == ("image/png", b"\x89PNG dot")


def test_head_measures_the_body(collected: None) -> None:
    told = answered(static.app, scope("/static/css/dot.png", "HEAD"))
    assert (told.headers["content-length"], told.body) == ("8", b"")


@pytest.mark.parametrize(
    "name", ["", "css", "nothing.js", "../secret.key", "%2e%2e/secret.key", "//etc/passwd"]
)
@pytest.mark.parametrize("kind", ["plain", "collected"])
def test_what_is_no_static_file_is_not_there(
    name: str, kind: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(kind)
    with pytest.raises(NotThere):
        get(name)


def test_static_files_cannot_be_written(plain: None) -> None:
    with pytest.raises(NotAllowed):
        answered(static.app, scope("/static/page.js", "PUT"))


def test_a_name_nobody_collected_stays_plain(collected: None) -> None:
    assert staticfiles_storage.url("new.css") == "/static/new.css"


@pytest.mark.parametrize("name", ["%00", "a" * 5000, "%ED%A0%80", "..", "css"])
def test_a_name_that_no_file_can_have_is_not_there(collected: None, name: str) -> None:
    with pytest.raises(NotThere):
        get(name)
