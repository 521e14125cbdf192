from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kiremisu.accounts"
    label = "accounts"
    verbose_name = "Accounts"
