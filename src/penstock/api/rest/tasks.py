"""User tasks: found, claimed, assigned, updated, completed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import msgspec
import sqlalchemy as sa

from penstock.api.errors import ApiError
from penstock.api.http import AnyCall, Call, Reply
from penstock.api.idempotency import carried_out, idempotency
from penstock.api.keys import join_key, no_such, split_key
from penstock.api.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, page, read_cursor
from penstock.api.queries import NoQuery
from penstock.api.rest import forms
from penstock.api.rest.values import Body, Shape, ValueQuery, WithVariables, shown_variables, taken
from penstock.api.times import iso, iso_or_none, moment
from penstock.kernel.commands import AssignUserTask, Command, CompleteUserTask, UpdateUserTask
from penstock.kernel.definition import Value
from penstock.kernel.variables import seen_by
from penstock.kernel.work import TaskEvent, task_event
from penstock.runtime.requests import Request
from penstock.store import states, task_drafts, user_tasks
from penstock.store.rows import UserTaskRow

State = Literal["creating", "open", "completed", "cancelled"]
WAIT_S: Final = 10.0
"""For how long a change of a task waits for the task's listeners before it is answered with 202."""

LOOK_S: Final = 0.05
User = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the state of its instance says of a task that has not ended."""

    variables: dict[str, Value]
    """What it sees."""
    changing: TaskEvent | None
    """The change before which its listeners run just now."""
    turns: int
    denied: str | None


class TaskQuery(ValueQuery, frozen=True):
    """Which tasks are wanted."""

    state: State | None = None
    process_instance: str | None = None
    element: str | None = None
    name: str | None = None
    assignee: str | None = None
    candidate_user: str | None = None
    candidate_group: Annotated[
        list[str], msgspec.Meta(max_length=50, description="One or several, of which the task has one.")
    ] = msgspec.field(default_factory=list)
    assigned: Annotated[bool, msgspec.Meta(description="Whether somebody has it.")] | None = None
    due_before: Annotated[str, msgspec.Meta(description="ISO 8601: it is due before this.")] | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class Task(Shape, frozen=True):
    """A user task as it stands."""

    id: str
    name: str
    element: str
    process_instance: str
    state: State
    assignee: str | None
    candidate_users: list[str]
    candidate_groups: list[str]
    created_at: str
    due_at: str | None
    follow_up_at: str | None
    priority: int
    form: str | None
    changing: TaskEvent | None
    """What its listeners run before just now; nothing else may be done to it meanwhile."""
    variables: dict[str, Any] | None
    """What the task sees; null once it has ended."""


class Claim(Body, frozen=True):
    """Who takes the task."""

    user: User


class Assignment(Body, frozen=True):
    """Who gets the task; null is nobody."""

    user: User | None


class Update(Body, frozen=True):
    """What becomes of the task; null leaves an attribute as it is."""

    candidate_users: list[User] | None = None
    candidate_groups: list[User] | None = None
    due_at: Annotated[str, msgspec.Meta(description="ISO 8601; an empty text for none.")] | None = None
    follow_up_at: Annotated[str, msgspec.Meta(description="ISO 8601; an empty text for none.")] | None = None
    priority: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None


async def search(call: Call[TaskQuery, None]) -> Reply:
    """Give the tasks that meet every condition, the newest first."""
    query = call.query
    after = read_cursor(query.cursor, tuple[Moment, str, Moment])
    due_before = None if query.due_before is None else moment(query.due_before, "dueBefore")
    rows, seen = await call.runtime.read(_search, query, after, due_before)
    return Reply(
        page(
            rows,
            query.limit,
            lambda row: _shown(query, row, seen.get((row.instance_id, row.key))),
            lambda row: (row.created_at, row.instance_id, row.key),
        )
    )


def _search(
    connection: sa.Connection, query: TaskQuery, after: tuple[int, str, int] | None, due_before: int | None
) -> tuple[list[UserTaskRow], dict[tuple[str, int], Seen]]:
    rows = user_tasks.search(
        connection,
        state=query.state,
        instance_id=query.process_instance,
        element=query.element,
        name=query.name,
        assignee=query.assignee,
        candidate_user=query.candidate_user,
        candidate_groups=query.candidate_group,
        assigned=query.assigned,
        due_before=due_before,
        after=after,
        limit=query.limit + 1,
    )
    return rows, _seen(connection, rows[: query.limit])


def _seen(connection: sa.Connection, rows: Iterable[UserTaskRow]) -> dict[tuple[str, int], Seen]:
    """Give what the state says of each task that has not ended, by its instance and key."""
    found: dict[tuple[str, int], Seen] = {}
    by_instance: dict[str, list[UserTaskRow]] = {}
    for row in rows:
        if row.state in _LIVE:
            by_instance.setdefault(row.instance_id, []).append(row)
    for instance_id, tasks in by_instance.items():
        instance = states.load(connection, instance_id)
        assert instance is not None, f"instance {instance_id} has a task and no state"
        for row in tasks:
            scope, element = instance.scope(row.scope), instance.find(row.scope, row.owner)
            assert scope is not None, f"scope {row.scope} of {instance_id} has a task and no state"
            assert element is not None, f"element {row.owner} of {instance_id} has a task and no state"
            task, listening = element.task, element.listening
            assert task is not None, f"user task {row.key} of {instance_id} has no state"
            changing = None if listening is None else task_event(listening.event)
            variables = dict(seen_by(instance, scope, element))
            found[instance_id, row.key] = Seen(variables, changing, task.turns, task.denied)
    return found


async def get(call: Call[ValueQuery, None]) -> Reply:
    """Give one task.

    Raises:
        ApiError: 404, there is no such task.
    """
    row, seen = await _find(call)
    return Reply(_shown(call.query, row, seen))


async def _find(call: AnyCall) -> tuple[UserTaskRow, Seen | None]:
    """Give the task that the path names, with the variables that it sees while it is open."""
    found = await call.runtime.read(_task, *split_key(call.path["task"], "user task"))
    if found is None:
        raise no_such(call.path["task"], "user task")
    return found


def _task(connection: sa.Connection, instance_id: str, key: int) -> tuple[UserTaskRow, Seen | None] | None:
    row = user_tasks.find(connection, instance_id, key)
    return None if row is None else (row, _seen(connection, [row]).get((instance_id, key)))


def _shown(query: ValueQuery, row: UserTaskRow, seen: Seen | None) -> Task:
    return Task(
        join_key(row.instance_id, row.key),
        row.name,
        row.element,
        row.instance_id,
        row.state,
        row.assignee,
        row.candidate_users,
        row.candidate_groups,
        iso(row.created_at),
        iso_or_none(row.due_at),
        iso_or_none(row.follow_up_at),
        row.priority,
        row.form,
        None if seen is None else seen.changing,
        None if seen is None else shown_variables(query, seen.variables),
    )


# -- changing --------------------------------------------------------------------------------------


async def claim(call: Call[ValueQuery, Claim]) -> Reply:
    """Take a task that nobody else has.

    Raises:
        ApiError: 404, there is no such task; 409, somebody else has it, or it has ended.
    """
    user = call.body.user
    return await _change(call, lambda row: AssignUserTask(row.scope, row.owner, row.key, user, claim=True))


async def assign(call: Call[ValueQuery, Assignment]) -> Reply:
    """Give a task to somebody, or to nobody.

    Raises:
        ApiError: 404, there is no such task; 409, it has ended.
    """
    user = call.body.user
    return await _change(call, lambda row: AssignUserTask(row.scope, row.owner, row.key, user))


async def update(call: Call[ValueQuery, Update]) -> Reply:
    """Change attributes of a task.

    Raises:
        ApiError: 400, a date is none; 404, there is no such task; 409, it has ended, its listeners run, or
            one of them denied the change.
    """
    changes: dict[str, Any] = {
        name: it for name, it in msgspec.structs.asdict(call.body).items() if it is not None
    }
    for name in ("due_at", "follow_up_at"):
        if text := changes.get(name):
            moment(text, name)
    return await _change(call, lambda row: UpdateUserTask(row.scope, row.owner, row.key, changes))


async def get_form(call: Call[NoQuery, None]) -> Reply:
    """Give the form of a task, in the version that was the latest one when the task was opened.

    Raises:
        ApiError: 404, there is no such task, or it has no form that is deployed.
    """
    row, _ = await _find(call)
    return Reply(await forms.of_task(call, row))


async def complete(call: Call[ValueQuery, WithVariables]) -> Reply:
    """Say that a task is done; where it has a form, that checks the variables by its rules.

    Raises:
        ApiError: 404, there is no such task; 409, it has ended; 422, its form does not accept the variables.
    """
    variables = taken(call.body.variables)
    row, seen = await _find(call)
    if seen is not None:
        variables = await forms.check_task(call, row, variables, seen.variables)
    reply = await _send(call, row, seen, CompleteUserTask(row.scope, row.owner, row.key, variables))
    # What was saved of it is of no use any more; what is left behind by a crash goes with the instance. While
    # its listeners may still deny the completion, it stays.
    if (
        reply.status == 200
        and await call.runtime.read(task_drafts.find, row.instance_id, row.key) is not None
    ):
        await call.runtime.write(task_drafts.remove, row.instance_id, row.key)
    return reply


async def _change(call: AnyCall, command: Callable[[UserTaskRow], Command]) -> Reply:
    row, seen = await _find(call)
    return await _send(call, row, seen, command(row))


async def _send(call: AnyCall, row: UserTaskRow, seen: Seen | None, command: Command) -> Reply:
    if row.state in _LIVE:
        await call.runtime.send(Request(row.instance_id, command, call.actor, None, idempotency(call)))
    elif not await carried_out(call):
        raise ApiError(409, f"User task '{call.path['task']}' is {row.state} already.")
    return await _changed(call, 0 if seen is None else seen.turns)


async def _changed(call: AnyCall, turns: int) -> Reply:
    """Give the task when its listeners are done, or 202 with the task that they still run for.

    Arguments:
        turns: how many changes of it listeners had run before.

    Raises:
        ApiError: 409, a listener has denied the change.
    """
    left = WAIT_S
    while True:
        row, seen = await _find(call)
        changing = seen is not None and seen.changing is not None
        if not changing or left <= 0:
            break
        await asyncio.sleep(LOOK_S)
        left -= LOOK_S
    if seen is not None and seen.turns > turns and seen.denied is not None:
        raise ApiError(409, f"A listener denied the change of user task '{call.path['task']}': {seen.denied}")
    return Reply(_shown(call.query, row, seen), status=202 if changing else 200)


_LIVE: Final = ("creating", "open")
