"""One transaction's writes: what events mean for the rows of jobs, timers, tasks, incidents and counters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final

import sqlalchemy as sa

from penstock.kernel import commands as c, events as e
from penstock.kernel.effects import Effect, SendMessage, SendSignal
from penstock.store import (
    acts,
    calls,
    changes,
    codec,
    counters,
    held,
    idempotency,
    incidents,
    jobs,
    journal,
    outbox,
    passages,
    sendings,
    states,
    subscriptions,
    timers,
    user_tasks,
)
from penstock.store.parts import part_of
from penstock.store.rows import OutboxKey, OutboxRow
from penstock.store.states import Stored
from penstock.store.waits import Rows


class Writes:
    """What one transaction will write; `flush` writes it, each kind of row by one statement."""

    def __init__(
        self,
        claim: Callable[[e.JobOpened], tuple[int, str] | None],
        slot: int = 0,
        rank: Callable[[str, str, int], int | None] | None = None,
    ) -> None:
        """Begin with nothing.

        Arguments:
            claim: for a job that is opened, until when (epoch ms) and by which worker it is taken at once;
                None leaves it for whoever comes.
            slot: in which of a counter's rows is counted.
            rank: gives, by type, process and time (epoch ms), since when a job counts as having waited; None
                where none goes ahead of others.
        """
        self._claim = claim
        self._rank = rank
        self._slot = slot
        self._jobs = Rows(jobs.TABLE)
        self._timers = Rows(timers.TABLE)
        self._tasks = Rows(user_tasks.TABLE)
        self._incidents = Rows(incidents.TABLE)
        self._subscriptions = Rows(subscriptions.TABLE)
        self._calls = Rows(calls.TABLE)
        self._waits = (
            self._jobs,
            self._timers,
            self._tasks,
            self._incidents,
            self._subscriptions,
            self._calls,
        )
        self.subscribed: list[tuple[Stored, e.MessageSubscribed]] = []
        """The messages that instances have begun to wait for and that have not been looked for yet."""
        self.sent: list[sendings.Place] = []
        """What is to be delivered after the commit."""
        self._are_held: dict[str, bool] = {}
        """Whether the rows of what an instance waits for are held, where this transaction changed it."""
        self._to_shift: dict[str, Stored] = {}
        """The instances where it is yet to."""
        self._sendings: list[dict[str, Any]] = []
        self._journal: list[dict[str, Any]] = []
        self._outbox: list[dict[str, Any]] = []
        self._dealt_with: list[OutboxKey] = []
        self._keys: list[dict[str, Any]] = []
        self._changed: dict[str, Stored] = {}
        self._passages = passages.Changes()
        self._acts: list[dict[str, Any]] = []
        self._subjects: dict[str, None] = {}
        self._now = 0
        self._trace: str | None = None

    def add(
        self,
        stored: Stored,
        command: c.Command,
        events: Sequence[e.Event],
        effects: Sequence[Effect],
        sends: Sequence[OutboxRow],
        *,
        actor: str,
        now: int,
        trace: str | None = None,
    ) -> None:
        """Take in what a command to the instance did; the jobs that it opened continue its trace."""
        if isinstance(command, c.Continue) and not events:
            return  # another command has gone on with it meanwhile
        part, instance_id = part_of(stored.instance.id), stored.instance.id
        self._now = now
        stored.record(events, actor, now)
        self._changed[instance_id] = stored
        where = {"part": part, "instance_id": instance_id, "seq": stored.seq}
        self._journal.append(
            {
                **where,
                "at": now,
                "actor": actor,
                "command": codec.encode_command(command),
                "events": codec.encode_events(events),
                "elements": journal.encode_elements(events, stored.instance),
            }
        )
        self._outbox += [outbox.as_row(row, now) for row in sends]
        if effects:
            self._add_sendings(where, effects, now)
        self._trace = trace
        for event in events:
            project = _PROJECTIONS.get(type(event))
            if project is not None:  # most events are about no row
                project(self, stored, event, now)
        self._note_held(stored)
        self._passages.note(stored.process_id, stored.version, stored.instance.started_at, events, now)

    def note_act(self, stored: Stored, command: c.Command, actor: str, now: int) -> None:
        """Keep what a user did to an instance, where it is an act."""
        operation = acts.OPERATIONS.get(type(command))
        if operation is not None:
            detail = acts.detail_of(command)
            row = acts.as_row(now, actor, operation, detail, stored.instance.id, stored.process_id)
            self._acts.append(row)

    def note_change(self, subject: str, now: int) -> None:
        """Tell those who watch that something beside instances has changed."""
        self._subjects[subject] = None
        self._now = now

    def _add_sendings(self, where: dict[str, Any], effects: Sequence[Effect], now: int) -> None:
        for position, effect in enumerate(effects):
            if isinstance(effect, SendMessage | SendSignal):
                row = {**where, "position": position, "at": now, **sendings.values(effect)}
                self._sendings.append(row)
                self.sent.append((where["instance_id"], where["seq"], position))

    def flush_subscriptions(self, connection: sa.Connection) -> None:
        """Write what instances wait for, so that a look at the table finds it, and what is held does not."""
        self._subscriptions.flush(connection)
        for id, stored in self._to_shift.items():
            hold = stored.status == "suspended"
            held.shift_subscriptions(connection, id, hold=hold)
            self._are_held[id] = hold
        self._to_shift.clear()

    def _note_held(self, stored: Stored) -> None:
        """Note an instance whose subscriptions are to be held, or are no longer."""
        id = stored.instance.id
        if (stored.status == "suspended") != self._are_held.get(id, stored.was == "suspended"):
            self._to_shift[id] = stored
        else:
            self._to_shift.pop(id, None)

    def remember(self, key: str, digest: str, instance_id: str, now: int) -> None:
        """Keep the idempotency key of a request that was carried out."""
        self._keys.append({"key": key, "digest": digest, "instance_id": instance_id, "at": now})

    def deal_with(self, key: OutboxKey) -> None:
        """A command from the outbox has been dealt with."""
        self._dealt_with.append(key)

    def flush(self, connection: sa.Connection) -> None:
        """Write everything: kind after kind, and what another node may write too in one order of rows."""
        moved = counters.Changes()
        for stored in self._changed.values():
            it, new = stored.instance, stored.status
            cycle_ms = 0 if it.ended_at is None else it.ended_at - it.started_at
            now_of = (stored.process_id, stored.version)
            was_of = None if now_of == stored.was_of else stored.was_of
            moved.move(*now_of, it.started_at, stored.was, new, cycle_ms, was_of)
        states.save(connection, self._changed.values())
        journal.APPEND.many(connection, self._journal)
        for rows in self._waits:
            rows.flush(connection)
        self.flush_subscriptions(connection)
        for stored in self._changed.values():
            hold = stored.status == "suspended"
            if hold != (stored.was == "suspended"):
                held.shift(connection, stored.instance.id, hold=hold)
        outbox.REMOVE.many(connection, [outbox.as_key(key) for key in sorted(self._dealt_with)])
        outbox.ADD.many(connection, self._outbox)
        sendings.ADD.many(connection, self._sendings)
        idempotency.ADD.many(connection, sorted(self._keys, key=itemgetter("key")))
        moved.flush(connection, self._slot)
        self._passages.flush(connection, self._slot)
        acts.ADD.many(connection, self._acts)
        self._tell(connection)

    def _tell(self, connection: sa.Connection) -> None:
        """Tell those who watch what has changed."""
        told = [
            changes.InstanceChange(it.instance.id, it.process_id, it.status, it.seq)
            for it in self._changed.values()
        ]
        if told or self._subjects:
            changes.add(connection, self._now, told, self._subjects)

    def _project_job(self, stored: Stored, event: e.Event, now: int) -> None:
        instance_id, later = stored.instance.id, _later(stored)
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
                    "available_at": until + later,
                    "worker": worker,
                    "trace": self._trace,
                    "rank": None if self._rank is None else self._rank(type_, stored.process_id, now),
                }
                self._jobs.add((part, instance_id, key), values)
            case e.JobFailed(_, _, key, retries, tries, int(due)):
                self._jobs.change(
                    (part, instance_id, key),
                    retries=retries,
                    tries=tries,
                    available_at=due + later,
                    worker=None,
                )
            case (
                e.JobFailed(_, _, key)
                | e.JobCompleted(_, _, key)
                | e.ListenerCompleted(_, _, key)
                | e.JobCancelled(_, _, key)
            ):
                self._jobs.remove((part, instance_id, key))

    def _project_task(self, stored: Stored, event: e.Event, now: int) -> None:
        instance_id = stored.instance.id
        part = part_of(instance_id)
        match event:
            case e.UserTaskOpened(_, _, key):
                values = {name: getattr(event, name) for name in event.__struct_fields__ if name != "key"}
                values |= {"created_at": now, "ended_at": None}
                self._tasks.add((part, instance_id, key), _as_json(values))
            case e.UserTaskAssigned(_, _, key, assignee):
                self._tasks.change((part, instance_id, key), assignee=assignee)
            case e.UserTaskUpdated(_, _, key, changes, opened):
                changed = dict(changes) | ({"state": "open"} if opened else {})
                self._tasks.change((part, instance_id, key), **_as_json(changed))
            case e.UserTaskCompleted(_, _, key):
                self._tasks.change((part, instance_id, key), state="completed", ended_at=now)
            case e.UserTaskCancelled(_, _, key):
                self._tasks.change((part, instance_id, key), state="cancelled", ended_at=now)

    def _project_migration(self, stored: Stored, event: e.Event, _now: int) -> None:
        assert isinstance(event, e.ElementMigrated)
        instance_id = stored.instance.id
        for key, element in event.keys.items():
            for rows in self._waits:
                rows.change((part_of(instance_id), instance_id, key), element=element)

    def _project_other(self, stored: Stored, event: e.Event, now: int) -> None:
        instance_id = stored.instance.id
        part = part_of(instance_id)
        match event:
            case e.TimerOpened(scope, owner, key, element, due):
                values = {"scope": scope, "owner": owner, "element": element, "due_at": due + _later(stored)}
                values["tries"] = 0
                self._timers.add((part, instance_id, key), values)
            case e.TimerFired(_, _, key) | e.TimerCancelled(_, _, key):
                self._timers.remove((part, instance_id, key))
            case e.CallOpened(scope, owner, key, element, process):
                values = {"scope": scope, "owner": owner, "element": element, "process_id": process}
                self._calls.add((part, instance_id, key), values)
            case e.CallCompleted(_, _, key) | e.CallCancelled(_, _, key):
                self._calls.remove((part, instance_id, key))
            case e.IncidentRaised(scope, owner, key, element, _, type_, message, detail, timer):
                if timer:
                    self._timers.remove((part, instance_id, timer))
                values = {"scope": scope, "owner": owner, "element": element, "type": type_}
                values |= {"message": _text(message), "detail": detail and _text(detail), "at": now}
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
        kind, name, correlation_key, process_id = new
        values = {"scope": scope, "owner": owner, "element": element, "name": name}
        values |= {"correlation_key": correlation_key, "process_id": process_id}
        values |= {
            "kind": held.HELD_KIND + kind
            if self._are_held.get(instance_id, stored.was == "suspended")
            else kind
        }
        self._subscriptions.add((part, instance_id, key), values)


def _text(said: str) -> str:
    """Give what somebody's code has said as a column can hold it, which has no NUL character."""
    return said.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _later(stored: Stored) -> int:
    """Give by how much the moments of an instance are held, as its rows stood before this transaction."""
    return held.HELD if stored.was == "suspended" else 0


_PROJECTIONS: Final[dict[type[e.Event], Callable[[Writes, Stored, e.Event, int], None]]] = {
    **dict.fromkeys(
        (e.JobOpened, e.JobFailed, e.JobCompleted, e.ListenerCompleted, e.JobCancelled), Writes._project_job
    ),
    **dict.fromkeys(
        (
            e.UserTaskOpened,
            e.UserTaskAssigned,
            e.UserTaskUpdated,
            e.UserTaskCompleted,
            e.UserTaskCancelled,
        ),
        Writes._project_task,
    ),
    **dict.fromkeys(
        (
            e.CallOpened,
            e.CallCompleted,
            e.CallCancelled,
            e.TimerOpened,
            e.TimerFired,
            e.TimerCancelled,
            e.IncidentRaised,
            e.IncidentResolved,
        ),
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
    e.ElementMigrated: Writes._project_migration,
}


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Encode the lists, which the driver takes as JSON texts."""
    lists = {name: codec.encode_list(value) for name, value in values.items() if isinstance(value, list)}
    return values | lists
