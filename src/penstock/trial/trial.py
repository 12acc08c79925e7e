"""A process that is being drawn, tried from its start: the acts so far are done again for every answer.

Nothing is kept between two questions, so there is nothing to clear away, and one act back is one act fewer.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from penstock.kernel import commands as c
from penstock.kernel.decisions import Decisions
from penstock.kernel.definition import ProcessDefinition, Value
from penstock.trial.run import Run

MOST_ACTS: Final = 200
MOST_COMMANDS: Final = 5_000
"""Commands of one trial, those of timers that fire by themselves among them."""
LONGEST_S: Final = 5.0
LOOP_LIMIT: Final = 2_000

ActKind = Literal[
    "job", "fail", "error", "task", "call", "message", "signal", "elapse", "advance", "begin", "retry", "set"
]


class TooMuch(Exception):
    """The trial takes more than one is given; the message says of what."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody or something outside does."""

    kind: ActKind
    at: str = ""
    """The label of an element instance or the id of an event, where the kind needs one."""
    variables: Mapping[str, Value] | None = None
    code: str = ""
    """With `error`: its code."""
    message: str = ""
    """With `fail` and `error`: what is wrong."""
    duration: str = ""
    """With `advance`: ISO 8601."""


class BoundedRun(Run):
    """A run that ends when it has had its share of the server."""

    deadline: float

    def send(self, command: c.Command, target: ProcessDefinition | None = None) -> None:
        """Carry out any command.

        Raises:
            TooMuch: the run has had its share.
        """
        if len(self.commands) >= MOST_COMMANDS:
            raise TooMuch(f"more than {MOST_COMMANDS} things happen in it")
        if time.monotonic() > self.deadline:
            raise TooMuch(f"it takes more than {LONGEST_S:.0f} seconds")
        super().send(command, target)


@dataclass(frozen=True, slots=True)
class Trial:
    """How far the acts have brought a run."""

    run: Run
    turns: list[int]
    """How many events there were after the start and after each act."""
    lines: list[int]
    """How many lines of the transcript there were then."""


def play(
    definition: ProcessDefinition,
    start: str,
    variables: Mapping[str, Value],
    acts: Sequence[Act],
    *,
    now: int,
    decisions: Decisions,
) -> Trial:
    """Start a run and do the acts.

    Arguments:
        start: the id of the start event.
        now: the virtual time at the start, in epoch milliseconds.

    Raises:
        TooMuch: it takes more than one trial is given.
        NotWaiting: an act is about something that is not awaited then.
        Rejected: an act cannot be done then.
        ValueError: a duration is none.
    """
    run = BoundedRun(definition, now=now, loop_limit=LOOP_LIMIT, decisions=decisions)
    run.deadline = time.monotonic() + LONGEST_S
    run.start_at(start, None, **variables)
    trial = Trial(run, [len(run.events)], [len(run.transcript())])
    for act in acts:
        _do(run, act)
        trial.turns.append(len(run.events))
        trial.lines.append(len(run.transcript()))
    return trial


def _do(run: Run, act: Act) -> None:
    values = dict(act.variables or {})
    match act.kind:
        case "job":
            run.complete_job(act.at, **values)
        case "fail":
            run.fail_job(act.at, act.message or "it failed", retries=0)
        case "error":
            run.throw_error(act.at, act.code, act.message, **values)
        case "task":
            run.complete_task(act.at, **values)
        case "call":
            run.complete_call(act.at, **values)
        case "message":
            run.correlate(act.at, **values)
        case "signal":
            run.signal(act.at, **values)
        case "elapse":
            run.advance_to(
                max([run.now, *(it.due for it in run.awaited() if it.due and it.element == act.at)])
            )
        case "advance":
            run.advance(act.duration)
        case "begin":
            run.begin(act.at, **values)
        case "retry":
            run.resolve(act.at, None, **values)
        case "set":
            run.set_variables(act.at or None, **values)
