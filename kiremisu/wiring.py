"""What serves what, by dotted path: the kinds of jobs, and where a lower app serves what a higher
one knows. Resolved once at start.
"""

# --- jobs -----------------------------------------------------------------------------

# A kind is a generator function: see kiremisu.jobs.running.Work.
JOBS = {
    "scan": "library.tasks.scan",
    "covers": "library.tasks.make_covers",
    "texts": "library.tasks.read_texts",
    "geometry": "library.tasks.measure_pages",
    "geometry-of": "library.tasks.measure_book",
    "upload": "library.uploads.tasks.take_in",
    "expired-uploads": "library.uploads.tasks.forget_expired",
    "check": "library.tasks.check",
    "weigh": "library.tasks.weigh",
    "old-acts": "library.batches.tasks.forget_old",
    "old-answers": "metadata.tasks.forget_old_answers",
    "purged": "library.reshaping.tasks.forget_purged",
    "facts": "library.history.tasks.reconsider",
    "names": "library.naming.tasks.names",
    "match": "metadata.tasks.match_library",
    "match-series": "metadata.tasks.match_series",
    "refresh": "metadata.tasks.refresh",
    "refresh-series": "metadata.tasks.refresh_series",
    "outlines": "metadata.tasks.outlines",
    "lend-covers": "metadata.tasks.lend_covers",
    "choose-cover": "metadata.tasks.choose_cover",
    "fetch-covers": "metadata.tasks.fetch_covers",
    "watch": "metadata.watching.tasks.check",
    "watch-list": "metadata.watching.tasks.bring_in",
    "notify": "metadata.notifying.tasks.deliver",
    "notify-test": "metadata.notifying.tasks.try_out",
    "act": "library.batches.tasks.act",
    "undo": "library.history.tasks.undo",
}
# Once a night, from this hour on.
JOBS_NIGHTLY = [
    "check",
    "expired-uploads",
    "purged",
    "lend-covers",
    "old-acts",
    "old-answers",
    "outlines",
    "refresh",
]
JOBS_NIGHT = 3
JOBS_NIGHTLY_QUEUES = {
    "lend-covers": "metadata",
    "outlines": "metadata",
    "refresh": "metadata",
}
# What asks for work that is due, every few seconds.
JOBS_BY_THE_CLOCK = [
    "kiremisu.jobs.nightly.ask",
    "library.scanning.timetable.ask",
    "metadata.watching.checking.ask",
    "metadata.notifying.sending.ask",
]

# --- where a lower app serves what a higher one knows -----------------------------------

