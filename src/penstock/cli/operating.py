"""`penstock trigger`: what an operator does in an instance of a running server."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.cli.instances import Id, say_instance
from penstock.cli.options import Json, Server, Token, TokenFile, connect

Variables = Annotated[
    list[str] | None,
    typer.Option("-v", "--variable", help="name=value, name=@file.json or @file.json", metavar="A=1"),
]


def trigger(
    id: Id,
    element: Annotated[
        str, typer.Argument(help="the event, or the activity of an ad-hoc sub-process", metavar="ELEMENT")
    ],
    variables: Variables = None,
    within: Annotated[
        int | None,
        typer.Option(
            "--in", help="the element instance that waits, or the ad-hoc sub-process", metavar="KEY"
        ),
    ] = None,
    server: Server = None,
    token: Token = None,
    token_file: TokenFile = None,
    json: Json = False,
) -> None:
    """Let an event happen that an instance waits for, or begin an activity of an ad-hoc sub-process."""
    from penstock.cli.variables import parse_variables

    values = parse_variables(variables or [])
    with connect(server, token, token_file) as client:
        say_instance(client.trigger(id, element, values, element_instance=within), json)
