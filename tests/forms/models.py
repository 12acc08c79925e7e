"""Small forms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from penstock import forms
from penstock.feel import Value

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def form_file(*components: dict[str, Any], id: str = "claim", **more: Any) -> bytes:
    """Give the file of a form."""
    content = {"type": "default", "schemaVersion": 19, "id": id, "components": list(components), **more}
    return msgspec.json.encode(content)


def component(type: str, key: str, validate: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Give a component that holds a value, with its label from its key."""
    rules = {} if validate is None else {"validate": validate}
    return {"type": type, "id": f"Field_{key}", "key": key, "label": key.capitalize(), **rules, **more}


def group(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Give a group of components."""
    return {"type": "group", "id": "Group", "components": list(components), **more}


def form(*components: dict[str, Any]) -> forms.Form:
    """Give a form that has no errors."""
    reading = forms.read(form_file(*components))
    assert reading.form is not None, reading.findings
    return reading.form


def submit(
    form: forms.Form, given: dict[str, Value], seen: dict[str, Value] | None = None
) -> forms.Submission:
    """Check what was entered."""
    return forms.check(form, given, seen or {}, NOW)


def problems(
    form: forms.Form, given: dict[str, Value], seen: dict[str, Value] | None = None
) -> list[tuple[str, str]]:
    """Give what the form does not accept: where and why."""
    return [(each.path, each.message) for each in submit(form, given, seen).problems]
