"""What clients ask of the server, how often they must ask, and what they were told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from penstock.kernel import Rejected, commands as c
from penstock.runtime.definitions import Definition
from penstock.runtime.requests import Answer, Fault, Idempotency, Request, Unavailable
from penstock.store.rows import InstanceRow


@dataclass
class Ask:
    """One thing that a client wants, asked under a name of its own, which the journal keeps."""

    actor: str
    command: c.Command
    instance_id: str | None
    """None for a start: each attempt gets a new id, as from the server's API."""
    definition: Definition | None = field(default=None, repr=False)
    key: Idempotency | None = None
    attempts: int = 0
    answered: int = 0
    rows: list[InstanceRow] = field(default_factory=list)
    """The instance in each answer that said yes."""

    @property
    def lost(self) -> bool:
        """Whether an attempt was never answered."""
        return self.attempts > self.answered

    @property
    def repeatable(self) -> bool:
        """Whether it may be asked again blindly: it has a key, or the state itself guards against it."""
        return self.key is not None or not isinstance(
            self.command,
            c.StartInstance
            | c.StartAtElement
            | c.StartAdHoc
            | c.MigrateInstance
            | c.SetVariables
            | c.AssignUserTask
            | c.TriggerEvent
            | c.SuspendInstance
            | c.ResumeInstance
            | c.ResolveIncidents,
        )

    def take(self, answer: Answer) -> None:
        """Hear the server's answer."""
        self.answered += 1
        if isinstance(answer, InstanceRow):
            self.rows.append(answer)
        else:
            assert isinstance(answer, Rejected | Unavailable | Fault), answer


class Book:
    """Everything that was ever asked."""

    def __init__(self) -> None:
        self.asks: list[Ask] = []
        self._instances = count(1)

    def add(
        self,
        command: c.Command,
        instance_id: str | None,
        *,
        definition: Definition | None = None,
        key: Idempotency | None = None,
    ) -> Ask:
        """Note a new wish."""
        ask = Ask(f"client-{len(self.asks)}", command, instance_id, definition, key)
        self.asks.append(ask)
        return ask

    def send(self, ask: Ask, submit: Callable[..., None]) -> None:
        """Ask the server, for the first time or again."""
        ask.attempts += 1
        instance_id = ask.instance_id or f"i{next(self._instances)}"
        submit(Request(instance_id, ask.command, ask.actor, ask.definition, ask.key), ask.take)
