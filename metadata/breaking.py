"""The circuit breaker of another server: after enough failures in a row it is left alone for a
while. The rules are pybreaker's; the state is a row that all processes share and Activity shows.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, override

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from pybreaker import CircuitBreaker, CircuitBreakerError, CircuitBreakerStorage

from kiremisu.lib.errors import Unavailable, UpstreamFailed
from metadata.models import Circuit, Upstream
from metadata.pace import row_of


def through[T](upstream: str, call: Callable[[], T]) -> T:
    """Make a call unless the server is left alone; what came of it is written down.

    What counts against it is an UpstreamFailed of the code `upstream_failed`. Raises Unavailable,
    with the seconds to wait, while it is left alone.
    """
    breaker: Any = CircuitBreaker(
        fail_max=settings.UPSTREAM_FAILURES,
        reset_timeout=settings.UPSTREAM_REST,
        exclude=[_is_not_its_failure],
        state_storage=_Row(upstream),
        throw_new_error_on_trip=False,
    )
    try:
        told: T = breaker.call(call)
    except CircuitBreakerError:
        raise _resting(rest_left(row_of(upstream))) from None
    except UpstreamFailed as failure:
        failed(upstream, failure.detail)
        raise
    return told


def check(upstream: str) -> None:
    """Raises Unavailable while the server is left alone."""
    left = rest_left(row_of(upstream))
    if left:
        raise _resting(left)


def _resting(left: float) -> Unavailable:
    return Unavailable(
        "It failed several times and is left alone for a moment.",
        code="upstream_resting",
        retry_after=max(1, round(left)),
    )


def rest_left(row: Upstream) -> float:
    """Seconds until a server that is left alone is tried again; 0 for one that is not."""
    if row.circuit != Circuit.OPEN or row.opened_at is None:
        return 0
    until = row.opened_at + timedelta(seconds=settings.UPSTREAM_REST)
    return max(0, (until - timezone.now()).total_seconds())


def failed(upstream: str, detail: str) -> None:
    """Keep what went wrong, for those who look after the server."""
    told = {"problem": detail[:500], "failed_at": timezone.now()}
    Upstream.objects.filter(name=upstream).update(**told)


def answered(upstream: str) -> None:
    """It answered, and what went wrong before is over."""
    Upstream.objects.filter(name=upstream).update(answered_at=timezone.now(), problem="")


def _is_not_its_failure(error: BaseException) -> bool:
    return not (isinstance(error, UpstreamFailed) and error.code == UpstreamFailed.code)


class _Row(CircuitBreakerStorage):
    """The state of a breaker in the server's row: read for one call, written at once."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self._row = row_of(upstream)

    def _set(self, **facts: Any) -> None:
        Upstream.objects.filter(pk=self._row.pk).update(**facts)
        self._row.refresh_from_db(fields=list(facts))

    @property
    def state(self) -> str:
        return self._row.circuit

    @state.setter
    def state(self, state: str) -> None:
        self._set(circuit=state)

    @override
    def increment_counter(self) -> None:
        self._set(failures=F("failures") + 1)

    @override
    def reset_counter(self) -> None:
        if self._row.failures:
            self._set(failures=0)

    @override
    def increment_success_counter(self) -> None:
        self._set(successes=F("successes") + 1)

    @override
    def reset_success_counter(self) -> None:
        if self._row.successes:
            self._set(successes=0)

    @property
    def counter(self) -> int:
        return self._row.failures

    @property
    def success_counter(self) -> int:
        return self._row.successes

    @property
    def opened_at(self) -> datetime | None:
        return self._row.opened_at

    @opened_at.setter
    def opened_at(self, opened_at: datetime) -> None:
        self._set(opened_at=opened_at)
