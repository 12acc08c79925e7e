"""Opening a job, for each kind of element whose work a worker does."""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import Element
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step


def open_job(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open the element's job; it waits until the job is completed."""
    spec = node.job
    assert spec is not None, f"'{node.id}' has no job"
    retries = spec.retries if element.retries is None else element.retries
    step.emit(e.JobOpened(scope.key, element.key, step.new_key(), node.id, spec.type, retries))
