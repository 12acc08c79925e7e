"""Listeners over HTTP: what kind of job they are, and what becomes of a user task that they hold back."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.rest import tasks
from tests.api.conftest import Server
from tests.bpmn.models import around, extended, file_of


def listeners(kind: str, *said: tuple[str, str]) -> str:
    inner = "".join(f'<zeebe:{kind}Listener eventType="{on}" type="{type}"/>' for on, type in said)
    return f"<zeebe:{kind}Listeners>{inner}</zeebe:{kind}Listeners>"


def deploy(server: Server, element: str, own: str = "") -> None:
    body = f'<process id="p" isExecutable="true">{own}{around(element)}</process>'
    reply = server.deploy(file_of(body))
    assert reply.status_code == 200, reply.text


def lease(server: Server, type: str) -> Any:
    (job,) = server.done("/jobs/activate", {"type": type})["items"]
    return job


def complete(server: Server, type: str, **said: Any) -> Any:
    return server.done(f"/jobs/{lease(server, type)['key']}/complete", said)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that answers at once, whatever listeners are still to do."""
    monkeypatch.setattr(tasks, "WAIT_S", 0.0)


def test_the_jobs_of_listeners_say_what_they_are(empty: Server) -> None:
    words = listeners("execution", ("start", "prepare"), ("end", "tidy"))
    headers = '<zeebe:taskHeaders><zeebe:header key="tone" value="kind"/></zeebe:taskHeaders>'
    deploy(empty, extended("serviceTask", '<zeebe:taskDefinition type="work"/>' + headers + words))
    instance = empty.start("p")

    first = lease(empty, "prepare")
    assert (first["kind"], first["listener"], first["userTask"]) == ("execution_listener", "start", None)
    assert first["headers"] == {"tone": "kind"}
    empty.done(f"/jobs/{first['key']}/complete", {"variables": {"a": 1}})
    work = lease(empty, "work")
    assert (work["kind"], work["listener"], work["variables"]) == ("task", None, {"a": 1})
    empty.done(f"/jobs/{work['key']}/complete", {"variables": {"b": 2}})
    last = lease(empty, "tidy")
    assert (last["listener"], last["variables"]) == ("end", {"a": 1, "b": 2})
    assert len({it["idempotencyKey"] for it in (first, work, last)}) == 3
    empty.done(f"/jobs/{last['key']}/complete", {"variables": {"c": 3}})

    ended = empty.get(f"/process-instances/{instance['id']}")
    assert (ended["state"], ended["variables"]) == ("completed", {"b": 2, "c": 3})
    words = [it["event"] for it in empty.get(f"/process-instances/{instance['id']}/history")["items"]]
    assert words.count("listener_completed") == 2


def test_a_process_runs_its_listeners_first_and_last(empty: Server) -> None:
    words = listeners("execution", ("start", "open"), ("end", "close"))
    deploy(empty, '<task id="x"/>', f"<extensionElements>{words}</extensionElements>")
    instance = empty.start("p", n=1)

    job = lease(empty, "open")
    assert (job["element"], job["variables"]) == ("p", {"n": 1})
    empty.done(f"/jobs/{job['key']}/complete", {"variables": {"m": 2}})
    complete(empty, "close")

    assert empty.get(f"/process-instances/{instance['id']}")["state"] == "completed"


def ask(server: Server, *said: tuple[str, str], assigned: str = "") -> tuple[Any, str]:
    """Start an instance with a user task that has these listeners, and give it with the task's id."""
    words = f'<zeebe:assignmentDefinition assignee="{assigned}"/>' if assigned else ""
    deploy(server, extended("userTask", words + listeners("task", *said)))
    instance = server.start("p")
    (task,) = server.get("/tasks", processInstance=instance["id"])["items"]
    return instance, task["id"]


