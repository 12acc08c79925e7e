"""Batches: one act for many instances, with its progress."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from penstock.api.errors import ApiError, bad_request
from penstock.api.http import Call, Reply
from penstock.api.idempotency import idempotency
from penstock.api.keys import no_such
from penstock.api.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, page, read_cursor
from penstock.api.queries import NoQuery, Query
from penstock.api.rest.instances import IdPrefix, State, conditions_of
from penstock.api.rest.operating import ElementActivation, ElementTermination, modification
from penstock.api.rest.values import Body, Shape, Variables, taken
from penstock.api.times import iso, iso_or_none
from penstock.kernel import commands as c
from penstock.runtime.batches import preview as preview_of, stop as stop_running
from penstock.runtime.runtime import Runtime
from penstock.store import batches as store, instances
from penstock.store.batches import BatchResult, BatchRow, Operation
from penstock.store.rows import Status

_OPEN: dict[Operation, list[Status]] = {
    "cancel": ["active", "incident", "suspended"],
    "retry": ["incident", "suspended"],
    "suspend": ["active", "incident"],
    "resume": ["suspended"],
    "modify": ["active", "incident", "suspended"],
    "migrate": ["active", "incident", "suspended"],
    "restart": ["completed", "cancelled"],
}
"""Which instances an operation is for, where the filter names no state."""

_GOES_WITH: dict[str, tuple[Operation, ...]] = {
    "retries": ("retry",),
    "variables": ("retry", "restart"),
    "activate": ("modify",),
    "terminate": ("modify",),
    "definition_key": ("migrate",),
    "mapping": ("migrate",),
    "element": ("restart",),
}
"""The operations that a field of the body is for."""


SHOWN: Final = 5
"""How many unknown instances a reply names."""

MOST_IDS: Final = 1_000
"""How many instances a batch names at most; more are found by their other conditions."""


class Filter(Body, frozen=True):
    """Which instances are meant: those that meet every condition, as in the list of instances."""

    process_id: str | None = None
    version: str | None = None
    state: list[State] = msgspec.field(default_factory=list)
    incidents: bool | None = None
    """Whether it has open incidents."""
    incident_element: str | None = None
    """An element at which it has an open incident."""
    incident_message: str | None = None
    """What the message of an open incident, at that element, contains, whatever its case."""
    business_key: str | None = None
    id: IdPrefix | None = None
    """What its id begins with."""
    ids: Annotated[list[str], msgspec.Meta(max_length=MOST_IDS)] = msgspec.field(default_factory=list)
    """It is one of these. No state is asked for then, but by `state`: what cannot be done is refused."""
    parent_id: str | None = None
    """The instance that called it."""
    variable: list[str] = msgspec.field(default_factory=list)
    """Each `name:value`."""
    started_from: str | None = None
    started_until: str | None = None


class NewBatch(Body, frozen=True):
    """What to do, and for which instances."""

    operation: Operation
    filter: Filter
    retries: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    """With `retry`: how many tries a job gets."""
    variables: Variables = msgspec.field(default_factory=dict)
    """With `retry`: what is put right first. With `restart`: over the variables that each had."""
    activate: list[ElementActivation] = msgspec.field(default_factory=list)
    """With `modify`: the elements at which a token is put."""
    terminate: list[ElementTermination] = msgspec.field(default_factory=list)
    """With `modify`: the elements at which tokens are taken away."""
    element: str | None = None
    """With `restart`: where each starts anew; by default at the start event of its process."""
    definition_key: str | None = None
    """With `migrate`: the version by which they go on."""
    mapping: dict[str, str] = msgspec.field(default_factory=dict)
    """With `migrate`: the elements that have another id there."""


class Batch(Shape, frozen=True):
    """A batch as it stands."""

    id: str
    operation: Operation
    state: store.State
    total: int
    """How many instances were found when it was made."""
    done: int
    rejected: int
    """For how many it could not be done, such as those that had ended meanwhile."""
    created_by: str
    created_at: str
    ended_at: str | None


class Refusal(Shape, frozen=True):
    """Why something cannot be done for an instance."""

    process_instance: str
    message: str


class Preview(Shape, frozen=True):
    """What a batch would do now."""

    total: int
    """How many instances the filter finds."""
    tried: int
    """On how many of them, the newest, it was tried without effect."""
    refusals: list[Refusal]
    """For which of those it would be refused, and why."""


class Result(Shape, frozen=True):
    """What a batch came to for one instance."""

    process_instance: str
    outcome: store.Outcome
    message: str | None
    """Where it was refused: why."""
    started: str | None
    """With `restart`: the id of the new instance."""
    at: str


class BatchQuery(Query, frozen=True):
    """Which batches are wanted."""

    state: store.State | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class ResultQuery(Query, frozen=True):
    """Which results are wanted."""

    outcome: store.Outcome | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


async def create(call: Call[NoQuery, NewBatch]) -> Reply:
    """Do something for all instances that a filter finds, in slices beside everything else.

    Raises:
        ApiError: 400, the body contradicts itself; 404, there is no such version, or no such instance.
    """
    await _require_known(call)
    made = await call.runtime.make_batch(_batch(call), idempotency(call))
    return Reply(_shown(made), 201, (("location", f"/api/v1/batches/{made.id}"),))


async def preview(call: Call[NoQuery, NewBatch]) -> Reply:
    """Count the instances for which something would be done, and try it on the first of them without effect.

    Raises:
        ApiError: 400, the body contradicts itself; 404, there is no such version, or no such instance.
    """
    await _require_known(call)
    runtime = call.runtime
    found = await runtime.read(preview_of, runtime.definitions, runtime.clock, _batch(call))
    refusals = [Refusal(row.id, message) for row, message in found.refusals]
    return Reply(Preview(found.total, found.tried, refusals))


async def _require_known(call: Call[NoQuery, NewBatch]) -> None:
    """See to it that there is each instance that the filter names.

    Raises:
        ApiError: 404, there is not.
    """
    ids = call.body.filter.ids
    missing = await call.runtime.read(instances.unknown, ids) if ids else []
    if missing:
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        named = ", ".join(f"'{id}'" for id in missing[:SHOWN])
        raise ApiError(404, f"There is no process instance {named}{more}: leave that out.")


def _batch(call: Call[NoQuery, NewBatch]) -> BatchRow:
    """Give the batch that is asked for, as it is before it begins.

    Raises:
        ApiError: 400, the body contradicts itself; 404, there is no such version.
    """
    runtime, body = call.runtime, call.body
    now = runtime.clock.now()
    found = conditions_of(body.filter)
    until = now + 1 if found.started_until is None else min(found.started_until, now + 1)
    ids = body.filter.ids or None
    # What is restarted must have ended; of all else, what cannot be done for one that is named is refused.
    usual = None if ids and body.operation != "restart" else _OPEN[body.operation]
    status = usual if found.status is None else found.status
    return BatchRow(
        id=runtime.new_instance_id(),
        operation=body.operation,
        command=_command(runtime, body),
        # An instance that starts after its batch is not part of it.
        selection=msgspec.structs.replace(found, started_until=until, status=status, ids=ids),
        state="running",
        total=0,
        done=0,
        rejected=0,
        after=None,
        created_by=call.actor,
        created_at=now,
        ended_at=None,
    )


def _command(runtime: Runtime, body: NewBatch) -> c.Command:
    """Give what each instance is sent.

    Raises:
        ApiError: 400, a field does not go with the operation, or is missing; 404, there is no such version.
    """
    for name, operations in _GOES_WITH.items():
        if getattr(body, name) and body.operation not in operations:
            words = " or ".join(f"`{it}`" for it in operations)
            raise bad_request(f"`{_field(name)}` goes with the operation {words}.")
    match body.operation:
        case "cancel":
            return c.CancelInstance()
        case "suspend":
            return c.SuspendInstance()
        case "resume":
            return c.ResumeInstance()
        case "retry":
            return c.ResolveIncidents(taken(body.variables), body.retries)
        case "modify":
            return _modification(body)
        case "restart":
            return c.StartAtElement(body.element or "", taken(body.variables))
        case "migrate":
            return _migration(runtime, body)


def _field(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(map(str.capitalize, rest))


def _modification(body: NewBatch) -> c.ModifyInstance:
    if not body.activate and not body.terminate:
        raise bad_request("The operation `modify` needs `activate` or `terminate`.")
    if any(it.scope is not None for it in body.activate):
        raise bad_request("A scope is of one instance: leave `scope` out in a batch.")
    if any(it.element_instance is not None for it in body.terminate):
        raise bad_request("An element instance is of one instance: name the `element` in a batch.")
    return modification(body.activate, body.terminate)


def _migration(runtime: Runtime, body: NewBatch) -> c.MigrateInstance:
    if body.definition_key is None:
        raise bad_request("The operation `migrate` needs `definitionKey`.")
    if runtime.definitions.by_key(body.definition_key) is None:
        raise no_such(body.definition_key, "definition")
    return c.MigrateInstance(body.definition_key, body.mapping)


async def get(call: Call[NoQuery, None]) -> Reply:
    """Give a batch with its progress.

    Raises:
        ApiError: 404, there is no such batch.
    """
    row = await call.runtime.read(store.find, call.path["batch"])
    if row is None:
        raise no_such(call.path["batch"], "batch")
    return Reply(_shown(row))


async def search(call: Call[BatchQuery, None]) -> Reply:
    """Give the batches, the newest first."""
    query = call.query
    rows = await call.runtime.read(
        store.search,
        state=query.state,
        after=read_cursor(query.cursor, tuple[Moment, str]),
        limit=query.limit + 1,
    )
    return Reply(page(rows, query.limit, _shown, lambda row: (row.created_at, row.id)))


async def results(call: Call[ResultQuery, None]) -> Reply:
    """Give what a batch came to for each instance, in the order in which it has dealt with them.

    Raises:
        ApiError: 404, there is no such batch.
    """
    id, query = call.path["batch"], call.query
    if await call.runtime.read(store.find, id) is None:
        raise no_such(id, "batch")
    rows = await call.runtime.read(
        store.results,
        id,
        outcome=query.outcome,
        after=read_cursor(query.cursor, Moment) or 0,
        limit=query.limit + 1,
    )
    return Reply(page(rows, query.limit, _shown_result, lambda row: row.position))


async def stop(call: Call[NoQuery, None]) -> Reply:
    """Stop a batch; what it has done stays done.

    Raises:
        ApiError: 404, there is no such batch; 409, it has ended.
    """
    return Reply(_shown(await call.runtime.write(stop_running, call.path["batch"], call.runtime.clock.now())))


def _shown(row: BatchRow) -> Batch:
    return Batch(
        row.id,
        row.operation,
        row.state,
        row.total,
        row.done,
        row.rejected,
        row.created_by,
        iso(row.created_at),
        iso_or_none(row.ended_at),
    )


def _shown_result(row: BatchResult) -> Result:
    return Result(row.instance_id, row.outcome, row.message, row.started_id, iso(row.at))
