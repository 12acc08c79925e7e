"""One transaction's writes: what events mean for the rows of jobs, timers, tasks, incidents and counters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.kernel import events as e
from penstock.kernel.effects import ContinueLater, Effect
from penstock.store import (
    codec,
    counters,
    idempotency,
    incidents,
    jobs,
    journal,
    outbox,
    sendings,
    states,
    subscriptions,
    timers,
    user_tasks,
)
from penstock.store.parts import part_of
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
        self._subscriptions = Rows(subscriptions.TABLE)
        self.subscribed: list[tuple[Stored, e.MessageSubscribed]] = []
        """The messages that instances have begun to wait for and that have not been looked for yet."""
        self.sent: list[sendings.Place] = []
        """What is to be delivered after the commit."""
        self._sendings: list[dict[str, Any]] = []
        self._journal: list[dict[str, Any]] = []
        self._outbox: list[dict[str, Any]] = []
        self._answered: dict[tuple[int, str], None] = {}
        self._keys: list[dict[str, Any]] = []
        self._changed: dict[str, Stored] = {}

    def add(
        self,
        stored: Stored,
        command: c.Command,
        events: Sequence[e.Event],
        effects: Sequence[Effect],
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
        if isinstance(command, c.Continue):
            self._answered[part, instance_id] = None
        if effects:
            self._add_effects(where, effects, now)
        for event in events:
            self._project(stored, event, now)

    def _add_effects(self, where: dict[str, Any], effects: Sequence[Effect], now: int) -> None:
        for position, effect in enumerate(effects):
            if isinstance(effect, ContinueLater):
                self._outbox.append({**where, "at": now, "command": codec.encode_command(c.Continue())})
            else:
                row = {**where, "position": position, "at": now, **sendings.values(effect)}
                self._sendings.append(row)
                self.sent.append((where["instance_id"], where["seq"], position))

    def flush_subscriptions(self, connection: sa.Connection) -> None:
        """Write what instances wait for, so that a look at the table finds it."""
        self._subscriptions.flush(connection)

    def remember(self, key: str, digest: str, instance_id: str, now: int) -> None:
        """Keep the idempotency key of a request that was carried out."""
        self._keys.append({"key": key, "digest": digest, "instance_id": instance_id, "at": now})

    def flush(self, connection: sa.Connection) -> None:
        """Write everything."""
        moved = counters.Changes()
        for stored in self._changed.values():
            it, new = stored.instance, stored.status
            cycle_ms = 0 if it.ended_at is None else it.ended_at - it.started_at
            moved.move(stored.process_id, stored.version, it.started_at, stored.was, new, cycle_ms)
        states.save(connection, self._changed.values())
        journal.APPEND.many(connection, self._journal)
        for rows in (self._jobs, self._timers, self._tasks, self._incidents, self._subscriptions):
            rows.flush(connection)
        outbox.REMOVE.many(connection, [{"b_part": p, "b_instance_id": i} for p, i in self._answered])
        outbox.ADD.many(connection, self._outbox)
        sendings.ADD.many(connection, self._sendings)
        idempotency.ADD.many(connection, self._keys)
        moved.flush(connection)

    def _project(self, stored: Stored, event: e.Event, now: int) -> None:
        """Change the rows that the event is about; most events are about none."""
        project = _PROJECTIONS.get(type(event))
        if project is not None:
            project(self, stored, event, now)

    def _project_job(self, stored: Stored, event: e.Event, now: int) -> None:
        instance_id = stored.instance.id
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

    def _project_task(self, stored: Stored, event: e.Event, now: int) -> None:
        instance_id = stored.instance.id
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

    def _project_other(self, stored: Stored, event: e.Event, now: int) -> None:
        instance_id = stored.instance.id
        part = part_of(instance_id)
        match event:
            case e.TimerOpened(scope, owner, key, element, due):
                values = {"scope": scope, "owner": owner, "element": element, "due_at": due}
                self._timers.add((part, instance_id, key), values)
            case e.TimerFired(_, _, key) | e.TimerCancelled(_, _, key):
                self._timers.remove((part, instance_id, key))
            case e.IncidentRaised(scope, owner, key, element, _, type_, message, detail):
                values = {"scope": scope, "owner": owner, "element": element, "type": type_}
                values |= {"message": message, "detail": detail, "at": now}
                self._incidents.add((part, instance_id, key), values)
            case e.IncidentResolved(_, _, key):
                self._incidents.remove((part, instance_id, key))

    def _project_subscription(self, stored: Stored, event: e.Event, _now: int) -> None:
        part, instance_id = part_of(stored.instance.id), stored.instance.id
        match event:
            case e.MessageSubscribed(scope, owner, key, element, _, name, correlation_key):
                self.subscribed.append((stored, event))
                new = ("message", name, correlation_key, stored.process_id)
            case e.SignalSubscribed(scope, owner, key, element, _, name):
                new = ("signal", name, "", "")
            case e.ConditionSubscribed(scope, owner, key, element, _, condition):
                new = ("condition", condition, "", "")
            case _:
                self._subscriptions.remove((part, instance_id, event.key))  # type: ignore[union-attr]
                return
        values = {"scope": scope, "owner": owner, "element": element}
        values |= dict(zip(("kind", "name", "correlation_key", "process_id"), new, strict=True))
        self._subscriptions.add((part, instance_id, key), values)


_PROJECTIONS: Final[dict[type[e.Event], Callable[[Writes, Stored, e.Event, int], None]]] = {
    **dict.fromkeys((e.JobOpened, e.JobFailed, e.JobCompleted, e.JobCancelled), Writes._project_job),
    **dict.fromkeys(
        (e.UserTaskOpened, e.UserTaskAssigned, e.UserTaskCompleted, e.UserTaskCancelled),
        Writes._project_task,
    ),
    **dict.fromkeys(
        (e.TimerOpened, e.TimerFired, e.TimerCancelled, e.IncidentRaised, e.IncidentResolved),
        Writes._project_other,
    ),
    **dict.fromkeys(
        (
            e.MessageSubscribed,
            e.SignalSubscribed,
            e.ConditionSubscribed,
            e.MessageCorrelated,
            e.SignalReceived,
            e.ConditionMet,
            e.SubscriptionClosed,
        ),
        Writes._project_subscription,
    ),
}


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Encode the lists, which the driver takes as JSON texts."""
    lists = {name: codec.encode_list(value) for name, value in values.items() if isinstance(value, list)}
    return values | lists
