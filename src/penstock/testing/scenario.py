"""A process, what is done to it, and what it must do: one text, played and compared.

First the process in the notation. Then actions, each on a line that begins with `> `, and indented under it
what must happen: the transcript's lines, and what the instance waits for then. Lines that begin with # are
comments. `play` gives the text as it should read, so a test is `assert play(text) == text`, and writing what
`play` gives to the file is how an expectation is made or renewed.

    process pay
    start -> pay -> done
    job pay: transfer

    > start {amount: 12}
      start at start: amount = 12
      ...
      waits for: job pay
    > complete job pay {receipt: "r-1"}
      ...
      is completed

The actions; VARIABLES is a FEEL context, and may be left out:

    > start [at START] [as BUSINESS_KEY] VARIABLES
    > complete job NAME VARIABLES
    > complete task NAME VARIABLES
    > fail NAME ["message"] [retries N] [backoff DURATION]
    > throw CODE at NAME ["message"] VARIABLES
    > start called [catching CODE] VARIABLES      as an instance that another one called
    > complete call NAME [ending loop | ending all] VARIABLES      the called instance has completed
    > complete call NAME undoable VARIABLES     it has completed, and something in it may be undone
    > undo called NAME VARIABLES                the instance was called, and the activity is undone
    > throw CODE from call NAME VARIABLES       it was ended by an error
    > escalate CODE from call NAME [ended]      it threw an escalation, and goes on or was ended by that
    > start called catching [interrupting] escalation CODE VARIABLES
    > refuse call NAME ["message"]              there is no such process
    > begin NAME VARIABLES                     an activity of an ad-hoc sub-process
    > assign NAME to WHO | assign NAME to nobody | claim NAME for WHO
    > update NAME VARIABLES                     attributes of a user task
    > complete listener NAME VARIABLES          of a task: what it corrects; the job of any other is completed
    > deny NAME ["message"]                     by a listener of a task
    > advance DURATION
    > resolve NAME [N tries] VARIABLES
    > retry all [N tries] VARIABLES             every open incident
    > message NAME VARIABLES    the message comes for which the event or receive task waits
    > signal NAME VARIABLES
    > trigger NAME VARIABLES    the operator lets the event happen
    > set [in SUB_PROCESS] VARIABLES
    > decision NAME = EXPRESSION      from now on there is such a decision, or it is another one
    > cancel
    > suspend
    > resume
    > modify [activate NAME, NAME] [terminate NAME, NAME] VARIABLES
    > repeat                    the last command again, as after a crash
    > limit loop N | limit slice N      before the start: steps without an action, steps a command
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from penstock import feel
from penstock.bpmn.iso import parse_duration
from penstock.kernel import InstanceState, Rejected
from penstock.kernel.commands import Activation, Caller
from penstock.kernel.definition import Reach
from penstock.kernel.state import ROOT
from penstock.testing.decisions import ExpressionDecisions
from penstock.testing.notation import process
from penstock.trial.run import Run

_ACTION: Final = "> "
_DECISION: Final = re.compile(r"> decision (?P<name>\S+) = (?P<expression>.+)")
_MESSAGE: Final = r'(?: "(?P<message>[^"]*)")?'


class ScenarioError(ValueError):
    """An action cannot be read or carried out; the message names its line."""


def play(text: str) -> str:
    """Play the scenario, and give its text with what really happened under each action.

    Raises:
        NotationError: the process is not in the notation.
        ScenarioError: an action is none, or the instance does not wait for what it names.
    """
    lines = text.splitlines()
    first = next((at for at, line in enumerate(lines) if line.startswith(_ACTION)), len(lines))
    definition = process("\n".join(lines[:first]))
    limits: dict[str, int] = {}
    decisions = ExpressionDecisions()
    run: Run | None = None
    played = lines[:first]
    for number, line in enumerate(lines[first:], first + 1):
        if line.startswith("  "):
            continue
        played.append(line)
        if line.startswith("> limit "):
            limits |= _limit(number, line)
        elif (match := _DECISION.fullmatch(line)) is not None:
            decisions.put(match["name"], match["expression"])
        elif line.startswith(_ACTION):
            run = run or Run(definition, reload=True, decisions=decisions, **limits)
            played += [f"  {said}" for said in _act(run, number, line.removeprefix(_ACTION).strip())]
    return "\n".join(played) + "\n"


def _limit(number: int, line: str) -> dict[str, int]:
    match = re.fullmatch(r"> limit (loop|slice) (\d+)", line)
    if match is None:
        raise ScenarioError(f"line {number}: a limit is written `limit loop N` or `limit slice N`")
    return {f"{match[1]}_limit": int(match[2])}


def _act(run: Run, number: int, action: str) -> list[str]:
    before = len(run.transcript())
    try:
        _do(run, number, action)
    except Rejected as rejected:
        return [f"rejected ({rejected.kind}): {rejected.message}"]
    except LookupError as error:
        raise ScenarioError(f"line {number}: {error}") from error
    return [*run.transcript()[before:], _stands(run)]


def _do(run: Run, number: int, action: str) -> None:
    text, variables = _variables(number, action)
    for pattern, do in _ACTIONS.items():
        match = re.fullmatch(pattern, text)
        if match is not None:
            do(run, {name: said for name, said in match.groupdict().items() if said is not None}, variables)
            return
    raise ScenarioError(f"line {number}: `{action}` is no action")


def _variables(number: int, action: str) -> tuple[str, Mapping[str, object]]:
    """Cut the FEEL context from the end of an action."""
    text, brace, inside = action.partition("{")
    if not brace:
        return text.strip(), {}
    try:
        variables = feel.evaluate("{" + inside)
    except feel.FeelError as error:
        raise ScenarioError(f"line {number}: {error}") from error
    if not isinstance(variables, dict):
        raise ScenarioError(f"line {number}: `{{{inside}` is no FEEL context such as {{amount: 12}}")
    return text.strip(), variables


def _stands(run: Run) -> str:
    if run.state is InstanceState.ACTIVE:
        return f"waits for: {', '.join(run.waiting)}"
    return f"is {run.state.value}"


# -- the actions -----------------------------------------------------------------------------------

_Said = Mapping[str, Any]
_Variables = Mapping[str, object]


def _start(run: Run, said: _Said, variables: _Variables) -> None:
    run.start_at(said.get("start", run.definition.starts[0]), said.get("key"), **variables)


def _fail(run: Run, said: _Said, _variables: _Variables) -> None:
    retries = int(said["retries"]) if "retries" in said else None
    backoff = parse_duration(said["backoff"]).milliseconds if "backoff" in said else None
    run.fail_job(said["name"], said.get("message", "it failed"), retries=retries, backoff=backoff)


def _throw(run: Run, said: _Said, variables: _Variables) -> None:
    run.throw_error(said["name"], said["code"], said.get("message", ""), **variables)


def _assign(run: Run, said: _Said, _variables: _Variables) -> None:
    run.assign_task(said["name"], None if said["who"] == "nobody" else said["who"])


def _resolve(run: Run, said: _Said, variables: _Variables) -> None:
    run.resolve(said["name"], int(said["tries"]) if "tries" in said else None, **variables)


def _retry_all(run: Run, said: _Said, variables: _Variables) -> None:
    run.resolve_all(int(said["tries"]) if "tries" in said else None, **variables)


def _modify(run: Run, said: _Said, variables: _Variables) -> None:
    activate = [Activation(name.strip(), None, dict(variables)) for name in _names(said.get("on"))]
    run.modify(activate=activate, terminate=[name.strip() for name in _names(said.get("off"))])


def _names(text: str | None) -> list[str]:
    return [] if text is None else text.split(",")


def _throw_from_call(run: Run, said: _Said, variables: _Variables) -> None:
    run.throw_call_error(said["name"], said["code"], **variables)


def _refuse_call(run: Run, said: _Said, _variables: _Variables) -> None:
    run.fail_call(said["name"], said.get("message", "there is no such process"))


_REACHES: Final[dict[str | None, Reach]] = {None: "scope", "loop": "loop", "all": "instance"}


def _complete_call(run: Run, said: _Said, variables: _Variables) -> None:
    reach = _REACHES[said.get("reach")]
    run.complete_call(said["name"], reach, "undoable" in said, **variables)


def _start_called(run: Run, said: _Said, variables: _Variables) -> None:
    run.start_called(*([said["code"]] if "code" in said else []), **variables)


def _start_escalating(run: Run, said: _Said, variables: _Variables) -> None:
    caller = Caller("caller", ROOT, 1, 2, 1, escalations={said["code"]: "interrupting" in said})
    run.start_from(caller, **variables)


_ACTIONS: Final[dict[str, Callable[[Run, _Said, _Variables], None]]] = {
    r"start called(?: catching (?P<code>\S+))?": _start_called,
    r"complete call (?P<name>\S+)(?: ending (?P<reach>loop|all))?(?P<undoable> undoable)?": _complete_call,
    r"undo called (?P<name>\S+)": lambda run, said, variables: run.undo_called(said["name"], **variables),
    r"throw (?P<code>\S+) from call (?P<name>\S+)": _throw_from_call,
    r"escalate (?P<code>\S+) from call (?P<name>\S+?)(?P<ended> ended)?": lambda run, said, _: (
        run.throw_call_escalation(said["name"], said["code"], ended="ended" in said)
    ),
    r"start called catching (?P<interrupting>interrupting )?escalation (?P<code>\S+)": _start_escalating,
    rf"refuse call (?P<name>\S+){_MESSAGE}": _refuse_call,
    r"begin (?P<name>\S+)": lambda run, said, variables: run.begin(said["name"], **variables),
    r"start(?: at (?P<start>\S+))?(?: as (?P<key>\S+))?": _start,
    r"complete job (?P<name>\S+)": lambda run, said, variables: run.complete_job(said["name"], **variables),
    r"complete task (?P<name>\S+)": lambda run, said, variables: run.complete_task(said["name"], **variables),
    rf"fail (?P<name>\S+){_MESSAGE}(?: retries (?P<retries>\d+))?(?: backoff (?P<backoff>\S+))?": _fail,
    rf"throw (?P<code>\S+) at (?P<name>\S+){_MESSAGE}": _throw,
    r"assign (?P<name>\S+) to (?P<who>\S+)": _assign,
    r"claim (?P<name>\S+) for (?P<who>\S+)": lambda run, said, _: run.assign_task(
        said["name"], said["who"], claim=True
    ),
    r"update (?P<name>\S+)": lambda run, said, variables: run.update_task(said["name"], **variables),
    r"complete listener (?P<name>\S+)": lambda run, said, variables: run.complete_listener(
        said["name"], **variables
    ),
    rf"deny (?P<name>\S+){_MESSAGE}": lambda run, said, _: run.complete_listener(
        said["name"], said.get("message", "not now")
    ),
    r"advance (?P<duration>\S+)": lambda run, said, _: run.advance(said["duration"]),
    r"resolve (?P<name>\S+)(?: (?P<tries>\d+) tr(?:y|ies))?": _resolve,
    r"retry all(?: (?P<tries>\d+) tr(?:y|ies))?": _retry_all,
    r"set(?: in (?P<name>\S+))?": lambda run, said, variables: run.set_variables(
        said.get("name"), **variables
    ),
    r"message (?P<name>\S+)": lambda run, said, variables: run.correlate(said["name"], **variables),
    r"signal (?P<name>\S+)": lambda run, said, variables: run.signal(said["name"], **variables),
    r"trigger (?P<name>\S+)": lambda run, said, variables: run.trigger(said["name"], **variables),
    r"cancel": lambda run, _said, _variables: run.cancel(),
    r"suspend": lambda run, _said, _variables: run.suspend(),
    r"resume": lambda run, _said, _variables: run.resume(),
    r"modify(?: activate (?P<on>[^{]+?))??(?: terminate (?P<off>[^{]+?))?": _modify,
    r"repeat": lambda run, _said, _variables: run.send(run.commands[-1][0]),
}
