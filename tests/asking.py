"""Asking the API as somebody."""

from typing import Any

from django.test import Client

from kiremisu.accounts.models import User

ROOT = "/api/v1"


class Asker:
    """The API with a person's session; answers are JSON, checked to be what they say."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client()
        if user is not None:
            self.client.force_login(user)

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self._told(self.client.get(f"{ROOT}/{path}", query), status)

    def get_raw(self, path: str) -> Any:
        """The answer as it comes."""
        return self.client.get(f"{ROOT}/{path}")

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._send("post", path, body, status)

    def put(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._send("put", path, body, status)

    def patch(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._send("patch", path, body, status)

    def delete(self, path: str, status: int = 204) -> Any:
        return self._send("delete", path, None, status)

    def _send(self, method: str, path: str, body: Any, status: int) -> Any:
        call = getattr(self.client, method)
        answer = call(f"{ROOT}/{path}", body or {}, content_type="application/json")
        return self._told(answer, status)

    def _told(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, (answer.status_code, answer.content)
        if not answer.content:
            return answer
        told = answer.json()
        if status >= 400:
            assert answer["Content-Type"] == "application/problem+json"
            assert set(told) == {
                "type", "title", "status", "code", "detail", "errors", "request_id"
            }  # fmt: skip
            assert told["status"] == status
        return told
