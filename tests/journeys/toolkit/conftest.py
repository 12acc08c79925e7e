"""The example project served by a real server, and Domo's own toolkit in Node and in a browser page.

The packages of the lock file are installed on the first run, beside this file. Chromium is the one
that PENSTOCK_TEST_CHROMIUM names, else `chromium` on the path, else Playwright's own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

HERE: Final = Path(__file__).parent
EXAMPLE: Final = HERE.parents[2] / "examples" / "add-two-numbers"
PAGE: Final = '<!doctype html><title>Toolkit</title><script src="toolkit.min.js"></script>'


class RequestError(Exception):
    """The toolkit rejected a call; the text is what it said."""


Call = Callable[..., Any]
"""Calls a method of the toolkit's WorkflowClient by its name, and raises what it rejects."""


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """Install the locked packages where they are not there already."""
    folder = HERE / "node_modules"
    stamp = folder / "penstock.stamp"  # which dev.py writes too
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != lock:
        npm = shutil.which("npm")
        assert npm is not None, "These tests need Node 20 or newer with npm on the path."
        subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True)
        stamp.write_text(lock)
    return folder


@pytest.fixture(scope="session")
def address(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the example, with a page beside its own that holds the toolkit, and give the server's address."""
    folder = tmp_path_factory.mktemp("served")
    project = folder / "add-two-numbers"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("__pycache__", "*.db*"))
    shutil.copy(node_modules / "@domoinc" / "toolkit" / "toolkit.min.js", project / "app")
    (project / "app" / "toolkit.html").write_text(PAGE)
    with served(project, folder) as address:
        yield address


@contextmanager
def served(project: Path, folder: Path) -> Iterator[str]:
    """Run the server on a free port; its log is in `folder`."""
    penstock = Path(sys.executable).with_name("penstock")
    database = f"sqlite:///{folder / 'penstock.db'}"
    command = [penstock, "serve", project, "--port", "0", "--database", database]
    log = folder / "server.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as server,
    ):
        assert server.stdout is not None
        try:
            line = next((line for line in server.stdout if " at http" in line), None)
            assert line is not None, f"The server did not start:\n{log.read_text()}"
            yield line.rpartition(" at ")[2].strip().rstrip("/")
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            # The sandbox cannot be had as root in a container, and the pages are our own.
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("PENSTOCK_TEST_CHROMIUM") or shutil.which("chromium"),
                args=["--no-sandbox"],
            )
        except Error as error:
            reason = error.message.splitlines()[0]
            pytest.fail(f"These tests need Chromium; `playwright install chromium` brings it. {reason}")
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page at the server's address, in which no script fails and no request leaves the server."""
    wrong: list[str] = []
    page = browser.new_page(base_url=address)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request", lambda request: request.url.startswith((address, "data:")) or wrong.append(request.url)
    )
    yield page
    page.close()
    assert wrong == []


@contextmanager
def in_node(address: str) -> Iterator[Call]:
    node = shutil.which("node")
    assert node is not None, "These tests need Node 20 or newer on the path."
    with subprocess.Popen(
        [node, HERE / "client.cjs", address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
    ) as client:
        stdin, stdout = client.stdin, client.stdout
        assert stdin is not None
        assert stdout is not None

        def call(method: str, *args: Any) -> Any:
            stdin.write(json.dumps({"method": method, "args": args}) + "\n")
            return result(json.loads(stdout.readline()))

        yield call


@contextmanager
def in_page(page: Page) -> Iterator[Call]:
    page.goto("/app/toolkit.html")
    run = """([method, args]) => Toolkit.WorkflowClient[method](...args).then(
        (resolved) => ({ resolved }), (error) => ({ rejected: { ...error } }))"""
    yield lambda method, *args: result(page.evaluate(run, [method, list(args)]))


def result(answer: dict[str, Any]) -> Any:
    if "rejected" in answer:
        raise RequestError(answer["rejected"]["error"])
    return answer["resolved"]


@pytest.fixture(params=["node", "page"])
def call(request: pytest.FixtureRequest, address: str, node_modules: Path) -> Iterator[Call]:
    """The toolkit's WorkflowClient, once in Node and once in a page."""
    where = in_node(address) if request.param == "node" else in_page(request.getfixturevalue("page"))
    with where as call:
        yield call
