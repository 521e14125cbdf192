"""What we have, over the API."""

from ninja import Router

from library.api import chapters, libraries, series

router = Router()
for part in (libraries, series, chapters):
    router.add_router("", part.router)
