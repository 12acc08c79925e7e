"""Jobs for workers outside the server: leased, then completed, failed, ended by an error or held on to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Final

import msgspec

from penstock.api.bodies import Disconnected
from penstock.api.errors import bad_request
from penstock.api.http import AnyCall, Call, Reply
from penstock.api.idempotency import carried_out, idempotency
from penstock.api.keys import join_key, no_such, split_key
from penstock.api.paging import MAX_LIMIT, Page
from penstock.api.queries import NoQuery
from penstock.api.rest.instances import shown_instance
from penstock.api.rest.values import (
    Body,
    Shape,
    ValueQuery,
    Variables,
    WithVariables,
    shown_variables,
    taken,
)
from penstock.api.times import iso, iso_or_none, moment, span, span_text
from penstock.kernel.commands import Command, CompleteJob, FailJob, ThrowJobError
from penstock.kernel.definition import Value
from penstock.kernel.jobs import JobKind
from penstock.kernel.work import ListenerEvent
from penstock.runtime.jobs import ActivatedJob
from penstock.runtime.requests import Request
from penstock.store import instances, jobs
from penstock.store.rows import JobRow

LONGEST_LEASE: Final = 24 * 3_600_000
LONGEST_WAIT_S: Final = 60
MAX_DETAIL: Final = 16_384
"""The most characters of the detail of a failure."""
LOOK_UP_S: Final = 1.0
"""How often a worker's wait looks up whether the worker is still there."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Lease = Annotated[str, msgspec.Meta(description="An ISO 8601 duration.", examples=["PT30S"])]


class Activation(Body, frozen=True):
    """Which jobs a worker wants."""

    type: Name | None = None
    """The type of the jobs; or `types`."""
    types: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=100)] | None = None
    max: Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT)] = 1
    lease: Lease = "PT30S"
    """For how long the jobs are the worker's own."""
    worker: Name = "worker"
    wait: Annotated[
        float,
        msgspec.Meta(ge=0, le=LONGEST_WAIT_S, description="Wait so many seconds for the first job."),
    ] = 0
    variables: Annotated[list[Name], msgspec.Meta(max_length=1000)] | None = None
    """Which variables the jobs are to come with; by default all that their tasks see."""


class ListenedTask(Shape, frozen=True):
    """The user task that a task listener is about, as it is to become."""

    id: str
    assignee: str | None
    candidate_users: list[str]
    candidate_groups: list[str]
    due_at: str | None
    follow_up_at: str | None
    priority: int
    changes: list[str]
    """The names of the attributes that change."""


class Job(Shape, frozen=True):
    """A job that a worker has leased."""

    key: str
    type: str
    element: str
    process_instance: str
    variables: dict[str, Any]
    """What the task sees."""
    headers: dict[str, str]
    retries: int
    """How many tries are left, this one included."""
    idempotency_key: str
    """The same for every try."""
    attempt: int
    """Which try this is, counted from 1."""
    business_key: str | None
    """What the starter of the instance called it."""
    timeout: str | None
    """How long one try may take, where the model says so."""
    traceparent: str | None
    """The trace that the job belongs to, where traces are on: send it back as the header of that name."""
    kind: JobKind
    """Whether it is the work of a task, or a listener that the model has there."""
    listener: ListenerEvent | None
    """For a listener: what it listens to."""
    user_task: ListenedTask | None
    """For a task listener: the user task."""


class Corrections(Body, frozen=True):
    """What a task listener changes of its user task; null leaves an attribute as it is."""

    assignee: str | None = None
    """An empty text takes it from everybody."""
    candidate_users: list[str] | None = None
    candidate_groups: list[str] | None = None
    due_at: Annotated[str, msgspec.Meta(description="ISO 8601; an empty text for none.")] | None = None
    follow_up_at: Annotated[str, msgspec.Meta(description="ISO 8601; an empty text for none.")] | None = None
    priority: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None


class Completion(WithVariables, frozen=True):
    """What the work gave."""

    corrections: Corrections | None = None
    """For a task listener, which gives no variables."""
    denied: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)] | None = None
    """For a task listener: why the change of the user task is not to be."""


class Failure(Body, frozen=True):
    """Why the work could not be done."""

    message: str
    retries: Annotated[int, msgspec.Meta(ge=0, le=1000)] | None = None
    """How many tries are left, in place of one less; 0 makes an incident."""
    backoff: Lease | None = None
    """How long to wait before the next try, in place of what the model says."""
    detail: Annotated[str, msgspec.Meta(max_length=MAX_DETAIL)] | None = None
    """More for the person who repairs it, such as a traceback."""
    attempt: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Which try failed; a report of another one changes nothing, so this one may be sent again."""


class BusinessError(Body, frozen=True):
    """A BPMN error, for the boundary event that catches its code."""

    code: Name
    message: str = ""
    variables: Variables = msgspec.field(default_factory=dict)


class Extension(Body, frozen=True):
    """For how long from now the job is the worker's own."""

    lease: Lease
    worker: Name | None = None
    """Whose job it must be."""


class Return(Body, frozen=True):
    """Who gives the job back."""

    worker: Name


class Extended(Shape, frozen=True):
    """Until when the job is the worker's own."""

    key: str
    until: str


async def activate(call: Call[ValueQuery, Activation]) -> Reply:
    """Lease available jobs to a worker, those that waited longest first.

    Raises:
        ApiError: 400, the body contradicts itself or a duration is none.
    """
    body = call.body
    if (body.type is None) == (body.types is None):
        raise bad_request("Say either `type` or `types`.")
    found = await _lease_while_there(call, [body.type] if body.type is not None else body.types or [])
    return Reply(Page([_shown(call.query, job) for job in found], None))


