"""The key that signs cookies, tokens and page links: made once for each data folder."""

import os
import secrets
import tempfile
from pathlib import Path

from kiremisu.lib.env import Misconfigured

_SHORTEST = 32


def secret_key(data_dir: Path) -> str:
    """The key in `secret.key` of this folder, made by whoever asks first."""
    file = data_dir / "secret.key"
    try:
        key = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = _make(file)
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{file} cannot be read: {error}.") from error
    return checked(key, str(file))


def checked(key: str, source: str) -> str:
    """The same key, unless anybody could guess it. Raises Misconfigured."""
    if len(key) < _SHORTEST or len(set(key)) < 10:
        raise Misconfigured(
            f"The secret key in {source} is too simple: it needs {_SHORTEST} random characters."
        )
    return key


def old_keys(told: str) -> list[str]:
    """Keys that sign nothing any more and still open what they signed or sealed, separated by
    spaces or lines. Raises Misconfigured."""
    return [checked(key, "KIREMISU_OLD_SECRET_KEYS") for key in told.split()]


def _make(file: Path) -> str:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    # Readable by its owner alone, and nobody else's even among threads.
    handle, name = tempfile.mkstemp(prefix="secret.key.", dir=file.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as written:
            written.write(key)
        # Several may start at once on an empty folder: the first link wins.
        os.link(aside, file)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    finally:
        aside.unlink()
    return key
