"""Intermediate catch events (BPMN 13.5.2): the token waits until the event's trigger comes."""

from __future__ import annotations

from penstock.kernel.definition import Element, TimerTrigger
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import timer
from penstock.kernel.variables import seen_by


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Wait for the timer; it is due at once where its moment has passed.

    Raises:
        Failure: the date or duration has no value.
    """
    assert isinstance(node.trigger, TimerTrigger), f"'{node.id}' has no trigger to wait for"
    due = node.trigger.schedule.due(seen_by(step.instance, scope, element), step.now)
    timer.open(step, scope, element, node, due)
