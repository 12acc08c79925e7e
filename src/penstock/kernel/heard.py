"""What follows a listener: the next one, or what they ran before."""

from __future__ import annotations

from typing import cast

from penstock.kernel import commands as c, events as e, items, listeners, starting, user_tasks
from penstock.kernel.definition import Element, Kind, Reach, Value
from penstock.kernel.failures import Failure, Rejected
from penstock.kernel.incidents import raise_incident
from penstock.kernel.lifecycle import complete_instance
from penstock.kernel.phases import Phase
from penstock.kernel.state import ROOT, ElementInstance, Listening, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import listening
from penstock.kernel.variables import propagate
from penstock.kernel.work import EXECUTION


def go_on(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open the job of the listener whose turn it is; behind the last one, let what waits for them go on.

    Raises:
        Failure: the type or the retries of a listener, or what a boundary event waits for, has no value.
    """
    heard = element.listening
    if heard is None:
        return
    spec = listeners.current(node, element)
    if spec is not None:
        listeners.open_job(step, scope, element, node, spec)
    elif heard.event not in EXECUTION:
        user_tasks.go_on(step, scope, element, heard)
    elif node.kind is Kind.PROCESS:
        _go_on_with_process(step, scope, element, heard)
    elif heard.event == "end":
        step.plan(heard.then, scope.key, element.key)
    else:
        waits = element.number is None and heard.then is Phase.ACTIVATE
        openings = listening.on_boundary(step, scope, node, element.variables or {}) if waits else []
        step.emit(e.ListenersEnded(scope.key, element.key))
        listening.open(step, scope, element, openings)
        step.plan(heard.then, scope.key, element.key)


def _go_on_with_process(step: Step, scope: Scope, element: ElementInstance, heard: Listening) -> None:
    if heard.event == "start":
        starting.begin_process(step, element, heard.what)
        return
    step.emit(e.ElementCompleted(scope.key, element.key, element.element, element.since))
    if scope.done:  # else something has been put beside it, and the process ends again
        complete_instance(step, cast(Reach, heard.what or "scope"), heard=True)


def complete_listener(step: Step, scope: Scope, element: ElementInstance, command: c.CompleteJob) -> None:
    """Take in what a listener gave: variables of the element or around it, or what it says of a user task.

    Raises:
        Rejected: it gives what its kind of listener may not give.
    """
    heard, node = element.listening, step.element(element.element)
    assert heard is not None
    if heard.event not in EXECUTION:
        problem = user_tasks.complete_listener(step, scope, element, heard, command)
        if problem is not None:
            fault(step, scope, element, problem)
            return
    elif command.corrections or command.denied is not None:
        raise Rejected("invalid", "only the job of a task listener corrects or denies something")
    else:
        _take_variables(step, scope, element, node, command)
    step.plan(Phase.LISTEN, scope.key, element.key)


def _take_variables(
    step: Step, scope: Scope, element: ElementInstance, node: Element, command: c.CompleteJob
) -> None:
    heard, values = element.listening, command.variables
    own: dict[str, Value] = {}
    if element.number is not None and node.loop is not None and heard is not None and heard.event == "end":
        names = items.own_names(node.loop)
        own = {name: value for name, value in values.items() if name in names}
    step.emit(e.ListenerCompleted(scope.key, element.key, command.key, own, {}))
    if not values:
        return
    if node.kind is Kind.PROCESS:
        step.emit(e.VariablesSet(ROOT, None, values))
    elif heard is not None and heard.event == "end":
        propagate(step, scope, {name: value for name, value in values.items() if name not in own})
    else:
        step.emit(e.VariablesSet(scope.key, element.key, values))


def fault(step: Step, scope: Scope, element: ElementInstance, message: str) -> None:
    """Let a listener that did what it may not fail for good; resolving the incident runs it again."""
    job = element.job
    assert job is not None
    step.emit(e.JobFailed(scope.key, element.key, job.key, 0, job.tries + 1, None, message))
    raise_incident(step, scope, element, Phase.LISTEN, Failure("listener", message))
