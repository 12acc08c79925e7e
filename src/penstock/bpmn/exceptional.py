"""What the elements of a process say of each other for exceptional flows, found once all are known.

Which event sub-processes belong to which scope, and which activities concern compensation: so that the kernel
need not ask anything of the many elements that have to do with neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from penstock.kernel.definition import CompensateTrigger, Element, Kind


def linked(elements: Mapping[str, Element], handlers: Mapping[str, str]) -> dict[str, Element]:
    """Give the elements with these links filled in.

    Arguments:
        handlers: by activity, the id of the activity that compensates it.
    """
    inside: dict[str | None, list[str]] = {}
    for element in elements.values():
        if element.event_sub_process:
            inside.setdefault(element.scope, []).append(element.id)
    compensable = _compensable(elements, handlers)
    return {
        id: replace(
            element,
            event_sub_processes=tuple(inside.get(id, ())),
            compensation=handlers.get(id),
            compensable=id in compensable,
        )
        if id in compensable or id in inside
        else element
        for id, element in elements.items()
    }


def event_sub_processes_of_process(elements: Iterable[Element]) -> tuple[str, ...]:
    """Give the ids of the event sub-processes that are directly in the process."""
    return tuple(it.id for it in elements if it.event_sub_process and it.scope is None)


def _compensable(elements: Mapping[str, Element], handlers: Mapping[str, str]) -> set[str]:
    """Give the activities that can be undone, those that undo, and the sub-processes around the former."""
    undoing = [it for it in elements.values() if _undoes_its_scope(it, elements)]
    found = {*handlers, *handlers.values(), *(it.id for it in undoing if it.scope is None)}
    # What a called process has completed may be undone, too: only its end says whether anything is.
    calls = [it.id for it in elements.values() if it.kind is Kind.CALL_ACTIVITY]
    found |= set(calls)
    undone = [*(elements[id].scope for id in (*handlers, *calls)), *(it.scope for it in undoing)]
    for scope in undone:
        while scope is not None and scope not in found:
            found.add(scope)
            scope = elements[scope].scope
    return found


def _undoes_its_scope(element: Element, elements: Mapping[str, Element]) -> bool:
    if not element.event_sub_process or element.start is None:
        return False
    return isinstance(elements[element.start].trigger, CompensateTrigger)
