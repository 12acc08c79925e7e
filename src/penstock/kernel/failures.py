"""The three kinds of wrong: the caller's, the model's or the data's, and ours.

Rejected            a command that cannot be: it changes nothing and is answered with its reason
Failure             a phase of an element that cannot be done now: it becomes an incident, which keeps the
                    phase to run again, and other tokens go on
AssertionError      a fault of the kernel itself: the transaction is rolled back

A BPMN error is none of these: it is a way that a process may take.
"""

from __future__ import annotations

from typing import Literal

RejectedKind = Literal["not_found", "conflict", "invalid"]

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
