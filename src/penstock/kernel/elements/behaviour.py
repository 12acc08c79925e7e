"""What a kind of element may define; the defaults let the token through, so most events need no file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from penstock.kernel.definition import Element
from penstock.kernel.joins import gather
from penstock.kernel.lifecycle import complete, enter
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step


def enter_at_once(step: Step, scope: Scope, node: Element, flow: str) -> None:
    """Make an element instance for each token (BPMN 13.3.1), or for as many as the activity takes."""
    if node.start_quantity == 1:
        enter(step, scope, node, flow)
    elif (element := gather(step, scope, node, flow)) is not None:
        step.plan(Phase.ENTER, scope.key, element.key)


def pass_through(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Have nothing to do: complete."""
    complete(step, scope, element, node)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The phases of one kind of element that are its own.

    `arrive` is called for a token on an incoming flow, and must take it. `activate` does what the element is
    for, and either completes it or leaves it waiting for something that will. Both decide before they emit:
    `Failure` may be raised by `activate` only, and only before anything was emitted.
    """

    arrive: Callable[[Step, Scope, Element, str], None] = enter_at_once
    activate: Callable[[Step, Scope, ElementInstance, Element], None] = pass_through
