"""A timer that could not be fired is an incident beside what its element does: neither loses the other."""

from __future__ import annotations

from penstock.kernel import InstanceState, commands as c, events as e
from penstock.testing import Run, process

APPROVE = """
start -> approve -> done
user approve
on approve: timer late after PT1H -> refuse -> done
task refuse
"""

PAY = """
start -> pay -> done
job pay: transfer retries 1
on pay: timer late after PT1H -> refuse -> done
task refuse
"""


def failing(body: str) -> tuple[Run, e.TimerOpened]:
    """Give a run whose timer has failed, and that timer."""
    run = Run(process(body))
    run.start()
    [timer] = opened(run)
    run.send(c.FailTimer(timer.scope, timer.owner, timer.key, "a fault"))
    return run, timer


def opened(run: Run) -> list[e.TimerOpened]:
    return [event for event in run.events if isinstance(event, e.TimerOpened)]


def test_the_incident_of_a_timer_is_closed_when_its_activity_completes() -> None:
    run, _ = failing(APPROVE)
    assert run.instance.incidents == 1
    run.complete_task("approve")
    assert (run.state, run.instance.incidents) == (InstanceState.COMPLETED, 0)


def test_a_timer_whose_incident_is_resolved_is_opened_again_and_due_at_once() -> None:
    run, timer = failing(APPROVE)
    run.resolve("approve")
    again = opened(run)[-1]
    assert (again.element, again.due, again.key != timer.key) == ("late", run.now, True)
    run.advance()
    assert run.state is InstanceState.COMPLETED


def test_an_activity_that_fails_takes_the_place_of_its_timers_incident_and_the_timer_stays_open() -> None:
    run, _ = failing(PAY)
    run.fail_job("pay", "refused")
    assert run.instance.incidents == 1
    assert opened(run)[-1].due == run.now
    run.resolve("pay")
    run.complete_job("pay")
    assert (run.state, run.instance.incidents) == (InstanceState.COMPLETED, 0)
