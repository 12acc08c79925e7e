"""Patterns as XPath has them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from penstock import feel
from penstock.feel.regex import pattern

SHARED = st.recursive(
    st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "[a-c]", "\\d"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        inner.map(lambda part: f"({part})"),
        st.tuples(inner, st.sampled_from(["?", "+?", "{2}", "{1,2}"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)
"""Patterns that mean the same in XPath and in Python; without `*`, whose empty rounds differ."""


@given(SHARED, st.text("abc1", max_size=8))
@settings(max_examples=500, deadline=None)
def test_a_pattern_that_python_shares_matches_as_in_python(text: str, subject: str) -> None:
    ours = pattern(text, "").search(subject, 0, lambda count: None)
    theirs = re.search(text, subject)
    assert (ours is None) == (theirs is None)
    if ours is not None and theirs is not None:
        assert (ours.start, ours.end) == theirs.span()
        assert [ours.text(group) for group in range(1, ours.groups + 1)] == [
            theirs.group(group) or "" for group in range(1, ours.groups + 1)
        ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'matches("x3", "\p{L}\p{Nd}")', True),
        (r'matches("é", "^\w$")', True),
        (r'matches("-", "\w")', False),
        (r'matches("q", "[a-z-[aeiou]]")', True),
        (r'matches("e", "[a-z-[aeiou]]")', False),
        (r'matches("ABC", "b", "i")', True),
        (r'matches("B", "[^b]", "i")', False),
        (r'matches("a.c", ".", "q")', True),
        (r'matches("ab", "a b", "x")', True),
        (r'matches("abab", "(ab)\1")', True),
        (r'matches("αβγ", "^\p{IsGreek}+$")', True),
        (r'matches("a-1", "^\i\c*$")', True),
        ('matches("a\\nb", "^b$", "m")', True),
        ('matches("a\\nb", "a.b")', False),
        ('replace("abc", "b", "[$0]")', "a[b]c"),
        (r'replace("abc", "(b)", "\\$1\$")', "a$1$c"),
        ('replace("a-b-c", "-", "")', "abc"),
        ('replace("abc", "x*", "-")', None),
        ('split("a, b,c", ",\\s*")', ["a", "b", "c"]),
        ('extract("a1b22", "[0-9]+")', ["1", "22"]),
        ('matches("a", "(?=a)")', None),
        ('matches("a", "a", "g")', None),
        (r'matches("a", "\b")', None),
        ('matches("a", "a{2,1}")', None),
        ('matches("a", "a{99999}")', None),
        ('replace("a", "a", "$")', None),
    ],
)
def test_patterns(text: str, expected: Any) -> None:
    assert feel.evaluate(text) == expected
