"""How many instances of a process run at once, and what becomes of a start when as many do."""

from __future__ import annotations

import asyncio

import pytest

from penstock.kernel import Rejected, commands as c
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import PublishMessage, Request
from penstock.store import instances, turns
from penstock.store.rows import InstanceRow
from tests.bpmn.models import around, flow, process_of
from tests.runtime.conftest import Server
from tests.runtime.counting import counted
from tests.runtime.test_levels import Limited, limited

__all__ = ["limited"]

pytestmark = pytest.mark.anyio

TASK = around('<userTask id="x"/>')
MESSAGE = '<message id="m" name="order"/>'
BY_MESSAGE = (
    f'<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>{flow("s", "x")}'
    f'<userTask id="x"/>{flow("x", "e")}<endEvent id="e"/>'
)
BY_TIMER = BY_MESSAGE.replace(
    '<messageEventDefinition messageRef="m"/>',
    "<timerEventDefinition><timeCycle>R3/PT1M</timeCycle></timerEventDefinition>",
)


async def end(server: Server, row: InstanceRow) -> None:
    await server.runtime.send(Request(row.id, c.CancelInstance(), "1"))


async def status(server: Server, row: InstanceRow) -> str:
    await server.advance(0)
    found = await server.runtime.read(instances.find, row.id)
    assert found is not None
    return found.status


async def statuses(server: Server) -> list[str]:
    await server.advance(0)
    rows = await server.runtime.read(instances.search, limit=100)
    return sorted(row.status for row in rows)


async def test_a_start_over_the_limit_is_refused_until_one_has_ended(limited: Limited) -> None:
    server = limited(processes={"p": {"running": 1}})
    await server.deploy(TASK)
    first = await server.start()
    with pytest.raises(Rejected, match=r"as many instances of process 'p' run as may at once \(1\)") as no:
        await server.start()
    assert no.value.kind == "too_many"
    await end(server, first)
    await server.start()
    assert await statuses(server) == ["active", "cancelled"]


async def test_a_start_over_the_limit_waits_and_begins_in_its_turn(limited: Limited) -> None:
    server = limited(processes={"p": {"running": 2, "over": "queue"}})
    await server.deploy(TASK)
    rows = [await server.start(n=n) for n in range(4)]
    assert [await status(server, row) for row in rows] == ["active", "active", "suspended", "suspended"]
    await end(server, rows[1])
    assert [await status(server, row) for row in rows] == ["active", "cancelled", "active", "suspended"]
    await end(server, rows[0])
    assert [await status(server, row) for row in rows[2:]] == ["active", "active"]
    assert await server.runtime.read(turns.processes) == []


async def test_many_starts_at_once_start_as_many_as_may_run(limited: Limited) -> None:
    server = limited(processes={"p": {"running": 3}})
    await server.deploy(TASK)
    answers = await asyncio.gather(*(server.start() for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(it, Rejected) for it in answers) == 9
    assert await statuses(server) == ["active"] * 3


async def test_what_waits_is_cancelled_like_any_other_and_takes_no_turn(limited: Limited) -> None:
    server = limited(processes={"p": {"running": 1, "over": "queue"}})
    await server.deploy(TASK)
    first, second, third = [await server.start() for _ in range(3)]
    await end(server, second)
    await end(server, first)
    assert [await status(server, row) for row in (second, third)] == ["cancelled", "active"]


async def test_an_operator_lets_one_begin_before_its_turn(limited: Limited) -> None:
    server = limited(processes={"p": {"running": 1, "over": "queue"}})
    await server.deploy(TASK)
    _, second = [await server.start() for _ in range(2)]
    await server.runtime.send(Request(second.id, c.ResumeInstance(), "1"))
    assert await status(server, second) == "active"
    assert await server.runtime.read(turns.processes) == []


async def test_what_waits_outlives_a_restart_and_begins_when_the_limit_is_gone(limited: Limited) -> None:
    server = limited(processes={"p": {"running": 1, "over": "queue"}})
    await server.deploy(TASK)
    rows = [await server.start() for _ in range(2)]
    limited.end()
    server = limited()
    for _ in range(200):
        if await status(server, rows[1]) == "active":
            break
        await asyncio.sleep(0.02)
    assert [await status(server, row) for row in rows] == ["active", "active"]


@pytest.mark.parametrize(("over", "now", "later"), [("refuse", [], []), ("queue", ["suspended"], ["active"])])
async def test_a_message_and_a_timer_over_the_limit_are_dropped_or_wait(
    limited: Limited, over: str, now: list[str], later: list[str]
) -> None:
    server = limited(processes={name: {"running": 1, "over": over} for name in ("bym", "byt")})
    for name, body in (("bym", BY_MESSAGE), ("byt", BY_TIMER)):
        model = process_of(body, MESSAGE).replace(b'<process id="p"', f'<process id="{name}"'.encode())
        await server.runtime.deploy([SourceFile(f"{name}.bpmn", model)], actor="1")
    publish = PublishMessage("order", "", {}, 0)
    [first] = (await server.runtime.receive(publish, actor="1")).correlated
    assert len((await server.runtime.receive(publish, actor="1")).correlated) == len(now)
    assert await statuses(server) == ["active", *now]
    await server.runtime.send(Request(first.instance_id, c.CancelInstance(), "1"))
    assert await statuses(server) == [*later, "cancelled"]
    await server.advance(150)
    assert await statuses(server) == sorted([*later, "cancelled", "active", *now])


async def test_a_called_instance_counts_and_is_not_held_up(limited: Limited) -> None:
    server = limited(processes={"p": {"running": 1}})
    await server.deploy(TASK)
    call = around(
        '<callActivity id="x"><extensionElements><zeebe:calledElement processId="p"/></extensionElements>'
        "</callActivity>"
    )
    caller = process_of(call).replace(b'<process id="p"', b'<process id="caller"')
    await server.runtime.deploy([SourceFile("caller.bpmn", caller)], actor="1")
    for _ in range(2):
        await server.start("caller")
    assert await statuses(server) == ["active"] * 4
    with pytest.raises(Rejected, match="at once"):
        await server.start()


async def test_a_process_without_a_limit_costs_nothing(limited: Limited) -> None:
    server = limited()
    await server.deploy(TASK)
    with counted() as statements:
        await end(server, await server.start())
    assert not [it for it in statements if "queued_start" in it or "advisory" in it or "count(" in it]
