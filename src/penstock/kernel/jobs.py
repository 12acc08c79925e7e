"""Jobs: opening one, for each kind of element whose work a worker does, and what the worker is to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from penstock.kernel import events as e
from penstock.kernel.definition import Element
from penstock.kernel.listeners import current
from penstock.kernel.state import ElementInstance, Scope, UserTask
from penstock.kernel.step import Step
from penstock.kernel.work import EXECUTION, ListenerEvent


def open_job(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open the element's job; it waits until the job is completed."""
    spec = node.job
    assert spec is not None, f"'{node.id}' has no job"
    retries = spec.retries if element.retries is None else element.retries
    step.emit(e.JobOpened(scope.key, element.key, step.new_key(), node.id, spec.type, retries))


JobKind = Literal["task", "execution_listener", "task_listener"]


@dataclass(frozen=True, slots=True)
class ListenersJob:
    """What whoever does the job of a listener is to know of it, beside its variables."""

    kind: JobKind
    listener: ListenerEvent
    """The event that it listens to."""
    headers: Mapping[str, str]
    timeout: int | None
    """Milliseconds that one try may take; None where the model does not say."""
    place: str
    """Tells it from the other jobs of its element instance."""
    task: UserTask | None = None
    """For that of a task listener: the user task as it is to become."""
    changes: tuple[str, ...] = ()
    """Which of its attributes change."""


def listeners_job(node: Element, element: ElementInstance) -> ListenersJob | None:
    """Describe the open job of a listener of an element instance; None where it has none."""
    job, listening = element.job, element.listening
    if job is None or listening is None:
        return None
    spec = current(node, element)
    headers = {} if spec is None else dict(spec.headers)
    if listening.event in EXECUTION:
        place = f":{listening.event}:{listening.index}"
        return ListenersJob("execution_listener", listening.event, headers, None, place)
    assert element.task is not None, f"'{node.id}' has no user task"
    changes = dict(listening.changes)
    if listening.event == "creating" and listening.what:
        changes.setdefault("assignee", listening.what)
    task = msgspec.structs.replace(element.task, **changes)
    return ListenersJob("task_listener", listening.event, headers, None, f":{job.key}", task, tuple(changes))
