"""The curation desk: libraries and what is in them, as the database has it."""

from library.admin import chapters, contents, deeds, history, labels, libraries, series, sidecars

__all__ = ["chapters", "contents", "deeds", "history", "labels", "libraries", "series", "sidecars"]
