"""What goes wrong on demand: each fault so many times, at addresses that begin so."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Fault:
    """One way to go wrong. Without a `status` the right answer is told, in a wrong way.

    `cut`: so many bytes of the body, then the line is closed; `resets`: no answer at all.
    `is_held`: nothing until `Faults.let_go`. `drips`: byte by byte, one each time this many
    seconds have passed; the body, with `drips_head` the head too. `endless`: the body is said
    over and over.
    """

    path: str = ""
    times: int = 1
    status: int | None = None
    body: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    resets: bool = False
    is_held: bool = False
    drips: float = 0.0
    drips_head: bool = False
    endless: bool = False


class Faults:
    """The faults to come, the first that fits first."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._to_come: list[Fault] = []
        self.gate = threading.Event()

    def put(self, fault: Fault) -> None:
        with self._guard:
            self._to_come.append(fault)

    def next_for(self, path: str) -> Fault | None:
        """The fault that this request meets, counted as met."""
        with self._guard:
            found = next((each for each in self._to_come if path.startswith(each.path)), None)
            if found is not None:
                found.times -= 1
                if not found.times:
                    self._to_come.remove(found)
            return found

    @property
    def are_met(self) -> bool:
        """None is still to come."""
        with self._guard:
            return not self._to_come

    def clear(self) -> None:
        """All is well from now on."""
        with self._guard:
            self._to_come.clear()

    def let_go(self) -> None:
        """Those held are answered now."""
        self.gate.set()

    def say(
        self,
        status: int,
        body: bytes = b"",
        *,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
        path: str = "",
        times: int = 1,
    ) -> None:
        """Answer this instead."""
        self.put(Fault(path, times, status, body, kind, headers or {}))

    def throttle(
        self, *, times: int = 1, path: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        """429, with whatever it says of when to come again."""
        self.say(429, _error(429, "Rate limited"), headers=headers, path=path, times=times)

    def lead(self, to: str, *, path: str = "", times: int = 1) -> None:
        """302 to this address."""
        self.say(302, headers={"Location": to}, path=path, times=times)

    def break_off(self, *, after: int = 20, path: str = "", times: int = 1) -> None:
        """The line is closed after so many bytes of the body."""
        self.put(Fault(path, times, cut=after))

    def reset(self, *, path: str = "", times: int = 1) -> None:
        """The line is closed without a word."""
        self.put(Fault(path, times, resets=True))

    def hold(self, *, path: str = "", times: int = 1) -> None:
        """No answer until `let_go`."""
        self.put(Fault(path, times, is_held=True))

    def drip(
        self, *, each: float = 0.02, head: bool = False, last: bool = False, path: str = ""
    ) -> None:
        """A byte at a time, of 400 and more; `Upstream.dripped` says how many went out. `last`:
        the line is said to end with it."""
        long = b'{"data":[]}'.ljust(400)
        headers = {"X-Long": "x" * 400} | ({"Connection": "close"} if last else {})
        told = Fault(path, status=200, body=long, headers=headers, drips=each, drips_head=head)
        self.put(told)

    def flood(self, *, path: str = "", times: int = 1, kind: str = "application/json") -> None:
        """A body without an end."""
        self.put(Fault(path, times, 200, b"[0," * 20_000, kind, endless=True))


def _error(status: int, title: str) -> bytes:
    return (
        f'{{"result":"error","errors":[{{"id":"0","status":{status},'
        f'"title":"{title}","detail":null,"context":null}}]}}'
    ).encode()
