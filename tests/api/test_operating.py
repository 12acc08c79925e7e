"""What an operator does to an instance: suspend, resume, modify, migrate, restart."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.store import counters
from tests.api.conftest import Server
from tests.api.models import JOB, TIMER, USER_TASK, process
from tests.bpmn.models import around, flow

TWO_TASKS = (
    f'<startEvent id="s"/>{flow("s", "a")}<userTask id="a"/>{flow("a", "b")}<userTask id="b"/>'
    f'{flow("b", "e")}<endEvent id="e"/>'
)


def waits(server: Server, instance: Any) -> list[tuple[str, str]]:
    return [
        (wait["kind"], wait["element"]) for wait in server.get(f"/process-instances/{instance['id']}/waiting")
    ]


def act(server: Server, instance: Any, what: str, body: Any = None) -> Any:
    return server.done(f"/process-instances/{instance['id']}/{what}", body)


# -- suspend and resume ----------------------------------------------------------------------------


def test_a_suspended_instance_is_shown_as_such_until_it_is_resumed(server: Server) -> None:
    started = server.start("ask")
    assert act(server, started, "suspend")["state"] == "suspended"
    found = server.get("/process-instances", state="suspended")["items"]
    assert [row["id"] for row in found] == [started["id"]]
    assert server.get("/process-instances", state="active")["items"] == []
    assert act(server, started, "resume")["state"] == "active"


def test_a_suspended_instance_hands_out_no_job(server: Server) -> None:
    started = server.start("charge")
    act(server, started, "suspend")
    wanted = {"type": "charge", "max": 5, "lease": "PT30S", "worker": "w"}
    assert server.done("/jobs/activate", wanted)["items"] == []
    act(server, started, "resume")
    assert len(server.done("/jobs/activate", wanted)["items"]) == 1


def test_a_worker_may_report_what_it_had_begun(server: Server) -> None:
    started = server.start("charge")
    (job,) = server.done("/jobs/activate", {"type": "charge", "max": 1, "lease": "PT30S", "worker": "w"})[
        "items"
    ]
    act(server, started, "suspend")
    assert server.done(f"/jobs/{job['key']}/complete", {})["state"] == "suspended"
    assert act(server, started, "resume")["state"] == "completed"


def test_a_task_of_a_suspended_instance_cannot_be_completed(server: Server) -> None:
    started = server.start("ask")
    task = server.wait_for(started, "user_task")
    act(server, started, "suspend")
    assert server.post(f"/tasks/{task}/complete", {}).status_code == 409
    act(server, started, "resume")
    assert server.post(f"/tasks/{task}/complete", {}).status_code == 200


def test_a_timer_of_a_suspended_instance_waits_and_keeps_its_moment(empty: Server) -> None:
    empty.deploy(process("late", TIMER))
    started = empty.start("late")
    before = empty.get(f"/process-instances/{started['id']}/waiting")
    act(empty, started, "suspend")
    assert empty.get(f"/process-instances/{started['id']}/waiting") == before
    empty.done("/clock", {"advance": "PT2H"})
    assert empty.get(f"/process-instances/{started['id']}")["state"] == "suspended"
    act(empty, started, "resume")
    empty.done("/clock", {"advance": "PT0S"})
    assert empty.get(f"/process-instances/{started['id']}")["state"] == "completed"


def test_suspending_twice_and_resuming_what_runs_are_conflicts(server: Server) -> None:
    started = server.start("ask")
    path = f"/process-instances/{started['id']}"
    assert server.post(f"{path}/resume").status_code == 409
    act(server, started, "suspend")
    assert server.post(f"{path}/suspend").status_code == 409
    assert server.post("/process-instances/none/suspend").status_code == 404


def test_the_history_shows_each_act_with_its_actor(server: Server) -> None:
    started = server.start("ask")
    act(server, started, "suspend")
    act(server, started, "resume")
    history = server.get(f"/process-instances/{started['id']}/history")["items"]
    acts = [(row["event"], row["actor"]) for row in history if row["event"] in ("suspended", "resumed")]
    assert acts == [("suspended", "7"), ("resumed", "7")]


# -- modify ----------------------------------------------------------------------------------------


def test_a_token_is_put_at_another_element(empty: Server) -> None:
    empty.deploy(process("two", TWO_TASKS))
    started = empty.start("two")
    body = {"activate": [{"element": "b", "variables": {"why": "skipped"}}], "terminate": [{"element": "a"}]}
    assert act(empty, started, "modify", body)["variables"] == {"why": "skipped"}
    assert waits(empty, started) == [("user_task", "b")]
    history = empty.get(f"/process-instances/{started['id']}/history")["items"]
    (modified,) = [row["data"] for row in history if row["event"] == "modified"]
    assert modified["activated"] == ["b"]


def test_one_element_instance_is_terminated(empty: Server) -> None:
    empty.deploy(process("two", TWO_TASKS))
    started = empty.start("two")
    act(empty, started, "modify", {"activate": [{"element": "a"}]})
    first, _ = empty.get(f"/process-instances/{started['id']}/waiting")
    act(empty, started, "modify", {"terminate": [{"elementInstance": first["elementInstance"]}]})
    assert waits(empty, started) == [("user_task", "a")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"activate": [{"element": "none"}]}, 404),
        ({"terminate": [{"element": "b"}]}, 404),
        ({"terminate": [{}]}, 400),
        ({"terminate": [{"element": "a", "elementInstance": 2}]}, 400),
        ({"activate": [{"element": "a", "scope": 99}]}, 404),
        ({"activate": [{"element": "a", "variables": {"d": {"@date": "x"}}}]}, 400),
    ],
)
def test_a_modification_that_cannot_be_is_refused(empty: Server, body: Any, status: int) -> None:
    empty.deploy(process("two", TWO_TASKS))
    started = empty.start("two")
    assert empty.post(f"/process-instances/{started['id']}/modify", body).status_code == status
    assert waits(empty, started) == [("user_task", "a")]


# -- migrate ---------------------------------------------------------------------------------------


def test_an_instance_goes_on_by_another_version(server: Server) -> None:
    started = server.start("ask")
    server.deploy(
        process(
            "ask",
            USER_TASK.replace('id="x"', 'id="y"').replace("_x", "_y").replace('Ref="x"', 'Ref="y"'),
            tag="2.0.0",
        )
    )
    body = {"definitionKey": "ask:2.0.0", "mapping": {"x": "y"}}
    dry = act(server, started, "migrate", {**body, "dryRun": True})
    assert (dry["definitionKey"], dry["findings"]) == ("ask:1.0.0", [])
    moved = act(server, started, "migrate", body)
    assert (moved["definitionKey"], moved["version"]) == ("ask:2.0.0", "2.0.0")
    assert waits(server, started) == [("user_task", "y")]
    task = server.wait_for(started, "user_task")
    assert server.get(f"/tasks/{task}")["element"] == "y"
    server.done(f"/tasks/{task}/complete", {})
    assert server.get(f"/process-instances/{started['id']}")["state"] == "completed"


def test_the_counters_follow_a_migrated_instance(server: Server) -> None:
    started = server.start("ask")
    server.deploy(process("ask", USER_TASK, tag="2.0.0"))
    act(server, started, "migrate", {"definitionKey": "ask:2.0.0"})
    with server.runtime._database.reading() as connection:
        counts = [counters.totals(connection, "ask", version).active for version in ("1.0.0", "2.0.0")]
    assert counts == [0, 1]


def test_what_is_in_the_way_of_a_migration_is_told_and_nothing_changes(server: Server) -> None:
    started = server.start("ask")
    server.deploy(process("ask", around('<manualTask id="x"/>'), tag="2.0.0"))
    path, body = f"/process-instances/{started['id']}/migrate", {"definitionKey": "ask:2.0.0"}
    refused = server.post(path, body)
    assert refused.status_code == 422
    assert [(it["code"], it["element"]) for it in refused.json()["findings"]] == [("other-kind", "x")]
    assert server.done(path, {**body, "dryRun": True})["findings"] == refused.json()["findings"]
    assert server.get(f"/process-instances/{started['id']}")["version"] == "1.0.0"


def test_a_migration_names_a_version_and_an_instance_that_are_there(server: Server) -> None:
    started = server.start("ask")
    path = f"/process-instances/{started['id']}/migrate"
    assert server.post(path, {"definitionKey": "ask:9.0.0"}).status_code == 404
    missing = server.post("/process-instances/none/migrate", {"definitionKey": "ask:1.0.0"})
    assert missing.status_code == 404
    act(server, started, "cancel")
    assert server.post(path, {"definitionKey": "ask:1.0.0"}).status_code == 409


# -- migrate: what waits ---------------------------------------------------------------------------

MESSAGES = (
    '<message id="M1" name="pay"><extensionElements><zeebe:subscription correlationKey="=order"/>'
    "</extensionElements></message>"
    '<message id="M2" name="stop"><extensionElements><zeebe:subscription correlationKey="=order"/>'
    "</extensionElements></message>"
)
RECEIVE = around('<receiveTask id="x" messageRef="M1"/>')
STOPPED = (
    '<subProcess id="h" triggeredByEvent="true"><startEvent id="hs">'
    '<messageEventDefinition messageRef="M2"/></startEvent>'
    f'{flow("hs", "he")}<endEvent id="he"/></subProcess>'
)


def with_messages(id: str, body: str, tag: str) -> bytes:
    return process(id, body, tag=tag).replace(b"<process", MESSAGES.encode() + b"<process", 1)


def test_a_message_finds_an_instance_by_the_new_version(empty: Server) -> None:
    assert empty.deploy(with_messages("p", RECEIVE, "1.0.0")).status_code == 200
    first, second = (empty.start("p", order=order) for order in ("o-1", "o-2"))
    empty.deploy(with_messages("p", RECEIVE + STOPPED, "2.0.0"))
    for instance in (first, second):
        act(empty, instance, "migrate", {"definitionKey": "p:2.0.0"})
    assert waits(empty, first) == [("message", "x"), ("message", "hs")]
    empty.done("/messages", {"name": "pay", "correlationKey": "o-1"})
    empty.done("/messages", {"name": "stop", "correlationKey": "o-2"})
    for instance, last in ((first, "e"), (second, "he")):
        assert empty.get(f"/process-instances/{instance['id']}")["state"] == "completed"
        history = empty.get(f"/process-instances/{instance['id']}/history")["items"]
        assert last in [row["element"] for row in history if row["event"] == "completed"]


def test_what_is_gone_with_the_new_version_is_waited_for_no_longer(empty: Server) -> None:
    empty.deploy(with_messages("p", RECEIVE + STOPPED, "1.0.0"))
    started = empty.start("p", order="o-1")
    empty.deploy(with_messages("p", RECEIVE, "2.0.0"))
    act(empty, started, "migrate", {"definitionKey": "p:2.0.0"})
    assert waits(empty, started) == [("message", "x")]
    assert empty.done("/messages", {"name": "stop", "correlationKey": "o-1"})["correlated"] == []


def test_a_timer_and_a_job_go_on_by_the_new_version(empty: Server) -> None:
    empty.deploy(process("late", TIMER), process("charge", JOB))
    late, charge = empty.start("late"), empty.start("charge")
    after = '<sequenceFlow id="f_u" sourceRef="x" targetRef="u"/><userTask id="u"/>'
    for id, body in (("late", TIMER), ("charge", JOB)):
        empty.deploy(process(id, body + after, tag="2.0.0"))
    for instance, id in ((late, "late"), (charge, "charge")):
        act(empty, instance, "migrate", {"definitionKey": f"{id}:2.0.0"})
    empty.done("/clock", {"advance": "PT1H"})
    assert waits(empty, late) == [("user_task", "u")]
    wanted = {"type": "charge", "max": 1, "lease": "PT30S", "worker": "w"}
    (job,) = empty.done("/jobs/activate", wanted)["items"]
    empty.done(f"/jobs/{job['key']}/complete", {})
    assert waits(empty, charge) == [("user_task", "u")]


def test_a_called_instance_comes_back_to_a_caller_that_was_migrated(empty: Server) -> None:
    call = (
        '<callActivity id="x"><extensionElements><zeebe:calledElement processId="ask"/></extensionElements>'
        "</callActivity>"
    )
    empty.deploy(process("ask", USER_TASK), process("caller", around(call)))
    caller = empty.start("caller")
    after = '<sequenceFlow id="f_u" sourceRef="x" targetRef="u"/><userTask id="u"/>'
    empty.deploy(process("caller", around(call) + after, tag="2.0.0"))
    act(empty, caller, "migrate", {"definitionKey": "caller:2.0.0"})
    called = empty.wait_for(caller, "call")
    empty.done(f"/tasks/{empty.wait_for({'id': called}, 'user_task')}/complete", {})
    empty.done("/clock", {"advance": "PT0S"})
    assert waits(empty, caller) == [("user_task", "u")]


def test_a_message_for_a_suspended_instance_waits_until_it_is_resumed(empty: Server) -> None:
    empty.deploy(with_messages("p", RECEIVE, "1.0.0"))
    started = empty.start("p", order="o-1")
    act(empty, started, "suspend")
    sent = empty.done("/messages", {"name": "pay", "correlationKey": "o-1", "ttl": "PT1H"})
    assert (sent["correlated"], sent["buffered"]) == ([], True)
    assert act(empty, started, "resume")["state"] == "completed"


# -- restart ---------------------------------------------------------------------------------------


def test_an_instance_that_has_ended_is_started_anew_at_an_element(empty: Server) -> None:
    empty.deploy(process("two", TWO_TASKS))
    ended = empty.start("two", a=1, b=2)
    act(empty, ended, "cancel")
    reply = empty.post(f"/process-instances/{ended['id']}/restart", {"element": "b", "variables": {"b": 3}})
    assert reply.status_code == 201
    again = reply.json()
    assert again["id"] != ended["id"]
    assert again["variables"] == {"a": 1, "b": 3}
    assert waits(empty, again) == [("user_task", "b")]


def test_only_an_instance_that_has_ended_is_restarted(server: Server) -> None:
    started = server.start("ask")
    assert server.post(f"/process-instances/{started['id']}/restart", {}).status_code == 409
    assert server.post("/process-instances/none/restart", {}).status_code == 404
    act(server, started, "cancel")
    refused = server.post(f"/process-instances/{started['id']}/restart", {"element": "none"})
    assert refused.status_code == 404
    assert act(server, started, "restart", {})["state"] == "active"


def test_a_restart_is_done_once_under_its_key(server: Server) -> None:
    started = server.start("ask")
    act(server, started, "cancel")
    path = f"/process-instances/{started['id']}/restart"
    first, second = (server.post(path, {}, key="once") for _ in range(2))
    assert first.json()["id"] == second.json()["id"]


def test_jobs_and_incidents_of_a_suspended_instance_are_kept(server: Server) -> None:
    started = server.start("charge")
    (job,) = server.done("/jobs/activate", {"type": "charge", "max": 1, "lease": "PT30S", "worker": "w"})[
        "items"
    ]
    act(server, started, "suspend")
    assert (
        server.done(f"/jobs/{job['key']}/fail", {"message": "no", "backoff": "PT1S"})["state"] == "suspended"
    )
    assert act(server, started, "resume")["state"] == "active"
    server.done("/clock", {"advance": "PT1S"})
    wanted = {"type": "charge", "max": 5, "lease": "PT30S", "worker": "w"}
    assert len(server.done("/jobs/activate", wanted)["items"]) == 1
