"""What a task function imports: `task`, `BpmnError`, `Denied`, `Job` and `current_job`.

A function is ordinary Python with a mark on it, so that it can be called and tested without a server.
This module loads nothing but the standard library and msgspec: every function file imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, overload

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BpmnError", "Denied", "Job", "UserTask", "current_job", "task"]

F = TypeVar("F", bound=Callable[..., Any])

OPTIONS = "__penstock_task__"
"""The attribute by which a task function is known; it holds its `TaskOptions`."""

_GENERATOR_FLAGS = 0x20 | 0x200
"""CO_GENERATOR and CO_ASYNC_GENERATOR of the `inspect` module, which is slow to import."""


class UserTask(msgspec.Struct, frozen=True, kw_only=True):
    """The user task that a task listener is about, as it is to become."""

    key: str
    assignee: str | None = None
    candidate_users: list[str] = []
    candidate_groups: list[str] = []
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50
    changes: list[str] = []
    """The names of the attributes that change."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """The job that a task function is running for."""

    key: str
    """The job's own key. It is the same for every try."""
    idempotency_key: str
    """The same for every try of the job, and for no other job: hand it to services that take one."""
    instance_id: str
    """The process instance."""
    element_id: str
    """The id of the task in the BPMN file."""
    business_key: str | None = None
    """What the starter of the instance called it."""
    attempt: int = 1
    """Which try this is, counted from 1."""
    headers: dict[str, str] = {}
    """The static settings of the task in the BPMN file."""
    traceparent: str | None = None
    """The trace that the job belongs to, where there is one: send it as the header of that name (W3C)."""
    kind: Literal["task", "execution_listener", "task_listener"] = "task"
    """Whether it is the work of a task, or a listener that the model has there."""
    listener: str | None = None
    """For a listener: what it listens to, such as `start`, `end` or `completing`."""
    user_task: UserTask | None = None
    """For a task listener: the user task."""


class TaskOptions(NamedTuple):
    """What `@task` was told of a function."""

    name: str
    timeout_ms: int | None


class BpmnError(Exception):
    """A business error, for the error boundary event that catches its code (BPMN 10.5.5).

    It is an outcome the model provides for, so it is not tried again. Any other exception is a fault:
    the job is tried again, and becomes an incident when its tries are used up.

    Args:
        code: the error code, as the error boundary event names it.
        message: a sentence for people.
        variables: values that the handler of the error gets as variables.

    Raises:
        ValueError: the code is empty or no text.
    """

    def __init__(
        self, code: str, message: str = "", *, variables: Mapping[str, object] | None = None
    ) -> None:
        if not isinstance(code, str) or not code:
            raise ValueError(f"A BPMN error needs a code: a text that is not empty, not {code!r}.")
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.variables: dict[str, object] = dict(variables or {})


class Denied(Exception):
    """A task listener denies what is to happen to the user task: it stays as it was.

    That can be its assignment, its update and its completion. Whoever asked for it is told the reason.

    Args:
        reason: a sentence for people.

    Raises:
        ValueError: the reason is empty or no text.
    """

    def __init__(self, reason: str) -> None:
        if not isinstance(reason, str) or not reason:
            raise ValueError(f"To deny something takes a reason: a text that is not empty, not {reason!r}.")
        super().__init__(reason)
        self.reason = reason


_job: ContextVar[Job] = ContextVar("penstock_job")


def current_job() -> Job:
    """Give the job that this function runs for.

    Raises:
        RuntimeError: no job is running here, as in a unit test or in a thread that the function started.
    """
    try:
        return _job.get()
    except LookupError:
        raise RuntimeError(
            "current_job() was called outside of a job. In a thread that a task function starts, "
            "ask before you start it and hand the job over."
        ) from None


@contextmanager
def running(job: Job) -> Iterator[None]:
    """Make `job` the current one inside the block."""
    token = _job.set(job)
    try:
        yield
    finally:
        _job.reset(token)


@overload
def task(function: F, /) -> F: ...
@overload
def task(*, name: str | None = None, timeout: float | str | timedelta | None = None) -> Callable[[F], F]: ...
def task(
    function: F | None = None,
    /,
    *,
    name: str | None = None,
    timeout: float | str | timedelta | None = None,
) -> F | Callable[[F], F]:
    """Offer a function, `def` or `async def`, to the service tasks of process models.

    The function stays as it is: calling it calls it.

    Args:
        function: the function, where the decorator is used without brackets.
        name: the name by which models call it; its own name by default.
        timeout: how long one call may take, in seconds or as an ISO 8601 duration such as "PT30S".
            A time limit in the model goes before it; without either, the server's holds.

    Raises:
        TypeError: this is not a function, or one that yields.
        ValueError: the name is empty, or the timeout is not a duration above zero.
    """

    def mark(marked: F) -> F:
        _check_function(marked)
        chosen = marked.__name__ if name is None else name
        if not isinstance(chosen, str) or not chosen.strip():
            raise ValueError(f"The name of a task function must be a text that is not empty, not {chosen!r}.")
        limit = None if timeout is None else _milliseconds(timeout)
        setattr(marked, OPTIONS, TaskOptions(chosen, limit))
        return marked

    return mark if function is None else mark(function)


def _check_function(function: object) -> None:
    innermost = function
    while hasattr(innermost, "__wrapped__"):
        innermost = innermost.__wrapped__
    if not callable(function) or not hasattr(innermost, "__code__"):
        raise TypeError(f'@task marks a function, not {function!r}. To name it, write @task(name="...").')
    code = getattr(function, "__code__", None)
    if code is not None and code.co_flags & _GENERATOR_FLAGS:
        raise TypeError(f"The task function {code.co_name}() yields. Return its result instead, as a list.")


def _milliseconds(timeout: object) -> int:
    remedy = 'Give seconds above zero, or an ISO 8601 duration such as "PT30S".'
    if isinstance(timeout, str):
        try:
            timeout = msgspec.convert(timeout, timedelta)
        except msgspec.ValidationError as error:
            raise ValueError(f"The timeout {timeout!r} is not a duration ({error}). {remedy}") from None
    seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
        raise ValueError(f"The timeout {timeout!r} is not a duration. {remedy}")
    return max(1, round(seconds * 1000))
