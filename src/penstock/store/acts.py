"""What users did: the audit log. Starts and what workers report are found at the instances themselves."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.store.prepared import Prepared
from penstock.store.tables import act

OPERATIONS: Final[dict[type[c.Command], str]] = {
    c.SetVariables: "set_variables",
    c.ResolveIncident: "retry",
    c.ResolveIncidents: "retry",
    c.CancelInstance: "cancel",
    c.AssignUserTask: "assign_task",
    c.UpdateUserTask: "update_task",
    c.CompleteUserTask: "complete_task",
    c.TriggerEvent: "trigger",
    c.StartAdHoc: "begin_activity",
    c.SuspendInstance: "suspend",
    c.ResumeInstance: "resume",
    c.ModifyInstance: "modify",
    c.MigrateInstance: "migrate",
    c.StartAtElement: "restart",
}
"""The commands that are acts, where a user sends them."""

DEPLOY: Final = "deploy"
ACTIVATE: Final = "activate"
DEACTIVATE: Final = "deactivate"
BATCH: Final = "batch"
TRY_FUNCTION: Final = "try_function"

LONGEST_DETAIL: Final = 500


class ActRow(msgspec.Struct, frozen=True):
    """One act of a user."""

    id: int
    at: int
    actor: str
    operation: str
    instance_id: str | None
    process_id: str | None
    detail: str
    """What it was about: names, never values."""


_COLUMNS: Final = [act.c[name] for name in ActRow.__struct_fields__]

ADD: Final = Prepared(
    sa.insert(act).values({it.name: sa.bindparam(f"a_{it.name}") for it in _COLUMNS if it.name != "id"})
)


def add(
    connection: sa.Connection,
    at: int,
    actor: str,
    operation: str,
    detail: str,
    process_id: str | None = None,
) -> None:
    """Keep an act that is about no instance."""
    ADD.do(connection, as_row(at, actor, operation, detail, None, process_id))


def as_row(
    at: int, actor: str, operation: str, detail: str, instance_id: str | None, process_id: str | None
) -> dict[str, Any]:
    """Give the values of a row that `ADD` writes."""
    return {
        "a_at": at,
        "a_actor": actor,
        "a_operation": operation,
        "a_instance_id": instance_id,
        "a_process_id": process_id,
        "a_detail": detail[:LONGEST_DETAIL],
    }


def detail_of(command: c.Command) -> str:
    """Give what a command is about: names of variables, elements, a person, a version."""
    match command:
        case c.SetVariables() | c.ResolveIncident() | c.ResolveIncidents() | c.CompleteUserTask():
            return ", ".join(command.variables)
        case c.AssignUserTask():
            return command.assignee or ""
        case c.UpdateUserTask():
            return ", ".join(command.changes)
        case c.ModifyInstance(activate, terminate):
            put = [f"+{it.element}" for it in activate]
            return ", ".join([*put, *(f"-{it.element or it.owner}" for it in terminate)])
        case c.MigrateInstance():
            return command.definition
        case c.TriggerEvent() | c.StartAdHoc() | c.StartAtElement():
            return command.element
        case _:
            return ""


def search(
    connection: sa.Connection,
    *,
    actor: str | None = None,
    operation: str | None = None,
    instance_id: str | None = None,
    since: int | None = None,
    until: int | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 100,
) -> list[ActRow]:
    """Give the acts that meet every condition, the newest first.

    Arguments:
        since: the first moment, in epoch milliseconds.
        until: the last moment, exclusive.
        after: the moment and number of the last one of the page before.
    """
    query = sa.select(*_COLUMNS).order_by(act.c.at.desc(), act.c.id.desc())
    equal = {"actor": actor, "operation": operation, "instance_id": instance_id}
    for name, value in equal.items():
        if value is not None:
            query = query.where(act.c[name] == value)
    if since is not None:
        query = query.where(act.c.at >= since)
    if until is not None:
        query = query.where(act.c.at < until)
    if after is not None:
        query = query.where(sa.tuple_(act.c.at, act.c.id) < sa.tuple_(*after))
    return [ActRow(*row) for row in connection.execute(query.limit(limit))]