# Sources of facts: metadata.providers.Provider.
PROVIDERS = {"mangadex": "metadata.providers.mangadex.MangaDex"}
HOME_SECTIONS = [
    "reader.shelves.now",
    "reader.shelves.also_open",
    "metadata.watching.pages.on_home",
    "reader.shelves.nearly_finished",
    "reader.shelves.added",
]
# What is new behind a place of the navigation, by its name: a user → a number, None for who
# awaits nothing there.
NAVIGATION_COUNTS = {"watching": "metadata.watching.news.awaited"}
# A work of a provider, brought in before its files: (user, library, provider, its id there).
SERIES_FROM_PROVIDER = "metadata.adding.add"
# What stands below what a search found: (user, the words).
SEARCH_SECTIONS = ["metadata.world.pages.on_search"]
# What stands below the facts of a series: (user, series).
FACTS_SECTIONS = ["metadata.covering.pages.on_facts"]
# What stands beside the way into a series: (user, series).
SERIES_SECTIONS = ["metadata.watching.pages.on_series"]
# Somebody has finished these contents: (their id, the ids of these).
AFTER_FINISH = ["metadata.watching.news.finished"]
# The kinds of finding: library.findings.Kind.
FINDINGS = [
    "metadata.review.findings.MATCHES",
    "library.findings.kinds.DOUBTS",
    "library.findings.kinds.GAPS",
    "library.findings.kinds.DUPLICATES",
    "library.findings.kinds.BROKEN",
    "library.findings.kinds.SIDECARS",
    "library.findings.kinds.BESIDE",
    "library.findings.kinds.COVERS",
]
# What Activity shows besides, in the same way.
ACTIVITY_SECTIONS = ["metadata.standing.sources"]
AFTER_SCAN = ["library.outlines.after_scan", "metadata.enrichment.after_scan"]
# A file was replaced in place and no other file holds what it held: (old, new) contents.
AFTER_REPLACE = ["reader.carrying.carry_over", "reader.notes.carry_over"]
# The chapters of these series are others than they were: called with their ids.
AFTER_COUNT = ["reader.standing.recount"]
# A series was merged into another, or that was taken back: library.reshaping.following.Follow.
AFTER_MERGE = ["reader.following.FOLLOW", "metadata.watching.following.FOLLOW"]
# The ids of chapters at which people point: what was purged of those stays, unseen.
CHAPTERS_KEPT = ["reader.lists.holding.chapters"]
SERIES_CARD = ["reader.progress.card_columns"]
# What filters may ask besides what the library knows: library.filters.fields.Field.
SERIES_FILTERS = {
    "read": "reader.filtering.READ",
    "unread": "reader.filtering.UNREAD",
    "list": "reader.lists.holding.LISTED",
}
# What stands on the desk's page of a series besides: (user, series).
SERIES_AT_DESK = ["metadata.review.atdesk.on_series"]
# What series are counted by besides: library.facets.Facet.
SERIES_FACETS = {"read": "reader.filtering.READ_FACET"}
# By what series may be sorted besides: library.sorting.Sort.
SERIES_SORTS = {"unread": "reader.ordering.UNREAD", "read": "reader.ordering.LAST_READ"}
# What may be done to many series at once: (user, series, options).
SERIES_OPERATIONS = {
    "set_fields": "library.batches.operations.set_fields",
    "tag": "library.batches.operations.tag",
    "untag": "library.batches.operations.untag",
    "lock": "library.batches.operations.lock",
    "unlock": "library.batches.operations.unlock",
    "mark_read": "reader.operations.mark_read",
    "mark_unread": "reader.operations.mark_unread",
    "add_to_list": "reader.operations.add_to_list",
    "remove_from_list": "reader.operations.remove_from_list",
    "set_rating": "library.batches.operations.set_rating",
    "set_direction": "library.batches.operations.set_direction",
    "set_cover": "library.batches.operations.set_cover",
    "lock_numbers": "library.batches.numbering.lock_numbers",
    "unlock_numbers": "library.batches.numbering.unlock_numbers",
    "rescan": "library.batches.operations.rescan",
    "hide": "library.batches.operations.hide",
    "restore": "library.batches.operations.restore",
    "match": "metadata.review.operations.match",
    "refresh": "metadata.review.operations.refresh",
    "merge_into": "library.reshaping.operations.merge_into",
    "move_chapters": "library.reshaping.operations.move_chapters",
    "split_off": "library.reshaping.operations.split_off",
    "purge_missing": "library.reshaping.operations.purge_missing",
}
# What takes back what such an operation did besides changing facts, which its run does:
# (user, id of the series, memo), of the memo that the operation answered.
SERIES_UNDOS = {
    "mark_read": "reader.operations.put_back",
    "mark_unread": "reader.operations.put_back",
    "add_to_list": "reader.operations.take_off_list",
    "remove_from_list": "reader.operations.put_back_on_list",
    "set_cover": "library.batches.operations.put_back_cover",
    "lock_numbers": "library.batches.numbering.put_back",
    "unlock_numbers": "library.batches.numbering.put_back",
    "hide": "library.batches.operations.show_again",
    "restore": "library.batches.operations.hide_again",
    "match": "metadata.review.operations.unmatch",
    "refresh": "metadata.review.operations.unlearn",
    "merge_into": "library.reshaping.operations.part",
    "move_chapters": "library.reshaping.operations.put_back",
    "split_off": "library.reshaping.operations.put_back",
    "name_rule": "library.naming.changing.put_back",
    "purge_missing": "library.reshaping.operations.bring_back",
}
# What is a person's own: nobody else is told that it was done.
OWN_OPERATIONS = {"mark_read", "mark_unread", "add_to_list", "remove_from_list"}
# Which libraries people were given: (ids of people) → {person: libraries}; (user, libraries).
OPENED_TO, OPEN_TO = "library.openings.opened_to", "library.openings.open_to"
# A kind of job or a topic of events → who may know: see kiremisu.jobs.seeing.
MAY_SEE = {
    "scan": "library.scanning.may_know",
    "covers": "library.models.Library",
    "texts": "library.models.Library",
    "geometry": "library.models.Library",
    "facts": "library.models.Library",
    "names": "library.models.Library",
    "match": "library.models.Library",
    "weigh": "library.models.Library",
    "match-series": "library.models.Series",
    "refresh-series": "library.models.Series",
    "choose-cover": "library.models.Series",
    "fetch-covers": "library.models.Series",
    "upload": "library.models.Upload",
    "notify-test": "metadata.models.Channel",
    "library": "library.models.Library",
    "series": "library.models.Series",
}
# Topics whose events concern one person, whom each notice names.
OWN_EVENTS = ["progress", "notices"]
