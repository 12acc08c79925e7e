"""What an operator does to an instance as a whole: suspend it, resume it, move its tokens, start it anywhere.

A suspended instance keeps all that it has. Workers may still report on jobs that they had begun; whatever
would go on from there is planned and waits, and everything else is refused until the instance is resumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from penstock.kernel import commands as c, events as e, items
from penstock.kernel.definition import Element, Kind, Value
from penstock.kernel.failures import Failure, Rejected
from penstock.kernel.lifecycle import cancel, cancel_instance, count_item, enter
from penstock.kernel.phases import Phase
from penstock.kernel.state import ROOT, ElementInstance, InstanceState, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import event_sub_process, listening
from penstock.kernel.variables import evaluate, visible


def require_begun(step: Step) -> None:
    """Refuse a command to an instance that has not begun, or has ended; a suspended one may go on with it."""
    instance = step.instance
    if instance.state is InstanceState.NEW:
        raise Rejected("not_found", f"there is no process instance '{instance.id}'")
    if instance.state not in (InstanceState.ACTIVE, InstanceState.SUSPENDED):
        raise Rejected("conflict", f"process instance '{instance.id}' is {instance.state.value}")


def require_active(step: Step) -> None:
    """Refuse a command to an instance that is not running."""
    require_begun(step)
    if step.instance.state is InstanceState.SUSPENDED:
        raise Rejected("conflict", f"process instance '{step.instance.id}' is suspended; resume it first")


def suspend(step: Step, _command: c.SuspendInstance) -> None:
    require_active(step)
    step.emit(e.InstanceSuspended())


def resume(step: Step, _command: c.ResumeInstance) -> None:
    require_begun(step)
    if step.instance.state is not InstanceState.SUSPENDED:
        raise Rejected("conflict", f"process instance '{step.instance.id}' is not suspended")
    step.emit(e.InstanceResumed())


# -- starting anywhere -----------------------------------------------------------------------------


def start_at_element(step: Step, command: c.StartAtElement) -> None:
    """Start at the element, in sub-processes that are opened for it where it stands in some."""
    if step.instance.state is not InstanceState.NEW:
        raise Rejected("conflict", f"process instance '{step.instance.id}' has been started before")
    node = _activatable(step, command.element)
    root = Scope(ROOT, None, dict(command.variables))
    opened = _decide_openings(step, root, _scopes_around(step, node))
    step.emit(e.InstanceStarted(node.id, command.variables, command.business_key))
    if step.definition.event_sub_processes:
        event_sub_process.arm(step, step.scope(ROOT), step.definition.event_sub_processes)
    enter(step, _open_all(step, step.scope(ROOT), opened), node)


# -- moving tokens ---------------------------------------------------------------------------------


def modify(step: Step, command: c.ModifyInstance) -> None:
    """Activate elements, then terminate others; a scope in which nothing is left is cancelled.

    Where nothing at all is left, the instance is cancelled.
    """
    require_begun(step)
    if not command.activate and not command.terminate:
        raise Rejected("invalid", "there is nothing to activate or to terminate")
    decided = [_decide(step, activation) for activation in command.activate]
    doomed = [found for termination in command.terminate for found in _doomed(step, termination)]
    owners = [owner for _, owner in doomed]
    step.emit(e.InstanceModified([activation.element for activation in command.activate], owners))
    for activation, openings in zip(command.activate, decided, strict=True):
        _activate(step, activation, openings)
    for scope_key, owner in doomed:
        _terminate(step, scope_key, owner)


@dataclass(frozen=True, slots=True)
class _Opening:
    """A sub-process that is opened on the way to an element, without its start event."""

    node: Element
    values: dict[str, Value]
    waits: list[listening.Opening]


def _decide(step: Step, activation: c.Activation) -> list[_Opening]:
    node = _activatable(step, activation.element)
    scope, missing = _nearest(step, node, activation.scope)
    return _decide_openings(step, scope, missing)


def _activate(step: Step, activation: c.Activation, openings: list[_Opening]) -> None:
    node = step.element(activation.element)
    # What an earlier activation of the same command opened is there by now.
    scope, missing = _nearest(step, node, activation.scope)
    needed = {it.id for it in missing}
    scope = _open_all(step, scope, [opening for opening in openings if opening.node.id in needed])
    if activation.variables:
        step.emit(e.VariablesSet(scope.key, None, activation.variables))
    enter(step, scope, node)


def _activatable(step: Step, id: str) -> Element:
    node = step.definition.elements.get(id)
    if node is None:
        raise Rejected("not_found", f"process '{step.definition.id}' has no element '{id}'")
    if node.kind is Kind.PROCESS:
        raise Rejected("invalid", f"'{id}' is the process itself; activate an element in it")
    if node.kind is Kind.BOUNDARY_EVENT:
        raise Rejected("invalid", f"'{id}' is a boundary event; activate the element behind it")
    if node.kind is Kind.COMPLEX_GATEWAY:
        raise Rejected(
            "invalid", f"'{id}' is a complex gateway, which counts its flows; activate what is behind"
        )
    if node.kind is Kind.START_EVENT and node.trigger is not None and node.scope is not None:
        raise Rejected("invalid", f"'{id}' starts an event sub-process; activate that")
    return node


def _scopes_around(step: Step, node: Element) -> list[Element]:
    """Give the sub-processes around an element, the outermost first."""
    around: list[Element] = []
    while node.scope is not None:
        node = step.element(node.scope)
        around.insert(0, node)
    return around


def _nearest(step: Step, node: Element, wanted: int | None) -> tuple[Scope, list[Element]]:
    """Give the innermost open scope around the element, and the sub-processes that are yet to be opened.

    Raises:
        Rejected: there is no such scope, or there are several and none is named.
    """
    around = _scopes_around(step, node)
    scope = step.scope(ROOT)
    if wanted is not None and wanted != ROOT:
        scope = _named_scope(step, node, around, wanted)
        at = [it.id for it in around].index(_holder(step, scope).element)
        around = around[at + 1 :]
    while around:
        if around[0].loop is not None:
            raise Rejected(
                "invalid",
                f"'{node.id}' is in '{around[0].id}', which is done several times: say in which scope",
            )
        held = [it for it in scope.elements.values() if it.element == around[0].id and it.opened]
        if len(held) > 1:
            keys = ", ".join(str(it.key) for it in held)
            raise Rejected(
                "conflict", f"'{around[0].id}' is open {len(held)} times: say in which scope, {keys}"
            )
        if not held:
            break
        scope, around = step.scope(held[0].key), around[1:]
        _require_going_on(held[0])
    return scope, around


def _named_scope(step: Step, node: Element, around: list[Element], wanted: int) -> Scope:
    scope = step.instance.scope(wanted)
    if scope is None:
        raise Rejected("not_found", f"scope {wanted} of the instance is not open")
    holder = _holder(step, scope)
    if holder.element not in [it.id for it in around]:
        raise Rejected("invalid", f"'{node.id}' is not in '{holder.element}', the scope {wanted}")
    if holder.loop is not None or holder.part:
        raise Rejected(
            "invalid",
            f"the scope {wanted} holds the instances of '{holder.element}': name that of one of them",
        )
    _require_going_on(holder)
    return scope


def _require_going_on(holder: ElementInstance) -> None:
    if holder.listening is not None:
        raise Rejected("conflict", f"'{holder.element}' is ending: its listeners run")


def _holder(step: Step, scope: Scope) -> ElementInstance:
    assert scope.parent is not None, "the process itself is held by no element"
    return step.scope(scope.parent).elements[scope.key]


def _decide_openings(step: Step, scope: Scope, missing: list[Element]) -> list[_Opening]:
    """Evaluate the input mappings and timers of the sub-processes that are to be opened in the scope.

    Raises:
        Rejected: one of them has no value.
    """
    found: list[_Opening] = []
    layers: list[dict[str, Value]] = []
    for node in missing:
        seen = visible(step.instance, scope, *layers)
        try:
            values = evaluate(node.inputs, seen, {}, step.now)
            waits = listening.decide(
                step, map(step.element, node.boundary), visible(step.instance, scope, values, *layers)
            )
        except Failure as failure:
            raise Rejected("invalid", f"'{node.id}' cannot be opened: {failure.message}") from None
        layers.insert(0, values)
        found.append(_Opening(node, values, waits))
    return found


def _open_all(step: Step, scope: Scope, openings: list[_Opening]) -> Scope:
    """Open the sub-processes, each in the one before, and give the innermost scope."""
    for opening in openings:
        node, owner = opening.node, step.new_key()
        step.emit(e.ElementEntered(scope.key, owner, node.id, None))
        element = scope.elements[owner]
        if opening.values:
            step.emit(e.VariablesSet(scope.key, owner, opening.values))
        listening.open(step, scope, element, opening.waits)
        step.emit(e.ScopeOpened(scope.key, owner, node.id, opening.values))
        scope = step.scope(owner)
        if node.event_sub_processes:
            event_sub_process.arm(step, scope, node.event_sub_processes)
    return scope


# -- taking tokens away ----------------------------------------------------------------------------


def open_elements(step: Step) -> Iterator[tuple[Scope, ElementInstance]]:
    """Give every element instance with its scope, outer scopes first."""
    keys = [ROOT]
    for key in keys:
        scope = step.scope(key)
        for element in scope.elements.values():
            yield scope, element
            if element.opened:
                keys.append(element.key)


def _doomed(step: Step, termination: c.Termination) -> list[tuple[int, int]]:
    """Give the scopes and keys of what a termination means.

    Raises:
        Rejected: there is no such element instance.
    """
    found = [
        (scope.key, element.key)
        for scope, element in open_elements(step)
        if not (element.armed or element.part)
        and (termination.owner == element.key or termination.element == element.element)
    ]
    if not found:
        what = termination.element if termination.owner is None else termination.owner
        raise Rejected("not_found", f"no element instance of '{step.instance.id}' is active at '{what}'")
    return found


def _terminate(step: Step, scope_key: int, owner: int) -> None:
    scope = step.instance.scope(scope_key)
    element = None if scope is None else scope.elements.get(owner)
    if scope is None or element is None:  # it went with what was around it
        return
    cancel(step, scope, element)
    if element.compensates is not None:
        step.plan(Phase.COMPENSATE, *element.compensates)
        return
    while element.number is None and scope.done:
        if scope.parent is None:
            cancel_instance(step)
            return
        element, scope = _holder(step, scope), step.scope(scope.parent)
        cancel(step, scope, element)
    if element.number is not None:
        # The loop would wait for it; as it is, it goes on as after one that has completed.
        body, spec = items.body_of(step, scope), step.element(element.element).loop
        assert spec is not None, f"'{element.element}' is no loop"
        count_item(step, scope, body, spec, [], over=False)
