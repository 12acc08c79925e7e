"""Tasks that are half done: what was entered so far, kept for another time, device or colleague."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from penstock import feel
from penstock.api.errors import bad_request
from penstock.api.http import AnyCall, Call, Reply
from penstock.api.keys import no_such, split_key
from penstock.api.queries import Query
from penstock.api.rest.tasks import User
from penstock.api.rest.values import Body, Shape, ValueQuery, Variables, shown_variables, taken
from penstock.api.times import iso
from penstock.kernel.definition import Value
from penstock.runtime import task_drafts
from penstock.runtime.task_drafts import Entered
from penstock.store import task_drafts as store, user_tasks
from penstock.store.rows import TaskDraftRow

Revision = Annotated[
    int,
    msgspec.Meta(ge=0, le=2**31 - 2, description="The one that is known; 0 where nothing was saved before."),
]


class TaskEntry(Body, frozen=True):
    """What was entered so far."""

    variables: Variables
    revision: Revision
    user: User | None = None
    """Who saves it; a task that is somebody else's takes nothing from them."""


class TaskEntryRemoval(Query, frozen=True):
    """What is to be forgotten."""

    revision: Revision


class TaskDraft(Shape, frozen=True):
    """What was entered into a task that is not done yet; it need not be right or complete."""

    revision: int
    """Counts the changes; 0 where nothing is saved."""
    variables: dict[str, Any]
    saved_by: str | None
    saved_at: str | None


async def get(call: Call[ValueQuery, None]) -> Reply:
    """Give what was saved of a task.

    Raises:
        ApiError: 404, there is no such task.
    """
    instance_id, key = await _task(call)
    return Reply(_shown(call.query, await call.runtime.read(store.find, instance_id, key)))


async def put(call: Call[ValueQuery, TaskEntry]) -> Reply:
    """Save what was entered, whether or not the form of the task would accept it.

    Raises:
        ApiError: 400, a value is malformed; 404, there is no such task; 409, it has ended or is somebody
            else's, or something newer is saved.
    """
    instance_id, key = await _task(call)
    body = call.body
    entered = Entered(body.revision, _stored(taken(body.variables)), body.user, call.actor)
    now = call.runtime.clock.now()
    return Reply(
        _shown(call.query, await call.runtime.write(task_drafts.save, instance_id, key, entered, now))
    )


async def remove(call: Call[TaskEntryRemoval, None]) -> Reply:
    """Forget what was saved.

    Raises:
        ApiError: 404, there is no such task; 409, something newer is saved.
    """
    instance_id, key = await _task(call)
    await call.runtime.write(task_drafts.drop, instance_id, key, call.query.revision)
    return Reply(TaskDraft(0, {}, None, None))


async def _task(call: AnyCall) -> tuple[str, int]:
    instance_id, key = split_key(call.path["task"], "user task")
    if await call.runtime.read(user_tasks.find, instance_id, key) is None:
        raise no_such(call.path["task"], "user task")
    return instance_id, key


def _stored(variables: dict[str, Value]) -> bytes:
    try:
        return feel.dumps(variables)
    except feel.FeelError as error:
        raise bad_request(f"`variables` is wrong: {error}.") from error


def _shown(query: ValueQuery, row: TaskDraftRow | None) -> TaskDraft:
    if row is None:
        return TaskDraft(0, {}, None, None)
    variables = feel.loads(row.variables)
    assert isinstance(variables, dict), "what was entered is kept by its names"
    return TaskDraft(row.revision, shown_variables(query, variables), row.saved_by, iso(row.saved_at))
