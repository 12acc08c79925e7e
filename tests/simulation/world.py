"""A world around the nodes, from a seed: clients, workers, time that passes, and accidents."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final

import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.kernel.definition import Kind, ProcessDefinition, Value
from penstock.kernel.work import LISTENED, TASK
from penstock.runtime.clock import TestClock
from penstock.runtime.definitions import Definition
from penstock.runtime.requests import BroadcastSignal, Idempotency, PublishMessage, Request
from penstock.store import (
    batches,
    broadcasts,
    incidents,
    jobs,
    sendings,
    subscriptions,
    timers,
    user_tasks,
)
from penstock.store.rows import JobRow, SubscriptionRow
from penstock.store.tables import instance, subscription
from penstock.testing import START, process
from penstock.workers.protocol import Done, Failed, Thrown
from tests.simulation import operator
from tests.simulation.clients import Ask, Book
from tests.simulation.machine import Accident, Crash, Machine, Models
from tests.simulation.operator import Operator
from tests.simulation.processes import CALLED, random_versions

MINUTE: Final = 60_000
DAY: Final = 24 * 60 * MINUTE
TO_THE_END: Final = 400
"""Rounds after which everything must have ended, once nothing goes wrong any longer."""
PATIENCE: Final = 60
"""Rounds after which an instance that was started in its midst, and may wait for ever, is cancelled."""

VALUES: Final[tuple[Value, ...]] = (
    None,
    'text with "quotes", @signs and ünïcödé',
    Decimal("1234567890.000000001"),
    date(2026, 2, 28),
    timedelta(hours=36),
    [1, [2, {"three": None}]],
    {"@date": "no date", "nested": {"deep": [True, False]}},
)


def _busy(connection: sa.Connection) -> bool:
    """Whether a message or signal has not come to its receivers, or a batch is not done."""
    on_the_way = bool(sendings.waiting(connection)) or broadcasts.next_one(connection) is not None
    return on_the_way or bool(batches.running(connection))


class World:
    """One simulated history."""

    def __init__(self, seed: int, folder: Path, template: Path) -> None:
        """Begin with an empty database, a copy of the template."""
        self.chance = Random(seed)
        self.clock = TestClock(START)
        self.book = Book()
        self.operator = Operator()
        self.models = Models(
            [
                *(
                    _model(f"p{number}", f"{version}.0.0", text)
                    for number in range(3)
                    for version, text in enumerate(random_versions(self.chance), 1)
                ),
                _model("called", "1.0.0", CALLED),
            ]
        )
        self.crashes = 0
        self.slice_limit = self.chance.choice((3, 7, 2_000))
        types = sorted({job for it in self.models.all for job in _job_types(it)})
        self._functions = [type_ for type_ in types if self.chance.random() < 0.5]
        self._outside = [type_ for type_ in types if type_ not in self._functions]
        self._numbers = 0
        """How many things have come from outside."""
        self._leasing: list[tuple[Machine, Future[list[JobRow]]]] = []
        self._held: list[JobRow] = []
        """Jobs that workers outside have leased, and some that they have lost."""
        path = folder / "1.db"
        path.write_bytes(template.read_bytes())
        self._started = count(1)
        self.machines = [self._machine(path) for _ in range(self.chance.choice((1, 2, 3)))]
        self.machine = self.machines[0]
        """The node at which the next thing happens."""

    def _machine(self, path: Path) -> Machine:
        name = f"node {next(self._started)}"
        return Machine(path, self.models, self.clock, self._functions, self.slice_limit, name)

    def close(self) -> None:
        """Close the files of every node."""
        for machine in self.machines:
            machine.close()

    # -- histories -------------------------------------------------------------------------------

    def run(self, rounds: int) -> None:
        """Let rounds pass in which anything may happen."""
        for _ in range(rounds):
            for _ in range(self.chance.randint(1, 8)):
                self._go_to_a_node()
                self.chance.choice(ACTIONS)(self)
            accident = self._accident() if self.chance.random() < 0.3 else None
            self._round(accident)

    def finish(self) -> None:
        """Let everybody do their work until every instance has ended."""
        for number in range(TO_THE_END):
            if not self.open() and self._idle() and not self.read(_busy):
                return
            self._go_to_a_node()
            self._work()
            if number > PATIENCE:
                operator.give_up(self)
            self._round(None)
        raise AssertionError(f"these have not ended: {self.open()}")

    def _go_to_a_node(self) -> None:
        self.machine = self.chance.choice(self.machines)

    def _idle(self) -> bool:
        return all(machine.idle for machine in self.machines)

    def _round(self, accident: Accident | None) -> None:
        """Let every node carry out what it has, one after the other; one of them meets the accident."""
        order = self.chance.sample(self.machines, len(self.machines))
        unlucky = self.chance.choice(order)
        for machine in order:
            if machine not in self.machines:  # the power was cut meanwhile
                continue
            try:
                machine.round(accident if machine is unlucky else None)
                machine.run_batches(accident if machine is unlucky else None)
            except Crash:
                assert accident is not None
                self._restart(self.machines if accident.power else [machine])
                continue
            machine.poisoned.clear()
            running = len(machine.pool.calls) + machine.runner.unreported
            assert machine.runner.running == running, "places are taken by jobs that do not run"
        self._take_leased()

    def _take_leased(self) -> None:
        """Let the workers outside have the jobs that the nodes have leased to them."""
        for machine, lease in self._leasing:
            if machine in self.machines and lease.done() and lease.exception() is None:
                self._held += lease.result()
        self._leasing.clear()

    def _restart(self, dead: list[Machine]) -> None:
        """Start a node in place of each that is gone; clients may ask again what was not answered."""
        self.crashes += 1
        everyone = len(dead) == len(self.machines)
        path = dead[0].wreck if everyone and dead[0].wreck.exists() else dead[0].path
        for machine in dead:
            machine.close()
        if path != dead[0].path:
            dead[0].remove()
        new = [self._machine(path) for _ in dead]
        self.machines = [machine for machine in self.machines if machine not in dead] + new
        self._go_to_a_node()
        for machine in new:
            machine.take_up()
        for ask in self.book.asks:
            if ask.lost and ask.repeatable and self.chance.random() < 0.7:
                self._go_to_a_node()
                self._ask(ask)

    def _accident(self) -> Accident:
        kind = self.chance.randrange(6)
        if kind == 0:
            return Accident("statement", self.chance.randrange(15), crash=False)
        if kind == 1:
            return Accident("commit", 0, crash=False)
        where = ("statement", "commit", "committed", "answer")[kind - 2]
        after = self.chance.randrange({"statement": 20, "answer": 4}.get(where, 2))
        power = len(self.machines) == 1 or self.chance.random() < 0.3
        return Accident(where, after, crash=True, power=power)  # type: ignore[arg-type]

    # -- what there is ---------------------------------------------------------------------------

    def read(self, query: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Run a query in a snapshot."""
        with self.machine.database.reading() as connection:
            return query(connection, *args, **kwargs)

    def open(self) -> list[str]:
        """Give the instances that have not ended."""
        query = sa.select(instance.c.id).where(instance.c.ended_at.is_(None)).order_by(instance.c.id)
        return list(self.read(lambda connection: connection.execute(query).scalars()))

    def suspended(self) -> list[str]:
        """Give the instances that are suspended."""
        query = sa.select(instance.c.id).where(instance.c.status == "suspended").order_by(instance.c.id)
        return list(self.read(lambda connection: connection.execute(query).scalars()))

    def one(self, rows: list[Any]) -> Any | None:
        """Give one of these, None where there is none."""
        return self.chance.choice(rows) if rows else None

    # -- what may happen -------------------------------------------------------------------------

    def _ask(self, ask: Ask) -> None:
        self.book.send(ask, self.machine.submit)

    def _key(self, what: object) -> Idempotency:
        return Idempotency(f"key-{len(self.book.asks)}", repr(what))

    def start(self) -> None:
        """Start an instance, mostly with a key."""
        model = self.chance.choice(self.models.all)
        variables: dict[str, Value] = {"c": self.chance.randrange(4), "again": False}
        command = c.StartInstance(model.compiled.starts[0], variables, self.chance.choice((None, "order")))
        key = self._key(command) if self.chance.random() < 0.8 else None
        self._ask(self.book.add(command, None, definition=model, key=key))

    def start_with_a_used_key(self) -> None:
        """Start something else under the key of another request."""
        used = self.one([ask for ask in self.book.asks if ask.key is not None])
        if used is not None:
            model = self.models.all[0]
            command = c.StartInstance(
                model.compiled.starts[0], {"c": 0, "again": False, "n": len(self.book.asks)}
            )
            key = Idempotency(used.key.key, repr(command))
            self._ask(self.book.add(command, None, definition=model, key=key))

    def repeat(self) -> None:
        """Send something again that was sent before, whatever has become of it."""
        ask = self.one([ask for ask in self.book.asks if ask.repeatable])
        if ask is not None:
            for _ in range(self.chance.randint(1, 2)):
                self._ask(ask)

    def poison(self) -> None:
        """Let the last wish meet a fault of the kernel in this round."""
        if self.book.asks:
            self.machine.poisoned.append(self.book.asks[-1].command)

    def end_function(self) -> None:
        """Let a function end in one of its ways."""
        if self.machine.pool.calls:
            _, done = self.machine.pool.calls.pop(self.chance.randrange(len(self.machine.pool.calls)))
            result: dict[str, Value] = {"c": self.chance.randrange(4)}
            done(
                self.chance.choice(
                    (
                        Done(result),
                        Done({}),
                        Failed("raised", "it failed", "a traceback"),
                        Thrown("BAD", "it is bad", result),
                        Thrown("OTHER", "nobody knows it", {}),
                    )
                )
            )

    def look(self) -> None:
        """Do what the scheduler does when it looks."""
        now = self.clock.now()
        self.machine.runner.report_again()
        for row in self.read(timers.due, now, self.chance.randint(1, 20)):
            command = c.FireTimer(row.scope, row.owner, row.key)
            self.machine.submit(Request(row.instance_id, command, "timer"), lambda _: None)
        if self.machine.runner.free():
            self.machine.take_jobs()
        self.machine.broadcast()
        if self.chance.random() < 0.2:
            self.machine.go_on()

    def send_outside(self) -> None:
        """Let something come from outside that an instance waits for, or has waited for."""
        row = self.one(self.read(_subscriptions))
        if row is not None:
            self._send_outside(row, {"c": self.chance.choice((-1, 0, 1, 2, 3, 9))})

    def _send_outside(self, row: SubscriptionRow, values: dict[str, Value]) -> None:
        self._numbers += 1
        match row.kind:
            case "message":
                ttl = self.chance.choice((0, MINUTE))
                id = self.chance.choice((None, f"m-{self._numbers // 3}"))
                message = PublishMessage(row.name, row.correlation_key, values, ttl, id)
                self.machine.submit(Request("", message, "outside"), lambda _: None)
            case "signal":
                signal = BroadcastSignal(row.name, values)
                self.machine.submit(Request("", signal, "outside"), lambda _: None)
            case "condition":
                trigger = c.TriggerEvent(row.scope, row.owner, row.element, {})
                self._ask(self.book.add(trigger, row.instance_id, key=self._key(trigger)))

    def pass_time(self) -> None:
        """Let up to three minutes pass, seldom a day."""
        most = 3 * MINUTE if self.chance.random() < 0.95 else DAY
        self.clock.move(self.clock.now() + self.chance.randrange(most))

    def lease(self) -> None:
        """Let a worker outside lease jobs."""
        now, worker = self.clock.now(), f"worker-{self.chance.randrange(2)}"
        until, limit = now + self.chance.choice((1_000, MINUTE)), self.chance.randint(1, 4)
        lease = self.machine.transact(
            lambda writer: jobs.lease(writer, self._outside, limit=limit, now=now, until=until, worker=worker)
        )
        self._leasing.append((self.machine, lease))

    def report(self) -> None:
        """Let a worker outside report on a job that it has, or had."""
        row = self.one(self._held)
        if row is None:
            return
        if self.chance.random() < 0.7:
            self._held.remove(row)
        at = row.scope, row.owner, row.key
        values: dict[str, Value] = {"c": self.chance.randrange(4)}
        command = self.chance.choice(
            (
                c.CompleteJob(*at, {} if row.type in _NOTHING_GIVEN else values),
                c.FailJob(*at, "it failed", tries=row.tries),
                c.ThrowJobError(*at, "BAD", "it is bad", values),
                c.ThrowJobError(*at, "OTHER", "nobody knows it", {}),
            )
        )
        self._ask(self.book.add(command, row.instance_id))

    def do_task(self) -> None:
        """Let a person complete or take a task."""
        row = self.one(self.read(user_tasks.search, state="open"))
        if row is None:
            return
        at = (row.scope, row.owner, row.key)
        if self.chance.random() < 0.7:
            values: dict[str, Value] = {"again": self.chance.random() < 0.2, "c": self.chance.randrange(4)}
            self._ask(self.book.add(c.CompleteUserTask(*at, values), row.instance_id))
        else:
            assign = c.AssignUserTask(
                *at, self.chance.choice(("anna", "ben", None)), self.chance.random() < 0.5
            )
            self._ask(self.book.add(assign, row.instance_id, key=self._key(assign)))

    def resolve(self) -> None:
        """Let an operator resolve an incident."""
        row = self.one(self.read(incidents.search))
        if row is not None:
            self._ask(
                self.book.add(
                    c.ResolveIncident(
                        row.scope, row.owner, row.key, {"c": self.chance.randrange(4)}, self.one([None, 1])
                    ),
                    row.instance_id,
                )
            )

    def set_variables(self) -> None:
        """Set a variable that no model reads, to anything."""
        found = self.one(self.open())
        if found is not None:
            command = c.SetVariables({f"v{self.chance.randrange(3)}": self.chance.choice(VALUES)})
            self._ask(self.book.add(command, found, key=self._key(command)))

    def cancel(self) -> None:
        """Cancel an instance, seldom."""
        found = self.one(self.open())
        if found is not None and self.chance.random() < 0.2:
            self._ask(self.book.add(c.CancelInstance(), found))

    def compiled(self, key: str) -> ProcessDefinition:
        """Give a definition by its key."""
        found = self.models.by_key(key)
        assert found is not None, "no definition goes away"
        return found.compiled

    def ask_once(
        self, command: c.Command, instance_id: str | None, definition: Definition | None = None
    ) -> Ask:
        """Ask something under a key of its own, so that it may be asked again."""
        ask = self.book.add(command, instance_id, definition=definition, key=self._key(command))
        self._ask(ask)
        return ask

    # -- the end ---------------------------------------------------------------------------------

    def _work(self) -> None:
        """Do everything that is to be done, well."""
        for machine in self.machines:
            while machine.pool.calls:
                machine.pool.calls.pop()[1](Done({}))
        for row in self.read(user_tasks.search, state="open"):
            command = c.CompleteUserTask(row.scope, row.owner, row.key, {"again": False})
            self._ask(self.book.add(command, row.instance_id))
        for id in self.suspended():
            self.ask_once(c.ResumeInstance(), id)
        operator.begin_what_is_idle(self)
        for row in self.read(incidents.search):
            resolve = c.ResolveIncident(row.scope, row.owner, row.key, {"c": 0}, 2)
            self._ask(self.book.add(resolve, row.instance_id))
        for row in self._held:
            values: dict[str, Value] = {} if row.type in _NOTHING_GIVEN else {"c": 0}
            done = c.CompleteJob(row.scope, row.owner, row.key, values)
            self._ask(self.book.add(done, row.instance_id))
        self._held.clear()
        for row in self.read(_subscriptions):
            self._send_outside(row, {"c": 0})
        self.machine.go_on()
        self.clock.move(self.clock.now() + MINUTE)
        self.look()
        self.lease()


