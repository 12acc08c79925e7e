"""Half-done tasks over HTTP: saved, found by others, and gone with the task."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import NOW, Server


@pytest.fixture
def path(server: Server) -> str:
    """The path of a task that is open and nobody's."""
    return f"/tasks/{server.wait_for(server.start('ask', amount=5), 'user_task')}"


def saved(server: Server, path: str, revision: int = 0, **fields: Any) -> Any:
    body = {"variables": {"amount": 7}, "revision": revision, **fields}
    return server.client.put(f"/api/v1{path}/draft", json=body)


def test_what_was_entered_is_saved_as_it_is_and_found_by_others(server: Server, path: str) -> None:
    assert server.get(f"{path}/draft") == {"revision": 0, "variables": {}, "savedBy": None, "savedAt": None}
    entered = {"amount": 7, "day": {"@date": "2030-01-31"}}
    saved(server, path, variables=entered, user="anna")
    draft = server.get(f"{path}/draft", typed="true")
    assert draft == {"revision": 1, "variables": entered, "savedBy": "anna", "savedAt": NOW}
    assert server.get(path)["variables"] == {"amount": 5}


def test_what_is_older_is_a_conflict_and_changes_nothing(server: Server, path: str) -> None:
    saved(server, path)
    late = saved(server, path, variables={"amount": 9})
    assert late.status_code == 409
    assert "is at revision 1 and was at 0" in late.json()["message"]
    assert server.get(f"{path}/draft")["variables"] == {"amount": 7}
    assert saved(server, path, revision=1).json()["revision"] == 2


def test_what_is_somebody_elses_takes_nothing(server: Server, path: str) -> None:
    server.done(f"{path}/claim", {"user": "anna"})
    refused = saved(server, path, user="ben")
    assert refused.status_code == 409
    assert "anna's" in refused.json()["message"]
    assert saved(server, path, user="anna").is_success


def test_it_goes_with_the_task_and_when_it_is_told_to(server: Server, path: str) -> None:
    saved(server, path)
    url = f"/api/v1{path}/draft"
    assert server.client.delete(url, params={"revision": 3}).status_code == 409
    assert server.client.delete(url, params={"revision": 1}).json()["revision"] == 0
    saved(server, path)
    server.done(f"{path}/complete", {"variables": {}})
    assert server.get(f"{path}/draft")["revision"] == 0
    assert saved(server, path).status_code == 409


def test_a_task_that_is_not_there_has_no_draft(server: Server, path: str) -> None:
    other = f"{path[:-1]}9"
    assert server.client.get(f"/api/v1{other}/draft").status_code == 404
    assert saved(server, other).status_code == 404
