"""The home page and the documentation in a browser: that of PENSTOCK_TEST_CHROMIUM, or any."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from penstock.api.settings import ApiSettings
from tests.api.conftest import Server, serve
from tests.api.models import JOB, USER_TASK, process

TOKEN = "s3cret"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("PENSTOCK_TEST_CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser; whatever its console complains of fails the test."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert [text for text in complaints if "401" not in text] == []


@pytest.fixture
def server(database: Path) -> Iterator[Server]:
    yield from serve(database, ApiSettings(access_log=False))


@pytest.fixture
def guarded(database: Path) -> Iterator[Server]:
    for server in serve(database, ApiSettings(access_log=False, token=TOKEN)):
        server.client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield server


class _Serving:
    """A server on a socket, for as long as the block runs."""

    def __init__(self, app: Any) -> None:
        config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
            assert self._thread.is_alive(), "the server did not start"
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


def test_the_home_page_tells_what_is_going_on(server: Server, page: Page) -> None:
    server.deploy(process("ask", USER_TASK, name="Ask &lt;b&gt;somebody&lt;/b&gt;"), process("charge", JOB))
    server.start("ask", clerk="anna")
    key = server.wait_for(server.start("charge"), "job")
    server.done(f"/jobs/{key}/fail", {"message": "the bank is down", "retries": 0})
    with _Serving(server.client.app) as address:
        page.goto(address)
        expect(page.locator("#workflows tr").first).to_contain_text("Ask <b>somebody</b> 1.0.0")
        expect(page.locator("#instances tr")).to_have_count(2)
        expect(page.locator("#instances .incident")).to_have_count(1)
        expect(page.locator("#tasks li")).to_contain_text(["Approveanna"])
        expect(page.locator("#incidents li")).to_contain_text(["the bank is down"])
        width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 390, "the page is wider than a phone"


def test_the_home_page_follows_what_happens(server: Server, page: Page) -> None:
    with _Serving(server.client.app) as address:
        page.goto(address)
        expect(page.locator("#workflows")).to_contain_text("Nothing is deployed yet.")
        server.deploy(process("ask", USER_TASK))
        server.start("ask")
        expect(page.locator("#instances .active")).to_have_count(1)


def test_the_home_page_asks_for_the_token_where_one_is_needed(guarded: Server, page: Page) -> None:
    guarded.deploy(process("ask", USER_TASK))
    with _Serving(guarded.client.app) as address:
        page.goto(address)
        page.get_by_label("This server asks for a token.").fill(TOKEN)
        page.get_by_role("button", name="Go on").click()
        expect(page.locator("#workflows tr")).to_contain_text(["ask"])
        expect(page.locator("#token-form")).to_be_hidden()


def test_the_documentation_opens_at_an_operation(server: Server, page: Page) -> None:
    with _Serving(server.client.app) as address:
        page.goto(f"{address}/docs")
        page.get_by_role("link", name="Start an instance.", exact=True).click()
        expect(page.locator("#post_process_instances")).to_be_in_viewport()
