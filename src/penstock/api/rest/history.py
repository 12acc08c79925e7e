"""What happened to an instance, event by event, from its journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
import sqlalchemy as sa

from penstock.api.http import Call, Reply
from penstock.api.keys import join_key, no_such
from penstock.api.paging import Cursor, Moment, page, read_cursor
from penstock.api.rest.values import Shape, ValueQuery, shown_variables
from penstock.api.times import iso
from penstock.kernel import events as e
from penstock.store import codec, instances, journal

MAX_EVENTS: Final = 10_000
"""Events a page at most."""

STRIDE: Final = 1_000_000
"""More than the events that one command can have, so that an event's number tells its journal row."""

ROWS: Final = 1_000
"""Rows of the journal that are read at a time, at most."""
FIRST_ROWS: Final = 2
"""How many are read first, since one may have more events than a page shows; then so many times more."""
MORE_ROWS: Final = 4

WORDS: Final[dict[type[e.Event], str]] = {
    e.InstanceStarted: "instance_started",
    e.InstanceCompleted: "instance_completed",
    e.InstanceCancelled: "instance_cancelled",
    e.ElementEntered: "entered",
    e.ElementCompleted: "completed",
    e.ElementCancelled: "cancelled",
    e.FlowTaken: "taken",
    e.FlowJoined: "joined",
    e.TokensGathered: "gathered",
    e.ScopeOpened: "opened",
    e.ScopeClosed: "closed",
    e.VariablesSet: "variables",
    e.JobOpened: "job_opened",
    e.JobCompleted: "job_completed",
    e.JobFailed: "job_failed",
    e.JobCancelled: "job_cancelled",
    e.UserTaskOpened: "task_opened",
    e.UserTaskAssigned: "task_assigned",
    e.UserTaskCompleted: "task_completed",
    e.UserTaskCancelled: "task_cancelled",
    e.ListenersBegun: "listeners_begun",
    e.ListenerCompleted: "listener_completed",
    e.ListenersEnded: "listeners_ended",
    e.UserTaskUpdated: "task_updated",
    e.UserTaskDenied: "task_change_denied",
    e.TimerOpened: "timer_opened",
    e.TimerFired: "triggered",
    e.TimerCancelled: "timer_cancelled",
    e.ErrorThrown: "error_thrown",
    e.ErrorCaught: "triggered",
    e.IncidentRaised: "incident",
    e.IncidentResolved: "resolved",
    e.MessageSubscribed: "message_awaited",
    e.SignalSubscribed: "signal_awaited",
    e.ConditionSubscribed: "condition_watched",
    e.ConditionArmed: "condition_false",
    e.ChangeSeen: "change_seen",
    e.MessageCorrelated: "triggered",
    e.SignalReceived: "triggered",
    e.ConditionMet: "triggered",
    e.SubscriptionClosed: "awaited_no_longer",
    e.EventTriggered: "received",
    e.TriggersGathered: "gathered",
    e.MessageSent: "message_sent",
    e.SignalSent: "signal_sent",
    e.EventSubProcessArmed: "armed",
    e.EventSubProcessDisarmed: "disarmed",
    e.ScopeInterrupted: "interrupted",
    e.EscalationThrown: "escalation_thrown",
    e.CallEscalated: "call_escalated",
    e.EscalationCaught: "triggered",
    e.CompensationKept: "compensable",
    e.CompensationRestored: "compensation_restored",
    e.CompensationThrown: "compensation_thrown",
    e.CompensationLeft: "went_on",
    e.CompensationTaken: "compensation_taken",
    e.CompensationStarted: "compensation_started",
    e.TransactionCancelled: "transaction_cancelled",
    e.InstanceSuspended: "suspended",
    e.InstanceResumed: "resumed",
    e.InstanceModified: "modified",
    e.InstanceMigrated: "migrated",
    e.ElementMigrated: "mapped",
    e.KeptMigrated: "mapped",
    e.CallOpened: "called",
    e.CallCompleted: "call_completed",
    e.CallCancelled: "call_cancelled",
    e.DecisionEvaluated: "decision_evaluated",
    e.AdHocQueued: "queued",
    e.AdHocEnding: "ending",
    e.GatewayActivated: "activated",
    e.LoopBegun: "loop_begun",
    e.ItemBegun: "instance_begun",
    e.ItemCollected: "collected",
    e.LoopEnded: "loop_ended",
}
"""The events that are shown. The others tell how a command was cut into transactions, which is our affair."""

