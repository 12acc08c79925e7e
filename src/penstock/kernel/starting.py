"""How an instance begins: its process's start listeners first, if there are any, then one of its starts."""

from __future__ import annotations

from penstock.kernel import commands as c, events as e, listeners
from penstock.kernel.definition import Element, Kind, Value
from penstock.kernel.failures import Rejected
from penstock.kernel.lifecycle import enter
from penstock.kernel.phases import Phase
from penstock.kernel.state import ROOT, ElementInstance, InstanceState
from penstock.kernel.step import Step
from penstock.kernel.triggers import event_sub_process
from penstock.kernel.triggers.occurrence import enter_triggered


def start_instance(step: Step, command: c.StartInstance) -> None:
    if step.instance.state is not InstanceState.NEW:
        raise Rejected("conflict", f"process instance '{step.instance.id}' has been started before")
    if command.start not in step.definition.starts:
        raise Rejected("not_found", f"process '{step.definition.id}' has no start event '{command.start}'")
    node, key = step.element(command.start), command.correlation_key
    plain = _is_plain(node)
    # What came with a trigger is the element's own, until its output mappings have been evaluated.
    values = {**step.definition.initial, **(command.variables if plain else {})}
    step.emit(e.InstanceStarted(command.start, values, command.business_key, key, command.caller))
    process = step.definition.process
    if process is not None and process.listeners is not None and process.listeners.start:
        element = listeners.enter_process(step, process)
        if not plain and command.variables:
            step.emit(e.EventTriggered(ROOT, element.key, command.variables))
        listeners.begin(step, step.scope(ROOT), element, "start", Phase.ACTIVATE, what=command.start)
    else:
        _begin(step, node, command.variables)
    if command.held:
        step.emit(e.InstanceSuspended())


def begin_process(step: Step, element: ElementInstance, start: str) -> None:
    """Begin the process behind its start listeners, whose element instance is that of the process."""
    node, values = step.definition.elements.get(start), dict(element.result or {})
    if node is None:
        # It was migrated meanwhile to a definition that starts elsewhere.
        node = step.element(step.definition.starts[0])
    step.emit(e.ElementCompleted(ROOT, element.key, element.element, element.since))
    _begin(step, node, values)


def _begin(step: Step, node: Element, values: dict[str, Value]) -> None:
    if step.definition.event_sub_processes:
        event_sub_process.arm(step, step.scope(ROOT), step.definition.event_sub_processes)
    if _is_plain(node):
        enter(step, step.scope(ROOT), node)
    else:
        enter_triggered(step, step.scope(ROOT), node, values)
        for other in node.together:
            enter(step, step.scope(ROOT), step.element(other))


def _is_plain(node: Element) -> bool:
    """Give whether what comes with a start is the process's own, and not its start event's at first."""
    return node.kind is Kind.START_EVENT and not (node.trigger and node.outputs)
