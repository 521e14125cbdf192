"""The request of a page, when somebody is signed in."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from kiremisu.accounts.models import User


class Asking(HttpRequest):
    """What the middleware and `login_required` make of a request; for annotations."""

    user: User
    htmx: HtmxDetails
