"""What pages cost without us: a plain Django view that opens the archive for each page, under
Django's own ASGI handler, and one that answers two bytes. For benches: PLAIN_ROOT is the folder
of archives.

    /<archive>/<number>     one page
    /trivial                two bytes
"""

import os
import zipfile
from pathlib import Path

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="none", ALLOWED_HOSTS=["*"])
    django.setup()


def page(_: HttpRequest, archive: str, number: int) -> HttpResponse:
    with zipfile.ZipFile(Path(os.environ["PLAIN_ROOT"]) / archive) as book:
        data = book.read(sorted(book.namelist())[number - 1])
    return HttpResponse(data, content_type="image/jpeg")


async def trivial(_: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok", content_type="text/plain")


urlpatterns = [path("<str:archive>/<int:number>", page), path("trivial", trivial)]
application = get_asgi_application()
