"""`penstock start`, `ps`, `inspect`, `cancel`, `suspend` and `resume`: instances of a running server."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Annotated, Any

import typer

from penstock.cli.exits import CommandFailed, Exit
from penstock.cli.options import Json, Limit, Server, Token, TokenFile, Variables, asking, connect
from penstock.cli.output import json_text, say, say_fields, say_json, say_table
from penstock.cli.variables import parse_variables

if TYPE_CHECKING:
    from penstock.client import Client, Instance

Id = Annotated[str, typer.Argument(help="the id of the instance", metavar="ID")]


# -- what is written ------------------------------------------------------------------------------


def say_instance(instance: Instance, json: bool) -> None:
    """Write one line for an instance, or its JSON."""
    if json:
        say_json(instance)
    else:
        say(f"{instance.id}  {instance.process_id} {instance.version}  {_state(instance)}")


def _say_instances(found: list[Instance], json: bool) -> None:
    if json:
        say_json(found)
    else:
        rows = ((each.id, each.process_id, each.version, _state(each), each.started_at) for each in found)
        say_table(("ID", "PROCESS", "VERSION", "STATE", "STARTED"), rows)


def _show(view: dict[str, Any], json: bool) -> None:
    if json:
        say_json(view)
        return
    instance: Instance = view["instance"]
    say_fields(
        {
            "id": instance.id,
            "process": f"{instance.process_id} {instance.version}",
            "state": _state(instance),
            "business key": instance.business_key,
            "started": instance.started_at,
            "ended": instance.ended_at,
        }
    )
    if instance.variables:
        say("\nvariables")
        say_fields({f"  {name}": json_text(value) for name, value in instance.variables.items()})
    for waiting in view["waiting"]:
        if waiting.kind != "incident":
            more = f", due {waiting.due}" if waiting.due else ""
            more += f", may begin: {', '.join(waiting.activities)}" if waiting.activities else ""
            say(f"\nwaits at {waiting.element}: {waiting.kind.replace('_', ' ')}{more}")
    for incident in view["incidents"]:
        say(f"\nincident {incident.key} at {incident.element}: {incident.message}")
        if incident.detail:
            say(indent(incident.detail.rstrip(), "  "))
    if "history" in view:
        say("")
        say_table(
            ("AT", "EVENT", "ELEMENT"),
            ((each.at, each.event, each.element or "") for each in view["history"]),
        )


def _state(instance: Instance) -> str:
    if not instance.incidents:
        return instance.state
    return f"{instance.state}, {instance.incidents} incident{'s' if instance.incidents > 1 else ''}"


# -- the commands ----------------------------------------------------------------------------------


def start(
    alias: Annotated[str, typer.Argument(help="the alias of the workflow, or its process id or name")],
    variables: Variables = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="until it has ended or has nothing to do but wait")
    ] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0, help="how long --wait waits, in seconds", metavar="SECONDS")
    ] = 60.0,
    idempotency_key: Annotated[
        str | None, typer.Option("--idempotency-key", help="the same key starts only once", metavar="KEY")
    ] = None,
    server: Server = None,
    token: Token = None,
    token_file: TokenFile = None,
    json: Json = False,
) -> None:
    """Start an instance of a workflow, through the App API as an app would.

    A value that reads as JSON is that value, else it is a text: -v amount=12.5 -v name=Ada -v 'tags=["a"]'.
    """
    values = parse_variables(variables)
    with connect(server, token, token_file) as client:
        started = client.start(alias, values, idempotency_key=idempotency_key)
        if wait:
            _await(client, started.id, timeout, json)
        elif json:
            say_json(started)
        else:
            say(f"{started.id}  {started.model_name} {started.model_version}  {started.status or 'accepted'}")


def _await(client: Client, id: str, timeout: float, json: bool) -> None:
    settled = client.settled(id, timeout)
    instance = settled or client.instance(id)
    _show(_look(client, instance), json)
    if settled is None:
        raise CommandFailed(Exit.FAILED, f"the instance {id} is still at work after {timeout:g} s.")
    if instance.state == "cancelled" or instance.incidents:
        raise CommandFailed(Exit.FAILED)


def _look(client: Client, instance: Instance, *, history: bool = False) -> dict[str, Any]:
    view: dict[str, Any] = {"instance": instance}
    active = instance.state in ("active", "suspended")
    view["waiting"] = client.waiting(instance.id) if active else []
    view["incidents"] = client.incidents(instance.id) if instance.incidents else []
    if history:
        view["history"] = client.history(instance.id)
    return view


@asking(_say_instances)
def ps(
    client: Client,
    process: Annotated[
        str | None, typer.Option("--process", help="only of this process id", metavar="ID")
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state", help="only in this state: active, completed, cancelled, suspended", metavar="STATE"
        ),
    ] = None,
    limit: Limit = 20,
) -> list[Instance]:
    """List the newest instances."""
    return client.instances(process_id=process, states=state or (), limit=limit)


@asking(_show)
def inspect(
    client: Client,
    id: Id,
    history: Annotated[bool, typer.Option("--history", help="also everything that happened")] = False,
) -> dict[str, Any]:
    """Show an instance: its state, its variables, what it waits for and what failed."""
    return _look(client, client.instance(id), history=history)


@asking(say_instance)
def cancel(client: Client, id: Id) -> Instance:
    """Cancel an instance that has not ended."""
    return client.cancel(id)


@asking(say_instance)
def suspend(client: Client, id: Id) -> Instance:
    """Let nothing happen in an instance until it is resumed."""
    return client.suspend(id)


@asking(say_instance)
def resume(client: Client, id: Id) -> Instance:
    """Let a suspended instance go on."""
    return client.resume(id)
