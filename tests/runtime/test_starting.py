"""What starts instances: conditions that are looked at, and events that need each of several triggers."""

from __future__ import annotations

import pytest

from penstock.kernel import Rejected, commands as c
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import (
    BroadcastSignal,
    EvaluateConditions,
    Idempotency,
    PublishMessage,
    Received,
    Request,
)
from penstock.store import gatherings, instances
from penstock.store.rows import InstanceRow
from tests.bpmn.models import file_of, flow
from tests.runtime.conftest import Server

pytestmark = pytest.mark.anyio

ROOT = '<message id="o" name="order"/><message id="m" name="payment"/><signal id="s1" name="open"/>'
ORDER = '<messageEventDefinition messageRef="o"/>'
PAYMENT = '<messageEventDefinition messageRef="m"/>'
OPEN = '<signalEventDefinition signalRef="s1"/>'
NOON = "<timerEventDefinition><timeDate>2023-11-14T23:00:00Z</timeDate></timerEventDefinition>"
REST = f'{flow("s", "x")}<userTask id="x"/>{flow("x", "e")}<endEvent id="e"/>'


def condition(text: str) -> str:
    inner = f'<condition xsi:type="tFormalExpression">{text}</condition>'
    return f"<conditionalEventDefinition>{inner}</conditionalEventDefinition>"


def event(*triggers: str, id: str = "s", parallel: bool = False) -> str:
    attributes = 'parallelMultiple="true"' if parallel else ""
    return f'<startEvent id="{id}" {attributes}>{"".join(triggers)}</startEvent>'


def all_of(*triggers: str) -> str:
    return event(*triggers, parallel=True) + REST


async def deploy(server: Server, process: str, body: str) -> None:
    file = file_of(f'{ROOT}<process id="{process}" isExecutable="true">{body}</process>')
    await server.runtime.deploy([SourceFile(f"{process}.bpmn", file)], actor="1")


async def evaluate(server: Server, /, key: str | None = None, **variables: object) -> Received:
    known = None if key is None else Idempotency(key, repr(variables))
    return await server.runtime.receive(EvaluateConditions(dict(variables)), actor="1", idempotency=known)


async def send(server: Server, name: str, key: str = "", /, **variables: object) -> Received:
    message = PublishMessage(name, key, dict(variables))
    return await server.runtime.receive(message, actor="1")


async def broadcast(server: Server, **variables: object) -> Received:
    return await server.runtime.broadcast(BroadcastSignal("open", dict(variables)), actor="1")


async def started(server: Server) -> list[InstanceRow]:
    """Give the instances, in no order, since the clock stands still."""
    rows: list[InstanceRow] = await server.runtime.read(instances.search, limit=100)
    return rows


DAY_S = 24 * 3_600


# -- conditions ------------------------------------------------------------------------------------


async def test_conditions_that_are_true_start_instances_with_the_variables(server: Server) -> None:
    await deploy(server, "p", event(condition("stock &lt; 10")) + REST)
    await deploy(server, "q", event(condition("stock > 100")) + REST)
    await deploy(server, "r", event(condition("missing.item = 1 or stock")) + REST)

    received = await evaluate(server, stock=3)

    assert [(it.process_id, it.element) for it in received.correlated] == [("p", "s")]
    (row,) = await started(server)
    assert (row.id, row.variables, row.status) == (received.correlated[0].instance_id, {"stock": 3}, "active")
    assert (await evaluate(server, stock=50)).correlated == ()


async def test_each_evaluation_starts_its_own_and_one_that_is_repeated_starts_nothing(server: Server) -> None:
    await deploy(server, "p", event(condition("stock &lt; 10")) + REST)
    await deploy(server, "q", event(condition("stock &lt; 5")) + REST)

    first = await evaluate(server, "k-1", stock=3)
    again = await evaluate(server, "k-1", stock=3)
    await evaluate(server, stock=3)

    assert [it.instance_id for it in again.correlated] == [it.instance_id for it in first.correlated]
    assert len(first.correlated) == 2
    assert len(await started(server)) == 4
    with pytest.raises(Rejected):
        await evaluate(server, "k-1", stock=4)
    assert (await evaluate(server, "k-2", stock=30)).correlated == ()
    assert (await evaluate(server, "k-2", stock=30)).correlated == ()


async def test_one_process_and_its_newest_version_can_be_meant(server: Server) -> None:
    await deploy(server, "p", event(condition("stock &lt; 10")) + REST)
    await deploy(server, "p", event(condition("stock &lt; 2"), condition("stock = 1")) + REST)
    await deploy(server, "q", event(condition("stock &lt; 10")) + REST)

    only = EvaluateConditions({"stock": 1}, "p", "b-1")
    received = await server.runtime.receive(only, actor="1")

    assert [it.process_id for it in received.correlated] == ["p"]
    (row,) = await started(server)
    assert (row.business_key, row.version) == ("b-1", "1.1.0")
    with pytest.raises(Rejected) as refused:
        await server.runtime.receive(EvaluateConditions({}, "none"), actor="1")
    assert refused.value.kind == "not_found"


# -- each of several triggers ----------------------------------------------------------------------


async def test_an_instance_starts_when_each_of_its_triggers_has_come(server: Server) -> None:
    await deploy(server, "p", all_of(ORDER, PAYMENT))

    first = await send(server, "order", "o-1", item="chair")
    other = await send(server, "payment", "o-2", amount=7)
    server.restart()
    assert (first, other) == (Received(buffered=True), Received(buffered=True))
    assert await started(server) == []

    last = await send(server, "payment", "o-1", amount=5)

    (row,) = await started(server)
    assert last.correlated[0].instance_id == row.id
    assert row.variables == {"item": "chair", "amount": 5}


