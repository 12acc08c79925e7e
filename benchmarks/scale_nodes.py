"""Three nodes on one PostgreSQL, under load from clients of all of them: what an instance costs, and whom.

The database is one of its own on the server that `PENSTOCK_BENCH_POSTGRES_URL` names, by default on
127.0.0.1:5432, on this machine. Its CPU is that of the processes that serve the nodes, and of the server's
writers; what the clients use counts for nobody.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import psycopg
import sqlalchemy as sa
from psycopg import sql

from benchmarks import nodes_dbos
from benchmarks.figures import Measure, process_cpu_seconds, tree_cpu_seconds
from benchmarks.load import Load, Plan, Step, run_apart
from benchmarks.peers import venv
from benchmarks.server import Server, ServerFailed, serving_from, write_project
from benchmarks.workloads import ADD, COMPLETION, ORDER, WAITING, Workload
from penstock.store.tables import metadata

NODES = 3
CLIENTS = 256
SECONDS = 10.0
QUICK_SECONDS = 3.0
WARM_UP = 10
"""Exchanges a client before anything is measured."""
PATIENCE_SECONDS = 60.0
UNBOUNDED = 1_000_000

ORDERS_A_SECOND = 700.0
ORDER_CPU_MS = 1.2
ADDS_A_SECOND = 2_000.0
START_P99_MS = 100.0

CROWD = 1_000_000
QUICK_CROWD = 20_000
READY_SECONDS = 2.0

FUNCTIONS = """
from penstock import task


@task
def stamp() -> None:
    pass
"""


def measure(folder: Path, quick: bool) -> Iterator[Measure]:
    """Load three nodes with `order` and with `add`.

    Raises:
        ServerFailed: a server did not start, or an instance did not come to its end.
        LoadFailed: a request was not answered with a success.
    """
    seconds = QUICK_SECONDS if quick else SECONDS
    project = write_project(folder / "project", (ADD, ORDER, WAITING))
    (project / "functions").mkdir()
    (project / "functions" / "stamp.py").write_text(FUNCTIONS)
    tops: dict[str, _Found] = {}
    with _database() as url, _nodes(project, url, folder) as servers:
        for workload, goal, cpu_goal in ((ORDER, ORDERS_A_SECOND, ORDER_CPU_MS), (ADD, ADDS_A_SECOND, None)):
            found = tops[workload.name] = _loaded(url, servers, workload, seconds)
            name = f"{workload.name} on {NODES} nodes, {CLIENTS} clients"
            # A bound is what may not be exceeded: the time of an instance, not how many come in a second.
            yield Measure(f"{name}: each", 1000 / found.per_second, "ms", 1000 / goal)
            yield Measure(f"{name}: CPU of nodes", found.nodes_ms, "ms")
            yield Measure(f"{name}: CPU of PostgreSQL", found.database_ms, "ms")
            yield Measure(f"{name}: CPU", found.nodes_ms + found.database_ms, "ms", cpu_goal)
            yield Measure(f"{name}: p99 of an exchange", found.p99_ms, "ms")
        half = tops[ADD.name].per_second / 2
        yield _start_at(servers, half, seconds, f"at half of that load, {half:,.0f} a second")
        yield from _with_many_waiting(project, url, folder, servers, half, seconds, quick)
    yield from _beside_dbos(tops[ORDER.name], seconds)


def _start_at(servers: Sequence[Server], per_second: float, seconds: float, what: str) -> Measure:
    loads = _drive(servers, ADD, seconds, UNBOUNDED, per_second)
    return Measure(f"p99 of a start {what}", max(load.p99_ms for load in loads), "ms", START_P99_MS)


def _with_many_waiting(
    project: Path,
    url: str,
    folder: Path,
    servers: Sequence[Server],
    per_second: float,
    seconds: float,
    quick: bool,
) -> Iterator[Measure]:
    """Let very many wait, start one more node, and take the latency of a start again."""
    crowd = QUICK_CROWD if quick else CROWD
    _drive(servers[:1], WAITING, seconds, 1)
    _copy_the_waiting(url, crowd)
    with serving_from(project, url, folder / "late.log") as late:
        yield Measure(f"a node's start with {crowd:,} waiting", late.ready_seconds, "s", READY_SECONDS)
    yield _start_at(servers, per_second, seconds, f"with {crowd:,} waiting, at the same load")


def _copy_the_waiting(url: str, number: int) -> None:
    """Let so many more wait: copies of one that really does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE TEMP TABLE model AS SELECT * FROM instance WHERE process_id = %s LIMIT 1",
            [WAITING.process_id],
        )
        for table, id in (("user_task", "instance_id"), ("instance", "id")):
            names = [column.name for column in metadata.tables[table].columns]
            values = [
                sql.SQL("'copy-' || number") if name == id else sql.Identifier("it", name) for name in names
            ]
            connection.execute(
                sql.SQL(
                    "INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS it "
                    "JOIN model ON model.id = it.{id} CROSS JOIN generate_series(1, {number}) AS number"
                ).format(
                    table=sql.Identifier(table),
                    names=sql.SQL(", ").join(map(sql.Identifier, names)),
                    values=sql.SQL(", ").join(values),
                    id=sql.Identifier(id),
                    number=sql.Literal(number),
                )
            )
        connection.execute("ANALYZE instance, user_task")


