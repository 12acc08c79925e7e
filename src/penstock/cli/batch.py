"""`penstock batch`: one act for many instances, looked at before, while it runs and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from penstock.cli.exits import CommandFailed, Exit
from penstock.cli.operating import Activate, At, Mapping, Terminate, Tries
from penstock.cli.options import Limit, Variables, asking
from penstock.cli.output import say, say_fields, say_json, say_table
from penstock.cli.variables import parse_mapping, parse_variables

if TYPE_CHECKING:
    from penstock.client import Batch, BatchPreview, Client

app = typer.Typer(no_args_is_help=True, help="Do something for many instances at once.")
Id = Annotated[str, typer.Argument(help="the id of the batch", metavar="ID")]
Operation = Annotated[
    str,
    typer.Argument(help="cancel, suspend, resume, retry, modify, migrate or restart", metavar="OPERATION"),
]
Process = Annotated[
    str | None, typer.Option("--process", help="only instances of this process id", metavar="ID")
]
Instance = Annotated[
    list[str] | None,
    typer.Option("--instance", help="only this instance; may be named several times", metavar="ID"),
]
Version = Annotated[str | None, typer.Option("--of-version", help="only of this version", metavar="VERSION")]
State = Annotated[
    list[str] | None,
    typer.Option("--state", help="only in this state; by default where it can be done", metavar="STATE"),
]
BusinessKey = Annotated[
    str | None, typer.Option("--business-key", help="only with this business key", metavar="KEY")
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", help="only with this value of a variable", metavar="NAME:VALUE"),
]
From = Annotated[
    str | None, typer.Option("--from", help="only started at this moment or later", metavar="TIME")
]
Until = Annotated[str | None, typer.Option("--until", help="only started before this moment", metavar="TIME")]
Incidents = Annotated[
    bool | None,
    typer.Option("--incidents/--no-incidents", help="only with, or only without, open incidents"),
]
IncidentAt = Annotated[
    str | None,
    typer.Option("--incident-at", help="only with an incident at this element", metavar="ELEMENT"),
]
IncidentSays = Annotated[
    str | None,
    typer.Option("--incident-says", help="only with an incident that says this", metavar="TEXT"),
]
Everything = Annotated[bool, typer.Option("--all", help="for all, where no condition is named")]
To = Annotated[
    str | None,
    typer.Option("--to", help="with migrate: the key of the version, such as order:2.0.0", metavar="KEY"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="only say for how many, and what would be refused")]
Wait = Annotated[bool, typer.Option("--wait", help="until it has ended")]


# -- what is written -------------------------------------------------------------------------------


def _say_batch(batch: Batch, json: bool) -> None:
    if json:
        say_json(batch)
    else:
        progress = f"{batch.done} done, {batch.rejected} refused, of {batch.total}"
        say(f"{batch.id}  {batch.operation}  {batch.state}: {progress}")


def _say_batches(found: list[Batch], json: bool) -> None:
    if json:
        say_json(found)
        return
    heads = ("ID", "OPERATION", "STATE", "TOTAL", "DONE", "REFUSED", "CREATED")
    say_table(
        heads,
        (
            (it.id, it.operation, it.state, str(it.total), str(it.done), str(it.rejected), it.created_at)
            for it in found
        ),
    )


def _say_begun(begun: Batch | BatchPreview, json: bool) -> None:
    from penstock.client import Batch

    if isinstance(begun, Batch):
        _say_batch(begun, json)
        if begun.state != "running" and begun.rejected:
            raise CommandFailed(Exit.REFUSED)
    elif json:
        say_json(begun)
    else:
        say(f"{begun.total} found, {len(begun.refusals)} refused of the {begun.tried} tried")
        say_table(("INSTANCE", "WHY"), ((it.process_instance, it.message) for it in begun.refusals))


def _say_looked_at(view: dict[str, Any], json: bool) -> None:
    if json:
        say_json(view)
        return
    batch: Batch = view["batch"]
    say_fields(
        {
            "id": batch.id,
            "operation": batch.operation,
            "state": batch.state,
            "found": batch.total,
            "done": batch.done,
            "refused": batch.rejected,
            "made by": batch.created_by,
            "made": batch.created_at,
            "ended": batch.ended_at,
        }
    )
    if view["results"]:
        say("")
        say_table(
            ("INSTANCE", "OUTCOME", ""),
            ((it.process_instance, it.outcome, it.message or it.started or "") for it in view["results"]),
        )


# -- the commands ----------------------------------------------------------------------------------


@asking(_say_begun)
def start(
    client: Client,
    operation: Operation,
    process: Process = None,
    instance: Instance = None,
    version: Version = None,
    state: State = None,
    business_key: BusinessKey = None,
    variable: Where = None,
    started_from: From = None,
    started_until: Until = None,
    incidents: Incidents = None,
    incident_element: IncidentAt = None,
    incident_message: IncidentSays = None,
    everything: Everything = False,
    variables: Variables = None,
    tries: Tries = None,
    activate: Activate = None,
    terminate: Terminate = None,
    definition: To = None,
    mapping: Mapping = None,
    element: At = None,
    dry_run: DryRun = False,
    wait: Wait = False,
) -> Batch | BatchPreview:
    """Do something for all instances that meet every condition.

    `-v` and `--tries` go with retry, `--activate` and `--terminate` with modify, where `-v` sets variables
    where tokens are put, `--to` and `--map` with migrate, `--at` and `-v` with restart.
    """
    wanted = {
        "processId": process,
        "ids": instance,
        "version": version,
        "state": state,
        "businessKey": business_key,
        "variable": variable,
        "startedFrom": started_from,
        "startedUntil": started_until,
        "incidents": incidents,
        "incidentElement": incident_element,
        "incidentMessage": incident_message,
    }
    conditions = _given(wanted)
    if not conditions and not everything:
        raise CommandFailed(Exit.USAGE, "name a condition such as --process, or say --all.")
    values = parse_variables(variables)
    put = [{"element": it} | ({"variables": values} if values else {}) for it in activate or ()]
    asked = {
        "filter": conditions,
        "variables": {} if put else values,
        "retries": tries,
        "activate": put,
        "terminate": [{"element": it} for it in terminate or ()],
        "definitionKey": definition,
        "mapping": parse_mapping(mapping),
        "element": element,
    }
    body = {"operation": operation, "filter": {}, **_given(asked)}
    if dry_run:
        return client.preview_batch(body)
    made = client.make_batch(body)
    return client.ended_batch(made.id) if wait else made


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """Give the fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, [], {})}


@asking(_say_batches)
def ls(
    client: Client,
    state: Annotated[
        str | None,
        typer.Option("--state", help="only in this state: running, completed, stopped", metavar="STATE"),
    ] = None,
    limit: Limit = 20,
) -> list[Batch]:
    """List the newest batches."""
    return client.batches(state=state, limit=limit)


@asking(_say_looked_at)
def show(
    client: Client,
    id: Id,
    results: Annotated[
        bool, typer.Option("--results", help="also what it came to for each instance")
    ] = False,
) -> dict[str, Any]:
    """Show a batch: how far it has come, and for which instances it was refused, and why."""
    batch = client.batch(id)
    refused = batch.rejected and not results
    found = client.batch_results(id, outcome="rejected" if refused else None) if results or refused else []
    return {"batch": batch, "results": found}


@asking(_say_batch)
def stop(client: Client, id: Id) -> Batch:
    """Stop a batch; what it has done stays done."""
    return client.stop_batch(id)


app.command("start", short_help="do something for all instances that a filter finds")(start)
app.command("list", short_help="list batches")(ls)
app.command("show", short_help="show a batch, and what it refused")(show)
app.command("stop", short_help="stop a batch")(stop)
