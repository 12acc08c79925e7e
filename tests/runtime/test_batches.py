"""Batches: they are stopped between slices, and go on after a restart."""

from __future__ import annotations

import pytest

from penstock.kernel import commands as c
from penstock.runtime import batches
from penstock.runtime.batches import make, run_slices
from penstock.store import batches as store
from penstock.store.batches import BatchRow, Selection
from tests.bpmn.models import around
from tests.runtime.conftest import START, Server

pytestmark = pytest.mark.anyio

WAITING = around('<userTask id="x"/>')
CANCEL_ALL = BatchRow(
    "b-1",
    "cancel",
    c.CancelInstance(),
    Selection(START + 1, status=["active"]),
    "running",
    0,
    0,
    0,
    None,
    "1",
    START,
    None,
)


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
    await server.runtime._write(make, CANCEL_ALL, None)
    assert one_slice(server)
    stopped = await server.runtime.stop_batch("b-1")
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
    await server.runtime._write(make, CANCEL_ALL, None)
    assert one_slice(server)
    server.restart()
    await server.advance(0)
    found = await server.runtime.read(store.find, "b-1")
    assert found is not None
    assert (found.state, found.done) == ("completed", 5)


async def test_one_instance_that_cannot_be_does_not_stop_the_others(server: Server) -> None:
    await server.deploy(WAITING)
    first, second = await server.start(), await server.start()
    await server.runtime._write(make, CANCEL_ALL, None)
    assert len({first.id, second.id}) == 2

    def answers(requests: object) -> list[object]:
        return [RuntimeError("a fault"), first]

    runtime = server.runtime
    run_slices(runtime._database, runtime.dispatcher, runtime.definitions, runtime.clock, answers)  # type: ignore[arg-type]
    found = await runtime.read(store.find, "b-1")
    assert found is not None
    assert (found.done, found.rejected) == (1, 1)
