"""What holds the engine together, where no process can show it."""

from __future__ import annotations

from typing import get_args

import pytest

from penstock.kernel import (
    Failure,
    InstanceState,
    ProcessInstance,
    Scope,
    advance,
    commands as c,
    events as e,
)
from penstock.kernel.changes import apply
from penstock.kernel.definition import Element, Kind
from penstock.kernel.elements.behaviour import Behaviour
from penstock.kernel.elements.table import BEHAVIOURS
from penstock.kernel.handlers import HANDLERS, LONGEST_BACKOFF
from penstock.kernel.state import ROOT, ElementInstance
from penstock.kernel.step import Step
from penstock.testing import START, Run, process

TASK = process("start -> work -> done\ntask work")
JOB = process("start -> pay -> done\njob pay retries 40")


def _start() -> c.StartInstance:
    return c.StartInstance("start", {})


def test_an_instance_that_is_held_at_its_start_does_nothing_until_it_is_resumed() -> None:
    run = Run(process("start -> a -> done\nuser a"), reload=True)
    run.send(c.StartInstance("start", {"n": 1}, held=True))
    assert run.state is InstanceState.SUSPENDED
    assert run.waiting == ()
    run.resume()
    assert run.waiting == ("user task a",)


def test_every_command_has_a_handler() -> None:
    assert set(HANDLERS) == set(get_args(c.Command))


def test_a_phase_that_fails_after_it_has_changed_something_is_a_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def too_late(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
        step.emit(e.VariablesSet(ROOT, None, {"a": 1}))
        raise Failure("expression", "too late")

    monkeypatch.setitem(BEHAVIOURS, Kind.TASK, Behaviour(activate=too_late))
    with pytest.raises(AssertionError, match="'work' failed after it had emitted"):
        advance(TASK, ProcessInstance("i", "d"), _start(), START)


def test_what_is_no_failure_of_the_model_is_no_incident(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setitem(BEHAVIOURS, Kind.TASK, Behaviour(activate=broken))
    with pytest.raises(KeyError):
        advance(TASK, ProcessInstance("i", "d"), _start(), START)


def test_an_event_that_is_none_is_refused_loudly() -> None:
    run = Run(JOB)
    run.start()
    with pytest.raises(AssertionError, match="no rule for"):
        apply(run.instance, object(), START)  # type: ignore[arg-type]


def test_the_pause_before_a_further_try_doubles_up_to_a_bound() -> None:
    run = Run(JOB)
    run.start()
    for _ in range(30):
        run.fail_job("pay")
    pauses = [event.due - START for event in run.events if isinstance(event, e.JobFailed) and event.due]
    assert pauses[:4] == [1_000, 2_000, 4_000, 8_000]
    assert pauses[-1] == LONGEST_BACKOFF
    assert pauses == sorted(pauses)


def test_a_scope_is_loaded_when_it_is_first_asked_for_and_not_again() -> None:
    asked: list[int] = []

    def load(key: int) -> Scope | None:
        asked.append(key)
        return Scope(key) if key == 5 else None

    instance = ProcessInstance("i", "d", load)
    found = instance.scope(5)
    assert found == Scope(5)
    assert instance.scope(5) is found
    assert asked == [5]
    assert instance.find(6, 1) is None


def test_a_loop_leaves_nothing_of_its_rounds_in_the_state() -> None:
    run = Run(process("start -> ask -> again?\nagain? -[again]-> ask\nagain? -default-> done\nuser ask"))
    run.start()
    for _ in range(50):
        run.complete_task("ask", again=True)
    root = run.instance.scopes[ROOT]
    assert [element.element for element in root.elements.values()] == ["ask"]
    assert (root.variables, root.joins, list(run.instance.scopes)) == ({"again": True}, {}, [ROOT])
