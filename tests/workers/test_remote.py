"""A worker elsewhere and the clients that it is made with, against a whole server without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import httpx2
import pytest
from starlette.types import ASGIApp

from penstock.api.app import create_app
from penstock.api.settings import ApiSettings
from penstock.client import NoServer, Refused
from penstock.job_client import AsyncJobClient, JobClient
from penstock.kernel.commands import CompleteUserTask, StartInstance
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import Request
from penstock.runtime.runtime import Options, Runtime
from penstock.store import states, user_tasks
from penstock.store.rows import InstanceRow, UserTaskRow
from penstock.workers.pool import FunctionPool
from penstock.workers.remote import RemoteWorker
from tests.api.models import process
from tests.bpmn.models import around, extended, flow

TASK = (
    f'<startEvent id="s"/>{flow("s", "x")}'
    '<serviceTask id="x"><extensionElements><zeebe:taskDefinition type="charge" retries="2"/>'
    "</extensionElements></serviceTask>"
    '<boundaryEvent id="b" attachedToRef="x"><errorEventDefinition/></boundaryEvent>'
    f'{flow("x", "e")}<endEvent id="e"/>{flow("b", "refused")}<endEvent id="refused"/>'
)
LEASE = timedelta(seconds=30)
PATIENCE_S = 30.0

pytestmark = pytest.mark.anyio


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    """A server that has no functions of its own."""
    runtime = Runtime(Options(f"sqlite:///{tmp_path / 'penstock.db'}", threads=True))
    runtime.start()
    yield runtime
    runtime.stop()


@pytest.fixture
async def app(runtime: Runtime) -> ASGIApp:
    await runtime.deploy([SourceFile("charge.bpmn", process("charge", TASK))], actor="test")
    return create_app(runtime, ApiSettings(access_log=False))


async def start(runtime: Runtime, **variables: object) -> str:
    """Start an instance, which then waits for a worker."""
    definition = runtime.definitions.latest("charge")
    assert definition is not None
    id = runtime.new_instance_id()
    await runtime.send(Request(id, StartInstance("s", variables), "test", definition))
    return id


async def ended(runtime: Runtime, id: str) -> InstanceRow:
    """Give an instance once it has ended or has an incident."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            row = await runtime.settled(id, 0.0)
            if row.ended_at is not None or row.incidents:
                return row
            await asyncio.sleep(0.01)


