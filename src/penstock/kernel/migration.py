"""Migration: an instance goes on by another definition, each active element as the one it is mapped to.

It is refused where it would break: `problems` says all that is in the way, and may be asked alone.
An active element keeps what it has opened: its job, its task, its timers and subscriptions. What it waits for
is kept where the new element has the same event with the same kind of trigger, ended where it has none, and
opened where it has one more. So it is with the event sub-processes of its open scopes: one that is gone is
disarmed, one that is new is armed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from penstock.kernel import commands as c, events as e
from penstock.kernel.definition import (
    ConditionTrigger,
    CycleTrigger,
    Element,
    Kind,
    ProcessDefinition,
    TimerTrigger,
    triggers_of,
)
from penstock.kernel.failures import Failure, Rejected
from penstock.kernel.joins import let_in
from penstock.kernel.lifecycle import cancel
from penstock.kernel.migration_problems import goes, kept_names, listens, problems, waited_for
from penstock.kernel.operating import open_elements, require_begun
from penstock.kernel.phases import Phase
from penstock.kernel.state import ROOT, ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import event_sub_process, listening
from penstock.kernel.variables import visible


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
    gone = [(scope, it) for scope, it in elements if goes(step, target, it, command.mapping)]
    elements = [(scope, it) for scope, it in elements if not goes(step, target, it, command.mapping)]
    armed = _newly_armed(step, target, elements, command.mapping)
    opened = [_new_waits(step, target, scope, element, command.mapping) for scope, element in elements]
    step.emit(e.InstanceMigrated(command.definition, instance.definition))
    for scope, element in gone:
        cancel(step, scope, element)
    for (scope, element), waits in zip(elements, opened, strict=True):
        _migrate_element(step, target, scope, element, command.mapping, waits)
    for key in [ROOT, *(element.key for _, element in elements if element.opened)]:
        scope = step.scope(key)
        if any(command.mapping.get(name, name) != name for name in kept_names(scope.kept)):
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
    if not listens(element):
        return []
    had = {
        (mapping.get(id, id), index): type(trigger)
        for (id, index), trigger in waited_for(step.definition, old).items()
    }
    more = [at for at, trigger in waited_for(target, new).items() if had.get(at) is not type(trigger)]
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
    if element.arrived is not None and element.incident is None:
        _look_at_join(step, scope, element, new)


def _look_at_join(step: Step, scope: Scope, element: ElementInstance, new: Element) -> None:
    """Let a gateway go on that waits for no more tokens by the new definition, or may let some through.

    An inclusive one is looked at in any case when nothing else goes on.
    """
    whole = new.kind is Kind.PARALLEL_GATEWAY and len(element.arrived or ()) == len(new.incoming)
    if whole and new.listeners is not None:
        let_in(step, scope, element)
    elif whole:
        step.plan(Phase.COMPLETE, scope.key, element.key)
    elif new.kind is Kind.COMPLEX_GATEWAY and not element.activated:
        step.plan(Phase.ACTIVATE, scope.key, element.key)


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
    waited = waited_for(target, target.elements[mapping.get(element.element, element.element)])
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
