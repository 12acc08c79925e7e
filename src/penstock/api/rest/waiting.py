"""What an instance waits for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec
import sqlalchemy as sa

from penstock.api.http import Call, Reply
from penstock.api.keys import join_key, no_such
from penstock.api.queries import NoQuery
from penstock.api.times import iso
from penstock.kernel.ad_hoc_start import offers
from penstock.kernel.definition import Kind, ProcessDefinition
from penstock.kernel.operating import open_elements
from penstock.kernel.step import Step
from penstock.kernel.work import ListenerEvent
from penstock.runtime.definitions import Definitions
from penstock.store import calls, held, incidents, instances, jobs, states, subscriptions, timers, user_tasks

_ALL: Final = 1_000_000
"""An instance may wait for thousands of things; they are given at once."""


class Wait(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One thing that an instance waits for."""

    element: str
    """The id in the file."""
    element_instance: int
    kind: Literal[
        "user_task",
        "job",
        "timer",
        "call",
        "incident",
        "message",
        "signal",
        "condition",
        "event_gateway",
        "ad_hoc",
    ]
    name: str | None = None
    """The name of the user task, message or signal, the type of the job or incident, the condition, or the id
    of the called process."""
    due: str | None = None
    """When the timer is due."""
    key: str | None = None
    """The id of the user task, job, incident or called instance."""
    correlation_key: str | None = None
    """Of the message, where it has one."""
    listener: ListenerEvent | None = None
    """For the job of a listener: what it listens to."""
    activities: list[str] = []
    """With `ad_hoc`: the activities that may be begun in the sub-process."""


async def get(call: Call[NoQuery, None]) -> Reply:
    """Give what an instance waits for, in the order in which it came there.

    Raises:
        ApiError: 404, there is no such instance.
    """
    found = await call.runtime.read(_waits, call.runtime.definitions, call.path["instance"])
    if found is None:
        raise no_such(call.path["instance"], "process instance")
    return Reply(found)


def _with_gateways(waits: list[Wait], definition: ProcessDefinition) -> Iterator[Wait]:
    """Give the waits, before the first event behind an event-based gateway the gateway itself."""
    seen: set[int] = set()
    for wait in waits:
        event = definition.elements[wait.element]
        for flow in event.incoming if wait.kind in _EVENTS else ():
            source = definition.elements[definition.flows[flow].source]
            if source.kind is Kind.EVENT_BASED_GATEWAY and wait.element_instance not in seen:
                seen.add(wait.element_instance)
                yield Wait(source.id, wait.element_instance, "event_gateway")
        yield wait


_EVENTS: Final = frozenset({"timer", "message", "signal", "condition"})


def _waits(connection: sa.Connection, definitions: Definitions, instance_id: str) -> list[Wait] | None:
    """Give what the instance waits for, None where there is no such instance."""
    instance = instances.find(connection, instance_id)
    if instance is None:
        return None
    definition = definitions.by_key(instance.definition_key)
    assert definition is not None, "the definition of an instance is never removed"
    waits = _of_rows(connection, instance_id)
    waits += _ad_hoc(connection, definition.compiled, instance_id) if instance.ended_at is None else []
    heard = _heard(connection, definition.compiled, instance_id) if instance.ended_at is None else {}
    waits = [(key, msgspec.structs.replace(it, listener=heard.get(key))) for key, it in waits]
    waits.sort(key=lambda it: it[0])
    return list(_with_gateways([wait for _, wait in waits], definition.compiled))


def _ad_hoc(
    connection: sa.Connection, definition: ProcessDefinition, instance_id: str
) -> list[tuple[int, Wait]]:
    """Give the ad-hoc sub-processes in which something may be begun, by their keys."""
    if not any(it.ad_hoc is not None for it in definition.elements.values()):
        return []
    instance = states.load(connection, instance_id)
    assert instance is not None, "its row has just been read"
    return [
        (it.owner, Wait(it.element, it.owner, "ad_hoc", activities=it.activities))
        for it in offers(definition, instance)
    ]


def _heard(
    connection: sa.Connection, definition: ProcessDefinition, instance_id: str
) -> dict[int, ListenerEvent]:
    """Give what the listeners that run listen to, by the keys of their jobs."""
    if not any(it.listeners is not None for it in definition.elements.values()):
        return {}
    instance = states.load(connection, instance_id)
    assert instance is not None, "its row has just been read"
    return {
        element.job.key: element.listening.event
        for _, element in open_elements(Step(definition, instance, 0))
        if element.job is not None and element.listening is not None
    }


def _of_rows(connection: sa.Connection, instance_id: str) -> list[tuple[int, Wait]]:
    """Give what has a row of its own, by its keys."""
    found: dict[int, Wait] = {}
    for job in jobs.of_instance(connection, instance_id):
        found[job.key] = Wait(job.element, job.owner, "job", job.type, key=join_key(instance_id, job.key))
    for timer in timers.of_instance(connection, instance_id):
        found[timer.key] = Wait(timer.element, timer.owner, "timer", due=iso(held.real(timer.due_at)))
    for call in calls.of_instance(connection, instance_id):
        id = calls.called_id(instance_id, call.key)
        found[call.key] = Wait(call.element, call.owner, "call", call.process_id, key=id)
    for task in user_tasks.search(connection, instance_id=instance_id, state="open", limit=_ALL):
        id = join_key(instance_id, task.key)
        found[task.key] = Wait(task.element, task.owner, "user_task", task.name, key=id)
    for incident in incidents.search(connection, instance_id=instance_id, limit=_ALL):
        id = join_key(instance_id, incident.key)
        found[incident.key] = Wait(incident.element, incident.owner, "incident", incident.type, key=id)
    for event in subscriptions.of_instance(connection, instance_id):
        found[event.key] = Wait(
            event.element,
            event.owner,
            held.kind_of(event.kind),
            event.name,
            correlation_key=event.correlation_key or None,
        )
    return list(found.items())
