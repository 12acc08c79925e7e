"""What an operator watches and nobody counts as it changes: work that is open, and work that is late.

Each number stops at `MOST`, so that looking costs the same however much there is.
"""

from __future__ import annotations

from typing import Final

import msgspec
import sqlalchemy as sa

from penstock.store.held import HELD
from penstock.store.prepared import Prepared
from penstock.store.tables import incident, job, outbox, timer

MOST: Final = 100_000
"""Rows of a table that are counted at most."""

_now: Final[sa.BindParameter[int]] = sa.bindparam("now")
_STATE: Final = sa.case(
    (job.c.available_at >= HELD, "held"),
    (job.c.available_at <= _now, "available"),
    (job.c.worker.is_not(None), "leased"),
    else_="waiting",
)
_some_jobs: Final = sa.select(job.c.type, _STATE.label("state")).limit(MOST).subquery()
_JOBS: Final = Prepared(
    sa.select(_some_jobs.c.type, _some_jobs.c.state, sa.func.count()).group_by(
        _some_jobs.c.type, _some_jobs.c.state
    )
)
_some_incidents: Final = sa.select(incident.c.type).limit(MOST).subquery()
_INCIDENTS: Final = Prepared(
    sa.select(_some_incidents.c.type, sa.func.count()).group_by(_some_incidents.c.type)
)
_some_timers: Final = sa.select(timer.c.due_at).where(timer.c.due_at <= _now).limit(MOST).subquery()
_TIMERS: Final = Prepared(sa.select(sa.func.count(), sa.func.min(_some_timers.c.due_at)))
_some_commands: Final = sa.select(outbox.c.at).limit(MOST).subquery()
_OUTBOX: Final = Prepared(sa.select(sa.func.count()).select_from(_some_commands))


class Gauges(msgspec.Struct, frozen=True):
    """How it stands at a moment."""

    jobs: dict[tuple[str, str], int]
    """Open jobs by type and by state: available, leased, waiting (for their next try) or held (suspended)."""
    incidents: dict[str, int]
    """Open incidents by type."""
    timers_due: int
    """Timers that should have fired."""
    timer_due_ms: int
    """For how long the one that is due longest has been."""
    outbox: int
    """Commands from instances to others that are on their way."""


def measure(connection: sa.Connection, now: int) -> Gauges:
    """Look how it stands at a moment (epoch ms)."""
    due = _TIMERS.one(connection, {"now": now})
    commands = _OUTBOX.one(connection, {})
    assert due is not None, "a count has a row"
    assert commands is not None, "a count has a row"
    return Gauges(
        {(type, state): count for type, state, count in _JOBS.run(connection, {"now": now})},
        dict(_INCIDENTS.run(connection, {})),
        due[0],
        0 if due[1] is None else now - due[1],
        commands[0],
    )
