"""What there is beside a file, for findings about names that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final


def _no_fields(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a model may use; None where they are not known, so that nothing is said about them."""

    functions: Collection[str] | None = None
    """The names of the Python functions."""
    decisions: Collection[str] | None = None
    """The ids of the decisions."""
    forms: Collection[str] | None = None
    """The ids of the forms."""
    processes: Collection[str] | None = None
    """The ids of the processes; those of the file itself need not be among them."""
    fields: Callable[[str], Collection[str] | None] = _no_fields
    """Gives the variables that a form sets, by its id; None where it is not known."""


NOTHING_KNOWN: Final = Known()
