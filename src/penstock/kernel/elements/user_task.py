"""User task (BPMN 13.3.3): it waits until a person has completed it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from penstock.kernel import events as e
from penstock.kernel.definition import Element, Expression, UserTaskSpec, Variables
from penstock.kernel.failures import Failure, shown
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.variables import seen_by

DEFAULT_PRIORITY: Final = 50


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open the task.

    Raises:
        Failure: an expression of the task has no value, or one of the wrong type.
    """
    spec = node.user_task or UserTaskSpec()
    variables = seen_by(step.instance, scope, element)
    step.emit(
        e.UserTaskOpened(
            scope.key,
            element.key,
            step.new_key(),
            node.id,
            _text("name", spec.name, variables, step.now) or node.name or node.id,
            _text("assignee", spec.assignee, variables, step.now),
            _texts("candidate users", spec.candidate_users, variables, step.now),
            _texts("candidate groups", spec.candidate_groups, variables, step.now),
            _moment("due date", spec.due_at, variables, step.now),
            _moment("follow-up date", spec.follow_up_at, variables, step.now),
            _priority(spec.priority, variables, step.now),
            None if node.form is None else node.form.id,
        )
    )


def _text(what: str, expression: Expression | None, variables: Variables, now: int) -> str | None:
    value = None if expression is None else expression(variables, now)
    if value is None or isinstance(value, str):
        return value or None
    raise _wrong(what, expression, "a text", value)


def _texts(what: str, expression: Expression | None, variables: Variables, now: int) -> list[str]:
    value = None if expression is None else expression(variables, now)
    if value is None:
        return []
    if isinstance(value, str):
        return [part for part in map(str.strip, value.split(",")) if part]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return list(value)
    raise _wrong(what, expression, "a list of texts, or one text with commas", value)


def _moment(what: str, expression: Expression | None, variables: Variables, now: int) -> int | None:
    value = None if expression is None else expression(variables, now)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise _wrong(what, expression, "an ISO 8601 date and time", value) from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise _wrong(what, expression, "a date and time", value)
    moment = value if value.tzinfo else value.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


def _priority(expression: Expression | None, variables: Variables, now: int) -> int:
    value = DEFAULT_PRIORITY if expression is None else expression(variables, now)
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value in range(101):
        return int(value)
    raise _wrong("priority", expression, "a whole number from 0 to 100", value)


def _wrong(what: str, expression: Expression | None, expected: str, value: object) -> Failure:
    text = "" if expression is None else f"`{expression.text}` "
    return Failure("user_task", f"the {what} {text}gave {shown(value)}, expected {expected}")
