"""Intermediate throw events and send tasks (BPMN 13.5.3, 13.3.3): what they throw goes out.

Where the model names a job type, a worker sends the message, and the element waits for it.
"""

from __future__ import annotations

from penstock.kernel.definition import Element
from penstock.kernel.jobs import open_job
from penstock.kernel.lifecycle import complete
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers.throwing import throw


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Throw what the event throws, or open its job, or let the token through where it throws nothing.

    Raises:
        Failure: a name, a correlation key or an output mapping has no value.
    """
    if node.job is not None:
        open_job(step, scope, element, node)
    elif node.trigger is not None:
        throw(step, scope, element, node)
    else:
        complete(step, scope, element, node)
