"""Values, times and variables as text, in the one form that transcripts and messages use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from penstock import feel
from penstock.bpmn.iso import from_epoch_milliseconds
from penstock.kernel.definition import Value


def shown(value: Value) -> str:
    """Give the value as FEEL would write it."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {shown(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(shown, value)) + "]"
    if value is None:
        return "null"
    return feel.to_text(value)


def assigned(variables: Mapping[str, Value]) -> str:
    """Give the variables as `a = 1, b = "x"`."""
    return ", ".join(f"{name} = {shown(value)}" for name, value in variables.items())


def moment(milliseconds: int) -> str:
    """Give epoch milliseconds as `2026-01-05T09:00:00Z`."""
    at = from_epoch_milliseconds(milliseconds).astimezone(UTC)
    return at.isoformat(timespec="auto").replace("+00:00", "Z")
