"""Telling who watches that something changed. `listen` hears it in this process."""

from kiremisu.lib.notices import Notice, announce, listen

__all__ = ["Notice", "announce", "listen"]
