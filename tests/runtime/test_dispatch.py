"""The one write path: batches, refusals, idempotency keys, long runs, and what fails."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from penstock.kernel import SLICE, Rejected, commands as c
from penstock.runtime import transaction
from penstock.runtime.requests import Busy, Fault, Idempotency, Request, Unavailable
from penstock.store import incidents, instances, journal, outbox
from tests.bpmn.models import around, flow
from tests.runtime.conftest import Server

pytestmark = pytest.mark.anyio

NOTHING = around('<task id="x"/>')
LOOP = (
    '<startEvent id="s"/>'
    + flow("s", "m")
    + '<exclusiveGateway id="m"/>'
    + flow("m", "count")
    + '<scriptTask id="count"><extensionElements><zeebe:script expression="=n + 1" resultVariable="n"/>'
    "</extensionElements></scriptTask>"
    + flow("count", "again")
    + '<exclusiveGateway id="again" default="again_e"/>'
    + flow("again", "m", "n &lt; rounds")
    + flow("again", "e")
    + '<endEvent id="e"/>'
)


async def test_a_start_is_answered_with_the_instance_as_it_was_committed(server: Server) -> None:
    await server.deploy(NOTHING)
    row = await server.start(a=1)
    assert row.status == "completed"
    assert await server.runtime.read(instances.find, row.id) == row


async def test_commands_that_come_in_together_share_transactions(server: Server) -> None:
    await server.deploy(NOTHING)
    await asyncio.gather(*(server.start(n=n) for n in range(200)))
    metrics = server.runtime.metrics.registry
    commands = metrics.get_sample_value("penstock_commit_commands_sum")
    commits = metrics.get_sample_value("penstock_commit_commands_count")
    assert commands == 200
    assert commits is not None
    assert commits < 200


async def test_a_poisonous_command_does_not_hurt_its_neighbours(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.deploy(NOTHING)
    real = transaction.advance

    def poisoned(definition, instance, command, now, **options):  # type: ignore[no-untyped-def]
        if isinstance(command, c.StartInstance) and command.variables.get("n") == 3:
            raise AssertionError("a fault of ours")
        return real(definition, instance, command, now, **options)

    monkeypatch.setattr(transaction, "advance", poisoned)
    answers = await asyncio.gather(*(server.start(n=n) for n in range(6)), return_exceptions=True)
    assert [isinstance(answer, Fault) for answer in answers] == [n == 3 for n in range(6)]
    found = await server.runtime.read(instances.search)
    assert sorted(row.variables["n"] for row in found) == [0, 1, 2, 4, 5]  # type: ignore[type-var]


async def test_a_commit_that_fails_changes_nothing_and_says_why(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.deploy(NOTHING)

    def full(*_args: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(transaction.Writes, "flush", full)
        with pytest.raises(Unavailable, match="database or disk is full"):
            await server.start()
    assert await server.runtime.read(instances.search) == []
    assert (await server.start()).status == "completed"


async def test_a_command_to_an_unknown_instance_is_refused(server: Server) -> None:
    with pytest.raises(Rejected, match="there is no process instance 'nobody'"):
        await server.runtime.send(Request("nobody", c.CancelInstance(), "1"))


async def test_a_refused_command_leaves_no_trace(server: Server) -> None:
    await server.deploy(NOTHING)
    row = await server.start()
    with pytest.raises(Rejected, match="is completed"):
        await server.runtime.send(Request(row.id, c.CancelInstance(), "1"))
    assert len(await server.runtime.read(journal.read, row.id)) == 1
    assert await server.runtime.read(instances.find, row.id) == row


async def test_a_start_that_is_sent_again_with_its_idempotency_key_starts_nothing(server: Server) -> None:
    await server.deploy(NOTHING)
    key = Idempotency("order 17", "digest")
    first = await server.start(key=key, n=1)
    server.restart()
    second = await server.start(key=key, n=1)
    assert second.id == first.id
    assert len(await server.runtime.read(instances.search)) == 1


async def test_starts_with_one_idempotency_key_in_one_batch_start_one_instance(server: Server) -> None:
    await server.deploy(NOTHING)
    key = Idempotency("order 17", "digest")
    rows = await asyncio.gather(*(server.start(key=key) for _ in range(10)))
    assert len({row.id for row in rows}) == 1


async def test_an_idempotency_key_of_another_request_is_a_conflict(server: Server) -> None:
    await server.deploy(NOTHING)
    await server.start(key=Idempotency("order 17", "one"))
    with pytest.raises(Rejected, match="'order 17' was used for another request"):
        await server.start(key=Idempotency("order 17", "two"))


async def test_a_long_run_is_cut_into_transactions_and_comes_to_its_end(server: Server) -> None:
    await server.deploy(LOOP)
    row = await server.start(n=0, rounds=3000)
    assert row.status == "active"
    row = await server.runtime.settled(row.id, 30)
    assert (row.status, row.variables["n"]) == ("completed", 3000)
    commands = len(await server.runtime.read(journal.read, row.id))
    phases = 3000 * 3 * 2 + 3  # each of three elements a round arrives and is entered
    assert commands == -(-phases // SLICE)
    assert await server.runtime.read(outbox.waiting) == []


async def test_what_is_left_of_a_long_run_goes_on_after_a_crash(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.deploy(LOOP)
    with monkeypatch.context() as patched:
        for committer in server.runtime.dispatcher._committers:
            patched.setattr(committer, "_go_on", lambda _transaction: None)
        row = await server.start(n=0, rounds=1000)
    assert len(await server.runtime.read(outbox.waiting)) == 1
    server.restart()
    assert (await server.runtime.settled(row.id, 30)).status == "completed"


async def test_a_loop_without_a_wait_ends_in_an_incident_and_goes_on_when_it_is_put_right(
    server: Server,
) -> None:
    await server.deploy(LOOP)
    started = await server.start(n=0, rounds=10**9)
    row = await server.runtime.settled(started.id, 60)
    assert row.status == "incident"
    [incident] = await server.runtime.read(incidents.search)
    assert incident.type == "loop"
    command = c.ResolveIncident(incident.scope, incident.owner, incident.key, {"rounds": 0})
    await server.runtime.send(Request(row.id, command, "1"))
    assert (await server.runtime.settled(row.id, 60)).status == "completed"


async def test_a_script_that_gives_what_cannot_be_kept_is_an_incident_and_no_fault(server: Server) -> None:
    script = '<zeebe:script expression="=if plain then 1 else [sum]" resultVariable="rule"/>'
    task = f'<scriptTask id="x"><extensionElements>{script}</extensionElements></scriptTask>'
    await server.deploy(around(task))
    row = await server.start(plain=False)
    assert row.status == "incident"
    [incident] = await server.runtime.read(incidents.search)
    assert "a function cannot be stored, and it holds one at [1]" in incident.message
    command = c.ResolveIncident(incident.scope, incident.owner, incident.key, {"plain": True})
    await server.runtime.send(Request(row.id, command, "1"))
    assert (await server.runtime.settled(row.id, 60)).status == "completed"


async def test_a_stopped_server_takes_nothing_more(server: Server) -> None:
    await server.deploy(NOTHING)
    runtime = server.runtime
    server.restart()
    with pytest.raises(Busy):
        await runtime.send(Request("x", c.CancelInstance(), "1"))


async def test_work_whose_asker_has_gone_does_not_stop_the_writer(server: Server) -> None:
    await server.deploy(NOTHING)
    asked = [
        asyncio.create_task(server.runtime.activate_jobs(["x"], limit=1, lease_ms=1, worker="w"))
        for _ in range(20)
    ]
    await asyncio.sleep(0)
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    assert (await server.start()).status == "completed"
    assert await server.runtime.ready() == []
