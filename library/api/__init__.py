"""What we have, over the API."""

from ninja import Router

from library.api import chapters, labels, libraries, series

router = Router()
for part in (libraries, series, labels, chapters):
    router.add_router("", part.router)
