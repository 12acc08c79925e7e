"""What is done to a user task, and the listeners that run before each change of it.

While they run the task is as it was, and nobody may do anything else to it. A listener may correct the
attributes of the task, which takes effect with the change, or deny the change: all is then as before.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from penstock.kernel import commands as c, events as e, listeners
from penstock.kernel.definition import Element, Value
from penstock.kernel.failures import Rejected
from penstock.kernel.operating import require_active
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Listening, Scope
from penstock.kernel.step import Step
from penstock.kernel.work import TaskEvent

ATTRIBUTES: Final = ("assignee", "candidate_users", "candidate_groups", "due_at", "follow_up_at", "priority")
"""What a listener may correct."""


def hears(node: Element, event: TaskEvent) -> bool:
    """Tell whether the user task has listeners for this change."""
    return node.listeners is not None and any(it.event == event for it in node.listeners.task)


def complete_user_task(step: Step, command: c.CompleteUserTask) -> None:
    scope, element = _open_task(step, command.scope, command.owner, command.key)
    if hears(step.element(element.element), "completing"):
        listeners.begin(step, scope, element, "completing", Phase.COMPLETE, values=command.variables)
        return
    step.emit(e.UserTaskCompleted(scope.key, element.key, command.key, command.variables))
    step.plan(Phase.COMPLETE, scope.key, element.key)


def assign_user_task(step: Step, command: c.AssignUserTask) -> None:
    scope, element = _open_task(step, command.scope, command.owner, command.key)
    assert element.task is not None
    holder = element.task.assignee
    if command.claim and holder is not None and holder != command.assignee:
        raise Rejected("conflict", f"the task is claimed by '{holder}'")
    if holder != command.assignee:
        assign(step, scope, element, command.assignee)


def assign(step: Step, scope: Scope, element: ElementInstance, assignee: str | None) -> None:
    """Give the task to somebody, or to nobody, once the listeners have run."""
    assert element.task is not None
    if hears(step.element(element.element), "assigning"):
        changes: dict[str, Value] = {"assignee": assignee}
        listeners.begin(step, scope, element, "assigning", Phase.LISTEN, changes=changes)
    else:
        step.emit(e.UserTaskAssigned(scope.key, element.key, element.task.key, assignee))


def update_user_task(step: Step, command: c.UpdateUserTask) -> None:
    scope, element = _open_task(step, command.scope, command.owner, command.key)
    task = element.task
    assert task is not None
    changes, problem = _corrected(command.changes)
    if problem is not None or "assignee" in changes:
        raise Rejected("invalid", problem or "a task is given to somebody else by assigning it")
    changes = {name: value for name, value in changes.items() if getattr(task, name) != value}
    if changes and hears(step.element(element.element), "updating"):
        listeners.begin(step, scope, element, "updating", Phase.LISTEN, changes=changes)
    elif changes:
        step.emit(e.UserTaskUpdated(scope.key, element.key, task.key, changes))


def _open_task(step: Step, scope_key: int, owner: int, key: int) -> tuple[Scope, ElementInstance]:
    require_active(step)
    scope = step.instance.scope(scope_key)
    element = scope.elements.get(owner) if scope else None
    if scope is None or element is None or element.task is None or element.task.key != key:
        # A task stays on record when it has ended, so it is there: to act on it is what comes too late.
        raise Rejected("conflict", f"user task {key} of '{step.instance.id}' is no longer open")
    if element.listening is not None:
        message = f"user task {key} of '{step.instance.id}' is {element.listening.event} just now"
        raise Rejected(
            "conflict", f"{message}: its listeners run, and nothing else may be done to it meanwhile"
        )
    return scope, element


# -- listeners -------------------------------------------------------------------------------------


def go_on(step: Step, scope: Scope, element: ElementInstance, heard: Listening) -> None:
    """Let the change of the task happen, behind the last of its listeners."""
    task, at = element.task, (scope.key, element.key)
    assert task is not None
    changes = dict(heard.changes)
    step.emit(e.ListenersEnded(*at))
    if heard.event == "assigning":
        assignee = changes.pop("assignee")
        assert assignee is None or isinstance(assignee, str)
        if assignee != task.assignee:
            step.emit(e.UserTaskAssigned(*at, task.key, assignee))
    opened = heard.event == "creating"
    if changes or opened:
        step.emit(e.UserTaskUpdated(*at, task.key, changes, opened))
    if opened and heard.what:
        assign(step, scope, element, heard.what)
    if heard.event == "completing":
        step.emit(e.UserTaskCompleted(*at, task.key, heard.values))
        step.plan(Phase.COMPLETE, *at)


def complete_listener(
    step: Step, scope: Scope, element: ElementInstance, heard: Listening, command: c.CompleteJob
) -> str | None:
    """Take in what a task listener says.

    Returns:
        What it says and may not, None where it may.

    Raises:
        Rejected: it gives variables.
    """
    if command.variables:
        raise Rejected("invalid", "a task listener gives no variables; it may correct the task, or deny")
    task, at = element.task, (scope.key, element.key)
    assert task is not None
    if command.denied is not None and heard.event == "creating":
        return "it denied that the task is created, which cannot be denied"
    changes, problem = _corrected(command.corrections)
    if problem is not None:
        return problem
    if heard.event == "creating" and "assignee" in changes and (heard.what or task.assignee):
        return "it corrected the assignee, whom the model names: a listener of `assigning` may do that"
    step.emit(e.ListenerCompleted(*at, command.key, {}, changes))
    if command.denied is not None:
        step.emit(e.ListenersEnded(*at))
        step.emit(e.UserTaskDenied(*at, task.key, heard.event, command.denied))
    return None


def _corrected(corrections: dict[str, Value]) -> tuple[dict[str, Value], str | None]:
    """Give the attributes as the task holds them, and what is wrong with them.

    Null leaves one as it is, and an empty text clears it.
    """
    changes: dict[str, Value] = {}
    for name, value in corrections.items():
        if name not in ATTRIBUTES:
            return {}, f"a user task has no attribute '{name}'; there is {', '.join(ATTRIBUTES)}"
        if value is None:
            continue
        try:
            changes[name] = _READERS[name](None if value == "" else value)
        except ValueError as error:
            return {}, f"the {name} was corrected to {value!r}, expected {error}"
    return changes, None


# -- attributes ------------------------------------------------------------------------------------


def as_text(value: Value) -> str | None:
    """Give a text, None for an empty one.

    Raises:
        ValueError: it is none; the message says what was expected. So it is with all of these.
    """
    if value is None or isinstance(value, str):
        return value or None
    raise ValueError("a text")


def as_texts(value: Value) -> list[str]:
    """Give a list of texts, from one or from a text with commas."""
    if value is None:
        return []
    if isinstance(value, str):
        return [part for part in map(str.strip, value.split(",")) if part]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return list(value)
    raise ValueError("a list of texts, or one text with commas")


def as_moment(value: Value) -> int | None:
    """Give epoch milliseconds, from a date and time or its ISO 8601 text."""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("an ISO 8601 date and time") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise ValueError("a date and time")
    moment = value if value.tzinfo else value.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


def as_priority(value: Value) -> int:
    """Give a whole number from 0 to 100."""
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value in range(101):
        return int(value)
    raise ValueError("a whole number from 0 to 100")


_READERS: Final = {
    "assignee": as_text,
    "candidate_users": as_texts,
    "candidate_groups": as_texts,
    "due_at": as_moment,
    "follow_up_at": as_moment,
    "priority": as_priority,
}
