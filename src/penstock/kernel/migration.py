"""Migration: an instance goes on by another definition, each active element as the one it is mapped to.

It is refused where it would break: `problems` says all that is in the way, and may be asked alone.
An active element keeps what it has opened: its job, its task, its timers and subscriptions. What it waits for
is kept where the new element has the same event with the same kind of trigger, ended where it has none, and
opened where it has one more. So it is with the event sub-processes of its open scopes: one that is gone is
disarmed, one that is new is armed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from penstock.kernel import commands as c, events as e
from penstock.kernel.definition import (
    ConditionTrigger,
    CycleTrigger,
    Element,
    Kind,
    MultiInstance,
    ProcessDefinition,
    Single,
    TimerTrigger,
    triggers_of,
)
from penstock.kernel.failures import Failure, Rejected
from penstock.kernel.lifecycle import cancel
from penstock.kernel.operating import open_elements, require_begun
from penstock.kernel.phases import Phase
from penstock.kernel.state import ROOT, ElementInstance, Kept, ProcessInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import event_sub_process, listening
from penstock.kernel.variables import visible


@dataclass(frozen=True, slots=True)
class Problem:
    """What is in the way of a migration, at an element of the old definition."""

    code: str
    element: str
    message: str
    remedy: str


def problems(
    definition: ProcessDefinition,
    target: ProcessDefinition,
    instance: ProcessInstance,
    mapping: Mapping[str, str],
) -> list[Problem]:
    """Give all that is in the way of migrating the instance to the target, nothing where it can be done."""
    step = Step(definition, instance, 0, target)
    found = [it for id in mapping for it in _of_name(definition, id)]
    for _, element in open_elements(step):
        found += _of_element(step, target, element, mapping)
    for scope in {scope.key: scope for scope, _ in open_elements(step)}.values():
        found += _of_kept(target, scope, mapping)
    for phase in instance.agenda:
        flow = phase[3]
        if flow and flow not in target.flows:
            source = definition.flows[flow].source
            remedy = "Keep the flow's id in the new version, or try again when the token has left it."
            found.append(Problem("no-flow", source, f"a token is on the flow '{flow}'", remedy))
    return list(dict.fromkeys(found))


def _of_name(definition: ProcessDefinition, id: str) -> list[Problem]:
    if id in definition.elements:
        return []
    message = f"the mapping names '{id}', which is no element of the present definition"
    return [Problem("unknown-element", id, message, "Remove it from the mapping.")]


def _of_element(
    step: Step, target: ProcessDefinition, element: ElementInstance, mapping: Mapping[str, str]
) -> list[Problem]:
    old = step.element(element.element)
    if _goes(step, target, element, mapping):
        return []
    new = target.elements.get(mapping.get(old.id, old.id))
    if new is None:
        message = f"'{old.id}' is active, and the new definition has no '{mapping.get(old.id, old.id)}'"
        return [Problem("no-element", old.id, message, "Map it to an element of the same kind.")]
    found: list[Problem] = []
    if not _same_kind(old, new):
        message = f"'{old.id}' is a {old.kind.value}, and '{new.id}' is a {new.kind.value}"
        if old.kind is new.kind:
            message = f"'{old.id}' and '{new.id}' differ in what they wait for or in how often they are done"
        found.append(Problem("other-kind", old.id, message, "Map it to an element of the same kind."))
    around = None if old.scope is None else mapping.get(old.scope, old.scope)
    if new.scope != around:
        message = f"'{old.id}' is in {_named(around)}, and '{new.id}' is in {_named(new.scope)}"
        remedy = "Map it to an element at the same place, and the sub-process around it to the one there."
        found.append(Problem("other-scope", old.id, message, remedy))
    for flow in element.arrived or ():
        if flow not in new.incoming:
            message = (
                f"a token waits at '{old.id}' that came over '{flow}', which does not lead to '{new.id}'"
            )
            found.append(Problem("no-flow", old.id, message, "Keep the flow's id in the new version."))
    for id in element.queue:
        if (following := target.elements.get(mapping.get(id, id))) is None or following.scope != new.id:
            message = f"'{old.id}' is to begin '{id}', and the new definition has no such activity in it"
            found.append(Problem("no-element", id, message, "Map it to an activity of the new one."))
    if element.arrived is not None and new.start_quantity != old.start_quantity:
        message = f"tokens wait at '{old.id}', and '{new.id}' begins with {new.start_quantity} of them"
        found.append(Problem("other-kind", old.id, message, "Keep the start quantity in the new version."))
    if element.compensating is not None or element.compensates is not None:
        message = f"'{old.id}' takes part in a compensation"
        found.append(Problem("compensating", old.id, message, "Migrate when the compensation is done."))
    return found


def _goes(
    step: Step, target: ProcessDefinition, element: ElementInstance, mapping: Mapping[str, str]
) -> bool:
    """Tell whether it is an event sub-process that only waits, and that is gone from the new definition.

    One that the mapping names is not given up: what is in its way is said.
    """
    if not element.armed or element.element in mapping:
        return False
    old, new = step.element(element.element), target.elements.get(element.element)
    around = None if old.scope is None else mapping.get(old.scope, old.scope)
    return (
        new is None
        or not new.event_sub_process
        or new.scope != around
        or not event_sub_process.is_armed(target, new.id)
    )


def _of_kept(target: ProcessDefinition, scope: Scope, mapping: Mapping[str, str]) -> list[Problem]:
    found: list[Problem] = []
    for id in sorted(_kept_names(scope.kept)):
        new = target.elements.get(mapping.get(id, id))
        if new is None or not new.compensable:
            message = (
                f"'{id}' may be compensated yet, and '{mapping.get(id, id)}' of the new definition cannot"
            )
            found.append(Problem("no-element", id, message, "Map it to an activity that can be compensated."))
    return found


def _same_kind(old: Element, new: Element) -> bool:
    return _kind_of(old) == _kind_of(new)


def _kind_of(node: Element) -> tuple[object, ...]:
    """Give what an element must have in common with the one that it is migrated to."""
    in_turn = isinstance(node.loop, MultiInstance) and node.loop.sequential
    triggers = list(map(type, triggers_of(node)))
    return node.kind, node.event_sub_process, triggers, type(node.loop), in_turn, node.in_ad_hoc


def _named(scope: str | None) -> str:
    return "the process" if scope is None else f"'{scope}'"


def _kept_names(kept: list[Kept]) -> set[str]:
    return {it.element for it in kept} | {name for it in kept for name in _kept_names(it.inner)}


def migrate(step: Step, command: c.MigrateInstance) -> None:
    """Let the instance go on by the target definition.

    Raises:
        Rejected: something is in the way; the message names all of it.
    """
    require_begun(step)
    target, instance = step.target, step.instance
    assert target is not None, "a migration comes with its target"
    found = problems(step.definition, target, instance, command.mapping)
    if found:
        raise Rejected("conflict", "cannot migrate: " + "; ".join(problem.message for problem in found))
    elements = list(open_elements(step))
    gone = [(scope, it) for scope, it in elements if _goes(step, target, it, command.mapping)]
    elements = [(scope, it) for scope, it in elements if not _goes(step, target, it, command.mapping)]
    armed = _newly_armed(step, target, elements, command.mapping)
    opened = [_new_waits(step, target, scope, element, command.mapping) for scope, element in elements]
    step.emit(e.InstanceMigrated(command.definition, instance.definition))
    for scope, element in gone:
        cancel(step, scope, element)
    for (scope, element), waits in zip(elements, opened, strict=True):
        _migrate_element(step, target, scope, element, command.mapping, waits)
    for key in [ROOT, *(element.key for _, element in elements if element.opened)]:
        scope = step.scope(key)
        if any(command.mapping.get(name, name) != name for name in _kept_names(scope.kept)):
            step.emit(e.KeptMigrated(key, dict(command.mapping)))
    step.definition = target
    for key, ids in armed.items():
        event_sub_process.arm(step, step.scope(key), ids)


def _newly_armed(
    step: Step,
    target: ProcessDefinition,
    elements: list[tuple[Scope, ElementInstance]],
    mapping: Mapping[str, str],
) -> dict[int, list[str]]:
    """Give the event sub-processes that are new in the open scopes, by the keys of the scopes."""
    before, after = step.definition, target
    found = {ROOT: _added(step, target, before.event_sub_processes, after.event_sub_processes, mapping)}
    for _, element in elements:
        if element.opened and element.loop is None and not element.part:
            old = step.element(element.element)
            new = target.elements[mapping.get(old.id, old.id)]
            found[element.key] = _added(
                step, target, old.event_sub_processes, new.event_sub_processes, mapping
            )
    return {key: ids for key, ids in found.items() if ids and not step.scope(key).interrupted}


def _added(
    step: Step,
    target: ProcessDefinition,
    old: Iterable[str],
    new: Iterable[str],
    mapping: Mapping[str, str],
) -> list[str]:
    """Give those that are armed now and were not; one that was has been armed when its scope was opened."""
    had = {mapping.get(id, id) for id in old if event_sub_process.is_armed(step.definition, id)}
    return [id for id in new if id not in had and event_sub_process.is_armed(target, id)]


def _waited_for(definition: ProcessDefinition, node: Element) -> dict[tuple[str, int], Single]:
    """Give the triggers that an instance of the element may wait for, by their events and positions."""
    ids = [node.id, *node.boundary]
    if node.event_sub_process and node.start is not None:
        ids.append(node.start)
    if node.kind is Kind.EVENT_BASED_GATEWAY:
        ids += [flow.target for flow in node.outgoing]
    return {
        (id, index): trigger
        for id in ids
        for index, trigger in enumerate(triggers_of(definition.elements[id]))
        if listening.is_waited_for(trigger)
    }


def _new_waits(
    step: Step,
    target: ProcessDefinition,
    scope: Scope,
    element: ElementInstance,
    mapping: Mapping[str, str],
) -> list[listening.Opening]:
    """Give what the new element waits for and the old one did not.

    Raises:
        Rejected: a date, a name or a correlation key has no value.
    """
    old = step.element(element.element)
    new = target.elements[mapping.get(old.id, old.id)]
    if element.number is not None or element.part:
        return []  # the loop as a whole has the boundary events
    if element.incident is not None and not (element.timers or element.subscriptions):
        return []  # it has not begun to wait
    had = {
        (mapping.get(id, id), index): type(trigger)
        for (id, index), trigger in _waited_for(step.definition, old).items()
    }
    more = [at for at, trigger in _waited_for(target, new).items() if had.get(at) is not type(trigger)]
    variables = visible(step.instance, scope, element.variables)
    try:
        events = [target.elements[id] for id in dict.fromkeys(id for id, _ in more)]
        found = listening.decide(step, events, variables)
    except Failure as failure:
        raise Rejected("invalid", f"'{new.id}' cannot wait for its new events: {failure.message}") from None
    return [opening for opening in found if (opening.event.id, opening.index) in more]


def _migrate_element(
    step: Step,
    target: ProcessDefinition,
    scope: Scope,
    element: ElementInstance,
    mapping: Mapping[str, str],
    waits: list[listening.Opening],
) -> None:
    previous = element.element
    new = target.elements[mapping.get(previous, previous)]
    _end_waits(step, target, scope, element, mapping)
    opened = {**(element.timers or {}), **{k: it.event for k, it in (element.subscriptions or {}).items()}}
    keys = {key: mapping.get(event, event) for key, event in opened.items()}
    for held in (element.job, element.task, element.incident):
        if held is not None:
            keys[held.key] = new.id
    if element.call is not None:
        keys[element.call] = new.id
    asked = _conditions(step.definition, element)
    queue = [mapping.get(id, id) for id in element.queue]
    step.emit(e.ElementMigrated(scope.key, element.key, new.id, previous, keys, element.arrived, queue))
    listening.open(step, scope, element, waits)
    if _conditions(target, element) != asked:
        step.plan(Phase.CHECK, scope.key, element.key)


def _conditions(definition: ProcessDefinition, element: ElementInstance) -> list[str]:
    """Give the conditions that the element instance waits for, as they are written."""
    triggers = (
        triggers_of(definition.elements[it.event])[it.index] for it in (element.subscriptions or {}).values()
    )
    return [trigger.condition.text for trigger in triggers if isinstance(trigger, ConditionTrigger)]


def _end_waits(
    step: Step,
    target: ProcessDefinition,
    scope: Scope,
    element: ElementInstance,
    mapping: Mapping[str, str],
) -> None:
    """End the waits for which the new element has no event with the same kind of trigger."""
    waited = _waited_for(target, target.elements[mapping.get(element.element, element.element)])
    kinds = {(id, type(trigger)) for (id, _), trigger in waited.items()}
    for key, event in list((element.timers or {}).items()):
        # The last timer of a cycle has nothing left of it, and may go on as one that fires once.
        fitting = {CycleTrigger} if key in (element.cycles or {}) else {CycleTrigger, TimerTrigger}
        if not any((mapping.get(event, event), kind) in kinds for kind in fitting):
            step.emit(e.TimerCancelled(scope.key, element.key, key))
    for key, it in list((element.subscriptions or {}).items()):
        old = triggers_of(step.element(it.event))[it.index]
        new = waited.get((mapping.get(it.event, it.event), it.index))
        if type(new) is not type(old):
            step.emit(e.SubscriptionClosed(scope.key, element.key, key))
