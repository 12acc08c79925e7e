"""`penstock trigger`, `retry`, `modify`, `migrate` and `restart`: what an operator does in an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from penstock.cli.exits import CommandFailed, Exit
from penstock.cli.instances import Id, say_instance
from penstock.cli.options import Variables, asking
from penstock.cli.output import finding_line, say, say_json
from penstock.cli.variables import parse_mapping, parse_variables

if TYPE_CHECKING:
    from penstock.client import Client, Instance, Migrated

Tries = Annotated[int | None, typer.Option("--tries", min=1, help="how many tries its job gets", metavar="N")]
Activate = Annotated[
    list[str] | None, typer.Option("--activate", help="put a token at this element", metavar="ELEMENT")
]
Terminate = Annotated[
    list[str] | None,
    typer.Option("--terminate", help="take away what is at this element", metavar="ELEMENT"),
]
Mapping = Annotated[
    list[str] | None,
    typer.Option("--map", help="an element that has another id there", metavar="OLD=NEW"),
]
At = Annotated[
    str | None,
    typer.Option("--at", help="where; by default the start event of the process", metavar="ELEMENT"),
]


@asking(say_instance)
def trigger(
    client: Client,
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
) -> Instance:
    """Let an event happen that an instance waits for, or begin an activity of an ad-hoc sub-process."""
    return client.trigger(id, element, parse_variables(variables), element_instance=within)


@asking(say_instance)
def retry(
    client: Client,
    incident: Annotated[str, typer.Argument(help="the key of the incident, as `inspect` shows it")],
    variables: Variables = None,
    tries: Tries = None,
) -> Instance:
    """Let the element of an incident try again, with variables put right first."""
    return client.resolve(incident, parse_variables(variables), retries=tries)


@asking(say_instance)
def modify(
    client: Client,
    id: Id,
    activate: Activate = None,
    terminate: Terminate = None,
    variables: Variables = None,
) -> Instance:
    """Move the tokens of an instance, whatever the flows say; variables are set where tokens are put."""
    return client.modify(id, activate or [], terminate or [], parse_variables(variables))


def _say_migrated(migrated: Migrated, json: bool) -> None:
    if json:
        say_json(migrated)
    else:
        for finding in migrated.findings:
            say(finding_line(finding))
        say_instance(migrated, json)
    if migrated.findings:
        raise CommandFailed(Exit.REFUSED)


@asking(_say_migrated)
def migrate(
    client: Client,
    id: Id,
    definition: Annotated[str, typer.Argument(help="the key of the version, such as order:2.0.0")],
    mapping: Mapping = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what is in the way")] = False,
) -> Migrated:
    """Let an instance go on by another version, or say what is in the way."""
    return client.migrate(id, definition, parse_mapping(mapping), dry_run=dry_run)


@asking(say_instance)
def restart(client: Client, id: Id, element: At = None, variables: Variables = None) -> Instance:
    """Start anew where an instance has ended, with the variables that it had."""
    return client.restart(id, element, parse_variables(variables))
