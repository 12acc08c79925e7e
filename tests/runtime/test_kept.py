"""What may be compensated, stored: a step writes what it keeps, however much was kept before."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.runtime.requests import Request
from penstock.store import user_tasks
from penstock.store.kept import INLINE
from penstock.store.tables import instance, kept, scope
from tests.bpmn.models import flow
from tests.runtime.conftest import Server
from tests.runtime.counting import bytes_written

pytestmark = pytest.mark.anyio

ROUNDS = (
    f'<startEvent id="s"/>{flow("s", "again")}<exclusiveGateway id="again"/>{flow("again", "book")}'
    '<userTask id="book"/>'
    '<boundaryEvent id="b" attachedToRef="book"><compensateEventDefinition/></boundaryEvent>'
    '<serviceTask id="undo" isForCompensation="true"><extensionElements><zeebe:taskDefinition type="undo"/>'
    "</extensionElements></serviceTask>"
    '<association id="l" sourceRef="b" targetRef="undo"/>'
    f'{flow("book", "more")}<exclusiveGateway id="more" default="stop"/>'
    '<sequenceFlow id="back" sourceRef="more" targetRef="again">'
    "<conditionExpression>=not(last)</conditionExpression></sequenceFlow>"
    '<sequenceFlow id="stop" sourceRef="more" targetRef="e"/>'
    '<endEvent id="e"><compensateEventDefinition/></endEvent>'
)
IN_A_SUB_PROCESS = (
    f'<startEvent id="begin"/>{flow("begin", "sub")}<subProcess id="sub">{{}}</subProcess>'
    f'{flow("sub", "done")}<endEvent id="done"/>'
)


async def book(server: Server, instance_id: str, number: int, *, last: bool = False) -> None:
    (task,) = await server.runtime.read(user_tasks.search, instance_id=instance_id, state="open")
    command = c.CompleteUserTask(task.scope, task.owner, task.key, {"number": number, "last": last})
    await server.runtime.send(Request(instance_id, command, "1", bare=True))


def count_rows(connection: sa.Connection) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(kept)).scalar_one()


@pytest.mark.parametrize("around", ["{}", IN_A_SUB_PROCESS])
async def test_a_step_of_a_loop_writes_no_more_for_all_that_was_kept_before(
    server: Server, around: str
) -> None:
    await server.deploy(around.format(ROUNDS))
    started = await server.start()
    wrote: list[int] = []
    for number in range(100, 100 + 8 * INLINE):
        with bytes_written() as found:
            await book(server, started.id, number)
        wrote.append(sum(found))
    few, many = wrote[2 * INLINE], wrote[-1]
    assert abs(many - few) < 50, "but for the digits of longer numbers"
    assert await server.runtime.read(count_rows) == 8 * INLINE


@pytest.mark.parametrize("around", ["{}", IN_A_SUB_PROCESS])
@pytest.mark.parametrize("rounds", [INLINE, INLINE + 1, 3 * INLINE])
async def test_all_that_was_kept_is_undone_the_last_first_with_its_values_and_its_rows_go(
    server: Server, around: str, rounds: int
) -> None:
    await server.deploy(around.format(ROUNDS))
    started = await server.start()
    for number in range(rounds):
        if number == INLINE + 3:
            server.restart()
        await book(server, started.id, number, last=number == rounds - 1)
    undone: list[object] = []
    while jobs := await server.runtime.activate_jobs(["undo"], limit=1, lease_ms=60_000, worker="w"):
        (job,) = jobs
        undone.append(job.variables["number"])
        command = c.CompleteJob(job.row.scope, job.row.owner, job.row.key, {})
        row = await server.runtime.send(Request(started.id, command, "1"))
    assert undone == list(range(rounds - 1, -1, -1))
    assert row.status == "completed"
    assert await server.runtime.read(count_rows) == 0


async def test_what_a_cancelled_instance_had_kept_goes_with_it(server: Server) -> None:
    await server.deploy(IN_A_SUB_PROCESS.format(ROUNDS))
    started = await server.start()
    for number in range(2 * INLINE):
        await book(server, started.id, number)
    await server.runtime.send(Request(started.id, c.CancelInstance(), "1"))
    assert await server.runtime.read(count_rows) == 0


@pytest.mark.parametrize("around", ["{}", IN_A_SUB_PROCESS])
async def test_an_older_release_cannot_take_what_has_rows_for_what_keeps_nothing(
    server: Server, around: str
) -> None:
    await server.deploy(around.format(ROUNDS))
    started = await server.start()
    for number in range(2 * INLINE):
        await book(server, started.id, number)

    def stored(connection: sa.Connection) -> list[bytes]:
        states = connection.execute(sa.select(instance.c.data)).scalars()
        return [*states, *connection.execute(sa.select(scope.c.data)).scalars()]

    forms = await server.runtime.read(stored)
    assert any(b'"format":2' in form or form.startswith(b"2") for form in forms)
