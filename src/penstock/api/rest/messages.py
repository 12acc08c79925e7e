"""Messages, signals and conditions from outside, and events that an operator lets happen."""

from __future__ import annotations

from typing import Annotated

import msgspec
import sqlalchemy as sa

from penstock.api.errors import bad_request
from penstock.api.http import Call, Reply
from penstock.api.idempotency import carried_out, idempotency
from penstock.api.keys import no_such
from penstock.api.queries import NoQuery
from penstock.api.rest.instances import shown_instance
from penstock.api.rest.values import Body, Shape, ValueQuery, Variables, taken
from penstock.api.times import span
from penstock.kernel import Rejected
from penstock.kernel.commands import Command, StartAdHoc, TriggerEvent
from penstock.runtime.requests import BroadcastSignal, EvaluateConditions, PublishMessage, Request
from penstock.runtime.runtime import Runtime
from penstock.store import instances, subscriptions, timers
from penstock.store.rows import InstanceRow, SubscriptionRow, TimerRow

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Message(Body, frozen=True):
    """A message, and whom it is for."""

    name: Name
    correlation_key: Annotated[str, msgspec.Meta(max_length=1000)] | int = ""
    process_instance: str | None = None
    """Only for this instance, and there whatever the key where none is given."""
    variables: Variables = msgspec.field(default_factory=dict)
    ttl: str | None = None
    """How long it waits for its receiver, such as `PT1H`; by default not at all."""
    id: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    """A second message of the name and key with this id is the first one; else the idempotency key."""
    business_key: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)] | None = None
    """Of an instance that the message starts."""


class Correlated(Shape, frozen=True):
    """Where the message has gone."""

    process_instance: str
    element: str


class Correlation(Shape, frozen=True):
    """Who has had the message."""

    correlated: list[Correlated]
    buffered: bool
    """Whether nobody has had it yet, and it waits."""


class Signal(Body, frozen=True):
    """A signal, and what it brings."""

    name: Name
    variables: Variables = msgspec.field(default_factory=dict)
    process_instance: str | None = None
    """Only for this instance."""


class Reception(Shape, frozen=True):
    """How many have had the signal."""

    received: int


class Observation(Body, frozen=True):
    """What conditions that start instances are to look at."""

    variables: Variables = msgspec.field(default_factory=dict)
    """What the conditions see, and the instances that they start have."""
    process_id: str | None = None
    """Only the conditions of this process."""
    business_key: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)] | None = None
    """Of the instances that they start."""


class Begun(Shape, frozen=True):
    """An instance that a condition has started."""

    process_instance: str
    process_id: str


class Begins(Shape, frozen=True):
    """The instances that conditions have started."""

    started: list[Begun]


class Trigger(Body, frozen=True):
    """The event that shall happen, or the activity of an ad-hoc sub-process that shall begin."""

    element: str | None = None
    """The event, what waits for it, or the activity."""
    element_instance: int | None = None
    """What waits for the event; for an activity, in which of several open ad-hoc sub-processes."""
    variables: Variables = msgspec.field(default_factory=dict)


async def publish(call: Call[NoQuery, Message]) -> Reply:
    """Let a message find its receiver.

    Raises:
        ApiError: 400, a value is malformed.
    """
    body, key = call.body, idempotency(call)
    message = PublishMessage(
        body.name,
        str(body.correlation_key),
        taken(body.variables),
        0 if body.ttl is None else span(body.ttl, "ttl"),
        body.id if body.id is not None or key is None else key.key,
        body.process_instance,
        body.business_key,
    )
    received = await call.runtime.receive(message, actor=call.actor, idempotency=key)
    correlated = [Correlated(it.instance_id, it.element) for it in received.correlated]
    return Reply(Correlation(correlated, received.buffered))


async def broadcast(call: Call[NoQuery, Signal]) -> Reply:
    """Let everyone who waits for a signal have it.

    Raises:
        ApiError: 400, a value is malformed.
    """
    body = call.body
    signal = BroadcastSignal(body.name, taken(body.variables), body.process_instance)
    received = await call.runtime.broadcast(signal, actor=call.actor, idempotency=idempotency(call))
    return Reply(Reception(received.receivers))


async def evaluate(call: Call[NoQuery, Observation]) -> Reply:
    """Look at the conditions that start instances, and start those whose condition is true.

    Raises:
        ApiError: 400, a value is malformed; 404, no condition starts the process.
    """
    body = call.body
    asked = EvaluateConditions(taken(body.variables), body.process_id, body.business_key)
    received = await call.runtime.receive(asked, actor=call.actor, idempotency=idempotency(call))
    return Reply(Begins([Begun(it.instance_id, it.process_id) for it in received.correlated]))


async def trigger(call: Call[ValueQuery, Trigger]) -> Reply:
    """Let an event happen for which an instance waits, or begin an activity of an ad-hoc sub-process.

    Raises:
        ApiError: 400, the body does not say which; 404, there is no such instance or element; 409, nothing
            waits for it, or it cannot be begun now.
    """
    body, runtime, instance_id = call.body, call.runtime, call.path["instance"]
    if body.element is None and body.element_instance is None:
        raise bad_request("Say `element` or `elementInstance`.")
    variables = taken(body.variables)
    instance, found = await runtime.read(_waiting, instance_id, body.element, body.element_instance)
    if instance is None:
        raise no_such(instance_id, "process instance")
    command: Command
    if found is not None:
        command = TriggerEvent(*found, variables)
    elif await carried_out(call):
        return Reply(shown_instance(call.query, instance))
    elif body.element is not None and _is_ad_hoc_activity(runtime, instance, body.element):
        command = StartAdHoc(body.element, variables, body.element_instance)
    else:
        what = body.element if body.element is not None else body.element_instance
        raise Rejected("conflict", f"nothing in process instance '{instance_id}' waits for '{what}'")
    request = Request(instance_id, command, call.actor, None, idempotency(call))
    return Reply(shown_instance(call.query, await runtime.send(request)))


def _is_ad_hoc_activity(runtime: Runtime, instance: InstanceRow, id: str) -> bool:
    """Tell whether an element is in an ad-hoc sub-process, one that cannot be begun included.

    Raises:
        ApiError: 404, the process has no such element.
    """
    definition = runtime.definitions.by_key(instance.definition_key)
    assert definition is not None, "the definition of an instance is never removed"
    element = definition.compiled.elements.get(id)
    if element is None:
        raise no_such(id, f"element of process '{instance.process_id}'")
    return element.in_ad_hoc


def _waiting(
    connection: sa.Connection, instance_id: str, element: str | None, owner: int | None
) -> tuple[InstanceRow | None, tuple[int, int, str] | None]:
    """Give the instance, and the first of its waits that is meant: scope, owner and event."""
    rows: tuple[TimerRow | SubscriptionRow, ...] = (
        *timers.of_instance(connection, instance_id),
        *subscriptions.of_instance(connection, instance_id),
    )
    meant = (row for row in rows if element in (None, row.element) and owner in (None, row.owner))
    found = next(meant, None)
    place = None if found is None else (found.scope, found.owner, found.element)
    return instances.find(connection, instance_id), place
