"""Settings: flags over `PENSTOCK_*` over `penstock.toml` over defaults, and where each value came from.

One table, the fields of `Settings`, rules the names, the types, the help and the defaults. The command line,
the environment, the file and the documentation all follow it, so they cannot disagree.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from penstock import config_readers as readers
from penstock.levels import NONE as NO_LEVELS, Levels

FILE: Final = "penstock.toml"
PREFIX: Final = "PENSTOCK_"
DATABASE_FILE: Final = "penstock.db"


class SettingsError(Exception):
    """A setting cannot be used; the message names it, its place and the remedy."""


class Layer(IntEnum):
    """Where a value may come from; the higher one goes first."""

    DEFAULT = 0
    FILE = 1
    ENVIRONMENT = 2
    FLAG = 3


class Origin(NamedTuple):
    """Where a value came from."""

    layer: Layer
    text: str
    """As a person would say it: the flag, the variable or the file."""


DEFAULT: Final = Origin(Layer.DEFAULT, "default")


TABLES: Final = ("retention",)
"""Settings whose names begin so may stand in the file as a table: `[retention]`."""


def _about(
    help: str, read: readers.Reader, *, secret: bool = False, flag: str | None = None
) -> dict[str, object]:
    return {"help": help, "read": read, "secret": secret, "named": flag}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an operator can set. Times are in seconds, sizes in bytes."""

    host: str = field(default="127.0.0.1", metadata=_about("address to listen on", readers.text))
    port: int = field(default=8080, metadata=_about("port to listen on; 0 takes a free one", readers.port))
    database: str = field(
        default="",
        metadata=_about(
            f"sqlite:///FILE, by default {DATABASE_FILE} in the project, or postgresql://USER@HOST/NAME",
            readers.database,
        ),
    )
    token: str | None = field(
        default=None,
        metadata=_about(
            "bearer token that clients must show; none leaves all open", readers.text, secret=True
        ),
    )
    token_file: Path | None = field(default=None, metadata=_about("file that holds the token", readers.path))
    user: str = field(default="1", metadata=_about("id of the user in whose name requests act", readers.text))
    processes: int = field(default=2, metadata=_about("worker processes for Python functions", readers.count))
    function_timeout: float = field(
        default=60.0,
        metadata=_about("time limit of a function that sets none: seconds or PT30S", readers.duration),
    )
    tasks: tuple[str, ...] = field(
        default=(),
        metadata=_about("functions that a worker runs, with commas between; all by default", readers.names),
    )
    lease: float = field(
        default=30.0,
        metadata=_about(
            "for how long a worker elsewhere has a job that it does not renew: seconds or PT30S",
            readers.duration,
        ),
    )
    start_ttl: float = field(
        default=30 * 24 * 3_600.0,
        metadata=_about(
            "how long a start that needs several triggers waits for them all: seconds or P30D",
            readers.duration,
        ),
    )
    body_limit: int = field(
        default=1 << 20, metadata=_about("largest request body: bytes or 4MiB", readers.size)
    )
    upload_limit: int = field(
        default=16 << 20, metadata=_about("largest deployment: bytes or 4MiB", readers.size)
    )
    log_level: str = field(
        default="info",
        metadata=_about("debug, info, warning or error", readers.one_of("debug", "info", "warning", "error")),
    )
    log_format: str = field(
        default="auto",
        metadata=_about(
            "console, json, or auto: console on a terminal", readers.one_of("auto", "console", "json")
        ),
    )
    access_log: bool = field(default=True, metadata=_about("log every request", readers.flag))
    traces: bool = field(
        default=False,
        metadata=_about(
            "send traces by OpenTelemetry, where its variables (OTEL_EXPORTER_OTLP_ENDPOINT) say",
            readers.flag,
        ),
    )
    graceful_timeout: float = field(
        default=10.0,
        metadata=_about("how long a stop waits for running work: seconds or PT30S", readers.duration),
    )
    reload: bool = field(
        default=False, metadata=_about("deploy again when a project file changes", readers.flag)
    )
    test_clock: bool = field(
        default=False, metadata=_about("let time stand still until POST /api/v1/clock", readers.flag)
    )
    retention_older_than: float | None = field(
        default=None,
        metadata=_about(
            "archive and remove instances that ended so long ago: 30d or P30D; none keeps all",
            readers.duration,
            flag="--older-than",
        ),
    )
    retention_archive: Path | None = field(
        default=None,
        metadata=_about("folder that instances are archived to, as Parquet", readers.path, flag="--archive"),
    )
    retention_every: float = field(
        default=3600.0,
        metadata=_about("how often a server looks for instances to archive: 1h or PT1H", readers.duration),
    )
    levels: Levels = field(
        default=NO_LEVELS,
        metadata=_about(
            "service levels: limits and priorities of tasks and processes, a table [levels]", readers.levels
        ),
    )
    server: str = field(
        default="",
        metadata=_about("URL of the server for client commands; host and port by default", readers.url),
    )
    folder: Path = Path()
    """The project folder, absolute; penstock.toml was looked for here."""
    origins: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))
    """Where each setting came from, by name."""


