"""What was completed and may be compensated: activities of this instance, and of those that it has called."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.kernel.definition import Value


class Kept(msgspec.Struct, omit_defaults=True, gc=False):
    """An activity that was completed and may be compensated."""

    key: int
    """The key of its element instance."""
    element: str
    values: dict[str, Value] = {}
    """What it had for its own when it was completed: its inputs and its result, or its scope's variables."""
    inner: list[Kept] = []
    """For a scope: what was completed in it, the oldest first."""
    loop: bool = False
    """Whether it is a loop as a whole, or a part of one: its instances are what is compensated."""
    called: Called | None = None
    """For a call activity: what was completed in the instance that it called."""


class Called(msgspec.Struct, omit_defaults=True, gc=False):
    """A called instance that has completed, and what may be compensated in it."""

    process: str
    definition: str
    """The key of its definition."""
    values: dict[str, Value] = {}
    """The variables that it had in the end."""
    kept: list[Kept] = []


def last_key(kept: Sequence[Kept]) -> int:
    """Give the highest key of an element instance among what is kept, 0 where nothing is.

    It recurs once a level of nesting, which the deployment bounds.
    """
    return max((max(it.key, last_key(it.inner)) for it in kept), default=0)
