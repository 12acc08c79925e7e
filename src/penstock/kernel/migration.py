"""Migration: an instance goes on by another definition, each active element as the one it is mapped to.

It is refused where it would break: `problems` says all that is in the way, and may be asked alone.
An active element keeps what it has opened: its job, its task, its timers. Timers on the boundary are kept
where the new activity has the same event, cancelled where it has none, and opened where it has one more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from penstock.kernel import commands as c
from penstock.kernel import events as e
from penstock.kernel.definition import Element, ProcessDefinition, TimerTrigger, each_of
from penstock.kernel.failures import Failure, Rejected
from penstock.kernel.operating import open_elements, require_begun
from penstock.kernel.state import ROOT, ElementInstance, Kept, ProcessInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import timer
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
    new = target.elements.get(mapping.get(old.id, old.id))
    if new is None:
        message = f"'{old.id}' is active, and the new definition has no '{mapping.get(old.id, old.id)}'"
        return [Problem("no-element", old.id, message, "Map it to an element of the same kind.")]
    found: list[Problem] = []
    if not _same_kind(old, new):
        message = f"'{old.id}' is a {old.kind.value}, and '{new.id}' is a {new.kind.value}"
        if old.kind is new.kind:
            message = f"'{old.id}' and '{new.id}' differ in what starts them or what they wait for"
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
    if element.compensating is not None or element.compensates is not None:
        message = f"'{old.id}' takes part in a compensation"
        found.append(Problem("compensating", old.id, message, "Migrate when the compensation is done."))
    return found


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
    return (old.kind, old.event_sub_process, type(old.trigger)) == (
        new.kind,
        new.event_sub_process,
        type(new.trigger),
    )


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
    opened = [_new_timers(step, target, scope, element, command.mapping) for scope, element in elements]
    step.emit(e.InstanceMigrated(command.definition, instance.definition))
    for (scope, element), timers in zip(elements, opened, strict=True):
        _migrate_element(step, target, scope, element, command.mapping, timers)
    for key in [ROOT, *(element.key for _, element in elements if element.opened)]:
        scope = step.scope(key)
        if any(command.mapping.get(name, name) != name for name in _kept_names(scope.kept)):
            step.emit(e.KeptMigrated(key, dict(command.mapping)))
    step.definition = target


def _new_timers(
    step: Step,
    target: ProcessDefinition,
    scope: Scope,
    element: ElementInstance,
    mapping: Mapping[str, str],
) -> list[tuple[Element, int]]:
    """Give the timer events on the new activity's boundary that the old one did not have.

    Raises:
        Rejected: a date or duration has no value.
    """
    old = step.element(element.element)
    new = target.elements[mapping.get(old.id, old.id)]
    had = {mapping.get(id, id) for id in old.boundary}
    found: list[tuple[Element, int]] = []
    for event in (target.elements[id] for id in new.boundary if id not in had):
        for trigger in () if element.armed else each_of(event.trigger):
            if not isinstance(trigger, TimerTrigger):
                continue
            variables = visible(step.instance, scope, element.variables)
            try:
                found.append((event, trigger.schedule.due(variables, step.now)))
            except Failure as failure:
                raise Rejected("invalid", f"the timer '{event.id}': {failure.message}") from None
    return found


def _migrate_element(
    step: Step,
    target: ProcessDefinition,
    scope: Scope,
    element: ElementInstance,
    mapping: Mapping[str, str],
    timers: list[tuple[Element, int]],
) -> None:
    previous = element.element
    new = target.elements[mapping.get(previous, previous)]
    events = {new.id, new.start, *new.boundary}
    for key, event in list((element.timers or {}).items()):
        if mapping.get(event, event) not in events:
            step.emit(e.TimerCancelled(scope.key, element.key, key))
    keys = {key: mapping.get(event, event) for key, event in (element.timers or {}).items()}
    for held in (element.job, element.task, element.incident):
        if held is not None:
            keys[held.key] = new.id
    step.emit(e.ElementMigrated(scope.key, element.key, new.id, previous, keys, element.arrived))
    for boundary, due in timers:
        timer.open(step, scope, element, boundary, due)
