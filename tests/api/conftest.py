"""A server with time that stands still, asked over HTTP without a socket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from penstock.api.app import create_app
from penstock.api.settings import ApiSettings
from penstock.runtime.runtime import Options, Runtime
from tests.api.models import JOB, USER_TASK, process

START = 1_700_000_000_479
"""2023-11-14T22:13:20.479Z"""

NOW = "2023-11-14T22:13:20.479Z"


class Server:
    """A runtime with its API, and what the tests do with it, over and over."""

    def __init__(self, runtime: Runtime, client: TestClient) -> None:
        self.runtime = runtime
        self.client = client

    def get(self, path: str, **query: Any) -> Any:
        """Give the body of a reply that has to be a success."""
        reply = self.client.get(f"/api/v1{path}", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx2.Response:
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def done(self, path: str, body: Any = None) -> Any:
        """Give the body of a reply to a write that has to succeed."""
        reply = self.post(path, body)
        assert reply.is_success, reply.text
        return reply.json()

    def deploy(self, *files: bytes, **fields: str) -> httpx2.Response:
        parts = [("file", (f"{position}.bpmn", content)) for position, content in enumerate(files)]
        return self.client.post("/api/v1/deployments", files=parts, data=fields)

    def start(self, process_id: str, **variables: Any) -> Any:
        """Start, and give the instance as it stood after the commit."""
        return self.done("/process-instances", {"processId": process_id, "variables": variables})

    def wait_for(self, instance: Any, what: str) -> Any:
        """Give the key of the one thing of a kind that the instance waits for."""
        waits = self.get(f"/process-instances/{instance['id']}/waiting")
        (key,) = [wait["key"] for wait in waits if wait["kind"] == what]
        return key


def serve(
    database: Path, settings: ApiSettings, *, test_clock: bool = True, functions: Path | None = None
) -> Iterator[Server]:
    """Run a server on the database."""
    clock = START if test_clock else None
    options = Options(f"sqlite:///{database}", functions=functions, threads=True, test_clock=clock)
    runtime = Runtime(options)
    runtime.start()
    with TestClient(create_app(runtime, settings), follow_redirects=False) as client:
        yield Server(runtime, client)
    runtime.stop()


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with its schema, made once, since that takes longer than most tests."""
    database = tmp_path_factory.mktemp("fresh") / "penstock.db"
    Runtime(Options(f"sqlite:///{database}", threads=True)).stop()
    return database


@pytest.fixture
def database(fresh_database: Path, tmp_path: Path) -> Path:
    """An empty database of the test's own."""
    return Path(shutil.copy(fresh_database, tmp_path))


@pytest.fixture
def empty(database: Path) -> Iterator[Server]:
    """A server on which nothing is deployed."""
    yield from serve(database, ApiSettings(user="7", access_log=False))


@pytest.fixture
def server(empty: Server) -> Server:
    """A server with a process of a user task and one of a job for an outside worker."""
    reply = empty.deploy(process("ask", USER_TASK), process("charge", JOB))
    assert reply.status_code == 200, reply.text
    return empty
