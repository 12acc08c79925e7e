"""Listeners: jobs that hold an element back, or a change of its user task, until the last of them is done.

Start listeners run when the input mappings have been evaluated and before the element waits for anything; end
listeners when the output mappings have been, and before its flows are taken. In a multi-instance they run for
each of its instances, and those before all once, before its collection is asked for. Those of the process
hold an element instance that stands for it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from penstock.kernel import events as e
from penstock.kernel.definition import Element, Value, Variables
from penstock.kernel.failures import Failure
from penstock.kernel.phases import Phase
from penstock.kernel.state import ROOT, ElementInstance, ProcessInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.variables import seen_by, visible
from penstock.kernel.work import ListenerEvent, ListenerSpec

MOST_TRIES: Final = 1_000


def begin(
    step: Step,
    scope: Scope,
    element: ElementInstance,
    event: ListenerEvent,
    then: Phase,
    *,
    values: dict[str, Value] | None = None,
    changes: dict[str, Value] | None = None,
    what: str = "",
) -> None:
    """Let the listeners of the event run, and plan the first one; `then` is what follows the last."""
    at = (scope.key, element.key)
    step.emit(e.ListenersBegun(*at, element.element, event, then, values or {}, changes or {}, what))
    step.plan(Phase.LISTEN, *at)


def enter_process(step: Step, process: Element) -> ElementInstance:
    """Make the element instance that stands for the process while its listeners run."""
    owner = step.new_key()
    step.emit(e.ElementEntered(ROOT, owner, process.id, None))
    return step.scope(ROOT).elements[owner]


def hears_end(node: Element, element: ElementInstance) -> bool:
    """Tell whether end listeners are to run before the element instance completes.

    What is only opened again to be compensated was complete before.
    """
    if node.listeners is None or not node.listeners.end or element.listening is not None:
        return False
    complete_before = element.compensates is not None and (element.compensating is not None or element.again)
    return not complete_before and (node.loop is None or element.number is not None)


def current(node: Element, element: ElementInstance) -> ListenerSpec | None:
    """Give the listener whose turn it is, None when the last one is done or there are none of that event."""
    listening = element.listening
    if listening is None or node.listeners is None:
        return None
    specs = node.listeners.of(listening.event)
    return specs[listening.index] if listening.index < len(specs) else None


def open_job(step: Step, scope: Scope, element: ElementInstance, node: Element, spec: ListenerSpec) -> None:
    """Open the listener's job.

    Raises:
        Failure: its type or its retries have no value, or one of the wrong type.
    """
    variables = seen(step.instance, node, scope, element)
    type = spec.type(variables, step.now)
    if not isinstance(type, str) or not type:
        raise Failure("listener", f"the type `{spec.type.text}` of a listener gave {type!r}, expected a text")
    retries = _tries(spec, variables, step.now) if element.retries is None else element.retries
    step.emit(e.JobOpened(scope.key, element.key, step.new_key(), node.id, type, retries, spec.event))


def _tries(spec: ListenerSpec, variables: Variables, now: int) -> int:
    value = spec.retries(variables, now)
    if isinstance(value, str) and value.isdecimal() and len(value) < 5:
        value = int(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value in range(1, MOST_TRIES + 1):
        return int(value)
    wanted = f"expected a whole number from 1 to {MOST_TRIES}"
    raise Failure("listener", f"the retries `{spec.retries.text}` of a listener gave {value!r}, {wanted}")


def seen(instance: ProcessInstance, node: Element, scope: Scope, element: ElementInstance) -> Variables:
    """Give what the job of an element sees, be it the element's own or that of a listener.

    At the end of an element that is what its output mappings gave, too; where it has none, what it gave has
    become a variable around it.
    """
    listening = element.listening
    if listening is None:
        return seen_by(instance, scope, element)
    if listening.event == "end":
        inner = instance.scope(element.key) if element.opened else scope
        result = element.result if node.outputs else None
        own = None if element.opened else element.variables
        return visible(instance, inner, listening.values, result, own)
    return visible(instance, scope, listening.values, element.result, element.variables)
