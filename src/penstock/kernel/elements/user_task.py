"""User task (BPMN 13.3.3): it waits until a person has completed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from penstock.kernel import events as e, listeners
from penstock.kernel.definition import Element, Expression, UserTaskSpec, Variables
from penstock.kernel.failures import Failure, shown
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.user_tasks import as_moment, as_priority, as_text, as_texts, assign, hears
from penstock.kernel.variables import seen_by

DEFAULT_PRIORITY: Final = 50

T = TypeVar("T")


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open the task, once the listeners of its creation have run; then those run that hear to whom it goes.

    Raises:
        Failure: an expression of the task has no value, or one of the wrong type.
    """
    spec = node.user_task or UserTaskSpec()
    variables = seen_by(step.instance, scope, element)
    assignee = _read("assignee", spec.assignee, as_text, variables, step.now)
    creating, assigning = hears(node, "creating"), assignee is not None and hears(node, "assigning")
    step.emit(
        e.UserTaskOpened(
            scope.key,
            element.key,
            step.new_key(),
            node.id,
            _read("name", spec.name, as_text, variables, step.now) or node.name or node.id,
            None if assigning else assignee,
            _read("candidate users", spec.candidate_users, as_texts, variables, step.now) or [],
            _read("candidate groups", spec.candidate_groups, as_texts, variables, step.now) or [],
            _read("due date", spec.due_at, as_moment, variables, step.now),
            _read("follow-up date", spec.follow_up_at, as_moment, variables, step.now),
            DEFAULT_PRIORITY
            if spec.priority is None
            else _value("priority", spec.priority, as_priority, variables, step.now),
            None if node.form is None else node.form.id,
            "creating" if creating else "open",
        )
    )
    if creating:
        then = assignee or "" if assigning else ""
        listeners.begin(step, scope, element, "creating", Phase.LISTEN, what=then)
    elif assigning:
        assign(step, scope, element, assignee)


def _read(
    what: str,
    expression: Expression | None,
    read: Callable[[object], T | None],
    variables: Variables,
    now: int,
) -> T | None:
    return None if expression is None else _value(what, expression, read, variables, now)


def _value(
    what: str, expression: Expression, read: Callable[[object], T], variables: Variables, now: int
) -> T:
    value = expression(variables, now)
    try:
        return read(value)
    except ValueError as error:
        text = f"`{expression.text}`"
        raise Failure("user_task", f"the {what} {text} gave {shown(value)}, expected {error}") from None