class Wire(httpx2.AsyncBaseTransport):
    """The way to the server, which may fail."""

    def __init__(self, app: ASGIApp) -> None:
        self._inner = httpx2.ASGITransport(app)
        self.before: Callable[[httpx2.Request], httpx2.Response | None] = lambda _: None
        """May answer in place of the server, or raise."""
        self.asked: list[str] = []
        """The last part of the path of each request."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path.rpartition("/")[2])
        return self.before(request) or await self._inner.handle_async_request(request)


@asynccontextmanager
async def working(
    wire: Wire, tmp_path: Path, code: str, *, grace_s: float = PATIENCE_S, lease: timedelta = LEASE
) -> AsyncIterator[asyncio.Task[None]]:
    """Let a worker run the functions of this code until the block ends."""
    folder = tmp_path / "functions"
    folder.mkdir()
    (folder / "work.py").write_text("from penstock import BpmnError, current_job, task\n" + dedent(code))
    pool = FunctionPool(folder, processes=2, threads=True)
    pool.start()
    stop = asyncio.Event()
    async with AsyncJobClient("http://server", transport=wire) as client:
        worker = RemoteWorker(client, pool, ["charge"], name="w1", places=2, lease=lease)
        running = asyncio.create_task(worker.run(stop, grace_s))
        try:
            yield running
        finally:
            stop.set()
            await asyncio.wait([running])


# -- the clients -----------------------------------------------------------------------------------


async def test_values_keep_their_kinds_on_the_way_to_a_worker_and_back(
    runtime: Runtime, app: ASGIApp
) -> None:
    given = {"day": date(2030, 1, 31), "amount": Decimal("0.1000000000000000001"), "n": 3, "a": {"@b": 1}}
    id = await start(runtime, **given)
    async with AsyncJobClient("http://server", transport=httpx2.ASGITransport(app)) as client:
        (job,) = await client.activate(["charge"], worker="w1")
        assert job.variables == given
        await client.complete(job, {"given": job.variables, "wait": timedelta(minutes=5)})
    found = (await ended(runtime, id)).variables
    assert (found["given"], found["wait"]) == (given, timedelta(minutes=5))


async def test_a_worker_that_waits_does_the_same_as_one_that_awaits(runtime: Runtime, app: ASGIApp) -> None:
    async with AsyncJobClient("http://server", transport=httpx2.ASGITransport(app)) as away:

        def forward(request: httpx2.Request) -> httpx2.Response:
            # The waiting client runs on a thread, and what it says is sent on from here.
            sending = away._http.post(request.url.raw_path.decode(), content=request.content)
            answer = asyncio.run_coroutine_threadsafe(sending, loop).result()
            return httpx2.Response(answer.status_code, content=answer.content)

        loop = asyncio.get_running_loop()

        def work() -> list[int]:
            with JobClient("http://server", transport=httpx2.MockTransport(forward)) as client:
                first, second, third = client.activate(["charge"], worker="w1", limit=5, lease=LEASE)
                client.extend(first, LEASE)
                client.complete(first, {"receipt": 1})
                client.throw(second, "NO_FUNDS", "the account is empty", {"left": 0})
                client.fail(third, "the bank is down", retries=1, backoff=timedelta(0))
                (again,) = client.activate(["charge"], worker="w1", wait_s=10)
                client.give_back(again)
                (once_more,) = client.activate(["charge"], worker="w2", wait_s=10)
                client.fail(once_more, "it still is", detail="line 7")
                with pytest.raises(Refused) as refusal:
                    client.complete(first)
                assert refusal.value.status == 404
                return [again.attempt, once_more.attempt]

        ids = [await start(runtime) for _ in range(3)]
        assert await asyncio.to_thread(work) == [2, 2]
    rows = [await ended(runtime, id) for id in ids]
    assert [(row.status, row.incidents) for row in rows] == [
        ("completed", 0),
        ("completed", 0),
        ("incident", 1),
    ]
    assert [row.variables for row in rows[:2]] == [{"receipt": 1}, {"left": 0}]


async def test_nobody_at_the_address_is_said() -> None:
    def nobody(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    async with AsyncJobClient("http://server", transport=httpx2.MockTransport(nobody)) as client:
        with pytest.raises(NoServer, match="no server answers at http://server"):
            await client.activate(["charge"], worker="w1")


# -- the worker ------------------------------------------------------------------------------------


async def test_a_function_runs_for_a_server_elsewhere(runtime: Runtime, app: ASGIApp, tmp_path: Path) -> None:
    code = """
        @task
        def charge(amount: int) -> dict:
            job = current_job()
            return {"charged": amount, "job": [job.idempotency_key, job.attempt, job.element_id]}
    """
    id = await start(runtime, amount=5)
    async with working(Wire(app), tmp_path, code):
        row = await ended(runtime, id)
    key, *others = row.variables["job"]
    assert row.variables["charged"] == 5
    assert key.startswith(id)
    assert others == [1, "x"]


async def test_what_a_function_raises_is_told(runtime: Runtime, app: ASGIApp, tmp_path: Path) -> None:
    code = """
        @task
        def charge(amount: int) -> None:
            if amount == 0:
                raise BpmnError("NO_FUNDS", variables={"left": amount})
            raise ValueError("on purpose")
    """
    refused, failed = await start(runtime, amount=0), await start(runtime, amount=1)
    async with working(Wire(app), tmp_path, code):
        assert (await ended(runtime, refused)).variables == {"amount": 0, "left": 0}
        row = await ended(runtime, failed)
    assert (row.status, row.incidents) == ("incident", 1), "the second of two tries has failed too"


async def test_a_report_is_sent_until_the_server_has_it(
    runtime: Runtime, app: ASGIApp, tmp_path: Path
) -> None:
    wire = Wire(app)

    def away(request: httpx2.Request) -> httpx2.Response | None:
        if request.url.path.endswith("/complete"):
            match wire.asked.count("complete"):
                case 1:
                    raise httpx2.ReadError("the connection was cut", request=request)
                case 2:
                    return httpx2.Response(503, json={"message": "busy"})
        return None

    wire.before = away
    id = await start(runtime)
    async with working(wire, tmp_path, "@task\ndef charge() -> None: ..."):
        assert (await ended(runtime, id)).status == "completed"
    assert wire.asked.count("complete") == 3


async def test_a_result_that_the_server_refuses_is_a_failure_that_says_so(
    runtime: Runtime, app: ASGIApp, tmp_path: Path
) -> None:
    code = """
        @task
        def charge() -> dict:
            return {"much": "x" * 2_000_000}
    """
    id = await start(runtime)
    async with working(Wire(app), tmp_path, code):
        assert (await ended(runtime, id)).incidents == 1


async def test_a_worker_that_is_stopped_finishes_what_runs(
    runtime: Runtime, app: ASGIApp, tmp_path: Path
) -> None:
    code = f"""
        import time
        from pathlib import Path

        @task
        def charge() -> None:
            Path({str(tmp_path / "begun")!r}).touch()
            time.sleep(0.3)
    """
    id = await start(runtime)
    async with working(Wire(app), tmp_path, code):
        await begun(tmp_path)
    assert (await ended(runtime, id)).status == "completed"


async def test_a_worker_that_must_end_now_gives_back_what_runs(
    runtime: Runtime, app: ASGIApp, tmp_path: Path
) -> None:
    code = f"""
        import time
        from pathlib import Path

        @task
        def charge() -> None:
            Path({str(tmp_path / "begun")!r}).touch()
            while not Path({str(tmp_path / "go")!r}).exists():
                time.sleep(0.01)
    """
    await start(runtime)
    wire = Wire(app)
    wire.before = lambda request: (tmp_path / "go").touch() if request.url.path.endswith("/return") else None
    async with working(wire, tmp_path, code, grace_s=0.05):
        await begun(tmp_path)
    async with AsyncJobClient("http://server", transport=httpx2.ASGITransport(app)) as client:
        (job,) = await client.activate(["charge"], worker="w2")
    assert job.attempt == 1, "no try was counted"


async def test_a_lease_is_renewed_while_a_function_runs(
    runtime: Runtime, app: ASGIApp, tmp_path: Path
) -> None:
    wire = Wire(app)
    code = f"""
        import time
        from pathlib import Path

        @task
        def charge() -> None:
            while not Path({str(tmp_path / "go")!r}).exists():
                time.sleep(0.01)
    """

    def renewed_twice(_request: httpx2.Request) -> None:
        if wire.asked.count("extend") == 2:
            (tmp_path / "go").touch()

    wire.before = renewed_twice
    id = await start(runtime)
    async with working(wire, tmp_path, code, lease=timedelta(seconds=0.3)):
        assert (await ended(runtime, id)).status == "completed"


async def test_a_worker_that_is_not_let_in_ends(runtime: Runtime, app: ASGIApp, tmp_path: Path) -> None:
    wire = Wire(app)
    wire.before = lambda _request: httpx2.Response(401, json={"message": "who are you?"})
    async with working(wire, tmp_path, "@task\ndef charge() -> None: ...") as running:
        with pytest.raises(Refused, match="who are you"):
            await running


async def test_a_worker_waits_for_a_server_that_is_away(
    runtime: Runtime, app: ASGIApp, tmp_path: Path
) -> None:
    wire = Wire(app)
    wire.before = lambda _request: httpx2.Response(502) if len(wire.asked) < 3 else None
    id = await start(runtime)
    async with working(wire, tmp_path, "@task\ndef charge() -> None: ..."):
        assert (await ended(runtime, id)).status == "completed"


async def begun(folder: Path) -> None:
    """Wait until a function has begun."""
    async with asyncio.timeout(PATIENCE_S):
        while not (folder / "begun").exists():
            await asyncio.sleep(0.01)


LISTENED = around(
    extended(
        "userTask",
        '<zeebe:taskListeners><zeebe:taskListener eventType="creating" type="charge"/>'
        '<zeebe:taskListener eventType="completing" type="charge"/></zeebe:taskListeners>',
    )
)


async def test_a_function_elsewhere_corrects_a_user_task_and_denies_that_it_is_done(
    runtime: Runtime, app: ASGIApp, tmp_path: Path
) -> None:
    code = """
        from datetime import UTC, datetime

        from penstock import Denied

        @task
        def charge() -> dict | None:
            task = current_job().user_task
            if current_job().listener == "completing":
                raise Denied(f"it is of priority {task.priority}")
            return {"due_at": datetime(2030, 1, 31, tzinfo=UTC), "candidate_users": ["ann"], "priority": 80}
    """
    await runtime.deploy([SourceFile("charge.bpmn", process("charge", LISTENED, tag="2.0.0"))], actor="test")
    id = await start(runtime)

    async def task(state: str) -> UserTaskRow:
        async with asyncio.timeout(PATIENCE_S):
            while not (rows := await runtime.read(user_tasks.search, instance_id=id, state=state)):
                await asyncio.sleep(0.01)
        return rows[0]

    async def reason() -> str | None:
        """Give why the last change was denied."""
        instance = await runtime.read(states.load, id)
        assert instance is not None
        (element,) = instance.scopes[0].elements.values()
        assert element.task is not None
        return element.task.denied

    async with working(Wire(app), tmp_path, code):
        row = await task("open")
        command = CompleteUserTask(row.scope, row.owner, row.key, {})
        await runtime.send(Request(id, command, "test"))
        async with asyncio.timeout(PATIENCE_S):
            while (denied := await reason()) is None:
                await asyncio.sleep(0.01)
    assert (row.priority, row.candidate_users, row.due_at) == (80, ["ann"], 1_896_048_000_000)
    assert denied == "it is of priority 80"
