"""Run one call: choose the function, convert the arguments, call it, and pack what came of it.

This is the whole of what a worker process does for a call. It knows nothing of processes, so tests may
run it where they are.
"""

from __future__ import annotations

import asyncio
import contextvars
import difflib
import inspect
from collections.abc import Mapping
from typing import Any

from penstock import feel
from penstock.workers import api
from penstock.workers.api import BpmnError, running
from penstock.workers.faults import failed, raised
from penstock.workers.loading import Function
from penstock.workers.protocol import (
    Answer,
    Denied,
    Failed,
    FailureKind,
    Raised,
    Returned,
    Run,
    Value,
    unpack,
)
from penstock.workers.results import ResultError, from_correction, from_result, to_value
from penstock.workers.signature import ArgumentsError, arguments, check_result


class Invoker:
    """Runs calls, one at a time, always in the same thread.

    It keeps one event loop for all asynchronous functions, so that a client which a module holds
    (a connection pool, say) lives on from call to call.
    """

    def __init__(self, functions: Mapping[str, Function], max_result_bytes: int) -> None:
        self._functions = functions
        self._max_result_bytes = max_result_bytes
        self._loop = asyncio.Runner()

    def answer(self, run: Run) -> Answer:
        """Run a call. Whatever the author's code raises becomes an answer."""
        function = self._functions.get(run.function)
        if function is None:
            return unknown(run.function, self._functions)
        try:
            with running(run.job):
                return self._run(function, run)
        except ArgumentsError as error:
            return failed("arguments", str(error))
        except ResultError as error:
            return failed("result", f"{function.name}(): {error}")
        except BaseException as error:  # noqa: BLE001 - sys.exit() in a function is its fault too
            return raised(error)

    def close(self) -> None:
        """End the event loop."""
        self._loop.close()

    def _run(self, function: Function, run: Run) -> Answer:
        chosen = arguments(function.signature, unpack(run.variables))
        try:
            result = self._call(function, chosen)
        except BpmnError as error:
            return self._thrown(error)
        except api.Denied as error:
            if run.job.kind != "task_listener":
                raise
            return Denied(error.reason)
        try:
            check_result(function.signature, result)
        except ValueError as error:
            message = f"It did not return what it declares, {function.signature.text}: {error}."
            raise ResultError(message) from error
        values = from_correction if run.job.kind == "task_listener" else from_result
        return Returned(self._pack(values(result, run.job.headers)))

    def _call(self, function: Function, chosen: dict[str, Any]) -> object:
        result = function.call(**chosen)
        if not inspect.iscoroutine(result):
            return result
        # Without this the loop would run it in the context of its own creation, which has no job.
        return self._loop.run(result, context=contextvars.copy_context())

    def _thrown(self, error: BpmnError) -> Answer:
        value = to_value(error.variables, f"What BpmnError {error.code!r} carries")
        assert isinstance(value, dict)
        return Raised(error.code, error.message, self._pack(value))

    def _pack(self, variables: dict[str, Value]) -> bytes:
        packed = feel.dumps(variables)
        if len(packed) > self._max_result_bytes:
            raise ResultError(
                f"The result takes {len(packed)} bytes, more than the {self._max_result_bytes} allowed. "
                "Keep the data elsewhere and return where it is, or raise the limit in the settings."
            )
        return packed


def unknown(name: str, functions: Mapping[str, object]) -> Failed:
    """Say that there is no such function, and which one may be meant."""
    kind: FailureKind = "unknown_function"
    near = difflib.get_close_matches(name, functions, n=1)
    if near:
        return failed(kind, f"There is no task function '{name}'. Did you mean '{near[0]}'?")
    known = ", ".join(sorted(functions)) or "none"
    return failed(
        kind,
        f"There is no task function '{name}'; there is {known}. "
        "Mark it with @task in a file of the functions folder.",
    )