def test_a_task_that_is_being_created_is_open_when_its_listener_is_done(empty: Server) -> None:
    _, task = ask(empty, ("creating", "triage"))
    assert empty.get(f"/tasks/{task}")["state"] == "creating"
    assert empty.get("/tasks", state="open")["items"] == []
    refused = empty.post(f"/tasks/{task}/complete", {})
    assert (refused.status_code, "creating" in refused.text) == (409, True)

    job = lease(empty, "triage")
    assert job["userTask"] == {
        "id": task,
        "assignee": None,
        "candidateUsers": [],
        "candidateGroups": [],
        "dueAt": None,
        "followUpAt": None,
        "priority": 50,
        "changes": [],
    }
    corrections = {"priority": 80, "candidateGroups": ["board"], "dueAt": "2026-01-01T00:00:00Z"}
    empty.done(f"/jobs/{job['key']}/complete", {"corrections": corrections})

    found = empty.get(f"/tasks/{task}")
    assert (found["state"], found["changing"], found["priority"]) == ("open", None, 80)
    assert (found["candidateGroups"], found["dueAt"]) == (["board"], "2026-01-01T00:00:00.000Z")
    assert [it["id"] for it in empty.get("/tasks", candidateGroup="board")["items"]] == [task]


@pytest.mark.usefixtures("impatient")
def test_a_change_that_listeners_hold_back_for_long_is_answered_with_202(empty: Server) -> None:
    _, task = ask(empty, ("assigning", "notify"))

    reply = empty.post(f"/tasks/{task}/assign", {"user": "ann"})

    assert (reply.status_code, reply.json()["changing"], reply.json()["assignee"]) == (202, "assigning", None)
    job = lease(empty, "notify")
    assert (job["userTask"]["assignee"], job["userTask"]["changes"]) == ("ann", ["assignee"])
    empty.done(f"/jobs/{job['key']}/complete", {})
    assert empty.get(f"/tasks/{task}")["assignee"] == "ann"


@pytest.mark.usefixtures("impatient")
def test_a_change_that_is_denied_leaves_the_task_as_it_was(empty: Server) -> None:
    _, task = ask(empty, ("completing", "check"), ("updating", "note"))
    before = empty.get(f"/tasks/{task}")

    empty.post(f"/tasks/{task}/complete", {"variables": {"ok": True}})
    job = lease(empty, "check")
    assert job["variables"] == {"ok": True}
    empty.done(f"/jobs/{job['key']}/complete", {"denied": "two must sign"})
    empty.post(f"/tasks/{task}/update", {"priority": 3})
    complete(empty, "note", denied="it is urgent")

    assert empty.get(f"/tasks/{task}") == before
    happened = empty.get(f"/process-instances/{before['processInstance']}/history")["items"]
    (first, _) = [it["data"] for it in happened if it["event"] == "task_change_denied"]
    assert (first["listener"], first["reason"]) == ("completing", "two must sign")


def test_attributes_of_a_task_are_changed_and_cleared(empty: Server) -> None:
    _, task = ask(empty)
    said = {"priority": 9, "dueAt": "2026-01-01T00:00:00Z", "candidateUsers": ["ann"]}
    changed = empty.done(f"/tasks/{task}/update", said)
    assert (changed["priority"], changed["candidateUsers"]) == (9, ["ann"])
    assert changed["dueAt"] == "2026-01-01T00:00:00.000Z"

    assert empty.done(f"/tasks/{task}/update", {"dueAt": ""})["dueAt"] is None
    assert empty.post(f"/tasks/{task}/update", {"dueAt": "soon"}).status_code == 400
    assert empty.post(f"/tasks/{task}/update", {"priority": 101}).status_code == 400


def test_only_a_task_listener_may_correct_or_deny(empty: Server) -> None:
    deploy(empty, extended("serviceTask", '<zeebe:taskDefinition type="work"/>'))
    empty.start("p")
    job = lease(empty, "work")

    assert empty.post(f"/jobs/{job['key']}/complete", {"denied": "no"}).status_code == 400
    assert empty.post(f"/jobs/{job['key']}/complete", {"corrections": {"size": 1}}).status_code == 400


def test_an_error_that_a_listener_throws_is_an_incident(empty: Server) -> None:
    deploy(empty, extended("task", listeners("execution", ("start", "prepare"))))
    instance = empty.start("p")

    empty.done(f"/jobs/{lease(empty, 'prepare')['key']}/error", {"code": "BAD"})

    (incident,) = empty.get("/incidents", processInstance=instance["id"])["items"]
    assert (incident["type"], incident["element"]) == ("listener", "x")
    empty.done(f"/incidents/{incident['key']}/resolve", {})
    assert complete(empty, "prepare")["state"] == "completed"
