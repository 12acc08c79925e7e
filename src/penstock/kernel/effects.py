"""What someone else must now do: the outside of a command's outcome, carried out after the commit."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.kernel.commands import Caller, Command
from penstock.kernel.definition import CallSpec, Value


@dataclass(frozen=True, slots=True)
class ContinueLater:
    """Send `Continue` to this instance: it did as many steps as one transaction may."""


@dataclass(frozen=True, slots=True)
class StartCalled:
    """Start an instance of another process for a call activity, or say that it cannot be called."""

    process: str
    spec: CallSpec
    variables: dict[str, Value]
    business_key: str | None
    caller: Caller


@dataclass(frozen=True, slots=True)
class CancelCalled:
    """Cancel the instance that was started for the call with this key."""

    key: int


@dataclass(frozen=True, slots=True)
class TellCaller:
    """Send a command to the instance that called this one."""

    instance: str
    command: Command


Effect = ContinueLater | StartCalled | CancelCalled | TellCaller
