"""From what a function returned to the variables of its job's result.

A mapping or an object with fields names its variables itself; any other value needs a name, which the
header `resultVariable` of the task gives.
"""

from __future__ import annotations

from collections.abc import Mapping

from penstock import feel
from penstock.workers.protocol import Value

RESULT_VARIABLE = "resultVariable"
"""The header of a task that names the variable for the whole result."""

DEFAULT_RESULT_VARIABLE = "result"
"""The variable of a result that has no fields, where no header names one."""


class ResultError(Exception):
    """What came out of a function cannot be variables; the message says what and where."""


def from_result(result: object, headers: Mapping[str, str]) -> dict[str, Value]:
    """Give the variables of a result.

    Raises:
        ResultError: it holds something that is no value of a process.
    """
    value = to_value(result, "The result")
    if name := headers.get(RESULT_VARIABLE):
        return {name: value}
    if value is None:
        return {}
    return value if isinstance(value, dict) else {DEFAULT_RESULT_VARIABLE: value}


def from_correction(result: object, _headers: Mapping[str, str]) -> dict[str, Value]:
    """Give what a task listener corrects of its user task.

    Raises:
        ResultError: it is neither nothing nor a mapping of attributes.
    """
    value = to_value(result, "The result")
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ResultError(
            f"A task listener returned {result!r}. Return nothing, or what it corrects of the task, such as "
            '{"priority": 80}.'
        )
    return value


def to_value(result: object, what: str) -> Value:
    """Turn a Python object to a FEEL value; `what` names it in the message.

    Raises:
        ResultError: it holds something that is no value of a process.
    """
    try:
        value = feel.from_python(result)
    except (TypeError, ValueError) as error:
        raise ResultError(f"{what} cannot be kept as variables: {error}.") from error
    reason = feel.unstorable(value)
    if reason is not None:
        raise ResultError(f"{what} cannot be kept as variables: {reason}.")
    return value