async def _lease_while_there(call: Call[ValueQuery, Activation], types: list[str]) -> list[ActivatedJob]:
    """Give the first jobs that there are, but wait no longer than the client, who could not take them.

    Raises:
        Disconnected: the client has gone.
    """
    body, lease_ms, left = call.body, _lease(call.body.lease), call.body.wait
    gone = asyncio.ensure_future(call.gone())
    try:
        while True:
            wait = min(left, LOOK_UP_S)
            left -= wait
            found = await call.runtime.activate_jobs(
                types,
                limit=body.max,
                lease_ms=lease_ms,
                worker=body.worker,
                wait_s=wait,
                names=body.variables,
            )
            if gone.done():
                for job in found:  # nobody is there to take them
                    await call.runtime.return_job(job.row.instance_id, job.row.key, worker=body.worker)
                raise Disconnected
            if found or left <= 0:
                return found
    finally:
        gone.cancel()


def _shown(query: ValueQuery, job: ActivatedJob) -> Job:
    return Job(
        join_key(job.row.instance_id, job.row.key),
        job.row.type,
        job.row.element,
        job.row.instance_id,
        shown_variables(query, job.variables),
        dict(job.headers),
        job.row.retries,
        job.idempotency_key,
        job.row.tries + 1,
        job.business_key,
        None if job.timeout is None else span_text(job.timeout),
        job.row.trace,
        job.kind,
        None if job.heard is None else job.heard.listener,
        _task(job),
    )


def _task(job: ActivatedJob) -> ListenedTask | None:
    heard = job.heard
    if heard is None or (task := heard.task) is None:
        return None
    return ListenedTask(
        join_key(job.row.instance_id, task.key),
        task.assignee,
        task.candidate_users,
        task.candidate_groups,
        iso_or_none(task.due_at),
        iso_or_none(task.follow_up_at),
        task.priority,
        [_NAMES[name] for name in heard.changes],
    )


_NAMES: Final = {field.name: field.encode_name for field in msgspec.structs.fields(ListenedTask)}


def _lease(text: str) -> int:
    lease = span(text, "lease")
    if not 0 < lease <= LONGEST_LEASE:
        raise bad_request(f"`lease` is wrong: '{text}' must be more than nothing and at most a day.")
    return lease


async def complete(call: Call[ValueQuery, Completion]) -> Reply:
    """Say that the work is done.

    Raises:
        ApiError: 400, a date is none, or the job is none that may correct or deny something; 404, the job is
            not open.
    """
    variables, denied = taken(call.body.variables), call.body.denied
    corrections = corrected(call.body.corrections)
    return await _report(
        call, lambda job: CompleteJob(job.scope, job.owner, job.key, variables, corrections, denied)
    )


def corrected(said: Corrections | None) -> dict[str, Value]:
    """Give the attributes of a user task that are to change.

    Raises:
        ApiError: 400, a date is none.
    """
    changes: dict[str, Any] = {} if said is None else msgspec.structs.asdict(said)
    for name in ("due_at", "follow_up_at"):
        if text := changes.get(name):
            moment(text, name)
    return {name: value for name, value in changes.items() if value is not None}


async def fail(call: Call[ValueQuery, Failure]) -> Reply:
    """Say that the work could not be done.

    Raises:
        ApiError: 404, the job is not open.
    """
    body = call.body
    backoff = None if body.backoff is None else span(body.backoff, "backoff")
    return await _report(
        call,
        lambda job: FailJob(
            job.scope,
            job.owner,
            job.key,
            body.message,
            body.detail,
            retries=body.retries,
            backoff=backoff,
            tries=None if body.attempt is None else body.attempt - 1,
        ),
    )


async def throw(call: Call[ValueQuery, BusinessError]) -> Reply:
    """End the work with a BPMN error.

    Raises:
        ApiError: 404, the job is not open.
    """
    body, variables = call.body, taken(call.body.variables)
    return await _report(
        call, lambda job: ThrowJobError(job.scope, job.owner, job.key, body.code, body.message, variables)
    )


async def _report(call: AnyCall, command: Callable[[JobRow], Command]) -> Reply:
    instance_id, key = split_key(call.path["job"], "job")
    runtime = call.runtime
    row = await runtime.read(jobs.find, instance_id, key)
    if row is not None:
        request = Request(instance_id, command(row), call.actor, None, idempotency(call))
        return Reply(shown_instance(call.query, await runtime.send(request)))
    if await carried_out(call):
        instance = await runtime.read(instances.find, instance_id)
        if instance is not None:
            return Reply(shown_instance(call.query, instance))
    raise no_such(call.path["job"], "open job")


async def extend(call: Call[NoQuery, Extension]) -> Reply:
    """Let the worker have the job for longer.

    Raises:
        ApiError: 404, the job is not open; 409, nobody has leased it, or another worker has.
    """
    instance_id, key = split_key(call.path["job"], "job")
    lease = _lease(call.body.lease)
    await call.runtime.extend_job(instance_id, key, lease_ms=lease, worker=call.body.worker)
    return Reply(Extended(call.path["job"], iso(call.runtime.clock.now() + lease)))


async def give_back(call: Call[NoQuery, Return]) -> Reply:
    """Make a job that was not begun, or not ended, available at once; no try of it is counted.

    Raises:
        ApiError: 404, the job is not open; 409, the worker has it no longer.
    """
    instance_id, key = split_key(call.path["job"], "job")
    await call.runtime.return_job(instance_id, key, worker=call.body.worker)
    return Reply(Extended(call.path["job"], iso(call.runtime.clock.now())))
