"""Intermediate throw events and send tasks (BPMN 13.5.3, 13.3.3): the token throws, then goes on."""

from __future__ import annotations

from penstock.kernel.definition import Element
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers.throwing import throw


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Throw, and complete at once or when what was thrown is done.

    Raises:
        Failure: a name, a correlation key or an output mapping has no value.
    """
    throw(step, scope, element, node)
