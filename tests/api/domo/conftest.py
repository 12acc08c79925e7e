"""A server of three small processes, with time that stands still, asked as an app asks it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from penstock.api.app import create_app
from penstock.api.domo.aliases import put_manifest
from penstock.api.domo.mapping import Parameter, WorkflowMapping
from penstock.api.settings import ApiSettings
from penstock.kernel.commands import CancelInstance, Command
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import Request
from penstock.runtime.runtime import Options, Runtime
from penstock.store.rows import InstanceRow
from tests.bpmn.models import around, file_of, flow

START = 1_700_000_000_000
"""2023-11-14T22:13:20.000Z"""

USER = "8811501"

ADD = around(
    '<scriptTask id="x"><extensionElements>'
    '<zeebe:script expression="=num1 + num2" resultVariable="sum"/>'
    "</extensionElements></scriptTask>"
)
APPROVE = around('<userTask id="x"/>')
STUCK = (
    '<startEvent id="s"/>'
    + flow("s", "x")
    + '<exclusiveGateway id="x"/>'
    + flow("x", "e", "=paid")
    + '<endEvent id="e"/>'
)

MAPPINGS = (
    WorkflowMapping(
        "addTwoNumbers",
        parameters=(
            Parameter(("firstNumber", "num1"), "num1", "number"),
            Parameter(("secondNumber", "num2"), "num2", "number"),
        ),
    ),
    WorkflowMapping("approve", parameters=()),
)


def process(id: str, body: str, *, name: str = "", version: str = "1.0.0", description: str = "") -> bytes:
    return file_of(
        f'<process id="{id}" name="{name or id}" isExecutable="true">'
        f"<documentation>{description}</documentation>"
        f'<extensionElements><zeebe:versionTag value="{version}"/></extensionElements>{body}</process>'
    )


class Server:
    """A runtime with its API, and what the tests do with it, over and over."""

    def __init__(self, folder: Path) -> None:
        self._options = Options(f"sqlite:///{folder / 'penstock.db'}", threads=True, test_clock=START)
        self._start()

    def _start(self) -> None:
        self.runtime = Runtime(self._options)
        self.runtime.start()
        app = create_app(self.runtime, ApiSettings(user=USER, access_log=False))
        transport = httpx2.ASGITransport(app=app)
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://test/domo/workflow/v1")

    async def restart(self) -> None:
        """Stop in good order, and start again on the same database."""
        await self.stop()
        self._start()

    async def stop(self) -> None:
        await self.client.aclose()
        self.runtime.stop()

    async def deploy(self, *files: bytes) -> None:
        sources = [SourceFile(f"{position}.bpmn", content) for position, content in enumerate(files)]
        await self.runtime.deploy(sources, actor="7")

    async def get(self, path: str, **query: Any) -> Any:
        """Give the body of a reply that has to be a success."""
        reply = await self.client.get(path, params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def start(self, alias: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
        """Start, and give the instance as the reply has it."""
        reply = await self.client.post(f"/models/{alias}/start", json=body, headers=headers)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def send(self, instance_id: str, command: Command) -> InstanceRow:
        return await self.runtime.send(Request(instance_id, command, "9"))

    async def cancel(self, instance_id: str) -> None:
        await self.send(instance_id, CancelInstance())

    async def pass_time(self, milliseconds: int) -> None:
        await self.runtime.set_clock(self.runtime.clock.now() + milliseconds)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    server = Server(tmp_path)
    await server.deploy(
        process("AddTwoNumbers", ADD, version="1.1.0", description="Adds."),
        process("Approve", APPROVE, name="Approve a holiday"),
        process("Stuck", STUCK),
    )
    await put_manifest(server.runtime, MAPPINGS)
    yield server
    await server.stop()
