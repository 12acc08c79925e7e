"""`advance`: one command to one instance, and what comes of it.

The loop runs an agenda of phases, never recursion. A phase whose element instance is gone by the time it
comes up is skipped. A phase that raises `Failure` becomes an incident, and the other tokens go on.

A command does at most `SLICE` phases; what is left is stored and goes on with `Continue`, so that a long
run starves nobody. An instance that has done `limit` phases since somebody outside last acted is in a loop
without a wait state, and each token that would go on becomes an incident.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from penstock.kernel import events as e, heard, listeners, loops
from penstock.kernel.commands import Command, Continue
from penstock.kernel.decisions import NO_DECISIONS, Decisions
from penstock.kernel.definition import Element, Expression, Kind, ProcessDefinition
from penstock.kernel.effects import ContinueLater, Effect
from penstock.kernel.elements import complex_gateway, inclusive_gateway
from penstock.kernel.elements.table import BEHAVIOURS
from penstock.kernel.events import Event
from penstock.kernel.failures import Failure
from penstock.kernel.handlers import HANDLERS
from penstock.kernel.incidents import raise_incident
from penstock.kernel.lifecycle import complete, map_inputs
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, InstanceState, ProcessInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import compensation, condition, listening
from penstock.kernel.variables import seen_by
from penstock.kernel.work import ListenerEvent

SLICE: Final = 2_000
"""Phases that one command may run before the rest is left to `Continue`."""

LOOP_LIMIT: Final = 100_000
"""Phases that an instance may run without anybody outside acting."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did, and what someone else must now do."""

    events: list[Event]
    effects: list[Effect]


def advance(
    definition: ProcessDefinition,
    instance: ProcessInstance,
    command: Command,
    now: int,
    *,
    loop_limit: int = LOOP_LIMIT,
    slice_limit: int = SLICE,
    target: ProcessDefinition | None = None,
    decisions: Decisions = NO_DECISIONS,
) -> Outcome:
    """Carry out the command at `now` (epoch milliseconds), changing the instance.

    `loop_limit` and `slice_limit` are phases, and tests set them low. `target` is the other definition of a
    migration, and `decisions` are those that business rule tasks may make.

    Raises:
        Rejected: the command cannot be; the instance is unchanged.
    """
    watching = definition.conditional or (target is not None and target.conditional)
    step = (condition.WatchingStep if watching else Step)(definition, instance, now, target, decisions)
    HANDLERS[type(command)](step, command)
    if instance.agenda or instance.steps:
        step.agenda.extendleft(reversed(inclusive_gateway.take_up(step, instance.agenda)))
        step.emit(e.InstanceContinued(instance.steps if isinstance(command, Continue) else 0))
    if step.agenda or definition.inclusive_joins:
        _run(step, loop_limit, slice_limit)
    return Outcome(step.events, step.effects)


def _run(step: Step, loop_limit: int, slice_limit: int) -> None:
    agenda, instance = step.agenda, step.instance
    budget = slice_limit
    joins = step.definition.inclusive_joins
    while instance.state is InstanceState.ACTIVE and (agenda or (joins and inclusive_gateway.let_go(step))):
        if budget == 0:
            left = [*agenda, *inclusive_gateway.left_to_look_at(step)]
            step.emit(e.InstanceDeferred(left, instance.steps + slice_limit))
            step.effects.append(ContinueLater())
            return
        budget -= 1
        phase, scope_key, owner, flow = agenda.popleft()
        scope = instance.scope(scope_key)
        if scope is None:
            continue
        if phase is Phase.ARRIVE:
            if scope.tokens:
                target = step.definition.elements[step.definition.flows[flow].target]
                BEHAVIOURS[target.kind].arrive(step, scope, target, flow)
            continue
        element = scope.elements.get(owner)
        if element is None:
            continue
        if instance.steps + slice_limit - budget > loop_limit:
            if phase is not Phase.CHECK or element.subscriptions:
                raise_incident(step, scope, element, phase, _loop(loop_limit))
        else:
            _run_phase(step, phase, scope, element)
    if instance.state is InstanceState.SUSPENDED:
        left = [*agenda, *inclusive_gateway.left_to_look_at(step)]
        if left:
            step.emit(e.InstanceDeferred(left, instance.steps))


def _run_phase(step: Step, phase: Phase, scope: Scope, element: ElementInstance) -> None:
    node = step.definition.elements[element.element]
    before = len(step.events)
    try:
        if phase is Phase.ENTER:
            _enter(step, scope, element, node)
        elif phase is Phase.ACTIVATE:
            if node.loop is not None and element.number is None:
                loops.activate(step, scope, element, node)
            else:
                BEHAVIOURS[node.kind].activate(step, scope, element, node)
        elif phase is Phase.NEXT:
            if node.kind is Kind.COMPLEX_GATEWAY:
                complex_gateway.reset(step, scope, element, node)
            else:
                loops.go_on(step, scope, element, node)
        elif phase is Phase.COMPLETE:
            complete(step, scope, element, node)
        elif phase is Phase.LISTEN:
            heard.go_on(step, scope, element, node)
        elif phase is Phase.CHECK:
            condition.check(step, scope, element)
        else:
            compensation.go_on(step, scope, element, node)
    except Failure as failure:
        assert len(step.events) == before, f"{phase.name} of '{node.id}' failed after it had emitted"
        raise_incident(step, scope, element, phase, failure)


def _enter(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Evaluate the input mappings and let boundary events listen, then activate."""
    if node.plain:
        # Nothing to emit here, so activating is part of this phase: one turn of the loop instead of two.
        BEHAVIOURS[node.kind].activate(step, scope, element, node)
        return
    if node.skip is not None and element.number is None and _skips(step, scope, element, node.skip):
        _skip(step, scope, element, node)
        return
    # A loop has the boundary events, and each of its instances the input mappings.
    whole = node.loop is not None and element.number is None
    values = {} if whole else map_inputs(step, scope, element, node)
    event: ListenerEvent = "beforeAll" if whole else "start"
    if node.listeners is not None and node.listeners.of(event):
        if values:
            step.emit(e.VariablesSet(scope.key, element.key, values))
        listeners.begin(step, scope, element, event, Phase.ACTIVATE)
        return
    openings = listening.on_boundary(step, scope, node, values) if element.number is None else []
    if values:
        step.emit(e.VariablesSet(scope.key, element.key, values))
    listening.open(step, scope, element, openings)
    step.plan(Phase.ACTIVATE, scope.key, element.key)


def _skip(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Let the element do nothing, so that no listener of it runs either."""
    if node.listeners is not None:
        step.emit(e.ListenersBegun(scope.key, element.key, node.id, "end", Phase.COMPLETE, {}, {}))
    complete(step, scope, element, node, result={})


def _skips(step: Step, scope: Scope, element: ElementInstance, condition: Expression) -> bool:
    return condition(seen_by(step.instance, scope, element), step.now) is True


def _loop(limit: int) -> Failure:
    return Failure(
        "loop",
        f"the instance ran {limit} steps without a wait state: it goes round in a loop that does not end; "
        "put right the variable that its condition reads, then resolve the incident",
    )
