"""Much at once in the runtime: what a step reads and writes does not grow with the rest."""

from __future__ import annotations

import asyncio
import re

import pytest
import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.runtime.requests import BroadcastSignal, Request
from penstock.store import due, instances, timers, user_tasks
from penstock.store.instances import Conditions
from penstock.store.tables import large_variable
from tests.bpmn.models import around, flow
from tests.runtime.conftest import Server
from tests.runtime.counting import bytes_written, counted, plan_of, written

pytestmark = pytest.mark.anyio

EACH = around(
    '<serviceTask id="x"><extensionElements><zeebe:taskDefinition type="pack"/></extensionElements>'
    '<multiInstanceLoopCharacteristics isSequential="false"><extensionElements>'
    '<zeebe:loopCharacteristics inputCollection="=items" inputElement="item" outputCollection="results" '
    'outputElement="=item"/></extensionElements></multiInstanceLoopCharacteristics></serviceTask>'
)


async def test_leasing_many_jobs_of_an_instance_loads_it_once(server: Server) -> None:
    await server.deploy(EACH)
    await server.start(items=list(range(90)))
    with counted() as statements:
        jobs = await server.runtime.activate_jobs(["pack"], limit=50, lease_ms=1000, worker="w")
    assert [job.variables["item"] for job in jobs] == list(range(50))
    assert sum("FROM instance" in statement for statement in statements) == 1


@pytest.mark.parametrize("sequential", [False, True])
async def test_an_item_that_is_done_reads_and_writes_nothing_of_the_collection(
    server: Server, sequential: bool
) -> None:
    await server.deploy(EACH.replace('"false"', f'"{str(sequential).lower()}"'))
    costs = []
    for many in (200, 4_000):
        instance = await server.run(items=list(range(100_000, 100_000 + many)))
        with counted() as read, bytes_written() as wrote:
            [job] = await server.runtime.activate_jobs(
                ["pack"], limit=1, lease_ms=60_000, worker="w", names=["item"]
            )
            command = c.CompleteJob(job.row.scope, job.row.owner, job.row.key, {"done": 1})
            await server.runtime.send(Request(instance.id, command, "1", bare=True))
        assert job.variables == {"item": 100_000}
        assert not any("large_variable" in statement for statement in read)
        costs.append((len(read), len(wrote), sum(wrote)))
        await server.runtime.send(Request(instance.id, c.CancelInstance(), "1"))
    (few_read, few_rows, few_bytes), (many_read, many_rows, many_bytes) = costs
    assert (many_read, many_rows) == (few_read, few_rows)
    assert many_bytes < few_bytes + 100, "but for the digits of longer numbers"


async def test_a_large_variable_is_whole_wherever_it_is_shown(server: Server) -> None:
    await server.deploy(EACH)
    items, more = list(range(3_000)), {"by": list(range(2_000))}
    instance = await server.run(items=items, small=[1], more=more)
    whole = {"items": items, "small": [1], "more": more}
    found = await server.runtime.read(instances.find, instance.id)
    [listed] = await server.runtime.read(instances.search, Conditions(process_id="p"))
    assert found is not None
    assert found.variables == listed.variables == instance.variables == whole
    server.restart()
    row = await server.runtime.send(Request(instance.id, c.SetVariables({"more": 1, "small": items}), "1"))
    assert row.variables == {"items": items, "small": items, "more": 1}
    [job] = await server.runtime.activate_jobs(["pack"], limit=1, lease_ms=60_000, worker="w")
    assert job.variables == {"item": 0, "loopCounter": 1, "items": items, "small": items, "more": 1}
    assert await server.runtime.read(_large) == {(0, "items"), (0, "small")}


