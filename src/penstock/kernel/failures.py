"""The three kinds of wrong: the caller's, the model's or the data's, and ours.

Rejected            a command that cannot be: it changes nothing and is answered with its reason
Failure             a phase of an element that cannot be done now: it becomes an incident, which keeps the
                    phase to run again, and other tokens go on
AssertionError      a fault of the kernel itself: the transaction is rolled back

A BPMN error is none of these: it is a way that a process may take.
"""

from __future__ import annotations

from typing import Literal

RejectedKind = Literal["not_found", "conflict", "invalid", "too_many"]

IncidentType = Literal[
    "expression",
    "condition",
    "mapping",
    "timer",
    "job",
    "unhandled_error",
    "loop",
    "user_task",
    "message",
    "signal",
    "call",
    "decision",
    "listener",
]


class Rejected(Exception):
    """The command cannot be carried out, and has changed nothing."""

    def __init__(self, kind: RejectedKind, message: str) -> None:
        super().__init__(message)
        self.kind: RejectedKind = kind
        self.message = message


class Failure(Exception):
    """An element cannot go on: a phase raises this before it has changed anything."""

    def __init__(self, type: IncidentType, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.type: IncidentType = type
        self.message = message
        self.detail = detail
        """More for the person who repairs it: a traceback, the warnings of an expression."""


_LONGEST = 80
"""As many characters of a value are shown."""


def shown(value: object) -> str:
    """Give a value as the author of an expression would write it, cut short where it is long."""
    text = _written(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _written(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value[:_LONGEST]))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_written(it)}' for name, it in list(value.items())[:_LONGEST])}}}"
    return str(value)
