"""Reads the suites of FEEL cases that others wrote, and compares a value with what they expect."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from penstock import feel

SUITES = Path(os.environ.get("PENSTOCK_SUITES", Path(__file__).parents[3] / "shared" / "suites"))
FILES = {
    "feel-scala": "feel-scala/cases.jsonl",
    "feelin": "feelin/cases.jsonl",
    "dmn-tck": "dmn-tck/feel_cases.jsonl",
}
NOW = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
LIMITS = feel.Limits(steps=5_000_000, seconds=30)
"""One case loops a million times."""
TOLERANCE = Decimal("1e-8")
"""What the suites ask of numbers."""


@dataclass(frozen=True)
class Case:
    """One expression with its variables and the value expected."""

    suite: str
    name: str
    """Unique in its suite: the expression, with its variables where there are some."""
    expression: str
    unary: bool
    variables: dict[str, Any]
    expected: Any
    agreed: bool
    """Whether more than one engine gives this value, or the standard's own kit does."""


def present(suite: str) -> bool:
    """Tell whether a suite's file is there."""
    return (SUITES / FILES[suite]).exists()


@cache
def cases(suite: str) -> tuple[Case, ...]:
    """Give the cases of a suite, or none where it is absent."""
    if not present(suite):
        return ()
    lines = (SUITES / FILES[suite]).read_text(encoding="utf-8").splitlines()
    found: dict[str, Case] = {}
    for line in lines:
        case = _case(suite, json.loads(line, parse_float=Decimal))
        name, number = case.name, 2
        while name in found and found[name] != case:
            name, number = f"{case.name} #{number}", number + 1
        found[name] = Case(**{**case.__dict__, "name": name})
    return tuple(found.values())


def _case(suite: str, line: dict[str, Any]) -> Case:
    context = line["context"]
    unary = line.get("kind") == "unary"
    # feelin gives the input of some unary tests bare
    variables = feel.from_json(context if isinstance(context, dict) else {"?": context})
    shown = json.dumps(context, default=str, ensure_ascii=False, sort_keys=True) if context else ""
    name = (
        f"{'unary: ' if unary else ''}{' '.join(line['expression'].split())}{' | ' + shown if shown else ''}"
    )
    if suite == "dmn-tck":
        name = f"{line['suite'].split('/')[1]} {line['id']} {line['node']}: {name}"
    agreed = suite == "dmn-tck" or line.get("agrees_feelin") is True
    return Case(suite, name, line["expression"], unary, variables, line["expected"], agreed)


def difference(case: Case) -> str | None:
    """Run a case and say how its value differs from the expected one, or None."""
    try:
        actual = feel.evaluate(
            case.expression, case.variables, unary=case.unary, now=NOW, limits=LIMITS, random=Random(1)
        )
    except feel.FeelSyntaxError as error:
        # A text that is no expression has no value; the suites have null for it.
        actual = None if case.expected is None else error
    return None if _fits(case.expected, actual) else f"expected {case.expected!r}, got {actual!r}"


def _fits(expected: Any, actual: Any) -> bool:
    if isinstance(expected, dict) and len(expected) == 1:
        tag, content = next(iter(expected.items()))
        if tag == "@feel_object":
            return False
        if tag.startswith("@") and tag != "@context":
            return _same(_tagged(tag, content), actual)
        if tag == "@context":
            expected = content
    if isinstance(expected, dict) and "@feel_object" in expected:
        return feel.to_text(actual).rstrip("Z") == expected["text"].rstrip("Z")
    if isinstance(expected, dict):
        return (
            isinstance(actual, dict)
            and expected.keys() == actual.keys()
            and all(_fits(expected[key], actual[key]) for key in expected)
        )
    if isinstance(expected, list):
        return isinstance(actual, list) and len(expected) == len(actual) and all(map(_fits, expected, actual))
    return _same(expected, actual)


def _tagged(tag: str, content: str) -> Any:
    try:
        return feel.from_json({tag: content})
    except feel.FeelError as error:
        return error


def _same(expected: Any, actual: Any) -> bool:
    if feel.type_name(expected) == feel.type_name(actual) == "number":
        scale = max(Decimal(1), abs(Decimal(expected)))
        return abs(Decimal(expected) - Decimal(actual)) <= TOLERANCE * scale
    return type(expected) is type(actual) and bool(expected == actual)
