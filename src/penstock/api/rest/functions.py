"""The Python functions that tasks may name, and one of them tried."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from penstock.api.errors import ApiError
from penstock.api.http import AnyCall, Call, Reply
from penstock.api.keys import no_such
from penstock.api.rest.values import Body, Shape, ValueQuery, Variables, shown_variables, taken
from penstock.workers.protocol import Denied, Done, Failed, FunctionInfo


class Parameter(Shape, frozen=True):
    """One parameter, as the author of the function wrote it."""

    name: str
    type: str | None
    required: bool
    default: str | None


class Function(Shape, frozen=True):
    """A Python function."""

    name: str
    doc: str | None
    parameters: list[Parameter]
    takes_all: bool
    """Whether it is handed every visible variable."""
    returns: str | None
    timeout: float | None
    """Its own time limit in seconds."""
    file: str
    line: int


class Functions(Shape, frozen=True):
    """All functions of the server."""

    items: list[Function]


class Trial(Body, frozen=True):
    """With what a function is tried."""

    variables: Variables = msgspec.field(default_factory=dict)


class Tried(Shape, frozen=True):
    """What came of it."""

    outcome: Literal["done", "error", "failed"]
    """`error` is a business error, which a boundary event would catch; `failed` would be tried again."""
    variables: dict[str, Any]
    code: str | None = None
    message: str | None = None
    detail: str | None = None
    """The traceback, where there is one."""


async def search(call: AnyCall) -> Reply:
    """Give the functions by their names."""
    return Reply(Functions([_shown(it) for _, it in sorted(call.runtime.functions.items())]))


async def try_one(call: Call[ValueQuery, Trial]) -> Reply:
    """Run a function once in a worker process, as a task would, and give what comes of it.

    What it does to the world it does. It is noted in the audit log.

    Raises:
        ApiError: 404, there is no such function; 503, every worker process has something to do.
    """
    name, runtime = call.path["function"], call.runtime
    if name not in runtime.functions:
        raise no_such(name, "function")
    outcome = await runtime.try_function(name, taken(call.body.variables), actor=call.actor)
    if outcome is None:
        raise ApiError(503, "Every worker process has something to do: try again later.")
    if isinstance(outcome, Failed):
        return Reply(Tried("failed", {}, None, outcome.message, outcome.detail))
    assert not isinstance(outcome, Denied), "only a task listener may deny something"
    variables = shown_variables(call.query, outcome.variables)
    if isinstance(outcome, Done):
        return Reply(Tried("done", variables))
    return Reply(Tried("error", variables, outcome.code, outcome.message))


def _shown(it: FunctionInfo) -> Function:
    return Function(
        it.name,
        it.doc,
        [Parameter(one.name, one.type, one.required, one.default) for one in it.parameters],
        it.takes_all,
        it.returns,
        None if it.timeout_ms is None else it.timeout_ms / 1000,
        it.file,
        it.line,
    )
