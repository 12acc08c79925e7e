"""What an operator does in an instance, from the command line, against a real server."""

from __future__ import annotations

import json

import pytest

from .conftest import Run

pytestmark = pytest.mark.usefixtures("server")


def begun(run: Run, alias: str, *more: str) -> str:
    """Start an instance and give its id."""
    id: str = json.loads(run("start", alias, *more, "--json").out)["id"]
    return id


def test_an_ad_hoc_activity_is_shown_and_begun(run: Run) -> None:
    id = begun(run, "case")
    assert "waits at task: ad hoc, may begin: call, note" in run("inspect", id).out
    assert run("trigger", id, "call", "-v", "whom=Ada").status == 0
    assert "waits at call: user task" in run("inspect", id).out
    assert run("trigger", id, "none").status == 3
    refused = run("trigger", id, "start")
    assert (refused.status, refused.err.count("\n")) == (5, 1)


def test_tokens_are_moved_and_what_cannot_be_is_refused(run: Run) -> None:
    id = begun(run, "approve")
    assert run("modify", id).status == 5
    assert run("modify", id, "--activate", "none").status == 3
    assert run("modify", id, "--activate", "end", "--terminate", "task", "-v", "by=1").status == 0
    assert "completed" in run("inspect", id).out
    assert run("modify", id, "--activate", "task").status == 5


def test_an_ended_instance_is_started_anew_and_a_running_one_is_not(run: Run) -> None:
    id = begun(run, "approve", "-v", "a=1", "-v", "b=1")
    assert run("restart", id).status == 5
    run("cancel", id)
    assert run("restart", id, "--at", "none").status == 3
    again = json.loads(run("restart", id, "--at", "task", "-v", "b=2", "--json").out)
    assert (again["state"], again["variables"]) == ("active", {"a": 1, "b": 2})


def test_an_incident_tries_again_with_variables_put_right(run: Run) -> None:
    run("start", "broken", "--wait")
    found = json.loads(run("ps", "--process", "broken", "--limit", "1", "--json").out)
    (incident,) = json.loads(run("inspect", found[0]["id"], "--json").out)["incidents"]
    assert run("retry", incident["key"], "--tries", "2", "-v", "fixed=true").status == 0
    assert run("retry", incident["key"]).status == 3
    assert '"fixed": true' in run("inspect", found[0]["id"], "--json").out


def test_a_migration_says_what_is_in_the_way(run: Run) -> None:
    id = begun(run, "approve")
    assert run("migrate", id, "approve:9.9.9").status == 3
    key = json.loads(run("inspect", id, "--json").out)["instance"]["definitionKey"]
    assert run("migrate", id, key, "--map", "task").status == 2
    dry = run("migrate", id, key, "--dry-run", "--map", "none=task")
    assert (dry.status, "unknown-element" in dry.out) == (5, True)
    assert run("migrate", id, key).status == 0
