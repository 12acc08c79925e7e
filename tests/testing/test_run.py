"""A run in virtual time: what may be done, what there is to see, and what it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from penstock.kernel import commands as c, events as e
from penstock.testing import START, InstanceState, NotWaiting, Rejected, Run, process
from penstock.trial.saved import Saved

CLAIM = process("""
    start -> pay -> approve -> wait -> done
    job pay retries 1
    user approve
    on approve: timer remind after PT30M (non-interrupting) -> tell -> done
    task tell
    timer wait: after PT1H
""")

PARALLEL = process("""
    start -> a
    start -> a
    a -> done
    job a
""")


@pytest.mark.parametrize("reload", [False, True])
def test_an_instance_is_taken_through_all_that_it_waits_for(reload: bool) -> None:
    run = Run(CLAIM, reload=reload)
    assert (run.state, run.waiting, run.transcript()) == (InstanceState.NEW, (), [])
    run.start(amount=Decimal("12.50"))
    assert run.waiting == ("job pay",)
    run.fail_job("pay", "no network")
    assert run.waiting == ("incident pay",)
    run.resolve("pay", 2, amount=12)
    run.complete_job("pay", receipt="r-1")
    assert run.waiting == ("user task approve", "timer remind on approve")
    run.assign_task("approve", "ana")
    run.complete_task("approve", approved=True)
    run.set_variables(note="late")
    run.advance("PT59M59S")
    assert run.waiting == ("timer wait",)
    run.advance("PT1S")
    assert (run.state, run.waiting) == (InstanceState.COMPLETED, ())
    assert run.variables == {"amount": 12, "receipt": "r-1", "approved": True, "note": "late"}
    assert run.now == START + 3_600_000
    assert len(run.transcript()) == len(run.events)


def test_timers_fire_in_order_and_at_their_own_moment() -> None:
    run = Run(CLAIM, now=0)
    run.start()
    run.complete_job("pay")
    run.advance("P1D")
    fired = [(now, command) for command, now in run.commands if isinstance(command, c.FireTimer)]
    assert [now for now, _ in fired] == [1_800_000]
    assert run.now == 86_400_000
    run.complete_task("approve")
    run.advance("P1D")
    assert run.state is InstanceState.COMPLETED
    assert run.instance.ended_at == 86_400_000 + 3_600_000


def test_of_several_instances_of_an_element_the_oldest_is_meant_or_the_one_that_is_named() -> None:
    run = Run(PARALLEL)
    run.start()
    assert run.waiting == ("job a", "job a#2")
    run.complete_job("a#2")
    assert run.waiting == ("job a",)
    run.complete_job("a")
    assert run.state is InstanceState.COMPLETED


def test_what_is_not_waited_for_is_refused_with_what_is() -> None:
    run = Run(CLAIM)
    with pytest.raises(
        NotWaiting, match="there is no job at 'pay'; the instance waits for: nothing, it is new"
    ):
        run.complete_job("pay")
    run.start()
    with pytest.raises(
        NotWaiting, match="there is no user task at 'approve'; the instance waits for: job pay"
    ):
        run.complete_task("approve")
    run.cancel()
    with pytest.raises(NotWaiting, match="nothing, it is cancelled"):
        run.complete_job("pay")


def test_a_rejected_command_is_not_kept() -> None:
    run = Run(CLAIM)
    run.start()
    before = (list(run.events), list(run.commands))
    with pytest.raises(Rejected):
        run.start()
    assert (run.events, run.commands) == before


def test_variables_are_taken_from_python() -> None:
    @dataclass
    class Order:
        id: str
        lines: tuple[int, ...]

    run = Run(CLAIM)
    run.start(order=Order("o-1", (1, 2)))
    assert run.variables == {"order": {"id": "o-1", "lines": [1, 2]}}
    with pytest.raises(TypeError):
        run.set_variables(order=object())


def test_a_change_of_a_scope_without_an_event_is_found_when_it_is_saved() -> None:
    run = Run(process("start -> s -> done\nsub s\n    start_s -> a -> done_s\n    job a"), reload=True)
    run.start()
    saved = Saved()
    saved.save(run.instance, run.commands[0][0], run.events)
    inner = next(event.owner for event in run.events if isinstance(event, e.ScopeOpened))
    run.instance.scopes[inner].variables["sneaky"] = 1
    with pytest.raises(AssertionError, match="changed without an event"):
        saved.save(run.instance, c.Continue(), [])
