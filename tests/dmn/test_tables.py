"""Decision tables: every hit policy, outputs, defaults and allowed values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from penstock import dmn, feel
from tests.dmn.models import codes, data, decide, decision, model_of, read, table

_PRIORITIES = '<output><outputValues><text>"high","middle","low"</text></outputValues></output>'
_OVERLAPPING = ('> 0 => "low"', '> 10 => "high"', '> 5 => "middle"')


def one(rows: Any, **options: Any) -> str:
    """Give a decision D with a table over the number `n`."""
    return data("n", "number") + decision("D", table(["n"], rows, **options), needs="<n")


def test_a_unique_table_gives_the_output_of_the_rule_that_matches() -> None:
    assert decide(one(['< 5 => "a"', '>= 5 => "b"']), n=7) == "b"


def test_a_unique_table_in_which_two_rules_match_is_null_with_a_warning() -> None:
    result = dmn.evaluate(model_of(one(['< 5 => "a"', '< 9 => "b"'])), "D", {"n": 3})
    assert result.value is None
    assert [(warning.code, warning.message) for warning in result.warnings] == [
        ("hit-policy", "decision 'D': 2 rules match, and the table is unique")
    ]
    assert result.matched[0].rules == ("r1", "r2")


def test_a_table_in_which_no_rule_matches_is_null() -> None:
    assert decide(one(['< 5 => "a"']), n=7) is None


def test_a_default_output_stands_in_where_no_rule_matches() -> None:
    outputs = '<output><defaultOutputEntry><text>"else"</text></defaultOutputEntry></output>'
    assert decide(one(['< 5 => "a"'], outputs=outputs), n=7) == "else"
    assert decide(one(['< 5 => "a"'], outputs=outputs), n=3) == "a"


def test_any_gives_the_output_that_all_matching_rules_share() -> None:
    assert decide(one(['< 5 => "a"', '< 9 => "a"'], policy="ANY"), n=3) == "a"


def test_any_is_null_when_matching_rules_differ() -> None:
    assert decide(one(['< 5 => "a"', '< 9 => "b"'], policy="ANY"), n=3) is None


def test_first_gives_the_first_rule_in_the_order_of_the_table() -> None:
    assert decide(one(_OVERLAPPING, policy="FIRST"), n=20) == "low"


def test_priority_gives_the_output_that_comes_first_among_the_output_values() -> None:
    assert decide(one(_OVERLAPPING, policy="PRIORITY", outputs=_PRIORITIES), n=7) == "middle"
    assert decide(one(_OVERLAPPING, policy="PRIORITY", outputs=_PRIORITIES), n=20) == "high"


def test_priority_takes_the_order_of_the_type_where_the_output_lists_no_values() -> None:
    level = (
        '<itemDefinition name="tL"><typeRef>string</typeRef><allowedValues><text>"high","middle","low"</text>'
    )
    types = level + "</allowedValues></itemDefinition>"
    content = types + one(_OVERLAPPING, policy="PRIORITY", outputs='<output typeRef="tL"/>')
    assert decide(content, n=20) == "high"


def test_priority_compares_several_outputs_from_left_to_right() -> None:
    outputs = (
        '<output name="a"><outputValues><text>"x","y"</text></outputValues></output>'
        '<output name="b"><outputValues><text>1,2,3</text></outputValues></output>'
    )
    rows = ['- => "y" | 1', '- => "x" | 3', '- => "x" | 2']
    assert decide(one(rows, policy="PRIORITY", outputs=outputs), n=1) == {"a": "x", "b": 2}


def test_output_order_sorts_all_outputs_by_the_output_values() -> None:
    found = decide(one(_OVERLAPPING, policy="OUTPUT ORDER", outputs=_PRIORITIES), n=20)
    assert found == ["high", "middle", "low"]


@pytest.mark.parametrize("policy", ["RULE ORDER", "COLLECT"])
def test_rule_order_and_collect_give_all_outputs_in_the_order_of_the_rules(policy: str) -> None:
    assert decide(one(_OVERLAPPING, policy=policy), n=7) == ["low", "middle"]


@pytest.mark.parametrize(("aggregation", "value"), [("SUM", 9), ("MIN", 2), ("MAX", 4), ("COUNT", 3)])
def test_collect_aggregates_the_outputs(aggregation: str, value: int) -> None:
    rows = ["> 0 => 2", "> 1 => 3", "> 2 => 4", "> 100 => 5"]
    assert decide(one(rows, policy="COLLECT", more=f'aggregation="{aggregation}"'), n=50) == value


def test_equal_outputs_count_and_add_up_as_often_as_their_rules_match() -> None:
    rows = ["> 0 => 2", "> 1 => 2"]
    assert decide(one(rows, policy="COLLECT", more='aggregation="COUNT"'), n=5) == 2
    assert decide(one(rows, policy="COLLECT", more='aggregation="SUM"'), n=5) == 4


def test_collecting_nothing_gives_an_empty_list_and_counting_nothing_gives_0() -> None:
    assert decide(one(["> 0 => 2"], policy="COLLECT"), n=-1) == []
    assert decide(one(["> 0 => 2"], policy="COLLECT", more='aggregation="COUNT"'), n=-1) == 0
    assert decide(one(["> 0 => 2"], policy="COLLECT", more='aggregation="SUM"'), n=-1) is None


def test_several_outputs_make_a_context() -> None:
    outputs = '<output name="rate" typeRef="number"/><output name="text"/>'
    assert decide(one(['- => 0.5 | "x"'], outputs=outputs), n=1) == {"rate": Decimal("0.5"), "text": "x"}


def test_several_outputs_need_a_name_each() -> None:
    assert codes(read(one(["- => 1 | 2"], outputs='<output name="a"/><output/>'))) == ["output-without-name"]


def test_several_outputs_cannot_be_aggregated() -> None:
    outputs = '<output name="a"/><output name="b"/>'
    reading = read(one(["- => 1 | 2"], outputs=outputs, policy="COLLECT", more='aggregation="SUM"'))
    assert codes(reading) == ["aggregation-of-several-outputs"]
    assert reading.model is not None
    assert dmn.evaluate(reading.model, "D", {"n": 1}).value is None


def test_cells_may_speak_of_other_variables_and_of_the_input_itself() -> None:
    content = (
        data("n")
        + data("limit")
        + decision("D", table(["n"], ["> limit => 1", "? * 2 <= limit => 2"]), needs="<n <limit")
    )
    assert decide(content, n=9, limit=5) == 1
    assert decide(content, n=2, limit=5) == 2


def test_a_value_outside_the_input_values_gives_null_with_a_warning() -> None:
    model = model_of(one(["- => 1"], values=["[0..10]"]))
    assert dmn.evaluate(model, "D", {"n": 10}).value == 1
    result = dmn.evaluate(model, "D", {"n": 11})
    assert result.value is None
    assert result.warnings[0].code == "input-value"


def test_an_output_outside_its_output_values_is_null_with_a_warning() -> None:
    outputs = "<output><outputValues><text>1,2</text></outputValues></output>"
    result = dmn.evaluate(model_of(one(["- => n"], outputs=outputs)), "D", {"n": 3})
    assert result.value is None
    assert result.warnings[0].code == "output-value"


def test_an_empty_cell_asks_nothing_and_an_empty_output_is_null() -> None:
    result = dmn.evaluate(model_of(one(["- =>"]).replace("<text>-</text>", "")), "D", {"n": 1})
    assert result.value is None
    assert result.matched[0].rules == ("r1",)


def test_a_table_without_inputs_matches_with_every_rule() -> None:
    assert decide(decision("D", table([], ["=> 1", "=> 2"], policy="COLLECT"))) == [1, 2]


def test_a_list_of_one_item_matches_as_its_item_does() -> None:
    content = data("n") + decision("D", table(["n"], ['"a" => 1', '"b" => 2']), needs="<n")
    assert decide(content, n=["b"]) == 2


@pytest.mark.parametrize(
    ("cell", "value", "matches"),
    [
        ('date("2024-02-29")', "2024-02-29", True),
        ('> date("2024-02-29")', "2024-03-01", True),
        ('[@"2024-01-01"..@"2024-12-31")', "2024-12-31", False),
        ('not(@"2024-01-01")', "2024-12-31", True),
    ],
)
def test_dates_are_tested_like_numbers(cell: str, value: str, matches: bool) -> None:
    content = data("d") + decision("D", table(["d"], [f"{cell} => true"]), needs="<d")
    assert decide(content, d=feel.evaluate(f'date("{value}")')) is (True if matches else None)


def test_the_result_says_what_was_asked_and_which_rules_answered() -> None:
    result = dmn.evaluate(model_of(one(_OVERLAPPING, policy="RULE ORDER")), "D", {"n": 7})
    assert result.matched == (dmn.Matched("T", ("r1", "r3"), (("n", 7),), ("low", "middle")),)


def test_a_rule_without_an_id_is_told_by_its_number() -> None:
    content = one(['< 5 => "a"', '>= 5 => "b"']).replace(' id="r2"', "")
    assert dmn.evaluate(model_of(content), "D", {"n": 7}).matched[0].rules == (2,)


def test_an_unknown_hit_policy_is_refused() -> None:
    assert codes(read(one(["- => 1"], policy="BEST"))) == ["unknown-hit-policy"]


def test_a_rule_with_too_few_cells_is_refused() -> None:
    assert "cells-do-not-fit" in codes(read(one(["=> 1"])))
