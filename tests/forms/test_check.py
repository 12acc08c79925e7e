"""What was entered, checked as form-js checks it in the browser."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from penstock.feel import Value
from tests.forms.models import component, form, group, problems, submit

OPTIONS = [{"label": "Train", "value": "train"}, {"label": "Car", "value": "car"}]


@pytest.mark.parametrize(
    ("field", "empty"),
    [
        (component("textfield", "x", {"required": True}), ""),
        (component("textarea", "x", {"required": True}), None),
        (component("checkbox", "x", {"required": True}), False),
        (component("taglist", "x", {"required": True}, values=OPTIONS), []),
        (component("number", "x", {"required": True}), None),
        (component("select", "x", {"required": True}, values=OPTIONS), None),
        (component("datetime", "x", {"required": True}, dateLabel="X"), None),
    ],
)
def test_a_required_value_that_is_empty_or_missing_is_told(field: dict[str, Any], empty: Value) -> None:
    assert problems(form(field), {"x": empty}) == [("x", "'X' is required.")]
    assert problems(form(field), {}) == [("x", "'X' is required.")]


def test_a_value_that_the_form_was_filled_from_need_not_be_entered_again() -> None:
    amount = form(component("number", "amount", {"required": True, "max": 100}))
    assert problems(amount, {}, {"amount": 12}) == []
    assert problems(amount, {}, {"amount": 120}) == [("amount", "'Amount' must be at most 100.")]
    assert problems(amount, {"amount": None}, {"amount": 12}) == [("amount", "'Amount' is required.")]


@pytest.mark.parametrize(
    ("field", "good", "bad", "message"),
    [
        (component("textfield", "x"), "a", 1, "'X' must be a text, not number."),
        (component("number", "x"), 1, "1", "'X' must be a number, not string."),
        (component("number", "x", serializeToString=True), "1.50", "a", "'X' must be a number, not string."),
        (component("checkbox", "x"), True, "yes", "'X' must be true or false, not string."),
        (component("taglist", "x", values=OPTIONS), ["car"], "car", "'X' must be a list, not string."),
        (component("taglist", "x", values=OPTIONS), ["car"], ["bus"], "'X' does not offer 'bus'."),
        (
            component("checklist", "x", values=OPTIONS),
            ["car", "train"],
            ["car", 1],
            "'X' does not offer '1'.",
        ),
        (component("radio", "x", values=OPTIONS), "train", "Train", "'X' does not offer 'Train'."),
        (component("number", "x", {"min": 5}), 5, Decimal("4.9"), "'X' must be at least 5."),
        (component("number", "x", {"max": "7.5"}), Decimal("7.5"), 8, "'X' must be at most 7.5."),
        (component("number", "x", decimalDigits=0), 3, Decimal("3.5"), "'X' must be a whole number."),
        (
            component("number", "x", decimalDigits=2),
            Decimal("3.55"),
            Decimal("3.555"),
            "'X' must be a number of at most 2 decimal digits.",
        ),
        (
            component("number", "x", increment="0.5"),
            Decimal("1.5"),
            Decimal("1.6"),
            "'X' must be a multiple of 0.5.",
        ),
        (
            component("textfield", "x", {"minLength": 3}),
            "abc",
            " ab ",
            "'X' must have at least 3 characters.",
        ),
        (component("textarea", "x", {"maxLength": 3}), "abc", "abcd", "'X' must have at most 3 characters."),
        (
            component("textfield", "x", {"validationType": "email"}),
            "a@b.org",
            "a@",
            "'X' must be an email address.",
        ),
        (
            component("textfield", "x", {"validationType": "phone"}),
            "+4930664040900",
            "030 66",
            "'X' must be an international phone number, such as +4930664040900.",
        ),
        (
            component("textfield", "x", {"pattern": r"^\d{4}\/[A-Z]+$"}),
            "2026/AB",
            "26/AB",
            r"'X' must match the pattern ^\d{4}/[A-Z]+$.",
        ),
        (
            component("textfield", "x", {"pattern": "^a", "patternErrorMessage": "It begins with a."}),
            "ab",
            "b",
            "It begins with a.",
        ),
    ],
)
def test_each_rule_tells_what_breaks_it(field: dict[str, Any], good: Value, bad: Value, message: str) -> None:
    assert problems(form(field), {"x": good}) == []
    assert problems(form(field), {"x": bad}) == [("x", message)]


@pytest.mark.parametrize(
    ("subtype", "good", "bad"),
    [
        ("date", "2026-02-28", "2026-02-30"),
        ("date", date(2026, 2, 28), "28.02.2026"),
        ("time", "14:30", "25:00"),
        ("time", "14:30+02:00", "half past two"),
        ("datetime", "2026-02-28T14:30Z", "2026-02-28 14:30"),
    ],
)
def test_dates_and_times_are_those_that_the_form_gives(subtype: str, good: Value, bad: Value) -> None:
    when = form(component("datetime", "x", subtype=subtype, dateLabel="When"))
    assert problems(when, {"x": good}) == []
    [(path, message)] = problems(when, {"x": bad})
    assert path == "x"
    assert message.startswith("'When' must be a ")


def test_a_limit_may_be_computed_from_other_values() -> None:
    spent = form(component("number", "limit"), component("number", "spent", {"max": "=limit * 2"}))
    assert problems(spent, {"limit": 10, "spent": 20}) == []
    assert problems(spent, {"limit": 10, "spent": 21}) == [("spent", "'Spent' must be at most 20.")]


def test_options_may_come_from_a_variable_or_an_expression() -> None:
    fields = (
        component("select", "a", valuesKey="fleet.cars"),
        component("select", "b", valuesExpression="=for x in fleet.cars return x.value"),
    )
    seen: dict[str, Value] = {
        "fleet": {"cars": [{"label": "Red", "value": "r"}, {"label": "Blue", "value": "b"}]}
    }
    assert problems(form(*fields), {"a": "r", "b": "b"}, seen) == []
    assert problems(form(*fields), {"a": "x", "b": "y"}, seen) == [
        ("a", "'A' does not offer 'x'."),
        ("b", "'B' does not offer 'y'."),
    ]


def test_true_is_not_the_option_one() -> None:
    choice = form(component("radio", "x", values=[{"label": "One", "value": 1}]))
    assert problems(choice, {"x": True}) == [("x", "'X' does not offer 'true'.")]


def test_what_a_condition_hides_is_neither_checked_nor_taken() -> None:
    hidden = component("textfield", "plate", {"required": True}, conditional={"hide": '=by != "car"'})
    travel = form(component("radio", "by", values=OPTIONS), hidden)
    assert submit(travel, {"by": "train", "plate": "X-1"}).values == {"by": "train"}
    assert problems(travel, {"by": "train"}) == []
    assert problems(travel, {"by": "car"}) == [("plate", "'Plate' is required.")]


def test_a_hidden_group_takes_all_that_is_in_it_along() -> None:
    inside = group(component("textfield", "street"), path="address", conditional={"hide": "=digital"})
    loose = group(component("textfield", "note"), conditional={"hide": "=digital"})
    where = form(component("checkbox", "digital"), inside, loose)
    given: dict[str, Value] = {"digital": True, "address": {"street": "Here"}, "note": "n", "other": 1}
    assert submit(where, given).values == {"digital": True, "other": 1}


def test_what_is_disabled_is_left_out_and_what_is_read_only_stays_as_it_is() -> None:
    shown = form(
        component("number", "total", disabled=True),
        component("number", "fee", readonly=True),
        component("number", "tax", readonly="=fee > 5", defaultValue=7),
    )
    assert submit(shown, {"total": 1, "fee": 2}, {"fee": 2}).values == {"fee": 2}
    assert problems(shown, {"fee": 3}, {"fee": 2}) == [("fee", "'Fee' can only be read here.")]
    assert problems(shown, {"tax": 7}, {"fee": 9}) == []
    assert problems(shown, {"tax": 8}, {"fee": 9}) == [("tax", "'Tax' can only be read here.")]
    assert problems(shown, {"tax": 8}, {"fee": 1}) == []


def test_what_the_form_computes_is_computed_here_again() -> None:
    total = form(
        component("number", "net"),
        component("expression", "gross", expression="=net * 1.19", computeOn="change"),
    )
    assert submit(total, {"net": 100, "gross": 1}).values == {"net": 100, "gross": Decimal(119)}


def test_the_values_of_a_group_are_in_its_path() -> None:
    home = form(group(component("textfield", "city", {"required": True}), path="home.address"))
    assert problems(home, {"home": {"address": {"city": "Ulm"}}}) == []
    assert problems(home, {}) == [("home.address.city", "'City' is required.")]
    assert problems(home, {"home": {"address": 3}}) == [
        ("home.address", "'home.address' must be a group of fields, not number.")
    ]


def test_each_item_of_a_list_is_checked_in_its_place() -> None:
    lines = {
        "type": "dynamiclist",
        "id": "Lines",
        "path": "lines",
        "components": [
            component("number", "amount", {"required": True, "max": "=limit"}),
            component("textfield", "why", {"required": True}, conditional={"hide": "=this.amount < 10"}),
            component("expression", "position", expression="=i[1]"),
        ],
    }
    claim = form(component("number", "limit"), lines)
    given: dict[str, Value] = {"limit": 50, "lines": [{"amount": 5, "why": "-"}, {"amount": 60}]}
    assert submit(claim, given).values["lines"] == [
        {"amount": 5, "position": 1},
        {"amount": 60, "position": 2},
    ]
    assert problems(claim, given) == [
        ("lines[2].amount", "'Amount' must be at most 50."),
        ("lines[2].why", "'Why' is required."),
    ]
    assert problems(claim, {"lines": {"amount": 1}}) == [("lines", "'lines' must be a list, not context.")]
    assert problems(claim, {"lines": [1]}) == [
        ("lines[1]", "'lines[1]' must be a group of fields, not number.")
    ]


def test_what_no_component_names_is_let_through_and_what_was_given_is_not_changed() -> None:
    given: dict[str, Value] = {"a": "x", "more": {"deep": [1]}}
    submission = submit(form(component("textfield", "a", disabled=True)), given)
    assert submission.values == {"more": {"deep": [1]}}
    assert given == {"a": "x", "more": {"deep": [1]}}


def test_a_pattern_that_runs_away_in_other_engines_ends_here() -> None:
    nested = form(component("textfield", "x", {"pattern": "^(a+)+$"}))
    assert problems(nested, {"x": "a" * 5000 + "!"}) == [("x", "'X' must match the pattern ^(a+)+$.")]


def test_a_flood_of_problems_is_cut() -> None:
    lines = {"type": "dynamiclist", "path": "l", "components": [component("number", "n", {"required": True})]}
    assert len(problems(form(lines), {"l": [{}] * 1000})) == 100
