"""The stored form of variables: one that is set is written anew, and all others are copied."""

from __future__ import annotations

from datetime import date

import pytest

from penstock import feel
from penstock.kernel.definition import Value
from penstock.store import large

DAY = date(2024, 2, 29)
MANY: list[Value] = list(range(2_000))


@pytest.mark.parametrize(
    ("before", "since"),
    [
        ({"a": 1, "b": [1, 2]}, {"a": 2}),
        ({"a": 1, "day": DAY}, {"other": {"day": DAY}}),
        ({}, {"a": 1}),
        ({}, {"@date": "2024-02-29"}),
        ({"@date": "2024-02-29"}, {"a": 1}),
        ({"@context": {"a": 1}}, {"@context": 2}),
        ({"a": {"@date": "x"}}, {"b": None}),
        ({"a": 1}, {}),
    ],
)
def test_variables_are_read_as_they_were_set(before: dict[str, Value], since: dict[str, Value]) -> None:
    variables = before | since
    stored = large.pack_again(variables, feel.dumps(before), list(since), {})
    assert list(feel.loads(stored).items()) == list(variables.items()), "in the order in which they were set"


@pytest.mark.parametrize(
    "variables",
    [
        {"items": MANY},
        {"a": 1, "items": MANY, "day": DAY},
        {"first": MANY, "second": {"by": MANY}},
        {"@items": MANY},
        {"@items": MANY, "items": MANY},
        {"looks": {"@large": True}, "items": MANY},
        {"text": "x" * 10_000},
        {},
    ],
)
def test_large_variables_are_apart_and_read_as_they_were_set(variables: dict[str, Value]) -> None:
    apart: dict[str, bytes] = {}
    stored = large.pack(variables, apart)
    read = large.unpack(stored, apart.__getitem__)
    assert list(read.items()) == list(variables.items())
    assert large.pack(large.unpack(stored, apart.__getitem__), {}) == stored, "unread or not"
    assert len(stored) < 200 or not apart


def test_a_large_variable_is_not_read_before_it_is_looked_at() -> None:
    apart: dict[str, bytes] = {}
    stored = large.pack({"items": MANY, "done": 1}, apart)
    asked: list[str] = []

    def read(name: str) -> bytes:
        asked.append(name)
        return apart[name]

    variables = large.unpack(stored, read)
    variables.update({"done": 2, "more": [1]})
    written: dict[str, bytes] = {}
    again = large.pack_again(variables, stored, ["done", "more"], written)
    assert ("items" in variables, len(variables), asked, written) == (True, 3, [], {})
    assert dict(large.unpack(again, read)) == {"items": MANY, "done": 2, "more": [1]}
    assert asked == ["items"]


def test_what_has_not_been_set_is_not_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    variables: dict[str, Value] = {"items": list(range(1_000)), "done": 1}
    before = feel.dumps(variables)
    encoded: list[Value] = []
    real = feel.dumps

    def noting(value: Value) -> bytes:
        encoded.append(value)
        return real(value)

    monkeypatch.setattr(feel, "dumps", noting)
    stored = large.pack_again(variables | {"done": 2}, before, {"done"}, {})
    assert encoded == [2]
    assert feel.loads(stored) == variables | {"done": 2}
