"""The outer app: what stands before Django, for paths where Django costs too much.

`ROUTES` is the table of raw ASGI apps by path prefix, the longest prefix first; a name is
resolved once at start. Everything else goes to Django, which knows no WebSockets.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """A raw ASGI app. `secret`: what follows the prefix is a credential, kept out of logs.
    `socket`: it answers WebSockets, and nothing else."""

    prefix: str
    app: str
    secret: bool = False
    any_host: bool = False
    quiet: bool = False
    socket: bool = False

    @property
    def is_folder(self) -> bool:
        """What lies below belongs to it too; otherwise it is that one path."""
        return self.prefix.endswith("/")


ROUTES = (
    Route("/healthz", "kiremisu.outer.health.alive", any_host=True, quiet=True),
    Route("/readyz", "kiremisu.outer.health.ready", any_host=True, quiet=True),
    Route("/p/", "reader.pages.application", secret=True, quiet=True),
    Route("/c/", "reader.pages.application", secret=True, quiet=True),
    Route("/api/v1/events", "kiremisu.jobs.live.application"),
    Route("/ws/events", "kiremisu.jobs.sockets.application", socket=True),
    Route("/static/", "kiremisu.outer.static.app", quiet=True),
)
