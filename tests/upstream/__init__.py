"""A small MangaDex on this machine: real HTTP on loopback, with state, paging, limits and faults.

    with serving() as upstream:                       # or the fixture `upstream`
        road = upstream.catalogue.add(
            "Salt Road Diary",
            also={"ja": "塩の道日記", "ja-ro": ["Shio no Michi Nikki"]},
            authors=["Ogawa Rin"], year=2016, chapters=48, covers=6,
        )
        upstream.catalogue.add("Salt Road Diary 2", related=[("prequel", road)])
        upstream.faults.throttle(times=3, headers={"Retry-After": "2"})
        upstream.faults.say(503, b"<html>", kind="text/html", path="/manga", times=2)
        ...                                           # upstream.url, upstream.uploads
        assert upstream.busiest(seconds=1.0) <= 3     # requests in any sliding second
        assert [asked.path for asked in upstream.asked] == ["/manga"]

Everything of a title follows from its name unless it is told (`Catalogue.add`): its id, its
chapters, generated pictures of its covers. So two servers filled in the same way answer alike.
`upstream.asked` keeps every request with the moment it came, by one clock for all threads.
"""

from tests.upstream.catalogue import Catalogue, Chapter, Manga
from tests.upstream.faults import Faults
from tests.upstream.server import Asked, Upstream, serving

__all__ = ["Asked", "Catalogue", "Chapter", "Faults", "Manga", "Upstream", "serving"]
