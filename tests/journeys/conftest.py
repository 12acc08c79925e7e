"""A real server with the built web application, and a page of a real browser that complains of nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from penstock.api.folders import WEB
from tests import databases
from tests.bpmn.models import around, extended, flow, process_of
from tests.forms.models import component, form_file
from tests.journeys.server import PATIENCE_S, Server, write_project

AXE: Final = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
HALVE: Final = """
from penstock import task


@task
def halve(n: int) -> dict:
    if n % 2:
        raise ValueError(f"{n} is odd")
    return {"half": n // 2}
"""


AMOUNT: Final = component("number", "amount", {"required": True, "max": 500})
REASON: Final = component("textfield", "reason", {"required": True}, conditional={"hide": "=amount < 100"})


def claims() -> bytes:
    """Give a process whose task has a form."""
    task = extended("userTask", '<zeebe:formDefinition formId="claim"/>', 'name="Check the claim"')
    return process_of(around(task)).replace(b'<process id="p"', b'<process id="claims" name="Claims"')


ON: Final = {"test_web_operating": "postgresql"}
"""By the module of the journeys: the database that they go on by default; PENSTOCK_TEST_WEB says for all."""


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    by_default = ON.get(request.module.__name__.rpartition(".")[2], "sqlite")
    kind = os.environ.get("PENSTOCK_TEST_WEB", by_default)
    with databases.database(kind, tmp_path_factory.mktemp("database")) as url:
        yield from served(tmp_path_factory, url)


def served(tmp_path_factory: pytest.TempPathFactory, url: str) -> Iterator[Server]:
    """Give a server of the project that the journeys go through."""
    assert (WEB / "index.html").is_file(), "The web application is not built: python3 web/build.py"
    project = write_project(tmp_path_factory.mktemp("web"))
    (project / "functions" / "halves.py").write_text(HALVE)
    body = (
        f'<startEvent id="s"/>{flow("s", "halve")}<serviceTask id="halve" name="Halve it"><extensionElements>'
        '<zeebe:taskDefinition type="halve" retries="1"/></extensionElements></serviceTask>'
        f'{flow("halve", "e")}<endEvent id="e"/>'
    )
    content = process_of(body).replace(b'<process id="p"', b'<process id="halving" name="Halving"')
    (project / "workflows" / "halving.bpmn").write_bytes(content)
    (project / "workflows" / "claims.bpmn").write_bytes(claims())
    (project / "workflows" / "claim.form").write_bytes(form_file(AMOUNT, REASON))
    server = Server(project, "--no-access-log", database=url)
    yield server
    server.kill()


@pytest.fixture(scope="module")
def address(server: Server) -> str:
    return server.address


expect.set_options(timeout=PATIENCE_S * 1000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("PENSTOCK_TEST_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose console stays without errors, those of the content security policy among them."""
    yield from watched(browser, address)


def watched(browser: Browser, address: str, forgiven: str | None = None) -> Iterator[Page]:
    """Give a page, and see in the end that nothing stands on its console but what begins with `forgiven`."""
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_S * 1000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda it: wrong.append(it.text) if it.type == "error" else None)
    yield page
    context.close()
    assert [it for it in wrong if forgiven is None or not it.startswith(forgiven)] == []


def problems_of(page: Page) -> list[tuple[str, list[str]]]:
    """Give what axe finds on the page, with the parts at fault."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(({ violations }) => violations)")
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def deployed(address: str, content: bytes, name: str) -> None:
    files = [("file", (name, content))]
    httpx2.post(f"{address}/api/v1/deployments", files=files, timeout=PATIENCE_S).raise_for_status()


def started(address: str, process: str, **variables: Any) -> str:
    body = {"processId": process, "variables": variables, "wait": 30}
    reply = httpx2.post(f"{address}/api/v1/process-instances", json=body, timeout=PATIENCE_S)
    found: dict[str, str] = reply.raise_for_status().json()
    return found["id"]
