"""Nodes, a worker and clients on a PostgreSQL of their own, what breaks them, and what was told."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx2

from penstock.store import schema
from penstock.store.opening import open_database
from tests.bpmn.models import flow, process_of
from tests.faults.postgres import Postgres, Proxy
from tests.journeys.server import PATIENCE_S, Server, write_project
from tests.journeys.test_worker import Worker

NODES: Final = 3
CLIENTS: Final = 3
TRY_AGAIN_S: Final = 0.2
LEASE_S: Final = 15.0
"""For how long a node leases a job at a time."""

WHOLE: Final = "".join(
    (
        f'<startEvent id="s"/>{flow("s", "each")}',
        '<serviceTask id="each"><extensionElements><zeebe:taskDefinition type="ship"/></extensionElements>'
        "<multiInstanceLoopCharacteristics><extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=[1, 2, 3]" inputElement="n"/>'
        "</extensionElements></multiInstanceLoopCharacteristics></serviceTask>",
        flow("each", "call") + '<callActivity id="call"><extensionElements>'
        '<zeebe:calledElement processId="order"/></extensionElements></callActivity>',
        flow("call", "catch"),
        '<intermediateCatchEvent id="catch"><messageEventDefinition messageRef="m"/>'
        "</intermediateCatchEvent>" + flow("catch", "e") + '<endEvent id="e"/>',
    )
)
"""A multi-instance, a called process and a message."""

MESSAGE: Final = (
    '<message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=paid"/>'
    "</extensionElements></message>"
)
WRONG_CLOCK: Final = """
import time

_time, _time_ns = time.time, time.time_ns
time.time = lambda: _time() + {seconds}
time.time_ns = lambda: _time_ns() + {seconds} * 10**9
"""


@dataclass
class Told:
    """What the clients asked for, and what they were told; shared by their threads."""

    starts: dict[int, str | None] = field(default_factory=dict)
    """By number: the instance that was acknowledged, None while none was. Every third is a `whole`."""
    messages: dict[int, bool] = field(default_factory=dict)
    """By the number of a `whole`: whether its message was acknowledged."""
    completed: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """Answers that may not be."""


class World:
    """Everything that runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = write_project(folder)
        (self.project / "workflows" / "whole.bpmn").write_bytes(
            process_of(WHOLE, MESSAGE).replace(b'<process id="p"', b'<process id="whole"')
        )
        self.postgres = Postgres()
        self.proxy = Proxy(self.postgres.port)
        database = open_database(self.postgres.url)
        schema.upgrade(database)
        database.close()
        self.chance = random.Random(1)
        self.told = Told()
        self.numbers = count()
        self.lock = threading.Lock()
        self.nodes: list[Server] = []
        self.worker: Worker | None = None
        self.kills = 0

    # -- what runs -------------------------------------------------------------------------------

    def add_node(self, **variables: str) -> Server:
        """Start a node; one of them reaches the database by the way that loses answers."""
        url = self.postgres.url
        by_proxy = url.replace(f":{self.postgres.port}/", f":{self.proxy.port}/")
        if all(node.database != by_proxy for node in self.nodes):
            url = by_proxy
        node = Server(self.project, "--no-access-log", database=url, variables=variables)
        with self.lock:
            self.nodes.append(node)
        return node

    def remove(self, node: Server) -> None:
        """Kill a node."""
        with self.lock:
            self.nodes.remove(node)
        node.kill()
        self.kills += 1

    def start_worker(self) -> None:
        """Start a worker that takes jobs from the nodes over HTTP."""
        flags = ("--server", self.some_node().address, "--lease", "2")
        self.worker = Worker(self.project, *flags)

    def some_node(self) -> Server:
        """Give any node, once there is one."""
        while True:
            with self.lock:
                if self.nodes:
                    return self.chance.choice(self.nodes)
            time.sleep(TRY_AGAIN_S)

    def end(self) -> None:
        """Kill whatever still runs."""
        if self.worker is not None and self.worker.process.poll() is None:
            self.worker.end(signal.SIGKILL)
        for node in self.nodes:
            node.kill()
        self.proxy.close()
        self.postgres.end()


# -- what breaks -----------------------------------------------------------------------------------


def kill_a_node(world: World) -> None:
    """`kill -9` of one node."""
    world.remove(world.some_node())
    world.add_node()


def kill_all_nodes(world: World) -> None:
    """`kill -9` of all nodes at once."""
    for node in list(world.nodes):
        node.process.kill()
    for node in list(world.nodes):
        world.remove(node)
    while len(world.nodes) < NODES:
        world.add_node()


def kill_the_worker(world: World) -> None:
    """`kill -9` of the worker, whatever it does just now."""
    assert world.worker is not None
    world.worker.end(signal.SIGKILL)
    world.kills += 1
    world.start_worker()


def stop_postgres_hard(world: World) -> None:
    """PostgreSQL is stopped in the middle of everything, and started again."""
    world.postgres.stop()
    world.kills += 1
    time.sleep(world.chance.uniform(0.2, 2))
    world.postgres.start()


