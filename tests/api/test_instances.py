"""Process instances: started, found, changed, cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import NOW, Server
from tests.api.models import SCRIPT, TIMER, USER_TASK, process
from tests.bpmn.models import around

TWO_STARTS = (
    '<startEvent id="s1"/><startEvent id="s2"/><sequenceFlow id="f1" sourceRef="s1" targetRef="t"/>'
    '<sequenceFlow id="f2" sourceRef="s2" targetRef="t"/><task id="t"/>'
    '<sequenceFlow id="f3" sourceRef="t" targetRef="e"/><endEvent id="e"/>'
)


def ids(page: Any) -> list[str]:
    return [row["id"] for row in page["items"]]


# -- starting --------------------------------------------------------------------------------------


def test_an_instance_is_started(server: Server) -> None:
    body = {"processId": "ask", "businessKey": "O-1", "variables": {"clerk": "anna"}}
    reply = server.post("/process-instances", body)
    assert reply.status_code == 201
    started = reply.json()
    assert reply.headers["location"] == f"/api/v1/process-instances/{started['id']}"
    assert started == {
        "id": started["id"],
        "definitionKey": "ask:1.0.0",
        "processId": "ask",
        "version": "1.0.0",
        "businessKey": "O-1",
        "state": "active",
        "incidents": 0,
        "parentId": None,
        "startedAt": NOW,
        "endedAt": None,
        "variables": {"clerk": "anna"},
    }
    assert server.get(f"/process-instances/{started['id']}") == started


def test_waiting_for_the_end_gives_the_result(empty: Server) -> None:
    empty.deploy(process("add", SCRIPT))
    body = {"processId": "add", "variables": {"a": 1, "b": 2.5}, "wait": 10}
    ended = empty.done("/process-instances", body)
    assert ended["state"] == "completed"
    assert ended["endedAt"] == NOW
    assert ended["variables"]["sum"] == 3.5


def test_waiting_ends_where_the_instance_only_waits(server: Server) -> None:
    started = server.done("/process-instances", {"processId": "ask", "wait": 300})
    assert started["state"] == "active"


def test_a_version_can_be_asked_for(server: Server) -> None:
    server.deploy(process("ask", USER_TASK, tag="2.0.0"))
    started = server.done("/process-instances", {"processId": "ask", "version": "1.0.0"})
    assert started["version"] == "1.0.0"
    by_key = server.done("/process-instances", {"definitionKey": "ask:1.0.0"})
    assert by_key["version"] == "1.0.0"
    assert server.start("ask")["version"] == "2.0.0"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 400, "either `processId` or `definitionKey`"),
        ({"processId": "ask", "definitionKey": "ask:1.0.0"}, 400, "either `processId` or `definitionKey`"),
        ({"definitionKey": "ask:1.0.0", "version": "1.0.0"}, 400, "`version` goes with `processId`"),
        ({"processId": "nix"}, 404, "no process 'nix'"),
        ({"processId": "ask", "version": "9.9.9"}, 404, "Process 'ask' has no version '9.9.9'"),
        ({"definitionKey": "ask:9.9.9"}, 404, "no definition 'ask:9.9.9'"),
        ({"processId": "ask", "startElement": "nix"}, 404, "no start event 'nix'"),
        ({"processId": 7}, 400, "at `processId`, expected a text or null, not an integer"),
        ({"processId": "ask", "variables": [1]}, 400, "at `variables`, expected an object, not an array"),
        ({"processId": "ask", "wait": -1}, 400, "at `wait`, expected a number >= 0"),
        ({"processId": "ask", "varaibles": {}}, 400, "did you mean `variables`"),
        ({"processId": "ask", "variables": {"on": {"@date": "soon"}}}, 400, "variable `on`"),
    ],
)
def test_a_start_that_cannot_be_starts_nothing(
    server: Server, body: dict[str, Any], status: int, said: str
) -> None:
    reply = server.post("/process-instances", body)
    assert reply.status_code == status
    assert said in reply.json()["message"]
    assert server.get("/process-instances")["items"] == []


def test_one_of_several_start_events_has_to_be_named(empty: Server) -> None:
    empty.deploy(process("two", TWO_STARTS))
    reply = empty.post("/process-instances", {"processId": "two"})
    assert reply.status_code == 400
    assert "s1, s2" in reply.json()["message"]
    assert empty.post("/process-instances", {"processId": "two", "startElement": "s2"}).status_code == 201


def test_the_same_start_under_one_key_is_carried_out_once(server: Server) -> None:
    first, second = (server.post("/process-instances", {"processId": "ask"}, key="k") for _ in range(2))
    assert second.status_code == 201
    assert first.json()["id"] == second.json()["id"]
    assert len(server.get("/process-instances")["items"]) == 1


def test_another_start_under_the_same_key_is_refused(server: Server) -> None:
    server.post("/process-instances", {"processId": "ask"}, key="k")
    reply = server.post("/process-instances", {"processId": "charge"}, key="k")
    assert reply.status_code == 409
    assert "'k'" in reply.json()["message"]


# -- values ----------------------------------------------------------------------------------------


def test_temporal_values_are_shown_as_texts(server: Server) -> None:
    started = server.start("ask", on={"@date": "2030-01-31"}, span={"@duration": "PT1H"})
    assert started["variables"] == {"on": "2030-01-31", "span": "PT1H"}


def test_temporal_values_are_shown_with_their_type_when_asked(server: Server) -> None:
    id = server.start("ask", on={"@date": "2030-01-31"})["id"]
    shown = server.get(f"/process-instances/{id}", typed="true")
    assert shown["variables"] == {"on": {"@date": "2030-01-31"}}


def test_a_number_that_no_double_holds_is_shown_as_text_when_asked(server: Server) -> None:
    body = b'{"processId": "ask", "variables": {"n": 0.1234567890123456789012345, "m": 1.5}}'
    id = server.client.post("/api/v1/process-instances", content=body).json()["id"]
    path = f"/api/v1/process-instances/{id}"
    assert b'"n":0.1234567890123456789012345' in server.client.get(path).content
    shown = server.client.get(path, params={"numbers": "string"}).json()
    assert shown["variables"] == {"n": "0.1234567890123456789012345", "m": 1.5}


# -- finding ---------------------------------------------------------------------------------------


def test_instances_are_found_by_their_process_and_version(server: Server) -> None:
    asked, charged = server.start("ask")["id"], server.start("charge")["id"]
    assert ids(server.get("/process-instances", processId="ask")) == [asked]
    assert ids(server.get("/process-instances", processId="charge", version="1.0.0")) == [charged]
    assert ids(server.get("/process-instances", processId="charge", version="2.0.0")) == []


def test_instances_are_found_by_their_state(server: Server) -> None:
    waiting, failed, cancelled = (server.start("charge")["id"] for _ in range(3))
    server.done(f"/process-instances/{cancelled}/cancel")
    key = server.wait_for({"id": failed}, "job")
    server.done(f"/jobs/{key}/fail", {"message": "no", "retries": 0})
    found = server.get("/process-instances", state="active")
    assert set(ids(found)) == {waiting, failed}
    assert ids(server.get("/process-instances", state="cancelled")) == [cancelled]
    assert len(server.get("/process-instances", state=["active", "cancelled"])["items"]) == 3
    assert ids(server.get("/process-instances", incidents="true")) == [failed]
    assert ids(server.get("/process-instances", incidents="false", state="active")) == [waiting]
    assert ids(server.get("/process-instances", state="suspended")) == []


def test_instances_are_found_by_their_business_key(server: Server) -> None:
    server.start("ask")
    wanted = server.done("/process-instances", {"processId": "ask", "businessKey": "O-1"})["id"]
    assert ids(server.get("/process-instances", businessKey="O-1")) == [wanted]


@pytest.mark.parametrize("condition", ["n:1", 't:"1"', "t:1", "flag:true", "none:null", "text:plain words"])
def test_instances_are_found_by_a_variable(server: Server, condition: str) -> None:
    server.start("ask", n=2, t="2", flag=False, none=1, text="")
    wanted = server.start("ask", n=1, flag=True, none=None, text="plain words", t="1")["id"]
    found = ids(server.get("/process-instances", variable=condition))
    assert found == ([] if condition == "t:1" else [wanted])


@pytest.mark.parametrize("condition", ["n", ":1", "n:[1]"])
def test_a_condition_that_is_none_is_refused(server: Server, condition: str) -> None:
    reply = server.client.get("/api/v1/process-instances", params={"variable": condition})
    assert reply.status_code == 400
    assert "`variable`" in reply.json()["message"]


def test_instances_are_found_by_the_time_of_their_start(server: Server) -> None:
    id = server.start("ask")["id"]
    assert ids(server.get("/process-instances", startedFrom=NOW)) == [id]
    assert ids(server.get("/process-instances", startedUntil=NOW)) == []
    reply = server.client.get("/api/v1/process-instances", params={"startedFrom": "yesterday"})
    assert reply.status_code == 400
    assert "`startedFrom`" in reply.json()["message"]


def test_instances_come_in_pages_the_newest_first(server: Server) -> None:
    started = [server.start("ask")["id"] for _ in range(5)]
    seen: list[str] = []
    page = server.get("/process-instances", limit="2")
    while page["cursor"]:
        seen += ids(page)
        page = server.get("/process-instances", limit="2", cursor=page["cursor"])
    assert sorted(seen + ids(page)) == sorted(started)
    assert len(ids(page)) == 1


def test_an_unknown_instance_is_named(server: Server) -> None:
    for path in ("", "/history", "/waiting"):
        reply = server.client.get(f"/api/v1/process-instances/nix{path}")
        assert reply.status_code == 404
        assert "process instance 'nix'" in reply.json()["message"]


def test_what_nobody_can_do_is_an_unknown_path(server: Server) -> None:
    id = server.start("ask")["id"]
    assert server.post(f"/process-instances/{id}/explode").status_code == 404


# -- changing --------------------------------------------------------------------------------------


def test_variables_are_set(server: Server) -> None:
    id = server.start("ask", a=1)["id"]
    reply = server.client.put(f"/api/v1/process-instances/{id}/variables", json={"variables": {"b": 2}})
    assert reply.json()["variables"] == {"a": 1, "b": 2}


def test_variables_are_set_in_a_scope_that_is_open(server: Server) -> None:
    id = server.start("ask")["id"]
    body = {"variables": {"b": 2}, "scope": 99}
    reply = server.client.put(f"/api/v1/process-instances/{id}/variables", json=body)
    assert reply.status_code == 404
    assert "99" in reply.json()["message"]


def test_an_instance_is_cancelled(server: Server) -> None:
    id = server.start("ask")["id"]
    cancelled = server.done(f"/process-instances/{id}/cancel")
    assert (cancelled["state"], cancelled["endedAt"]) == ("cancelled", NOW)
    assert server.get(f"/process-instances/{id}/waiting") == []


def test_what_has_ended_is_not_changed(server: Server) -> None:
    id = server.start("ask")["id"]
    server.done(f"/process-instances/{id}/cancel")
    assert server.post(f"/process-instances/{id}/cancel").status_code == 409
    reply = server.client.put(f"/api/v1/process-instances/{id}/variables", json={"variables": {"b": 2}})
    assert reply.status_code == 409


def test_a_cancel_under_a_key_may_be_sent_again(server: Server) -> None:
    id = server.start("ask")["id"]
    replies = [server.post(f"/process-instances/{id}/cancel", key="k") for _ in range(2)]
    assert [reply.status_code for reply in replies] == [200, 200]


def test_an_unknown_instance_is_not_changed(server: Server) -> None:
    reply = server.post("/process-instances/nix/cancel")
    assert reply.status_code == 404
    assert "'nix'" in reply.json()["message"]


# -- waiting ---------------------------------------------------------------------------------------


def test_what_an_instance_waits_for_is_told(server: Server) -> None:
    server.deploy(process("pause", TIMER))
    assert server.get(f"/process-instances/{server.start('pause')['id']}/waiting") == [
        {"element": "x", "elementInstance": 2, "kind": "timer", "due": "2023-11-14T23:13:20.479Z"}
    ]
    asked = server.start("ask")["id"]
    assert server.get(f"/process-instances/{asked}/waiting") == [
        {"element": "x", "elementInstance": 2, "kind": "user_task", "name": "Approve", "key": f"{asked}.3"}
    ]
    charged = server.start("charge")["id"]
    assert server.get(f"/process-instances/{charged}/waiting") == [
        {"element": "x", "elementInstance": 2, "kind": "job", "name": "charge", "key": f"{charged}.3"}
    ]
    server.done(f"/jobs/{charged}.3/fail", {"message": "no", "retries": 0})
    assert server.get(f"/process-instances/{charged}/waiting") == [
        {"element": "x", "elementInstance": 2, "kind": "incident", "name": "job", "key": f"{charged}.4"}
    ]


def test_a_called_instance_is_what_its_caller_waits_for(empty: Server) -> None:
    call = around('<callActivity id="x" calledElement="inner"/>')
    empty.deploy(process("inner", around('<userTask id="x"/>')), process("outer", call))
    outer = empty.start("outer")
    empty.post("/clock", {"advance": "PT0S"})
    (wait,) = empty.get(f"/process-instances/{outer['id']}/waiting")
    assert (wait["element"], wait["kind"], wait["name"]) == ("x", "call", "inner")
    inner = empty.get(f"/process-instances/{wait['key']}")
    assert (inner["parentId"], inner["processId"], inner["state"]) == (outer["id"], "inner", "active")
    assert empty.post(f"/process-instances/{inner['id']}/cancel").status_code == 409
    empty.done(f"/process-instances/{outer['id']}/cancel")
    empty.post("/clock", {"advance": "PT0S"})
    assert empty.get(f"/process-instances/{inner['id']}")["state"] == "cancelled"


def test_an_instance_is_found_by_the_beginning_of_its_id(server: Server) -> None:
    one, other = server.start("ask"), server.start("ask")
    found = server.get("/process-instances", id=one["id"])["items"]
    assert [it["id"] for it in found] == [one["id"]]
    both = server.get("/process-instances", id=one["id"][:5])["items"]
    assert {it["id"] for it in both} == {one["id"], other["id"]}
    reply = server.client.get("/api/v1/process-instances?id=%25")
    assert reply.status_code == 400


def test_the_instances_that_one_has_called_are_found(server: Server) -> None:
    assert server.get("/process-instances", parentId=server.start("ask")["id"])["items"] == []
