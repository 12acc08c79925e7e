"""Gaps and overlaps of unique tables."""

from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st

from penstock import dmn
from tests.dmn.models import codes, data, decision, model_of, read, table


def found(inputs: list[str], rows: list[str], **options: Any) -> list[str]:
    """Give the messages about a unique table, in short."""
    content = "".join(data(name) for name in inputs)
    content += decision("D", table(inputs, rows, **options), needs=" ".join(f"<{name}" for name in inputs))
    return [finding.message.partition("; the table")[0] for finding in read(content).findings]


def test_rules_that_cover_everything_once_are_no_finding() -> None:
    assert found(["n"], ["< 5 => 1", "[5..9] => 2", "> 9 => 3"]) == []


def test_a_gap_between_numbers_is_told() -> None:
    assert found(["n"], ["< 5 => 1", "> 5 => 2"]) == ["No rule matches when n is 5."]
    assert found(["n"], ["< 5 => 1", ">= 9 => 2"]) == ["No rule matches when n is [5..9)."]


def test_gaps_at_both_ends_are_told_together() -> None:
    assert found(["n"], ["[1..2] => 1"]) == ["No rule matches when n is < 1; when n is > 2."]


def test_overlapping_rules_are_told_with_values_that_both_match() -> None:
    assert found(["n"], ["<= 5 => 1", ">= 5 => 2"]) == ["Rules 1 and 2 both match when n is 5"]


def test_an_overlap_needs_all_columns() -> None:
    rows = ["< 5 | true => 1", "< 9 | false => 2", ">= 5 | true => 3", ">= 9 | false => 4"]
    assert found(["n", "b"], rows) == []


def test_a_gap_is_told_over_several_columns() -> None:
    rows = ["< 5 | - => 1", ">= 5 | true => 2"]
    assert found(["n", "b"], rows) == ["No rule matches when n is >= 5 and b is false."]


def test_the_days_between_two_dates_that_follow_each_other_are_no_gap() -> None:
    rows = ['<= date("2024-02-29") => 1', '>= date("2024-03-01") => 2']
    assert found(["d"], rows) == []
    rows = ['< date("2024-02-29") => 1', '>= date("2024-03-01") => 2']
    assert found(["d"], rows) == ['No rule matches when d is [@"2024-02-29"..@"2024-03-01").']


def test_texts_have_gaps_only_among_their_allowed_values() -> None:
    assert found(["s"], ['"a" => 1', '"b" => 2']) == []
    assert found(["s"], ['"a" => 1', '"b" => 2'], values=['"a","b","c"']) == [
        'No rule matches when s is "c".'
    ]


def test_values_that_are_not_allowed_are_no_gap() -> None:
    assert found(["n"], ["[0..5] => 1", "(5..10] => 2"], values=["[0..10]"]) == []


def test_the_allowed_values_of_the_type_count_as_those_of_the_input() -> None:
    allowed = '<allowedValues><text>"a","b"</text></allowedValues>'
    types = f'<itemDefinition name="tS"><typeRef>string</typeRef>{allowed}</itemDefinition>'
    content = types + data("s")
    content += decision("D", table(["s"], ['"a" => 1'], types=["tS"]), needs="<s")
    assert [finding.message for finding in read(content).findings] == ['No rule matches when s is "b".']


def test_a_negated_cell_is_the_rest_of_its_kind() -> None:
    assert found(["n"], ["not(5) => 1", "5 => 2"]) == []
    assert found(["n"], ["not([1..5]) => 1", "3 => 2"]) == [
        "No rule matches when n is [1..3); when n is (3..5]."
    ]


def test_a_rule_for_null_leaves_the_other_values_to_the_other_rules() -> None:
    assert found(["n"], ["null => 0", "< 5 => 1"]) == ["No rule matches when n is >= 5."]


def test_a_default_output_closes_every_gap() -> None:
    outputs = "<output><defaultOutputEntry><text>0</text></defaultOutputEntry></output>"
    assert found(["n"], ["< 5 => 1"], outputs=outputs) == []


def test_other_hit_policies_may_overlap_and_leave_gaps() -> None:
    assert found(["n"], ["< 5 => 1", "< 7 => 2"], policy="FIRST") == []


def test_a_cell_that_only_a_run_can_tell_is_no_finding() -> None:
    assert found(["n", "m"], ["< m | - => 1", ">= m | - => 2"]) == []


def test_a_column_of_several_kinds_is_left_alone() -> None:
    assert found(["n"], ['"a" => 1', "5 => 2"]) == []


def test_a_large_table_with_many_overlaps_tells_the_first_ten() -> None:
    assert len(found(["n"], [f"> {n} => {n}" for n in range(200)])) == 11


_BOUND = st.integers(0, 6)
_CELLS = st.one_of(
    st.just("-"),
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), _BOUND),
    st.builds(lambda low, more: f"[{low}..{low + more}]", _BOUND, st.integers(0, 3)),
    st.builds(lambda low, more: f"({low}..{low + more + 1})", _BOUND, st.integers(0, 3)),
    st.builds("{},{}".format, _BOUND, _BOUND),
    st.builds("not({})".format, _BOUND),
)
_FINE = [n / 2 for n in range(-2, 24)]
"""Values in every segment that such cells can make."""


@given(st.lists(st.tuples(_CELLS, st.sampled_from(["-", "true", "false"])), min_size=1, max_size=5))
def test_an_overlap_or_gap_is_found_exactly_where_an_input_shows_it(rows: list[tuple[str, str]]) -> None:
    content = data("n") + data("b")
    content += decision("D", table(["n", "b"], [f"{n} | {b} => 1" for n, b in rows]), needs="<n <b")
    model = model_of(content)
    counts = {
        len(dmn.evaluate(model, "D", {"n": n, "b": b}).matched[0].rules) for n in _FINE for b in (True, False)
    }
    expected = {"overlapping-rules"} if max(counts) > 1 else set()
    assert set(codes(read(content))) == expected | ({"missing-rules"} if 0 in counts else set())
