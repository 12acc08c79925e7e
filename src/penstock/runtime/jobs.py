"""Runs the Python functions that jobs ask for: takes the jobs, hands them to the pool, reports the outcomes.

A job that this server opens is taken in the same commit, if a place is free; others are found when a place
becomes free, when their backoff or a dead worker's lease ends. Leases are short, and renewed while a function
runs, so that the jobs of a server that died are soon taken by another one. Every report is a command, and one
that comes too late changes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
import structlog

from penstock import tracing
from penstock.kernel import commands as c
from penstock.kernel.definition import Value
from penstock.kernel.events import JobOpened
from penstock.kernel.jobs import JobKind, ListenersJob, listeners_job
from penstock.kernel.listeners import seen as seen_by_listener
from penstock.kernel.variables import seen_by
from penstock.levels import NONE, Levels
from penstock.runtime import actors
from penstock.runtime.clock import Clock
from penstock.runtime.definitions import Definition, Definitions
from penstock.runtime.gate import Gate
from penstock.runtime.metrics import Metrics
from penstock.runtime.requests import Answer, Busy, Reply, Request, Unavailable
from penstock.store import jobs as store, levels, states
from penstock.store.large import Gone
from penstock.store.rows import JobRow
from penstock.workers.api import Job, UserTask
from penstock.workers.pool import FunctionPool
from penstock.workers.protocol import Call, Denied, Done, Failed, FunctionInfo, Outcome, Thrown, Withdrawn

if TYPE_CHECKING:
    from opentelemetry.trace import Span

LEASE_MS: Final = 15_000
"""For how long a job is leased at a time."""

RENEW_MS: Final = 10_000
"""A lease is renewed when it has less than this left."""

PATIENCE_S: Final = 0.5
"""For how many seconds a job that was taken ahead waits for those before it; then others may have it."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ActivatedJob:
    """A job that a worker has leased, with all that it needs."""

    row: JobRow
    variables: dict[str, Value]
    """What the task sees, its input mappings over the variables around it, as far as the worker wants it."""
    headers: Mapping[str, str]
    idempotency_key: str
    """The same for every try, and after a crash."""
    business_key: str | None
    definition: Definition
    timeout: int | None
    """Milliseconds that one try may take; None where the model does not say."""
    heard: ListenersJob | None = None
    """For the job of a listener: which."""

    @property
    def kind(self) -> JobKind:
        """Whether it is the work of a task, or a listener."""
        return "task" if self.heard is None else self.heard.kind


Names = Collection[str] | None
"""Which variables a job is to come with; None for all that its task sees."""


def activated(
    connection: sa.Connection,
    definitions: Definitions,
    rows: Sequence[JobRow],
    names: Callable[[str], Names],
) -> list[ActivatedJob]:
    """Give leased jobs with their variables; one whose instance has gone on meanwhile is left out.

    An instance is loaded once, however many of its jobs are among them.

    Arguments:
        names: gives, by the type of a job, which variables it is to come with.
    """
    found: list[ActivatedJob] = []
    instances: dict[str, states.Stored | None] = {}
    for row in rows:
        if row.instance_id not in instances:
            instances[row.instance_id] = states.load_stored(connection, row.instance_id)
        stored = instances[row.instance_id]
        definition = None if stored is None else definitions.by_key(stored.instance.definition)
        if stored is None or definition is None:
            continue
        try:
            job = activate(stored, definition, row, names(row.type))
        except Gone:
            continue
        if job is not None:
            found.append(job)
    return found


