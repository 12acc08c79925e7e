"""Reads the DMN Technology Compatibility Kit, and compares what a model decides with what a case expects."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from penstock import dmn, feel

SUITES = Path(os.environ.get("PENSTOCK_SUITES", Path(__file__).parents[3] / "shared" / "suites"))
KIT = SUITES / "dmn-tck" / "TestCases"
NOW = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
TOLERANCE = Decimal("1e-8")
"""What the kit asks of numbers."""
_TC = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True)
class Case:
    """One result that a test case asks for."""

    name: str
    """Folder, file, case and result."""
    model: Path
    invocable: str | None
    """The decision service or business knowledge model to call, where it is no decision."""
    decision: str
    inputs: dict[str, Any]
    expected: Any
    error: bool
    """Whether the result is an error, which is null."""


def cases() -> tuple[Case, ...]:
    """Give every case of the kit, or none where it is absent."""
    return tuple(case for file in sorted(KIT.glob("*/*/*-test-*.xml")) for case in _cases_in(file))


def _cases_in(file: Path) -> Iterator[Case]:
    root = etree.parse(file).getroot()
    model = file.parent / root.findtext(f"{_TC}modelName", "").strip()
    for number, case in enumerate(root.iter(f"{_TC}testCase"), 1):
        inputs = {node.get("name"): _value(node) for node in case.iterfind(f"{_TC}inputNode")}
        invocable = case.get("invocableName") if case.get("type") in ("decisionService", "bkm") else None
        for result in case.iterfind(f"{_TC}resultNode"):
            expected = result.find(f"{_TC}expected")
            decision = result.get("name")
            yield Case(
                name=f"{file.parent.name}/{file.stem[-2:]}/{case.get('id') or number}/{decision}",
                model=model,
                invocable=invocable,
                decision=decision,
                inputs=inputs,
                expected=None if expected is None else _value(expected),
                error=result.get("errorResult") == "true",
            )


def _value(node: Any) -> Any:
    """Give the value that a node holds: components, a list, or a typed text."""
    components = node.findall(f"{_TC}component")
    if components:
        return {part.get("name"): _value(part) for part in components}
    items = node.find(f"{_TC}list")
    if items is not None:
        return None if _nil(items) else [_value(item) for item in items.iterfind(f"{_TC}item")]
    value = node.find(f"{_TC}value")
    return None if value is None or _nil(value) else _typed(value.text or "", value)


def _nil(node: Any) -> bool:
    return bool(node.get(f"{_XSI}nil") in ("true", "1"))


def _typed(text: str, node: Any) -> Any:
    kind = (node.get(f"{_XSI}type") or "xsd:string").rpartition(":")[2]
    if kind in ("decimal", "double", "integer", "int", "long", "float"):
        return feel.from_python(Decimal(text))
    if kind == "boolean":
        return text.strip() in ("true", "1")
    if kind == "string":
        return text
    function = {"date": "date", "time": "time", "dateTime": "date and time", "duration": "duration"}[kind]
    return feel.evaluate(f"{function}(text)", {"text": text.strip()})


@cache
def reading(model: Path) -> dmn.Reading:
    """Read a model, and the models beside it that it imports."""

    def beside(namespace: str, _: str | None) -> dmn.Model | None:
        for file in sorted(model.parent.glob("*.dmn")):
            if file != model and etree.parse(file).getroot().get("namespace") == namespace:
                return reading(file).model
        return None

    return dmn.read(model.read_bytes(), file=model.name, imports=beside)


def decide(case: Case) -> Any:
    """Give the value that a case asks for."""
    model = reading(case.model).model
    assert model is not None
    name = case.invocable or case.decision
    limits = feel.Limits(seconds=30)
    result = dmn.evaluate(
        model, name, case.inputs, now=NOW, service=case.invocable is not None, limits=limits
    )
    value = result.value
    several = case.invocable and isinstance(value, dict) and case.decision in value
    return value[case.decision] if several else value


def agrees(actual: Any, expected: Any) -> bool:
    """Tell whether a value is the one expected: numbers nearly, times as they are written."""
    if isinstance(expected, dict):
        return (
            isinstance(actual, dict)
            and actual.keys() == expected.keys()
            and all(agrees(actual[key], value) for key, value in expected.items())
        )
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(actual) == len(expected)
            and all(agrees(one, other) for one, other in zip(actual, expected, strict=True))
        )
    if isinstance(expected, bool) or expected is None:
        return actual is expected
    if isinstance(expected, int | Decimal):
        return isinstance(actual, int | Decimal) and type(actual) is not bool and _near(actual, expected)
    return type(actual) is type(expected) and (
        actual == expected or feel.to_text(actual) == feel.to_text(expected)
    )


def _near(actual: int | Decimal, expected: int | Decimal) -> bool:
    return abs(Decimal(actual) - Decimal(expected)) <= TOLERANCE
