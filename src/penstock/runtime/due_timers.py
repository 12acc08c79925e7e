"""Timers that are due: fired a batch at a time, so that others wait little, and tried again where that fails.

Only a fault of the server keeps a timer from being fired. It may be a passing one, so there are several
tries, with pauses that double; then it is an incident, and whoever resolves that has it tried anew. A timer
that starts an instance has none to show an incident: it is tried for ever, with pauses of an hour at last.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from penstock.kernel.commands import FailTimer, FireTimer
from penstock.runtime.actors import TIMER
from penstock.runtime.clock import Clock
from penstock.runtime.dispatch import BATCH, Dispatcher
from penstock.runtime.metrics import Metrics
from penstock.runtime.requests import Fault, LeftAlone, Request, SendAll, StartByTimer, require_taken
from penstock.store import starts, timers
from penstock.store.database import Database
from penstock.store.rows import TimerRow
from penstock.store.timers import Share

AT_ONCE: Final = BATCH // 2
"""Timers that are fired before something else has its turn: half of a transaction."""

LATE_MS: Final = 300
"""How long a timer must have been due for another node than its own to fire it."""

TRIES: Final = 5
"""How often it is tried to fire a timer before that is an incident."""

FIRST_PAUSE_MS: Final = 1_000
LONGEST_PAUSE_MS: Final = 3_600_000


def fire(
    database: Database,
    dispatcher: Dispatcher,
    clock: Clock,
    metrics: Metrics,
    send: SendAll,
    share: Share | None = None,
) -> bool:
    """Fire the timers that have been due for longest, and give whether there may be more of them.

    Arguments:
        share: which timers are this node's; those of others are fired when they are late.

    Raises:
        Busy, Unavailable: not all of them could be tried.
    """
    now = clock.now()
    with database.reading() as connection:
        due = timers.due(connection, now, AT_ONCE, share)
        if len(due) < AT_ONCE and share is not None:
            due += timers.late(connection, now - LATE_MS, AT_ONCE - len(due), share)
    fired = send([_request(row, FireTimer(row.scope, row.owner, row.key), patient=False) for row in due])
    require_taken(fired)
    tried = [pair for pair in zip(due, fired, strict=True) if not isinstance(pair[1], LeftAlone)]
    failed = [(row, answer) for row, answer in tried if isinstance(answer, Exception)]
    for row, answer in tried:
        if not isinstance(answer, Exception):
            metrics.timers.inc()
            metrics.timer_lag.observe((now - row.due_at) / 1000)
    left = _without_incidents(failed, send)
    if left:
        moments = {row: now + _pause(row.tries) for row in left}
        dispatcher.transact(lambda writer: timers.put_off(writer, moments)).result()
    return len(due) == AT_ONCE


def _without_incidents(failed: Iterable[tuple[TimerRow, Exception]], send: SendAll) -> list[TimerRow]:
    """Make incidents of the timers that were tried often enough, and give the others: they are put off.

    One that was refused is gone, as a rule, and then there is nothing to put off.
    """
    left: list[TimerRow] = []
    given_up: list[tuple[TimerRow, FailTimer]] = []
    for row, error in failed:
        if isinstance(error, Fault) and row.tries + 1 >= TRIES:
            message = f"{error}; it was tried {TRIES} times, and the log says why it failed"
            given_up.append((row, FailTimer(row.scope, row.owner, row.key, message)))
        else:
            left.append(row)
    answers = send([_request(row, command) for row, command in given_up])
    require_taken(answers)
    pairs = zip(given_up, answers, strict=True)
    return left + [row for (row, _), answer in pairs if isinstance(answer, Exception)]


def _request(row: TimerRow, command: FireTimer | FailTimer, *, patient: bool = True) -> Request:
    return Request(row.instance_id, command, TIMER, patient=patient, bare=True, background=True)


def start(database: Database, dispatcher: Dispatcher, clock: Clock, send: SendAll) -> bool:
    """Start instances by the timers that have been due for longest, and give whether there may be more.

    Raises:
        Busy, Unavailable: not all of them could be tried.
    """
    now = clock.now()
    with database.reading() as connection:
        due = starts.due(connection, now, AT_ONCE)
    started = send([Request("", StartByTimer(row), TIMER, background=True) for row in due])
    require_taken(started)
    failed = [row for row, answer in zip(due, started, strict=True) if isinstance(answer, Exception)]
    if failed:
        moments = {row: now + _pause(row.tries) for row in failed}
        dispatcher.transact(lambda writer: starts.put_off(writer, moments)).result()
    return len(due) == AT_ONCE


def _pause(tries: int) -> int:
    """Give the milliseconds before the next try where so many have failed before this one."""
    return min(FIRST_PAUSE_MS << min(tries, 20), LONGEST_PAUSE_MS)
