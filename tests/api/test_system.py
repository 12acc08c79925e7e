"""What is asked of the server itself: health, metrics, version, documentation, pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.api.folders import PAGES, WEB
from penstock.api.settings import ApiSettings
from tests.api.conftest import Server, serve


def test_a_running_server_is_alive_and_ready(empty: Server) -> None:
    assert empty.client.get("/health/live").json() == {"status": "live"}
    assert empty.client.get("/health/ready").json() == {"status": "ready"}


def test_a_server_that_cannot_work_says_what_is_not_ready(
    empty: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ready() -> list[str]:
        return ["the committer has stopped", "the database cannot be read"]

    monkeypatch.setattr(empty.runtime, "ready", ready)
    reply = empty.client.get("/health/ready")
    assert reply.status_code == 503
    assert reply.json()["message"] == "Not ready: the committer has stopped; the database cannot be read."


def test_requests_are_counted_by_their_route(server: Server) -> None:
    def count() -> float:
        text = server.client.get("/metrics").text
        name = 'method="GET",route="/api/v1/tasks/{task}",status="404"'
        found = re.search(rf"^penstock_http_requests_total{{{re.escape(name)}}} (.*)$", text, re.MULTILINE)
        return float(found[1]) if found else 0

    before = count()
    server.client.get("/api/v1/tasks/a.1")
    server.client.get("/api/v1/tasks/b.2")
    assert count() == before + 2


def test_the_runtimes_own_metrics_are_shown_too(server: Server) -> None:
    assert "penstock_commit_seconds_count" in server.client.get("/metrics").text


def test_the_version_is_told(empty: Server) -> None:
    assert empty.client.get("/version").json()["name"] == "penstock"


# -- pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_asks_no_other_host_for_anything(empty: Server, path: str) -> None:
    reply = empty.client.get(path)
    assert reply.headers["content-type"] == "text/html;charset=UTF-8"
    links = re.findall(r'(?:src|href)="([^"]*)"', reply.text)
    assert links
    assert [link for link in links if not link.startswith(("/", "#"))] == []
    for link in {link for link in links if link.startswith("/pages/")}:
        assert empty.client.get(link).status_code == 200


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_holds_no_script_or_style_that_its_policy_forbids(empty: Server, path: str) -> None:
    reply = empty.client.get(path)
    assert "unsafe" not in reply.headers["content-security-policy"]
    assert re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", reply.text) is None


def test_every_page_is_shipped() -> None:
    assert {path.name for path in PAGES.iterdir() if path != WEB} == {
        "base.css",
        "docs.css",
        "icon.svg",
        "index.html",
    }


# -- a project's own pages -------------------------------------------------------------------------


@pytest.fixture
def project(database: Path, tmp_path: Path) -> Iterator[Server]:
    app = tmp_path / "app"
    (app / "sub").mkdir(parents=True)
    (app / "index.html").write_text("<h1>Mine</h1>")
    (app / "sub" / "index.html").write_text("<h1>Below</h1>")
    (tmp_path / "secret.txt").write_text("secret")
    (app / "link.txt").symlink_to(tmp_path / "secret.txt")
    yield from serve(database, ApiSettings(app_folder=app, access_log=False))


def test_a_project_has_its_own_pages(project: Server) -> None:
    reply = project.client.get("/app/")
    assert reply.text == "<h1>Mine</h1>"
    assert "'unsafe-inline'" in reply.headers["content-security-policy"]
    assert project.client.get("/app/sub/").text == "<h1>Below</h1>"
    assert project.client.get("/app").headers["location"] == "/app/"


@pytest.mark.parametrize(
    "path",
    [
        "/app/../secret.txt",
        "/app/%2e%2e/secret.txt",
        "/app/..%2fsecret.txt",
        "/app//etc/passwd",
        "/app/link.txt",
    ],
)
def test_nothing_outside_of_its_folder_is_served(project: Server, path: str) -> None:
    reply = project.client.get(path)
    assert reply.status_code == 404
    assert "secret" not in reply.text.replace("secret.txt", "")


def test_its_pages_are_only_read(project: Server) -> None:
    reply = project.client.post("/app/index.html")
    assert reply.status_code == 405
    assert reply.headers["allow"] == "GET, HEAD"


def test_without_a_project_there_are_no_such_pages(empty: Server) -> None:
    assert empty.client.get("/app/").status_code == 404


# -- the token -------------------------------------------------------------------------------------


@pytest.fixture
def guarded(database: Path) -> Iterator[Server]:
    yield from serve(database, ApiSettings(token="s3cret", access_log=False))


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/version", "/health/live", "/health/ready"])
def test_what_tells_nothing_of_the_processes_is_open(guarded: Server, path: str) -> None:
    assert guarded.client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/metrics", "/api/v1/tasks", "/domo/workflow/v1/models"])
def test_the_rest_needs_the_token(guarded: Server, path: str) -> None:
    assert guarded.client.get(path).status_code == 401
    reply = guarded.client.get(path, headers={"X-DOMO-DEVELOPER-TOKEN": "s3cret"})
    assert reply.status_code == 200
