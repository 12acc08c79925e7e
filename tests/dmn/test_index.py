"""The index of a decision table gives what running every cell gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st

from penstock import dmn, feel
from tests.dmn.models import data, decision, model_of, table

_CONSTANTS = [
    "1",
    "2.5",
    "-3",
    "10",
    '"a"',
    '"b"',
    '"B"',
    "true",
    "false",
    "null",
    'date("2024-02-29")',
    '@"2024-03-01"',
    'date and time("2024-02-29T12:00:00Z")',
    '@"2024-02-29T12:00:00"',
    'time("10:00:00")',
    '@"10:00:00Z"',
    'duration("P1D")',
    '@"P1M"',
]
_VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    2,
    Decimal("1.0"),
    Decimal("2.5"),
    Decimal("2.50"),
    2.5,
    -3,
    10,
    11,
    "",
    "a",
    "aa",
    "b",
    "B",
    date(2024, 2, 29),
    date(2024, 3, 1),
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    feel.evaluate('date and time("2024-02-29T12:00:00")'),
    datetime(2024, 2, 29, 12, 0, 0, 500, tzinfo=UTC),
    feel.evaluate('time("10:00:00")'),
    feel.evaluate('time("11:00:00+01:00")'),
    timedelta(days=1),
    timedelta(days=2),
    feel.YearsMonths(1),
    [1],
    ["a"],
    [1, 2],
    [],
    {"a": 1},
    feel.Range(1, 2, True, True),
]

_constant = st.sampled_from(_CONSTANTS)
_test = st.one_of(
    _constant,
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), _constant),
    st.builds("{}{}..{}{}".format, st.sampled_from("[("), _constant, _constant, st.sampled_from("])")),
    st.sampled_from(["m", "< m", "? = m", "[m, 1]", "? in [1..5]", 'string(?) = "a"']),
)
_number = st.sampled_from(["1", "2", "2.5", "-3", "10"])
_numeric = st.one_of(
    _number,
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), _number),
    st.builds("{}{}..{}{}".format, st.sampled_from("[("), _number, _number, st.sampled_from("])")),
)
_tests = st.lists(_test | _numeric, min_size=1, max_size=3).map(", ".join)
_cell = st.one_of(st.just("-"), _tests, _tests.map("not({})".format))


@given(st.lists(_cell, min_size=1, max_size=12), st.sampled_from(_VALUES), st.sampled_from(_VALUES))
def test_a_table_matches_the_rules_whose_cells_are_true(cells: list[str], n: Any, m: Any) -> None:
    content = data("n") + data("m")
    rows = [f"{cell} => {number}" for number, cell in enumerate(cells)]
    content += decision("D", table(["n"], rows, policy="COLLECT"), needs="<n <m")
    matched = dmn.evaluate(model_of(content), "D", {"n": n, "m": m}).value
    scanned = [
        number
        for number, cell in enumerate(cells)
        if cell == "-" or feel.compile(cell, unary=True).evaluate({"?": n, "n": n, "m": m}) is True
    ]
    assert matched == scanned


@given(
    st.lists(st.tuples(_cell, _cell), min_size=1, max_size=8),
    st.sampled_from(_VALUES),
    st.sampled_from(_VALUES),
)
def test_first_gives_the_first_of_what_collect_gives(rows: list[tuple[str, str]], n: Any, m: Any) -> None:
    def result(policy: str) -> Any:
        lines = [f"{one} | {other} => {number}" for number, (one, other) in enumerate(rows)]
        logic = table(["n", "m"], lines, policy=policy)
        content = data("n") + data("m") + decision("D", logic, needs="<n <m")
        return dmn.evaluate(model_of(content), "D", {"n": n, "m": m}).value

    collected = result("COLLECT")
    assert result("FIRST") == (collected[0] if collected else None)


def test_a_table_of_constants_is_asked_without_running_a_cell() -> None:
    rows = [f'[{number}..{number + 5}] | "k{number % 7}" => {number}' for number in range(1000)]
    content = data("n") + data("k") + decision("D", table(["n", "k"], rows, policy="COLLECT"), needs="<n <k")
    few_steps = feel.Limits(steps=5)
    result = dmn.evaluate(model_of(content), "D", {"n": 500, "k": "k3"}, limits=few_steps)
    assert result.value == [number for number in range(495, 501) if number % 7 == 3]
