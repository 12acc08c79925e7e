"""Instances that ended long ago are archived and removed: nothing is lost, nothing twice, the sums stay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.runtime import archive as archiving, retention
from penstock.runtime.archive import Archive, ArchiveError
from penstock.runtime.clock import TestClock
from penstock.runtime.requests import Request
from penstock.runtime.retention import Policy, Retained, Retention
from penstock.store import counters, instances, user_tasks
from penstock.store.tables import metadata
from tests.bpmn.models import flow
from tests.runtime.conftest import START, Server

ASK = (
    f'<startEvent id="s"/>{flow("s", "ask")}<userTask id="ask" name="Ask"/>{flow("ask", "e")}'
    '<endEvent id="e"/>'
)
DAY_MS = 86_400_000

pytestmark = pytest.mark.anyio


class Crash(Exception):
    """Here the process would be gone."""


class Keeper:
    """Retention on a server's database, as its own thread would run it."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.folder = folder / "archive"
        self.policy = Policy(30 * DAY_MS, self.folder)
        self.crash_after: Callable[[int], bool] = lambda _number: False
        """Whether it crashes once the transaction of this number is in force."""
        self.transactions = 0

    def run(self) -> Retained:
        """Run once, 31 days after the start."""
        clock = TestClock(START + 31 * DAY_MS)
        archive = Archive(self.folder)
        return Retention(self.server.runtime._database, self._transact, clock, self.policy, archive).run()

    def _transact(self, act: Callable[[sa.Connection], None]) -> None:
        self.server.runtime.dispatcher.transact(act).result()
        self.transactions += 1
        if self.crash_after(self.transactions):
            raise Crash

    def archived(self) -> list[dict[str, Any]]:
        """Give every row of every file that counts."""
        found: list[dict[str, Any]] = []
        for file in sorted(self.folder.glob("*.parquet")):
            found += parquet.read_table(file).to_pylist()
        return found

    async def left(self) -> int:
        """Count the rows of instances in every table."""
        return await self.server.runtime.read(count_rows)


