"""The form that all events have: frozen, written to the journal as an array with its name first."""

from __future__ import annotations

import msgspec


class Recorded(msgspec.Struct, frozen=True, array_like=True, tag_field="event", tag=True, gc=False):
    """Something that happened to a process instance."""
