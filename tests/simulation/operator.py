"""What an operator does in the simulated world: to one instance, and by batches to many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.kernel.ad_hoc import ACTIVITIES
from penstock.kernel.definition import Kind, Value
from penstock.kernel.state import ROOT, ProcessInstance
from penstock.runtime import batches as runtime
from penstock.runtime.requests import Idempotency
from penstock.store import batches, incidents, instances, states, user_tasks
from penstock.store.batches import BatchRow, Operation
from penstock.store.instances import Conditions
from penstock.store.rows import Status

if TYPE_CHECKING:
    from tests.simulation.world import World

RESTARTS: Final = 2
"""Batches that start instances anew, in one history: each may double what there is."""


@dataclass
class Operator:
    """What the operator remembers."""

    started: set[str] = field(default_factory=set)
    """The names under which instances were started in their midst; what they join may never come."""
    batches: int = 0
    restarts: int = 0
    stopped: set[str] = field(default_factory=set)
    """The batches of which the server said that they are stopped."""


# -- one instance ----------------------------------------------------------------------------------


def suspend(world: World) -> None:
    """Suspend an instance, seldom, and resume one that is suspended."""
    found = world.one(world.open())
    if found is not None and world.chance.random() < 0.3:
        world.ask_once(c.SuspendInstance(), found)
    held = world.one(world.suspended())
    if held is not None and world.chance.random() < 0.7:
        world.ask_once(c.ResumeInstance(), held)


def retry(world: World) -> None:
    """Resolve all incidents of an instance at once."""
    row = world.one(world.read(incidents.search))
    if row is not None:
        world.ask_once(c.ResolveIncidents({"c": world.chance.randrange(4)}, 1), row.instance_id)


def modify(world: World) -> None:
    """Begin a task anew: its token is taken away, and another one put there."""
    row = world.one(world.read(user_tasks.search, state="open"))
    if row is None or world.chance.random() > 0.3:
        return
    found = world.read(instances.find, row.instance_id)
    if world.compiled(found.definition_key).elements[row.element].loop is None:
        command = c.ModifyInstance([c.Activation(row.element)], [c.Termination(owner=row.owner)])
        world.ask_once(command, row.instance_id)


def migrate(world: World) -> None:
    """Let an instance go on by a version of its process, often by another one than its own."""
    found = world.one(world.open())
    if found is None:
        return
    row = world.read(instances.find, found)
    target = world.chance.choice([it for it in world.models.all if it.process_id == row.process_id])
    world.ask_once(c.MigrateInstance(target.key, {}), found, target)


def restart(world: World) -> None:
    """Start an instance in the midst of its process, as a new run of one that there has been."""
    origin = world.one(world.read(instances.search))
    if origin is None or world.chance.random() > 0.3:
        return
    model = world.models.by_key(origin.definition_key)
    assert model is not None, "no definition goes away"
    places = [it.id for it in model.compiled.elements.values() if it.kind is not Kind.BOUNDARY_EVENT]
    variables: dict[str, Value] = {**origin.variables, "again": False}
    command = c.StartAtElement(world.chance.choice(places), variables, None, origin.id)
    world.operator.started.add(world.ask_once(command, None, model).actor)


def begin(world: World) -> None:
    """Begin an activity of an ad-hoc sub-process, if one is open."""
    found = world.one(world.open())
    for owner, activities, _ in _ad_hoc(world, found) if found is not None else ():
        command = c.StartAdHoc(world.chance.choice(activities), {}, owner)
        world.ask_once(command, found)
        return


def begin_what_is_idle(world: World) -> None:
    """Begin an activity of each ad-hoc sub-process in which nothing goes on, so that it comes to its end."""
    for id in world.open():
        for owner, activities, idle in _ad_hoc(world, id):
            if idle:
                world.ask_once(c.StartAdHoc(activities[0], {}, owner), id)


def _ad_hoc(world: World, id: str) -> list[tuple[int, list[str], bool]]:
    """Give the open ad-hoc sub-processes: their keys, what may be begun, and whether nothing goes on."""
    return list(world.read(lambda connection: list(_of_instance(world, connection, id))))


def _of_instance(world: World, connection: sa.Connection, id: str) -> Iterator[tuple[int, list[str], bool]]:
    stored = states.load_stored(connection, id)
    assert stored is not None, "no instance goes away"
    model = world.compiled(stored.instance.definition)
    for key in _scopes(stored.instance):
        for element in stored.instance.scopes[key].elements.values():
            inner = stored.instance.scope(element.key) if element.opened else None
            if inner is None or element.loop is not None or model.elements[element.element].ad_hoc is None:
                continue
            activities = [
                it.id
                for it in model.elements.values()
                if it.scope == element.element and it.kind in ACTIVITIES and not it.incoming
            ]
            yield element.key, sorted(activities), inner.done


def _scopes(instance: ProcessInstance) -> list[int]:
    keys = [ROOT]
    for key in keys:
        scope = instance.scope(key)
        assert scope is not None, f"scope {key} is open and has no row"
        keys += [element.key for element in scope.elements.values() if element.opened]
    return keys


def give_up(world: World) -> None:
    """Cancel the instances that were started in their midst."""
    for id in world.open():
        if world.read(instances.find, id).created_by in world.operator.started:
            world.ask_once(c.CancelInstance(), id)


# -- many ------------------------------------------------------------------------------------------

_OPEN: Final[list[Status]] = ["active", "incident", "suspended"]


def batch(world: World) -> None:
    """Do something for all instances of a version, or for all with one value of a variable."""
    if world.chance.random() > 0.6:
        return
    operation, command, status = _wish(world)
    if operation == "restart":
        world.operator.restarts += 1
        if world.operator.restarts > RESTARTS:
            return
    model = world.chance.choice(world.models.all)
    world.operator.batches += 1
    number, now = world.operator.batches, world.clock.now()
    wanted = Conditions(
        process_id=model.process_id,
        version=model.version,
        status=status,
        started_until=now + 1,
        variables=world.chance.choice(([], [], [("c", 1)])),
    )
    row = BatchRow(
        id=f"b{number:03}",
        operation=operation,
        command=command,
        selection=wanted,
        state="running",
        total=0,
        done=0,
        rejected=0,
        after=None,
        created_by=f"batch-{number}",
        created_at=now,
        ended_at=None,
    )
    if operation == "restart":
        world.operator.started.add(row.created_by)
    # Made twice, as by a client that was not answered; it is one batch.
    for _ in range(world.chance.randint(1, 2)):
        world.machine.transact(partial(runtime.make, row=row, key=Idempotency(f"make-{number}", "batch")))


def _wish(world: World) -> tuple[Operation, c.Command, list[Status]]:
    chance = world.chance
    target = chance.choice(world.models.all)
    wishes: list[tuple[Operation, c.Command, list[Status]]] = [
        ("suspend", c.SuspendInstance(), _OPEN),
        ("resume", c.ResumeInstance(), ["suspended"]),
        ("retry", c.ResolveIncidents({"c": chance.randrange(4)}, 1), ["incident"]),
        ("migrate", c.MigrateInstance(target.key, {}), _OPEN),
        ("restart", c.StartAtElement("", {"again": False}), ["completed", "cancelled"]),
    ]
    if chance.random() < 0.2:
        return "cancel", c.CancelInstance(), _OPEN
    return chance.choice(wishes)


def stop_batch(world: World) -> None:
    """Stop a batch that runs."""
    found: Any = world.one(world.read(batches.running))
    if found is None or world.chance.random() > 0.3:
        return
    stopped = world.machine.transact(partial(runtime.stop, id=found.id, now=world.clock.now()))
    stopped.add_done_callback(lambda done: None if done.exception() else world.operator.stopped.add(found.id))


ACTS: Final[tuple[Callable[[World], None], ...]] = (
    suspend,
    retry,
    modify,
    migrate,
    migrate,
    restart,
    begin,
    begin,
    batch,
    batch,
    stop_batch,
)
