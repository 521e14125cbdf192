from django.apps import AppConfig


class KireMisuConfig(AppConfig):
    name = "kiremisu"
    verbose_name = "KireMisu"
