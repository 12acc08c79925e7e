"""What is in the way of a migration: elements that would wait for what cannot come, or be something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from penstock.kernel import items, listeners
from penstock.kernel.definition import (
    Element,
    Kind,
    MultiInstance,
    ProcessDefinition,
    Single,
    StandardLoop,
    triggers_of,
)
from penstock.kernel.operating import open_elements
from penstock.kernel.state import ElementInstance, Kept, ProcessInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import event_sub_process, listening
from penstock.kernel.triggers.occurrence import is_parallel, waits_for


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
    for *_, flow in instance.agenda:
        if flow:
            found += _of_flow(step, target, flow, mapping)
    return list(dict.fromkeys(found))


def _of_flow(step: Step, target: ProcessDefinition, flow: str, mapping: Mapping[str, str]) -> list[Problem]:
    """Say what is in the way of a token on a flow: the flow is to be in the same scope."""
    source = step.definition.flows[flow].source
    around = step.element(source).scope
    new = target.flows.get(flow)
    if new is not None and target.elements[new.source].scope == mapping.get(around or "", around):
        return []
    remedy = "Keep the flow's id and place in the new version, or try again when the token has left it."
    return [Problem("no-flow", source, f"a token is on the flow '{flow}'", remedy)]


def _of_name(definition: ProcessDefinition, id: str) -> list[Problem]:
    if id in definition.elements:
        return []
    message = f"the mapping names '{id}', which is no element of the present definition"
    return [Problem("unknown-element", id, message, "Remove it from the mapping.")]


def _of_element(
    step: Step, target: ProcessDefinition, element: ElementInstance, mapping: Mapping[str, str]
) -> list[Problem]:
    old = step.element(element.element)
    if goes(step, target, element, mapping):
        return []
    new = target.elements.get(mapping.get(old.id, old.id))
    if new is None:
        message = f"'{old.id}' is active, and the new definition has no '{mapping.get(old.id, old.id)}'"
        return [Problem("no-element", old.id, message, "Map it to an element of the same kind.")]
    found: list[Problem] = []
    if not _same_kind(old, new):
        message = f"'{old.id}' is a {old.kind.value}, and '{new.id}' is a {new.kind.value}"
        if old.kind is new.kind:
            message = f"'{old.id}' and '{new.id}' differ in what they wait for or in how they are repeated"
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
    found += _of_listeners(old, new, element)
    found += _of_triggers(step, target, element, new, mapping)
    if element.loop is not None and element.loop.due and old.loop != new.loop:
        message = f"'{old.id}' is about to throw a behavior event"
        found.append(Problem("other-kind", old.id, message, "Migrate when it has been thrown."))
    if element.compensating is not None or element.compensates is not None:
        message = f"'{old.id}' takes part in a compensation"
        found.append(Problem("compensating", old.id, message, "Migrate when the compensation is done."))
    return found


def _of_listeners(old: Element, new: Element, element: ElementInstance) -> Iterator[Problem]:
    """Say that a listener whose job is open has no counterpart, or another one."""
    was, there = listeners.current(old, element), listeners.current(new, element)
    if was is not None and (there is None or there.type.text != was.type.text):
        message = f"the {was.event} listener '{was.type.text}' of '{old.id}' runs, and '{new.id}' has another"
        remedy = "Keep the listeners up to it in the new version, or migrate when it has run."
        yield Problem("other-listener", old.id, message, remedy)


def _of_triggers(
    step: Step, target: ProcessDefinition, element: ElementInstance, new: Element, mapping: Mapping[str, str]
) -> Iterator[Problem]:
    """Say which events that need each of several triggers have had some, and would need others."""
    if not listens(element):
        return
    after = waited_for(target, new)
    for id, triggers in _by_event(waited_for(step.definition, step.element(element.element))).items():
        event, there = step.element(id), mapping.get(id, id)
        had = len(triggers) - waits_for(element, event)
        needs = _by_event(after).get(there)
        if had == 0 or needs is None:
            continue
        parallel = is_parallel(event), is_parallel(target.elements[there])
        if any(parallel) and (parallel != (True, True) or needs != triggers):
            message = f"'{id}' has had {had} of its triggers, and '{there}' needs others"
            remedy = "Keep its triggers in the new version, or migrate when all of them have come."
            yield Problem("half-come", id, message, remedy)


def _by_event(waited: Mapping[tuple[str, int], Single]) -> dict[str, list[tuple[int, type[Single]]]]:
    """Give for each event the kinds of the triggers that are waited for, by their positions."""
    found: dict[str, list[tuple[int, type[Single]]]] = {}
    for (id, index), trigger in waited.items():
        found.setdefault(id, []).append((index, type(trigger)))
    return found


def listens(element: ElementInstance) -> bool:
    """Tell whether it waits for the events of its element, or has done so.

    An instance of a loop does not: the loop as a whole has the boundary events. Nor does what execution
    listeners run for: before the element it waits for nothing yet, and behind it for nothing any more.
    """
    held_back = element.listening is not None and element.task is None
    if element.number is not None or element.part or held_back:
        return False
    return element.incident is None or bool(element.timers or element.subscriptions)


def goes(step: Step, target: ProcessDefinition, element: ElementInstance, mapping: Mapping[str, str]) -> bool:
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
    for id in sorted(kept_names(scope.kept)):
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
    triggers = list(map(type, triggers_of(node)))
    return node.kind, node.event_sub_process, triggers, _repetition_of(node.loop), node.in_ad_hoc


def _repetition_of(loop: MultiInstance | StandardLoop | None) -> tuple[object, ...]:
    """Give how instances come and are counted, which goes on as it began."""
    if not isinstance(loop, MultiInstance):
        return (type(loop),)
    return MultiInstance, loop.sequential, loop.collection is None, items.counts_each(loop)


def _named(scope: str | None) -> str:
    return "the process" if scope is None else f"'{scope}'"


def kept_names(kept: Sequence[Kept]) -> set[str]:
    return {it.element for it in kept} | {name for it in kept for name in kept_names(it.inner)}


def waited_for(definition: ProcessDefinition, node: Element) -> dict[tuple[str, int], Single]:
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
