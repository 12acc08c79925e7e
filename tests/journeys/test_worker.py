"""Real workers for a real server that has no functions: one is killed in the middle of a job."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx2

from tests import databases
from tests.journeys.server import PATIENCE_S, PENSTOCK, Server, effects, write_project


class Worker:
    """A started `penstock worker`."""

    def __init__(self, project: Path, *flags: str) -> None:
        """Start it, and wait until it works."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")}
        self.process = subprocess.Popen(
            [PENSTOCK, "worker", project, *flags],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.log: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        with self.process.stdout:
            self.said = self.process.stdout.readline()
        assert "works on" in self.said, "".join(self.log)

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as errors:
            self.log += errors

    def end(self, number: int) -> int:
        """Send it a signal, and wait for the end of it and of its processes; gives its exit status."""
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        assert not self._reader.is_alive(), "a process of the worker has outlived it"
        return status


BEGUN: Final = "begun"
SHORT: Final = ("--lease", "1", "--tasks", "slow")


def test_the_job_of_a_worker_that_is_killed_goes_to_another_one(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    served = tmp_path / "served"
    shutil.copytree(project / "workflows", served / "workflows")
    server = Server(served, "--no-access-log")
    try:
        first = Worker(project, "--server", server.address, *SHORT)
        assert "works on slow for http" in first.said
        instance = start(server.address)
        wait_for(lambda: len(effects(project, BEGUN)) == 1)
        first.end(signal.SIGKILL)

        second = Worker(project, "--server", server.address, *SHORT, "--graceful-timeout", "0.1")
        wait_for(lambda: len(effects(project, BEGUN)) == 2)
        assert second.end(signal.SIGTERM) == 0
        assert effects(project, "slow") == [], "neither has come to the end of it"

        third = Worker(project, "--server", server.address)
        wait_for(lambda: len(effects(project, BEGUN)) == 3)
        (project / "go").touch()
        wait_for(lambda: state(server.address, instance) == "completed")
        assert third.end(signal.SIGTERM) == 0
    finally:
        server.kill()
    assert len(set(effects(project, BEGUN))) == 1, "each try has the same idempotency key"
    assert effects(project, "slow") == effects(project, BEGUN)[:1]
    assert len(effects(project, "ship")) == 1


def test_a_worker_on_the_database_of_the_nodes_needs_no_server_between(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    served = tmp_path / "served"
    shutil.copytree(project / "workflows", served / "workflows")
    (project / "go").touch()
    with databases.database("postgresql", tmp_path) as url:
        server = Server(served, "--no-access-log", database=url)
        try:
            instance = start(server.address)
            worker = Worker(project, "--database", url, "--tasks", "slow")
            assert "works on slow for postgresql://" in worker.said
            wait_for(lambda: len(effects(project, "slow")) == 1)
            other = Worker(project, "--database", url)
            wait_for(lambda: state(server.address, instance) == "completed")
            assert [worker.end(signal.SIGTERM), other.end(signal.SIGTERM)] == [0, 0]
        finally:
            server.kill()
    assert len(effects(project, "ship")) == 1


def test_a_worker_without_the_right_token_or_function_says_so(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    server = Server(project, "--no-access-log", "--token", "secret")
    try:
        assert run(project, "--server", server.address) == (
            4,
            "penstock: The token is missing or wrong: send it as `Authorization: Bearer TOKEN` or as "
            "`X-DOMO-Developer-Token: TOKEN`.",
        )
        assert run(project, "--tasks", "slow,fly") == (
            5,
            f"penstock: {project / 'functions'} does not offer fly. It offers: charge, ship, slow.",
        )
        assert run(project, "--database", "sqlite:///x.db")[0] == 2
        assert run(project, "--database", "postgresql://x/y", "--server", server.address)[0] == 2
    finally:
        server.kill()


def run(project: Path, *flags: str) -> tuple[int, str]:
    """Run a worker that cannot work, and give its exit status and its last line."""
    ran = subprocess.run(
        [PENSTOCK, "worker", project, *flags],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return ran.returncode, ran.stderr.splitlines()[-1]


def start(address: str) -> str:
    """Start the process with the slow function."""
    body = {"processId": "patience", "variables": {"n": 1}}
    answer = httpx2.post(f"{address}/api/v1/process-instances", json=body, timeout=PATIENCE_S)
    answer.raise_for_status()
    id: str = answer.json()["id"]
    return id


def state(address: str, instance: str) -> str:
    """Give the state of an instance."""
    answer = httpx2.get(f"{address}/api/v1/process-instances/{instance}", timeout=PATIENCE_S)
    found: str = answer.json()["state"]
    return found


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "what must come did not come"
        time.sleep(0.02)
