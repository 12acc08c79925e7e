"""JUEL to FEEL: what has an exact counterpart, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from penstock.bpmn.vendors.juel import NotTranslatable, looks_like_juel, template_to_feel, to_feel

_BOTH = 'starts with(a, "x") and not((if b instance of string then b = "" else count(b) = 0))'
_CONTAINS = "(if names instance of string then contains(names, who) else list contains(names, who))"


@pytest.mark.parametrize(
    ("juel", "feel"),
    [
        ("${a > b}", "a > b"),
        ("#{a}", "a"),
        ("${ order.total >= 10.5 }", "order.total >= 10.5"),
        ("${a == 'x'}", 'a = "x"'),
        ('${a != "x"}', 'a != "x"'),
        ("${a && b || c}", "a and b or c"),
        ("${a and b or c}", "a and b or c"),
        ("${a eq 1}", "a = 1"),
        ("${a ne 1 and b lt 2 and c gt 3}", "a != 1 and b < 2 and c > 3"),
        ("${a le 1 or b ge 2}", "a <= 1 or b >= 2"),
        ("${!a}", "not(a)"),
        ("${not a}", "not(a)"),
        ("${!a && b}", "not(a) and b"),
        ("${!(a && b)}", "not((a and b))"),
        ("${a + b * -2}", "a + b * -2"),
        ("${(a - b) / 2}", "(a - b) / 2"),
        ("${a == b == c}", "(a = b) = c"),
        ("${a < b == true}", "a < b = true"),
        ("${a == null}", "a = null"),
        ("${a > 1 ? b : c}", "(if a > 1 then b else c)"),
        ("${a ? b : c ? d : e}", "(if a then b else (if c then d else e))"),
        ("${first.concat(' ').concat(person.last)}", '((first + " ") + person.last)'),
        ("${a.startsWith('x') && !b.isEmpty()}", _BOTH),
        ("${'a,b'.toUpperCase().length() > 2}", 'string length(upper case("a,b")) > 2'),
        ("${a.equals(b ? 1 : 2)}", "(a = (if b then 1 else 2))"),
        ("${names.contains(who)}", _CONTAINS),
        (r"${a == 'it\'s'}", 'a = "it\'s"'),
        (r"""${a == 'say "hi"'}""", r'a = "say \"hi\""'),
    ],
)
def test_a_simple_expression_is_translated(juel: str, feel: str) -> None:
    assert to_feel(juel) == feel


@pytest.mark.parametrize(
    "juel",
    [
        "Dear ${name}",
        "${a}${b}",
        "${test.matches('a')}",
        "${contains('a')}",
        "${a.concat()}",
        "${a.concat('x', 'y')}",
        "${a.concat('x'}",
        "${a.concat('x' 'y')}",
        "${('x').y}",
        "${a ? b}",
        "${a : b}",
        "${empty a}",
        "${a[0]}",
        "${a % 2}",
        "${a mod 2}",
        "${a b}",
        "${(a}",
        "${}",
        "${a >}",
        "${" + "(" * 100 + "a" + ")" * 100 + "}",
        "${" + "!" * 100 + "a}",
    ],
)
def test_what_has_no_counterpart_is_refused(juel: str) -> None:
    with pytest.raises(NotTranslatable):
        to_feel(juel)


@pytest.mark.parametrize(
    ("text", "feel"),
    [
        ("${name}", "name"),
        ("Dear ${name}", 'string join(["Dear ", string(name)])'),
        ("${a}${b + 1}", "string join([string(a), string(b + 1)])"),
        ('"#{a}"\n', r'string join(["\"", string(a), "\"\n"])'),
    ],
)
def test_a_text_with_expressions_in_it_is_translated(text: str, feel: str) -> None:
    assert template_to_feel(text) == feel


@pytest.mark.parametrize("text", ["Dear ${name", "Dear ${a.b()}", "${a} and ${}", "a ${'}'}"])
def test_a_text_with_what_has_no_counterpart_is_refused(text: str) -> None:
    with pytest.raises(NotTranslatable):
        template_to_feel(text)


def test_a_text_without_braces_is_no_juel() -> None:
    assert not looks_like_juel("$5 for {you}")
    assert looks_like_juel("Dear ${name}")


@given(st.text(alphabet="ab.,?:(){}$#!&|=<>+-*/ '\"1\\", max_size=20))
def test_a_text_is_translated_or_refused(text: str) -> None:
    try:
        feel = to_feel("${" + text + "}")
    except NotTranslatable:
        return
    assert "$" not in feel or '"' in feel
