"""The curation desk: Django's admin, for those who curate. Each app puts its own lists there."""

from kiremisu.accounts.desk.filters import Choice, OneOf, among, since
from kiremisu.accounts.desk.rooms import Desk, asker, latest

__all__ = ["Choice", "Desk", "OneOf", "among", "asker", "latest", "since"]