@pytest.mark.parametrize("days", [30, 365], ids=["archives them itself", "has nothing to archive"])
async def test_two_nodes_on_one_folder_archive_each_instance_once(
    server: Server, tmp_path: Path, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one runs when the first has written its file and has not removed anything yet."""
    if not server.runtime._database.shared:
        pytest.skip("there is one node")
    await server.deploy(ASK)
    ids = []
    for _ in range(3):
        ids.append((await server.start()).id)
        await server.runtime.send(Request(ids[-1], c.CancelInstance(), "1"))
    first, other = Keeper(server, tmp_path), Keeper(server, tmp_path)
    other.policy = replace_policy(other.policy, days)
    real = Archive.write

    def write_and_let_the_other_run(archive: Archive, name: str, batch: Any) -> None:
        real(archive, name, batch)
        monkeypatch.setattr(Archive, "write", real)
        other.run()

    monkeypatch.setattr(Archive, "write", write_and_let_the_other_run)
    await asyncio.to_thread(first.run)
    kept = sorted(row["id"] for row in first.archived())
    left = [row.id for row in await server.runtime.read(instances.search, limit=10)]
    assert sorted(kept + left) == sorted(ids), "each is in one place"
    await asyncio.to_thread(first.run)
    assert sorted(row["id"] for row in first.archived()) == sorted(ids)
    assert await first.left() == 0


def replace_policy(policy: Policy, days: int) -> Policy:
    return policy._replace(older_than_ms=days * DAY_MS)


def count_rows(connection: sa.Connection) -> int:
    tables = [table for table in metadata.sorted_tables if "part" in table.columns]
    return sum(
        int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
        for table in tables
    )


@pytest.fixture
def keeper(server: Server, tmp_path: Path) -> Keeper:
    return Keeper(server, tmp_path)


async def complete(server: Server, id: str) -> None:
    (task,) = await server.runtime.read(user_tasks.search, instance_id=id)
    values = {"answer": "yes"}
    await server.runtime.send(
        Request(id, c.CompleteUserTask(task.scope, task.owner, task.key, values), "ada")
    )


async def ended(server: Server, number: int) -> list[str]:
    """Start instances and complete them; gives their ids."""
    ids = [(await server.start(n=n)).id for n in range(number)]
    for id in ids:
        await complete(server, id)
    return ids


async def test_what_ended_long_ago_is_archived_and_gone(server: Server, keeper: Keeper) -> None:
    await server.deploy(ASK)
    ids = await ended(server, 3)
    before = await server.runtime.read(counters.totals, "p")
    assert keeper.run() == Retained(3, 1)
    assert await keeper.left() == 0
    assert await server.runtime.read(counters.totals, "p") == before
    rows = keeper.archived()
    assert sorted(row["id"] for row in rows) == sorted(ids)
    (row,) = [row for row in rows if row["id"] == ids[0]]
    assert (row["status"], row["variables"]) == ("completed", '{"n":0,"answer":"yes"}')
    assert row["ended_at"].timestamp() * 1000 == START
    assert [(entry["seq"], entry["actor"]) for entry in row["journal"]] == [(1, "1"), (2, "ada")]
    assert "InstanceCompleted" in row["journal"][1]["events"]
    assert [(task["name"], task["state"]) for task in row["user_tasks"]] == [("Ask", "completed")]


async def test_what_runs_or_ended_lately_stays(server: Server, keeper: Keeper) -> None:
    await server.deploy(ASK)
    running, late = [(await server.start()).id for _ in range(2)]
    await server.advance(2 * 86_400)
    await complete(server, late)
    assert keeper.run() == Retained(0, 0)
    assert await server.runtime.read(instances.find, running) is not None
    assert await server.runtime.read(instances.find, late) is not None


async def test_it_goes_batch_by_batch(
    server: Server, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    await server.deploy(ASK)
    await ended(server, 5)
    assert keeper.run() == Retained(5, 3)
    assert len(keeper.archived()) == 5


async def test_heavy_instances_make_smaller_batches(
    server: Server, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH_BYTES", 1)
    await server.deploy(ASK)
    await ended(server, 2)
    assert keeper.run() == Retained(2, 2)


async def test_what_was_called_stays_until_its_caller_has_ended(server: Server, keeper: Keeper) -> None:
    called = (
        f'<startEvent id="s"/>{flow("s", "x")}<callActivity id="x"><extensionElements>'
        f'<zeebe:calledElement processId="child"/></extensionElements></callActivity>{flow("x", "ask")}'
        f'<userTask id="ask"/>{flow("ask", "e")}<endEvent id="e"/>'
    )
    child = f'<process id="child"><startEvent id="cs"/>{flow("cs", "ce")}<endEvent id="ce"/></process>'
    await server.deploy(called, root=child)
    parent = await server.run()
    rows = await server.runtime.read(instances.search)
    assert sorted(row.status for row in rows) == ["active", "completed"]
    assert keeper.run() == Retained(0, 0)
    await complete(server, parent.id)
    assert keeper.run() == Retained(2, 1)


@pytest.fixture
def crashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Let the archive crash before it does something, once."""

    def crash(before: str) -> None:
        act = getattr(Archive, before)

        def once(*arguments: Any) -> Any:
            monkeypatch.setattr(Archive, before, act)
            raise Crash

        monkeypatch.setattr(Archive, before, once)

    return crash  # type: ignore[return-value]


@pytest.mark.parametrize(
    "moment", ["before the removal", "after the removal", "after the note", "at the name"]
)
async def test_a_crash_between_the_file_and_the_removal_loses_and_doubles_nothing(
    server: Server, keeper: Keeper, crashes: Callable[[str], None], moment: str
) -> None:
    await server.deploy(ASK)
    ids = await ended(server, 3)
    match moment:
        case "before the removal":
            keeper._transact = crashing  # type: ignore[method-assign]
        case "after the removal":
            keeper.crash_after = lambda number: number == 1
        case "after the note":
            keeper.crash_after = lambda number: number == 2
        case _:
            crashes("keep")
    with pytest.raises(Crash):
        keeper.run()
    assert keeper.archived() == []
    again = Keeper(server, keeper.folder.parent)
    await ended(server, 1)
    assert again.run() == Retained(4 if moment == "before the removal" else 1, 1)
    assert set(ids) <= {row["id"] for row in again.archived()}
    assert len(again.archived()) == 4
    assert [file.suffix for file in keeper.folder.iterdir()] == [".parquet"] * len(
        list(keeper.folder.iterdir())
    )
    assert await keeper.left() == 0


def crashing(_act: Callable[[sa.Connection], None]) -> None:
    raise Crash


async def test_two_at_once_archive_each_instance_once(
    server: Server, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.deploy(ASK)
    await ended(server, 3)
    other = Keeper(server, keeper.folder.parent / "other")
    write = archiving.Archive.write

    def overtaken(archive: Archive, *arguments: Any) -> None:
        monkeypatch.setattr(archiving.Archive, "write", write)
        assert other.run() == Retained(3, 1)
        write(archive, *arguments)

    monkeypatch.setattr(archiving.Archive, "write", overtaken)
    assert keeper.run() == Retained(0, 0)
    assert (len(keeper.archived()), len(other.archived())) == (0, 3)
    assert list(keeper.folder.iterdir()) == []


async def test_an_archive_that_cannot_be_written_removes_nothing(server: Server, keeper: Keeper) -> None:
    await server.deploy(ASK)
    await ended(server, 1)
    before = await keeper.left()
    keeper.folder.parent.mkdir(exist_ok=True)
    keeper.folder.write_text("a file")
    with pytest.raises(ArchiveError, match="cannot make the archive"):
        keeper.run()
    assert await keeper.left() == before


async def test_a_server_archives_by_itself(server: Server, tmp_path: Path) -> None:
    await server.deploy(ASK)
    await ended(server, 2)
    await server.advance(31 * 86_400)
    policy = Policy(30 * DAY_MS, tmp_path / "archive", every_s=0.01)
    server.options = replace(server.options, retention=policy)
    server.restart()
    async with asyncio.timeout(30):
        while await server.runtime.read(count_rows):
            await asyncio.sleep(0.01)
