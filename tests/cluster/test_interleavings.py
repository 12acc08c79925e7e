"""Two nodes in one process, with a transaction of the one held open while the other works."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest

from penstock.api.domo.aliases import aliases_of, put_manifest
from penstock.api.domo.mapping import WorkflowMapping
from penstock.api.errors import ApiError
from penstock.kernel import Rejected, commands as c
from penstock.levels import read as read_levels
from penstock.runtime import outside
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import Idempotency, PublishMessage, Request
from penstock.runtime.runtime import Options, Runtime
from penstock.store import messages
from penstock.store.projection import Writes
from penstock.store.rows import InstanceRow
from tests import databases
from tests.bpmn.models import flow, process_of

pytestmark = pytest.mark.anyio

PATIENCE_S = 30.0

CATCH = '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
MESSAGE = (
    '<message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=n"/>'
    "</extensionElements></message>"
)
WAITS = process_of(
    f'<startEvent id="s"/>{flow("s", "wait")}{CATCH}{flow("wait", "e")}<endEvent id="e"/>', MESSAGE
)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with databases.database("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
async def nodes(url: str) -> AsyncIterator[tuple[Runtime, Runtime]]:
    one, two = Runtime(Options(url)), Runtime(Options(url))
    for node in (one, two):
        node.start()
    await one.deploy([SourceFile("p.bpmn", WAITS)], actor="1")
    yield one, two
    for node in (one, two):
        node.stop()


async def start(node: Runtime, key: Idempotency | None = None) -> InstanceRow:
    definition = node.definitions.latest("p")
    assert definition is not None
    command = c.StartInstance(definition.compiled.starts[0], {"n": "k"})
    return await node.send(Request(node.new_instance_id(), command, "1", definition, idempotency=key))


async def publish(node: Runtime) -> Any:
    return await node.receive(PublishMessage("paid", "k", {"paid": True}, ttl=3_600_000), actor="1")


class Held:
    """A call that waits until it is let go."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.go = threading.Event()


@contextmanager
def held(where: Any, name: str) -> Iterator[Held]:
    """Let the first call of a function wait in the midst of its transaction, once it has done its work."""
    held, real = Held(), getattr(where, name)

    def waiting(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        if not held.reached.is_set():
            held.reached.set()
            assert held.go.wait(PATIENCE_S)
        return result

    with patch.object(where, name, waiting):
        try:
            yield held
        finally:
            held.go.set()


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not what():
            await asyncio.sleep(0.005)


def somebody_waits(url: str) -> bool:
    """Whether a transaction waits for another one."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE datname = current_database() AND NOT granted "
            "UNION ALL SELECT 1 FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
    return found is not None


async def meanwhile(
    url: str, first: Awaitable[Any], held: Held, second: Callable[[], Awaitable[Any]]
) -> tuple[Any, Any]:
    """Begin the first, in its midst the second; let the first end once the other one waits for it."""
    one = asyncio.ensure_future(first)
    await until(held.reached.is_set)
    two = asyncio.ensure_future(second())
    await until(lambda: two.done() or somebody_waits(url))
    held.go.set()
    return await one, await two


async def status(node: Runtime, id: str) -> str:
    from penstock.store import instances

    row = await node.read(instances.find, id)
    assert row is not None
    return row.status


async def test_who_begins_to_wait_while_a_message_is_being_kept_gets_it(
    nodes: tuple[Runtime, Runtime], url: str
) -> None:
    one, two = nodes
    with held(messages, "add") as publishing:
        _, started = await meanwhile(url, publish(one), publishing, lambda: start(two))
    assert await status(one, started.id) == "completed"


async def test_a_message_that_comes_while_somebody_begins_to_wait_finds_them(
    nodes: tuple[Runtime, Runtime], url: str
) -> None:
    one, two = nodes
    with held(outside.Correlation, "look_for") as waiting:
        started, received = await meanwhile(url, start(one), waiting, lambda: publish(two))
    assert [it.instance_id for it in received.correlated] == [started.id]
    assert await status(two, started.id) == "completed"


async def test_a_key_used_through_two_nodes_at_once_starts_one_instance(
    nodes: tuple[Runtime, Runtime], url: str
) -> None:
    one, two = nodes
    key = Idempotency("once", "the same")
    with held(Writes, "flush") as writing:
        first, second = await meanwhile(url, start(one, key), writing, lambda: start(two, key))
    assert first.id == second.id


@pytest.mark.parametrize("over", ["refuse", "queue"])
async def test_starts_through_two_nodes_at_once_keep_to_the_limit_of_the_process(url: str, over: str) -> None:
    levels = read_levels({"processes": {"p": {"running": 1, "over": over}}})
    one, two = (Runtime(Options(url, levels=levels)) for _ in range(2))
    for node in (one, two):
        node.start()
    await one.deploy([SourceFile("p.bpmn", WAITS)], actor="1")

    async def start_on_two() -> str:
        try:
            return (await start(two)).status
        except Rejected as rejected:
            return rejected.kind

    with held(Writes, "flush") as writing:
        first, second = await meanwhile(url, start(one), writing, start_on_two)
    assert (first.status, second) == ("active", {"refuse": "too_many", "queue": "suspended"}[over])
    for node in (one, two):
        node.stop()


async def test_a_manifest_that_one_node_puts_is_the_others_too(nodes: tuple[Runtime, Runtime]) -> None:
    one, two = nodes
    [process] = one.definitions.processes()
    uid = process.uid
    for alias in ("pay", "buy"):
        await put_manifest(one, [WorkflowMapping(alias, model_id=uid)])
        async with asyncio.timeout(PATIENCE_S):
            while not await knows(two, alias):
                await asyncio.sleep(0.02)
    assert not await knows(two, "pay")


async def knows(node: Runtime, alias: str) -> bool:
    try:
        (await aliases_of(node)).find(alias, node.definitions.processes())
    except ApiError:
        return False
    return True


async def test_two_commands_to_one_instance_through_two_nodes_follow_each_other(
    nodes: tuple[Runtime, Runtime], url: str
) -> None:
    one, two = nodes
    started = await start(one)

    def set_on(node: Runtime, name: str) -> Awaitable[InstanceRow]:
        return node.send(Request(started.id, c.SetVariables({name: 1}), "1"))

    with held(Writes, "flush") as writing:
        _, second = await meanwhile(url, set_on(one, "a"), writing, lambda: set_on(two, "b"))
    assert second.variables == {"n": "k", "a": 1, "b": 1}
