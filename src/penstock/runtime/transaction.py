"""One transaction over a batch of commands: load the instances, advance each, write all, commit.

This is the one place where the kernel meets the store.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol, cast

import sqlalchemy as sa

from penstock.kernel import LOOP_LIMIT, ProcessInstance, Rejected, advance
from penstock.kernel.commands import (
    Command,
    MigrateInstance,
    ResumeInstance,
    StartAtElement,
    StartInstance,
)
from penstock.kernel.decisions import NO_DECISIONS, Decisions
from penstock.kernel.events import Event, JobOpened
from penstock.runtime.actors import is_user
from penstock.runtime.clock import Clock
from penstock.runtime.definitions import Definition, Definitions
from penstock.runtime.outside import Correlation
from penstock.runtime.progress import Progress
from penstock.runtime.requests import Answer, Outside, PublishMessage, Received, Request
from penstock.runtime.sends import sends
from penstock.store import changes, idempotency, outbox
from penstock.store.projection import Writes
from penstock.store.rows import InstanceRow, OutboxKey, OutboxRow
from penstock.store.sendings import Place
from penstock.store.states import Stored, load_stored, load_together

LOADED_TOGETHER: Final = 4
"""From so many instances on, those of a batch are loaded by one statement for many."""


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

    def due(self) -> None:
        """Something is to be done at once by whoever does what is due."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What every transaction works with."""

    definitions: Definitions
    clock: Clock
    observer: Observer
    loop_limit: int = LOOP_LIMIT
    decisions: Decisions = NO_DECISIONS


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
        """The commands that instances are to be sent next."""
        self.sent: list[Place] = []
        """The messages and signals that are to be delivered next."""
        self._left: deque[Callable[[], None]] = deque()
        """What the command that is being carried out leads to, and is still to be done."""

    def run(self, connection: sa.Connection, requests: Sequence[Request]) -> list[Answer]:
        """Carry out the commands in their order and commit; a refused one changes nothing."""
        writes = Writes(self._claim)
        self._correlation = Correlation(
            connection,
            writes,
            self._context.definitions,
            self._context.clock.now,
            lambda request: self._carry_out(connection, request, writes),
        )
        progress = Progress(connection)
        with connection.begin():
            self._load_before(connection, requests)
            answers = [self._answer_in_turn(connection, request, writes, progress) for request in requests]
            writes.flush(connection)
            progress.flush()
        self.sent = writes.sent
        return answers

    @property
    def broadcasting(self) -> bool:
        """Whether a signal has been put on its way."""
        return self._correlation.broadcasting

    def _answer_in_turn(
        self, connection: sa.Connection, request: Request, writes: Writes, progress: Progress
    ) -> Answer:
        """Answer a command; one of a batch is counted, and left alone where it is not its turn."""
        turn = request.turn
        if turn is None:
            return self._answer(connection, request, writes)
        if not progress.is_next(turn):
            return Rejected("conflict", f"batch '{turn.batch}' has stopped, or is at another instance")
        answer = self._answer(connection, request, writes)
        progress.count(turn, rejected=isinstance(answer, Rejected))
        writes.note_change(changes.of_batch(turn.batch), self._context.clock.now())
        return answer

    def _answer(self, connection: sa.Connection, request: Request, writes: Writes) -> Answer:
        if request.sent is not None:
            if self._comes_too_early(connection, request.sent, request.instance_id):
                return Rejected("conflict", "what was sent to the instance before is still on its way")
            self._dealt_with.add(request.sent)
            writes.deal_with(request.sent)
        try:
            known = self._known(connection, request)
            if known is not None:
                return known
            if not request.instance_id:
                received = self._receive(request, writes)
                self._follow_up()
                return received
            row = self._carry_out(connection, request, writes)
            return self._follow_up(request.instance_id) or row
        except Rejected as rejected:
            return rejected

    def _receive(self, request: Request, writes: Writes) -> Received:
        """Carry out what is not for one instance."""
        command = request.command
        assert isinstance(command, Outside), "a command to an instance names it"
        received = self._correlation.receive(command, request.actor)
        if request.idempotency is not None:
            self._remember(request, writes, self._context.clock.now())
        return received

    def _comes_too_early(self, connection: sa.Connection, key: OutboxKey, target: str) -> bool:
        """Tell whether another instance has sent the target something before that has not been dealt with."""
        if key[0] == target:
            return False
        return bool(set(outbox.before(connection, key, target)) - self._dealt_with)

    def _carry_out(self, connection: sa.Connection, request: Request, writes: Writes) -> InstanceRow:
        now = self._context.clock.now()
        command = cast(Command, request.command)  # what is from outside names no instance
        stored, definition = self._instance(connection, request)
        self._current = request.instance_id, definition
        outcome = advance(
            definition.compiled,
            stored.instance,
            command,
            now,
            loop_limit=self._context.loop_limit,
            decisions=self._context.decisions,
            target=None if request.definition is None else request.definition.compiled,
        )
        if isinstance(request.command, MigrateInstance) and request.definition is not None:
            definition = request.definition
            stored.process_id, stored.version = definition.process_id, definition.version
            self._current = request.instance_id, definition
        self._loaded[request.instance_id] = stored
        rows: list[OutboxRow] = []
        if outcome.effects:
            rows = sends(
                outcome.effects, request.instance_id, stored.seq + 1, definition, self._context.definitions
            )
            self.sends += rows
        writes.add(stored, command, outcome.events, outcome.effects, rows, actor=request.actor, now=now)
        if is_user(request.actor):
            writes.note_act(stored, command, request.actor, now)
        row = stored.row()
        if request.idempotency is not None:
            self._remember(request, writes, now)
        self.committed.append(Committed(request, stored, definition, outcome.events, row))
        if writes.subscribed or stored.instance.correlation_key is not None:
            self._note_follow_ups(stored, writes)
        if isinstance(command, ResumeInstance):
            self._left.append(partial(self._correlation.resumed, stored))
        return row

    def _note_follow_ups(self, stored: Stored, writes: Writes) -> None:
        look_for, release = self._correlation.look_for, self._correlation.release
        for subscriber, event in writes.subscribed:
            self._left.append(partial(look_for, subscriber, event))
        writes.subscribed.clear()
        if stored.instance.correlation_key is not None and stored.instance.ended_at is not None:
            self._left.append(partial(release, stored))

    def _follow_up(self, instance_id: str = "") -> InstanceRow | None:
        """Give who has begun to wait what waits for them, and let who has ended make room.

        What that leads to is followed up in turn, without recursion. Gives the instance as it is then, None
        where nothing was left to do.
        """
        if not self._left:
            return None
        while self._left:
            self._left.popleft()()
        stored = self._loaded.get(instance_id)
        return None if stored is None else stored.row()

    def _remember(self, request: Request, writes: Writes, now: int) -> None:
        assert request.idempotency is not None
        key, digest = request.idempotency.key, request.idempotency.digest
        self._answered[key] = (digest, request.instance_id)
        writes.remember(key, digest, request.instance_id, now)

    def _instance(self, connection: sa.Connection, request: Request) -> tuple[Stored, Definition]:
        if request.definition is not None and _starts(request):
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

    def _load_before(self, connection: sa.Connection, requests: Sequence[Request]) -> None:
        """Load together the instances that most of the commands are for, where they are many."""
        ids = {request.instance_id for request in requests if request.instance_id and not _starts(request)}
        if len(ids) >= LOADED_TOGETHER:
            self._loaded.update(load_together(connection, ids))

    def _load(self, connection: sa.Connection, instance_id: str) -> Stored | None:
        if instance_id not in self._loaded:
            self._loaded[instance_id] = load_stored(connection, instance_id)
        return self._loaded[instance_id]

    def _known(self, connection: sa.Connection, request: Request) -> InstanceRow | Received | None:
        """Give the instance that a request with the same idempotency key was about.

        What came from outside was about none; the second time, nobody has had it.
        """
        if request.idempotency is None:
            return None
        key, digest = request.idempotency.key, request.idempotency.digest
        found = self._answered.get(key) or idempotency.find(connection, key)
        if found is None:
            return None
        if found[0] != digest:
            raise Rejected("conflict", f"the idempotency key '{key}' was used for another request")
        if not found[1]:
            # A message is known by its id, with what came of it.
            if isinstance(request.command, PublishMessage):
                return self._correlation.receive(request.command, request.actor)
            return Received()
        stored = self._load(connection, found[1])
        if stored is None:
            raise Rejected("not_found", f"there is no process instance '{found[1]}' any longer")
        return stored.row()

    def _claim(self, event: JobOpened) -> tuple[int, str] | None:
        assert self._current is not None
        instance_id, definition = self._current
        return self._context.observer.claim(instance_id, event, definition)


def _starts(request: Request) -> bool:
    """Tell whether a command makes its instance, so that there is none to load."""
    return isinstance(request.command, StartInstance | StartAtElement) and request.definition is not None


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
