"""The server as a process of the system: stopped in good order, refused a start, out of disk."""

from __future__ import annotations

import resource
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from penstock.kernel.events import JobCompleted
from penstock.store import codec, instances, journal
from penstock.store.opening import open_database
from penstock.store.rows import InstanceRow
from tests import databases
from tests.journeys.server import PATIENCE_S, Server, effects, eventually, refused, write_project

ENOUGH: Final = 2_000
"""Starts after which a database that must not grow is certainly full."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path)


@pytest.fixture
def server(project: Path) -> Iterator[Server]:
    """A server on SQLite."""
    server = Server(project, "--no-access-log")
    yield server
    server.kill()


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database, of each kind in turn."""
    with databases.database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def stoppable(project: Path, database: str) -> Iterator[Server]:
    """A server on each kind of database."""
    server = Server(project, "--no-access-log", database=database)
    yield server
    server.kill()


def http(server: Server) -> httpx2.Client:
    return httpx2.Client(base_url=f"{server.address}/api/v1", timeout=PATIENCE_S)


def start(client: httpx2.Client, process: str, **settings: Any) -> httpx2.Response:
    body = {"processId": process, "variables": {"n": 1}, **settings}
    return client.post("/process-instances", json=body)


def states(client: httpx2.Client, *ids: str) -> set[str]:
    """Give the states in which these instances are."""
    return {client.get(f"/process-instances/{id}").json()["state"] for id in ids}


def stored(server: Server, id: str) -> tuple[InstanceRow, list[Any]]:
    """Give an instance out of the database of a stopped server, and its events."""
    database = open_database(server.database)
    with database.reading() as connection:
        row = instances.find(connection, id)
        rows = journal.read(connection, id)
    database.close()
    assert row is not None
    return row, [event for it in rows for event in codec.decode_events(it.events)]


# -- stopping --------------------------------------------------------------------------------------


def test_a_stop_answers_the_requests_that_run(stoppable: Server, project: Path) -> None:
    answers: list[httpx2.Response] = []
    with http(stoppable) as client:
        request = threading.Thread(target=lambda: answers.append(start(client, "patience", wait=PATIENCE_S)))
        request.start()
        eventually(lambda: effects(project, "begun"))
        stopping = threading.Thread(target=stoppable.stop)
        stopping.start()
        eventually(lambda: refuses(stoppable.address))
        (project / "go").touch()
        request.join(PATIENCE_S)
        stopping.join(PATIENCE_S)
    assert stoppable.process.returncode == 0
    assert [answer.status_code for answer in answers] == [201]
    assert answers[0].json()["state"] == "completed"
    assert answers[0].json()["variables"] == {"n": 1, "slowed": 1, "shipped": 1}


def test_a_stop_keeps_what_running_functions_come_to(stoppable: Server, project: Path) -> None:
    with http(stoppable) as client:
        id = start(client, "patience").json()["id"]
    eventually(lambda: effects(project, "begun"))
    stopping = threading.Thread(target=stoppable.stop)
    stopping.start()
    eventually(lambda: refuses(stoppable.address))
    (project / "go").touch()
    stopping.join(PATIENCE_S)
    assert stoppable.process.returncode == 0
    _, events = stored(stoppable, id)
    results = [event.values for event in events if isinstance(event, JobCompleted)]
    assert results[:1] == [{"slowed": 1}]
    again = Server(project, "--no-access-log", database=stoppable.database)
    with http(again) as client:
        eventually(lambda: states(client, id) == {"completed"})
    assert again.stop() == 0
    assert len(effects(project, "slow")) == 1
    assert len(effects(project, "ship")) == 1


def test_a_stop_does_not_wait_for_a_function_beyond_its_time(project: Path, database: str) -> None:
    server = Server(project, "--no-access-log", "--graceful-timeout", "1", database=database)
    with http(server) as client:
        id = start(client, "patience").json()["id"]
    eventually(lambda: effects(project, "begun"))
    assert server.stop() == 0
    assert effects(project, "slow") == []
    assert stored(server, id)[0].status == "active"


