"""Tasks whose work is a job (BPMN 13.3.3): service tasks. A worker does the job and reports what it gave."""

from __future__ import annotations

from penstock.kernel.definition import Element
from penstock.kernel.jobs import open_job
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open a job; the element waits until it is completed."""
    open_job(step, scope, element, node)
