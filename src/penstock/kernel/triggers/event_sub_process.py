"""Event sub-processes (BPMN 10.3.5, 13.5.4): those whose start event waits are armed with their scope.

What waits is an element instance of the event sub-process, so that its timers and subscriptions are opened,
found and cancelled as those of any other; it is no work of its scope, which ends without it. An error, an
escalation or a compensation needs no waiting: it finds the event sub-process when it is thrown.
"""

from __future__ import annotations

from collections.abc import Iterable

from penstock.kernel import events as e
from penstock.kernel.definition import Element, ProcessDefinition, triggers_of
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import listening
from penstock.kernel.variables import visible


def arm(step: Step, scope: Scope, event_sub_processes: Iterable[str]) -> None:
    """Let the event sub-processes of a scope that has just been opened wait for their start events."""
    for id in event_sub_processes:
        if is_armed(step.definition, id):
            owner = step.new_key()
            step.emit(e.EventSubProcessArmed(scope.key, owner, id))
            step.plan(Phase.ACTIVATE, scope.key, owner)


def is_armed(definition: ProcessDefinition, id: str) -> bool:
    """Tell whether an event sub-process waits for its start event while its scope is open."""
    start = definition.elements[id].start
    return start is not None and any(map(listening.is_waited_for, triggers_of(definition.elements[start])))


def listen(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open what the start event waits for; when it comes, `lifecycle.interrupt` starts the event sub-process.

    Raises:
        Failure: a date, a name or a correlation key has no value.
    """
    assert node.start is not None, f"'{node.id}' has no start event"
    openings = listening.decide(step, (step.element(node.start),), visible(step.instance, scope))
    listening.open(step, scope, element, openings)
