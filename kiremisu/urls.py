"""The URL map."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from kiremisu.api import api, docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/docs", docs, name="api-docs"),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
]
