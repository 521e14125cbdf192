"""How fast pages are sent, beside nginx and beside a plain Django view, on one process each.

    bench/pages.py [--seconds 5] [--kb 300] [--kinds "20 stored,1000 deflated"]

Makes archives of 20, 200 and 1,000 pages of so many KB, stored and deflated, has them scanned, and
asks for pages at random over 1, 16 and 64 connections: of us by signed links, of nginx (one
worker, sendfile) and of a view that opens the archive by zipfile (bench/plain.py) for the same
bytes. Client and servers share this machine. Prints a table (milliseconds and pages a second;
"× nginx" beside nginx's rate over as many connections) and, last, one JSON line.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import random
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from asking import Asking, check_wrk, measured
from serving import Web, data_folder, database, free_port, running, unwatched

from tests import files

CONNECTIONS = (1, 16, 64)
# Pages of an archive, and how many archives there are of this kind.
KINDS = {
    f"{pages} {method}": (pages, count, method)
    for pages, count in ((20, 200), (200, 10), (1000, 2))
    for method in ("stored", "deflated")
}
_METHODS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}
_ASKED = 2000  # different pages of one kind
_BODIES = 97
_NGINX = """
worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off; user root;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
    types {{ image/jpeg jpg; }}
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    server {{ listen 127.0.0.1:{port}; root {folder}/plain; }}
}}
"""


def bodies(size: int) -> list[bytes]:
    """Pages of about this many bytes: a picture, and what no deflate makes smaller."""
    chance = random.Random(1)
    pictures = [files.image(number, "JPEG", (1200, 1800)) for number in range(_BODIES)]
    return [one + chance.randbytes(size - len(one)) for one in pictures]


def make(folder: Path, kinds: Sequence[str], size: int) -> None:
    """The archives of these kinds below `library`, and 2,000 pages by themselves in `plain`."""
    known = bodies(size)
    for kind in kinds:
        pages, count, method = KINDS[kind]
        for book in range(count):
            place = folder / "library" / f"Pages {kind}" / f"Pages {kind} c{book + 1:03}.cbz"
            place.parent.mkdir(parents=True, exist_ok=True)
            named = {
                f"{page + 1:04}.jpg": known[(book * pages + page) % _BODIES]
                for page in range(pages)
            }
            files.make_zip(place, named, _METHODS[method])
    (folder / "plain").mkdir()
    for number in range(_ASKED):
        (folder / "plain" / f"{number}.jpg").write_bytes(known[number % _BODIES])


def scan(root: Path) -> Any:
    """Have the folder scanned here; somebody who may see all of it."""
    from django.core.management import call_command

    from kiremisu.accounts.models import User
    from library import scanning
    from library.models import Library

    call_command("migrate", verbosity=0)
    scanning.scan(Library.objects.create(name="Pages", root=str(root)))
    return User.objects.create_superuser("keeper", password="a quiet harbour")


def places(kind: str) -> list[tuple[str, int]]:
    """2,000 pages of a kind drawn at random: the archive's name below its folder, the number."""
    pages, count, _ = KINDS[kind]
    drawn = random.Random(kind).sample(range(pages * count), _ASKED)
    return [(f"Pages {kind} c{one // pages + 1:03}.cbz", one % pages + 1) for one in drawn]


def ours(user: Any, kind: str) -> Asking:
    """Signed links to these pages."""
    from kiremisu.accounts.links import page_url
    from library.models import Chapter

    found = Chapter.objects.filter(path__startswith=f"Pages {kind}/").values_list("path", "pk")
    ids = {path.rpartition("/")[2]: pk for path, pk in found}
    return Asking([page_url(user, ids[name], number) for name, number in places(kind)], gzip=True)


def theirs(kind: str) -> Asking:
    """The same pages of the plain view."""
    return Asking([f"/{name}/{number}".replace(" ", "%20") for name, number in places(kind)])


@contextmanager
def nginx(folder: Path) -> Iterator[Web]:
    port = free_port()
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=port))
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with running(command, port) as web:
        yield web


def rows(name: str, web: Web, asking: Asking, seconds: float, found: dict[str, Any]) -> None:
    """Measure over each number of connections, and print it beside nginx."""
    measured(web, asking, [""], 8, 1)
    for width in CONNECTIONS:
        got = measured(web, asking, [""], width, seconds)
        found[f"{name}, {width}"] = got
        ratio = f"{got['rate'] / found[f'nginx, {width}']['rate']:10.2f}"
        told = "".join(f"{got[cut]:10.1f}" for cut in ("p50", "p99", "rate"))
        print(f"{name:26}{width:>6}{told}{got['busy']:10.2f}{ratio}", flush=True)


def run(asked: argparse.Namespace) -> None:
    check_wrk()
    if shutil.which("nginx") is None:
        raise SystemExit("This bench measures nginx as well; Debian has a package of that name.")
    kinds = asked.kinds.split(",") if asked.kinds else list(KINDS)
    found: dict[str, Any] = {}
    with data_folder() as folder:
        make(folder, kinds, asked.kb * 1000)
        with database(folder):
            user = scan(folder / "library")
            links = {kind: ours(user, kind) for kind in kinds}
            print(f"{'':32}{'p50':>10}{'p99':>10}{'rate':>10}{'busy':>10}{'× nginx':>10}")
            with nginx(folder) as web:
                asking = Asking([f"/{number}.jpg" for number in range(_ASKED)])
                rows("nginx", web, asking, asked.seconds, found)
            for kind in kinds:
                with unwatched() as web:
                    rows(kind, web, links[kind], asked.seconds, found)
                told = {"PLAIN_ROOT": str(folder / "library" / f"Pages {kind}")}
                with unwatched("bench.plain:application", 1, told) as web:
                    rows(f"{kind}, plain", web, theirs(kind), asked.seconds, found)
    print(json.dumps(found))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=5, help="of each kind and width")
    options.add_argument("--kb", type=int, default=300, help="of a page")
    options.add_argument("--kinds", default="", help=f"of {', '.join(KINDS)}; all unless given")
    run(options.parse_args())


if __name__ == "__main__":
    main()
