"""One transaction over a batch of commands: lock the instances, advance each, write all, commit.

This is the one place where the kernel meets the store. What the commands name is locked at the beginning, in
one order that every node keeps to, and waited for: first the addresses of messages, then the instances. What
is needed beside is known only on the way. It is taken where it is free; where it is not, the transaction
raises `Again`, and is run anew with that in its place in the order. So nobody waits in a circle.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NoReturn, Protocol, cast

import sqlalchemy as sa

from penstock.kernel import LOOP_LIMIT, ProcessInstance, Rejected, advance
from penstock.kernel.commands import (
    CancelInstance,
    Command,
    MigrateInstance,
    ResumeInstance,
    StartAtElement,
    StartInstance,
    UndoCalled,
)
from penstock.kernel.decisions import NO_DECISIONS, Decisions
from penstock.kernel.events import Event, JobOpened
from penstock.levels import NONE, Levels
from penstock.runtime.actors import is_user
from penstock.runtime.clock import Clock
from penstock.runtime.definitions import Definition, Definitions
from penstock.runtime.jobs import ActivatedJob
from penstock.runtime.options import START_TTL_MS
from penstock.runtime.outside import Correlation, published, receivers
from penstock.runtime.progress import Progress
from penstock.runtime.requests import (
    Answer,
    EvaluateConditions,
    LeftAlone,
    LetBegin,
    Outside,
    PublishMessage,
    Received,
    Request,
)
from penstock.runtime.sends import sends
from penstock.runtime.turns import Turns, address_of
from penstock.store import changes, idempotency, levels, locks, outbox, turns
from penstock.store.database import LOCKED
from penstock.store.dialects import is_shared
from penstock.store.locks import Address
from penstock.store.projection import Writes
from penstock.store.rows import Correlated, InstanceRow, OutboxKey, OutboxRow
from penstock.store.sendings import Place
from penstock.store.states import Stored, load_stored, lock_free, lock_together


@dataclass(frozen=True, slots=True)
class Committed:
    """A command that was carried out, and what came of it."""

    request: Request
    stored: Stored
    definition: Definition
    events: list[Event]


Claims = dict[tuple[str, int], tuple[int, str]]
"""The jobs that a transaction has taken as it opened them: by instance and key, until when and for whom."""


Taken = dict[tuple[str, int], ActivatedJob | None]
"""Those jobs with all that they need; None where a command of the same batch has ended one."""


class Again(Exception):
    """The transaction needs what somebody else has, and is to be run anew."""


@dataclass(slots=True)
class Needs:
    """What a transaction locks before it begins, beside what its commands name."""

    instances: set[str] = field(default_factory=set)
    publish: set[Address] = field(default_factory=set)
    wait: set[Address] = field(default_factory=set)


class Observer(Protocol):
    """What watches the commits, on the committers' threads."""

    def claim(self, event: JobOpened) -> tuple[int, str] | None:
        """Take a job as it is opened: until when (epoch ms) and for which worker; None leaves it."""
        ...

    def rolled_back(self, claims: Claims) -> None:
        """These jobs have not been opened after all."""
        ...

    def committing(self, batch: Sequence[Committed], claims: Claims) -> Taken:
        """Make the jobs that are taken ready, as long as their instances can be read."""
        ...

    def committed(self, batch: Sequence[Committed], taken: Taken) -> None:
        """These commands are in force, and these jobs are taken."""
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
    levels: Levels = NONE
    start_ttl: int = START_TTL_MS
    """For how long a start that needs each of several triggers waits for them, in milliseconds."""


