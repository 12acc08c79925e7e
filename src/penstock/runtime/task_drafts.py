"""What was entered into a task that is not done yet: whoever changes it must know the newest revision."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from penstock.kernel import Rejected
from penstock.store import task_drafts as store, user_tasks
from penstock.store.rows import TaskDraftRow


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered, and by whom."""

    revision: int
    """The one that it was made from; 0 where nothing was saved before."""
    variables: bytes
    """As FEEL's JSON."""
    user: str | None
    """Who says so; before there are access rights, nobody checks that."""
    actor: str


def save(connection: sa.Connection, instance_id: str, key: int, entered: Entered, now: int) -> TaskDraftRow:
    """Keep what was entered, and give it with its new revision.

    Raises:
        Rejected: the task has ended or is somebody else's, or somebody has saved something newer.
    """
    _open(connection, instance_id, key, entered.user)
    there = store.find(connection, instance_id, key)
    _refuse_older(0 if there is None else there.revision, entered.revision)
    by = entered.actor if entered.user is None else entered.user
    row = TaskDraftRow(entered.revision + 1, entered.variables, by, now)
    if not store.put(connection, instance_id, key, row):
        raise Rejected("conflict", "another node has saved something newer at this very moment: read it anew")
    return row


def drop(connection: sa.Connection, instance_id: str, key: int, revision: int) -> None:
    """Forget what was entered.

    Raises:
        Rejected: somebody has saved something newer.
    """
    there = store.find(connection, instance_id, key)
    if there is not None:
        _refuse_older(there.revision, revision)
        store.remove(connection, instance_id, key)


def _open(connection: sa.Connection, instance_id: str, key: int, user: str | None) -> None:
    task = user_tasks.find(connection, instance_id, key)
    if task is None or task.state != "open":
        raise Rejected("conflict", "the task has ended, and what is entered into it counts no more")
    if user is not None and task.assignee not in (None, user):
        raise Rejected("conflict", f"the task is {task.assignee}'s: let it be given to {user} first")


def _refuse_older(there: int, known: int) -> None:
    if there != known:
        raise Rejected(
            "conflict",
            f"what was entered is at revision {there} and was at {known} when this change began: "
            "read it anew and bring both together",
        )
