"""The options that commands share, so that one flag means the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from penstock.config import OPTIONS

if TYPE_CHECKING:
    from penstock.client import Client

_HELP = {option.name: option.help for option in OPTIONS}


def setting(name: str, *flags: str, metavar: str | None = None) -> Any:
    """Make the flag of a setting; its help comes from the table of settings."""
    return typer.Option(*flags or (f"--{name.replace('_', '-')}",), help=_HELP[name], metavar=metavar)


Json = Annotated[bool, typer.Option("--json", help="write the result as JSON")]
Server = Annotated[str | None, setting("server", metavar="URL")]
Token = Annotated[str | None, setting("token", metavar="TOKEN")]
TokenFile = Annotated[Path | None, setting("token_file", metavar="FILE")]


def connect(server: str | None, token: str | None, token_file: Path | None) -> Client:
    """Open the client that the flags and the settings of the current folder name.

    Raises:
        SettingsError: a setting is wrong.
    """
    from penstock.client import Client
    from penstock.config import load

    flags = {"server": server, "token": token, "token_file": token_file}
    settings = load(Path.cwd(), flags=flags)
    return Client(settings.server, settings.token)
