"""The deployed decisions, and making one outside of a process."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import msgspec

from penstock import dmn
from penstock.api.errors import bad_request
from penstock.api.http import Call, Reply
from penstock.api.keys import no_such
from penstock.api.rest.latest import Latest, LatestQuery, listed
from penstock.api.rest.values import Shape, ValueQuery, WithVariables, shown, shown_variables, taken
from penstock.bpmn.iso import from_epoch_milliseconds


class Decision(Latest, frozen=True):
    """A decision, in its latest version."""


class DecisionEvaluation(WithVariables, frozen=True):
    """What to decide on."""

    version: str | None = None
    service: Annotated[
        bool,
        msgspec.Meta(description="Call a decision service or a business knowledge model of this id or name."),
    ] = False


class Matched(Shape, frozen=True):
    """What a decision table was asked, and which of its rules matched."""

    table: str
    rules: list[str | int]
    """Their ids, or their numbers from 1."""
    inputs: dict[str, Any]
    outputs: list[Any]


class DecisionWarning(Shape, frozen=True):
    """Why something is null."""

    code: str
    message: str


class DecisionResult(Shape, frozen=True):
    """What was decided, and why."""

    value: Any
    decisions: dict[str, Any]
    """The value of every decision that was made for it, by name."""
    matched: list[Matched]
    warnings: list[DecisionWarning]


async def search(call: Call[LatestQuery, None]) -> Reply:
    """Give the decisions, by id, each in its latest version."""
    return listed(call, call.runtime.decisions, Decision)


async def evaluate(call: Call[ValueQuery, DecisionEvaluation]) -> Reply:
    """Make a decision (DMN 1.5, 6.3.7), bounded in steps and time.

    Raises:
        ApiError: 404, there is no such decision or version; 400, it cannot be made.
    """
    name, body = call.path["decision"], call.body
    variables = taken(body.variables)
    now = from_epoch_milliseconds(call.runtime.clock.now())
    try:
        result = await asyncio.to_thread(
            call.runtime.decisions.make, name, variables, now, version=body.version, service=body.service
        )
    except LookupError:
        which = f"{name}' in version '{body.version}" if body.version else name
        raise no_such(which, "decision service" if body.service else "decision") from None
    except dmn.DmnError as error:
        raise bad_request(f"{error}.") from error
    return Reply(told(call.query, result))


def told(query: ValueQuery, result: dmn.Result) -> DecisionResult:
    """Give what was decided as it is shown."""
    return DecisionResult(
        shown(query, result.value),
        shown_variables(query, result.decisions),
        [
            Matched(
                each.table,
                list(each.rules),
                shown_variables(query, dict(each.inputs)),
                [shown(query, output) for output in each.outputs],
            )
            for each in result.matched
        ],
        [DecisionWarning(warning.code, warning.message) for warning in result.warnings],
    )
