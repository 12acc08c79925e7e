"""The stored form of variables: one that is set is written anew, and all others are copied."""

from __future__ import annotations

from datetime import date

import pytest

from penstock import feel
from penstock.kernel.definition import Value
from penstock.store import codec

DAY = date(2024, 2, 29)


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
    stored = codec.encode_variables(variables, feel.dumps(before), list(since))
    assert list(feel.loads(stored).items()) == list(variables.items()), "in the order in which they were set"


def test_what_has_not_been_set_is_not_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    variables: dict[str, Value] = {"items": list(range(1_000)), "done": 1}
    before = feel.dumps(variables)
    encoded: list[Value] = []
    real = feel.dumps

    def noting(value: Value) -> bytes:
        encoded.append(value)
        return real(value)

    monkeypatch.setattr(feel, "dumps", noting)
    stored = codec.encode_variables(variables | {"done": 2}, before, {"done"})
    assert encoded == [2]
    assert feel.loads(stored) == variables | {"done": 2}