def activate(stored: states.Stored, definition: Definition, row: JobRow, names: Names) -> ActivatedJob | None:
    """Give one job with what its task sees, None when it is no longer open."""
    scope = stored.instance.scope(row.scope)
    element = scope.elements.get(row.owner) if scope else None
    if scope is None or element is None or element.job is None or element.job.key != row.key:
        return None
    node = definition.compiled.elements[row.element]
    heard = None if element.listening is None else listeners_job(node, element)
    spec = node.job if heard is None else heard
    assert spec is not None, f"'{row.element}' of {definition.key} has no job"
    if heard is None:
        seen = seen_by(stored.instance, scope, element)
    else:
        seen = seen_by_listener(stored.instance, node, scope, element)
    return ActivatedJob(
        row,
        dict(seen) if names is None else {name: seen[name] for name in names if name in seen},
        spec.headers,
        f"{row.instance_id}:{row.owner}" if heard is None else f"{row.instance_id}:{row.owner}{heard.place}",
        stored.instance.business_key,
        definition,
        spec.timeout,
        heard,
    )


class JobRunner:
    """The worker inside the server: as many jobs at a time as the pool has places."""

    def __init__(
        self,
        pool: FunctionPool,
        places: int,
        clock: Clock,
        send: Callable[[Request, Reply], None],
        metrics: Metrics,
        name: str,
        limits: Levels = NONE,
    ) -> None:
        self._pool = pool
        self.gate = Gate(limits, clock)
        self._places = places
        self._clock = clock
        self._send = send
        self._metrics = metrics
        self.name = name
        """By this name the runner holds its leases."""
        self.wake: Callable[[], None] = _nobody
        """Called when a place has become free where none was."""
        self._lock = threading.Lock()
        self._taken = 0
        self._stopped = False
        self._held: dict[tuple[str, int], int] = {}
        """The jobs that run or are not reported, each with the end of its lease."""
        self._limited: dict[tuple[str, int], str] = {}
        """Those of them whose types are limited, each with its type."""
        self._at_work: set[tuple[str, int]] = set()
        """Those whose functions run."""
        self._unreported: list[Request] = []
        """What functions came to while the database could not be written; each keeps its place."""
        self._left: list[tuple[str, int]] = []
        """The jobs that were taken ahead and could not begin soon, until others may have them."""

    @property
    def functions(self) -> Mapping[str, FunctionInfo]:
        """The functions that the runner can run, by name."""
        return self._pool.functions

    @property
    def running(self) -> int:
        """How many jobs are taken and not yet reported."""
        return self._taken

    @property
    def unreported(self) -> int:
        """How many of them have ended, and wait for `report_again`."""
        return len(self._unreported)

    def holds(self, job: tuple[str, int]) -> bool:
        """Tell whether a job, by instance and key, runs here or is about to, and is not reported."""
        return job in self._held

    def free(self) -> int:
        """How many more jobs may be taken now."""
        return max(0, self._places + self._pool.ahead - self._taken)

    def stop(self) -> None:
        """Claim no more jobs; those that run are still reported."""
        self._stopped = True

    # -- taking jobs -----------------------------------------------------------------------------

    def claim(self, event: JobOpened) -> tuple[int, str] | None:
        """Take a job as it is opened, if a place is free: until when (epoch ms), and in whose name."""
        if self._stopped or event.type not in self._pool.functions or not self.gate.may_claim(event.type):
            return None
        if not self._take(1):
            self.gate.fell_behind()
            return None
        return self._clock.now() + LEASE_MS, self.name

    def wanted(self) -> list[str]:
        """Give the types of the jobs that are looked for now."""
        return self.gate.wanted(self._pool.functions)

    def take(self) -> int:
        """Take every free place for jobs that are yet to be leased; give back what they do not need."""
        return self._take(self.free())

    def lease(self, connection: sa.Connection, definitions: Definitions, count: int) -> list[ActivatedJob]:
        """Lease available jobs for places that were taken; in a transaction of the writer."""
        types, now = self.wanted(), self._clock.now()
        found = levels.lease(
            connection,
            types,
            self.gate.levels,
            limit=count,
            now=now,
            lease_ms=LEASE_MS,
            worker=self.name,
        )
        self.gate.note(types, found.full, more=len(found.rows) == count)
        # Where a lease could not be renewed in time, the job is still running here.
        new = [row for row in found.rows if _key(row) not in self._at_work]
        return activated(connection, definitions, new, self.names)

    def to_renew(self) -> list[tuple[str, int]]:
        """Give the jobs, by instance and key, whose leases are to be renewed now."""
        soon = self._clock.now() + RENEW_MS
        with self._lock:
            return [key for key, until in self._held.items() if until < soon]

    def renew(self, connection: sa.Connection, keys: Sequence[tuple[str, int]]) -> None:
        """Renew the leases of jobs that run; in a transaction of the writer."""
        with self._lock:
            limited = {key: it for key in keys if (it := self._limited.get(key))}
        now = levels.have(connection, limited.values(), self._clock.now())
        until = now + LEASE_MS
        free = [key for key in keys if key not in limited]
        store.renew(connection, free, until=until, worker=self.name)
        store.renew(connection, limited, until=until, worker=self.name, now=now)
        with self._lock:
            self._held.update((key, until) for key in keys if key in self._held)

    def hand_back(self, connection: sa.Connection, now: int) -> None:
        """Make every job that is held available to others; in a transaction of the writer."""
        store.release(connection, self.name, now)

    def withdraw(self) -> list[tuple[str, int]]:
        """Take back the jobs that have waited too long for others to end, for `give_back`."""
        if self._taken > self._places:
            self._pool.withdraw(PATIENCE_S)
        return list(self._left)

    def give_back(self, connection: sa.Connection, keys: Sequence[tuple[str, int]]) -> None:
        """Make jobs that were taken back available to others; in a transaction of the writer."""
        store.give_back(connection, keys, now=self._clock.now(), worker=self.name)

    def given_back(self, keys: Sequence[tuple[str, int]]) -> None:
        """These jobs are others' now."""
        with self._lock:
            for key in keys:
                self._left.remove(key)
                self._held.pop(key, None)
                self._limited.pop(key, None)
        self.release(len(keys))

    def names(self, function: str) -> Names:
        """Give the variables that a function takes; None where it takes all."""
        info = self._pool.functions[function]
        return None if info.takes_all else [parameter.name for parameter in info.parameters]

    def release(self, count: int) -> None:
        """Give places back."""
        with self._lock:
            self._taken -= count

    def _take(self, count: int) -> int:
        with self._lock:
            taken = max(0, min(count, self._places + self._pool.ahead - self._taken))
            self._taken += taken
        return taken

    # -- running them ----------------------------------------------------------------------------

    def run(self, job: ActivatedJob) -> None:
        """Hand a job that was taken to the pool."""
        row = job.row
        span = tracing.begin(f"job {row.type}", "consumer", parent=row.trace, attributes=_about(row))
        with self._lock:
            self._held[_key(row)] = self._clock.now() + LEASE_MS
            self._at_work.add(_key(row))
            if self.gate.levels.limit_of(row.type) is not None:
                self._limited[_key(row)] = row.type
        call = Call(
            function=row.type,
            variables=job.variables,
            job=Job(
                key=f"{row.instance_id}.{row.key}",
                idempotency_key=job.idempotency_key,
                instance_id=row.instance_id,
                element_id=row.element,
                business_key=job.business_key,
                attempt=row.tries + 1,
                headers=dict(job.headers),
                kind="task" if job.heard is None else job.heard.kind,
                listener=None if job.heard is None else job.heard.listener,
                user_task=None if job.heard is None else task_of(row.instance_id, job.heard),
                traceparent=tracing.parent_of(span) or row.trace,
            ),
            timeout_ms=job.timeout,
        )
        self._metrics.running.inc()
        self._pool.submit(call, lambda outcome: self._done(job, outcome, span))

    def _done(self, job: ActivatedJob, outcome: Outcome | Withdrawn, span: Span | None) -> None:
        row = job.row
        with self._lock:
            self._at_work.discard(_key(row))
        self._metrics.running.dec()
        if isinstance(outcome, Withdrawn):
            if span is not None:
                span.end()
            self._left.append(_key(row))
            return
        self._metrics.jobs.labels(row.type, _NAMES[type(outcome)]).inc()
        if isinstance(outcome, Failed):
            _log.warning(
                "job failed",
                instance_id=row.instance_id,
                element_id=row.element,
                job_id=f"{row.instance_id}.{row.key}",
                function=row.type,
                kind=outcome.kind,
                tries_left=row.retries - 1,
            )
            tracing.failed(span, outcome.kind)
        actor, trace = actors.function(row.type), tracing.parent_of(span)
        if span is not None:
            span.end()
        command = _command(job, outcome)
        self._report(Request(row.instance_id, command, actor, trace=trace, bare=True))

    def report_again(self) -> None:
        """Report what could not be reported when it was time."""
        with self._lock:
            requests, self._unreported = self._unreported, []
        for request in requests:
            self._report(request)

    def _report(self, request: Request) -> None:
        span = tracing.begin(f"commit {type(request.command).__name__}", parent=request.trace)
        traced = request if span is None else replace(request, trace=tracing.parent_of(span))
        try:
            self._send(traced, lambda answer: self._reported(request, answer, span))
        except Busy as busy:
            self._reported(request, busy, span)

    def _reported(self, request: Request, answer: Answer, span: Span | None) -> None:
        if span is not None:
            span.end()
        if isinstance(answer, Busy | Unavailable):
            _log.warning("job not reported yet", instance_id=request.instance_id, reason=str(answer))
            with self._lock:
                self._unreported.append(request)
        else:
            self._free(request)

    def _free(self, reported: Request) -> None:
        command = reported.command
        assert isinstance(command, Report), "nothing else is reported"
        was_full = self.free() == 0
        with self._lock:
            self._held.pop((reported.instance_id, command.key), None)
            self._limited.pop((reported.instance_id, command.key), None)
        self.release(1)
        if was_full:
            self.wake()


