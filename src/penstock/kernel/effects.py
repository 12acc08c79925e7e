"""What someone else must now do: the outside of a command's outcome, carried out after the commit."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.kernel.definition import Value


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


Effect = ContinueLater | SendMessage | SendSignal
