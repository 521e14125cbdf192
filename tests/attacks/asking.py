"""Requests as no well-behaved client would write them, to a real server."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from rest_framework_simplejwt.tokens import AccessToken

from kiremisu.accounts.models import User


@dataclass(frozen=True)
class Told:
    """An answer; `raw` is its headers and body, in one."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def raw(self) -> bytes:
        return repr(self.headers).encode() + self.body


class Sender:
    """One connection, kept open; paths and headers go out as they are given."""

    def __init__(self, url: str, **headers: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._headers = headers

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Told:
        """The answer. `if_none_match="…"` gives the header If-None-Match; Host is ours unless
        told. Of a stream the first bytes are enough."""
        told = {name.replace("_", "-"): value for name, value in (self._headers | headers).items()}
        self._connection.putrequest(method, path, skip_host="host" in told)
        if body is not None:
            told["content-length"] = str(len(body))
        for name, value in told.items():
            self._connection.putheader(name, value)
        self._connection.endheaders(body)
        answer = self._connection.getresponse()
        is_endless = answer.headers.get_content_type() == "text/event-stream"
        content = answer.read1() if is_endless else answer.read()
        if is_endless or answer.will_close:
            answer.close()
            self._connection.close()
        given = {name.lower(): value for name, value in answer.getheaders()}
        return Told(answer.status, given, content)

    def close(self) -> None:
        self._connection.close()

    def get(self, path: str, **headers: str) -> Told:
        return self.send("GET", path, **headers)


def bearer(user: User) -> str:
    return f"Bearer {AccessToken.for_user(user)}"


def session(user: User) -> str:
    """Their session as a Cookie header."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
