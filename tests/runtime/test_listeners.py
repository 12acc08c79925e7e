"""Listeners that are Python functions: what they are told, what they give, and what they deny."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from penstock.kernel import commands as c
from penstock.kernel.definition import Value
from penstock.runtime.requests import Request
from penstock.store import incidents, user_tasks
from penstock.store.rows import UserTaskRow
from tests.bpmn.models import around, extended
from tests.runtime.conftest import Server

pytestmark = pytest.mark.anyio

FUNCTIONS = """
    from penstock import Denied, current_job, task

    @task
    def prepare() -> dict:
        job = current_job()
        return {"told": [job.kind, job.listener, job.user_task is None]}

    @task
    def triage() -> dict:
        task = current_job().user_task
        return {"priority": task.priority + 30}

    @task
    def check(ok: bool) -> None:
        if not ok:
            raise Denied("it is not in order")

    @task
    def clumsy() -> int:
        return 5

    @task
    def deny() -> None:
        raise Denied("no")
"""


@pytest.fixture
def server(tmp_path: Path, database: str) -> Iterator[Server]:
    functions = tmp_path / "functions"
    functions.mkdir()
    (functions / "listeners.py").write_text(dedent(FUNCTIONS))
    server = Server(tmp_path, database)
    yield server
    server.runtime.stop()


def execution(event: str, type: str) -> str:
    inner = f'<zeebe:executionListener eventType="{event}" type="{type}"/>'
    return f"<zeebe:executionListeners>{inner}</zeebe:executionListeners>"


def task(event: str, type: str) -> str:
    inner = f'<zeebe:taskListener eventType="{event}" type="{type}" retries="1"/>'
    return f"<zeebe:taskListeners>{inner}</zeebe:taskListeners>"


async def open_task(server: Server, words: str) -> UserTaskRow:
    """Start an instance with a user task, and give that once no function runs."""
    await server.deploy(around(extended("userTask", words)))
    instance = await server.run()
    (row,) = await server.runtime.read(user_tasks.search, instance_id=instance.id)
    return row


async def settled(server: Server, row: UserTaskRow) -> UserTaskRow:
    await server.runtime.settled(row.instance_id, 10)
    (found,) = await server.runtime.read(user_tasks.search, instance_id=row.instance_id)
    return found


async def problem(server: Server, row: UserTaskRow) -> str:
    (incident,) = await server.runtime.read(incidents.search, instance_id=row.instance_id)
    return incident.message


async def test_a_function_that_listens_is_told_so_and_gives_variables(server: Server) -> None:
    await server.deploy(around(extended("task", execution("end", "prepare"))))

    instance = await server.run()

    assert instance.status == "completed"
    assert instance.variables == {"told": ["execution_listener", "end", True]}


async def test_a_function_corrects_a_task_that_is_created(server: Server) -> None:
    row = await open_task(server, task("creating", "triage"))

    assert (row.state, row.priority) == ("open", 80)


async def test_a_function_denies_that_a_task_is_completed_until_all_is_in_order(server: Server) -> None:
    row = await open_task(server, task("completing", "check"))

    await server.runtime.send(Request(row.instance_id, completed(row, ok=False), "1"))
    assert (await settled(server, row)).state == "open"
    await server.runtime.send(Request(row.instance_id, completed(row, ok=True), "1"))
    assert (await settled(server, row)).state == "completed"


def completed(row: UserTaskRow, **variables: Value) -> c.CompleteUserTask:
    return c.CompleteUserTask(row.scope, row.owner, row.key, variables)


async def test_what_a_listener_of_a_task_returns_is_a_mapping_of_what_it_corrects(server: Server) -> None:
    row = await open_task(server, task("creating", "clumsy"))

    assert row.state == "creating"
    assert "Return nothing, or what it corrects" in await problem(server, row)


async def test_only_what_may_be_denied_is_denied(server: Server) -> None:
    row = await open_task(server, task("creating", "deny"))
    assert "cannot be denied" in await problem(server, row)

    await server.deploy(around(extended("serviceTask", '<zeebe:taskDefinition type="deny" retries="1"/>')))
    instance = await server.run()
    (incident,) = await server.runtime.read(incidents.search, instance_id=instance.id)
    assert "Denied" in (incident.detail or "") + incident.message


async def test_an_open_listener_survives_a_restart(server: Server) -> None:
    await server.deploy(around(extended("task", execution("start", "elsewhere"))))
    instance = await server.run()
    server.restart()

    (job,) = await server.runtime.activate_jobs(["elsewhere"], limit=1, lease_ms=1_000, worker="w")

    assert (job.kind, job.heard and job.heard.listener) == ("execution_listener", "start")
    command = c.CompleteJob(job.row.scope, job.row.owner, job.row.key, {})
    done = await server.runtime.send(Request(instance.id, command, "1"))
    assert done.status == "completed"
