"""Large multi-instances: they are cut into parts, and an instance that ends touches its own part only."""

from __future__ import annotations

import pytest

from penstock.kernel import InstanceState, events as e
from penstock.kernel.items import WIDTH
from penstock.kernel.state import ROOT
from penstock.testing import Run, process

PARALLEL = "start -> pay -> done\njob pay\neach pay: bill in bills give receipts = receipt\n"
IN_TURN = "start -> pay -> done\njob pay\neach pay: bill in bills in turn give receipts = receipt\n"
SUB = """
    start -> handle -> done
    sub handle
        start_handle -> pay -> done_handle
        job pay
    each handle: bill in bills give receipts = receipt
"""
LAST = 2 * WIDTH + 50


@pytest.mark.parametrize("text", [PARALLEL, IN_TURN, SUB])
def test_each_of_many_is_done_once_and_collected_in_order(text: str) -> None:
    run = Run(process(text), reload=True)
    run.start(bills=list(range(LAST)))
    while run.state is InstanceState.ACTIVE:
        job = next(what for what in run.waiting if what.startswith("job")).removeprefix("job ")
        scope, element, key = run._job(job)
        bill = _bill(run, scope, element)
        run.complete_job(job, receipt=bill * 10)
        assert key
    assert run.variables["receipts"] == [number * 10 for number in range(LAST)]
    assert list(run.instance.scopes) == [ROOT]


def _bill(run: Run, scope: int, element: int) -> int:
    found = run.instance.find(scope, element)
    assert found is not None
    own = (found.variables or {}).get("bill")
    inner = run.instance.scope(scope)
    assert inner is not None
    return int(str(inner.variables["bill"] if own is None else own))


def test_an_instance_that_ends_touches_its_own_part_and_no_other() -> None:
    run = Run(process(PARALLEL))
    run.start(bills=list(range(LAST)))
    before = len(run.events)
    run.complete_job(f"pay#{LAST}", receipt=1)
    touched = {event.scope for event in run.events[before:] if not isinstance(event, e.VariablesSet)}
    assert len(touched) == 1
    part = run.instance.scopes[touched.pop()]
    assert len(part.elements) == 50 - 1 or len(part.elements) == WIDTH - 1


def test_a_completion_condition_ends_the_parts_that_have_not_begun() -> None:
    text = PARALLEL.strip() + " until numberOfCompletedInstances > 1\n"
    run = Run(process(text), slice_limit=20)
    run.start(bills=list(range(LAST)))
    for _ in range(2):
        run.complete_job("pay", receipt=1)
    assert run.state is InstanceState.COMPLETED
    assert run.variables["receipts"] == [1, 1] + [None] * (LAST - 2)


def test_a_large_multi_instance_is_cancelled_whole() -> None:
    run = Run(process(PARALLEL), reload=True)
    run.start(bills=list(range(LAST)))
    run.cancel()
    assert (run.state, run.instance.jobs) == (InstanceState.CANCELLED, 0)


def test_what_an_instance_costs_does_not_grow_with_their_number() -> None:
    events = {}
    for many in (WIDTH * 2, WIDTH * 8):
        run = Run(process(PARALLEL))
        run.start(bills=[1] * many)
        begun = len(run.events)
        run.complete_job("pay", receipt=1)
        events[many] = (len(run.events) - begun, begun / many)
    (few, each_of_few), (more, each_of_more) = events.values()
    assert few == more
    assert each_of_more <= each_of_few
