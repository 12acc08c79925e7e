"""Batches from the command line, against a real server."""

from __future__ import annotations

import json

import pytest

from .conftest import Run
from .test_operating import begun

pytestmark = pytest.mark.usefixtures("server")


def test_a_batch_is_looked_at_before_and_says_afterwards_what_it_came_to(run: Run) -> None:
    first, second = (begun(run, "approve", "-v", "a=7", "-v", f"b={number}") for number in (1, 2))
    run("suspend", first)
    wanted = ("--process", "approve", "--where", "a:7", "--state", "active", "--state", "suspended")
    dry = run("batch", "start", "suspend", *wanted, "--dry-run")
    assert (dry.status, dry.out.splitlines()[0]) == (0, "2 found, 1 refused of the 2 tried")
    ended = run("batch", "start", "suspend", *wanted, "--wait", "--json")
    batch = json.loads(ended.out)
    assert (ended.status, batch["state"], batch["done"], batch["rejected"]) == (5, "completed", 1, 1)
    shown = run("batch", "show", batch["id"]).out
    assert f"{first}  rejected  process instance '{first}' is suspended" in shown
    assert second not in shown
    assert f"{second}  done" in run("batch", "show", batch["id"], "--results").out
    assert batch["id"] in run("batch", "list", "--state", "completed").out


def test_a_batch_starts_anew_and_names_what_it_started(run: Run) -> None:
    id = begun(run, "approve", "-v", "a=8", "-v", "b=1")
    run("cancel", id)
    wanted = ("--where", "a:8", "--at", "task", "-v", "b=2")
    batch = json.loads(run("batch", "start", "restart", *wanted, "--wait", "--json").out)
    (result,) = json.loads(run("batch", "show", batch["id"], "--results", "--json").out)["results"]
    again = json.loads(run("inspect", result["started"], "--json").out)["instance"]
    assert (again["state"], again["variables"]) == ("active", {"a": 8, "b": 2})


def test_a_batch_that_has_ended_cannot_be_stopped_and_one_needs_a_condition(run: Run) -> None:
    batch = json.loads(run("batch", "start", "cancel", "--where", "a:none", "--wait", "--json").out)
    assert (batch["state"], batch["total"]) == ("completed", 0)
    assert run("batch", "stop", batch["id"]).status == 5
    assert run("batch", "show", "none").status == 3
    assert run("batch", "start", "cancel").status == 2
    assert run("batch", "start", "delete", "--all").status == 5
    assert run("batch", "start", "cancel", "--all", "--tries", "2").status == 5


def test_a_batch_is_for_the_instances_that_are_named(run: Run) -> None:
    first, second, other = (begun(run, "approve", "-v", "a=9", "-v", "b=1") for _ in range(3))
    ended = run("batch", "start", "cancel", "--instance", first, "--instance", second, "--wait", "--json")
    assert (ended.status, json.loads(ended.out)["done"]) == (0, 2)
    assert json.loads(run("inspect", other, "--json").out)["instance"]["state"] == "active"
    assert run("batch", "start", "cancel", "--instance", "none").status == 3