async def test_the_large_variables_of_a_scope_go_with_it(server: Server) -> None:
    inner = '<startEvent id="si"/><userTask id="t"/><endEvent id="ei"/>' + flow("si", "t") + flow("t", "ei")
    mapping = '<zeebe:ioMapping><zeebe:input source="=items" target="own"/></zeebe:ioMapping>'
    await server.deploy(
        around(f'<subProcess id="x"><extensionElements>{mapping}</extensionElements>{inner}</subProcess>')
    )
    items = list(range(3_000))
    instance = await server.run(items=items)
    [task] = await server.runtime.read(user_tasks.search, instance_id=instance.id, state="open")
    assert await server.runtime.read(_large) == {(0, "items"), (task.scope, "own")}
    server.restart()
    command = c.SetVariables({"own": 1}, task.scope)
    await server.runtime.send(Request(instance.id, command, "1"))
    assert await server.runtime.read(_large) == {(0, "items")}
    command = c.SetVariables({"own": items, "items": 1}, task.scope)
    await server.runtime.send(Request(instance.id, command, "1"))
    done = c.CompleteUserTask(task.scope, task.owner, task.key, {})
    row = await server.runtime.send(Request(instance.id, done, "1"))
    assert (row.status, row.variables) == ("completed", {"items": items})
    assert await server.runtime.read(_large) == {(0, "items")}


def _large(connection: sa.Connection) -> set[tuple[int, str]]:
    """Give the scopes and the names of all large variables."""
    return {(row.scope, row.name) for row in connection.execute(sa.select(large_variable))}


async def test_an_item_that_is_done_writes_as_many_rows_among_many_as_among_few(server: Server) -> None:
    await server.deploy(EACH)
    rows = []
    for many in (200, 1000):
        instance = await server.run(items=list(range(many)))
        [job] = await server.runtime.activate_jobs(["pack"], limit=1, lease_ms=60_000, worker="w")
        assert job.row.instance_id == instance.id
        command = c.CompleteJob(job.row.scope, job.row.owner, job.row.key, {"done": 1})
        with counted() as read, written() as wrote:
            await server.runtime.send(Request(instance.id, command, "1"))
        rows.append((len(read), sum(map(sum, wrote.values()))))
        await server.runtime.send(Request(instance.id, c.CancelInstance(), "1"))
    assert rows[0] == rows[1]


async def test_many_items_are_collected_in_their_order_over_a_store(server: Server) -> None:
    await server.deploy(EACH)
    instance = await server.run(items=list(range(250)))
    while jobs := await server.runtime.activate_jobs(["pack"], limit=64, lease_ms=60_000, worker="w"):
        await asyncio.gather(
            *(
                server.runtime.send(
                    Request(instance.id, c.CompleteJob(it.row.scope, it.row.owner, it.row.key, {}), "1")
                )
                for it in reversed(jobs)
            )
        )
    ended = await server.runtime.settled(instance.id, 10)
    assert (ended.status, ended.variables["results"]) == ("completed", list(range(250)))


async def _start_many(server: Server, count: int) -> None:
    await asyncio.gather(*(server.start() for _ in range(count)))


async def test_a_signal_loads_those_who_wait_for_it_many_by_one_statement(server: Server) -> None:
    signal = '<intermediateCatchEvent id="x"><signalEventDefinition signalRef="s1"/></intermediateCatchEvent>'
    await server.deploy(around(signal), root='<signal id="s1" name="storm"/>')
    await _start_many(server, 600)
    with counted() as statements:
        received = await server.runtime.broadcast(BroadcastSignal("storm", {}), actor="1")
    assert received.receivers == 600
    loads = [statement for statement in statements if "FROM instance" in statement]
    assert len(loads) <= 600 // 16, "by at most so many statements as batches make of it"


async def test_timers_that_are_due_together_are_found_by_their_index_and_loaded_together(
    server: Server,
) -> None:
    timer = "<timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition>"
    await server.deploy(around(f'<intermediateCatchEvent id="x">{timer}</intermediateCatchEvent>'))
    await _start_many(server, 600)
    plan = await server.runtime.read(plan_of, timers._DUE, {"now": 1, "limit": 1})
    assert re.search("(USING INDEX|Index Scan using) ix_timer_due_at", plan), plan
    with counted() as statements:
        await server.advance(60)
    assert (await server.runtime.read(due.look, ())).timer is None
    loads = [statement for statement in statements if "FROM instance" in statement]
    assert len(loads) <= 600 // 16, "by at most so many statements as batches make of it"


async def test_a_search_for_user_tasks_is_written_once(server: Server) -> None:
    await server.deploy(around('<userTask id="x"/>'))
    user_tasks._search.cache_clear()
    for _ in range(5):
        instance = await server.run()
        [task] = await server.runtime.read(user_tasks.search, instance_id=instance.id, state="open")
        assert task.instance_id == instance.id
    assert user_tasks._search.cache_info().misses == 1
