"""Each example does what its README says: its commands are carried out in their order, then its tasks."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from penstock.api.domo.aliases import put_manifest
from penstock.api.settings import ApiSettings
from penstock.project import Project, mappings, open_project, sources
from tests.api.conftest import Server, serve
from tests.journeys.server import eventually

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(file.parent.name for file in (ROOT / "examples").glob("*/README.md"))
_BLOCK = re.compile(r"^```\n(.*?)^```", re.DOTALL | re.MULTILINE)
_ADDRESS = "http://127.0.0.1:8080"


def commands(readme: str) -> Iterator[list[str]]:
    """Give the words of each command of a README."""
    for block in _BLOCK.findall(readme):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith(("curl ", "penstock ")):
                yield shlex.split(line)


@pytest.fixture
def project(request: pytest.FixtureRequest) -> Project:
    return open_project(ROOT / "examples" / request.param)


@pytest.fixture
def server(project: Project, fresh_database: Path, tmp_path: Path) -> Iterator[Server]:
    database = tmp_path / "penstock.db"
    shutil.copy(fresh_database, database)
    settings = ApiSettings(user="7", access_log=False)
    yield from serve(database, settings, test_clock=False, functions=project.functions)


def served(project: Project, server: Server) -> None:
    """Do what `penstock serve` does with the files of the project; nothing is to be said against them."""
    parts = [("file", (file.name, file.content)) for file in sources(project)]
    reply = server.client.post("/api/v1/deployments", files=parts)
    assert reply.is_success, reply.text
    assert reply.json()["findings"] == []
    assert server.client.portal is not None
    server.client.portal.call(put_manifest, server.runtime, mappings(project))


def asked(words: list[str], server: Server) -> httpx2.Response:
    """Do what a command with curl would, with TASK and INSTANCE put in, as the text around it says."""
    url = next(word for word in words if word.startswith(_ADDRESS)).removeprefix(_ADDRESS)
    if "/TASK/" in url:
        url = url.replace("TASK", eventually(lambda: tasks(server))[0]["id"])
    if "/INSTANCE/" in url:
        url = url.replace("INSTANCE", server.get("/process-instances")["items"][-1]["id"])
    if "-d" not in words:
        return server.client.get(url)
    content = words[words.index("-d") + 1]
    return server.client.post(url, content=content, headers={"Content-Type": "application/json"})


def tasks(server: Server) -> list[dict[str, Any]]:
    """Give the open tasks; where a decision is to be made, that comes first, as its README says."""
    items: list[dict[str, Any]] = server.get("/tasks", state="open")["items"]
    return sorted(items, key=lambda task: task["element"] != "Decide")


@pytest.mark.parametrize("project", EXAMPLES, indirect=True)
def test_an_example_goes_as_its_readme_says(project: Project, server: Server) -> None:
    served(project, server)
    given: dict[str, Any] = {}
    for words in commands((project.folder / "README.md").read_text("utf-8")):
        if words[0] == "curl":
            reply = asked(words, server)
            assert reply.is_success, (words, reply.text)
            if any(word.endswith("/TASK/complete") for word in words):
                given = json.loads(words[words.index("-d") + 1])

    def ended() -> bool:
        for task in tasks(server):
            server.done(f"/tasks/{task['id']}/complete", given)
        instances = server.get("/process-instances")["items"]
        assert not any(instance["incidents"] for instance in instances)
        return bool(instances) and all(instance["state"] == "completed" for instance in instances)

    eventually(ended)
