from django.apps import AppConfig
from django.contrib.admin import apps


class AccountsConfig(AppConfig):
    name = "kiremisu.accounts"
    label = "accounts"
    verbose_name = "Accounts"


class DeskConfig(apps.AdminConfig):
    """Django's admin, as the curation desk."""

    default = False
    default_site = "kiremisu.accounts.desk.site.Site"
