"""Settings from the environment. Every name read here stands in docs/configuration.md."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off", ""}


class Misconfigured(Exception):
    """A setting in the environment makes no sense; the sentence says which and why."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def secret(name: str, default: str = "") -> str:
    """A secret from NAME, or from the file named in NAME_FILE (Docker's secrets)."""
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return text(name, default)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Misconfigured(f"{name}_FILE cannot be read: {error.strerror}.") from error


def integer(name: str, default: int, least: int = 0) -> int:
    raw = text(name)
    if not raw:
        return default
    if not raw.isdecimal() or int(raw) < least:
        raise Misconfigured(f"{name} must be a whole number from {least} up, not {raw!r}.")
    return int(raw)


def flag(name: str, default: bool = False) -> bool:
    raw = text(name, "yes" if default else "no").casefold()
    if raw not in _YES | _NO:
        raise Misconfigured(f"{name} must be yes or no, not {raw!r}.")
    return raw in _YES


def listing(name: str, separator: str = ",") -> list[str]:
    """A list, separated by commas unless said; empty parts are dropped."""
    return [part.strip() for part in text(name).split(separator) if part.strip()]


def path(name: str, default: Path) -> Path:
    raw = text(name)
    return Path(raw).expanduser().absolute() if raw else default


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Addresses and networks (10.0.0.0/8), separated by commas."""
    try:
        return [ip_network(part) for part in listing(name)]
    except ValueError as error:
        raise Misconfigured(f"{name} must list addresses and networks: {error}.") from error


def database_from(url: str) -> dict[str, object]:
    """A postgres:// URL as Django wants it; query parameters go to libpq."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Misconfigured("DATABASE_URL must begin with postgres:// or postgresql://.")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")) or "kiremisu",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "OPTIONS": {"server_side_binding": True, **options},
    }
