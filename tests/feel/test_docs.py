"""The examples of `docs/feel.md` have the values that the page gives them, and no function is left out."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from penstock import feel
from penstock.feel.builtins import FUNCTIONS

PAGE = (Path(__file__).parents[2] / "docs" / "feel.md").read_text(encoding="utf-8")
NOW = datetime(2030, 1, 15, 10, 30, tzinfo=UTC)


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def _examples(kind: str) -> list[tuple[str, str]]:
    lines = [line for block in _blocks(kind) for line in block.splitlines()]
    return [(text.strip(), result.strip()) for text, _, result in (line.rpartition(" // ") for line in lines)]


VARIABLES: dict[str, Any] = json.loads(_blocks("json")[0], parse_float=Decimal)


def _value(text: str, **options: Any) -> Any:
    return feel.evaluate(text, VARIABLES, now=NOW, random=Random(1), **options)


@pytest.mark.parametrize(("text", "result"), _examples("feel"))
def test_an_example_has_the_value_behind_it(text: str, result: str) -> None:
    actual, expected = _value(text), _value(result)
    assert (feel.type_name(actual), actual) == (feel.type_name(expected), expected)


@pytest.mark.parametrize(("text", "result"), _examples("unary"))
def test_a_unary_test_has_the_value_behind_it(text: str, result: str) -> None:
    given, _, test = text.partition(": ")
    assert _value(test, unary=True, input=_value(given)) is _value(result)


@pytest.mark.parametrize(("text", "message"), _examples("warning"))
def test_an_example_gives_the_warning_behind_it(text: str, message: str) -> None:
    warnings: list[feel.Warning] = []
    assert _value(text, warnings=warnings) is None
    assert [warning.message for warning in warnings] == [message]


@pytest.mark.parametrize("block", _blocks("error"))
def test_a_text_that_is_no_expression_gives_the_error_below_it(block: str) -> None:
    text, _, message = block.partition("\n---\n")
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile(text)
    assert str(caught.value) == message.rstrip("\n")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_an_example(name: str) -> None:
    assert any(f"{name}(" in text for text, _ in _examples("feel"))


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    for limit in (feel.DEFAULT_LIMITS.steps, feel.DEFAULT_LIMITS.size):
        assert f"| {limit:,} |" in PAGE
    assert f"| calls inside each other | {feel.DEFAULT_LIMITS.depth} |" in PAGE