Report = c.CompleteJob | c.FailJob | c.ThrowJobError


def _about(row: JobRow) -> tracing.Attributes:
    return {
        "penstock.instance": row.instance_id,
        "penstock.element": row.element,
        "penstock.job": f"{row.instance_id}.{row.key}",
        "penstock.attempt": row.tries + 1,
    }


def _key(row: JobRow) -> tuple[str, int]:
    return row.instance_id, row.key


def task_of(instance_id: str, job: ListenersJob) -> UserTask | None:
    """Give the user task that the job of a task listener is about."""
    task = job.task
    if task is None:
        return None
    return UserTask(
        key=f"{instance_id}.{task.key}",
        assignee=task.assignee,
        candidate_users=task.candidate_users,
        candidate_groups=task.candidate_groups,
        due_at=_moment(task.due_at),
        follow_up_at=_moment(task.follow_up_at),
        priority=task.priority,
        changes=list(job.changes),
    )


def _moment(epoch_ms: int | None) -> datetime | None:
    return None if epoch_ms is None else datetime.fromtimestamp(epoch_ms / 1000, UTC)


def _command(job: ActivatedJob, outcome: Outcome) -> Report:
    row = job.row
    match outcome:
        case Done(variables) if job.heard is not None and job.heard.task is not None:
            return c.CompleteJob(row.scope, row.owner, row.key, {}, variables)
        case Denied(reason):
            return c.CompleteJob(row.scope, row.owner, row.key, {}, {}, reason)
        case Done(variables):
            return c.CompleteJob(row.scope, row.owner, row.key, variables)
        case Failed(_, message, detail):
            return c.FailJob(row.scope, row.owner, row.key, message, detail, tries=row.tries)
        case Thrown(code, message, variables):
            return c.ThrowJobError(row.scope, row.owner, row.key, code, message, variables)


_NAMES: Final = {Done: "done", Denied: "denied", Failed: "failed", Thrown: "error"}


def _nobody() -> None:
    """Nobody waits for a place yet."""
