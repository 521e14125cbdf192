"""Where each person is, how they read, what they mark, write and list."""

from reader.models.lists import ENTRIES, LISTS, List, ListEntry, ListEntryQuery, ListQuery
from reader.models.marks import NOTE, NOTES, TAG, TAGS, Bookmark, MarkQuery, Note
from reader.models.places import (
    SAME_READING,
    PagePairing,
    Progress,
    ProgressQuery,
    Reader,
    ReadingSettings,
    Standing,
)

__all__ = [
    "ENTRIES",
    "LISTS",
    "NOTE",
    "NOTES",
    "SAME_READING",
    "TAG",
    "TAGS",
    "Bookmark",
    "List",
    "ListEntry",
    "ListEntryQuery",
    "ListQuery",
    "MarkQuery",
    "Note",
    "PagePairing",
    "Progress",
    "ProgressQuery",
    "Reader",
    "ReadingSettings",
    "Standing",
]