def _beside_dbos(ours: _Found, seconds: float) -> Iterator[Measure]:
    """Let DBOS run the same process on the same PostgreSQL, where it can be installed."""
    try:
        python = venv.prepare()
        with _empty_database() as url:
            peer = nodes_dbos.measure(python, url, seconds, lambda: _cpu_of_database(url))
    except (venv.VenvFailed, nodes_dbos.PeerFailed) as failure:
        print(failure, file=sys.stderr)
        return
    name = f"DBOS, {ORDER.name}, without HTTP, {nodes_dbos.CLIENTS} clients"
    yield Measure(f"{name}: each", 1000 / peer.per_second, "ms")
    yield Measure(f"{name}: CPU of its process", peer.own_ms, "ms")
    yield Measure(f"{name}: CPU of PostgreSQL", peer.database_ms, "ms")
    theirs, own = peer.own_ms + peer.database_ms, ours.nodes_ms + ours.database_ms
    yield Measure(f"{ORDER.name}, CPU of Penstock over that of DBOS", own / theirs, "times", 1.0)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a workload needed, an instance."""

    per_second: float
    nodes_ms: float
    database_ms: float
    p99_ms: float


def exchange(workload: Workload) -> list[Step]:
    """Give the requests of one instance."""
    if workload is not ORDER:
        return [Step("POST", f"/domo/workflow/v1/models/{workload.name}/start", workload.variables)]
    start = {"processId": workload.process_id, "variables": workload.variables, "wait": PATIENCE_SECONDS}
    return [
        Step("POST", "/api/v1/process-instances", start, keep={"instance": ["id"]}),
        Step("GET", "/api/v1/tasks?processInstance={instance}", keep={"task": ["items", 0, "id"]}),
        Step("POST", "/api/v1/tasks/{task}/complete", {"variables": COMPLETION}),
    ]


def _loaded(url: str, servers: Sequence[Server], workload: Workload, seconds: float) -> _Found:
    """Load the nodes with a workload, and wait until all of its instances have ended."""
    _drive(servers, workload, PATIENCE_SECONDS, WARM_UP * CLIENTS)
    done = _all_ended(servers[0], workload, 0)
    nodes, database, began = _cpu_of_nodes(servers), _cpu_of_database(url), time.perf_counter()
    loads = _drive(servers, workload, seconds, UNBOUNDED)
    exchanges = sum(load.exchanges for load in loads)
    ended = _all_ended(servers[0], workload, done + exchanges) - done
    took = time.perf_counter() - began
    nodes, database = _cpu_of_nodes(servers) - nodes, _cpu_of_database(url) - database
    return _Found(
        ended / took, nodes / ended * 1000, database / ended * 1000, max(load.p99_ms for load in loads)
    )


def _drive(
    servers: Sequence[Server],
    workload: Workload,
    seconds: float,
    exchanges: int,
    per_second: float | None = None,
) -> list[Load]:
    """Let clients of each node work at the same time."""
    nodes, clients = len(servers), min(CLIENTS, exchanges)
    rate = None if per_second is None else per_second / nodes
    plans = [
        Plan(server.port, clients // nodes, seconds, exchanges // nodes, exchange(workload), rate)
        for server in servers
    ]
    with ThreadPoolExecutor(len(plans)) as pool:
        return list(pool.map(run_apart, plans))


def _all_ended(server: Server, workload: Workload, least: int) -> int:
    """Wait until so many instances have ended, and none is left; give how many have.

    Raises:
        ServerFailed: some do not end.
    """
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while True:
        counts = server.overall(workload)
        if counts["completedWorkflows"] >= least and not counts["inProgressWorkflows"]:
            return counts["completedWorkflows"]
        if time.perf_counter() > deadline:
            raise ServerFailed(f"of {workload.name}, {counts} stand so, and {least} are to have ended")
        time.sleep(0.05)


def _cpu_of_nodes(servers: Sequence[Server]) -> float:
    return sum(tree_cpu_seconds(server.pid) for server in servers)


def _cpu_of_database(url: str) -> float:
    """Give the CPU seconds of the server's processes that serve the database or write for all."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "OR backend_type IN ('walwriter', 'checkpointer', 'background writer', 'autovacuum worker')"
        ).fetchall()
    return sum(process_cpu_seconds(pid) for (pid,) in found)


@contextmanager
def _database() -> Iterator[str]:
    """Give the URL of a database with Penstock's schema, which is dropped in the end."""
    with _empty_database() as url:
        penstock = str(Path(sys.executable).with_name("penstock"))
        subprocess.run([penstock, "db", "upgrade", "--database", url], check=True, stdout=subprocess.DEVNULL)
        yield url


@contextmanager
def _empty_database() -> Iterator[str]:
    """Give the URL of an empty database, which is dropped in the end."""
    admin = os.environ.get("PENSTOCK_BENCH_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    name = f"penstock_bench_{token_hex(4)}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = sa.make_url(admin).set(database=name).render_as_string(hide_password=False)
        try:
            yield url
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _nodes(project: Path, url: str, folder: Path) -> Iterator[list[Server]]:
    """Start the nodes."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(serving_from(project, url, folder / f"node{number}.log"))
            for number in range(NODES)
        ]