_PLACE: Final = frozenset(
    {"scope", "owner", "element", "since", "phase", "index", "armed", "rest", "told", "then", "what"}
)
_ORDINARY: Final[dict[str, object]] = {"listener": "", "state": "open", "opened": False, "changes": {}}
"""What need not be told, since it is mostly so."""
_MOMENTS: Final = {"due": "due", "due_at": "dueAt", "follow_up_at": "followUpAt"}
_NAMES: Final = {
    "values": "variables",
    "business_key": "businessKey",
    "correlation_key": "correlationKey",
    "listened": "listener",
    "candidate_users": "candidateUsers",
    "candidate_groups": "candidateGroups",
}


class HistoryQuery(ValueQuery, frozen=True):
    """Which part of the history is wanted."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_EVENTS, description="At most so many events.")] = 1_000
    cursor: Cursor | None = None
    after: Annotated[
        int, msgspec.Meta(ge=0, le=2**53, description="Only the events after the one of this `seq`.")
    ] = 0


class HistoryEvent(Shape, frozen=True):
    """One thing that happened."""

    seq: int
    """Grows from event to event; not without gaps."""
    at: str
    event: str
    element: str | None
    """The id in the file; for `taken` the sequence flow's."""
    element_instance: int | None
    scope: int | None
    """The key of the scope in which it happened; 0 is the process itself."""
    actor: str
    """Who asked for what made it happen: a user, a worker, a timer."""
    data: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


@dataclass(frozen=True, slots=True)
class _Happened:
    seq: int
    at: int
    actor: str
    event: e.Event
    element: str | None


async def get(call: Call[HistoryQuery, None]) -> Reply:
    """Give what happened to an instance, in order.

    Raises:
        ApiError: 404, there is no such instance.
    """
    query, instance_id = call.query, call.path["instance"]
    after = max(read_cursor(query.cursor, Moment) or 0, query.after)
    happened = await call.runtime.read(_read, instance_id, after, query.limit + 1)
    if happened is None:
        raise no_such(instance_id, "process instance")
    return Reply(
        page(happened, query.limit, lambda one: _shown(query, instance_id, one), lambda one: one.seq)
    )


def _read(connection: sa.Connection, instance_id: str, after: int, limit: int) -> list[_Happened] | None:
    """Give the events after a number; None where there is no such instance.

    A page reads the rows of the journal that it shows, and no others.
    """
    if instances.find(connection, instance_id) is None:
        return None
    found: list[_Happened] = []
    # The row of the event before may have more.
    last = max(after // STRIDE - 1, 0)
    at_once = FIRST_ROWS
    while rows := journal.read(
        connection, instance_id, after_seq=last, limit=min(limit - len(found), at_once)
    ):
        for row in rows:
            events = codec.decode_events(row.events)
            elements = journal.elements(row.elements, events)
            for position, event in enumerate(events):
                seq = row.seq * STRIDE + position
                if seq > after and type(event) in WORDS:
                    found.append(_Happened(seq, row.at, row.actor, event, element_of(event, elements)))
                    if len(found) == limit:
                        return found
        last, at_once = rows[-1].seq, min(at_once * MORE_ROWS, ROWS)
    return found


def element_of(event: e.Event, elements: dict[int, str]) -> str | None:
    if isinstance(event, e.FlowTaken):
        return event.flow
    element: str | None = getattr(event, "element", None)
    owner: int | None = getattr(event, "owner", None)
    return elements.get(owner) if element is None and owner is not None else element


def _shown(query: ValueQuery, instance_id: str, happened: _Happened) -> HistoryEvent:
    event = happened.event
    return HistoryEvent(
        happened.seq,
        iso(happened.at),
        WORDS[type(event)],
        happened.element,
        getattr(event, "owner", None),
        getattr(event, "scope", None),
        happened.actor,
        _data(query, instance_id, event) or msgspec.UNSET,
    )


def _data(query: ValueQuery, instance_id: str, event: e.Event) -> dict[str, Any]:
    """Give what an event tells beside its place, in the words of this surface."""
    data: dict[str, Any] = {}
    for field in event.__struct_fields__:
        value = getattr(event, field)
        if field in _PLACE or value is None or isinstance(event, e.FlowTaken | e.ElementEntered):
            continue
        if field in _ORDINARY and value == _ORDINARY[field]:
            continue
        if field == "changes":
            value = {_MOMENTS.get(it) or _NAMES.get(it, it): _changed(it, to) for it, to in value.items()}
        if field in ("values", "reasons"):
            value = shown_variables(query, value)
        elif field == "key":
            value = join_key(instance_id, value)
        elif field in _MOMENTS:
            value = iso(value)
        data[_NAMES.get(field) or _MOMENTS.get(field, field)] = value
    return data


def _changed(attribute: str, value: object) -> object:
    return iso(value) if attribute in _MOMENTS and isinstance(value, int) else value
