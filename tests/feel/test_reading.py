"""The variables that an expression cannot do without."""

from __future__ import annotations

import pytest

from penstock import feel


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("a + b.c", {"a", "b"}),
        ("a - 1 > b and c(d)", {"a", "b", "c", "d"}),
        ('if a = null then "none" else a.b', set()),
        ("null != a or b", {"b"}),
        ("is defined(a) and get or else(b, c) > 0", {"c"}),
        ("a instance of number", set()),
        ("items[price > limit].name", {"items"}),
        ("for x in xs, y in x return x + y + z", {"xs", "z"}),
        ("every x in xs satisfies x > partial", {"xs"}),
        ("{a: 1, b: a + c}", {"c"}),
        ("function(a) a + b", {"b"}),
        ("sum(prices) + count(items)", {"prices", "items"}),
        ("a in (1..b)", {"a", "b"}),
        ("a between b and c", {"a", "b", "c"}),
        ('date and time("2026-01-05T09:00:00Z") + pause', {"pause"}),
        ("12", set()),
    ],
)
def test_a_name_is_needed_where_it_is_surely_a_variable(text: str, needed: set[str]) -> None:
    assert feel.needed(text) == needed


def test_a_text_that_is_no_expression_is_refused() -> None:
    with pytest.raises(feel.FeelSyntaxError):
        feel.needed("a +")


def test_a_deep_expression_is_looked_through() -> None:
    assert feel.needed("(" * 150 + "a" + ")" * 150) == {"a"}
