"""User tasks: found, claimed, assigned, completed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import NOW, Server
from tests.bpmn.models import around, process_of


@pytest.fixture
def task(server: Server) -> str:
    """The id of a task that is open and nobody's."""
    key: str = server.wait_for(server.start("ask", amount=5), "user_task")
    return key


def found(server: Server, **query: str) -> list[str]:
    return [row["id"] for row in server.get("/tasks", **query)["items"]]


def test_a_task_tells_whose_it_may_be_and_what_it_sees(server: Server) -> None:
    instance = server.start("ask", clerk="anna", amount=5)
    id = server.wait_for(instance, "user_task")
    assert server.get(f"/tasks/{id}") == {
        "id": id,
        "name": "Approve",
        "element": "x",
        "processInstance": instance["id"],
        "state": "open",
        "assignee": "anna",
        "candidateUsers": [],
        "candidateGroups": ["office", "board"],
        "createdAt": NOW,
        "dueAt": None,
        "followUpAt": None,
        "priority": 50,
        "form": None,
        "changing": None,
        "variables": {"clerk": "anna", "amount": 5},
    }
    assert server.get("/tasks")["items"] == [server.get(f"/tasks/{id}")]


def test_tasks_are_found_by_what_they_are(server: Server) -> None:
    first = server.start("ask", clerk="anna")
    id = server.wait_for(first, "user_task")
    server.start("ask", clerk="bob")
    other = server.start("ask")
    server.done(f"/process-instances/{other['id']}/cancel")
    assert found(server, assignee="anna") == [id]
    assert found(server, processInstance=first["id"]) == [id]
    assert len(found(server, state="open")) == 2
    assert len(found(server, state="cancelled")) == 1
    assert len(found(server, candidateGroup="board")) == 3
    assert found(server, candidateGroup="boar") == []
    assert len(server.client.get("/api/v1/tasks?candidateGroup=x&candidateGroup=office").json()["items"]) == 3
    assert len(found(server, assigned="true", state="open")) == 2
    assert found(server, assigned="false", state="open") == []
    assert found(server, candidateUser="anna") == []
    assert len(found(server, element="x", name="Approve")) == 3
    assert found(server, name="Reject") == []


def test_tasks_that_are_late_are_found(empty: Server) -> None:
    due = '<zeebe:taskSchedule dueDate="=at"/>'
    task = f'<userTask id="x"><extensionElements>{due}</extensionElements></userTask>'
    empty.deploy(process_of(around(task)))
    late = empty.wait_for(empty.start("p", at="2023-11-14T22:00:00Z"), "user_task")
    empty.start("p", at="2023-11-14T23:00:00Z")
    assert found(empty, dueBefore=NOW) == [late]
    reply = empty.client.get("/api/v1/tasks?dueBefore=soon")
    assert (reply.status_code, "dueBefore" in reply.json()["message"]) == (400, True)


def test_tasks_come_in_pages(server: Server) -> None:
    for _ in range(3):
        server.start("ask")
    first = server.get("/tasks", limit="2")
    rest = server.get("/tasks", limit="2", cursor=first["cursor"])
    assert len({row["id"] for row in first["items"] + rest["items"]}) == 3
    assert rest["cursor"] is None


def test_a_task_is_claimed_by_one(server: Server, task: str) -> None:
    assert server.done(f"/tasks/{task}/claim", {"user": "anna"})["assignee"] == "anna"
    reply = server.post(f"/tasks/{task}/claim", {"user": "bob"})
    assert reply.status_code == 409
    assert "anna" in reply.json()["message"]
    assert server.post(f"/tasks/{task}/claim", {"user": "anna"}).status_code == 200


def test_a_task_is_given_to_somebody_else_and_to_nobody(server: Server, task: str) -> None:
    server.done(f"/tasks/{task}/claim", {"user": "anna"})
    assert server.done(f"/tasks/{task}/assign", {"user": "bob"})["assignee"] == "bob"
    assert server.done(f"/tasks/{task}/assign", {"user": None})["assignee"] is None


@pytest.mark.parametrize("body", [{}, {"user": ""}, {"user": 7}])
def test_whoever_claims_has_to_be_named(server: Server, task: str, body: Any) -> None:
    reply = server.post(f"/tasks/{task}/claim", body)
    assert reply.status_code == 400
    assert "`user`" in reply.json()["message"]


def test_a_completed_task_lets_the_instance_go_on(server: Server, task: str) -> None:
    done = server.done(f"/tasks/{task}/complete", {"variables": {"ok": True, "on": {"@date": "2030-01-31"}}})
    assert done["state"] == "completed"
    assert done["variables"] is None
    instance = server.get(f"/process-instances/{done['processInstance']}", typed="true")
    assert instance["state"] == "completed"
    assert instance["variables"] == {"amount": 5, "ok": True, "on": {"@date": "2030-01-31"}}


def test_a_task_is_completed_without_variables_too(server: Server, task: str) -> None:
    assert server.client.post(f"/api/v1/tasks/{task}/complete").json()["state"] == "completed"


def test_a_task_is_completed_once(server: Server, task: str) -> None:
    server.done(f"/tasks/{task}/complete")
    for act, body in (("complete", {}), ("claim", {"user": "a"}), ("assign", {"user": "a"})):
        reply = server.post(f"/tasks/{task}/{act}", body)
        assert reply.status_code == 409
        assert "completed already" in reply.json()["message"]


def test_a_completion_under_a_key_may_be_sent_again(server: Server, task: str) -> None:
    first, second = (server.post(f"/tasks/{task}/complete", {}, key="k") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()


def test_another_completion_under_the_same_key_is_refused(server: Server, task: str) -> None:
    server.post(f"/tasks/{task}/complete", {}, key="k")
    reply = server.post(f"/tasks/{task}/complete", {"variables": {"ok": True}}, key="k")
    assert reply.status_code == 409
    assert "'k'" in reply.json()["message"]


@pytest.mark.parametrize("id", ["nix", "nix.1", "nix.x", ".1", "nix.99999999999999999999", "nix.-1", "nix.²"])
def test_an_unknown_task_is_named(server: Server, id: str) -> None:
    for reply in (server.client.get(f"/api/v1/tasks/{id}"), server.post(f"/tasks/{id}/complete")):
        assert reply.status_code == 404
        assert f"user task '{id}'" in reply.json()["message"]


def test_a_bad_state_is_refused_with_the_good_ones(server: Server) -> None:
    reply = server.client.get("/api/v1/tasks?state=oepn")
    assert reply.status_code == 400
    assert "'open', 'completed', 'cancelled'" in reply.json()["message"]