class Option(NamedTuple):
    """One line of the table of settings."""

    name: str
    default: Any
    help: str
    read: readers.Reader
    secret: bool
    named: str | None
    """Its flag, where that is not its name."""

    @property
    def variable(self) -> str:
        """The name of its environment variable."""
        return PREFIX + self.name.upper()

    @property
    def flag(self) -> str:
        """The name of its flag."""
        return self.named or "--" + self.name.replace("_", "-")


OPTIONS: Final = tuple(
    Option(each.name, each.default, **each.metadata) for each in fields(Settings) if each.metadata
)
_BY_NAME: Final = {option.name: option for option in OPTIONS}


def load(
    folder: Path,
    *,
    flags: Mapping[str, object] = MappingProxyType({}),
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """Work out the settings for a project folder.

    Arguments:
        folder: where `penstock.toml` is looked for; it may be missing.
        flags: what the command line said, by the name of the setting; None counts as not said.
        environment: the environment variables.

    Raises:
        SettingsError: a value is of the wrong kind, a key is unknown, or a file cannot be read.
    """
    folder = folder.absolute()
    values: dict[str, Any] = {}
    origins = dict.fromkeys(_BY_NAME, DEFAULT)
    for layer in (_from_file(folder), _from_environment(environment), _from_flags(flags)):
        for name, (value, origin) in layer.items():
            values[name] = value
            origins[name] = origin
    _read_token_file(values, origins)
    _check_retention(values, origins)
    values.setdefault("database", f"sqlite:///{folder / DATABASE_FILE}")
    if "server" not in values:
        values["server"] = _own_address(values.get("host", "127.0.0.1"), values.get("port", 8080))
    return Settings(**values, folder=folder, origins=MappingProxyType(origins))


def shown(settings: Settings) -> dict[str, dict[str, object]]:
    """Give the settings for people: each with its value, secrets masked, and its origin."""
    return {
        option.name: {
            "value": _plain(getattr(settings, option.name), option.secret),
            "origin": settings.origins[option.name].text,
        }
        for option in OPTIONS
    }


Found = dict[str, tuple[Any, Origin]]


def _from_file(folder: Path) -> Found:
    file = folder / FILE
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except NotADirectoryError:
        raise SettingsError(f"{folder} is a file. Give the project folder that it is in.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot read {file}: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} is not valid TOML: {error}") from None
    found: Found = {}
    for name, raw in _flat(content):
        if name not in _BY_NAME:
            raise SettingsError(f"{file}: unknown key '{name}'. Known are: {', '.join(sorted(_BY_NAME))}.")
        value = _read(_BY_NAME[name], raw, folder, f"{file}: {name}")
        found[name] = (value, Origin(Layer.FILE, str(file)))
    return found


def _flat(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give the keys and values, those of a table of settings with its name before them."""
    for name, raw in content.items():
        if name in TABLES and isinstance(raw, dict):
            yield from ((f"{name}_{key}", value) for key, value in raw.items())
        else:
            yield name, raw


def _from_environment(environment: Mapping[str, str]) -> Found:
    found: Found = {}
    for option in OPTIONS:
        raw = environment.get(option.variable)
        if raw is not None:
            value = _read(option, raw, Path.cwd(), option.variable)
            found[option.name] = (value, Origin(Layer.ENVIRONMENT, option.variable))
    return found


def _from_flags(flags: Mapping[str, object]) -> Found:
    found: Found = {}
    for name, raw in flags.items():
        if raw is not None:
            option = _BY_NAME[name]
            value = _read(option, raw, Path.cwd(), option.flag)
            found[name] = (value, Origin(Layer.FLAG, option.flag))
    return found


def _read(option: Option, raw: object, base: Path, place: str) -> Any:
    try:
        return option.read(raw, base)
    except ValueError as error:
        said = readers.MASK if option.secret else readers.without_password(repr(raw))
        raise SettingsError(f"{place} is {said}, but it must be {error}.") from None


def _read_token_file(values: dict[str, Any], origins: dict[str, Origin]) -> None:
    """Take the token from its file, unless a higher layer names the token itself."""
    file: Path | None = values.get("token_file")
    if file is None or origins["token"].layer > origins["token_file"].layer:
        return
    if origins["token"].layer == origins["token_file"].layer:
        place = origins["token_file"].text
        raise SettingsError(f"{place} sets both token and token_file. Set one of them.")
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot read the token file {file}: {error}") from None
    if not token:
        raise SettingsError(f"the token file {file} is empty. Write the token into it.")
    values["token"] = token
    origins["token"] = Origin(origins["token_file"].layer, f"{file}, {origins['token_file'].text}")


def _check_retention(values: Mapping[str, Any], origins: Mapping[str, Origin]) -> None:
    """What is removed is archived: a server is never told the one without the other."""
    if values.get("retention_older_than") is not None and values.get("retention_archive") is None:
        place = origins["retention_older_than"].text
        raise SettingsError(
            f"{place} says how long instances are kept, but not where they are archived to. "
            "Set retention_archive, or give --archive."
        )


def _own_address(host: str, port: int) -> str:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    bracketed = f"[{reachable}]" if ":" in reachable else reachable
    return f"http://{bracketed}:{port}"


def _plain(value: object, secret: bool) -> object:
    if value is None:
        return None
    if secret:
        return readers.MASK
    if isinstance(value, str):
        return readers.without_password(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Levels):
        return value.told()
    return str(value) if isinstance(value, Path) else value
