"""Exceptional flows in the store: what waits and what may be undone outlives the server."""

from __future__ import annotations

from datetime import date

import pytest

from penstock.kernel import commands as c
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import Request
from penstock.store import instances, timers, user_tasks
from tests.bpmn.models import around, file_of, flow
from tests.runtime.conftest import Server

pytestmark = pytest.mark.anyio

HOUR = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"

GUARDED = around('<userTask id="x"/>') + (
    f'<subProcess id="w" triggeredByEvent="true"><startEvent id="ws">{HOUR}</startEvent>'
    f'{flow("ws", "we")}<endEvent id="we"/></subProcess>'
)

UNDONE = (
    f'<startEvent id="s"/>{flow("s", "sub")}<subProcess id="sub"><startEvent id="i"/>{flow("i", "book")}'
    '<userTask id="book"/>'
    '<boundaryEvent id="b" attachedToRef="book"><compensateEventDefinition/></boundaryEvent>'
    '<userTask id="undo" isForCompensation="true"/><association id="l" sourceRef="b" targetRef="undo"/>'
    f'{flow("book", "j")}<endEvent id="j"/></subProcess>{flow("sub", "wait")}<userTask id="wait"/>'
    f'{flow("wait", "e")}<endEvent id="e"><compensateEventDefinition/></endEvent>'
)


async def complete(server: Server, instance_id: str, element: str, **variables: object) -> None:
    (task,) = await server.runtime.read(user_tasks.search, instance_id=instance_id, state="open")
    assert task.element == element
    command = c.CompleteUserTask(task.scope, task.owner, task.key, variables)
    await server.runtime.send(Request(instance_id, command, "1"))


BOOKED = (
    f'<startEvent id="s"/>{flow("s", "book")}<userTask id="book"/>'
    '<boundaryEvent id="b" attachedToRef="book"><compensateEventDefinition/></boundaryEvent>'
    '<userTask id="undo" isForCompensation="true"/><association id="l" sourceRef="b" targetRef="undo"/>'
    f'{flow("book", "e")}<endEvent id="e"/>'
)


async def test_what_a_call_activity_has_called_is_undone_in_an_instance_of_the_same_version(
    server: Server,
) -> None:
    async def deploy(process: str, body: str) -> None:
        file = file_of(f'<process id="{process}" isExecutable="true">{body}</process>')
        await server.runtime.deploy([SourceFile(f"{process}.bpmn", file)], actor="1")

    async def act(element: str, **variables: object) -> str:
        await server.advance(0)
        (task,) = await server.runtime.read(user_tasks.search, state="open")
        assert task.element == element
        await complete(server, task.instance_id, element, **variables)
        return task.instance_id

    await deploy("hotel", BOOKED)
    await deploy("trip", around('<callActivity id="x" calledElement="hotel"/>'))
    await server.deploy(
        f'<startEvent id="s"/>{flow("s", "x")}<callActivity id="x" calledElement="trip"/>{flow("x", "wait")}'
        f'<userTask id="wait"/>{flow("wait", "e")}<endEvent id="e"><compensateEventDefinition/></endEvent>'
    )
    started = await server.start()
    first = await act("book", day=date(2030, 1, 31))
    server.restart()
    await deploy("hotel", BOOKED.replace('id="undo"', 'id="undo" name="Other"'))
    await act("wait")
    await server.advance(0)
    server.restart()

    again = await act("undo", refunded=True)
    await server.advance(0)
    rows = {row.id: row for row in await server.runtime.read(instances.search, limit=10)}
    assert again != first
    assert rows[again].version == rows[first].version == "1.0.0"
    assert (rows[again].status, rows[again].variables) == (
        "completed",
        {"day": date(2030, 1, 31), "refunded": True},
    )
    assert (rows[started.id].status, rows[started.id].variables) == ("completed", {"day": date(2030, 1, 31)})
    assert sorted(row.status for row in rows.values()) == ["completed"] * 5


async def test_an_event_sub_process_that_waits_survives_a_restart(server: Server) -> None:
    await server.deploy(GUARDED)
    started = await server.start()
    server.restart()
    await server.advance(3600)
    assert (await server.runtime.settled(started.id, 10)).status == "completed"


async def test_a_timer_of_an_event_sub_process_goes_with_its_scope(server: Server) -> None:
    await server.deploy(GUARDED)
    started = await server.start()
    await complete(server, started.id, "x")
    assert await server.runtime.read(timers.of_instance, started.id) == []


async def test_what_may_be_undone_survives_a_restart_with_its_values(server: Server) -> None:
    await server.deploy(UNDONE)
    started = await server.start()
    await complete(server, started.id, "book", day=date(2030, 1, 31))
    server.restart()
    await complete(server, started.id, "wait")
    server.restart()
    await complete(server, started.id, "undo")
    row = await server.runtime.settled(started.id, 10)
    assert (row.status, row.variables) == ("completed", {"day": date(2030, 1, 31)})


async def test_a_suspended_timer_is_held_over_a_restart(server: Server) -> None:
    await server.deploy(GUARDED)
    started = await server.start()
    await server.runtime.send(Request(started.id, c.SuspendInstance(), "1"))
    server.restart()
    await server.advance(7200)
    assert (await server.runtime.settled(started.id, 10)).status == "suspended"
    await server.runtime.send(Request(started.id, c.ResumeInstance(), "1"))
    await server.advance(0)
    assert (await server.runtime.settled(started.id, 10)).status == "completed"
