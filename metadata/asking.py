"""Who asks for pages."""

from django.http import HttpRequest

from kiremisu.accounts.models import User


class Asking(HttpRequest):
    """A request when somebody is signed in; for annotations."""

    user: User
