"""All of an instance's state at once, to compare."""

from __future__ import annotations

from copy import copy
from typing import Any

from penstock.kernel import ProcessInstance
from penstock.kernel.state import ROOT
from penstock.store import codec

_HEADER = (
    "state",
    "business_key",
    "started_at",
    "ended_at",
    "incidents",
    "next_key",
    "jobs",
    "agenda",
    "conditions",
)


def picture(instance: ProcessInstance) -> dict[str, Any]:
    """Give the state of an instance, its open scopes in their stored form."""
    scopes = {}
    keys = [ROOT]
    for key in keys:
        scope = instance.scope(key)
        assert scope is not None, f"scope {key} is held by an element and is not open"
        large: dict[str, bytes] = {}
        scopes[key] = (codec.encode_scope(scope, large), large)
        keys += [element.key for element in scope.elements.values() if element.opened]
    return {"scopes": scopes} | {name: copy(getattr(instance, name)) for name in _HEADER}
