"""A runtime on a database of its own, with time that stands still, and functions in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from penstock.kernel import commands as c
from penstock.kernel.definition import Value
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import Idempotency, Request
from penstock.runtime.runtime import Options, Runtime
from penstock.store.rows import InstanceRow
from tests import databases
from tests.bpmn.models import process_of

START = 1_700_000_000_000

FUNCTIONS = """
    from penstock import BpmnError, current_job, task

    @task
    def add(a: int, b: int) -> int:
        return a + b

    @task
    def fail(why: str = "broken") -> None:
        raise RuntimeError(why)

    @task
    def divide(a: float, b: float) -> float:
        return a / b

    @task
    def refuse() -> None:
        raise BpmnError("NO_STOCK", "nothing left", variables={"left": 0})

    @task
    def remember() -> dict:
        return {"seen": current_job().idempotency_key, "attempt": current_job().attempt}
"""


class Server:
    """A runtime and what the tests do with it, over and over."""

    def __init__(self, folder: Path, database: str, **options: object) -> None:
        self.folder = folder
        self.options = Options(
            database,
            functions=folder / "functions",
            threads=True,
            test_clock=START,
            **options,  # type: ignore[arg-type]
        )
        self.runtime = Runtime(self.options)
        self.runtime.start()

    def restart(self) -> None:
        """Stop in good order, and start again on the same database."""
        now = self.runtime.clock.now()
        self.runtime.stop()
        self.runtime = Runtime(self.options)
        self.runtime.clock.move(now)  # type: ignore[attr-defined]
        self.runtime.start()

    async def deploy(self, body: str, *, root: str = "", version: str | None = None) -> None:
        """Deploy a process `p` of this body."""
        file = SourceFile("p.bpmn", process_of(body, root))
        await self.runtime.deploy([file], actor="1", version=version)

    async def start(
        self,
        process: str = "p",
        /,
        *,
        key: Idempotency | None = None,
        business_key: str | None = None,
        **variables: Value,
    ) -> InstanceRow:
        """Start the newest version of a process."""
        definition = self.runtime.definitions.latest(process)
        assert definition is not None
        command = c.StartInstance(definition.compiled.starts[0], variables, business_key)
        return await self.runtime.send(
            Request(self.runtime.new_instance_id(), command, "1", definition, idempotency=key)
        )

    async def run(self, **variables: Value) -> InstanceRow:
        """Start, and give the instance once it has nothing to do but wait."""
        started = await self.start(**variables)
        return await self.runtime.settled(started.id, 10)

    async def advance(self, seconds: float) -> None:
        """Let time pass, and all that becomes due happen."""
        await self.runtime.set_clock(self.runtime.clock.now() + int(seconds * 1000))


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database, of each kind in turn."""
    with databases.database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def server(tmp_path: Path, database: str) -> Iterator[Server]:
    functions = tmp_path / "functions"
    functions.mkdir()
    (functions / "tasks.py").write_text(dedent(FUNCTIONS))
    server = Server(tmp_path, database)
    yield server
    server.runtime.stop()
