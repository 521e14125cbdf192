"""Every setting on one page. docs/configuration.md lists those read from the environment."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.csp import CSP

from kiremisu.lib import env
from kiremisu.server.embedded import socket_folder
from kiremisu.server.secrets import old_keys, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# --- where things lie -----------------------------------------------------------------

DATA_DIR = env.path("KIREMISU_DATA_DIR", Path.home() / ".local/share/kiremisu")
CACHE_DIR = env.path("KIREMISU_CACHE_DIR", DATA_DIR / "cache")
COVERS_DIR = CACHE_DIR / "covers"
UPLOADS_DIR = DATA_DIR / "uploads"
# Covers that people sent.
PICTURES_DIR = DATA_DIR / "pictures"
LIBRARY_ROOTS = [Path(root) for root in env.listing("KIREMISU_LIBRARY_ROOTS", ":")]

# --- Django ---------------------------------------------------------------------------

DEBUG = env.flag("KIREMISU_DEBUG")
SECRET_KEY = env.secret("KIREMISU_SECRET_KEY") or secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = old_keys(env.secret("KIREMISU_OLD_SECRET_KEYS"))
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env.listing("KIREMISU_HOSTS")]
CSRF_TRUSTED_ORIGINS = env.listing("KIREMISU_TRUSTED_ORIGINS")
ROOT_URLCONF = "kiremisu.urls"
ASGI_APPLICATION = "kiremisu.asgi.application"
WSGI_APPLICATION = "kiremisu.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
LANGUAGE_CODE = "en"
TIME_ZONE = env.text("KIREMISU_TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True

INSTALLED_APPS = [
    "kiremisu.accounts.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "ninja",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "kiremisu",
    "kiremisu.accounts",
    "kiremisu.jobs",
    "django_q",  # after ours, whose qcluster command takes the place of its own
    "library",
    "reader",
    "metadata",
]

MIDDLEWARE = [
    "kiremisu.problems.middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "kiremisu.conditional.middleware",
    "kiremisu.repeats.middleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kiremisu.accounts.behalf.middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "library.reshaping.forwarding.middleware",
    "reader.faults.Refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["reader.templatetags.marks"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reader.navigation.navigation",
            ],
        },
    },
]

# --- database -------------------------------------------------------------------------

DATABASE_URL = env.secret("DATABASE_URL")


def database_from(url: str) -> dict[str, object]:
    """A postgres:// URL as Django wants it; query parameters go to libpq."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise env.Misconfigured("DATABASE_URL must begin with postgres:// or postgresql://.")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")) or "kiremisu",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "OPTIONS": {"server_side_binding": True, **options},
    }


EMBEDDED = {
    "NAME": "kiremisu",
    "USER": "kiremisu",
    "HOST": str(socket_folder(DATA_DIR)),
    # Planned once for many times. Not so elsewhere, where a pooler may stand between.
    "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3},
}
DATABASES = {
    "default": {
        "ENGINE": "kiremisu.lib.postgres",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": "test_kiremisu"},
        **(database_from(DATABASE_URL) if DATABASE_URL else EMBEDDED),
    }
}
# How many requests of one process may be inside Django at once; each owns a connection.
REQUEST_THREADS = env.integer("KIREMISU_THREADS", 8, least=1)

# --- caches ---------------------------------------------------------------------------

