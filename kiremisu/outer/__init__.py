"""The outer app: what stands before Django, for paths where Django costs too much.

`ROUTES` is the table of raw ASGI apps by path prefix, the longest prefix first; a name is
resolved once at start. Everything else goes to Django, which knows no WebSockets.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """A raw ASGI app; "" is Django's own, of which only the rest is said. `secret`: what follows
    the prefix is a credential, kept out of logs. `socket`: it answers WebSockets, and nothing else.
    `methods`: only requests of these are its, the others Django's; all where none is named."""

    prefix: str
    app: str
    secret: bool = False
    any_host: bool = False
    quiet: bool = False
    socket: bool = False
    methods: frozenset[str] = frozenset()

    @property
    def is_folder(self) -> bool:
        """What lies below belongs to it too; otherwise it is that one path."""
        return self.prefix.endswith("/")

    def takes(self, path: str, method: str) -> bool:
        """Whether a request is this app's."""
        fits = path == self.prefix or (path.startswith(self.prefix) and self.is_folder)
        return fits and (not self.methods or method in self.methods)


# What typed operations cannot say: bodies that go straight to the disk.
_UPLOADING = frozenset({"OPTIONS", "POST", "PATCH"})


ROUTES = (
    Route("/healthz", "kiremisu.outer.health.alive", any_host=True, quiet=True),
    Route("/readyz", "kiremisu.outer.health.ready", any_host=True, quiet=True),
    Route("/p/", "reader.pages.application", secret=True, quiet=True),
    Route("/feeds/", "", secret=True),
    Route("/c/", "reader.pages.application", secret=True, quiet=True),
    Route("/api/v1/events", "kiremisu.jobs.live.application"),
    Route("/ws/events", "kiremisu.jobs.sockets.application", socket=True),
    Route("/api/v1/uploads", "library.uploads.tus.application", methods=_UPLOADING),
    Route("/api/v1/uploads/", "library.uploads.tus.application", methods=_UPLOADING),
    Route("/static/", "kiremisu.outer.static.app", quiet=True),
)
