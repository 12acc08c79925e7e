"""The database goes away while a node runs, and comes back."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import Request, Unavailable
from penstock.runtime.runtime import Options, Runtime
from penstock.store import instances
from penstock.store.instances import Conditions
from penstock.store.rows import InstanceRow
from tests import databases
from tests.bpmn.models import flow, process_of

pytestmark = pytest.mark.anyio

PATIENCE_S = 30.0
BODY = f'<startEvent id="s"/>{flow("s", "t")}<userTask id="t"/>{flow("t", "e")}<endEvent id="e"/>'


class Wire:
    """A line to a server of TCP that can be cut, and put together again."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """End every connection, and take none."""
        self._close(self._listener)
        for end in self._ends:
            self._close(end)
        self._ends.clear()

    def mend(self) -> None:
        """Take connections again."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(self._target)
                self._ends += [client, server]
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        self._close(target)

    def _close(self, end: socket.socket) -> None:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def wired(folder: Path) -> Iterator[tuple[str, Wire]]:
    """Give the URL of a database behind a wire, and the wire."""
    with databases.database("postgresql", folder) as url:
        target = sa.make_url(url)
        wire = Wire(target.host or "127.0.0.1", target.port or 5432)
        behind = target.set(host="127.0.0.1", port=wire.port)
        try:
            yield behind.render_as_string(hide_password=False), wire
        finally:
            wire.cut()


async def start(node: Runtime) -> InstanceRow:
    definition = node.definitions.latest("p")
    assert definition is not None
    command = c.StartInstance(definition.compiled.starts[0], {})
    return await node.send(Request(node.new_instance_id(), command, "1", definition))


async def test_a_node_says_that_the_database_is_away_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    with wired(tmp_path) as (url, wire):
        node = Runtime(Options(url))
        node.start()
        await node.deploy([SourceFile("p.bpmn", process_of(BODY))], actor="1")
        before = await start(node)
        wire.cut()
        with pytest.raises(Unavailable, match="the database cannot be written"):
            await start(node)
        with pytest.raises(Unavailable, match="the database cannot be read"):
            await node.read(instances.find, before.id)
        assert await node.ready() == ["the database cannot be read"]
        wire.mend()
        after = await start(node)
        async with asyncio.timeout(PATIENCE_S):
            while await node.ready():
                await asyncio.sleep(0.01)
        found = await node.read(instances.search, Conditions(process_id="p"))
        assert {row.id for row in found} == {before.id, after.id}
        node.stop()


async def test_connections_that_were_cut_while_nobody_used_them_fail_nobody(tmp_path: Path) -> None:
    with wired(tmp_path) as (url, wire):
        node = Runtime(Options(url))
        node.start()
        await node.deploy([SourceFile("p.bpmn", process_of(BODY))], actor="1")
        before = await start(node)
        wire.cut()
        wire.mend()
        after = await start(node)
        found = await node.read(instances.search, Conditions(process_id="p"))
        assert {row.id for row in found} == {before.id, after.id}
        node.stop()
