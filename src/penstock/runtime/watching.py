"""Watches the commits: hands out the jobs taken in them, wakes the scheduler and whoever waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from penstock.kernel.events import (
    IncidentRaised,
    InstanceCancelled,
    InstanceCompleted,
    InstanceResumed,
    InstanceStarted,
    JobCancelled,
    JobCompleted,
    JobFailed,
    JobOpened,
    TimerOpened,
)
from penstock.runtime.jobs import ActivatedJob, JobRunner, activate
from penstock.runtime.metrics import Metrics
from penstock.runtime.replies import Replies
from penstock.runtime.resting import Rest, rest_in
from penstock.runtime.transaction import Claims, Committed, Taken
from penstock.store.rows import InstanceRow, JobRow

_COUNTED: Final[dict[type, str]] = {
    InstanceStarted: "started",
    InstanceCompleted: "completed",
    InstanceCancelled: "cancelled",
}

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a commit showed of an instance that is watched, as far as it can be told without asking."""

    rest: Rest
    row: InstanceRow
    job: tuple[str, int] | None
    """The job, by instance and key, that is to be done here."""


class Watch:
    """A coroutine's wait for something that a commit may bring."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._event = asyncio.Event()
        self.seen: Seen | None = None

    def notify(self, seen: Seen | None = None) -> None:
        """Say, from any thread, that it may have come."""
        self.seen = seen
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, timeout_s: float) -> bool:
        """Wait until notified, and give whether it came within the seconds."""
        try:
            await asyncio.wait_for(self._event.wait(), timeout_s)
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Watcher:
    """The runtime's observer of its commits."""

    def __init__(self, runner: JobRunner, wake: Callable[[int | None], None], metrics: Metrics) -> None:
        self._runner = runner
        self._wake = wake
        self._metrics = metrics
        self._lock = threading.Lock()
        self._replies: dict[asyncio.AbstractEventLoop, Replies] = {}
        self._instances: dict[str, list[Watch]] = {}
        self._jobs: list[Watch] = []
        self._limited = runner.gate.levels.processes.keys()

    # -- for coroutines --------------------------------------------------------------------------

    def replies(self, loop: asyncio.AbstractEventLoop) -> Replies:
        """Give the way to a loop's coroutines."""
        found = self._replies.get(loop)
        if found is None:
            with self._lock:
                alive = {known: way for known, way in self._replies.items() if not known.is_closed()}
                found = alive.setdefault(loop, Replies(loop))
                self._replies = alive
        return found

    def watch(self, instance_id: str | None) -> Watch:
        """Begin to watch an instance, or, with None, jobs that nobody has taken."""
        watch = Watch(asyncio.get_running_loop())
        with self._lock:
            if instance_id is None:
                self._jobs.append(watch)
            else:
                self._instances.setdefault(instance_id, []).append(watch)
        return watch

    def forget(self, instance_id: str | None, watch: Watch) -> None:
        """Watch no longer."""
        with self._lock:
            watches = self._jobs if instance_id is None else self._instances[instance_id]
            watches.remove(watch)
            if instance_id is not None and not watches:
                del self._instances[instance_id]

    # -- on the committers' threads --------------------------------------------------------------

    def claim(self, event: JobOpened) -> tuple[int, str] | None:
        return self._runner.claim(event)

    def committing(self, batch: Sequence[Committed], claims: Claims) -> Taken:
        if not claims:
            return {}
        opened = ((one, event) for one in batch for event in one.events if isinstance(event, JobOpened))
        keyed = (((one.request.instance_id, event.key), one, event) for one, event in opened)
        return {key: self._activated(one, event, claims[key]) for key, one, event in keyed if key in claims}

    def _activated(self, one: Committed, event: JobOpened, claimed: tuple[int, str]) -> ActivatedJob | None:
        row = JobRow(
            one.request.instance_id,
            event.key,
            event.scope,
            event.owner,
            event.element,
            event.type,
            event.retries,
            0,
            *claimed,
            one.request.trace,
        )
        return activate(one.stored, one.definition, row, self._runner.names(event.type))

    def rolled_back(self, claims: Claims) -> None:
        self._runner.release(len(claims))

    def committed(self, batch: Sequence[Committed], taken: Taken) -> None:
        left = ended = False
        counted: dict[tuple[str, str], int] = {}
        for one in batch:
            for event in one.events:
                kind = type(event)
                if kind is JobOpened:
                    left |= not self._hand_out(one, event, taken)  # type: ignore[arg-type]
                elif kind is TimerOpened or kind is JobFailed:
                    self._wake(event.due)  # type: ignore[union-attr]
                    ended |= kind is JobFailed
                elif kind is JobCompleted or kind is JobCancelled:
                    ended = True
                elif kind is InstanceResumed:
                    left = True
                elif kind in _COUNTED:
                    what = one.definition.process_id, _COUNTED[kind]
                    counted[what] = counted.get(what, 0) + 1
                    if kind is not InstanceStarted and one.definition.process_id in self._limited:
                        self._wake(None)
                elif kind is IncidentRaised:
                    self._metrics.incidents.labels(event.type).inc()  # type: ignore[union-attr]
                    _log_incident(one.request.instance_id, event)  # type: ignore[arg-type]
            if self._instances and one.request.instance_id in self._instances:
                self._notify(one)
        for what, number in counted.items():
            self._metrics.instances.labels(*what).inc(number)
        if ended and self._runner.gate.ended():
            left = True
        if left:
            if self._runner.free():  # else a place that becomes free wakes it
                self._wake(None)
            with self._lock:
                watches = list(self._jobs)
            for watch in watches:
                watch.notify()

    def _notify(self, one: Committed) -> None:
        with self._lock:
            watches = list(self._instances.get(one.request.instance_id, ()))
        if watches:
            found = rest_in(one.stored.instance, one.definition.compiled, self._runner.functions)
            seen = None if found is None else Seen(found[0], one.stored.row(), found[1])
            for watch in watches:
                watch.notify(seen)

    def _hand_out(self, one: Committed, event: JobOpened, taken: Taken) -> bool:
        """Run a job that was taken as it was opened; False when nobody took it."""
        key = one.request.instance_id, event.key
        if key not in taken:
            return False
        job = taken[key]
        if job is None:
            self._runner.release(1)
        else:
            self._runner.run(job)
        return True

    def due(self) -> None:
        self._wake(None)

    def answered(self) -> None:
        for replies in tuple(self._replies.values()):
            replies.flush()


def _log_incident(instance_id: str, event: IncidentRaised) -> None:
    # Without its message, which may quote people's data.
    _log.warning(
        "incident",
        instance_id=instance_id,
        element_id=event.element,
        incident_id=f"{instance_id}.{event.key}",
        type=event.type,
    )
