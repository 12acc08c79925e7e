"""Fuzzes the parser and the evaluator of FEEL: any text has a value or an error of ours, in bounded work.

Run for a minute, guided by coverage: `python -m tests.fuzz.feel`. It needs atheris (`pip install atheris`),
and takes the options of libFuzzer, such as `-max_total_time=600`. The ordinary tests run the same check over
a fixed corpus.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from penstock import feel
from penstock.feel.builtins import FUNCTIONS
from penstock.feel.names import widen
from penstock.feel.parser import parse
from penstock.feel.printer import print_tree
from tests.fuzz.guided import fuzz

CORPUS = Path(__file__).with_name("feel.txt")
LIMITS = feel.Limits(steps=20_000, seconds=2.0, size=200_000)
_LARGE = 200
"""Characters from which on a text may be nested more deeply than Python compares."""
NOW = datetime(2030, 1, 15, 10, 30, tzinfo=UTC)
VARIABLES: dict[str, Any] = feel.from_python(
    {"a": 1, "b": "text", "order total": 7.5, "xs": [1, None, "x"], "c": {"d": {"e": 1}}, "?": 5}
)


def corpus() -> list[str]:
    """Give the texts to begin from: some that are expressions and some that are not."""
    return CORPUS.read_text(encoding="utf-8").splitlines()


def check(text: str, *, unary: bool) -> None:
    """Compile, print and evaluate a text; everything that is raised but our own errors is a defect."""
    try:
        expression = feel.compile(text, unary=unary, names=("order total",))
    except feel.FeelSyntaxError as error:
        if not 0 <= error.position <= len(text):
            raise AssertionError(f"the error of {text!r} is at {error.position}, outside of it") from error
        return
    if not unary:
        _print(text)
    warnings: list[feel.Warning] = []
    try:
        value = expression.evaluate(VARIABLES, now=NOW, warnings=warnings, limits=LIMITS, random=Random(1))
        feel.to_text(value)
    except feel.FeelError:
        return
    assert all(0 <= warning.position <= len(text) for warning in warnings)


def _print(text: str) -> None:
    """Parse what the printer makes of a text: it is the same tree."""
    scope = widen(widen({}, FUNCTIONS), ("order total",))
    tree = parse(text, scope)
    printed = print_tree(tree)
    try:
        again = parse(printed, scope)
    except feel.FeelSyntaxError as error:
        # Parentheses that the printer sets for clearness may go beyond the bound.
        if "nested more than" in error.message:
            return
        raise
    # Python compares trees by calls as deep as they are, so that of large ones the texts are compared.
    assert print_tree(again) == printed if len(text) > _LARGE else again == tree


def mutated(texts: Sequence[str], random: Random) -> str:
    """Give a text made of pieces of others: cut, doubled, joined, or with a character changed."""
    text = random.choice(texts)
    for _ in range(random.randint(1, 3)):
        start = random.randint(0, len(text))
        end = random.randint(start, min(len(text), start + 12))
        piece = random.choice(
            ["", text[start:end] * 2, random.choice(texts), random.choice('()[]{}<>=.,:-?"@ 19')]
        )
        text = text[:start] + piece + text[end:]
    return text


_AROUND = [
    ("[", "]"),
    ("{a: ", "}"),
    ("abs(", ")"),
    ("1 + (", ")"),
    ("-", ""),
    ("a or (", ")"),
    ("1 between 0 and (", ")"),
    ("a in (", ", 2)"),
    ("[1..", "]"),
    ("for x in [1] return ", ""),
    ("some x in [1] satisfies ", ""),
    ("if a = 1 then ", " else 2"),
    ("[1][", "]"),
    ("(", ")[true]"),
    ("(", ").a"),
    ("(", ") instance of number"),
    ("x instance of list<", "number>"),
    ("(function(x) ", ")(1)"),
    ("{f: function(x) ", ", r: f(1)}.r"),
    ("sort([2, 1], function(p, q) ", ")"),
]


def nested(random: Random) -> str:
    """Give a text of a few constructs inside each other, up to a little more often than is allowed."""
    text = random.choice(["1", "true", "a", "[1]", '@"P1D"', "null"])
    around = random.sample(_AROUND, random.randint(1, 3))
    for _ in range(random.choice([30, 60, 100, 150, 199, 220])):
        before, after = random.choice(around)
        text = before + text + after
    return text


def _one(data: bytes) -> None:
    text = data[1:].decode("utf-8", "replace")
    check(text, unary=bool(data and data[0] % 2))


def main(arguments: Sequence[str]) -> None:
    """Fuzz until the time is up, or until a text fails, which libFuzzer then writes to a file."""
    fuzz(_one, [b"e" + text.encode() for text in corpus()], ["-max_len=400", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
