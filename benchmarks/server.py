"""A really started `penstock serve` with the workloads deployed, for all that is measured from outside."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import LOOPBACK
from benchmarks.workloads import Workload

READY_PATIENCE_SECONDS = 60.0
STOP_PATIENCE_SECONDS = 30.0
_POLL_SECONDS = 0.005


class ServerFailed(Exception):
    """The server did not start, or did not answer as it must."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    pid: int
    port: int
    ready_seconds: float
    """From the start of its process until `/health/ready` said yes."""

    def overall(self, workload: Workload) -> dict[str, int]:
        """Ask how many instances of a workload stand where, in the words of Domo's App API.

        Raises:
            ServerFailed: the answer was not 200.
        """
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=READY_PATIENCE_SECONDS)
        try:
            connection.request("GET", f"/domo/workflow/v1/models/{workload.name}/overall?limit=1")
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise ServerFailed(f"/overall of {workload.name} was answered {answer.status}: {body[:500]!r}")
        counts = ("completedWorkflows", "inProgressWorkflows", "failedWorkflows", "canceledWorkflows")
        return {name: json.loads(body)[name] for name in counts}


def write_project(folder: Path, workloads: Sequence[Workload]) -> Path:
    """Write a project that offers each workload under its name as alias."""
    (folder / "workflows").mkdir(parents=True)
    for workload in workloads:
        (folder / "workflows" / f"{workload.name}.bpmn").write_text(workload.xml())
    mappings = [_mapping(workload) for workload in workloads]
    (folder / "manifest.json").write_text(json.dumps({"workflowsMapping": mappings}, indent=2))
    return folder


def _mapping(workload: Workload) -> dict[str, object]:
    parameters = [
        {"name": name, "aliasedName": name, "type": "number", "list": False, "children": None}
        for name in workload.variables
    ]
    alias, model = workload.name, workload.process_id
    return {"alias": alias, "modelId": model, "version": None, "parameters": parameters}


@contextmanager
def serving(project: Path, database: Path) -> Iterator[Server]:
    """Serve a project from a SQLite file, as `serving_from`."""
    with serving_from(project, f"sqlite:///{database}", database.with_suffix(".log")) as server:
        yield server


@contextmanager
def serving_from(project: Path, url: str, log: Path) -> Iterator[Server]:
    """Serve a project from the database of a URL, from its own process, until the block ends.

    Raises:
        ServerFailed: it ended or was not ready in time; the message holds the end of its log.
    """
    port = _free_port()
    command = [str(Path(sys.executable).with_name("penstock")), "serve", str(project), "--no-access-log"]
    options = ["--host", LOOPBACK, "--port", str(port), "--database", url]
    with log.open("a") as output:
        began = time.perf_counter()
        process = subprocess.Popen([*command, *options], stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(process, port, log)
            yield Server(process.pid, port, time.perf_counter() - began)
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.perf_counter() + READY_PATIENCE_SECONDS
    while not _is_ready(port):
        if process.poll() is not None:
            raise ServerFailed(f"the server ended with {process.returncode}:\n{_tail(log)}")
        if time.perf_counter() > deadline:
            raise ServerFailed(
                f"the server was not ready after {READY_PATIENCE_SECONDS:.0f} s:\n{_tail(log)}"
            )
        time.sleep(_POLL_SECONDS)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=1)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]
