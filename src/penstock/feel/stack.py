"""Room on the stack for what is nested deeply.

Python allows a thread a thousand calls inside each other, of which the caller may have used most, and a
level of nesting takes several. So the work at deep levels goes on in a new thread, with a stack of its own,
while the caller waits: nothing runs at the same time, and no setting of the interpreter is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from penstock.feel.errors import FeelLimitError

T = TypeVar("T")


def fresh(call: Callable[[], T]) -> T:
    """Run a call on a stack of its own, and give or raise what it does.

    Raises:
        FeelLimitError: the system allows no further thread.
    """
    results: list[T] = []
    problems: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as problem:  # noqa: BLE001 - raised again, where the caller waits for it
            problems.append(problem)

    thread = Thread(target=run, name="feel-stack", daemon=True)
    try:
        thread.start()
    except RuntimeError:
        raise FeelLimitError("the system has no thread left for an expression nested this deeply") from None
    thread.join()
    if problems:
        raise problems[0]
    return results[0]


def roomy(call: Callable[[], T]) -> T:
    """Run a call that has no effects, once more on a stack of its own where the caller's has no room left."""
    try:
        return call()
    except RecursionError:
        return fresh(call)
