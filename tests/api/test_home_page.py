"""The notice in place of the pages, and the documentation, in a browser."""

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
    assert complaints == []


@pytest.fixture
def server(database: Path) -> Iterator[Server]:
    yield from serve(database, ApiSettings(access_log=False))


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


def test_without_the_web_application_the_server_says_how_to_get_it(server: Server, page: Page) -> None:
    with _Serving(server.client.app) as address:
        page.goto(address)
        expect(page.get_by_text("python3 web/build.py")).to_be_visible()
        page.get_by_role("link", name="documentation of the API").click()
        expect(page).to_have_url(f"{address}/docs")


def test_the_documentation_opens_at_an_operation(server: Server, page: Page) -> None:
    with _Serving(server.client.app) as address:
        page.goto(f"{address}/docs")
        page.get_by_role("link", name="Start an instance.", exact=True).click()
        expect(page.locator("#post_process_instances")).to_be_in_viewport()
