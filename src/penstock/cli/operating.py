"""`penstock trigger`, `retry`, `modify`, `migrate` and `restart`: what an operator does in an instance."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.cli.exits import CommandFailed, Exit
from penstock.cli.instances import Id, say_instance
from penstock.cli.options import Json, Server, Token, TokenFile, connect
from penstock.cli.output import finding_line, say, say_json

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


def retry(
    incident: Annotated[str, typer.Argument(help="the key of the incident, as `inspect` shows it")],
    variables: Variables = None,
    tries: Annotated[
        int | None, typer.Option("--tries", min=1, help="how many tries its job gets", metavar="N")
    ] = None,
    server: Server = None,
    token: Token = None,
    token_file: TokenFile = None,
    json: Json = False,
) -> None:
    """Let the element of an incident try again, with variables put right first."""
    from penstock.cli.variables import parse_variables

    values = parse_variables(variables or [])
    with connect(server, token, token_file) as client:
        say_instance(client.resolve(incident, values, retries=tries), json)


def modify(
    id: Id,
    activate: Annotated[
        list[str] | None, typer.Option("--activate", help="put a token at this element", metavar="ELEMENT")
    ] = None,
    terminate: Annotated[
        list[str] | None,
        typer.Option("--terminate", help="take away what is at this element", metavar="ELEMENT"),
    ] = None,
    variables: Variables = None,
    server: Server = None,
    token: Token = None,
    token_file: TokenFile = None,
    json: Json = False,
) -> None:
    """Move the tokens of an instance, whatever the flows say; variables are set where tokens are put."""
    from penstock.cli.variables import parse_variables

    values = parse_variables(variables or [])
    with connect(server, token, token_file) as client:
        say_instance(client.modify(id, activate or [], terminate or [], values), json)


def migrate(
    id: Id,
    definition: Annotated[str, typer.Argument(help="the key of the version, such as order:2.0.0")],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="an element that has another id there", metavar="OLD=NEW"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what is in the way")] = False,
    server: Server = None,
    token: Token = None,
    token_file: TokenFile = None,
    json: Json = False,
) -> None:
    """Let an instance go on by another version, or say what is in the way."""
    names = dict(map(_pair, mapping or []))
    with connect(server, token, token_file) as client:
        migrated = client.migrate(id, definition, names, dry_run=dry_run)
    if json:
        say_json(migrated)
    else:
        for finding in migrated.findings:
            say(finding_line(finding))
        say_instance(migrated, json)
    if migrated.findings:
        raise CommandFailed(Exit.REFUSED)


def _pair(text: str) -> tuple[str, str]:
    old, separator, new = text.partition("=")
    if not (old and separator and new):
        raise CommandFailed(Exit.USAGE, f"the mapping '{text}' is not of the form OLD=NEW.")
    return old, new


def restart(
    id: Id,
    element: Annotated[
        str | None,
        typer.Option("--at", help="where; by default the start event of the process", metavar="ELEMENT"),
    ] = None,
    variables: Variables = None,
    server: Server = None,
    token: Token = None,
    token_file: TokenFile = None,
    json: Json = False,
) -> None:
    """Start anew where an instance has ended, with the variables that it had."""
    from penstock.cli.variables import parse_variables

    values = parse_variables(variables or [])
    with connect(server, token, token_file) as client:
        say_instance(client.restart(id, element, values), json)
