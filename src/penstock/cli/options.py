"""The options that commands share, so that one flag means the same everywhere."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, Final, ParamSpec, TypeVar, get_type_hints

import typer

from penstock.config import OPTIONS

if TYPE_CHECKING:
    from penstock.client import Client

P = ParamSpec("P")
T = TypeVar("T")

_HELP = {option.name: option.help for option in OPTIONS}


def setting(name: str, *flags: str, metavar: str | None = None) -> Any:
    """Make the flag of a setting; its help comes from the table of settings."""
    return typer.Option(*flags or (f"--{name.replace('_', '-')}",), help=_HELP[name], metavar=metavar)


Json = Annotated[bool, typer.Option("--json", help="write the result as JSON")]
Server = Annotated[str | None, setting("server", metavar="URL")]
Token = Annotated[str | None, setting("token", metavar="TOKEN")]
TokenFile = Annotated[Path | None, setting("token_file", metavar="FILE")]
Variables = Annotated[
    list[str] | None,
    typer.Option("-v", "--variable", help="name=value, name=@file.json or @file.json", metavar="A=1"),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="how many at most")]

_SHARED: Final = {
    "server": (Server, None),
    "token": (Token, None),
    "token_file": (TokenFile, None),
    "json": (Json, False),
}
"""The options that every command has that asks a server, and their defaults."""


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


def asking(
    show: Callable[[T, bool], None],
) -> Callable[[Callable[Concatenate[Client, P], T]], Callable[..., None]]:
    """Make a command of a function that asks a server.

    The function takes the client first, then the command's own arguments, and gives the answer. The command
    takes the options that all share in the client's place.

    Arguments:
        show: writes the answer, as text or, where its second argument says so, as JSON.
    """

    def make(ask: Callable[Concatenate[Client, P], T]) -> Callable[..., None]:
        asked: Callable[..., T] = ask

        def command(
            *, server: str | None, token: str | None, token_file: Path | None, json: bool, **arguments: Any
        ) -> None:
            with connect(server, token, token_file) as client:
                answer = asked(client, **arguments)
            show(answer, json)

        made: Any = command
        own = list(inspect.signature(ask).parameters.values())[1:]
        made.__annotations__ = {it.name: it.annotation for it in own}
        # The client's type is not there to be looked up: its module is imported when the command runs.
        hints = get_type_hints(made, ask.__globals__, include_extras=True)
        parameters = [it.replace(annotation=hints[it.name]) for it in own]
        for name, (annotation, default) in _SHARED.items():
            hints[name] = annotation
            kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
            parameters.append(inspect.Parameter(name, kind, default=default, annotation=annotation))
        made.__annotations__ = hints
        made.__signature__ = inspect.Signature(parameters)
        made.__doc__ = ask.__doc__
        return command

    return make
