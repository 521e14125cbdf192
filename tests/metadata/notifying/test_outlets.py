"""Where Apprise URLs of people may lead."""

import pytest
from apprise.manager_plugins import NotificationManager
from pytest_django import Settings

from kiremisu.lib.errors import Invalid
from metadata.notifying import outlets

pytestmark = pytest.mark.quick

PHONE = "tgram://123456789:abcdefg_hijklmnopqrstuvwxyz/12315544/"


@pytest.fixture(autouse=True)
def allowed(settings: Settings) -> None:
    settings.APPRISE_HOSTS = ["Hooks.lan:8080", "push.lan"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (PHONE, "tgram://…"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "discord://…"),
        ("ntfy://my-manga", "ntfy://ntfy.sh:443/…"),
        ("ntfy://10.0.0.1/my-manga?mode=cloud", "ntfy://ntfy.sh:443/…"),
        ("json://u:hush@hooks.lan:8080/hush", "json://hooks.lan:8080/…"),
        ("gotifys://push.lan/hush", "gotifys://push.lan:443/…"),
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
