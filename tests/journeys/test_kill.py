"""A real server under load, killed again and again, and then everything is counted.

`PENSTOCK_KILLS=N` kills it N times in place of the ordinary number.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
import sqlalchemy as sa

from penstock.kernel.commands import CompleteUserTask
from penstock.runtime.definitions import Definitions
from penstock.store import codec, instances, user_tasks
from penstock.store.opening import open_database
from penstock.store.tables import journal
from tests import databases
from tests.journeys.server import PATIENCE_S, Server, effects, write_project
from tests.simulation.checker import ALL, Checker

KILLS: Final = int(os.environ.get("PENSTOCK_KILLS", "5"))
CLIENTS: Final = 3
LOAD_S: Final = (0.1, 0.8)
"""How long the load lasts before the server is killed: from, to."""


@dataclass
class Told:
    """What the clients asked for, and what they were told; shared by their threads."""

    starts: dict[int, str | None] = field(default_factory=dict)
    """By the number of an order: the instance that was acknowledged, None while none was."""
    completed: set[str] = field(default_factory=set)
    """The user tasks whose completion was acknowledged."""
    numbers: Iterator[int] = field(default_factory=count)
    wrong: list[str] = field(default_factory=list)
    """Answers that may not be."""


class Client:
    """One client, which hears nothing more once the server is gone."""

    def __init__(self, address: str, told: Told) -> None:
        self._http = httpx2.Client(base_url=f"{address}/api/v1", timeout=PATIENCE_S)
        self._told = told

    def close(self) -> None:
        self._http.close()

    def start(self, number: int) -> None:
        """Start an order; the same number again is the same order."""
        body = {"processId": "order", "variables": {"n": number}}
        answer = self._http.post(
            "/process-instances", json=body, headers={"idempotency-key": f"order-{number}"}
        )
        if answer.status_code == 201:
            self._told.starts[number] = answer.json()["id"]
        else:
            self._told.wrong.append(f"{answer.status_code} {answer.text}")

    def open_tasks(self) -> list[str]:
        """Give some tasks that are open."""
        found = self._get("/tasks", state="open", limit=20)
        return [task["id"] for task in found]

    def complete(self, task: str) -> None:
        """Complete a task, which another client may have done before."""
        answer = self._http.post(f"/tasks/{task}/complete", json={"variables": {"approved": True}})
        if answer.status_code == 200:
            self._told.completed.add(task)
        elif answer.status_code != 409:
            self._told.wrong.append(f"{answer.status_code} {answer.text}")

    def active(self) -> list[str]:
        """Give some instances that have not ended."""
        return [found["id"] for found in self._get("/process-instances", state="active", limit=20)]

    def _get(self, path: str, **query: Any) -> list[Any]:
        answer = self._http.get(path, params=query)
        answer.raise_for_status()
        items: list[Any] = answer.json()["items"]
        return items

    def load(self) -> None:
        """Start orders and complete tasks until the server is gone."""
        chance = random.Random(next(self._told.numbers))
        try:
            while True:
                number = next(self._told.numbers)
                self._told.starts[number] = None
                self.start(number)
                for task in self.open_tasks():
                    if chance.random() < 0.6:
                        self.complete(task)
        except httpx2.TransportError:
            return  # the server is gone


@pytest.mark.parametrize("kind", databases.KINDS)
def test_what_a_killed_server_acknowledged_is_in_force(tmp_path: Path, kind: str) -> None:
    with databases.database(kind, tmp_path) as url:
        kill_again_and_again(write_project(tmp_path), url, Told())


def kill_again_and_again(project: Path, database: str, told: Told) -> None:
    chance = random.Random(KILLS)
    for _ in range(KILLS):
        server = Server(project, "--no-access-log", database=database)
        with clients(server, told):
            time.sleep(chance.uniform(*LOAD_S))
            server.kill()
        check(database)
    server = Server(project, "--no-access-log", database=database)
    to_the_end(server, told)
    assert server.stop() == 0
    check(database, finished=True)
    assert told.wrong == []
    count_everything(database, project, told)


@contextmanager
def clients(server: Server, told: Told) -> Iterator[None]:
    """Let clients put the server under load, and wait until each has seen that it is gone."""
    working = [Client(server.address, told) for _ in range(CLIENTS)]
    threads = [threading.Thread(target=client.load) for client in working]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        server.kill()
        for thread in threads:
            thread.join(PATIENCE_S)
        for client in working:
            client.close()


def to_the_end(server: Server, told: Told) -> None:
    """Send again what was not acknowledged, and do what is to be done until every order has ended."""
    client = Client(server.address, told)
    for number, instance in told.starts.items():
        if instance is None:
            client.start(number)
    deadline = time.monotonic() + PATIENCE_S
    while left := client.active():
        for task in client.open_tasks():
            client.complete(task)
            deadline = time.monotonic() + PATIENCE_S
        assert time.monotonic() < deadline, f"these do not end: {left}"
        time.sleep(0.05)
    client.close()


def check(url: str, *, finished: bool = False) -> None:
    """Look at everything in the database of a dead server."""
    database = open_database(url)
    with database.reading() as connection:
        checker = Checker(connection, Definitions(database))
        checker.check()
        if finished:
            checker.check_finished()
    database.close()


def count_everything(url: str, project: Path, told: Told) -> None:
    """Compare what is there with what the clients were told."""
    database = open_database(url)
    with database.reading() as connection:
        rows = instances.search(connection, limit=ALL)
        tasks = user_tasks.search(connection, limit=ALL)
        commands = connection.execute(sa.select(journal.c.instance_id, journal.c.command)).all()
    database.close()
    assert {row.variables["n"]: row.id for row in rows} == told.starts
    assert len(rows) == len(told.starts) > KILLS
    assert {row.status for row in rows} == {"completed"}
    assert told.completed <= {f"{task.instance_id}.{task.key}" for task in tasks}
    assert {task.state for task in tasks} == {"completed"}
    completions = Counter(
        id for id, command in commands if isinstance(codec.decode_command(command), CompleteUserTask)
    )
    assert completions == {row.id: 1 for row in rows}
    for function in ("charge", "ship"):
        keys = effects(project, function)
        assert len(set(keys)) == len(rows), f"{function} ran under {len(set(keys))} keys"
        assert {key.partition(":")[0] for key in keys} == {row.id for row in rows}
