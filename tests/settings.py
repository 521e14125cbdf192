"""The product's settings on a data folder of this run."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from kiremisu.server import embedded


def _remove(data_dir: Path, maker: int) -> None:
    # A fork of this process inherits the wish, not the right.
    if os.getpid() == maker:
        embedded.wait_until_stopped(data_dir)
        shutil.rmtree(data_dir, ignore_errors=True)


if "KIREMISU_TEST_DATA" not in os.environ:
    # The first process of a run; the workers of pytest-xdist inherit the variable.
    os.environ["KIREMISU_TEST_DATA"] = tempfile.mkdtemp(prefix="kiremisu-tests-")
    atexit.register(_remove, Path(os.environ["KIREMISU_TEST_DATA"]), os.getpid())
os.environ["KIREMISU_DATA_DIR"] = os.environ["KIREMISU_TEST_DATA"]

# After the data folder is said, because the settings read it.
from kiremisu.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHE_DIR = Path(os.environ["KIREMISU_TEST_DATA"]) / os.environ.get("PYTEST_XDIST_WORKER", "cache")
COVERS_DIR = CACHE_DIR / "covers"
UPLOADS_DIR = CACHE_DIR / "uploads"
PICTURES_DIR = CACHE_DIR / "pictures"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Files of tests are always fresh; those about growing files say so.
SCAN_SETTLE_SECONDS = 0.0
# How full this machine's disk is does not matter; tests about that say so.
UPLOAD_RESERVE = 0
# Nobody waits for other servers; tests about turns and tries say so. None is asked but that on
# this machine which a test starts.
UPSTREAM_WINDOW, UPSTREAM_PAUSE, UPSTREAM_BACKOFF = 0.0, 0.0, 0.0
MANGADEX_URL = os.environ.get("KIREMISU_TEST_MANGADEX", "http://127.0.0.1:9")
MANGADEX_UPLOADS_URL = MANGADEX_URL
# A scan asks nobody by itself; tests about that say so.
ENRICH = False