# Answers that hang on versions (library.freshness): shared in a table, or in Redis.
CACHE_URL = env.secret("KIREMISU_CACHE_URL")
_TABLE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "kiremisu_cache",
    "OPTIONS": {"MAX_ENTRIES": 20_000},
}
_REDIS = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": CACHE_URL,
    "KEY_PREFIX": "kiremisu",
    # A cache that does not answer at once is none.
    "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
}
CACHES = {
    "default": _REDIS if CACHE_URL else _TABLE,
    # Small facts, in the memory of each process.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

# --- sessions, passwords, tokens ------------------------------------------------------

SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = env.flag("KIREMISU_HTTPS")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "reader.faults.old_form"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("KIREMISU_BEHIND_PROXY") else None
)
# Whose X-Forwarded-For is believed.
PROXIES = env.networks("KIREMISU_PROXIES")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SESSION_COOKIE_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "style-src": [CSP.SELF, CSP.NONCE],
    "script-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": (
        "rest_framework_simplejwt.authentication.JWTAuthentication",
    ),
    "DEFAULT_RENDERER_CLASSES": ("rest_framework.renderers.JSONRenderer",),
    "DEFAULT_PARSER_CLASSES": ("rest_framework.parsers.JSONParser",),
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=30),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "CHECK_REVOKE_TOKEN": True,
    "ALGORITHM": "HS256",
    "SIGNING_KEY": SECRET_KEY,
    "ISSUER": "kiremisu",
    "UPDATE_LAST_LOGIN": True,
}

# What other services gave us to use again, by name; kept encrypted.
# Models with secrets of people in a field `sealed`.
SEALED = ["metadata.models.Channel"]
SECRETS = {"mangadex_token": "Personal token of MangaDex, for what it shows to its members alone"}

# --- other servers --------------------------------------------------------------------

# Who we say we are.
USER_AGENT = f"KireMisu/{VERSION} (self-hosted manga reader)"
# Sources of facts: metadata.providers.Provider.
# Whether what is new after a scan is looked for there by itself, and the days after which the
# facts of a series are asked for again.
ENRICH = env.flag("KIREMISU_ENRICH", default=True)
FACTS_AGE = env.integer("KIREMISU_FACTS_AGE", 30, least=1)
PROVIDERS = {"mangadex": "metadata.providers.mangadex.MangaDex"}
MANGADEX_URL = env.text("KIREMISU_MANGADEX_URL", "https://api.mangadex.org").rstrip("/")
MANGADEX_UPLOADS_URL = env.text(
    "KIREMISU_MANGADEX_UPLOADS_URL", "https://uploads.mangadex.org"
).rstrip("/")
# Of any UPSTREAM_WINDOW seconds one server gets no more calls than there are turns, from all
# processes together; seconds between two calls besides.
UPSTREAM_TURNS, UPSTREAM_WINDOW, UPSTREAM_PAUSE = 3, 1.0, 0.37
# Seconds: to connect and between two bytes; of one call in all. Tries, and the pause between them.
UPSTREAM_TIMEOUT, UPSTREAM_SECONDS = 10.0, 30.0
UPSTREAM_TRIES, UPSTREAM_BACKOFF = 3, 0.5
# Failures in a row after which a server is left alone, and for how many seconds.
UPSTREAM_FAILURES, UPSTREAM_REST = 6, 60
# Bytes of an answer, and of a cover.
UPSTREAM_LIMIT, COVER_LIMIT = 8 << 20, 16 << 20
# Answers that are kept, and for how long.
ANSWERS_MOST, ANSWER_DAYS = 50_000, 30
# Covers of providers that are kept.
ARTWORK_MOST = 20_000
# Hosts (with a port, or at the usual ones) that people's own Apprise URLs may lead to; channels of
# one person; seconds in which what is new gathers for one message, and in which it grows too old.
APPRISE_HOSTS = env.listing("KIREMISU_APPRISE_HOSTS")
CHANNELS_EACH, CHANNEL_GATHERS, CHANNEL_AGES = 10, 30, 60 * 60 * 24

# --- static files ---------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "kiremisu.outer.static.HashedFiles"},
}

# --- jobs -----------------------------------------------------------------------------