ACTIONS: Final[tuple[Callable[[World], None], ...]] = (
    *(World.start, World.end_function, World.look, World.do_task) * 3,
    *(World.lease, World.report, World.send_outside, World.repeat, World.pass_time, World.resolve) * 2,
    *operator.ACTS,
    *(World.set_variables, World.cancel, World.poison, World.start_with_a_used_key),
)


def _subscriptions(connection: sa.Connection) -> list[SubscriptionRow]:
    ids = connection.execute(
        sa.select(subscription.c.instance_id).distinct().order_by("instance_id")
    ).scalars()
    return [row for id in ids for row in subscriptions.of_instance(connection, id)]


def _model(id: str, version: str, text: str) -> Definition:
    compiled = process(text)
    return Definition(f"{id}:{version}", id, id, version, f"uid-{id}", "deployment", START, compiled)


def _job_types(model: Definition) -> list[str]:
    elements = model.compiled.elements.values()
    heard = [it.listeners for it in elements if it.listeners is not None]
    return [
        *(it.job.type for it in elements if it.kind is Kind.SERVICE_TASK and it.job is not None),
        *(spec.type.text for it in heard for event in LISTENED for spec in it.of(event)),
    ]


_NOTHING_GIVEN: Final = {f"hear_{event}" for event in TASK}
"""The jobs of listeners of user tasks, which give no variables."""
