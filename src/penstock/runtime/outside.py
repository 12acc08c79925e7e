"""What comes from outside finds whom it concerns, within the transaction that it is carried out in.

A message goes to one instance of each process at most, the one that has waited longest for its name and key,
or starts one. One that finds nobody waits for the first who begins to wait. A signal starts its instances at
once and is put on its way to all others, which the scheduler takes it in batches. Conditions that start
instances are looked at when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NoReturn, Protocol

import sqlalchemy as sa

from penstock.kernel import Rejected
from penstock.kernel.commands import Command, CorrelateMessage
from penstock.kernel.definition import ConditionTrigger, CycleTrigger, Value, triggers_of
from penstock.kernel.events import MessageSubscribed
from penstock.kernel.failures import Failure
from penstock.kernel.triggers.occurrence import is_parallel
from penstock.runtime.actors import MESSAGE
from penstock.runtime.definitions import Definitions
from penstock.runtime.requests import (
    BroadcastSignal,
    Deliver,
    EvaluateConditions,
    LetBegin,
    Outside,
    PublishMessage,
    Received,
    Request,
    StartByTimer,
)
from penstock.runtime.starting import Begun, Brought, Starting
from penstock.runtime.turns import Turns
from penstock.store import broadcasts, held, messages, sendings, starts, subscriptions
from penstock.store.locks import Address
from penstock.store.projection import Writes
from penstock.store.rows import Correlated, SendingRow, StartRow
from penstock.store.states import Stored

SENT_TTL_MS: Final = 3_600_000
"""How long a message that an instance sends waits for its receiver where the model does not say."""

KNOWN_MS: Final = 7 * 24 * 3_600_000
"""How long a message's id is known."""


class Locks(Protocol):
    """What a transaction has for itself; each raises where somebody else has it, and all begins anew."""

    def may_publish(self, address: Address) -> None:
        """Have an address of messages alone."""

    def may_wait(self, address: Address) -> None:
        """Have an address of messages together with all who begin to wait there."""

    def missed(self, instance_id: str) -> NoReturn:
        """Begin anew, with this instance locked at the beginning."""


def published(connection: sa.Connection, command: Outside) -> PublishMessage | None:
    """Give the message that a command publishes, None where it publishes none, or none any longer."""
    match command:
        case PublishMessage():
            return command
        case Deliver(place) if (sent := sendings.find(connection, place)) and sent.kind == "message":
            return _message(sent)
    return None


def receivers(connection: sa.Connection, message: PublishMessage) -> list[str]:
    """Give the instances that a message would go to now."""
    if message.instance_id is not None:
        return [message.instance_id]
    rows = subscriptions.of_message(connection, message.name, message.correlation_key)
    return [row.instance_id for row in rows]


def _message(sent: SendingRow) -> PublishMessage:
    ttl = SENT_TTL_MS if sent.ttl is None else sent.ttl
    return PublishMessage(sent.name, sent.correlation_key, sent.variables, ttl)


