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


def test_a_batch_says_why_it_was_refused_for_which_instance(empty: Server) -> None:
    empty.deploy(process("two", TWO_TASKS))
    first, second = empty.start("two"), empty.start("two")
    empty.done(f"/tasks/{empty.wait_for(second, 'user_task')}/complete", {})
    body = {
        "operation": "modify",
        "filter": {},
        "terminate": [{"element": "a"}],
        "activate": [{"element": "b"}],
    }
    batch = finished(empty, empty.done("/batches", body))
    page = empty.get(f"/batches/{batch['id']}/results", limit=1)
    rest = empty.get(f"/batches/{batch['id']}/results", limit=1, cursor=page["cursor"])
    assert rest["cursor"] is None
    results = {it["processInstance"]: it for it in page["items"] + rest["items"]}
    assert results[first["id"]]["outcome"] == "done"
    refused = results[second["id"]]
    assert refused["message"] == f"no element instance of '{second['id']}' is active at 'a'"
    assert empty.get(f"/batches/{batch['id']}/results", outcome="rejected")["items"] == [refused]
    assert empty.client.get("/api/v1/batches/none/results").status_code == 404


def test_a_restart_by_a_batch_names_the_instances_that_it_started(server: Server) -> None:
    ended = server.start("ask")
    server.done(f"/process-instances/{ended['id']}/cancel")
    batch = finished(server, server.done("/batches", {"operation": "restart", "filter": {}}))
    (result,) = server.get(f"/batches/{batch['id']}/results")["items"]
    assert (result["processInstance"], result["outcome"]) == (ended["id"], "done")
    assert server.get(f"/process-instances/{result['started']}")["state"] == "active"


def test_a_preview_counts_and_tries_and_changes_nothing(server: Server) -> None:
    first, second = server.start("ask", n=1), server.start("ask", n=1)
    server.deploy(process("ask", USER_TASK.replace('id="x"', 'id="y"').replace('"x"', '"y"'), tag="2.0.0"))
    server.done(f"/tasks/{server.wait_for(first, 'user_task')}/complete", {})
    body = {
        "operation": "migrate",
        "filter": {"processId": "ask", "variable": ["n:1"], "state": ["active", "completed"]},
        "definitionKey": "ask:2.0.0",
    }
    before = server.get(f"/process-instances/{second['id']}/history")
    found = server.done("/batches/preview", body)
    assert (found["total"], found["tried"]) == (2, 2)
    why = {it["processInstance"]: it["message"] for it in found["refusals"]}
    assert why[first["id"]] == f"process instance '{first['id']}' is completed"
    assert why[second["id"]].startswith("cannot migrate: 'x' is active, and the new definition has no 'x'")
    assert server.get(f"/process-instances/{second['id']}/history") == before
    assert server.done("/batches/preview", {**body, "mapping": {"x": "y"}})["refusals"] == [
        {"processInstance": first["id"], "message": why[first["id"]]}
    ]
    restart = {"operation": "restart", "filter": {"processId": "ask"}, "element": "none"}
    (refusal,) = server.done("/batches/preview", restart)["refusals"]
    assert "has no element 'none'" in refusal["message"]
    assert server.get("/batches")["items"] == []
    assert server.post("/batches/preview", {"operation": "migrate", "filter": {}}).status_code == 400


def test_instances_are_found_by_where_and_why_they_cannot_go_on(empty: Server) -> None:
    for id, variable in (("one", "=age"), ("other", "=per_cent")):
        body = (
            f'<startEvent id="s"/>{flow("s", id)}<exclusiveGateway id="{id}"/>{flow(id, "e", variable)}'
            '<endEvent id="e"/>'
        )
        assert empty.deploy(process(f"p_{id}", body)).is_success
    one, other = empty.start("p_one"), empty.start("p_other")

    def found(**query: Any) -> set[str]:
        listed = {row["id"] for row in empty.get("/process-instances", **query)["items"]}
        preview = empty.done("/batches/preview", {"operation": "retry", "filter": query})
        assert preview["total"] == len(listed)
        return listed

    assert found(incidentElement="one") == {one["id"]}
    (incident,) = empty.get("/incidents", processInstance=one["id"])["items"]
    says = incident["message"][3:30].upper()
    assert found(incidentMessage=says, incidentElement="one") == {one["id"]}
    assert found(incidentMessage=says, incidentElement="s") == set()
    assert found(incidentMessage="100%_") == set()
    assert found(incidentElement="other", processId="p_other", startedUntil="2030-01-01T00:00:00Z") == {
        other["id"]
    }


def test_batches_are_listed_the_newest_first(server: Server) -> None:
    first = server.done("/batches", {"operation": "cancel", "filter": {}})
    finished(server, first)
    server.done("/clock", {"advance": "PT1S"})
    second = server.done("/batches", {"operation": "suspend", "filter": {}})
    page = server.get("/batches", limit=1)
    assert [it["id"] for it in page["items"]] == [second["id"]]
    rest = server.get("/batches", limit=1, cursor=page["cursor"])
    assert [it["id"] for it in rest["items"]] == [first["id"]]
    assert server.get("/batches", state="stopped")["items"] == []


def test_a_batch_deals_with_the_instances_that_it_names_and_no_others(server: Server) -> None:
    first, second, third = (server.start("ask")["id"] for _ in range(3))
    server.done(f"/process-instances/{second}/cancel")
    body = {"operation": "suspend", "filter": {"ids": [first, second, first]}}

    seen = server.done("/batches/preview", body)
    assert (seen["total"], [it["processInstance"] for it in seen["refusals"]]) == (2, [second])
    ended = finished(server, server.done("/batches", body))

    assert (ended["total"], ended["done"], ended["rejected"]) == (2, 1, 1)
    found = {it["processInstance"]: it for it in server.get(f"/batches/{ended['id']}/results")["items"]}
    assert (found[first]["outcome"], found[second]["outcome"]) == ("done", "rejected")
    assert "is cancelled" in found[second]["message"]
    assert server.get(f"/process-instances/{third}")["state"] == "active"


def test_what_a_batch_names_meets_its_other_conditions_too(server: Server) -> None:
    ids = [server.start("ask", n=number)["id"] for number in range(2)]
    body = {"operation": "cancel", "filter": {"ids": ids, "variable": ["n:1"]}}
    assert finished(server, server.done("/batches", body))["done"] == 1
    assert server.get(f"/process-instances/{ids[0]}")["state"] == "active"


def test_only_what_has_ended_of_the_named_is_restarted(server: Server) -> None:
    ids = [server.start("ask")["id"] for _ in range(2)]
    server.done(f"/process-instances/{ids[0]}/cancel")
    batch = server.done("/batches", {"operation": "restart", "filter": {"ids": ids}})
    assert finished(server, batch)["done"] == 1


def test_a_batch_that_names_what_is_not_there_changes_nothing(server: Server) -> None:
    known = server.start("ask")["id"]
    for path in ("/batches", "/batches/preview"):
        reply = server.post(path, {"operation": "cancel", "filter": {"ids": [known, "none"]}})
        assert (reply.status_code, "'none'" in reply.text, known in reply.text) == (404, True, False)
    many = server.post("/batches", {"operation": "cancel", "filter": {"ids": [known] * 1001}})
    assert many.status_code == 400
    assert states(server) == ["active"]
