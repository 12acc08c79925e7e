"""Jobs: Python functions do them, fail at them, and are run again, whatever happens to the server."""

from __future__ import annotations

import asyncio

import pytest

from penstock.kernel import Rejected, commands as c
from penstock.runtime.requests import Request
from penstock.runtime.runtime import RUNNER
from penstock.store import incidents, jobs
from tests.bpmn.models import around, extended, flow
from tests.runtime.conftest import Server

pytestmark = pytest.mark.anyio


def service(type_: str, *, retries: int = 3, mapping: str = "", headers: str = "") -> str:
    """Give a process with one service task `x`."""
    task = f'<zeebe:taskDefinition type="{type_}" retries="{retries}"/>'
    return around(extended("serviceTask", task + mapping + headers))


ADD = service(
    "add", mapping='<zeebe:ioMapping><zeebe:output source="=result" target="sum"/></zeebe:ioMapping>'
)
BACKOFF = '<zeebe:taskHeaders><zeebe:header key="retryBackoff" value="PT10S"/></zeebe:taskHeaders>'


async def test_a_function_does_the_job_and_its_result_is_mapped(server: Server) -> None:
    await server.deploy(ADD)
    row = await server.run(a=5, b=7)
    assert (row.status, row.variables) == ("completed", {"a": 5, "b": 7, "sum": 12})


async def test_a_failing_function_is_tried_again_after_its_backoff_and_then_is_an_incident(
    server: Server,
) -> None:
    await server.deploy(service("fail", headers=BACKOFF))
    started = await server.start()
    await server.advance(0)
    [job] = await server.runtime.read(jobs.of_instance, started.id)
    assert (job.retries, job.tries, job.available_at - started.started_at) == (2, 1, 10_000)
    await server.advance(10)
    [job] = await server.runtime.read(jobs.of_instance, started.id)
    assert (job.retries, job.tries, job.available_at - started.started_at) == (1, 2, 30_000)
    await server.advance(20)
    row = await server.runtime.settled(started.id, 10)
    assert row.status == "incident"
    assert await server.runtime.read(jobs.of_instance, started.id) == []
    [incident] = await server.runtime.read(incidents.search, instance_id=started.id)
    assert incident.message == "RuntimeError: broken"
    assert incident.detail is not None
    assert "raise RuntimeError(why)" in incident.detail


async def test_an_incident_goes_on_with_corrected_variables(server: Server) -> None:
    await server.deploy(service("divide", retries=1))
    row = await server.run(a=6, b=0)
    [incident] = await server.runtime.read(incidents.search, instance_id=row.id)
    command = c.ResolveIncident(incident.scope, incident.owner, incident.key, {"b": 2})
    await server.runtime.send(Request(row.id, command, "1"))
    row = await server.runtime.settled(row.id, 10)
    assert (row.status, row.variables) == ("completed", {"a": 6, "b": 2, "result": 3})


async def test_a_bpmn_error_goes_to_the_boundary_event(server: Server) -> None:
    body = (
        service("refuse")
        + '<boundaryEvent id="none" attachedToRef="x"><errorEventDefinition errorRef="stock"/>'
        + "</boundaryEvent>"
        + flow("none", "e2")
        + '<endEvent id="e2"/>'
    )
    await server.deploy(body, root='<error id="stock" errorCode="NO_STOCK"/>')
    row = await server.run()
    assert (row.status, row.variables) == ("completed", {"left": 0})


async def test_a_job_that_a_dead_server_held_is_run_by_the_next_at_once_with_the_same_idempotency_key(
    server: Server,
) -> None:
    await server.deploy(service("later"))
    started = await server.start()
    [job] = await server.runtime.activate_jobs(["later"], limit=1, lease_ms=3_600_000, worker=RUNNER)
    (server.folder / "functions" / "later.py").write_text(
        "from penstock import current_job, task\n\n"
        "@task\ndef later() -> dict:\n    return {'key': current_job().idempotency_key}\n"
    )
    server.restart()
    row = await server.runtime.settled(started.id, 10)
    assert (row.status, row.variables) == ("completed", {"key": job.idempotency_key})


async def test_a_job_whose_function_is_unknown_waits_for_a_worker_from_outside(server: Server) -> None:
    await server.deploy(service("elsewhere"))
    started = await server.start(n=1)
    assert (await server.runtime.settled(started.id, 60)).status == "active"
    [job] = await server.runtime.activate_jobs(["elsewhere"], limit=5, lease_ms=1000, worker="w")
    assert (job.row.instance_id, job.variables) == (started.id, {"n": 1})
    assert await server.runtime.activate_jobs(["elsewhere"], limit=5, lease_ms=1000, worker="w2") == []
    command = c.CompleteJob(job.row.scope, job.row.owner, job.row.key, {"done": True})
    row = await server.runtime.send(Request(started.id, command, "w"))
    assert (row.status, row.variables) == ("completed", {"n": 1, "done": True})


async def test_a_job_whose_lease_ran_out_goes_to_another_worker_and_the_first_to_report_counts(
    server: Server,
) -> None:
    await server.deploy(service("elsewhere"))
    started = await server.start()
    [first] = await server.runtime.activate_jobs(["elsewhere"], limit=1, lease_ms=1000, worker="a")
    await server.advance(1)
    [second] = await server.runtime.activate_jobs(["elsewhere"], limit=1, lease_ms=1000, worker="b")
    assert first.idempotency_key == second.idempotency_key
    command = c.CompleteJob(first.row.scope, first.row.owner, first.row.key, {"by": "a"})
    await server.runtime.send(Request(started.id, command, "a"))
    with pytest.raises(Rejected, match="completed"):
        await server.runtime.send(Request(started.id, command, "b"))


async def test_a_lease_that_is_extended_lasts(server: Server) -> None:
    await server.deploy(service("elsewhere"))
    await server.start()
    [job] = await server.runtime.activate_jobs(["elsewhere"], limit=1, lease_ms=1000, worker="a")
    await server.runtime.extend_job(job.row.instance_id, job.row.key, lease_ms=5000)
    await server.advance(3)
    assert await server.runtime.activate_jobs(["elsewhere"], limit=1, lease_ms=1000, worker="b") == []


async def test_a_worker_that_waits_gets_the_job_when_it_is_opened(server: Server) -> None:
    await server.deploy(service("elsewhere"))
    waiting = asyncio.create_task(
        server.runtime.activate_jobs(["elsewhere"], limit=1, lease_ms=1000, worker="a", wait_s=10)
    )
    await asyncio.sleep(0)
    started = await server.start()
    [job] = await waiting
    assert job.row.instance_id == started.id


async def test_jobs_beyond_the_places_are_done_as_places_become_free(server: Server) -> None:
    await server.deploy(ADD)
    started = [await server.start(a=number, b=1) for number in range(20)]
    rows = [await server.runtime.settled(row.id, 10) for row in started]
    assert [row.variables["sum"] for row in rows] == list(range(1, 21))


async def test_a_backoff_survives_a_restart(server: Server) -> None:
    await server.deploy(service("fail", headers=BACKOFF, retries=2))
    started = await server.start()
    await server.advance(0)
    server.restart()
    await server.advance(9.9)
    [job] = await server.runtime.read(jobs.of_instance, started.id)
    assert job.tries == 1
    await server.advance(0.1)
    assert (await server.runtime.settled(started.id, 10)).status == "incident"
