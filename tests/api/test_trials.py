"""Trying a process over HTTP: it runs in virtual time from what is drawn, and nothing of it stays."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Server
from tests.api.models import JOB, TIMER, USER_TASK, process

LOOP = (
    '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="g"/><exclusiveGateway id="g"/>'
    '<sequenceFlow id="l" sourceRef="g" targetRef="t"/><task id="t"/>'
    '<sequenceFlow id="b" sourceRef="t" targetRef="g"/>'
)


def tried(server: Server, body: str, *acts: Any, **fields: Any) -> Any:
    content = process("p", body).decode()
    return server.post("/trials", {"content": content, "acts": list(acts), **fields})


def test_a_trial_waits_where_the_process_would(empty: Server) -> None:
    state = tried(empty, USER_TASK, variables={"clerk": "anna"}).json()
    assert state["state"] == "active"
    (waits,) = state["waiting"]
    assert (waits["kind"], waits["label"]) == ("user task", "x")
    assert state["variables"] == {"clerk": "anna"}
    assert {it["turn"] for it in state["events"]} == {0}


def test_each_act_brings_it_on_and_one_act_fewer_is_one_step_back(empty: Server) -> None:
    act = {"act": "task", "at": "x", "variables": {"approved": True}}
    state = tried(empty, USER_TASK, act).json()
    assert (state["state"], state["variables"]) == ("completed", {"approved": True})
    assert {it["turn"] for it in state["events"]} == {0, 1}
    assert state["lines"][-1] == {"turn": 1, "text": "instance completed"}
    assert tried(empty, USER_TASK).json()["state"] == "active"


def test_time_passes_only_when_it_is_let(empty: Server) -> None:
    waiting = tried(empty, TIMER, now="2030-01-01T00:00:00Z").json()
    assert waiting["waiting"][0]["due"] == "2030-01-01T01:00:00.000Z"
    late = {"act": "advance", "duration": "PT59M"}
    assert tried(empty, TIMER, late).json()["state"] == "active"
    assert tried(empty, TIMER, late, {"act": "elapse", "at": "x"}).json()["state"] == "completed"


def test_a_job_fails_is_repaired_and_done_with_made_up_results(empty: Server) -> None:
    fail = {"act": "fail", "at": "x", "message": "the bank is closed"}
    (incident,) = tried(empty, JOB, fail).json()["waiting"]
    assert (incident["kind"], incident["message"]) == ("incident", "the bank is closed")
    state = tried(
        empty, JOB, fail, {"act": "retry", "at": "x"}, {"act": "job", "at": "x", "variables": {"ok": 1}}
    )
    assert (state.json()["state"], state.json()["variables"]) == ("completed", {"ok": 1})


def test_nothing_of_a_trial_stays(empty: Server) -> None:
    tried(empty, USER_TASK)
    assert empty.get("/process-instances")["items"] == []
    assert empty.get("/tasks")["items"] == []


def test_what_cannot_be_tried_says_why(empty: Server) -> None:
    broken = tried(empty, '<startEvent id="s"/><callActivity id="c"/>')
    assert broken.status_code == 422
    assert "c" in {it["element"] for it in broken.json()["findings"]}
    early = tried(empty, USER_TASK, {"act": "job", "at": "x"})
    assert early.status_code == 400
    assert "the instance waits for: user task x" in early.json()["message"]
    assert tried(empty, TIMER, {"act": "advance", "duration": "soon"}).status_code == 400
    assert tried(empty, USER_TASK, processId="q").status_code == 400
    assert tried(empty, USER_TASK, startElement="q").status_code == 400


def test_a_trial_has_its_share_and_no_more(empty: Server) -> None:
    assert tried(empty, LOOP).json()["waiting"][0]["kind"] == "incident"
    acts = [{"act": "advance", "duration": "PT1H"}] * 201
    assert tried(empty, TIMER, *acts).status_code == 400
    cycle = (
        '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="u"/><userTask id="u"/>'
        '<boundaryEvent id="b" attachedToRef="u" cancelActivity="false"><timerEventDefinition>'
        "<timeCycle>R/PT1S</timeCycle></timerEventDefinition></boundaryEvent>"
    )
    too_long = tried(empty, cycle, {"act": "advance", "duration": "P10Y"})
    assert too_long.status_code == 400
    assert "too much for a trial" in too_long.json()["message"]
