"""What must be so of a database at every moment, and of what clients were told about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from penstock.kernel import SLICE, InstanceState, ProcessInstance, advance, events as e
from penstock.kernel.commands import AssignUserTask, Command, MigrateInstance
from penstock.kernel.definition import Element, JobSpec, ProcessDefinition
from penstock.kernel.listeners import current
from penstock.kernel.state import ROOT, ElementInstance, Scope
from penstock.runtime.definitions import Definitions
from penstock.store import (
    batches,
    calls,
    codec,
    counters,
    held,
    incidents,
    jobs,
    journal,
    states,
    subscriptions,
    timers,
    user_tasks,
)
from penstock.store.rows import InstanceRow, JournalRow
from penstock.store.states import Stored
from penstock.store.tables import (
    call,
    counter,
    idempotency,
    incident,
    instance,
    job,
    message,
    outbox,
    scope,
    sending,
    subscription,
    timer,
    user_task,
)
from tests.kernel.deciding import DECISIONS
from tests.kernel.pictures import picture
from tests.simulation.clients import Ask
from tests.simulation.machine import LOOP_LIMIT

ALL: Final = 1_000_000


@dataclass
class History:
    """What the journal of an instance says of it."""

    instance: ProcessInstance
    rows: list[JournalRow]
    commands: list[Command] = field(default_factory=list)
    states: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)
    """After each command: the status, the open incidents and the variables."""
    due: dict[int, int] = field(default_factory=dict)
    """When each timer that was ever opened is due, by its key."""


class Checker:
    """Looks at one database in one snapshot."""

    def __init__(self, connection: sa.Connection, models: Definitions, slice_limit: int = SLICE) -> None:
        self._connection = connection
        self._models = models
        self._slice_limit = slice_limit
        self._histories = {id: self._replay(id) for id in self._column(instance.c.id)}

    def check(self) -> None:
        """Check the database by itself."""
        for id, history in self._histories.items():
            self._check_instance(id, history)
        self._check_counters()
        self._check_nothing_stray()

    def check_told(self, asks: list[Ask]) -> None:
        """Check what clients were told about it."""
        self._check_answers(asks)
        self._check_keys(asks)

    def _column(self, column: sa.Column[Any]) -> list[Any]:
        return list(self._connection.execute(sa.select(column).order_by(column)).scalars())

    def check_batches(self, stopped: Collection[str]) -> None:
        """What a batch did is what it says, once for each instance; `stopped` are those that were.

        The commands of a batch are in the journal under its own name.
        """
        did: dict[str, list[str]] = defaultdict(list)
        for id, history in self._histories.items():
            for row in history.rows:
                did[row.actor].append(id)
        for batch in batches.search(self._connection, limit=ALL):
            results = batches.results(self._connection, batch.id, limit=ALL)
            assert [it.position for it in results] == list(range(1, len(results) + 1))
            assert len({it.instance_id for it in results}) == len(results), f"{batch} came to one twice"
            done = [it.started_id or it.instance_id for it in results if it.outcome == "done"]
            assert (batch.done, batch.rejected) == (len(done), len(results) - len(done))
            assert sorted(done) == sorted(did[batch.created_by]), f"{batch} did other things than it says"
            assert all(it.message for it in results if it.outcome == "rejected")
            assert (batch.state == "stopped") >= (batch.id in stopped), f"{batch} was stopped and goes on"

    def check_finished(self) -> None:
        """Check that nothing is left to do."""
        for table in (call, job, timer, incident, scope, outbox, sending, subscription):
            assert self._column(table.c.instance_id) == [], f"rows of {table} are left"
        ended = {row.ended_at is not None for row in self._connection.execute(sa.select(instance.c.ended_at))}
        assert ended == {True}

    # -- each instance ---------------------------------------------------------------------------

    def _replay(self, id: str) -> History:
        """Do all that the journal says again, from nothing: the same must come of it."""
        rows = journal.read(self._connection, id, limit=ALL)
        assert rows, f"instance {id} has no journal"
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1)), f"the journal of {id} has a gap"
        stored = self._stored(id)
        history = History(ProcessInstance(id, self._begun_by(stored, rows)), rows)
        again = Stored(history.instance, process_id="", version="", created_by="")
        for row in rows:
            command = codec.decode_command(row.command)
            outcome = advance(
                self._model(history.instance.definition),
                history.instance,
                command,
                row.at,
                loop_limit=LOOP_LIMIT,
                slice_limit=self._slice_limit,
                target=self._model(command.definition) if isinstance(command, MigrateInstance) else None,
                decisions=DECISIONS,
            )
            assert outcome.events == codec.decode_events(row.events), f"{id} replayed differs at {row.seq}"
            assert outcome.events or isinstance(command, AssignUserTask), f"{command} did nothing"
            history.commands.append(command)
            shown = again.row()
            history.states.append((shown.status, shown.incidents, shown.variables))
            history.due |= {it.key: it.due for it in outcome.events if isinstance(it, e.TimerOpened)}
        return history

    def _stored(self, id: str) -> Stored:
        stored = states.load_stored(self._connection, id)
        assert stored is not None
        return stored

    def _begun_by(self, stored: Stored, rows: list[JournalRow]) -> str:
        """Give the definition by which an instance began, before it was migrated."""
        events = (event for row in rows for event in codec.decode_events(row.events))
        moved = (event.previous for event in events if isinstance(event, e.InstanceMigrated))
        return next(moved, stored.instance.definition)

    def _model(self, key: str) -> ProcessDefinition:
        model = self._models.by_key(key)
        assert model is not None
        return model.compiled

    def _check_instance(self, id: str, history: History) -> None:
        stored = self._stored(id)
        loaded, replayed = stored.instance, history.instance
        assert stored.seq == len(history.rows)
        assert stored.created_by == history.rows[0].actor
        assert (stored.updated_by, stored.updated_at) == (history.rows[-1].actor, history.rows[-1].at)
        runs = loaded.state in (InstanceState.ACTIVE, InstanceState.SUSPENDED)
        if runs:
            assert picture(loaded) == picture(replayed), f"{id} is stored otherwise than its journal says"
            assert loaded.steps == replayed.steps
        else:
            for name in ("state", "business_key", "started_at", "ended_at", "incidents"):
                assert getattr(loaded, name) == getattr(replayed, name), f"{name} of {id}"
            assert loaded.scopes[ROOT].variables == replayed.scopes[ROOT].variables
        elements = list(_elements(loaded)) if runs else []
        self._check_scopes(id, elements)
        self._check_waits(id, elements, history, self._model(stored.instance.definition))
        waits_for_resume = loaded.state is InstanceState.SUSPENDED
        assert waits_for_resume or self._waiting(id) or not loaded.agenda, (
            f"{id} has an agenda, and nobody will go on with it"
        )
        self._check_goes_on(id, loaded, elements)

    def _check_scopes(self, id: str, elements: list[tuple[Scope, ElementInstance]]) -> None:
        open_ = sorted(element.key for _, element in elements if element.opened)
        query = sa.select(scope.c.key).where(scope.c.instance_id == id).order_by(scope.c.key)
        assert list(self._connection.execute(query).scalars()) == open_, f"rows of scopes of {id}"

    def _check_waits(
        self,
        id: str,
        elements: list[tuple[Scope, ElementInstance]],
        history: History,
        model: ProcessDefinition,
    ) -> None:
        """Compare the rows of what an instance waits for with its state."""
        in_state: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
        for holder, it in elements:
            at = (holder.key, it.key)
            if it.job is not None:
                type_ = _type_of(model.elements[it.element], it)
                in_state["job"].add((*at, it.job.key, it.element, type_, it.job.retries, it.job.tries))
            if it.call is not None:
                in_state["call"].add((*at, it.call, it.element))
            if it.task is not None:
                in_state["task"].add((*at, it.task.key, it.element, it.task.assignee))
            if it.incident is not None:
                in_state["incident"].add((*at, it.incident.key, it.element))
            for key, element in (it.timers or {}).items():
                in_state["timer"].add((*at, key, element, history.due[key]))
            for key, waits in (it.subscriptions or {}).items():
                in_state["subscription"].add((*at, key, waits.event))
        in_rows = {
            "job": {
                (it.scope, it.owner, it.key, it.element, it.type, it.retries, it.tries)
                for it in jobs.of_instance(self._connection, id)
            },
            "call": {
                (it.scope, it.owner, it.key, it.element) for it in calls.of_instance(self._connection, id)
            },
            "task": {
                (it.scope, it.owner, it.key, it.element, it.assignee)
                for state in ("open", "creating")
                for it in user_tasks.search(self._connection, instance_id=id, state=state, limit=ALL)
            },
            "incident": {
                (it.scope, it.owner, it.key, it.element)
                for it in incidents.search(self._connection, instance_id=id, limit=ALL)
            },
            "timer": {
                (it.scope, it.owner, it.key, it.element, held.real(it.due_at))
                for it in timers.of_instance(self._connection, id)
            },
            "subscription": {
                (it.scope, it.owner, it.key, it.element)
                for it in subscriptions.of_instance(self._connection, id)
            },
        }
        for kind, rows in in_rows.items():
            assert rows == in_state[kind], f"rows of {kind}s of {id}"

    def _check_goes_on(
        self, id: str, loaded: ProcessInstance, elements: list[tuple[Scope, ElementInstance]]
    ) -> None:
        """An instance has ended, or each of its tokens waits for something that has a row."""
        if loaded.state is not InstanceState.ACTIVE or loaded.agenda:
            return
        assert elements, f"{id} is active and empty"
        for _, it in elements:
            events = [*(it.timers or {}).values(), *(one.event for one in (it.subscriptions or {}).values())]
            model = self._models.by_key(loaded.definition)
            assert model is not None
            own = any(model.compiled.elements[event].attached_to is None for event in events)
            waits = (it.call, it.job, it.task, it.incident, it.arrived, it.compensating)
            assert own or it.opened or any(one is not None for one in waits), f"{id} forgot {it}"

    def _waiting(self, id: str) -> list[int]:
        query = sa.select(outbox.c.seq).where(outbox.c.instance_id == id)
        return list(self._connection.execute(query).scalars())

    # -- all of them together --------------------------------------------------------------------

    def _check_counters(self) -> None:
        """The counters are what a recount gives."""
        counted: Counter[tuple[Any, ...]] = Counter()
        took: Counter[tuple[Any, ...]] = Counter()
        for id in self._histories:
            row = self._stored(id).row()
            for unit, length in (("day", counters.DAY), ("hour", counters.HOUR)):
                at = row.started_at - row.started_at % length
                key = (row.process_id, row.version, unit, at, row.status)
                counted[key] += 1
                took[key] += 0 if row.ended_at is None else row.ended_at - row.started_at
        key = [counter.c[name] for name in ("process_id", "version", "unit", "at", "status")]
        sums = (sa.func.sum(counter.c.instances), sa.func.sum(counter.c.cycle_ms))
        query = sa.select(*key, *sums).group_by(*key)
        found = {tuple(row[:5]): tuple(row[5:]) for row in self._connection.execute(query)}
        assert {key: value for key, value in found.items() if value != (0, 0)} == {
            key: (instances, took[key]) for key, instances in counted.items()
        }

    def _check_nothing_stray(self) -> None:
        """No row is of an instance that there is not."""
        for table in (call, job, timer, user_task, incident, scope, outbox, sending, subscription):
            assert set(self._column(table.c.instance_id)) <= set(self._histories), f"stray rows in {table}"

    def check_messages(self, now: int) -> None:
        """Nobody waits for a message that is kept: who came second has found the other."""
        kept = {
            (row.name, row.correlation_key, row.instance_id)
            for row in self._connection.execute(sa.select(message).where(message.c.expires_at > now))
        }
        for row in self._connection.execute(sa.select(subscription).where(subscription.c.kind == "message")):
            for receiver in (None, row.instance_id):
                address = row.name, row.correlation_key, receiver
                assert address not in kept, f"{row.instance_id} waits for {address}, which is kept"

    # -- what clients were told ------------------------------------------------------------------

    def _check_answers(self, asks: list[Ask]) -> None:
        """What was acknowledged is in force, once; what was refused has left no trace."""
        done: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for id, history in self._histories.items():
            for at, row in enumerate(history.rows):
                done[row.actor].append((id, at))
        for ask in asks:
            found = done[ask.actor]
            assert len(found) <= 1, f"{ask} was carried out {len(found)} times"
            assert found or not ask.rows, f"{ask} was acknowledged and is lost"
            assert not found or ask.rows or ask.lost, f"{ask} was refused and is in force"
            for id, at in found:
                history = self._histories[id]
                assert history.commands[at] == ask.command
                for answer in ask.rows:
                    self._check_answer(answer, id, history.states[at:])

    def _check_answer(self, answer: InstanceRow, id: str, since: list[tuple[str, int, Any]]) -> None:
        assert answer.id == id, f"{answer} is about another instance than {id}"
        assert (answer.status, answer.incidents, answer.variables) in since, f"{answer} never was so"

    def _check_keys(self, asks: list[Ask]) -> None:
        """Each idempotency key stands for one request that is in force."""
        in_force = {row.actor: id for id, it in self._histories.items() for row in it.rows}
        kept = {row.key: row for row in self._connection.execute(sa.select(idempotency))}
        asked = {(ask.key.key, ask.key.digest): ask for ask in asks if ask.key is not None}
        made = {batch.id for batch in batches.search(self._connection, limit=ALL)}
        for row in kept.values():
            if row.instance_id in made:
                continue
            ask = asked[row.key, row.digest]
            assert in_force.get(ask.actor) == row.instance_id, f"the key of {ask} is kept for nothing"
        for ask in asks:
            if ask.key is not None and ask.actor in in_force:
                found = kept.get(ask.key.key)
                assert found is not None, f"{ask} is in force, its key is not kept"
                assert found.digest == ask.key.digest, f"{ask} is in force, its key is another request's"


def _elements(it: ProcessInstance) -> Iterator[tuple[Scope, ElementInstance]]:
    keys = [ROOT]
    for key in keys:
        found = it.scope(key)
        assert found is not None, f"scope {key} of {it.id} is open and has no row"
        for element in found.elements.values():
            yield found, element
            if element.opened:
                keys.append(element.key)


def _type_of(node: Element, it: ElementInstance) -> str:
    """Give the type of the open job, be it the element's own or that of a listener."""
    spec = node.job if it.listening is None else current(node, it)
    assert spec is not None
    return spec.type if isinstance(spec, JobSpec) else spec.type.text
