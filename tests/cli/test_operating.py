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