class Transaction:
    """One transaction over a batch of commands."""

    def __init__(self, context: Context, needs: Needs | None = None, slot: int = 0) -> None:
        """Begin with nothing.

        Arguments:
            needs: what was missed when it was run before; what is missed now is added.
            slot: in which of a counter's rows it counts.
        """
        self._context = context
        self._needs = needs or Needs()
        self._slot = slot
        self._publish: set[Address] = set()
        self._wait: set[Address] = set()
        self._shared = False
        self._left_alone: set[str] = set()
        """The instances that somebody else is at, and that nobody waits for."""
        self.claims: Claims = {}
        self.taken: Taken = {}
        self._current = ""
        """The instance whose command is being carried out."""
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
        """Carry out the commands in their order and commit; a refused one changes nothing.

        Raises:
            Again: nothing has changed, and it is to be run anew with the same needs.
        """
        self._connection = connection

        def carry_out(request: Request) -> Stored:
            return self._carry_out(connection, request, writes)

        writes = Writes(self._claim, self._slot, self._rank if self._context.levels.ordered else None)
        self._turns = Turns(
            self._context.levels,
            self._context.clock.now,
            carry_out,
            self.may_publish,
            self._loaded.values,
        )
        self._correlation = Correlation(
            connection,
            writes,
            self._context.definitions,
            self._context.clock.now,
            carry_out,
            self,
            self._turns,
            self._context.start_ttl,
        )
        progress = Progress(connection, self._context.clock.now())
        with connection.begin():
            self._lock_before(requests)
            answers = [self._answer_in_turn(connection, request, writes, progress) for request in requests]
            writes.flush(connection)
            progress.flush()
            self.taken = self._context.observer.committing(self.committed, self.claims)
        self.sent = writes.sent
        return answers

    # -- what it has for itself ------------------------------------------------------------------

    def _lock_before(self, requests: Sequence[Request]) -> None:
        """Lock what the commands name, and what was missed before: addresses, then instances."""
        named = [it for it in requests if it.instance_id and not _starts(it)]
        patient = {it.instance_id for it in named if it.patient} | self._needs.instances
        self._shared = is_shared(self._connection)
        if self._shared:
            patient |= self._lock_addresses(requests)
        impatient = {it.instance_id for it in named} - patient
        self._loaded.update(dict.fromkeys(patient) | lock_together(self._connection, patient))
        if impatient:
            found = lock_together(self._connection, impatient, wait=False)
            self._left_alone = impatient - found.keys()
            self._loaded.update(found)

    def _lock_addresses(self, requests: Sequence[Request]) -> set[str]:
        """Lock the addresses of messages, and give the instances to which the messages would go."""
        outside = [request.command for request in requests if isinstance(request.command, Outside)]
        messages = [found for it in outside if (found := published(self._connection, it)) is not None]
        self._publish = self._needs.publish | {(it.name, it.correlation_key) for it in messages}
        if self._context.levels.processes:
            self._publish |= {address_of(it) for it in map(_started_process, requests) if it is not None}
        self._wait = self._needs.wait | self._publish
        locks.lock(self._connection, publish=self._publish, wait=self._needs.wait)
        return {id for message in messages for id in receivers(self._connection, message)}

    def may_publish(self, address: Address) -> None:
        """Have an address of messages alone.

        Raises:
            Again: it has not.
        """
        if self._shared and address not in self._publish:
            self._needs.publish.add(address)
            raise Again

    def may_wait(self, address: Address) -> None:
        """Have an address of messages together with all who begin to wait there.

        Raises:
            Again: somebody publishes there just now.
        """
        if self._shared and address not in self._wait:
            if not locks.try_to_wait(self._connection, address):
                self._needs.wait.add(address)
                raise Again
            self._wait.add(address)

    def missed(self, instance_id: str) -> NoReturn:
        """Begin anew, with this instance locked at the beginning.

        Raises:
            Again: always.
        """
        self._needs.instances.add(instance_id)
        raise Again

    def _load(self, connection: sa.Connection, instance_id: str) -> Stored | None:
        if instance_id not in self._loaded:
            try:
                self._loaded[instance_id] = lock_free(connection, instance_id)
            except LOCKED:
                self.missed(instance_id)
        return self._loaded[instance_id]

    # -- carrying out ----------------------------------------------------------------------------

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
        if isinstance(answer, Rejected):
            progress.rejected(turn, str(answer))
        else:
            progress.done(turn, request.instance_id)
        writes.note_change(changes.of_batch(turn.batch), self._context.clock.now())
        return answer

    def _answer(self, connection: sa.Connection, request: Request, writes: Writes) -> Answer:
        if request.sent is not None:
            if self._comes_too_early(connection, request.sent, request.instance_id):
                return Rejected("conflict", "what was sent to the instance before is still on its way")
            self._dealt_with.add(request.sent)
            writes.deal_with(request.sent)
        if request.instance_id in self._left_alone:
            return LeftAlone()
        try:
            known = self._known(connection, request)
            if known is not None:
                self._follow_up()
                return known
            if not request.instance_id:
                received = self._receive(request, writes)
                self._follow_up()
                return received
            stored = self._carry_out(connection, request, writes)
            self._follow_up()
            return stored.row(bare=request.bare)
        except Rejected as rejected:
            self._follow_up()  # a part of it may have been in force before another one was refused
            return rejected

    def _receive(self, request: Request, writes: Writes) -> Received:
        """Carry out what is not for one instance."""
        command = request.command
        assert isinstance(command, Outside), "a command to an instance names it"
        received = self._correlation.receive(command, request.actor)
        if request.idempotency is not None:
            self._remember(request, writes, self._context.clock.now(), _started(command, received))
        return received

    def _comes_too_early(self, connection: sa.Connection, key: OutboxKey, target: str) -> bool:
        """Tell whether another instance has sent the target something before that has not been dealt with."""
        if key[0] == target:
            return False
        return bool(set(outbox.before(connection, key, target)) - self._dealt_with)

    def _carry_out(self, connection: sa.Connection, request: Request, writes: Writes) -> Stored:
        now = self._context.clock.now()
        command = cast(Command, request.command)  # what is from outside names no instance
        stored, definition = self._instance(connection, request)
        if self._context.levels.processes:
            command = self._in_turn(connection, command, stored)
        self._current = request.instance_id
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
        self._loaded[request.instance_id] = stored
        rows: list[OutboxRow] = []
        if outcome.effects:
            rows = sends(
                outcome.effects, request.instance_id, stored.seq + 1, definition, self._context.definitions
            )
            self.sends += rows
        writes.add(
            stored,
            command,
            outcome.events,
            outcome.effects,
            rows,
            actor=request.actor,
            now=now,
            trace=request.trace,
        )
        if is_user(request.actor):
            writes.note_act(stored, command, request.actor, now)
        if request.idempotency is not None:
            self._remember(request, writes, now, request.instance_id)
        self.committed.append(Committed(request, stored, definition, outcome.events))
        if writes.subscribed or stored.instance.correlation_key is not None:
            self._note_follow_ups(stored, writes)
        if isinstance(command, ResumeInstance):
            self._left.append(partial(self._correlation.resumed, stored))
        return stored

    def _in_turn(self, connection: sa.Connection, command: Command, stored: Stored) -> Command:
        """Give a command as it is to be carried out where processes have limits."""
        if isinstance(command, ResumeInstance | CancelInstance):
            turns.remove(connection, stored.instance.id)
        return self._turns.admit(connection, command, stored.process_id, stored.instance.id)

    def _note_follow_ups(self, stored: Stored, writes: Writes) -> None:
        look_for, release = self._correlation.look_for, self._correlation.release
        for subscriber, event in writes.subscribed:
            self._left.append(partial(look_for, subscriber, event))
        writes.subscribed.clear()
        if stored.instance.correlation_key is not None and stored.instance.ended_at is not None:
            self._left.append(partial(release, stored))

    def _follow_up(self) -> None:
        """Give who has begun to wait what waits for them, and let who has ended make room.

        What that leads to is followed up in turn, without recursion.
        """
        while self._left:
            self._left.popleft()()

    def _remember(self, request: Request, writes: Writes, now: int, instances: str) -> None:
        assert request.idempotency is not None
        key, digest = request.idempotency.key, request.idempotency.digest
        self._answered[key] = (digest, instances)
        writes.remember(key, digest, instances, now)

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
        if isinstance(request.command, EvaluateConditions):
            return Received(tuple(self._started_before(connection, found[1])))
        stored = self._loaded.get(found[1]) or load_stored(connection, found[1])
        if stored is None:
            raise Rejected("not_found", f"there is no process instance '{found[1]}' any longer")
        return stored.row()

    def _started_before(self, connection: sa.Connection, ids: str) -> Iterator[Correlated]:
        """Give the instances that conditions have started, but for those that are gone by now."""
        for id in ids.split(","):
            if (stored := self._loaded.get(id) or load_stored(connection, id)) is not None:
                yield Correlated(stored.process_id, id, "")

    def _rank(self, type_: str, process_id: str, now: int) -> int | None:
        return levels.rank(self._context.levels.priority_of(type_, process_id), now)

    def _claim(self, event: JobOpened) -> tuple[int, str] | None:
        claimed = self._context.observer.claim(event)
        if claimed is not None:
            self.claims[self._current, event.key] = claimed
        return claimed


def _started(command: Outside, received: Received) -> str:
    """Give what is remembered of a request that was for no instance: those that conditions have started."""
    conditions = isinstance(command, EvaluateConditions)
    return ",".join(it.instance_id for it in received.correlated) if conditions else ""


def _starts(request: Request) -> bool:
    """Tell whether a command makes its instance, so that there is none to load."""
    return (
        isinstance(request.command, StartInstance | StartAtElement | UndoCalled)
        and request.definition is not None
    )


def _started_process(request: Request) -> str | None:
    """Give the process of which a command starts an instance, or lets those begin that wait."""
    if isinstance(request.command, LetBegin):
        return request.command.process_id
    return request.definition.process_id if request.definition is not None and _starts(request) else None


def _new(request: Request, definition: Definition) -> Stored:
    instance = ProcessInstance(request.instance_id, definition.key)
    stored = Stored(
        instance,
        process_id=definition.process_id,
        version=definition.version,
        created_by=request.actor,
    )
    command = request.command
    if isinstance(command, StartInstance | UndoCalled) and command.caller is not None:
        stored.parent_id = command.caller.instance
    return stored
