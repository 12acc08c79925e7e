"""One instance of a loop or a multi-instance (BPMN 13.3.6, 13.3.7): what it sees, gives, and ends.

The activity's element instance holds a scope. Its instances are in there, or, when they are many, in parts of
`WIDTH` that have scopes of their own: an instance that ends touches its part, and not all the others.
"""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from penstock.kernel.definition import Element, Expression, MultiInstance, StandardLoop, Value, Variables
from penstock.kernel.failures import Failure, shown
from penstock.kernel.state import ElementInstance, Loop, Scope
from penstock.kernel.step import Step

WIDTH: Final = 100
"""Instances that share a scope at most."""

COUNTER: Final = "loopCounter"


@dataclass(frozen=True, slots=True)
class Body:
    """The element instance of the activity that is done several times, and the scope that holds it."""

    scope: Scope
    element: ElementInstance
    loop: Loop


def body_of(step: Step, scope: Scope) -> Body:
    """Give the activity in whose scope, or in the scope of one of whose parts, its instances are."""
    while True:
        assert scope.parent is not None, "an instance of a loop is in the process itself"
        owner, scope = scope.key, step.scope(scope.parent)
        element = scope.elements[owner]
        if element.loop is not None:
            return Body(scope, element, element.loop)


def own_variables(scope: Scope, node: Element, number: int) -> dict[str, Value]:
    """Give the variables of the instance that is begun next in the scope."""
    values: dict[str, Value] = {COUNTER: number}
    spec = node.loop
    if isinstance(spec, MultiInstance):
        if spec.input_element is not None and scope.items:
            values[spec.input_element] = scope.items[0]
        if spec.output_local is not None:
            values.setdefault(spec.output_local, None)
    return values


def own_names(spec: MultiInstance | StandardLoop) -> set[str | None]:
    """Give the names of the variables that belong to one instance."""
    if isinstance(spec, MultiInstance):
        return {COUNTER, spec.input_element, spec.output_local}
    return {COUNTER}


def given_to(node: Element, element: ElementInstance) -> dict[str, Value]:
    """Give the variables that an instance had from its loop, before its input mappings."""
    if node.loop is None:
        return {}
    own = own_names(node.loop)
    return {name: value for name, value in (element.variables or {}).items() if name in own}


def collected(
    spec: MultiInstance | StandardLoop, element: ElementInstance, variables: Variables, now: int
) -> dict[str, Value]:
    """Give what an instance gives to the output collection, by its number; nothing where there is none.

    Raises:
        Failure: the output element has no value.
    """
    if not isinstance(spec, MultiInstance) or spec.output_element is None:
        return {}
    return {str(element.number): spec.output_element(variables, now)}


def in_turn(spec: MultiInstance | StandardLoop) -> bool:
    """Tell whether the instances come one after the other."""
    return isinstance(spec, StandardLoop) or spec.sequential


def counts_each(spec: MultiInstance | StandardLoop) -> bool:
    """Tell whether each instance is counted as it ends, and not only each scope of them."""
    if isinstance(spec, StandardLoop):
        return True
    return spec.sequential or spec.completion is not None or bool(spec.behavior_events)


def is_over(spec: MultiInstance | StandardLoop, loop: Loop, variables: Variables, now: int) -> bool:
    """Tell whether the loop ends with the instance that has just completed, whatever is left.

    Raises:
        Failure: the condition, or the maximum, has no value.
    """
    completed = loop.completed + 1
    if isinstance(spec, StandardLoop):
        return not goes_on(spec, completed, variables, now)
    if spec.completion is None:
        return False
    seen = ChainMap(counted(spec, loop, completed), variables)  # type: ignore[arg-type]
    return spec.completion(seen, now) is True


def behavior_events(
    spec: MultiInstance | StandardLoop, loop: Loop, variables: Variables, now: int
) -> list[int]:
    """Give the places of the events to be thrown for the instance that has just completed (BPMN 13.3.7).

    Raises:
        Failure: a condition has no value.
    """
    if isinstance(spec, StandardLoop) or not spec.behavior_events or loop.ended:
        return []
    completed = loop.completed + 1
    seen = ChainMap(counted(spec, loop, completed), variables)  # type: ignore[arg-type]
    return [
        place
        for place, event in enumerate(spec.behavior_events)
        if (completed == 1 or not event.first)
        and (event.condition is None or event.condition(seen, now) is True)
    ]


def counted(spec: MultiInstance, loop: Loop, completed: int) -> dict[str, Value]:
    """Give the counts of a multi-instance (BPMN 10.3.8) when so many of its instances have completed."""
    assert loop.total is not None, "a multi-instance knows how many there are"
    active = 0 if spec.sequential else loop.total - completed
    return {
        "numberOfInstances": loop.total,
        "numberOfActiveInstances": active,
        "numberOfCompletedInstances": completed,
        "numberOfTerminatedInstances": 0,
        "nrOfInstances": loop.total,
        "nrOfActiveInstances": active,
        "nrOfCompletedInstances": completed,
    }


def goes_on(spec: StandardLoop, completed: int, variables: Variables, now: int) -> bool:
    """Tell whether a standard loop that has been through so many times is gone through again.

    Raises:
        Failure: the condition, or the maximum, has no value.
    """
    if spec.maximum is not None and completed >= whole_number(spec.maximum, variables, now, "maximum"):
        return False
    return spec.condition is None or spec.condition(variables, now) is True


def whole_number(expression: Expression, variables: Variables, now: int, what: str) -> int:
    """Give a whole number from 0.

    Raises:
        Failure: the expression gives something else.
    """
    value = expression(variables, now)
    if (
        isinstance(value, int | Decimal)
        and not isinstance(value, bool)
        and value >= 0
        and value == int(value)
    ):
        return int(value)
    raise Failure(
        "loop", f"the {what} `{expression.text}` gave {shown(value)}, expected a whole number from 0"
    )
