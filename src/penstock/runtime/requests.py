"""What is asked of the dispatcher, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from penstock.kernel import Rejected
from penstock.kernel.commands import Command
from penstock.kernel.definition import Value
from penstock.runtime.definitions import Definition
from penstock.runtime.progress import Turn
from penstock.store.rows import Correlated, InstanceRow, OutboxKey, StartRow


class Busy(Exception):
    """More is asked than can be done now: ask again later."""


class Unavailable(Exception):
    """The database cannot be written now; the message says why. Nothing has changed."""


class Fault(Exception):
    """A fault of ours: the command was rolled back, and the log has it."""


class LeftAlone(Rejected):
    """Another node is at the instance just now, and the command was not to wait for it."""

    def __init__(self) -> None:
        super().__init__("conflict", "another node is at the process instance just now")


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A client's name for a request, so that it may send it again without doing it twice."""

    key: str
    digest: str
    """What was asked; another request under the same key is a conflict."""


@dataclass(frozen=True, slots=True)
class PublishMessage:
    """A message for whoever waits for it, or is started by it."""

    name: str
    correlation_key: str
    """Empty where it has none."""
    variables: dict[str, Value]
    ttl: int = 0
    """Milliseconds for which it waits for its receiver."""
    id: str | None = None
    """A second message of this name and key with the same id is the first one again."""
    instance_id: str | None = None
    """The only instance that it is for; without a key it goes there whatever the key that is waited for."""
    business_key: str | None = None
    """Of an instance that it starts."""


@dataclass(frozen=True, slots=True)
class BroadcastSignal:
    """A signal for everyone who waits for it, and for all whom it starts."""

    name: str
    variables: dict[str, Value]
    instance_id: str | None = None
    """The only instance that it is for."""
    sender: str | None = None
    before: int = 0
    """What the sender began to wait for with this key or a later one does not get the signal."""


@dataclass(frozen=True, slots=True)
class Deliver:
    """What an instance has sent, by its place in the store."""

    place: tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class StartByTimer:
    """A timer that starts instances is due."""

    start: StartRow


@dataclass(frozen=True, slots=True)
class EvaluateConditions:
    """Look at the conditions that start instances, with these variables."""

    variables: dict[str, Value]
    process_id: str | None = None
    """The only process whose conditions are looked at."""
    business_key: str | None = None
    """Of the instances that start."""


@dataclass(frozen=True, slots=True)
class LetBegin:
    """Let instances of a process begin that wait for their turn, as far as there is room."""

    process_id: str


Outside = PublishMessage | BroadcastSignal | Deliver | StartByTimer | EvaluateConditions | LetBegin
"""What is asked of the server and not of one instance: whom it concerns is found in the transaction."""


@dataclass(frozen=True, slots=True)
class Received:
    """Who had what came from outside."""

    correlated: tuple[Correlated, ...] = ()
    buffered: bool = False
    """Whether the message has found nobody, and waits."""
    receivers: int = 0
    """For a signal: how many get it, the instances that it started included."""
    broadcast: int | None = None
    """The id of a signal's way to its receivers, as long as it is not there."""


@dataclass(frozen=True, slots=True)
class Request:
    """One command to one instance, or something from outside, for which `instance_id` is empty."""

    instance_id: str
    command: Command | Outside
    actor: str
    definition: Definition | None = None
    """What to start, with `StartInstance` and `StartAtElement`; the target, with `MigrateInstance`."""
    idempotency: Idempotency | None = None
    sent: OutboxKey | None = None
    """For a command from the outbox: which it is."""
    turn: Turn | None = None
    """For a command of a batch: which it is."""
    trace: str | None = None
    """The `traceparent` of the trace that it belongs to, which the jobs that it opens continue."""
    patient: bool = True
    """False: where somebody else is at the instance just now, the command is refused, and nobody waits."""
    bare: bool = False
    """Whether the answer is to be without the instance's variables, which may be large."""
    background: bool = False
    """Whether it is one of very many that nobody waits for, such as timers that are due: others go first."""


Answer = InstanceRow | Received | Exception
Reply = Callable[[Answer], None]
"""Takes the answer on the committer's thread, after the commit; it must neither wait nor raise."""


SendAll = Callable[[Sequence[Request]], list[Answer]]
"""Sends commands, and gives their answers in the same order once all of them are there."""


def require_taken(answers: Sequence[Answer]) -> None:
    """Make sure that the server has taken on all of some commands, and has carried out or refused each.

    Raises:
        Busy, Unavailable: what one of them was answered.
    """
    for answer in answers:
        if isinstance(answer, Busy | Unavailable):
            raise answer


def ignore(_answer: Answer) -> None:
    """The reply for a command whose answer nobody waits for."""
