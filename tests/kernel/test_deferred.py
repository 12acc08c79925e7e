"""What an instance left for later, when somebody acts before it goes on."""

from __future__ import annotations

import pytest

from penstock.kernel import InstanceState, ProcessInstance, advance, commands as c, events as e
from penstock.kernel.definition import ProcessDefinition
from penstock.testing import START, process
from penstock.trial.saved import Saved

PROCESS = process("""
start -> pack -> done
sub pack
    start_pack -> fork+
    fork+ -> a -> b -> join+
    fork+ -> x -> y -> join+
    join+ -> box -> done_pack
    task a
    task b
    task x
    task y
    job box
on pack: timer late after PT1M -> done
""")

RACE = process("""
start -> stop
start -> a -> done
start -> b -> done
start -> c -> done
end stop terminate
task a
task b
task c
""")


class Stepwise:
    """An instance that is saved and loaded around every command, and goes on only when it is told to."""

    def __init__(self, slice_limit: int, definition: ProcessDefinition = PROCESS) -> None:
        self.definition = definition
        self.slice_limit = slice_limit
        self.instance = ProcessInstance("stepwise", "process")
        self.events: list[e.Event] = []
        self._saved = Saved()

    def send(self, command: c.Command) -> None:
        if self.events:
            self.instance = self._saved.load()
        outcome = advance(self.definition, self.instance, command, START, slice_limit=self.slice_limit)
        self.events += outcome.events
        self._saved.save(self.instance, command, outcome.events)

    def go_on(self) -> None:
        while self.instance.agenda:
            self.send(c.Continue())


@pytest.mark.parametrize("slice_limit", range(3, 14))
def test_what_was_planned_in_a_sub_process_goes_with_it_when_it_is_interrupted(slice_limit: int) -> None:
    run = Stepwise(slice_limit)
    run.send(c.StartInstance("start", {}))
    timer = next(event for event in run.events if isinstance(event, e.TimerOpened))
    assert run.instance.agenda, "the case needs something that was left for later"
    run.send(c.FireTimer(timer.scope, timer.owner, timer.key))
    run.go_on()
    assert run.instance.state is InstanceState.COMPLETED
    assert not any(isinstance(event, e.JobOpened) for event in run.events)


@pytest.mark.parametrize("slice_limit", range(1, 14))
def test_what_was_planned_is_dropped_when_the_instance_is_cancelled(slice_limit: int) -> None:
    run = Stepwise(slice_limit)
    run.send(c.StartInstance("start", {}))
    run.send(c.CancelInstance())
    assert run.instance.state is InstanceState.CANCELLED
    assert run.instance.agenda == []
    assert isinstance(run.events[-1], e.InstanceCancelled)


@pytest.mark.parametrize("slice_limit", range(1, 9))
def test_an_instance_that_has_ended_leaves_nothing_for_later(slice_limit: int) -> None:
    run = Stepwise(slice_limit, RACE)
    run.send(c.StartInstance("start", {}))
    run.go_on()
    assert run.instance.state is InstanceState.COMPLETED
    assert isinstance(run.events[-1], e.InstanceCompleted)


def test_what_was_planned_is_taken_up_by_whatever_command_comes_next() -> None:
    run = Stepwise(3)
    run.send(c.StartInstance("start", {}))
    run.send(c.SetVariables({"a": 1}))
    run.go_on()
    assert any(isinstance(event, e.JobOpened) for event in run.events)


def test_going_on_with_nothing_planned_changes_nothing() -> None:
    run = Stepwise(100)
    run.send(c.StartInstance("start", {}))
    before = len(run.events)
    run.send(c.Continue())
    assert len(run.events) == before
