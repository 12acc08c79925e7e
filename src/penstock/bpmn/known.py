"""What there is beside a file, for findings about names that lead nowhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a model may use; None where they are not known, so that nothing is said about them."""

    functions: Collection[str] | None = None
    """The names of the Python functions."""
    decisions: Collection[str] | None = None
    """The ids of the decisions."""
    forms: Collection[str] | None = None
    """The ids of the forms."""


NOTHING_KNOWN: Final = Known()
