"""What fails for a moment is done in the end, without a restart, and holds up nothing else."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.runtime import scheduler, transaction
from penstock.runtime.jobs import JobRunner
from penstock.runtime.requests import Request
from penstock.store import incidents, instances, journal, outbox
from penstock.store.database import READERS
from penstock.store.tables import scope
from penstock.workers.pool import FunctionPool
from tests.bpmn.models import around, extended, flow
from tests.runtime.conftest import Server
from tests.runtime.test_dispatch import LOOP
from tests.runtime.test_jobs import BACKOFF, service
from tests.store.test_postgres import cut_off

pytestmark = pytest.mark.anyio

TIMER = around(
    '<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>PT10S</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>"
)
BY_HAND = service("nobody_runs_this")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "LONGEST_SLEEP_S", 0.02)
    monkeypatch.setattr(scheduler, "OUTBOX_S", 0.02)


def fail_once(monkeypatch: pytest.MonkeyPatch, command: type[c.Command]) -> list[c.Command]:
    """Let the database refuse the first commit with such a command; give a list that then has it."""
    refused: list[c.Command] = []
    add = transaction.Writes.add

    def refuse(self: Any, stored: Any, asked: c.Command, *args: Any, **settings: Any) -> None:
        if isinstance(asked, command) and not refused:
            refused.append(asked)
            raise sqlite3.OperationalError("database or disk is full")
        add(self, stored, asked, *args, **settings)

    monkeypatch.setattr(transaction.Writes, "add", refuse)
    return refused


async def test_a_long_run_goes_on_after_a_commit_of_it_has_failed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = fail_once(monkeypatch, c.Continue)
    await server.deploy(LOOP)
    row = await server.run(n=0, rounds=1000)
    assert (row.status, len(refused)) == ("completed", 1)


async def test_a_long_run_that_is_cancelled_goes_on_no_more(server: Server) -> None:
    await server.deploy(LOOP)
    row = await server.start(n=0, rounds=10_000)
    await server.runtime.send(Request(row.id, c.CancelInstance(), "canceller"))
    async with asyncio.timeout(10):
        while await server.runtime.read(outbox.waiting):
            await asyncio.sleep(0.01)
    history = await server.runtime.read(journal.read, row.id)
    assert history[-1].actor == "canceller"
    cancelled = await server.runtime.read(instances.find, row.id)
    assert cancelled is not None
    assert (cancelled.status, cancelled.updated_by) == ("cancelled", "canceller")


async def test_what_a_function_came_to_is_reported_again_when_the_database_could_not_be_written(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = fail_once(monkeypatch, c.CompleteJob)
    await server.deploy(service("remember"))
    row = await server.run()
    assert (row.status, row.variables["attempt"], len(refused)) == ("completed", 1, 1)


async def test_jobs_are_taken_again_after_a_failed_attempt(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = JobRunner.lease
    failed: list[int] = []

    def refuse(self: JobRunner, connection: Any, definitions: Any, count: int) -> Any:
        failed.append(count)
        if len(failed) < 3:
            raise sqlite3.OperationalError("database or disk is full")
        return lease(self, connection, definitions, count)

    monkeypatch.setattr(JobRunner, "lease", refuse)
    await server.deploy(service("fail", retries=2, headers=BACKOFF))
    started = await server.start()
    await server.advance(0)
    await server.advance(10)
    assert (await server.runtime.settled(started.id, 10)).status == "incident"
    assert len(failed) >= 3
    assert min(failed) >= 2, "a place was not given back"


async def test_a_timer_that_cannot_fire_holds_up_no_job(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.deploy(TIMER)
    waiting = await server.start()
    await server.deploy(service("fail", retries=2, headers=BACKOFF), version="2.0.0")
    failing = await server.start()
    await server.advance(0)
    real: Callable[..., Any] = transaction.advance

    def poisoned(definition: Any, instance: Any, command: c.Command, now: int, **limits: int) -> Any:
        if isinstance(command, c.FireTimer):
            raise AssertionError("a fault of ours")
        return real(definition, instance, command, now, **limits)

    monkeypatch.setattr(transaction, "advance", poisoned)
    server.runtime.clock.move(server.runtime.clock.now() + 10_000)  # type: ignore[attr-defined]
    assert (await server.runtime.settled(failing.id, 10)).status == "incident"
    monkeypatch.setattr(transaction, "advance", real)
    assert (await server.runtime.settled(waiting.id, 10)).status == "active"


async def test_a_function_that_ends_during_the_stop_has_not_worked_in_vain(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    (server.folder / "functions" / "slow.py").write_text(SLOW)
    server.runtime.reload_functions()
    task = service("wait_for_go").replace(flow("x", "e"), "")
    then = '<serviceTask id="y"><extensionElements><zeebe:taskDefinition type="remember"/>'
    then += f"</extensionElements></serviceTask>{flow('x', 'y')}{flow('y', 'e')}"
    await server.deploy(task + then)
    row = await server.start()
    stop = FunctionPool.stop

    def go(self: FunctionPool, grace_s: float) -> None:
        (server.folder / "go").touch()
        stop(self, grace_s)

    monkeypatch.setattr(FunctionPool, "stop", go)
    server.restart()
    ended = await server.runtime.settled(row.id, 10)
    assert (ended.status, ended.variables["waited"]) == ("completed", 1)
    assert Path(server.folder / "calls").read_text() == "called\n"


SLOW = """
import time
from pathlib import Path
from penstock import task

HERE = Path(__file__).parents[1]

@task
def wait_for_go() -> dict:
    with open(HERE / "calls", "a") as calls:
        calls.write("called\\n")
    deadline = time.monotonic() + 10
    while not (HERE / "go").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    return {"waited": 1}
"""


async def test_a_sub_process_that_ends_after_an_incident_leaves_no_row(server: Server) -> None:
    mapping = '<zeebe:ioMapping><zeebe:output source="=for i in 1..n return i" target="y"/></zeebe:ioMapping>'
    inside = f'<startEvent id="s1"/>{flow("s1", "e1")}<endEvent id="e1"/>'
    await server.deploy(around(extended("subProcess", mapping, inner=inside)))
    row = await server.run(n=10**12)
    assert row.status == "incident"
    [incident] = await server.runtime.read(incidents.search)
    assert await scopes(server) == 1
    command = c.ResolveIncident(incident.scope, incident.owner, incident.key, {"n": 2})
    await server.runtime.send(Request(row.id, command, "1"))
    assert (await server.runtime.settled(row.id, 10)).status == "completed"
    assert await scopes(server) == 0


async def scopes(server: Server) -> int:
    query = sa.select(sa.func.count()).select_from(scope)
    found: int = await server.runtime.read(lambda connection: connection.execute(query).scalar_one())
    return found


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_server_whose_connections_are_cut_while_they_rest_goes_on(
    server: Server, database: str
) -> None:
    await server.deploy(around('<userTask id="x"/>'))
    first = await server.start()
    await asyncio.to_thread(cut_off, database)
    second = await server.start()
    for id in (first.id, second.id):
        for _ in range(READERS):  # each of the readers finds out by itself
            assert await server.runtime.read(instances.find, id) is not None
