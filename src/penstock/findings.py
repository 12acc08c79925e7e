"""Findings: everything that a reader has to say about a file, with place and remedy.

A file is judged as a whole. Nobody wants to repair a model one message at a time, so no rule raises:
each adds to a `Report`, and the next one runs.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

Severity = Literal["error", "warning", "info"]


class Place(Protocol):
    """Anything that stands somewhere in the file."""

    @property
    def id(self) -> str | None:
        """The id of the element."""
        ...

    @property
    def line(self) -> int | None:
        """The line in the file, from 1."""
        ...


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong with a file, or worth knowing.

    An `error` keeps the whole file from being deployed, a `warning` names what will probably not do
    what the author expects, an `info` names what has no effect.
    """

    code: str
    """A stable name of the rule, in kebab-case, such as `unsupported-element`."""
    severity: Severity
    element: str | None
    """The id of the element, or of the nearest one around it that has an id."""
    line: int | None
    """The line in the file, from 1; None where the file as a whole is meant."""
    message: str
    """What is wrong, as a sentence."""
    remedy: str
    """What to do about it, as a sentence."""
    file: str = ""
    """The name of the file, as the caller gave it."""


class Report:
    """The findings about one file, as they come in."""

    def __init__(self, file: str = "") -> None:
        self._file = file
        self._findings: list[Finding] = []

    def error(self, code: str, at: Place | None, message: str, remedy: str) -> None:
        """Add what keeps the file from being deployed."""
        self._add(code, "error", at, message, remedy)

    def warning(self, code: str, at: Place | None, message: str, remedy: str) -> None:
        """Add what will probably not do what the author expects."""
        self._add(code, "warning", at, message, remedy)

    def info(self, code: str, at: Place | None, message: str, remedy: str) -> None:
        """Add what has no effect."""
        self._add(code, "info", at, message, remedy)

    @property
    def failed(self) -> bool:
        """Whether there is an error among the findings."""
        return any(finding.severity == "error" for finding in self._findings)

    def findings(self) -> tuple[Finding, ...]:
        """Give the findings in the order of the file; those of one line in the order they came."""
        return tuple(sorted(self._findings, key=lambda finding: finding.line or 0))

    def _add(self, code: str, severity: Severity, at: Place | None, message: str, remedy: str) -> None:
        element, line = (at.id, at.line) if at is not None else (None, None)
        self._findings.append(Finding(code, severity, element, line, message, remedy, self._file))


def sentence(what: str) -> str:
    """Give the text with a capital letter, to begin a message with it."""
    return what[0].upper() + what[1:]
