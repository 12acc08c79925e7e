"""How what comes from outside starts instances: at once, or when each of several triggers has come.

One instance of a process runs at a time for each correlation key. A start event that is parallel multiple
(BPMN 10.5.2) gathers: a message goes to the start that has waited longest for it under its key; what has no
key (a signal, a timer, a condition) goes to all that lack it, or to one that takes the key of its first
message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec
import sqlalchemy as sa
import structlog

from penstock.kernel import Rejected
from penstock.kernel.commands import StartInstance
from penstock.kernel.definition import Element, MessageTrigger, Value, triggers_of
from penstock.kernel.triggers.occurrence import is_parallel
from penstock.runtime.definitions import Definition, Definitions
from penstock.runtime.ids import new_id
from penstock.runtime.requests import Request
from penstock.store import gatherings, messages, starts
from penstock.store.locks import Address
from penstock.store.rows import Correlated, GatheringRow, StartRow

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Brought:
    """What a trigger brings to the instance that it starts."""

    variables: dict[str, Value] = field(default_factory=dict)
    correlation_key: str = ""
    business_key: str | None = None


Begun = Correlated | Literal["gathered", "held"]
"""The instance that has started; or that its other triggers, or the end of one with its key, are awaited."""


class Starting:
    """Starts instances within one transaction."""

    def __init__(
        self,
        connection: sa.Connection,
        definitions: Definitions,
        now: Callable[[], int],
        carry_out: Callable[[Request], object],
        alone: Callable[[Address], None],
        ttl: int,
    ) -> None:
        """Begin with nothing.

        Arguments:
            alone: has an address of messages alone.
            ttl: for how long a start waits for all of its triggers, in milliseconds.
        """
        self._connection = connection
        self._definitions = definitions
        self._now = now
        self._carry_out = carry_out
        self._alone = alone
        self._ttl = ttl

    def begin(self, start: StartRow, brought: Brought, actor: str) -> list[Begun]:
        """Let one trigger of a start event come, and give what it has led to.

        A signal may be the last trigger that several starts wait for.
        """
        event = self.event(start)
        if is_parallel(event):
            return self._gather(start, event, brought, actor)
        if not self._is_free(start.process_id, brought.correlation_key):
            return ["held"]
        started = self._start(start, brought, actor)
        return [] if started is None else [started]

    def event(self, start: StartRow) -> Element:
        """Give the start event."""
        return self._definition(start).compiled.elements[start.element]

    def release(self, process_id: str, key: str, actor: str) -> bool:
        """Start an instance by all that has been gathered under a key that is free now, if it was all."""
        rows = gatherings.of_key(self._connection, process_id, key, self._now())
        for row in rows:
            self._lock(row.process_id, row.element)
        triggers = {row.element: starts.of_element(self._connection, process_id, row.element) for row in rows}
        begun = (self._begin_gathered(row, triggers[row.element], actor) for row in rows)
        return any(it is not None for it in begun)

    def _definition(self, start: StartRow) -> Definition:
        definition = self._definitions.by_key(start.definition_key)
        assert definition is not None, f"the definition {start.definition_key} is gone"
        return definition

    def _is_free(self, process_id: str, correlation_key: str) -> bool:
        """Whether no instance runs that a message with the same key has started."""
        return not correlation_key or messages.holder(self._connection, process_id, correlation_key) is None

    def _start(self, start: StartRow, brought: Brought, actor: str) -> Correlated | None:
        """Start an instance, and give None where as many of the process run as may."""
        instance_id, key = new_id(self._now()), brought.correlation_key or None
        command = StartInstance(start.element, brought.variables, brought.business_key, key)
        try:
            self._carry_out(Request(instance_id, command, actor, self._definition(start)))
        except Rejected as rejected:
            if rejected.kind != "too_many":
                raise
            _log.info("not started", process_id=start.process_id, element=start.element, reason=str(rejected))
            return None
        if key is not None:
            messages.hold(self._connection, start.process_id, key, instance_id)
        return Correlated(start.process_id, instance_id, start.element)

    # -- each of several triggers ------------------------------------------------------------------

    def _gather(self, start: StartRow, event: Element, brought: Brought, actor: str) -> list[Begun]:
        self._lock(start.process_id, start.element)
        key: str | None = None
        now = self._now()
        if isinstance(triggers_of(event)[start.position], MessageTrigger):
            key = brought.correlation_key
            found = gatherings.lacking(self._connection, start, key, now)
            rows = [] if found is None else [found]
        else:
            rows = gatherings.all_lacking(self._connection, start, now)
            if not rows and (known := gatherings.without_key(self._connection, start, now)) is not None:
                rows = [known]  # it has come before, and counts once
        if not rows:
            at = start.process_id, start.element
            new = GatheringRow(0, *at, key, brought.business_key, 0, {}, now, now + self._ttl)
            gatherings.add(self._connection, _with(new, start, key, brought))
            return ["gathered"]
        return [self._come(_with(row, start, key, brought), actor) for row in rows]

    def _lock(self, process_id: str, element: str) -> None:
        """Have what is gathered for a start event alone."""
        self._alone(gatherings.address(process_id, element))

    def _come(self, row: GatheringRow, actor: str) -> Begun:
        triggers = starts.of_element(self._connection, row.process_id, row.element)
        if _is_whole(row, triggers):
            row = msgspec.structs.replace(row, expires_at=None)
        gatherings.put(self._connection, row)
        return self._begin_gathered(row, triggers, actor) or "gathered"

    def _begin_gathered(
        self, row: GatheringRow, triggers: Sequence[StartRow], actor: str
    ) -> Correlated | None:
        """Start the instance if everything has come, and no other one runs with its key."""
        key = row.correlation_key or ""
        if not _is_whole(row, triggers) or not self._is_free(row.process_id, key):
            return None
        gatherings.remove(self._connection, row)
        return self._start(triggers[0], Brought(row.variables, key, row.business_key), actor)


def _is_whole(row: GatheringRow, triggers: Sequence[StartRow]) -> bool:
    return row.came == (1 << len(triggers)) - 1


def _with(row: GatheringRow, start: StartRow, key: str | None, brought: Brought) -> GatheringRow:
    return msgspec.structs.replace(
        row,
        correlation_key=row.correlation_key if key is None else key,
        business_key=row.business_key or brought.business_key,
        came=row.came | 1 << start.position,
        variables={**row.variables, **brought.variables},
    )
