"""Tasks whose work is a job (BPMN 13.3.3): service tasks. A worker does the job and reports what it gave."""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import Element
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open a job; the element waits until it is completed."""
    spec = node.job
    assert spec is not None, f"'{node.id}' has no job"
    retries = spec.retries if element.retries is None else element.retries
    step.emit(e.JobOpened(scope.key, element.key, step.new_key(), node.id, spec.type, retries))
