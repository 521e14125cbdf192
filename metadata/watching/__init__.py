"""Watching for new chapters."""
