"""Trying a process that is being drawn: it runs in virtual time, and whoever tries it does the work."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Final

import msgspec

from penstock import bpmn
from penstock.api.errors import ApiError, bad_request
from penstock.api.http import Call, Reply
from penstock.api.rest.history import WORDS, element_of
from penstock.api.rest.values import Body, Shape, ValueQuery, Variables, shown_variables, taken
from penstock.api.times import iso, iso_or_none, moment
from penstock.bpmn import ReadProcess
from penstock.kernel import Rejected, events as e
from penstock.kernel.state import InstanceState
from penstock.runtime.requests import Busy
from penstock.trial.run import Awaited, NotWaiting, Run
from penstock.trial.trial import MOST_ACTS, Act, ActKind, TooMuch, Trial, play

AT_ONCE: Final = 2
PATIENCE_S: Final = 10.0
_slots: Final = threading.BoundedSemaphore(AT_ONCE)


class TrialAct(Body, frozen=True):
    """What somebody or something outside does."""

    act: ActKind
    """`job`, `fail` and `error` end a job, `task` a user task, `call` a called process; `message` and
    `signal` let one come, `elapse` a timer's time, `advance` any time; `begin` begins an ad-hoc activity,
    `retry` resolves an incident, `set` sets variables."""
    at: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    """The `label` of what is awaited; with `set` that of an open sub-process."""
    variables: Variables = msgspec.field(default_factory=dict)
    code: str = ""
    message: str = ""
    duration: str = ""
    """With `advance`: ISO 8601."""


class TrialOf(Body, frozen=True):
    """What is tried, from its start."""

    content: str
    """The file."""
    process_id: str | None = None
    """Which of its processes; not needed where it has one."""
    start_element: str | None = None
    variables: Variables = msgspec.field(default_factory=dict)
    now: str | None = None
    """The virtual time at the start; the present by default."""
    acts: Annotated[list[TrialAct], msgspec.Meta(max_length=MOST_ACTS)] = msgspec.field(default_factory=list)


class TrialWait(Shape, frozen=True):
    """Something that is awaited."""

    kind: str
    """Such as `job`, `user task`, `timer`, `message`, `incident`."""
    label: str
    element: str
    on: str | None
    """What the event is attached to."""
    due: str | None
    message: str | None
    """With `incident`: what is wrong."""


class TrialEvent(Shape, frozen=True):
    """One thing that happened; the words are those of an instance's history."""

    turn: int
    """0 for the start, then the number of the act that brought it about."""
    event: str
    element: str | None


class TrialLine(Shape, frozen=True):
    """The same in words."""

    turn: int
    text: str


class TrialState(Shape, frozen=True):
    """How far the acts have brought it."""

    process_id: str
    state: str
    """As the kernel has it: `active`, `completed`, `cancelled`."""
    now: str
    variables: dict[str, Any]
    waiting: list[TrialWait]
    events: list[TrialEvent]
    lines: list[TrialLine]


async def play_trial(call: Call[ValueQuery, TrialOf]) -> Reply:
    """Start a process as it is drawn and do the acts, all in virtual time; nothing of it stays.

    Raises:
        ApiError: 400, there is no such process or start, or an act is about nothing that is awaited;
            409, an act cannot be done; 422, the file has errors; 503, others are trying.
    """
    body, now = call.body, call.runtime.clock.now()
    begun = now if body.now is None else moment(body.now, "now")
    variables = taken(body.variables)
    acts = [Act(it.act, it.at, taken(it.variables), it.code, it.message, it.duration) for it in body.acts]

    def run() -> TrialState:
        process = _process(body, call.runtime.decisions.ids())
        assert process.definition is not None, "a file with errors is refused"
        start = _start(process, body.start_element)
        trial = play(process.definition, start, variables, acts, now=begun, decisions=call.runtime.decisions)
        return _shown(call.query, process.id, trial)

    return Reply(await asyncio.to_thread(_in_turn, run))


def _in_turn(run: Callable[[], TrialState]) -> TrialState:
    """Run it when fewer than two others run.

    Raises:
        ApiError, Rejected: as `play_trial`.
        Busy: others take too long.
    """
    if not _slots.acquire(timeout=PATIENCE_S):
        raise Busy("others are trying processes at this moment")
    try:
        return run()
    except NotWaiting as error:
        raise bad_request(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    except ValueError as error:
        raise bad_request(f"An act is wrong: {error}.") from error
    except TooMuch as error:
        raise Rejected("invalid", f"this is too much for a trial: {error}") from error
    finally:
        _slots.release()


def _process(body: TrialOf, decisions: list[str]) -> ReadProcess:
    reading = bpmn.read(body.content.encode(), file="draft.bpmn", known=bpmn.Known(decisions=decisions))
    if reading.errors:
        raise ApiError(422, "The model has errors, and cannot be tried.", findings=reading.findings)
    wanted = [it for it in reading.processes if body.process_id in (None, it.id)]
    if len(wanted) != 1:
        there = ", ".join(it.id for it in reading.processes) or "none"
        raise bad_request(f"Say with `processId` which process: the file has {there}.")
    return wanted[0]


def _start(process: ReadProcess, wanted: str | None) -> str:
    assert process.definition is not None
    starts = process.definition.starts
    if wanted is None and starts:
        return starts[0]
    if wanted not in starts:
        raise bad_request(
            f"There is no start event '{wanted}': the process has {', '.join(starts) or 'none'}."
        )
    return wanted


def _shown(query: ValueQuery, process: str, trial: Trial) -> TrialState:
    run = trial.run
    return TrialState(
        process,
        run.state.value,
        iso(run.now),
        shown_variables(query, run.variables) if run.state is not InstanceState.NEW else {},
        [_wait(run, it) for it in run.awaited()],
        list(_events(trial)),
        [TrialLine(_turn(trial.lines, at), text) for at, text in enumerate(run.transcript())],
    )


def _turn(ends: list[int], position: int) -> int:
    return next(turn for turn, end in enumerate(ends) if position < end)


def _events(trial: Trial) -> Iterator[TrialEvent]:
    elements: dict[int, str] = {}
    for position, event in enumerate(trial.run.events):
        if isinstance(event, e.ElementEntered | e.EventSubProcessArmed):
            elements[event.owner] = event.element
        if type(event) in WORDS:
            yield TrialEvent(_turn(trial.turns, position), WORDS[type(event)], element_of(event, elements))


def _wait(run: Run, it: Awaited) -> TrialWait:
    """Give something that is awaited; what is wrong is told where that is an incident."""
    if it.kind != "incident":
        return TrialWait(it.kind, it.label, it.element, it.on, iso_or_none(it.due), None)
    message = next(
        (
            event.message
            for event in reversed(run.events)
            if isinstance(event, e.IncidentRaised) and event.element == it.element
        ),
        None,
    )
    return TrialWait(it.kind, it.label, it.element, it.on, None, message)