async def test_a_second_message_of_a_key_is_for_the_next_instance(server: Server) -> None:
    await deploy(server, "p", all_of(ORDER, PAYMENT))
    for name, number in (("order", 1), ("order", 2), ("payment", 1)):
        await send(server, name, "o-1", **{name: number})
    (first,) = await started(server)
    assert first.variables == {"order": 1, "payment": 1}

    held = await send(server, "payment", "o-1", payment=2)
    assert (held.correlated, len(await started(server))) == ((), 1)

    await server.runtime.send(Request(first.id, c.CancelInstance(), "1"))
    assert {row.variables["order"] for row in await started(server)} == {1, 2}


async def test_without_keys_one_instance_starts_after_the_other(server: Server) -> None:
    await deploy(server, "p", all_of(ORDER, PAYMENT))
    for name in ("order", "order", "payment", "payment"):
        await send(server, name)
    assert len(await started(server)) == 2


async def test_a_signal_counts_for_all_that_lack_it_and_for_the_first_that_comes_after_it(
    server: Server,
) -> None:
    await deploy(server, "p", all_of(ORDER, OPEN))
    await send(server, "order", "o-1")
    await send(server, "order", "o-2")

    both = await broadcast(server, day=1)
    assert len(both.correlated) == 2

    assert (await broadcast(server, day=2)).correlated == ()
    assert (await broadcast(server, day=3)).correlated == ()
    await send(server, "order", "o-3")
    await send(server, "order", "o-4")
    assert sorted(row.variables["day"] for row in await started(server)) == [1, 1, 3]


async def test_a_timer_and_a_condition_may_be_among_them(server: Server) -> None:
    await deploy(server, "p", all_of(NOON, condition("stock &lt; 10"), ORDER))
    await evaluate(server, stock=3)
    await server.advance(3600)
    assert await started(server) == []

    await send(server, "order", "o-1", item="chair")

    (row,) = await started(server)
    assert row.variables == {"stock": 3, "item": "chair"}


async def test_a_new_version_keeps_what_has_come_for_the_same_event_and_drops_it_for_another(
    server: Server,
) -> None:
    await deploy(server, "p", all_of(ORDER, PAYMENT))
    await send(server, "order", "o-1", item="chair")
    await deploy(server, "p", all_of(ORDER, PAYMENT).replace("userTask", "manualTask"))
    await send(server, "payment", "o-1")
    (row,) = await started(server)
    assert (row.version, row.status) == ("1.1.0", "completed")

    await send(server, "order", "o-2")
    await deploy(server, "p", all_of(PAYMENT, ORDER))
    await send(server, "payment", "o-2")
    assert len(await started(server)) == 1


async def test_the_business_key_is_the_first_that_comes(server: Server) -> None:
    await deploy(server, "p", all_of(ORDER, PAYMENT))
    for name, key in (("order", "b-1"), ("payment", "b-2")):
        message = PublishMessage(name, "o-1", {}, business_key=key)
        await server.runtime.receive(message, actor="1")
    assert [row.business_key for row in await started(server)] == ["b-1"]


async def test_a_message_that_is_sent_again_by_its_id_counts_once(server: Server) -> None:
    await deploy(server, "p", all_of(ORDER, PAYMENT))
    message = PublishMessage("order", "", {}, id="m-1")
    for _ in range(2):
        assert (await server.runtime.receive(message, actor="1")).buffered
    for _ in range(2):
        await send(server, "payment")
    assert len(await started(server)) == 1


async def test_a_process_may_have_a_start_event_of_each_kind(server: Server) -> None:
    ends = "".join(flow(it, "x") for it in ("s", "message", "signal", "timer", "low", "both"))
    starts = (
        event(),
        event(ORDER, id="message"),
        event(OPEN, id="signal"),
        event(NOON, id="timer"),
        event(condition("stock &lt; 10"), id="low"),
        event(PAYMENT, OPEN, id="both", parallel=True),
    )
    rest = f'<userTask id="x"/>{flow("x", "e")}<endEvent id="e"/>'
    await deploy(server, "p", "".join(starts) + ends + rest)

    await server.start("p")
    begun = [
        *(await send(server, "order")).correlated,
        *(await broadcast(server)).correlated,
        *(await evaluate(server, stock=3)).correlated,
        *(await send(server, "payment")).correlated,
    ]
    await server.advance(3600)

    assert [it.element for it in begun] == ["message", "signal", "low", "both"]
    assert len(await started(server)) == 6


async def test_what_has_come_for_a_start_is_given_up_when_the_rest_does_not_come_in_time(
    server: Server,
) -> None:
    await deploy(server, "p", all_of(ORDER, PAYMENT))
    await send(server, "order", "1", n=1)
    await server.advance(31 * DAY_S)
    assert await server.runtime.read(gatherings.search, server.runtime.clock.now()) == []

    late = await send(server, "payment", "1", n=2)
    assert (late.correlated, await started(server)) == ((), [])
    begun = await send(server, "order", "1", m=3)

    assert len(begun.correlated) == 1
    (instance,) = await started(server)
    assert instance.variables == {"n": 2, "m": 3}


async def test_a_start_for_which_all_has_come_waits_for_its_key_as_long_as_it_takes(server: Server) -> None:
    await deploy(server, "p", all_of(ORDER, PAYMENT))
    for _ in range(2):
        await send(server, "order", "1")
        await send(server, "payment", "1")
    (first,) = await started(server)
    await server.advance(400 * DAY_S)

    await server.runtime.send(Request(first.id, c.CancelInstance(), "1"))

    assert len(await started(server)) == 2
