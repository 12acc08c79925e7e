"""Reading forms: what is one, and what is said of what is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from penstock import forms
from tests.forms.models import component, form_file, group


def codes(content: bytes) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.element) for finding in forms.read(content, file="claim.form").findings]


def test_a_form_has_its_id_name_and_version_tag() -> None:
    reading = forms.read(form_file(component("textfield", "why"), name="Claim", versionTag="1.2.0"))
    assert reading.form is not None
    assert (reading.form.id, reading.form.name, reading.form.version_tag) == ("claim", "Claim", "1.2.0")
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-json"),
        (b"<form/>", "not-json"),
        (b"[1, 2]", "not-form"),
        (b'{"id": "claim"}', "not-form"),
        (b'{"components": []}', "missing-id"),
        (b"[" * 5000, "not-json"),
        (b'{"id": "a", "components": [], "x": "' + b"y" * 1_000_000 + b'"}', "too-large"),
    ],
)
def test_what_is_no_form_is_named(content: bytes, code: str) -> None:
    assert [found for found, _ in codes(content)] == [code]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (component("filepicker", "receipt"), "unsupported-component"),
        (component("hologram", "face"), "unknown-component"),
        ({"type": "textfield", "id": "Field_x"}, "missing-key"),
        ({"type": "dynamiclist", "id": "Field_x", "components": []}, "missing-path"),
        (component("number", "n", {"min": "many"}), "bad-rule"),
        (component("number", "n", {"min": "=1 +"}), "bad-expression"),
        (component("number", "n", increment="0"), "bad-rule"),
        (component("textfield", "t", conditional={"hide": "=a b +"}), "bad-expression"),
        (component("textfield", "t", {"pattern": "(?=x)y"}), "pattern-not-checked"),
        (group(component("textfield", "a"), path="t", components=7), "not-form"),
    ],
)
def test_a_component_that_cannot_be_used_is_a_finding_on_it(broken: dict[str, Any], code: str) -> None:
    assert codes(form_file(broken)) == [(code, broken["id"])]


def test_what_only_shows_something_needs_no_key() -> None:
    shown = ("text", "html", "image", "button", "separator", "spacer", "iframe", "table")
    assert codes(form_file(*({"type": type, "id": type} for type in shown))) == []


@pytest.mark.parametrize(
    "second", [component("number", "why"), component("number", "why.deeper"), group(path="why.x")]
)
def test_two_components_cannot_hold_one_value(second: dict[str, Any]) -> None:
    inside = {**second, "components": [component("number", "y")]} if second["type"] == "group" else second
    found = codes(form_file(component("textfield", "why"), inside))
    assert [code for code, _ in found] == ["key-twice"]


def test_one_key_in_two_groups_is_two_values() -> None:
    one, other = (group(component("textfield", "city"), path=path) for path in ("home", "work"))
    assert codes(form_file(one, other)) == []


def test_groups_are_nested_only_so_deep() -> None:
    nested = component("textfield", "t")
    for _ in range(30):
        nested = group(nested)
    assert codes(form_file(nested)) == [("nested-too-deep", None)]


def test_a_newer_schema_is_a_warning() -> None:
    content = form_file(component("textfield", "t"), schemaVersion=20)
    assert codes(content) == [("newer-schema", "claim")]
    assert forms.read(content).form is not None


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    forms.read(content)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "key", "validate", "components", "values"]), inner)
    ),
    max_leaves=12,
)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["type", "key", "path", "validate", "values", "conditional", "id", "increment"]),
            _JSON | st.sampled_from(["textfield", "number", "group", "select", "datetime", "=x > 1", "a.b"]),
        ),
        max_size=4,
    )
)
def test_no_components_raise(components: list[dict[str, Any]]) -> None:
    forms.read(form_file(*components))
