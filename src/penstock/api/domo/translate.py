"""Between BPMN's words and Domo's: the only file that speaks both.

process             model
process definition  version of a model
process instance    instance
incident            the status FAILED: the instance keeps its place, and is in progress again once repaired
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, get_args

from penstock.api.domo.wire import (
    DomoStatus,
    Instance,
    InstanceMetric,
    Metrics,
    Model,
    Permission,
    UserPermission,
)
from penstock.api.errors import bad_request
from penstock.api.times import iso, moment
from penstock.runtime.actors import is_user
from penstock.store.rows import Counts, DefinitionRow, InstanceRow, ProcessRow, Status

STATUS: Final[dict[Status, DomoStatus]] = {
    "active": "IN_PROGRESS",
    "incident": "FAILED",
    "completed": "COMPLETED",
    "cancelled": "CANCELED",
    "suspended": "IN_PROGRESS",
}

_FROM_DOMO: Final[dict[str, tuple[Status, ...]]] = {
    domo: tuple(ours for ours, shown in STATUS.items() if shown == domo) for domo in STATUS.values()
} | {"CANCELLED": ("cancelled",)}

LAST_MOMENT: Final = 253_402_300_799_999
"""The last millisecond of the year 9999."""


def instance_of(row: InstanceRow, process: ProcessRow, version: DefinitionRow) -> Instance:
    """Give an instance of this version as it stood at the commit that `row` comes from."""
    return Instance(
        row.id,
        process.uid,
        process.name,
        row.version,
        row.process_id,
        version.name,
        version.deployment,
        row.created_by,
        iso(row.started_at),
        _user(row.updated_by, row.created_by),
        iso(row.updated_at),
        STATUS[row.status],
    )


def _user(actor: str, starter: str) -> str:
    """Give the user who did something. What the server did of itself counts as the starter's."""
    return actor if is_user(actor) else starter


def metrics_of(
    process: ProcessRow, version: str, counts: Counts, page: Iterable[InstanceRow], now: int
) -> Metrics:
    """Give the counts of a process's instances and a page of them, at `now` (epoch milliseconds)."""
    return Metrics(
        process.uid,
        version,
        counts.completed,
        counts.active,
        counts.incident,
        counts.cancelled,
        counts.completed_ms // counts.completed if counts.completed else 0,
        [_metric_of(row, process.uid, now) for row in page],
    )


def _metric_of(row: InstanceRow, model_id: str, now: int) -> InstanceMetric:
    ended = None if row.ended_at is None else iso(row.ended_at)
    return InstanceMetric(
        row.id,
        model_id,
        row.version,
        row.created_by,
        iso(row.started_at),
        ended if row.status == "completed" else None,
        ended if row.status == "cancelled" else None,
        max(0, (now if row.ended_at is None else row.ended_at) - row.started_at),
        STATUS[row.status],
    )


def model_of(
    process: ProcessRow, newest: DefinitionRow | None, permissions: list[UserPermission] | None
) -> Model:
    """Give a process as a model.

    Args:
        newest: the version that was deployed last, None where there is none.
        permissions: what users may do with it; None where that was not asked for.
    """
    model = (
        process.uid,
        process.name,
        process.description,
        process.created_by,
        process.created_by,
        iso(process.created_at),
        process.updated_by,
        iso(process.updated_at),
        process.updated_by if newest is None else newest.deployed_by,
        iso(process.updated_at if newest is None else newest.deployed_at),
    )
    return Model(*model) if permissions is None else Model(*model, permissions)


def everything_for(user: str) -> list[UserPermission]:
    """Give the permissions of the one user there is, who may do everything."""
    return [UserPermission(user, "Local user", "", "Admin", 1, list(get_args(Permission)))]


def statuses(texts: Iterable[str]) -> list[Status] | None:
    """Read the statuses that a query asks for; None where it asks for none.

    Args:
        texts: each a status, or several with commas between them.

    Raises:
        ApiError: 400, one of them is no status.
    """
    found: list[Status] = []
    for name in (name.strip() for text in texts for name in text.split(",")):
        ours = _FROM_DOMO.get(name)
        if ours is None:
            known = ", ".join(dict.fromkeys(STATUS.values()))
            raise bad_request(f"`status` is wrong: '{name}' is no status. Use {known}.")
        found += ours
    return found or None


def query_moment(text: str | None, name: str) -> int | None:
    """Read a moment that a query names: epoch milliseconds, or ISO 8601.

    Raises:
        ApiError: 400, it is neither, or lies outside of the years 1970 to 9999.
    """
    if text is None:
        return None
    digits = text.isascii() and text.isdigit()
    if digits and len(text) > len(str(LAST_MOMENT)):
        raise bad_request(f"`{name}` is wrong: '{text[:40]}' lies after the year 9999.")
    at = int(text) if digits else moment(text, name)
    if not 0 <= at <= LAST_MOMENT:
        raise bad_request(f"`{name}` is wrong: '{text}' lies outside of the years 1970 to 9999.")
    return at
