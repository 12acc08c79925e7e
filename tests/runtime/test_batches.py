"""Batches: they are stopped between slices, and go on after a restart."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import OperationalError

from penstock.kernel import commands as c
from penstock.runtime import batches
from penstock.runtime.batches import make, run_slices, stop
from penstock.runtime.progress import Progress
from penstock.runtime.requests import Answer, Request
from penstock.runtime.scheduler import Scheduler
from penstock.runtime.transaction import Transaction
from penstock.store import batches as store, instances
from penstock.store.batches import BatchRow
from penstock.store.instances import Conditions
from penstock.store.rows import InstanceRow
from tests.bpmn.models import around
from tests.runtime.conftest import START, Server
from tests.runtime.counting import counted, written

pytestmark = pytest.mark.anyio

WAITING = around('<userTask id="x"/>')
CANCEL_ALL = BatchRow(
    "b-1",
    "cancel",
    c.CancelInstance(),
    Conditions(started_until=START + 1, status=["active"]),
    "running",
    0,
    0,
    0,
    None,
    "1",
    START,
    None,
)
START_AGAIN = c.StartAtElement("", {})


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the slices to the tests; one that wants the scheduler to find batches by itself undoes this."""
    monkeypatch.setattr(Scheduler, "_run_batches", lambda _self: False)


def one_slice(server: Server) -> bool:
    """Deal with one slice, as the scheduler does."""
    runtime = server.runtime
    return run_slices(
        runtime._database,
        runtime.dispatcher,
        runtime.definitions,
        runtime.clock,
        runtime._scheduler._answers,
    )


async def test_a_batch_that_was_stopped_does_no_more(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SLICE", 2)
    await server.deploy(WAITING)
    for _ in range(5):
        await server.start()
    await server.runtime.write(make, CANCEL_ALL, None)
    assert one_slice(server)
    stopped = await server.runtime.write(stop, "b-1", server.runtime.clock.now())
    assert (stopped.state, stopped.total, stopped.done) == ("stopped", 5, 2)
    assert not one_slice(server)
    found = await server.runtime.read(store.find, "b-1")
    assert found is not None
    assert (found.state, found.done, found.ended_at) == ("stopped", 2, START)


async def test_a_batch_goes_on_after_a_restart(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SLICE", 2)
    await server.deploy(WAITING)
    for _ in range(5):
        await server.start()
    await server.runtime.write(make, CANCEL_ALL, None)
    assert one_slice(server)
    monkeypatch.undo()
    server.restart()
    await server.advance(0)
    found = await server.runtime.read(store.find, "b-1")
    assert found is not None
    assert (found.state, found.done) == ("completed", 5)


async def progress(server: Server) -> tuple[str, int, int]:
    found = await server.runtime.read(store.find, "b-1")
    assert found is not None
    return found.state, found.done, found.rejected


async def test_one_instance_that_cannot_be_does_not_stop_the_others(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.deploy(WAITING)
    started = [await server.start() for _ in range(4)]
    await server.runtime.write(make, CANCEL_ALL, None)
    carry_out = Transaction._carry_out

    def poisoned(self: Transaction, connection: Any, request: Request, writes: Any) -> InstanceRow:
        if request.instance_id == started[1].id:
            raise RuntimeError("a fault")
        return carry_out(self, connection, request, writes)

    monkeypatch.setattr(Transaction, "_carry_out", poisoned)
    while one_slice(server):
        pass
    assert await progress(server) == ("completed", 3, 1)
    rows = [await server.runtime.read(instances.find, row.id) for row in started]
    assert [row.status for row in rows if row] == ["cancelled", "active", "cancelled", "cancelled"]


async def test_a_slice_that_is_sent_twice_is_done_and_counted_once(server: Server) -> None:
    """As when the server dies between a slice and the next look, or when two look at once."""
    await server.deploy(WAITING)
    for _ in range(3):
        await server.start()
    await server.runtime.write(make, replace(CANCEL_ALL, operation="restart", command=START_AGAIN), None)
    sent: list[Request] = []
    runtime = server.runtime

    def send(requests: Sequence[Request]) -> list[Answer]:
        sent[:] = requests
        runtime._scheduler._answers(requests)
        return runtime._scheduler._answers(requests)

    run_slices(runtime._database, runtime.dispatcher, runtime.definitions, runtime.clock, send)
    assert len(sent) == 3
    assert await progress(server) == ("running", 3, 0)
    assert await runtime.read(instances.count, Conditions(started_until=START + 1)) == 6


async def test_what_a_commit_loses_is_done_again_and_what_it_keeps_is_counted(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.deploy(WAITING)
    for _ in range(3):
        await server.start()
    await server.runtime.write(make, CANCEL_ALL, None)
    flush, fails = Progress.flush, iter([True])

    def broken(self: Progress) -> None:
        flush(self)
        if next(fails, False):
            raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    monkeypatch.setattr(Progress, "flush", broken)
    assert one_slice(server)
    assert await progress(server) == ("running", 3, 0)


async def test_a_batch_that_is_stopped_within_a_slice_does_no_more_of_it(server: Server) -> None:
    await server.deploy(WAITING)
    for _ in range(4):
        await server.start()
    await server.runtime.write(make, CANCEL_ALL, None)
    runtime = server.runtime

    def send(requests: Sequence[Request]) -> list[Answer]:
        first = runtime._scheduler._answers(requests[:1])
        runtime.dispatcher.transact(lambda writer: stop(writer, "b-1", START)).result()
        return first + runtime._scheduler._answers(requests[1:])

    run_slices(runtime._database, runtime.dispatcher, runtime.definitions, runtime.clock, send)
    assert await progress(server) == ("stopped", 1, 0)
    assert await runtime.read(instances.count, Conditions(started_until=START + 1, status=["active"])) == 3


async def test_a_batch_over_many_loads_them_many_by_one_statement_and_looks_for_each_slice_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    await server.deploy(WAITING)
    await asyncio.gather(*(server.start() for _ in range(4 * batches.SLICE)))
    with counted() as read, written() as wrote:
        await server.runtime.make_batch(CANCEL_ALL, None)
        await server.advance(0)
    found = await server.runtime.read(store.find, "b-1")
    assert found is not None
    assert (found.state, found.done) == ("completed", 4 * batches.SLICE)
    loads = [statement for statement in read if re.search("FROM (instance|unnest)", statement)]
    assert len(loads) <= 4 * (batches.SLICE // 32 + 2) + 10, "by at most so many as slices make of it"
    journal = next(rows for statement, rows in wrote.items() if "INTO journal" in statement)
    assert sum(journal) == 4 * batches.SLICE
    assert len(journal) <= 4 * 2 + 2, "a slice is a transaction or two"
