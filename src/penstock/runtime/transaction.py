"""One transaction over a batch of commands: load the instances, advance each, write all, commit.

This is the one place where the kernel meets the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from penstock.kernel import LOOP_LIMIT, ProcessInstance, Rejected, advance
from penstock.kernel.commands import StartInstance
from penstock.kernel.events import Event, JobOpened
from penstock.runtime.clock import Clock
from penstock.runtime.definitions import Definition, Definitions
from penstock.runtime.requests import Answer, Request
from penstock.runtime.sends import sends
from penstock.store import idempotency, outbox
from penstock.store.projection import Writes
from penstock.store.rows import InstanceRow, OutboxKey, OutboxRow
from penstock.store.states import Stored, load_stored


@dataclass(frozen=True, slots=True)
class Committed:
    """A command that was carried out, and what came of it."""

    request: Request
    stored: Stored
    definition: Definition
    events: list[Event]
    row: InstanceRow


class Observer(Protocol):
    """What watches the commits, on the committer's thread."""

    def claim(self, instance_id: str, event: JobOpened, definition: Definition) -> tuple[int, str] | None:
        """Take a job as it is opened: until when (epoch ms) and for which worker; None leaves it."""
        ...

    def rolled_back(self) -> None:
        """The jobs that were claimed since the last commit have not been opened after all."""
        ...

    def committed(self, batch: Sequence[Committed]) -> None:
        """These commands are in force."""
        ...

    def answered(self) -> None:
        """Every command of the batch has had its answer."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What every transaction works with."""

    definitions: Definitions
    clock: Clock
    observer: Observer
    loop_limit: int = LOOP_LIMIT


class Transaction:
    """One transaction over a batch of commands."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._current: tuple[str, Definition] | None = None
        self._loaded: dict[str, Stored | None] = {}
        self._answered: dict[str, tuple[str, str]] = {}
        self.committed: list[Committed] = []
        self._dealt_with: set[OutboxKey] = set()
        self.sends: list[OutboxRow] = []
        """What other instances are to be sent next."""

    def run(self, connection: sa.Connection, requests: Sequence[Request]) -> list[Answer]:
        """Carry out the commands in their order and commit; a refused one changes nothing."""
        writes = Writes(self._claim)
        with connection.begin():
            answers = [self._answer(connection, request, writes) for request in requests]
            writes.flush(connection)
        return answers

    def _answer(self, connection: sa.Connection, request: Request, writes: Writes) -> Answer:
        if request.sent is not None:
            if self._comes_too_early(connection, request.sent, request.instance_id):
                return Rejected("conflict", "what was sent to the instance before is still on its way")
            self._dealt_with.add(request.sent)
            writes.sent(request.sent)
        try:
            known = self._known(connection, request)
            return self._carry_out(connection, request, writes) if known is None else known
        except Rejected as rejected:
            return rejected

    def _comes_too_early(self, connection: sa.Connection, key: OutboxKey, target: str) -> bool:
        """Tell whether another instance has sent the target something before that has not been dealt with."""
        if key[0] == target:
            return False
        return bool(set(outbox.before(connection, key, target)) - self._dealt_with)

    def _carry_out(self, connection: sa.Connection, request: Request, writes: Writes) -> InstanceRow:
        now = self._context.clock.now()
        stored, definition = self._instance(connection, request)
        self._current = request.instance_id, definition
        outcome = advance(
            definition.compiled,
            stored.instance,
            request.command,
            now,
            loop_limit=self._context.loop_limit,
        )
        self._loaded[request.instance_id] = stored
        rows: list[OutboxRow] = []
        if outcome.effects:
            rows = sends(
                outcome.effects, request.instance_id, stored.seq + 1, definition, self._context.definitions
            )
            self.sends += rows
        writes.add(stored, request.command, outcome.events, rows, actor=request.actor, now=now)
        row = stored.row()
        if request.idempotency is not None:
            key, digest = request.idempotency.key, request.idempotency.digest
            self._answered[key] = (digest, request.instance_id)
            writes.remember(key, digest, request.instance_id, now)
        self.committed.append(Committed(request, stored, definition, outcome.events, row))
        return row

    def _instance(self, connection: sa.Connection, request: Request) -> tuple[Stored, Definition]:
        if isinstance(request.command, StartInstance) and request.definition is not None:
            if request.sent is not None and self._load(connection, request.instance_id) is not None:
                raise Rejected(
                    "conflict", f"process instance '{request.instance_id}' has been started before"
                )
            return _new(request, request.definition), request.definition
        stored = self._load(connection, request.instance_id)
        if stored is None:
            raise Rejected("not_found", f"there is no process instance '{request.instance_id}'")
        definition = self._context.definitions.by_key(stored.instance.definition)
        assert definition is not None, f"the definition {stored.instance.definition} is gone"
        return stored, definition

    def _load(self, connection: sa.Connection, instance_id: str) -> Stored | None:
        if instance_id not in self._loaded:
            self._loaded[instance_id] = load_stored(connection, instance_id)
        return self._loaded[instance_id]

    def _known(self, connection: sa.Connection, request: Request) -> InstanceRow | None:
        """Give the instance that a request with the same idempotency key was about."""
        if request.idempotency is None:
            return None
        key, digest = request.idempotency.key, request.idempotency.digest
        found = self._answered.get(key) or idempotency.find(connection, key)
        if found is None:
            return None
        if found[0] != digest:
            raise Rejected("conflict", f"the idempotency key '{key}' was used for another request")
        stored = self._load(connection, found[1])
        if stored is None:
            raise Rejected("not_found", f"there is no process instance '{found[1]}' any longer")
        return stored.row()

    def _claim(self, event: JobOpened) -> tuple[int, str] | None:
        assert self._current is not None
        instance_id, definition = self._current
        return self._context.observer.claim(instance_id, event, definition)


def _new(request: Request, definition: Definition) -> Stored:
    instance = ProcessInstance(request.instance_id, definition.key)
    stored = Stored(
        instance,
        process_id=definition.process_id,
        version=definition.version,
        created_by=request.actor,
    )
    if isinstance(request.command, StartInstance) and request.command.caller is not None:
        stored.parent_id = request.command.caller.instance
    return stored