class Correlation:
    """One transaction's way from what comes from outside to the instances that it concerns."""

    def __init__(
        self,
        connection: sa.Connection,
        writes: Writes,
        definitions: Definitions,
        now: Callable[[], int],
        carry_out: Callable[[Request], object],
        locks: Locks,
        turns: Turns,
        start_ttl: int,
    ) -> None:
        self._connection = connection
        self._writes = writes
        self._definitions = definitions
        self._now = now
        self._carry_out = carry_out
        self._locks = locks
        self._turns = turns
        self._starting = Starting(connection, definitions, now, carry_out, locks.may_publish, start_ttl)
        self.broadcasting = False
        """Whether a signal has been put on its way."""

    def receive(self, command: Outside, actor: str) -> Received:
        """Carry out what came from outside.

        Raises:
            Rejected: it has been carried out before, and would be a second time.
        """
        self._writes.flush_subscriptions(self._connection)
        match command:
            case PublishMessage():
                return self._publish(command, actor)
            case BroadcastSignal():
                return self._broadcast(command, actor)
            case Deliver(place):
                return self._deliver(place, actor)
            case StartByTimer(start):
                return self._start_by_timer(start, actor)
            case EvaluateConditions():
                return self._evaluate(command, actor)
            case LetBegin():
                return self._turns.let_begin(self._connection, command)

    # -- messages --------------------------------------------------------------------------------

    def _publish(self, message: PublishMessage, actor: str) -> Received:
        self._locks.may_publish((message.name, message.correlation_key))
        if message.id is not None:
            known = messages.find(self._connection, message.name, message.correlation_key, message.id)
            if known is not None:
                return Received(tuple(known.correlated), not known.correlated)
        correlated, gathered = self._to_waiting(message, actor), False
        if message.instance_id is None:
            begun = self._to_starts(message, actor, {it.process_id for it in correlated})
            correlated, gathered = correlated + _instances(begun), "gathered" in begun
        now, waits = self._now(), message.ttl > 0 and not correlated and not gathered
        if waits or message.id is not None:
            messages.add(
                self._connection,
                name=message.name,
                correlation_key=message.correlation_key,
                message_id=message.id,
                instance_id=message.instance_id,
                variables=message.variables,
                business_key=message.business_key,
                correlated=correlated,
                expires_at=now + message.ttl if waits else 0,
                kept_until=now + max(message.ttl, 0 if message.id is None else KNOWN_MS),
            )
        return Received(tuple(correlated), waits or (gathered and not correlated))

    def _to_waiting(self, message: PublishMessage, actor: str) -> list[Correlated]:
        """Give the message to those who wait for it, one of each process."""
        found = []
        if message.instance_id is None:
            rows = list(subscriptions.of_message(self._connection, message.name, message.correlation_key))
        else:
            rows = [
                row
                for row in subscriptions.of_instance(self._connection, message.instance_id)
                if row.kind == "message"
                and row.name == message.name
                and message.correlation_key in ("", row.correlation_key)
            ][:1]
        for row in rows:
            command = CorrelateMessage(row.scope, row.owner, row.key, message.variables)
            if self._send(row.instance_id, command, actor):
                found.append(Correlated(row.process_id, row.instance_id, row.element))
            elif row not in subscriptions.of_instance(self._connection, row.instance_id):
                # Another node was there between the look and the lock: somebody else may be next.
                self._locks.missed(row.instance_id)
        return found

    def _to_starts(self, message: PublishMessage, actor: str, done: set[str]) -> list[Begun]:
        """Let the message start instances of the processes that have not had it."""
        found: list[Begun] = []
        brought = Brought(message.variables, message.correlation_key, message.business_key)
        for start in starts.named(self._connection, "message", message.name):
            if start.process_id not in done:
                begun = self._starting.begin(start, brought, actor)
                found += begun
                if "held" not in begun:
                    done.add(start.process_id)
        return found

    def _send(self, instance_id: str, command: Command, actor: str) -> bool:
        """Send an instance a command, and give whether it was carried out."""
        try:
            self._carry_out(Request(instance_id, command, actor))
        except Rejected:  # what waited has ended in this very transaction
            return False
        return True

    # -- who begins to wait, and who has ended ----------------------------------------------------

    def look_for(self, stored: Stored, event: MessageSubscribed) -> None:
        """Give an instance that has begun to wait the oldest message that waits for it, if any does."""
        process_id, instance_id = stored.process_id, stored.instance.id
        self._locks.may_wait((event.name, event.correlation_key))
        row = messages.waiting(self._connection, event.name, event.correlation_key, self._now(), instance_id)
        if row is not None:
            command = CorrelateMessage(event.scope, event.owner, event.key, row.variables)
            if self._send(instance_id, command, MESSAGE):
                messages.use(self._connection, row, Correlated(process_id, instance_id, event.element))

    def resumed(self, stored: Stored) -> None:
        """Give an instance that goes on what has come meanwhile for what it waits for."""
        self._writes.flush_subscriptions(self._connection)
        for row in subscriptions.of_instance(self._connection, stored.instance.id):
            if held.kind_of(row.kind) == "message":
                place = (row.scope, row.owner, row.key, row.element)
                self.look_for(stored, MessageSubscribed(*place, 0, row.name, row.correlation_key))

    def release(self, stored: Stored) -> None:
        """Let the next message with the key of an instance that has ended start one."""
        process_id, key = stored.process_id, stored.instance.correlation_key
        assert key is not None, "only a message with a key is one at a time"
        messages.release(self._connection, process_id, key, stored.instance.id)
        if self._starting.release(process_id, key, MESSAGE):
            return
        for start in starts.messages_of(self._connection, process_id):
            self._locks.may_wait((start.name, key))
            row = messages.waiting(self._connection, start.name, key, self._now())
            if row is not None and not is_parallel(self._starting.event(start)):
                brought = Brought(row.variables, key, row.business_key)
                for started in _instances(self._starting.begin(start, brought, MESSAGE)):
                    messages.use(self._connection, row, started)
                    return

    # -- signals ---------------------------------------------------------------------------------

    def _broadcast(self, signal: BroadcastSignal, actor: str) -> Received:
        found = []
        if signal.instance_id is None:
            rows = starts.named(self._connection, "signal", signal.name)
            count, last = subscriptions.count_of_signal(self._connection, signal.name)
            brought = Brought(signal.variables)
            found = [it for start in rows for it in _instances(self._starting.begin(start, brought, actor))]
        else:
            waiting = [
                row.id
                for row in subscriptions.of_instance(self._connection, signal.instance_id)
                if (row.kind, row.name) == ("signal", signal.name)
            ]
            count, last = len(waiting), max(waiting, default=0)
        on_its_way = None
        if count:
            on_its_way = broadcasts.add(
                self._connection,
                name=signal.name,
                variables=signal.variables,
                instance_id=signal.instance_id,
                sender=signal.sender,
                before=signal.before,
                last_id=last,
            )
            self.broadcasting = True
        return Received(tuple(found), receivers=len(found) + count, broadcast=on_its_way)

    # -- what instances send, and timers ----------------------------------------------------------

    def _deliver(self, place: sendings.Place, actor: str) -> Received:
        sent = sendings.take(self._connection, place)
        if sent is None:
            raise Rejected("conflict", "what was sent has been delivered")
        if sent.kind == "signal":
            signal = BroadcastSignal(sent.name, sent.variables, sender=sent.instance_id, before=sent.before)
            return self._broadcast(signal, actor)
        return self._publish(_message(sent), actor)

    def _start_by_timer(self, start: StartRow, actor: str) -> Received:
        now = starts.lock(self._connection, start)
        if now != start:
            raise Rejected("conflict", "the timer has started its instance")
        trigger = triggers_of(self._starting.event(start))[start.position]
        due: tuple[int | None, str | None] = (None, None)
        if start.rest is not None and isinstance(trigger, CycleTrigger):
            due = trigger.cycle.after(start.rest, self._now())
        starts.move(self._connection, start, *due)
        return Received(tuple(_instances(self._starting.begin(start, Brought(), actor))))

    # -- conditions --------------------------------------------------------------------------------

    def _evaluate(self, asked: EvaluateConditions, actor: str) -> Received:
        """Start an instance by each start event one of whose conditions is true.

        Raises:
            Rejected: the process that is named has no condition that starts it.
        """
        rows = starts.named(self._connection, "condition", "")
        if asked.process_id is not None:
            rows = [row for row in rows if row.process_id == asked.process_id]
            if not rows:
                message = f"there is no process '{asked.process_id}' that a condition starts"
                raise Rejected("not_found", message)
        brought, found = Brought(asked.variables, "", asked.business_key), dict[tuple[str, str], Correlated]()
        for start in rows:
            event = self._starting.event(start)
            trigger = triggers_of(event)[start.position]
            assert isinstance(trigger, ConditionTrigger), f"'{start.element}' waits for no condition there"
            if (start.process_id, start.element) not in found and self._is_met(trigger, asked.variables):
                begun = self._starting.begin(start, brought, actor)
                found |= {(it.process_id, it.element): it for it in _instances(begun)}
        return Received(tuple(found.values()))

    def _is_met(self, trigger: ConditionTrigger, variables: dict[str, Value]) -> bool:
        try:
            return trigger.condition(variables, self._now()) is True
        except Failure:  # what cannot be evaluated has not been met, as for events in an instance
            return False


def _instances(begun: Iterable[Begun]) -> list[Correlated]:
    """Give the instances that have started."""
    return [it for it in begun if isinstance(it, Correlated)]
