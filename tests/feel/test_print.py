"""Printing a syntax tree and reading it back gives the same tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from penstock import feel
from penstock.feel.parser import parse
from penstock.feel.printer import print_tree
from penstock.feel.syntax import Node, UnaryTests
from tests.feel.trees import TREES


@given(TREES)
@settings(max_examples=300, deadline=None)
def test_a_printed_tree_reads_back_as_itself(tree: Node) -> None:
    assert parse(print_tree(tree), {}) == tree


@given(TREES)
@settings(max_examples=100, deadline=None)
def test_a_printed_unary_test_reads_back_as_itself(tree: Node) -> None:
    tests = UnaryTests((tree, tree), False)
    assert parse(print_tree(tests), {}, unary=True) == tests


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("(a+b)*c", "(a + b) * c"),
        ("a-(b-c)", "a - (b - c)"),
        ("((a))", "a"),
        ("-(a+b)", "-(a + b)"),
        ("(if a then b else c).d", "(if a then b else c).d"),
        ("2^3", "2 ** 3"),
        ("]1..2[", "(1..2)"),
    ],
)
def test_parentheses_stand_only_where_they_are_needed(text: str, printed: str) -> None:
    assert print_tree(parse(text, {})) == printed


@pytest.mark.parametrize("text", ["6" * 34 + "e44", "0." + "0" * 60 + "6" * 34])
def test_a_number_far_from_one_keeps_its_34_digits(text: str) -> None:
    assert feel.evaluate(feel.to_text(feel.evaluate(text))) == feel.evaluate(text)
