"""Every setting, with `kiremisu.limits` and, of what serves what, `kiremisu.wiring`.

docs/configuration.md lists those read from the environment.
"""

from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP

from kiremisu.lib import env
from kiremisu.limits import *  # noqa: F403 - its names are settings too
from kiremisu.server.embedded import socket_folder
from kiremisu.server.secrets import old_keys, secret_key
from kiremisu.wiring import *  # noqa: F403 - its names are settings too

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
        **(env.database_from(DATABASE_URL) if DATABASE_URL else EMBEDDED),
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
# Whether what is new after a scan is looked for there by itself, and the days after which the
# facts of a series are asked for again.
ENRICH = env.flag("KIREMISU_ENRICH", default=True)
FACTS_AGE = env.integer("KIREMISU_FACTS_AGE", 30, least=1)
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

# Commands that `up` keeps running beside the web server and the clusters.
COMPANIONS = ["watch_folders"] if env.flag("KIREMISU_WATCH", default=True) else []
JOB_WORKERS = env.integer("KIREMISU_JOBS", 2, least=1)
JOBS_WAKE = True
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

# --- what there is ---------------------------------------------------------------------

# What a program may ask of this server: the groups of operations that it has, and what else.
FEATURES = [
    "acts", "audit", "auth", "chapters", "export", "jobs", "libraries", "lists", "me", "metadata",
    "notes", "progress",
    "reading", "search", "series", "server", "uploads", "users", "watching",
    "events", "findings", "notifications", "websocket", "signed-links",
]  # fmt: skip

LOGGING_CONFIG = None
LOG_FORMAT = env.text("KIREMISU_LOG_FORMAT", "auto")
LOG_LEVEL = env.text("KIREMISU_LOG_LEVEL", "info")