def file_of(server: Server) -> str:
    """Give the file of a server on SQLite."""
    return server.database.removeprefix("sqlite:///")


def refuses(address: str) -> bool:
    """Whether nobody listens at the address any longer."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    with socket.socket() as attempt:
        return attempt.connect_ex((host, int(port))) != 0


# -- not starting ----------------------------------------------------------------------------------


def test_a_second_server_on_the_same_database_is_refused(server: Server, project: Path) -> None:
    status, said = refused(project, "--port", "0", "--database", server.database)
    assert status == 1
    assert said.splitlines() == [
        f"penstock: the database {file_of(server)} is in use by another Penstock server; "
        "stop it, or name another database"
    ]


def test_a_port_that_is_taken_is_named(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        status, said = refused(project, "--port", str(port))
    assert status == 1
    assert said.splitlines() == [
        f"penstock: cannot listen on 127.0.0.1:{port}: Address already in use; "
        "take another with --port, or 0 for a free one"
    ]


def test_a_database_that_cannot_be_made_is_named(project: Path) -> None:
    (project / "file").touch()
    status, said = refused(project, "--port", "0", "--database", f"sqlite:///{project}/file/penstock.db")
    assert status == 1
    [line] = said.splitlines()
    assert line.startswith(f"penstock: cannot use the database {project}/file/penstock.db: ")


def test_a_disk_without_room_for_the_database_is_named(project: Path) -> None:
    status, said = refused(project, "--port", "0", prepare=lambda: limit_files(0))
    assert status == 1
    [line] = said.splitlines()
    assert line.startswith(f"penstock: cannot use the database {project}/penstock.db: ")


def test_a_disk_without_room_for_a_deployment_is_said_at_the_start(project: Path) -> None:
    room = 40_000
    server = Server(project)
    assert server.stop() == 0
    order = project / "workflows" / "order.bpmn"
    order.write_bytes(order.read_bytes() + b"<!-- " + b"x" * room + b" -->")
    status, said = refused(
        project,
        *("--port", "0", "--database", server.database, "--log-level", "error"),
        prepare=lambda: limit_files(room),
    )
    assert status == 1
    [line] = said.splitlines()
    assert line.startswith("penstock: the database cannot be written: ")


def limit_files(size: int) -> None:
    """Let this process write no file beyond this size."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


# -- out of disk -----------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits the files of another process")
def test_a_full_disk_is_answered_with_503_and_the_server_goes_on_when_there_is_room(
    server: Server, project: Path
) -> None:
    with http(server) as client:
        before = start(client, "patience").json()["id"]
        eventually(lambda: effects(project, "begun"))
        let_files_grow_to(server, size(server))
        refusal = next(it for _ in range(ENOUGH) if (it := start(client, "order")).status_code != 201)
        assert refusal.status_code == 503
        assert refusal.headers["retry-after"] == "1"
        assert "the database cannot be written" in refusal.json()["message"].lower()
        assert states(client, before) == {"active"}
        (project / "go").touch()
        eventually(lambda: effects(project, "slow"))
        let_files_grow_to(server, resource.RLIM_INFINITY)
        after = eventually(lambda: accepted(start(client, "patience")))
        eventually(lambda: states(client, before, after) == {"completed"})
        everything = client.get("/process-instances", params={"processId": "patience"}).json()["items"]
        assert {it["id"] for it in everything} == {before, after}
    assert len(effects(project, "slow")) == 2
    assert server.stop() == 0


def accepted(answer: httpx2.Response) -> str | None:
    found: dict[str, str] = answer.json()
    return found["id"] if answer.status_code == 201 else None


def size(server: Server) -> int:
    """Give the size of the larger one of the database's two files."""
    return max(Path(f"{file_of(server)}{end}").stat().st_size for end in ("", "-wal"))


def let_files_grow_to(server: Server, size: int) -> None:
    """Let the server write no file beyond this size."""
    assert sys.platform == "linux"
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
