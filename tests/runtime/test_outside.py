"""Messages and signals in the runtime: crashes on their way, batches, and what a look-up costs."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.runtime import scheduler
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import BroadcastSignal, PublishMessage, Received, Request
from penstock.runtime.runtime import Runtime
from penstock.store import (
    broadcasts,
    instances,
    journal,
    messages,
    sendings,
    subscriptions,
    user_tasks,
)
from penstock.store.rows import InstanceRow
from tests.bpmn.models import around, extended, file_of, flow
from tests.runtime.conftest import Server
from tests.runtime.counting import counted, plan_of

pytestmark = pytest.mark.anyio

ROOT = """<message id="m" name="paid"><extensionElements>
<zeebe:subscription correlationKey="=order"/></extensionElements></message>
<message id="go" name="go"/><signal id="s1" name="storm"/>"""

MESSAGE = '<messageEventDefinition messageRef="m"/>'
SIGNAL = '<signalEventDefinition signalRef="s1"/>'
CATCH = around(f'<intermediateCatchEvent id="x">{MESSAGE}</intermediateCatchEvent>')
WAIT = around(f'<intermediateCatchEvent id="x">{SIGNAL}</intermediateCatchEvent>')


def meets_itself(first: str, second: str) -> str:
    """Give a process that throws and catches the same thing in two branches."""
    return f"""<startEvent id="s"/>{flow("s", "f")}<parallelGateway id="f"/>{flow("f", "x")}{flow("f", "y")}
    {first}{second}{flow("x", "e")}{flow("y", "e")}<endEvent id="e"/>"""


async def publish(runtime: Runtime, key: str = "o", **more: object) -> Received:
    message = PublishMessage("paid", key, {"amount": 1}, **more)  # type: ignore[arg-type]
    return await runtime.receive(message, actor="1")


async def quiet(server: Server) -> None:
    """Let everything happen that is on its way."""
    await server.advance(0)


async def statuses(server: Server) -> list[str]:
    return [row.status for row in await server.runtime.read(instances.search, limit=10_000)]


# -- messages --------------------------------------------------------------------------------------


async def test_messages_and_those_who_wait_find_each_other_whatever_comes_first(server: Server) -> None:
    await server.deploy(CATCH, root=ROOT)
    numbers = range(20)
    await asyncio.gather(
        *(publish(server.runtime, str(n), ttl=1000) for n in numbers if n % 2),
        *(server.start(order=str(n)) for n in numbers),
        *(publish(server.runtime, str(n), ttl=1000) for n in numbers if not n % 2),
    )
    assert await statuses(server) == ["completed"] * 20
    for n in numbers:
        assert await server.runtime.read(_subscribed, str(n)) == []


@pytest.mark.parametrize("first", [c.ResumeInstance, c.SuspendInstance])
async def test_a_message_in_the_transaction_that_resumes_or_suspends_its_receiver_is_not_lost(
    server: Server, first: type[c.ResumeInstance | c.SuspendInstance]
) -> None:
    await server.deploy(CATCH, root=ROOT)
    row = await server.start(order="o")
    if first is c.ResumeInstance:
        await server.runtime.send(Request(row.id, c.SuspendInstance(), "1"))
    await in_one_transaction(
        server,
        lambda: server.runtime.send(Request(row.id, first(), "1")),
        lambda: publish(server.runtime, ttl=60_000),
    )
    if first is c.SuspendInstance:
        assert await statuses(server) == ["suspended"]
        await server.runtime.send(Request(row.id, c.ResumeInstance(), "1"))
    assert await statuses(server) == ["completed"]


async def in_one_transaction(server: Server, *asks: Callable[[], Awaitable[object]]) -> None:
    """Let a committer find all of these when it comes to them."""
    dispatcher, go = server.runtime.dispatcher, threading.Event()
    committer = dispatcher._committers[0]
    busy = dispatcher._transact(committer, lambda _: go.wait(30))
    with patch.object(dispatcher, "_committer_of", lambda _request: committer):
        answers = [asyncio.ensure_future(ask()) for ask in asks]
        while dispatcher.waiting < 1 + len(asks):
            await asyncio.sleep(0)
    go.set()
    await asyncio.gather(*answers)
    assert busy.result()


def _subscribed(connection, key):  # type: ignore[no-untyped-def]
    return list(subscriptions.of_message(connection, "paid", key))


async def test_what_has_been_sent_is_delivered_after_a_crash(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = meets_itself(
        f'<intermediateThrowEvent id="x">{MESSAGE}</intermediateThrowEvent>',
        f'<intermediateCatchEvent id="y">{MESSAGE}</intermediateCatchEvent>',
    )
    await server.deploy(body, root=ROOT)
    with monkeypatch.context() as patched:
        for committer in server.runtime.dispatcher._committers:
            patched.setattr(committer, "_go_on", lambda _transaction: None)
        row = await server.start(order="o")
        while not server.runtime.dispatcher.idle:  # what it goes on with comes after its answer
            await asyncio.sleep(0.001)
    assert row.status == "active"
    assert len(await server.runtime.read(sendings.waiting)) == 1

    server.restart()
    await quiet(server)

    assert await statuses(server) == ["completed"]
    assert await server.runtime.read(sendings.waiting) == []


async def test_a_message_that_was_sent_waits_for_its_receiver(server: Server) -> None:
    send = f'<sendTask id="x" messageRef="m"/>{flow("x", "y")}<receiveTask id="y" messageRef="m"/>'
    await server.deploy(
        f'<startEvent id="s"/>{flow("s", "x")}{send}{flow("y", "e")}<endEvent id="e"/>', root=ROOT
    )

    row = await server.start(order="o")
    await quiet(server)

    assert row.status == "active", "it is delivered after the commit that sent it"
    assert await statuses(server) == ["completed"]


async def test_old_messages_are_forgotten(server: Server) -> None:
    await publish(server.runtime, ttl=1000)
    await server.advance(2 * 3600)
    server.runtime._wake()
    await quiet(server)
    found = server.runtime.dispatcher.transact(lambda writer: messages.waiting(writer, "paid", "o", 0))
    assert await asyncio.wrap_future(found) is None


async def test_a_message_is_found_without_a_scan_however_many_wait(server: Server) -> None:
    """The look-up reads by its index: as many statements and rows for one who waits as for three hundred."""
    await server.deploy(CATCH, root=ROOT)
    costs = []
    for count in (1, 300):
        await asyncio.gather(*(server.start(order=f"{count}-{n}") for n in range(count)))
        await server.advance(0)  # the scheduler's own statements are behind us
        with counted() as statements:
            received = await publish(server.runtime, f"{count}-0")
        assert len(received.correlated) == 1
        costs.append(len(statements))
    assert costs[0] == costs[1]
    address = {"name": "paid", "correlation_key": "o", "after": "", "now": 1, "instance_id": "i"}
    for statement, index in (
        (subscriptions._OLDEST, "ix_subscription_kind_name_correlation_key_process_id_id"),
        (messages._OLDEST, "ix_message_waiting"),
    ):
        plan = await server.runtime.read(plan_of, statement, address)
        assert re.search(f"(USING INDEX|Index Scan using) {index}", plan), plan
        assert not re.search("SCAN|Seq Scan|TEMP B-TREE|Sort", plan), plan


async def test_a_long_queue_of_messages_starts_one_instance_after_the_other(server: Server) -> None:
    body = f"""<startEvent id="s"><messageEventDefinition messageRef="go"/></startEvent>{flow("s", "x")}
    <userTask id="x"/>{flow("x", "g")}<exclusiveGateway id="g" default="g_e"/>{flow("g", "e")}
    <endEvent id="e"/>"""
    await server.deploy(body, root=ROOT)
    go = PublishMessage("go", "k", {}, ttl=60_000)
    received = await server.runtime.receive(go, actor="1")
    await asyncio.gather(*(server.runtime.receive(go, actor="1") for _ in range(400)))
    assert await statuses(server) == ["active"]
    await server.deploy(body.replace("userTask", "manualTask"), root=ROOT)

    [first] = received.correlated
    [task] = await server.runtime.read(user_tasks.search, instance_id=first.instance_id)
    command = c.CompleteUserTask(task.scope, task.owner, task.key, {})
    await server.runtime.send(Request(first.instance_id, command, "1"))

    assert await statuses(server) == ["completed"] * 401


async def test_a_loop_takes_one_buffered_message_after_the_other(server: Server) -> None:
    body = f"""<startEvent id="s"/>{flow("s", "m1")}<exclusiveGateway id="m1"/>{flow("m1", "x")}
    <receiveTask id="x" messageRef="m"/>{flow("x", "m1")}"""
    await server.deploy(body, root=ROOT)
    await asyncio.gather(*(publish(server.runtime, ttl=60_000) for _ in range(3)))

    row = await server.start(order="o")

    [waiting] = await server.runtime.read(subscriptions.of_instance, row.id)
    rows = await server.runtime.read(journal.read, row.id)
    assert (waiting.name, len(rows)) == ("paid", 1 + 3), "each message once"


async def test_instances_find_each_other_by_the_standards_own_correlation(server: Server) -> None:
    root = """<message id="m" name="invoice"/><correlationProperty id="order">
    <correlationPropertyRetrievalExpression messageRef="m"><messagePath>order.id</messagePath>
    </correlationPropertyRetrievalExpression></correlationProperty>
    <collaboration><correlationKey id="key"><correlationPropertyRef>order</correlationPropertyRef>
    </correlationKey></collaboration>"""
    subscribed = """<correlationSubscription correlationKeyRef="key"><correlationPropertyBinding
    correlationPropertyRef="order"><dataPath>mine</dataPath></correlationPropertyBinding>
    </correlationSubscription>"""
    event = '<messageEventDefinition messageRef="m"/>'
    await server.deploy(subscribed + around('<receiveTask id="x" messageRef="m"/>'), root=root)
    mapping = '<zeebe:ioMapping><zeebe:input source="={id: number}" target="order"/></zeebe:ioMapping>'
    send = around(extended("intermediateThrowEvent", mapping, inner=event))
    file = file_of(f'{root}<process id="q" isExecutable="true">{send}</process>')
    await server.runtime.deploy([SourceFile("q.bpmn", file)], actor="1")
    first, second = await server.start(mine=1), await server.start(mine=2)

    await server.start("q", number=2)
    await quiet(server)

    found = {row.id: row for row in await server.runtime.read(instances.search, limit=10)}
    assert (found[first.id].status, found[second.id].status) == ("active", "completed")
    assert found[second.id].variables == {"mine": 2, "order": {"id": 2}}


async def test_a_message_may_say_the_business_key_of_what_it_starts(server: Server) -> None:
    started = '<startEvent id="s"><messageEventDefinition messageRef="go"/></startEvent>'
    await server.deploy(
        f'{started}{flow("s", "x")}<userTask id="x"/>{flow("x", "e")}<endEvent id="e"/>', root=ROOT
    )
    message = PublishMessage("go", "o", {}, 60_000, business_key="b-1")

    first = await server.runtime.receive(message, actor="1")
    waiting = await server.runtime.receive(replace(message, business_key="b-2"), actor="1")
    assert (len(first.correlated), waiting.buffered) == (1, True)
    server.restart()
    (held,) = first.correlated
    await server.runtime.send(Request(held.instance_id, c.CancelInstance(), "1"))
    found = await server.runtime.read(instances.search, limit=10)
    assert {(row.business_key, row.status) for row in found} == {("b-1", "cancelled"), ("b-2", "active")}


# -- signals ---------------------------------------------------------------------------------------


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "RECEIVERS_AT_ONCE", 3)


async def start_many(server: Server, count: int) -> list[InstanceRow]:
    return list(await asyncio.gather(*(server.start() for _ in range(count))))


@pytest.mark.usefixtures("small_batches")
async def test_a_signal_is_taken_to_all_in_batches(server: Server) -> None:
    await server.deploy(WAIT, root=ROOT)
    await start_many(server, 10)

    received = await server.runtime.broadcast(BroadcastSignal("storm", {"wind": 12}), actor="1")

    assert received.receivers == 10
    assert await statuses(server) == ["completed"] * 10
    assert await server.runtime.read(broadcasts.next_one) is None


@pytest.mark.usefixtures("small_batches")
async def test_a_signal_goes_on_after_a_crash_and_nobody_has_it_twice(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crash comes when a batch is in force and before that has been noted."""
    again = f'<boundaryEvent id="b" attachedToRef="x" cancelActivity="false">{SIGNAL}</boundaryEvent>'
    end = f'{flow("b", "n")}<scriptTask id="n"><extensionElements><zeebe:script expression="=n + 1" '
    end += f'resultVariable="n"/></extensionElements></scriptTask>{flow("n", "e")}'
    await server.deploy(around('<userTask id="x"/>') + again + end, root=ROOT)
    await asyncio.gather(*(server.start(n=0) for _ in range(8)))
    moves: list[int] = []

    def failing(_connection: object, _id: int, after: int) -> None:
        moves.append(after)
        raise sa.exc.OperationalError("UPDATE", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(broadcasts, "move", failing)
        await server.runtime.receive(BroadcastSignal("storm", {}), actor="1")
        while not moves:
            await asyncio.sleep(0.001)
        assert await server.runtime.read(broadcasts.next_one) is not None
    server.restart()
    await quiet(server)

    rows = await server.runtime.read(instances.search, limit=100)
    assert [row.variables["n"] for row in rows] == [1] * 8
    assert await server.runtime.read(broadcasts.next_one) is None


async def test_a_sender_that_waits_already_has_its_own_signal(server: Server) -> None:
    catch = f'<intermediateCatchEvent id="x">{SIGNAL}</intermediateCatchEvent>'
    throw = f'<task id="y"/>{flow("y", "t")}<intermediateThrowEvent id="t">{SIGNAL}</intermediateThrowEvent>'
    body = meets_itself(catch, throw).replace(flow("y", "e"), "")
    await server.deploy(body, root=ROOT)

    await server.start()
    await quiet(server)

    assert await statuses(server) == ["completed"]


async def test_two_processes_may_send_each_other_messages_for_ever_and_starve_nobody(server: Server) -> None:
    """Each message is a transaction of its own, so that others come between."""
    body = f"""<startEvent id="s"><messageEventDefinition messageRef="go"/></startEvent>{flow("s", "x")}
    <endEvent id="x"><messageEventDefinition messageRef="go"/></endEvent>"""
    await server.deploy(body, root=ROOT)
    await server.runtime.receive(PublishMessage("go", "", {}), actor="1")

    received = await asyncio.wait_for(publish(server.runtime), 10)

    assert received == Received()
