"""The URL map."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from kiremisu.api import api, docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/docs", docs, name="api-docs"),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("", include("kiremisu.accounts.urls")),
    path("", include("reader.urls")),
    path("", include("metadata.urls")),
]

handler400 = "reader.faults.bad_request"
handler403 = "reader.faults.forbidden"
handler404 = "reader.faults.not_there"
handler500 = "reader.faults.broken"
