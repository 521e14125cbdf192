"""Log lines: readable on a terminal, key=value otherwise, JSON where asked for.

What `bind` binds (request, job) stands on every line that follows in the same context,
in the threads it crosses too. No secret and no control character reaches the log.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from kiremisu.lib.ids import uuid7

# Libraries that say at INFO what we say better, or what nobody needs.
_QUIET = {
    "_granian": logging.WARNING,
    "granian.access": logging.WARNING,
    "django_q": logging.WARNING,
    "django-q": logging.WARNING,
    # 4xx is the caller's affair and stands on the request's line.
    "django.request": logging.ERROR,
    "django.security": logging.CRITICAL,
    "django.server": logging.WARNING,
    "asyncio": logging.WARNING,
    "PIL": logging.WARNING,
    "urllib3": logging.WARNING,
}
_SECRET_KEY = re.compile(
    r"(?i)(password|passwd|secret|token|authorization|cookie|api_?key|credential)"
)
_SECRET_TEXT = re.compile(
    r"(?i)(?<=://)[^/\s:@]*:[^/\s@]*(?=@)|(?<=bearer )[\w.~+/-]+=*"
    r"|(?<=token=)[^&\s\"']+|(?<=sig=)[^&\s\"']+|(?<=password=)[^&\s\"']+"
    r"|(?<=/feeds/)[\w-]{20,}"
    r"|\bkm_[\w-]{20,}|\beyJ[\w-]+\.[\w-]+\.[\w-]*"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_HIDDEN = "[hidden]"


def configure(form: str = "auto", level: str = "info") -> None:
    """Send structlog and the standard library's logging to standard error as one stream.

    `form` is auto (console on a terminal, else keys), console, keys or json.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    rendered = _rendered(form)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                *shared,
                structlog.stdlib.PositionalArgumentsFormatter(),
                structlog.stdlib.ExtraAdder(allow=()),
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    # Ours go around the standard library, which costs more than all the rest of a line.
    ours = _Lines(handler)
    structlog.configure(
        processors=[*shared, *rendered],
        logger_factory=lambda *_: ours,
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, least in _QUIET.items():
        quiet = logging.getLogger(name)
        quiet.handlers.clear()
        quiet.propagate = True
        quiet.setLevel(max(least, root.level))


class _Lines:
    """Writes finished lines where a handler writes its own, never into one of those."""

    def __init__(self, handler: logging.StreamHandler[TextIO]) -> None:
        self._handler = handler

    def msg(self, line: str) -> None:
        # The handler's lock, because a fork makes that anew. A full disk or a terminal that is
        # gone stops nobody at work.
        with self._handler.lock or nullcontext(), suppress(OSError, ValueError):
            self._handler.stream.write(f"{line}\n")
            self._handler.flush()

    debug = info = warning = error = critical = msg


def get(name: str) -> Any:
    """A structlog logger: `log.info("what happened", key=value)`."""
    return structlog.get_logger(name)


def bind(**values: object) -> Mapping[str, object]:
    """Put these on every line that follows in this context; `unbind` takes them off."""
    return structlog.contextvars.bind_contextvars(**values)


def unbind(*names: str) -> None:
    structlog.contextvars.unbind_contextvars(*names)


def bound(**values: object) -> AbstractContextManager[None]:
    """`bind` for the length of a with block."""
    return structlog.contextvars.bound_contextvars(**values)


def harmless(text: str) -> str:
    """Text without credentials, its control characters shown as escapes."""
    return _CONTROL.sub(_escaped, _SECRET_TEXT.sub(_HIDDEN, text))


def _escaped(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode("ascii")


def _without_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if key != "event" and _SECRET_KEY.search(key):
            event[key] = _HIDDEN
        elif key != "exception":
            event[key] = _harmless(value)
        else:
            event[key] = "\n".join(harmless(line) for line in str(value).splitlines())
    return event


def _harmless(value: object) -> object:
    match value:
        case str():
            return harmless(value)
        case None | bool() | int() | float():
            return value
        case _:
            return harmless(str(value))


def _rendered(form: str) -> list[Processor]:
    """The last steps, by the form asked for."""
    if form == "console" or (form == "auto" and sys.stderr.isatty()):
        console = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
        return [structlog.processors.format_exc_info, _without_secrets, _short_time, console]
    steps: list[Processor] = [structlog.processors.format_exc_info, _without_secrets]
    if form == "json":
        return [*steps, structlog.processors.JSONRenderer()]
    order = ["timestamp", "level", "event"]
    return [*steps, structlog.processors.LogfmtRenderer(key_order=order, drop_missing=True)]


def _short_time(_: WrappedLogger, __: str, event: EventDict) -> MutableMapping[str, Any]:
    # "2026-11-20T19:40:01.123456Z" → "19:40:01": a person at a terminal knows the day.
    event["timestamp"] = str(event.get("timestamp", ""))[11:19]
    return event


def request_id() -> str:
    """The id of the request (or job) this context works for; a new one where none is bound."""
    known = structlog.contextvars.get_contextvars().get("request_id")
    if known is None:
        known = uuid7().hex
        bind(request_id=known)
    return str(known)
