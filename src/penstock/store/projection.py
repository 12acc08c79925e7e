"""One transaction's writes: what events mean for the rows of jobs, timers, tasks, incidents and counters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.kernel import events as e
from penstock.store import (
    calls,
    codec,
    counters,
    idempotency,
    incidents,
    jobs,
    journal,
    outbox,
    states,
    timers,
    user_tasks,
)
from penstock.store.parts import part_of
from penstock.store.rows import OutboxKey, OutboxRow
from penstock.store.states import Stored
from penstock.store.waits import Rows


class Writes:
    """What one transaction will write; `flush` writes it, each kind of row by one statement."""

    def __init__(self, claim: Callable[[e.JobOpened], tuple[int, str] | None]) -> None:
        """Begin with nothing.

        Arguments:
            claim: for a job that is opened, until when (epoch ms) and by which worker it is taken at once;
                None leaves it for whoever comes.
        """
        self._claim = claim
        self._jobs = Rows(jobs.TABLE)
        self._timers = Rows(timers.TABLE)
        self._tasks = Rows(user_tasks.TABLE)
        self._incidents = Rows(incidents.TABLE)
        self._journal: list[dict[str, Any]] = []
        self._outbox: list[dict[str, Any]] = []
        self._calls = Rows(calls.TABLE)
        self._sent: list[OutboxKey] = []
        self._keys: list[dict[str, Any]] = []
        self._changed: dict[str, Stored] = {}

    def add(
        self,
        stored: Stored,
        command: c.Command,
        events: Sequence[e.Event],
        sends: Sequence[OutboxRow],
        *,
        actor: str,
        now: int,
    ) -> None:
        """Take in what a command to the instance did."""
        stored.record(events, actor, now)
        self._changed[stored.instance.id] = stored
        part, instance_id = part_of(stored.instance.id), stored.instance.id
        where = {"part": part, "instance_id": instance_id, "seq": stored.seq}
        self._journal.append(
            {
                **where,
                "at": now,
                "actor": actor,
                "command": codec.encode_command(command),
                "events": codec.encode_events(events),
            }
        )
        self._outbox += [outbox.as_row(row, now) for row in sends]
        for event in events:
            self._project(stored, event, now)

    def remember(self, key: str, digest: str, instance_id: str, now: int) -> None:
        """Keep the idempotency key of a request that was carried out."""
        self._keys.append({"key": key, "digest": digest, "instance_id": instance_id, "at": now})

    def sent(self, key: OutboxKey) -> None:
        """A command from the outbox has been dealt with."""
        self._sent.append(key)

    def flush(self, connection: sa.Connection) -> None:
        """Write everything."""
        moved = counters.Changes()
        for stored in self._changed.values():
            it, new = stored.instance, stored.status
            cycle_ms = 0 if it.ended_at is None else it.ended_at - it.started_at
            moved.move(stored.process_id, stored.version, it.started_at, stored.was, new, cycle_ms)
        states.save(connection, self._changed.values())
        journal.APPEND.many(connection, self._journal)
        for rows in (self._jobs, self._timers, self._tasks, self._incidents, self._calls):
            rows.flush(connection)
        outbox.REMOVE.many(connection, [outbox.as_key(key) for key in self._sent])
        outbox.ADD.many(connection, self._outbox)
        idempotency.ADD.many(connection, self._keys)
        moved.flush(connection)

    def _project(self, stored: Stored, event: e.Event, now: int) -> None:
        """Change the rows that the event is about; most events are about none."""
        kind = type(event)
        if kind in _OF_JOBS:
            self._project_job(stored.instance.id, event, now)
        elif kind in _OF_TASKS:
            self._project_task(stored.instance.id, event, now)
        elif kind in _OTHERS:
            self._project_other(stored.instance.id, event, now)

    def _project_job(self, instance_id: str, event: e.Event, now: int) -> None:
        part = part_of(instance_id)
        match event:
            case e.JobOpened(scope, owner, key, element, type_, retries):
                until, worker = self._claim(event) or (now, None)
                values = {
                    "scope": scope,
                    "owner": owner,
                    "element": element,
                    "type": type_,
                    "retries": retries,
                    "tries": 0,
                    "available_at": until,
                    "worker": worker,
                }
                self._jobs.add((part, instance_id, key), values)
            case e.JobFailed(_, _, key, retries, tries, int(due)):
                self._jobs.change(
                    (part, instance_id, key), retries=retries, tries=tries, available_at=due, worker=None
                )
            case e.JobFailed(_, _, key) | e.JobCompleted(_, _, key) | e.JobCancelled(_, _, key):
                self._jobs.remove((part, instance_id, key))

    def _project_task(self, instance_id: str, event: e.Event, now: int) -> None:
        part = part_of(instance_id)
        match event:
            case e.UserTaskOpened(_, _, key):
                values = {name: getattr(event, name) for name in event.__struct_fields__ if name != "key"}
                values |= {"state": "open", "created_at": now, "ended_at": None}
                self._tasks.add((part, instance_id, key), _as_json(values))
            case e.UserTaskAssigned(_, _, key, assignee):
                self._tasks.change((part, instance_id, key), assignee=assignee)
            case e.UserTaskCompleted(_, _, key):
                self._tasks.change((part, instance_id, key), state="completed", ended_at=now)
            case e.UserTaskCancelled(_, _, key):
                self._tasks.change((part, instance_id, key), state="cancelled", ended_at=now)

    def _project_other(self, instance_id: str, event: e.Event, now: int) -> None:
        part = part_of(instance_id)
        match event:
            case e.TimerOpened(scope, owner, key, element, due):
                values = {"scope": scope, "owner": owner, "element": element, "due_at": due}
                self._timers.add((part, instance_id, key), values)
            case e.TimerFired(_, _, key) | e.TimerCancelled(_, _, key):
                self._timers.remove((part, instance_id, key))
            case e.CallOpened(scope, owner, key, element, process):
                values = {"scope": scope, "owner": owner, "element": element, "process_id": process}
                self._calls.add((part, instance_id, key), values)
            case e.CallCompleted(_, _, key) | e.CallCancelled(_, _, key):
                self._calls.remove((part, instance_id, key))
            case e.IncidentRaised(scope, owner, key, element, _, type_, message, detail):
                values = {"scope": scope, "owner": owner, "element": element, "type": type_}
                values |= {"message": message, "detail": detail, "at": now}
                self._incidents.add((part, instance_id, key), values)
            case e.IncidentResolved(_, _, key):
                self._incidents.remove((part, instance_id, key))


_OF_JOBS = {e.JobOpened, e.JobFailed, e.JobCompleted, e.JobCancelled}
_OF_TASKS = {e.UserTaskOpened, e.UserTaskAssigned, e.UserTaskCompleted, e.UserTaskCancelled}
_OTHERS = {
    e.CallOpened,
    e.CallCompleted,
    e.CallCancelled,
    e.TimerOpened,
    e.TimerFired,
    e.TimerCancelled,
    e.IncidentRaised,
    e.IncidentResolved,
}


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Encode the lists, which the driver takes as JSON texts."""
    lists = {name: codec.encode_list(value) for name, value in values.items() if isinstance(value, list)}
    return values | lists