# A kind is a generator function: see kiremisu.jobs.running.Work.
JOBS = {
    "scan": "library.tasks.scan",
    "covers": "library.tasks.make_covers",
    "texts": "library.tasks.read_texts",
    "upload": "library.uploads.tasks.take_in",
    "expired-uploads": "library.uploads.tasks.forget_expired",
    "check": "library.tasks.check",
    "weigh": "library.tasks.weigh",
    "old-acts": "library.batches.tasks.forget_old",
    "old-answers": "metadata.tasks.forget_old_answers",
    "purged": "library.reshaping.tasks.forget_purged",
    "facts": "library.history.tasks.reconsider",
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
# Commands that `up` keeps running beside the web server and the clusters.
COMPANIONS = ["watch_folders"] if env.flag("KIREMISU_WATCH", default=True) else []
JOB_WORKERS = env.integer("KIREMISU_JOBS", 2, least=1)
# Seconds: how often a worker says that it lives, when it counts as dead, how often we look.
JOB_HEARTBEAT, JOB_LEASE, JOB_SWEEP = 5, 20, 15
# A failed job is tried so often, the first pause so many seconds long, each four times longer.
JOB_TRIES, JOB_PAUSE = 3, 10
# Workers that may die at a job before it is left alone: with no effect between, and ever.
JOB_DEATHS, JOB_ALL_DEATHS = 2, 10
# Seconds: a batch longer than this hangs; one wake-up works so long before it asks for the next.
JOB_STEP_LIMIT, JOB_WAKE_LENGTH = 300, 600
JOBS_WAKE = True
# Event streams at once, of one person and of one process.
EVENT_STREAMS_EACH, EVENT_STREAMS = 20, 1000
_CLUSTER = {
    "orm": "default",
    "bulk": 1,
    "poll": 0.5,
    # A wake-up lasts as long as there is work; hangs are ours to find (JOB_STEP_LIMIT).
    "timeout": 3600,
    "retry": 3700,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,
    "scheduler": False,
    "daemonize_workers": False,
    "label": "Wake-ups",
}
Q_CLUSTER = {
    **_CLUSTER,
    "name": "default",
    "workers": JOB_WORKERS,
    "ALT_CLUSTERS": {"metadata": {**_CLUSTER, "workers": 1}},
}

# --- limits (PRODUCT: one place, each tested at the limit and one past it) --------------

BODY_LIMIT = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT
PER_PAGE, PER_PAGE_MOST = 20, 100
BATCH_MOST = 100
# How long a hidden series can be shown again, and a purged chapter brought back.
RESTORABLE = timedelta(days=30)
# So long what was done to series is kept, to be taken back; these for as long as they stand.
ACTS_KEPT, ACTS_NOT_FORGOTTEN = timedelta(days=90), ["merge_into"]
COVER_WIDTHS = (200, 400, 600)
# A file changed more recently may still be growing: a scan looks at it twice.
SCAN_SETTLE_SECONDS = 2.0
PAGE_WIDTHS = (240, 800, 1200, 1600)
# Bytes on disk for pages that were unpacked, rendered or scaled.
PAGE_CACHE_LIMIT = 2 << 30
# Uploads: bytes of one file; of one person's files that are in no library yet, and how many of
# these; bytes of the data folder's disk, and of a library's, that no upload takes; how long one
# is kept after its last byte.
UPLOAD_LIMIT = env.integer("KIREMISU_UPLOAD_LIMIT", 4096, least=1) << 20
UPLOAD_QUOTA = env.integer("KIREMISU_UPLOAD_QUOTA", 16384, least=1) << 20
UPLOADS_EACH = 100
UPLOAD_RESERVE = env.integer("KIREMISU_UPLOAD_RESERVE", 1024) << 20
UPLOAD_HOURS = env.integer("KIREMISU_UPLOAD_HOURS", 72, least=1)
# What a program may ask of this server: the groups of operations that it has, and what else.
FEATURES = [
    "acts", "audit", "auth", "chapters", "export", "jobs", "libraries", "lists", "me", "metadata",
    "notes", "progress",
    "reading", "search", "series", "server", "uploads", "users", "watching",
    "events", "findings", "notifications", "websocket", "signed-links",
]  # fmt: skip

# --- where a lower app serves what a higher one knows (dotted paths, resolved once) ---

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
    "facts": "library.models.Library",
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

LOGGING_CONFIG = None
LOG_FORMAT = env.text("KIREMISU_LOG_FORMAT", "auto")
LOG_LEVEL = env.text("KIREMISU_LOG_LEVEL", "info")
