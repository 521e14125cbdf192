"""Where Apprise URLs of people may lead."""

import pytest
from apprise.manager_plugins import NotificationManager
from pytest_django import Settings

from kiremisu.lib.errors import Invalid
from metadata.notifying import outlets

pytestmark = pytest.mark.quick

PHONE = "tgram://123456789:abcdefg_hijklmnopqrstuvwxyz/12315544/"
CHAT = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
TEAM = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"


@pytest.fixture(autouse=True)
def allowed(settings: Settings) -> None:
    settings.APPRISE_HOSTS = ["Hooks.lan:8080", "push.lan"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (PHONE, "tgram://…"),
        (CHAT, "discord://…"),
        ("ntfy://my-manga", "ntfy://ntfy.sh:443/…"),
        ("ntfy://10.0.0.1/my-manga?mode=cloud", "ntfy://ntfy.sh:443/…"),
        ("json://u:hush@hooks.lan:8080/hush", "json://hooks.lan:8080/…"),
        ("gotifys://push.lan/hush", "gotifys://push.lan:443/…"),
        ("xml://push.lan/?method=PUT&+Authorization=hush&:Type=kind&-a=b", "xml://push.lan:80/…"),
    ],
)
def test_what_may_be_used_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert outlets.shown(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        *("json://127.0.0.1/", "json://127.0.0.1:8080/", "jsons://[::1]/", "xml://localhost/x"),
        *("json://0x7f000001/", "json://2130706433/", "json://169.254.169.254/latest/"),
        *("json://hooks.lan/", "json://hooks.lan:8081/", "jsons://hooks.lan:8080@127.0.0.1/"),
        *("ntfy://10.0.0.1/x", "gotify://192.168.0.1/x"),
        *("mailto://u:p@example.org", "https://example.org/x", "file:///etc/passwd", "syslog://"),
        *("fcm://project@apikey/x?keyfile=/etc/passwd", "json:/x", "tgram://", "x", "://", "\x00"),
    ],
)
def test_nothing_else_may(url: str) -> None:
    with pytest.raises(Invalid):
        outlets.opened(url)


@pytest.mark.parametrize("url", [PHONE, CHAT, TEAM])
@pytest.mark.parametrize(
    "asked",
    [
        *("?template=/etc/passwd", "?template=http://10.0.0.1/x", "?template=file:///etc/passwd"),
        *(
            "?silent=yes&TEMPLATE=/etc/passwd",
            "?;%74emplate=/etc/passwd",
            "?format=text?template=x",
        ),
        *("?:body=x", "?x", "?+host=x", "?%20x=y"),
    ],
)
def test_none_has_this_server_read_a_file_or_an_address(url: str, asked: str) -> None:
    assert outlets.opened(url)
    with pytest.raises(Invalid):
        outlets.opened(url + asked)


@pytest.mark.parametrize("url", [PHONE, CHAT, TEAM])
def test_a_template_is_refused_however_it_came_in(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlets, "_ANY", frozenset({"template"}))
    with pytest.raises(Invalid):
        outlets.opened(f"{url}?template=/etc/passwd")


@pytest.mark.parametrize(
    "url", ["ntfys://ntfy.sh/", "tgram://123456789:abcdefg_hijklmnopqrstuvwxyz/"]
)
def test_five_places_are_the_most_of_a_url(url: str) -> None:
    five = url + "/".join(f"1231554{each}" for each in range(5))
    assert len(outlets.opened(five)) == 5
    for more in ("/12315549", "?to=12315549"):
        with pytest.raises(Invalid):
            outlets.opened(five + more)


def test_no_other_host_is_named_to_one_that_is_allowed() -> None:
    with pytest.raises(Invalid):
        outlets.opened("json://push.lan/?+Host=router.lan")


def test_no_log_line_tells_a_url(capsys: pytest.CaptureFixture[str]) -> None:
    outlets.opened("ntfy://10.0.0.1/my-manga?mode=cloud")
    assert capsys.readouterr().err == ""


def test_what_a_url_says_of_its_connection_does_not_count() -> None:
    service = outlets.opened(f"{PHONE}?redirect=yes&verify=no&retry=5&rto=900&cto=900&optional=yes")
    assert (service.redirects, service.verify_certificate, service.retry) == (False, True, 0)
    assert (service.socket_read_timeout, service.socket_connect_timeout) == (10.0, 10.0)


def test_the_hosts_of_fixed_services_are_those_that_apprise_calls() -> None:
    for scheme, host in outlets.FIXED.items():
        facts = vars(NotificationManager()[scheme]).values()
        assert any(f"https://{host}/" in str(fact) for fact in facts), scheme
