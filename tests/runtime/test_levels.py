"""Service levels: how many jobs of a type run at once, how fast they begin, and which go first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from penstock.kernel import Rejected, commands as c
from penstock.levels import Levels, read
from penstock.runtime.deployments import SourceFile
from penstock.runtime.jobs import ActivatedJob
from penstock.runtime.requests import Request
from penstock.store import due
from tests.bpmn.models import around, extended, process_of
from tests.runtime.conftest import FUNCTIONS, Server
from tests.runtime.counting import counted

pytestmark = pytest.mark.anyio

SHIP = around(extended("serviceTask", '<zeebe:taskDefinition type="ship"/>'))
ADD = around(extended("serviceTask", '<zeebe:taskDefinition type="add"/>'))


class Limited:
    """Starts servers with service levels on one database."""

    def __init__(self, folder: Path, database: str) -> None:
        self._folder, self._database = folder, database
        self._servers: list[Server] = []

    def __call__(self, **levels: Any) -> Server:
        server = Server(self._folder, self._database, levels=read(levels))
        self._servers.append(server)
        return server

    def end(self) -> None:
        for server in self._servers:
            server.runtime.stop()
        self._servers = []


@pytest.fixture
def limited(tmp_path: Path, database: str) -> Iterator[Limited]:
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "tasks.py").write_text(dedent(FUNCTIONS))
    limited = Limited(tmp_path, database)
    yield limited
    limited.end()


async def activate(
    server: Server, *types: str, limit: int = 10, worker: str = "w", lease_ms: int = 600_000
) -> list[ActivatedJob]:
    return await server.runtime.activate_jobs(
        types or ["ship"], limit=limit, lease_ms=lease_ms, worker=worker
    )


async def complete(server: Server, job: ActivatedJob) -> None:
    row = job.row
    command = c.CompleteJob(row.scope, row.owner, row.key, {})
    await server.runtime.send(Request(row.instance_id, command, "1"))


async def starts(server: Server, number: int) -> None:
    for n in range(number):
        await server.start(n=n)


async def test_no_more_jobs_of_a_type_are_had_at_once_than_may_be(limited: Limited) -> None:
    server = limited(tasks={"ship": {"concurrency": 2}})
    await server.deploy(SHIP)
    await starts(server, 4)
    first = await activate(server, worker="a")
    assert len(first) == 2
    assert await activate(server, worker="b") == []
    await complete(server, first[0])
    assert len(await activate(server, worker="b")) == 1
    assert await activate(server, worker="c") == []


async def test_a_worker_that_is_gone_gives_its_places_back_when_its_leases_run_out(limited: Limited) -> None:
    server = limited(tasks={"ship": {"concurrency": 1}})
    await server.deploy(SHIP)
    await starts(server, 2)
    [gone] = await activate(server, worker="gone", lease_ms=10_000)
    await server.advance(9.999)
    assert await activate(server, worker="b") == []
    await server.advance(0.001)
    [_] = await activate(server, worker="b")
    with pytest.raises(Rejected, match="has run out"):
        await server.runtime.extend_job(gone.row.instance_id, gone.row.key, lease_ms=10_000)
    assert await activate(server, worker="c") == []


async def test_what_fails_gives_its_place_to_the_next(limited: Limited) -> None:
    server = limited(tasks={"fail": {"concurrency": 1}})
    await server.deploy(around(extended("serviceTask", '<zeebe:taskDefinition type="fail" retries="1"/>')))
    started = [await server.start(why=str(n)) for n in range(3)]
    rows = [await server.runtime.settled(it.id, 10) for it in started]
    assert [row.status for row in rows] == ["incident"] * 3


async def test_a_suspended_instances_job_keeps_its_place_as_long_as_somebody_has_it(limited: Limited) -> None:
    server = limited(tasks={"ship": {"concurrency": 1}})
    await server.deploy(SHIP)
    await starts(server, 2)
    [job] = await activate(server, lease_ms=10_000)
    await server.runtime.send(Request(job.row.instance_id, c.SuspendInstance(), "1"))
    assert await activate(server) == []
    await server.advance(10)
    [other] = await activate(server)
    assert other.row.instance_id != job.row.instance_id


async def test_functions_of_the_server_and_workers_elsewhere_share_the_places(limited: Limited) -> None:
    server = limited(tasks={"add": {"concurrency": 1}})
    await server.deploy(ADD)
    rows = [await server.run(a=n, b=1) for n in range(3)]
    assert [row.status for row in rows] == ["completed"] * 3


async def test_no_more_jobs_begin_in_any_span_than_the_rate_says(limited: Limited) -> None:
    server = limited(tasks={"ship": {"rate": "3/s"}})
    await server.deploy(SHIP)
    await starts(server, 12)
    clock, begun = server.runtime.clock, []
    while len(begun) < 12:
        begun += [clock.now() for _ in await activate(server)]
        await server.advance(0.1)
    spans = [sum(at <= other < at + 1000 for other in begun) for at in begun]
    assert max(spans) == 3
    assert begun[-1] - begun[0] <= 3300


async def test_a_rate_counts_over_a_minute(limited: Limited) -> None:
    server = limited(tasks={"ship": {"rate": "2/min"}})
    await server.deploy(SHIP)
    await starts(server, 3)
    assert len(await activate(server)) == 2
    await server.advance(59)
    assert await activate(server) == []
    await server.advance(2)
    assert len(await activate(server)) == 1


async def test_the_servers_functions_keep_the_rate_and_time_brings_the_next(limited: Limited) -> None:
    server = limited(tasks={"add": {"rate": "1/min"}})
    await server.deploy(ADD)
    started = [await server.start(a=n, b=1) for n in range(3)]
    await server.advance(125)
    rows = [await server.runtime.settled(it.id, 10) for it in started]
    assert [row.status for row in rows] == ["completed"] * 3
    ended = sorted(row.ended_at or 0 for row in rows)
    assert [later - before for before, later in pairwise(ended)] == pytest.approx([60_000, 60_000], abs=700)


async def test_jobs_of_a_higher_priority_go_first_and_no_other_waits_for_ever(limited: Limited) -> None:
    server = limited(tasks={"urgent": {"priority": 2}})
    for type_ in ("ship", "urgent"):
        task = around(extended("serviceTask", f'<zeebe:taskDefinition type="{type_}"/>'))
        model = process_of(task).replace(b'<process id="p"', f'<process id="{type_}"'.encode())
        await server.runtime.deploy([SourceFile(f"{type_}.bpmn", model)], actor="1")
    await server.start("ship")
    await server.advance(60)
    await server.start("urgent")
    await server.start("ship")
    order = [(await activate(server, "ship", "urgent", limit=1))[0].row.type for _ in range(3)]
    assert order == ["urgent", "ship", "ship"]
    await server.start("ship")
    await server.advance(121)
    await server.start("urgent")
    order = [(await activate(server, "urgent", "ship", limit=1))[0].row.type for _ in range(2)]
    assert order == ["ship", "urgent"]


async def test_jobs_of_a_process_of_a_higher_priority_go_first(limited: Limited) -> None:
    server = limited(processes={"fast": {"priority": 1}})
    for process in ("p", "fast"):
        model = process_of(SHIP).replace(b'<process id="p"', f'<process id="{process}"'.encode())
        await server.runtime.deploy([SourceFile(f"{process}.bpmn", model)], actor="1")
    slow, fast = await server.start("p"), await server.start("fast")
    order = [(await activate(server, limit=1))[0].row.instance_id for _ in range(2)]
    assert order == [fast.id, slow.id]


async def test_where_no_limit_is_set_not_one_statement_more_is_run(limited: Limited) -> None:
    ran = []
    for levels in ({}, {"tasks": {"other": {"concurrency": 1, "rate": "1/s"}}}):
        server = limited(**levels)
        await server.deploy(SHIP)
        with counted() as statements:
            await starts(server, 2)
            [one, two] = await activate(server)
            await server.runtime.extend_job(one.row.instance_id, one.row.key, lease_ms=1000)
            await complete(server, one)
            await complete(server, two)
        ran.append([it for it in statements if " job " in it or "job_level" in it])
        limited.end()
    without, with_another = ran
    assert not any("job_level" in it for it in without)
    assert len(without) == 5  # one finds jobs, two lease them, and two are for what a worker extends
    assert len(with_another) == len(without) + 1  # to extend one, its type has to be known


async def test_many_workers_at_once_keep_the_limit(limited: Limited) -> None:
    server = limited(tasks={"ship": {"concurrency": 3}})
    await server.deploy(SHIP)
    await starts(server, 7)
    rounds = []
    while (await server.runtime.read(due.look, ["ship"])).job is not None:
        found = await asyncio.gather(*(activate(server, worker=f"w{n}", limit=2) for n in range(6)))
        rounds.append(sum(map(len, found)))
        for job in (job for some in found for job in some):
            await complete(server, job)
    assert rounds == [3, 3, 1]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"task": {}}, "has 'task'"),
        ({"tasks": {"ship": {"concurrency": 0}}}, "tasks.ship.concurrency"),
        ({"tasks": {"ship": {"concurrency": True}}}, "tasks.ship.concurrency"),
        ({"tasks": {"ship": {"rate": "10"}}}, "10/s, 100/min or 1000/h"),
        ({"tasks": {"ship": {"priority": 1.5}}}, "from -1000 to 1000"),
        ({"tasks": {"ship": {"speed": 1}}}, "has 'speed'"),
        ({"tasks": {"ship": 1}}, "a table for each"),
        ({"processes": {"p": {"over": "wait"}}}, "refuse or queue"),
    ],
)
def test_a_level_that_cannot_be_is_refused_by_its_name(raw: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read(raw)


def test_levels_are_told_on_a_line_each() -> None:
    levels = read(
        {
            "tasks": {"charge": {"concurrency": 4, "rate": "100/min", "priority": 5}},
            "processes": {"order": {"running": 1, "over": "queue"}},
        }
    )
    assert levels.told() == [
        "task charge: 4 at once, 100/min, priority 5",
        "process order: 1 running, else queue",
    ]
    assert Levels().told() == []
