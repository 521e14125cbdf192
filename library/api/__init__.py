"""What we have, over the API."""

from ninja import Router

from library.api import (
    chapters,
    labels,
    libraries,
    losses,
    outlines,
    pictures,
    series,
    sidecars,
)

router = Router()
for part in (libraries, losses, series, pictures, outlines, sidecars, labels, chapters):
    router.add_router("", part.router)
