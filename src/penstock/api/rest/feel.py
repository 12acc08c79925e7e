"""Evaluating a FEEL expression that somebody is about to write into a model."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from penstock import feel
from penstock.api.http import Call, Reply
from penstock.api.rest.values import Body, Shape, ValueQuery, Variables, shown, taken
from penstock.bpmn.iso import EPOCH


class Evaluation(Body, frozen=True):
    """What to evaluate, over which variables."""

    expression: str
    context: Variables = msgspec.field(default_factory=dict)
    unary: bool = False
    """Whether it is unary tests of `input`."""
    input: Annotated[Any, msgspec.Meta(description="The value that unary tests test.")] = None


class Warned(Shape, frozen=True):
    """Why a part of the expression is null."""

    code: str
    message: str
    position: int
    """Where in the text, counted from 0."""


class Evaluated(Shape, frozen=True):
    """What came of it."""

    value: Any
    type: str
    """The type of the value, in FEEL's words."""
    warnings: list[Warned]


async def evaluate(call: Call[ValueQuery, Evaluation]) -> Reply:
    """Give the value of an expression (DMN 1.5, chapter 10).

    Raises:
        ApiError: 400, the text is no expression; the message shows the place.
    """
    now = EPOCH + timedelta(milliseconds=call.runtime.clock.now())
    variables = taken(call.body.context)
    if call.body.unary:
        variables["?"] = feel.from_json(call.body.input)
    value, warnings = await asyncio.to_thread(_value, call.body, variables, now)
    shown_warnings = [Warned(warning.code, warning.message, warning.position) for warning in warnings]
    return Reply(Evaluated(shown(call.query, value), feel.type_name(value), shown_warnings))


def _value(body: Evaluation, variables: Mapping[str, Any], now: datetime) -> tuple[Any, list[feel.Warning]]:
    compiled = feel.compile(body.expression, unary=body.unary, names=tuple(body.context))
    warnings: list[feel.Warning] = []
    return compiled.evaluate(variables, now=now, warnings=warnings), warnings