def cut_connections(world: World) -> None:
    """Every session of the database ends."""
    for _ in range(3):
        world.postgres.cut()
        time.sleep(0.3)


def lose_the_answer_to_a_commit(world: World) -> None:
    """The commit is in force, and the node does not hear of it."""
    before = world.proxy.lost
    world.proxy.lose_an_answer()
    deadline = time.monotonic() + 5
    while world.proxy.lost == before and time.monotonic() < deadline:
        time.sleep(0.02)
    world.proxy.lose_none()


def use_up_connections(world: World) -> None:
    """PostgreSQL has no connection left for those who need one."""
    taken = world.postgres.use_up()
    kill_the_worker(world)
    time.sleep(2)
    for connection in taken:
        connection.close()


def freeze_a_node(world: World) -> None:
    """A node is stopped for longer than its leases, and goes on as if nothing had been."""
    node = world.some_node()
    os.kill(node.process.pid, signal.SIGSTOP)
    time.sleep(LEASE_S + 3)
    os.kill(node.process.pid, signal.SIGCONT)


def set_a_clock(world: World) -> None:
    """A node comes whose machine's clock is an hour ahead, or behind."""
    folder = world.folder / "clock"
    folder.mkdir(exist_ok=True)
    seconds = world.chance.choice((-3600, 3600))
    (folder / "sitecustomize.py").write_text(WRONG_CLOCK.format(seconds=seconds))
    world.remove(world.some_node())
    world.add_node(PYTHONPATH=str(folder))


Fault = Callable[[World], None]

FAULTS: Final[tuple[Fault, ...]] = (
    kill_a_node,
    stop_postgres_hard,
    kill_the_worker,
    lose_the_answer_to_a_commit,
    cut_connections,
    kill_all_nodes,
    use_up_connections,
    set_a_clock,
    freeze_a_node,
)


# -- clients ---------------------------------------------------------------------------------------


class Client:
    """One client, who asks any node, and asks again under the same key where there was no answer."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._told = world.told
        self._http = httpx2.Client(timeout=PATIENCE_S)

    def close(self) -> None:
        self._http.close()

    def ask(self, method: str, path: str, good: tuple[int, ...], **options: Any) -> Any:
        """Give the body of an answer of these statuses, None where it could not be had."""
        address = self._world.some_node().address
        try:
            answer = self._http.request(method, f"{address}/api/v1{path}", **options)
        except httpx2.TransportError as error:
            self._told.refused[type(error).__name__] += 1
            return None
        if answer.status_code in good:
            return answer.json()
        self._told.refused[str(answer.status_code)] += 1
        if answer.status_code != 503:
            self._told.wrong.append(f"{method} {path}: {answer.status_code} {answer.text}")
        return None

    def start(self, number: int) -> bool:
        """Start what has this number; the same number again is the same one."""
        body = {"processId": _process(number), "variables": {"n": number, "paid": f"k{number}"}}
        key = {"Idempotency-Key": f"start-{number}"}
        found = self.ask("POST", "/process-instances", (201,), json=body, headers=key)
        if found is not None:
            self._told.starts[number] = found["id"]
        return found is not None

    def pay(self, number: int) -> bool:
        """Send the message that a `whole` waits for, or will."""
        body = {"name": "paid", "correlationKey": f"k{number}", "id": f"m{number}", "ttl": "PT1H"}
        found = self.ask("POST", "/messages", (200, 201), json=body)
        self._told.messages[number] = found is not None
        return found is not None

    def tasks(self) -> list[str]:
        """Give some tasks that are open."""
        found = self.ask("GET", "/tasks", (200,), params={"state": "open", "limit": 20})
        return [] if found is None else [task["id"] for task in found["items"]]

    def complete(self, task: str) -> None:
        """Complete a task, which another client may have done before."""
        found = self.ask("POST", f"/tasks/{task}/complete", (200, 409), json={"variables": {}})
        if found is not None and "id" in found:
            self._told.completed.add(task)

    def load(self, stop: threading.Event) -> None:
        """Start, pay and complete until it is enough."""
        while not stop.is_set():
            number = next(self._world.numbers)
            self._told.starts[number] = None
            well = self.start(number)
            if _process(number) == "whole":
                self._told.messages[number] = False
                well &= self.pay(number)
            for task in self.tasks()[:5]:
                self.complete(task)
            if not well:
                stop.wait(TRY_AGAIN_S)


def _process(number: int) -> str:
    return "whole" if number % 3 == 0 else "order"


@contextmanager
def loaded(world: World) -> Iterator[None]:
    """Let clients ask inside the block."""
    stop = threading.Event()
    clients = [Client(world) for _ in range(CLIENTS)]
    threads = [threading.Thread(target=client.load, args=(stop,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(2 * PATIENCE_S)
            assert not thread.is_alive(), "a request hangs"
        for client in clients:
            client.close()
