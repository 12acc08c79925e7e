"""The Python functions that the workflows call, by name."""

from __future__ import annotations

from penstock import BpmnError, task


@task
def greet(name: str) -> str:
    """Say hello to somebody.

    The argument is the process variable of the same name. The workflow keeps what is returned in `greeting`.
    """
    if not name.strip():
        raise BpmnError("NO_NAME", "Nobody is there to be greeted.")
    return f"Hello, {name}!"
