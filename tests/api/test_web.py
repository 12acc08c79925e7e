"""The built web application, as the server hands it out."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.api.settings import ApiSettings
from tests.api.conftest import Server, serve

SCRIPT = "console.log('Penstock');" * 100


@pytest.fixture
def web(database: Path, tmp_path: Path) -> Iterator[Server]:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text("<div id=app></div>")
    (tmp_path / "secret.js").write_text("secret")
    (assets / "app-1a2b.js").write_text(SCRIPT)
    (assets / "app-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    yield from serve(database, ApiSettings(web_folder=tmp_path, access_log=False))


@pytest.mark.parametrize(
    "path", ["/", "/instances", "/instances/some-id", "/insights", "/settings", "/tasks"]
)
def test_every_page_is_the_one_document_which_is_asked_for_anew(web: Server, path: str) -> None:
    reply = web.client.get(path)
    assert reply.text == "<div id=app></div>"
    assert reply.headers["cache-control"] == "no-cache"
    assert "unsafe" not in reply.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/no/such/page", "/api/v1/no-such-call", "/assets/gone.js"])
def test_what_is_no_page_is_not_found(web: Server, path: str) -> None:
    assert web.client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/metrics", "/openapi.json", "/version", "/api/v1/processes"])
def test_no_page_hides_what_the_server_answers_itself(web: Server, path: str) -> None:
    reply = web.client.get(path)
    assert reply.status_code == 200
    assert "id=app" not in reply.text


def test_an_asset_is_kept_for_good_and_comes_as_the_browser_takes_it(web: Server) -> None:
    for coding in ("gzip", "identity"):
        reply = web.client.get("/assets/app-1a2b.js", headers={"Accept-Encoding": coding})
        assert reply.text == SCRIPT
        assert reply.headers.get("content-encoding", "identity") == coding
        assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert reply.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("path", ["/assets/..%2fsecret.js", "/assets/%2e%2e/secret.js"])
def test_nothing_beside_the_assets_is_an_asset(web: Server, path: str) -> None:
    assert web.client.get(path).status_code == 404
