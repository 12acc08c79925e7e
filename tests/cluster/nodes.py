"""Several real servers on one PostgreSQL, and what the tests ask of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests import databases
from tests.journeys.server import PATIENCE_S, Server, eventually, write_project


class Cluster:
    """The servers, by number, and one client for each."""

    def __init__(self, folder: Path, database: str) -> None:
        self.database = database
        self.project = write_project(folder)
        self.nodes: list[Server] = []
        self.clients: list[httpx2.Client] = []

    def add(self, *flags: str) -> int:
        """Start one more server, and give its number."""
        server = Server(self.project, "--no-access-log", *flags, database=self.database)
        self.nodes.append(server)
        self.clients.append(httpx2.Client(base_url=f"{server.address}/api/v1", timeout=PATIENCE_S))
        return len(self.nodes) - 1

    def end(self) -> None:
        """Kill whatever still runs."""
        for client in self.clients:
            client.close()
        for server in self.nodes:
            if server.process.poll() is None:
                os.kill(server.process.pid, signal.SIGCONT)
            server.kill()

    # -- what is asked ---------------------------------------------------------------------------

    def start(self, node: int, process: str, **settings: Any) -> str:
        """Start an instance through a node, and give its id."""
        body = {"processId": process, "variables": {"n": 1}, **settings}
        answer = self.clients[node].post("/process-instances", json=body)
        assert answer.status_code == 201, answer.text
        id: str = answer.json()["id"]
        return id

    def get(self, node: int, path: str, **query: Any) -> Any:
        """Give the body of a reply that has to be a success."""
        answer = self.clients[node].get(path, params=query)
        assert answer.is_success, answer.text
        return answer.json()

    def state(self, node: int, id: str) -> str:
        """Give the state of an instance as a node sees it."""
        found: str = self.get(node, f"/process-instances/{id}")["state"]
        return found

    def approve(self, node: int, id: str) -> None:
        """Complete the user task of an order."""
        [task] = eventually(lambda: self.get(node, "/tasks", processInstance=id, state="open")["items"])
        answer = self.clients[node].post(f"/tasks/{task['id']}/complete", json={"variables": {}})
        assert answer.is_success, answer.text


@contextmanager
def clustered(folder: Path) -> Iterator[Cluster]:
    """Give a cluster on a database of its own."""
    with databases.database("postgresql", folder) as url:
        cluster = Cluster(folder, url)
        try:
            yield cluster
        finally:
            cluster.end()
