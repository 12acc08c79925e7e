"""Event sub-processes (BPMN 10.3.5, 13.5.4): those whose start event waits are armed with their scope.

What waits is an element instance of the event sub-process, so that its timers and subscriptions are opened,
found and cancelled as those of any other; it is no work of its scope, which ends without it. An error, an
escalation or a compensation needs no waiting: it finds the event sub-process when it is thrown.
"""

from __future__ import annotations

from collections.abc import Iterable

from penstock.kernel import events as e
from penstock.kernel.definition import Element, TimerTrigger, each_of
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import timer
from penstock.kernel.variables import visible

WAITED_FOR = (TimerTrigger,)
"""The triggers of a start event that come from outside the process; `listen` opens what each waits for."""


def arm(step: Step, scope: Scope, event_sub_processes: Iterable[str]) -> None:
    """Let the event sub-processes of a scope that has just been opened wait for their start events."""
    for id in event_sub_processes:
        start = step.element(id).start
        triggers = () if start is None else each_of(step.element(start).trigger)
        if any(isinstance(trigger, WAITED_FOR) for trigger in triggers):
            owner = step.new_key()
            step.emit(e.EventSubProcessArmed(scope.key, owner, id))
            step.plan(Phase.ACTIVATE, scope.key, owner)


def listen(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open what the start event waits for; when it comes, `lifecycle.interrupt` starts the event sub-process.

    Raises:
        Failure: the date or duration has no value.
    """
    assert node.start is not None, f"'{node.id}' has no start event"
    start = step.element(node.start)
    variables = visible(step.instance, scope)
    triggers = [it for it in each_of(start.trigger) if isinstance(it, TimerTrigger)]
    moments = [it.schedule.due(variables, step.now) for it in triggers]
    for due in moments:
        timer.open(step, scope, element, start, due)
