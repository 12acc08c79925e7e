"""Traces: from a request through its commit and the job that it opens to the end of the job."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from starlette.testclient import TestClient

from penstock import tracing
from penstock.api.app import create_app
from penstock.api.settings import ApiSettings
from penstock.runtime.runtime import Options, Runtime
from tests.api.conftest import Server
from tests.api.models import process
from tests.bpmn.models import extended, flow

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
HEADER = {"traceparent": f"00-{TRACE}-{PARENT}-01"}

TASK = extended("serviceTask", '<zeebe:taskDefinition type="work"/>')
FUNCTION = """
from penstock import current_job, task

@task
def work():
    return {"seen": current_job().traceparent}
"""


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Where the spans go while the test runs."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(provider)
    yield exporter
    tracing.use(None)


def by_name(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in exporter.get_finished_spans()}


def ids(span: ReadableSpan) -> tuple[str, str | None]:
    """Give the trace of a span, and its parent."""
    assert span.context is not None
    return f"{span.context.trace_id:032x}", None if span.parent is None else f"{span.parent.span_id:016x}"


def own(span: ReadableSpan) -> str:
    assert span.context is not None
    return f"{span.context.span_id:016x}"


def start(server: Server, headers: dict[str, str]) -> Any:
    body = {"processId": "charge", "variables": {"amount": 5}}
    reply = server.client.post("/api/v1/process-instances", json=body, headers=headers)
    assert reply.status_code == 201
    return reply.json()


def test_a_job_for_a_worker_carries_on_the_trace_of_the_request_that_opened_it(
    server: Server, spans: InMemorySpanExporter
) -> None:
    instance = start(server, HEADER)
    found = by_name(spans)
    request, commit = found["POST /api/v1/process-instances"], found["commit StartInstance"]
    assert ids(request) == (TRACE, PARENT)
    assert ids(commit) == (TRACE, own(request))
    assert commit.attributes == {"penstock.instance": instance["id"]}
    assert request.attributes is not None
    assert request.attributes["http.response.status_code"] == 201
    (job,) = server.done("/jobs/activate", {"type": "charge"})["items"]
    assert job["traceparent"] == f"00-{TRACE}-{own(commit)}-01"
    spans.clear()
    worker = {"traceparent": f"00-{TRACE}-{'1' * 16}-01"}
    reply = server.client.post(f"/api/v1/jobs/{job['key']}/complete", json={}, headers=worker)
    assert reply.status_code == 200
    found = by_name(spans)
    assert ids(found["POST /api/v1/jobs/{job}/complete"]) == (TRACE, "1" * 16)
    assert ids(found["commit CompleteJob"]) == (TRACE, own(found["POST /api/v1/jobs/{job}/complete"]))


def test_a_function_is_a_span_between_the_commits_around_it(
    spans: InMemorySpanExporter, tmp_path: Path
) -> None:
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "work.py").write_text(FUNCTION)
    body = f'<startEvent id="s"/>{flow("s", "x")}{TASK}{flow("x", "e")}<endEvent id="e"/>'
    database = f"sqlite:///{tmp_path / 'penstock.db'}"
    runtime = Runtime(Options(database, functions=tmp_path / "functions", threads=True))
    runtime.start()
    with TestClient(create_app(runtime, ApiSettings(access_log=False))) as client:
        server = Server(runtime, client)
        assert server.deploy(process("charge", body)).status_code == 200
        spans.clear()
        instance = start(server, HEADER)
        while (shown := server.get(f"/process-instances/{instance['id']}"))["state"] == "active":
            pass
    runtime.stop()
    found = by_name(spans)
    job = found["job work"]
    assert ids(job) == (TRACE, own(found["commit StartInstance"]))
    assert ids(found["commit CompleteJob"]) == (TRACE, own(job))
    assert shown["variables"]["seen"] == f"00-{TRACE}-{own(job)}-01"
    assert job.attributes is not None
    assert job.attributes["penstock.attempt"] == 1


def test_a_request_without_a_trace_begins_one(server: Server, spans: InMemorySpanExporter) -> None:
    start(server, {})
    trace, parent = ids(by_name(spans)["POST /api/v1/process-instances"])
    assert (len(trace), parent) == (32, None)


@pytest.mark.parametrize("header", ["", "00-0-0-01", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_a_traceparent_that_is_none_begins_a_new_trace(
    server: Server, spans: InMemorySpanExporter, header: str
) -> None:
    start(server, {"traceparent": header})
    assert ids(by_name(spans)["POST /api/v1/process-instances"])[1] is None


def test_a_failure_of_the_server_is_marked(
    server: Server, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_arguments: Any) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(server.runtime, "read", broken)
    assert server.client.get("/api/v1/process-instances/x").status_code == 500
    span = by_name(spans)["GET /api/v1/process-instances/{instance}"]
    assert not span.status.is_ok


def test_nothing_is_kept_of_traces_that_are_not_sampled_or_switched_off(server: Server) -> None:
    start(server, HEADER)
    tracing.use(TracerProvider(sampler=ALWAYS_OFF))
    try:
        start(server, HEADER)
    finally:
        tracing.use(None)
    jobs = server.done("/jobs/activate", {"type": "charge", "max": 2})["items"]
    assert [job["traceparent"] for job in jobs] == [None, None]
