"""Readers of settings: from what a person wrote, as text or as a TOML value, to the value itself.

A reader takes the raw value and the folder that relative paths start from. What it cannot read is a
`ValueError` whose text completes the sentence "it must be ...".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from penstock.levels import Levels, read as read_levels

Reader = Callable[[object, Path], Any]

_SIZE: Final = re.compile(r"(\d+)\s*(B|KiB|MiB|GiB)?")
_UNITS: Final = {None: 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_TIME: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])", re.ASCII)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_FLAGS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_SQLITE: Final = "sqlite:///"
_POSTGRESQL: Final = ("postgresql://", "postgresql+psycopg://")

MASK: Final = "********"


def text(raw: object, _base: Path) -> str:
    """Read a text that is not empty."""
    if isinstance(raw, str) and raw.strip():
        return raw
    raise ValueError("a text that is not empty")


def flag(raw: object, _base: Path) -> bool:
    """Read true or false."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in _FLAGS:
        return _FLAGS[raw.lower()]
    raise ValueError("true or false")


def port(raw: object, _base: Path) -> int:
    """Read a TCP port; 0 stands for a free one."""
    return _whole(raw, 0, 65535, "a port from 0 to 65535")


def count(raw: object, _base: Path) -> int:
    """Read a number of things, at least one."""
    return _whole(raw, 1, 1024, "a whole number from 1 to 1024")


def size(raw: object, _base: Path) -> int:
    """Read a size in bytes: a whole number, or one with KiB, MiB or GiB."""
    match = _SIZE.fullmatch(str(raw).strip()) if isinstance(raw, int | str) else None
    if match and (number := int(match[1]) * _UNITS[match[2]]) > 0:
        return number
    raise ValueError("a size above zero, in bytes or such as 4MiB")


def duration(raw: object, _base: Path) -> float:
    """Read a time in seconds: a number, one with s, m, h or d, or an ISO 8601 duration such as PT30S."""
    seconds = _seconds(raw)
    if seconds is None or not 0 < seconds < float("inf"):
        raise ValueError("a time above zero: in seconds, such as 30d, or an ISO 8601 duration such as PT30S")
    return seconds


def path(raw: object, base: Path) -> Path:
    """Read a path; a relative one starts from `base`."""
    if isinstance(raw, Path):
        return base / raw
    if isinstance(raw, str) and raw.strip() and "\0" not in raw:
        with suppress(RuntimeError):  # `~name` of a user that there is not
            return base / Path(raw).expanduser()
    raise ValueError("a path")


def database(raw: object, base: Path) -> str:
    """Read the URL of a database; the relative path of a SQLite file starts from `base`."""
    url = raw.strip() if isinstance(raw, str) else ""
    if url.startswith(_POSTGRESQL):
        return url
    file = url.removeprefix(_SQLITE)
    if url.startswith(_SQLITE) and file != ":memory:":
        with suppress(ValueError):
            return f"{_SQLITE}{path(file, base)}"
    raise ValueError(
        "the URL of a database, such as sqlite:///penstock.db or postgresql://penstock@localhost/penstock"
    )


def without_password(url: str) -> str:
    """Give the URL of a database as it may be shown."""
    return re.sub(r"(?<=//)([^:/@]*):[^/]*(?=@)|(?<=[?&]password=)[^&]*", _hide, url)


def _hide(found: re.Match[str]) -> str:
    return MASK if found[1] is None else f"{found[1]}:{MASK}"


def url(raw: object, _base: Path) -> str:
    """Read the address of a server."""
    with suppress(ValueError):
        parts = urlsplit(raw.strip() if isinstance(raw, str) else "")
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts.geturl().rstrip("/")
    raise ValueError("the address of a server, such as http://127.0.0.1:8080")


def levels(raw: object, _base: Path) -> Levels:
    """Read service levels: a table, or a text as TOML writes one on a line."""
    if isinstance(raw, str):
        try:
            raw = tomllib.loads(f"levels = {raw}")["levels"]
        except tomllib.TOMLDecodeError:
            raw = None
    if not isinstance(raw, Mapping):
        raise ValueError("a table such as { tasks = { charge = { concurrency = 4 } } }")
    return read_levels(raw)


def names(raw: object, _base: Path) -> tuple[str, ...]:
    """Read names: a list, or a text with commas between them."""
    parts = raw.split(",") if isinstance(raw, str) else raw
    if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
        found = tuple(dict.fromkeys(part.strip() for part in parts))
        if found and all(found):
            return found
    raise ValueError("names, with commas between them")


def one_of(*choices: str) -> Reader:
    """Make a reader of one of these words."""

    def read(raw: object, _base: Path) -> str:
        if isinstance(raw, str) and raw.lower() in choices:
            return raw.lower()
        raise ValueError(f"one of {', '.join(choices)}")

    return read


def _whole(raw: object, least: int, most: int, expected: str) -> int:
    digits = str(raw).strip() if isinstance(raw, int | str) and not isinstance(raw, bool) else ""
    if digits.isascii() and digits.isdigit() and least <= int(digits) <= most:
        return int(digits)
    raise ValueError(expected)


def _seconds(raw: object) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    if isinstance(raw, str) and (match := _TIME.fullmatch(raw.strip())):
        return float(match[1]) * _SECONDS[match[2]]
    try:
        return float(raw)
    except OverflowError:
        return None
    except ValueError:
        return _iso_seconds(str(raw))


def _iso_seconds(raw: str) -> float | None:
    import msgspec

    try:
        return msgspec.convert(raw.strip(), timedelta).total_seconds()
    except msgspec.ValidationError:
        return None
