"""`penstock start`, `ps`, `inspect` and `cancel`, against a real server."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from .conftest import Run

pytestmark = pytest.mark.usefixtures("server")


def test_a_start_that_waits_shows_the_variables_at_the_end(run: Run) -> None:
    ran = run("start", "hello", "-v", "name=Ada", "--wait")
    assert ran.status == 0
    assert "completed" in ran.out
    assert '"Hello, Ada!"' in ran.out


def test_a_start_without_waiting_tells_the_id(run: Run) -> None:
    started = run("start", "hello", "-v", "name=Ada", "--json")
    assert started.status == 0
    found = run("inspect", json.loads(started.out)["id"])
    assert found.status == 0
    assert "hello 1.0.0" in found.out


def test_the_same_idempotency_key_starts_one_instance(run: Run) -> None:
    command = ("start", "hello", "-v", "name=Ada", "--idempotency-key", "once", "--json")
    first, second = run(*command), run(*command)
    assert json.loads(first.out)["id"] == json.loads(second.out)["id"]


def test_variables_come_from_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text('{"name": "Grace"}', encoding="utf-8")
    ran = run("start", "hello", "-v", "@order.json", "--wait", "--json")
    assert json.loads(ran.out)["instance"]["variables"]["greeting"] == "Hello, Grace!"


def test_exact_decimals_go_there_and_back(run: Run) -> None:
    ran = run("start", "approve", "-v", "amount=12345678901234567.25", "--wait", "--json")
    assert '"amount": 12345678901234567.25' in ran.out


def test_an_instance_that_only_waits_ends_the_waiting(run: Run) -> None:
    ran = run("start", "approve", "--wait")
    assert ran.status == 0
    assert "waits at task: user task" in ran.out


def test_an_incident_is_told_and_is_a_failure(run: Run) -> None:
    ran = run("start", "broken", "--wait")
    assert ran.status == 1
    assert "active, 1 incident" in ran.out
    assert "ValueError: on purpose" in ran.out
    assert "failing.py" in ran.out, "the traceback tells where"


def test_a_wrong_parameter_is_refused(run: Run) -> None:
    ran = run("start", "hello", "-v", "name=1")
    assert ran.status == 5
    assert "name" in ran.err
    assert ran.out == ""


def test_an_unknown_alias_is_not_found(run: Run) -> None:
    ran = run("start", "helo")
    assert ran.status == 3
    assert "'helo'" in ran.err


def test_instances_are_listed_newest_first(run: Run) -> None:
    first = json.loads(run("start", "approve", "--json").out)["id"]
    second = json.loads(run("start", "approve", "--json").out)["id"]
    listed = json.loads(run("ps", "--process", "approve", "--limit", "2", "--json").out)
    assert [each["id"] for each in listed] == [second, first]
    assert second in run("ps", "--state", "active").out


def test_a_state_that_there_is_not_is_refused(run: Run) -> None:
    assert run("ps", "--state", "sleeping").status == 5


def test_the_history_is_shown_when_asked(run: Run) -> None:
    instance = json.loads(run("start", "hello", "-v", "name=Ada", "--wait", "--json").out)["instance"]["id"]
    assert "job_opened" not in run("inspect", instance).out
    assert "job_opened" in run("inspect", instance, "--history").out
    events = json.loads(run("inspect", instance, "--history", "--json").out)["history"]
    assert events[0]["event"] == "instance_started"


def test_a_cancelled_instance_is_cancelled_once(run: Run) -> None:
    instance = json.loads(run("start", "approve", "--json").out)["id"]
    cancelled = run("cancel", instance)
    assert cancelled.status == 0
    assert "cancelled" in cancelled.out
    assert run("cancel", instance).status == 5


def test_an_unknown_instance_is_not_found(run: Run) -> None:
    ran = run("inspect", "nowhere")
    assert ran.status == 3
    assert "'nowhere'" in ran.err


def test_a_wrong_token_is_told(run: Run) -> None:
    ran = run("ps", "--token", "wrong")
    assert ran.status == 4
    assert ran.err.count("\n") == 1


def test_no_server_is_one_clear_line(run: Run) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        ran = run("ps", "--server", f"http://127.0.0.1:{unused.getsockname()[1]}")
    assert ran.status == 4
    assert "no server answers" in ran.err
    assert ran.err.count("\n") == 1


def test_an_instance_is_suspended_and_resumed(run: Run) -> None:
    id = json.loads(run("start", "approve", "--json").out)["id"]
    assert "suspended" in run("suspend", id).out
    assert id in run("ps", "--state", "suspended").out
    assert run("suspend", id).status != 0
    assert json.loads(run("resume", id, "--json").out)["state"] == "active"
