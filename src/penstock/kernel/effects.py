"""What someone else must now do: the outside of a command's outcome, carried out after the commit."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.kernel.commands import Caller, Command, UndoCalled
from penstock.kernel.definition import CallSpec, Value


@dataclass(frozen=True, slots=True)
class ContinueLater:
    """Send `Continue` to this instance: it did as many steps as one transaction may."""


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Let the message find its receiver, an instance that waits for it or one that it starts."""

    name: str
    correlation_key: str
    """Empty where the message has none."""
    variables: dict[str, Value]
    ttl: int | None
    """Milliseconds for which it waits for its receiver; None for the default."""


@dataclass(frozen=True, slots=True)
class SendSignal:
    """Let everyone who waits for the signal have it."""

    name: str
    variables: dict[str, Value]
    before: int
    """The sender's next key: what it has begun to wait for since then does not get this signal."""


@dataclass(frozen=True, slots=True)
class StartCalled:
    """Start an instance of another process for a call activity, or say that it cannot be called."""

    process: str
    spec: CallSpec
    variables: dict[str, Value]
    business_key: str | None
    caller: Caller


@dataclass(frozen=True, slots=True)
class UndoLater:
    """Begin a called instance anew, of the definition that it had, to compensate what was completed in it."""

    command: UndoCalled


@dataclass(frozen=True, slots=True)
class CancelCalled:
    """Cancel the instance that was started for the call with this key."""

    key: int


@dataclass(frozen=True, slots=True)
class TellCaller:
    """Send a command to the instance that called this one."""

    instance: str
    command: Command


Effect = ContinueLater | SendMessage | SendSignal | StartCalled | UndoLater | CancelCalled | TellCaller
