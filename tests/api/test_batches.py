"""Batches: one act for many instances, in slices, with progress, and stopped when asked."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.runtime import batches
from tests.api.conftest import Server
from tests.api.models import USER_TASK, process
from tests.api.test_operating import TWO_TASKS
from tests.bpmn.models import around, flow


def finished(server: Server, batch: Any) -> Any:
    """Let the batch come to its end, and give it."""
    server.done("/clock", {"advance": "PT0S"})
    return server.get(f"/batches/{batch['id']}")


def states(server: Server) -> list[str]:
    return [row["state"] for row in server.get("/process-instances")["items"]]


def test_a_batch_cancels_what_its_filter_finds(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SLICE", 2)
    for number in range(5):
        server.start("ask", n=number % 2)
    body = {"operation": "cancel", "filter": {"processId": "ask", "variable": ["n:0"]}}
    reply = server.post("/batches", body)
    assert reply.status_code == 201
    made = reply.json()
    assert (made["operation"], made["total"], made["createdBy"]) == ("cancel", 3, "7")
    ended = finished(server, made)
    assert (ended["state"], ended["done"], ended["rejected"]) == ("completed", 3, 0)
    assert ended["endedAt"] is not None
    assert sorted(states(server)) == ["active", "active", "cancelled", "cancelled", "cancelled"]


def test_the_history_names_who_made_the_batch(server: Server) -> None:
    started = server.start("ask")
    finished(server, server.done("/batches", {"operation": "suspend", "filter": {}}))
    history = server.get(f"/process-instances/{started['id']}/history")["items"]
    assert (history[-1]["event"], history[-1]["actor"]) == ("suspended", "7")


def test_a_batch_suspends_and_another_resumes(server: Server) -> None:
    server.start("ask")
    server.start("ask")
    finished(server, server.done("/batches", {"operation": "suspend", "filter": {}}))
    assert states(server) == ["suspended", "suspended"]
    finished(server, server.done("/batches", {"operation": "resume", "filter": {}}))
    assert states(server) == ["active", "active"]


def test_a_batch_retries_incidents_with_variables_put_right(server: Server) -> None:
    gateway = (
        '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="x"/><exclusiveGateway id="x"/>'
        '<sequenceFlow id="g" sourceRef="x" targetRef="e"><conditionExpression>=go</conditionExpression>'
        '</sequenceFlow><endEvent id="e"/>'
    )
    server.deploy(process("gate", gateway))
    for _ in range(3):
        assert server.start("gate")["incidents"] == 1
    body = {"operation": "retry", "filter": {"processId": "gate"}, "variables": {"go": True}}
    ended = finished(server, server.done("/batches", body))
    assert (ended["total"], ended["done"]) == (3, 3)
    assert states(server) == ["completed"] * 3


def test_a_batch_migrates_and_counts_what_could_not_be(server: Server) -> None:
    server.start("ask")
    server.deploy(process("ask", USER_TASK, tag="2.0.0"))
    server.deploy(process("other", around('<manualTask id="m"/>').replace('"x"', '"m"')))
    body = {"operation": "migrate", "filter": {"processId": "ask"}, "definitionKey": "ask:2.0.0"}
    assert finished(server, server.done("/batches", body))["done"] == 1
    wrong = finished(server, server.done("/batches", {**body, "definitionKey": "other:1.0.0"}))
    assert (wrong["state"], wrong["done"], wrong["rejected"]) == ("completed", 0, 1)


def test_a_batch_puts_all_incidents_of_an_instance_right_at_once(empty: Server) -> None:
    gateways = "".join(
        f'{flow("s", id)}<exclusiveGateway id="{id}"/>'
        f'<sequenceFlow id="{id}_e" sourceRef="{id}" targetRef="e">'
        "<conditionExpression>=go</conditionExpression></sequenceFlow>"
        for id in ("a", "b")
    )
    empty.deploy(process("two", f'<startEvent id="s"/>{gateways}<endEvent id="e"/>'))
    started = empty.start("two")
    assert started["incidents"] == 2
    body = {"operation": "retry", "filter": {"processId": "two"}, "variables": {"go": True}}
    ended = finished(empty, empty.done("/batches", body))
    assert (ended["total"], ended["done"], ended["rejected"]) == (1, 1, 0)
    assert empty.get(f"/process-instances/{started['id']}")["state"] == "completed"


def test_a_batch_modifies_and_counts_what_is_somewhere_else(empty: Server) -> None:
    empty.deploy(process("two", TWO_TASKS))
    first, second = empty.start("two"), empty.start("two")
    empty.done(f"/tasks/{empty.wait_for(second, 'user_task')}/complete", {})
    body = {
        "operation": "modify",
        "filter": {"processId": "two"},
        "activate": [{"element": "b", "variables": {"why": "skipped"}}],
        "terminate": [{"element": "a"}],
    }
    ended = finished(empty, empty.done("/batches", body))
    assert (ended["state"], ended["done"], ended["rejected"]) == ("completed", 1, 1)
    assert empty.get(f"/process-instances/{first['id']}")["variables"] == {"why": "skipped"}
    for instance in (first, second):
        (wait,) = empty.get(f"/process-instances/{instance['id']}/waiting")
        assert wait["element"] == "b"


def test_a_batch_starts_anew_what_has_ended(empty: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SLICE", 2)
    empty.deploy(process("two", TWO_TASKS))
    ended = [empty.start("two", n=number, m=0) for number in range(3)]
    for instance in ended:
        empty.done(f"/process-instances/{instance['id']}/cancel")
    running = empty.start("two")
    body = {"operation": "restart", "filter": {"processId": "two"}, "element": "b", "variables": {"m": 1}}
    done = finished(empty, empty.done("/batches", body))
    assert (done["state"], done["total"], done["done"], done["rejected"]) == ("completed", 3, 3, 0)
    new = empty.get("/process-instances", state="active")["items"]
    assert {row["variables"].get("n") for row in new if row["id"] != running["id"]} == {0, 1, 2}
    assert all(row["variables"]["m"] == 1 for row in new if row["id"] != running["id"])
    tasks = empty.get("/tasks", state="open", element="b")["items"]
    assert len(tasks) == 3
    wrong = finished(empty, empty.done("/batches", {**body, "element": "none"}))
    assert (wrong["done"], wrong["rejected"]) == (0, 3)


def test_an_instance_that_starts_later_is_not_part_of_a_batch(server: Server) -> None:
    made = server.done("/batches", {"operation": "cancel", "filter": {"processId": "ask"}})
    assert finished(server, made)["total"] == 0
    server.done("/clock", {"advance": "PT1S"})
    server.start("ask")
    server.done("/clock", {"advance": "PT1S"})
    assert states(server) == ["active"]


def test_a_batch_that_has_ended_cannot_be_stopped(server: Server) -> None:
    made = server.done("/batches", {"operation": "cancel", "filter": {}})
    finished(server, made)
    assert server.post(f"/batches/{made['id']}/stop").status_code == 409
    assert server.post("/batches/none/stop").status_code == 404
    assert server.client.get("/api/v1/batches/none").status_code == 404


def test_a_batch_is_made_once_under_its_key(server: Server) -> None:
    body = {"operation": "cancel", "filter": {"processId": "ask"}}
    first, second = (server.post("/batches", body, key="once").json() for _ in range(2))
    assert first["id"] == second["id"]
    assert server.post("/batches", {**body, "operation": "suspend"}, key="once").status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {"operation": "cancel"},
        {"operation": "delete", "filter": {}},
        {"operation": "cancel", "filter": {}, "retries": 2},
        {"operation": "cancel", "filter": {}, "mapping": {"a": "b"}},
        {"operation": "migrate", "filter": {}},
        {"operation": "cancel", "filter": {}, "definitionKey": "ask:1.0.0"},
        {"operation": "cancel", "filter": {"variable": ["n"]}},
        {"operation": "modify", "filter": {}},
        {"operation": "modify", "filter": {}, "activate": [{"element": "x", "scope": 3}]},
        {"operation": "modify", "filter": {}, "terminate": [{"elementInstance": 3}]},
        {"operation": "cancel", "filter": {}, "variables": {"a": 1}},
        {"operation": "retry", "filter": {}, "element": "x"},
    ],
)
def test_a_batch_that_contradicts_itself_is_refused(server: Server, body: Any) -> None:
    assert server.post("/batches", body).status_code == 400
