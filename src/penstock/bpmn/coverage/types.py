"""What a row of BPMN's coverage says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Treatment(Enum):
    """What becomes of an element."""

    RUNS = "runs"
    IGNORED = "has no effect on a run, by its nature"
    NOT_RUN = "has a meaning in BPMN that Penstock does not carry out; an info finding says so"
    REFUSED = "keeps the file from being deployed"


@dataclass(frozen=True, slots=True)
class Row:
    """One element, and what Penstock does with it."""

    element: str
    treatment: Treatment
    parents: frozenset[str]
    """The elements in which it may stand; empty for anywhere."""
    what: str
    """What it is, as the subject of a message."""
    note: str = ""
    """Why it is refused or does nothing, or which part of it runs."""
    remedy: str = ""
    """What the author can do instead."""
    shown_by: tuple[str, ...] = ()
    """The tests that show it: pytest node ids and transcripts, by their paths in the repository."""


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """One kind of event with one trigger, and what Penstock does with the two."""

    event: str
    trigger: str | None
    """An event definition, None for an event without one, `several` for more than one."""
    treatment: Treatment
    note: str = ""
    remedy: str = ""
    shown_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One attribute of elements that run, and what Penstock does with it."""

    attribute: str
    what: str
    shown_by: tuple[str, ...] = ()


SEVERAL = "several"

TRANSCRIPT = "tests/kernel/transcripts/{}.txt"
