"""Jobs for workers outside the server, and the incidents that come of them."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from penstock.api.rest import jobs
from tests.api.conftest import NOW, Server
from tests.api.models import process
from tests.bpmn.models import flow

CATCHING = (
    f'<startEvent id="s"/>{flow("s", "x")}'
    '<serviceTask id="x"><extensionElements><zeebe:taskDefinition type="charge"/></extensionElements>'
    "</serviceTask>"
    '<boundaryEvent id="b" attachedToRef="x"><errorEventDefinition/></boundaryEvent>'
    f'{flow("x", "e")}<endEvent id="e"/>{flow("b", "e2")}<endEvent id="e2"/>'
)

ACTIVATION = {
    "type": "http",
    "method": "POST",
    "path": "/api/v1/jobs/activate",
    "query_string": b"",
    "headers": [],
}
"""A request as a server of ASGI hands it on."""


def activate(server: Server, **body: Any) -> list[Any]:
    items: list[Any] = server.done("/jobs/activate", {"type": "charge", **body})["items"]
    return items


@pytest.fixture
def job(server: Server) -> str:
    """The key of a job that a worker has leased."""
    server.start("charge", amount=5)
    key: str = activate(server)[0]["key"]
    return key


def instance_of(server: Server, job: str) -> Any:
    return server.get(f"/process-instances/{job.rpartition('.')[0]}")


# -- activation ------------------------------------------------------------------------------------


def test_a_worker_gets_a_job_with_all_that_it_needs(server: Server) -> None:
    instance = server.start("charge", amount=5)
    (job,) = activate(server)
    assert job.pop("idempotencyKey").startswith(instance["id"])
    assert job == {
        "key": f"{instance['id']}.3",
        "type": "charge",
        "element": "x",
        "processInstance": instance["id"],
        "variables": {"amount": 5},
        "headers": {"bank": "north"},
        "retries": 2,
        "attempt": 1,
        "businessKey": None,
        "timeout": None,
        "traceparent": None,
        "kind": "task",
        "listener": None,
        "userTask": None,
    }


def test_a_leased_job_is_nobody_elses_until_its_lease_ends(server: Server) -> None:
    server.start("charge")
    assert len(activate(server, lease="PT1M")) == 1
    assert activate(server) == []
    server.done("/clock", {"advance": "PT1M"})
    assert len(activate(server)) == 1


def test_a_worker_gets_no_more_than_it_asks_for(server: Server) -> None:
    for _ in range(3):
        server.start("charge")
    assert len(activate(server, max=2)) == 2


def test_a_worker_may_name_several_types(server: Server) -> None:
    server.start("charge")
    assert len(server.done("/jobs/activate", {"types": ["refund", "charge"]})["items"]) == 1


def test_a_worker_that_waits_gets_the_job_that_comes_meanwhile(server: Server) -> None:
    starting = threading.Timer(0.05, server.start, ["charge"])
    starting.start()
    found = activate(server, wait=30)
    starting.join()
    assert len(found) == 1


def test_a_worker_that_went_away_gets_no_job(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LOOK_UP_S", 0.01)
    body = b'{"type": "charge", "wait": 60}'
    heard = iter([{"type": "http.request", "body": body}, {"type": "http.disconnect"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(heard)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(server.client.app(ACTIVATION, receive, send))  # type: ignore[arg-type]
    assert sent == []
    server.start("charge")
    assert len(activate(server)) == 1


def test_a_job_that_was_leased_to_a_worker_who_has_just_gone_is_anothers_at_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.start("charge")
    lease = server.runtime.activate_jobs
    gone = asyncio.Event()

    async def lease_while_it_goes(*arguments: Any, **options: Any) -> Any:
        found = await lease(*arguments, **options)
        gone.set()
        await asyncio.sleep(0)
        return found

    monkeypatch.setattr(server.runtime, "activate_jobs", lease_while_it_goes)
    body = b'{"type": "charge", "wait": 60}'
    asked = False

    async def receive() -> Any:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": body}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError("nobody is there to hear it")

    asyncio.run(server.client.app(ACTIVATION, receive, send))  # type: ignore[arg-type]
    monkeypatch.undo()
    assert len(activate(server)) == 1


def test_a_worker_gives_a_job_back_and_no_try_is_counted(server: Server, job: str) -> None:
    assert activate(server) == []
    server.done(f"/jobs/{job}/return", {"worker": "worker"})
    (again,) = activate(server)
    assert (again["key"], again["attempt"], again["retries"]) == (job, 1, 2)


@pytest.mark.parametrize("act", ["return", "extend"])
def test_who_has_a_job_no_longer_neither_extends_it_nor_gives_it_back(
    server: Server, job: str, act: str
) -> None:
    body = {"worker": "another"} | ({"lease": "PT1H"} if act == "extend" else {})
    assert server.post(f"/jobs/{job}/{act}", body).status_code == 409
    server.done("/clock", {"advance": "PT31S"})
    assert len(activate(server)) == 1


def test_a_failure_that_is_reported_again_counts_once(server: Server, job: str) -> None:
    body = {"message": "the bank is down", "detail": "line 7", "attempt": 1}
    server.done(f"/jobs/{job}/fail", body)
    assert server.post(f"/jobs/{job}/fail", body).status_code == 409
    server.done("/clock", {"advance": "PT1H"})
    (again,) = activate(server)
    assert (again["attempt"], again["retries"]) == (2, 1)
    server.done(f"/jobs/{job}/fail", {"message": "it still is", "detail": "line 8", "attempt": 2})
    (incident,) = server.get("/incidents")["items"]
    assert incident["detail"] == "line 8"


def test_a_lease_is_extended(server: Server, job: str) -> None:
    assert server.done(f"/jobs/{job}/extend", {"lease": "PT1H"}) == {
        "key": job,
        "until": "2023-11-14T23:13:20.479Z",
    }
    server.done("/clock", {"advance": "PT59M"})
    assert activate(server) == []


def test_only_a_leased_job_is_extended(server: Server) -> None:
    key = server.wait_for(server.start("charge"), "job")
    assert server.post(f"/jobs/{key}/extend", {"lease": "PT1H"}).status_code == 409


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "either `type` or `types`"),
        ({"type": "a", "types": ["b"]}, "either `type` or `types`"),
        ({"types": []}, "at `types`"),
        ({"type": "a", "max": 0}, "at `max`, expected an integer >= 1"),
        ({"type": "a", "lease": "soon"}, "`lease` is wrong: 'soon'"),
        ({"type": "a", "lease": "PT0S"}, "more than nothing"),
        ({"type": "a", "lease": "P1M"}, "weeks, days or less"),
        ({"type": "a", "lease": "PT24H0.001S"}, "at most a day"),
        ({"type": "a", "wait": 61}, "at `wait`, expected a number <= 60"),
    ],
)
def test_a_bad_activation_is_told_what_is_wrong(server: Server, body: Any, said: str) -> None:
    reply = server.post("/jobs/activate", body)
    assert reply.status_code == 400
    assert said in reply.json()["message"]


# -- outcomes --------------------------------------------------------------------------------------


def test_a_completed_job_lets_the_instance_go_on(server: Server, job: str) -> None:
    done = server.done(f"/jobs/{job}/complete", {"variables": {"receipt": "R-1"}})
    assert done["state"] == "completed"
    assert done["variables"] == {"amount": 5, "receipt": "R-1"}


def test_a_completion_under_a_key_may_be_sent_again(server: Server, job: str) -> None:
    first, second = (server.post(f"/jobs/{job}/complete", {}, key="k") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()


def test_another_report_under_the_same_key_is_refused(server: Server, job: str) -> None:
    server.post(f"/jobs/{job}/complete", {}, key="k")
    assert server.post(f"/jobs/{job}/complete", {"variables": {"a": 1}}, key="k").status_code == 409


def test_a_job_that_is_no_longer_open_is_not_found(server: Server, job: str) -> None:
    server.done(f"/jobs/{job}/complete")
    for act, body in (("complete", {}), ("fail", {"message": "x"}), ("error", {"code": "x"})):
        reply = server.post(f"/jobs/{job}/{act}", body)
        assert reply.status_code == 404
        assert f"open job '{job}'" in reply.json()["message"]
    assert server.post(f"/jobs/{job}/extend", {"lease": "PT1S"}).status_code == 404


def test_a_failed_job_is_tried_again_after_its_backoff(server: Server, job: str) -> None:
    server.done(f"/jobs/{job}/fail", {"message": "busy", "backoff": "PT5M"})
    assert activate(server) == []
    server.done("/clock", {"advance": "PT5M"})
    (again,) = activate(server)
    assert (again["key"], again["retries"]) == (job, 1)


def test_a_job_without_tries_left_becomes_an_incident(server: Server, job: str) -> None:
    assert server.done(f"/jobs/{job}/fail", {"message": "broken", "retries": 0})["incidents"] == 1
    (incident,) = server.get("/incidents")["items"]
    assert incident == {
        "key": incident["key"],
        "type": "job",
        "message": "broken",
        "detail": None,
        "element": "x",
        "elementInstance": 2,
        "processInstance": job.rpartition(".")[0],
        "at": NOW,
    }
    assert server.get(f"/incidents/{incident['key']}") == incident


def test_an_error_goes_to_the_boundary_event_that_catches_it(server: Server) -> None:
    server.deploy(process("catching", CATCHING))
    instance = server.start("catching")
    key = server.wait_for(instance, "job")
    server.done(f"/jobs/{key}/error", {"code": "NO_FUNDS", "message": "empty"})
    told = server.get(f"/process-instances/{instance['id']}/history")["items"]
    assert "e2" in [one["element"] for one in told]
    assert ("triggered", "b") in [(one["event"], one["element"]) for one in told]


def test_an_error_that_nothing_catches_is_an_incident(server: Server, job: str) -> None:
    server.done(f"/jobs/{job}/error", {"code": "NO_FUNDS"})
    (incident,) = server.get("/incidents", type="unhandled_error")["items"]
    assert "NO_FUNDS" in incident["message"]


# -- incidents -------------------------------------------------------------------------------------


@pytest.fixture
def incident(server: Server, job: str) -> str:
    """The key of an open incident."""
    server.done(f"/jobs/{job}/fail", {"message": "broken", "retries": 0})
    key: str = server.get("/incidents")["items"][0]["key"]
    return key


def test_incidents_are_found_by_their_instance_and_type(server: Server, incident: str) -> None:
    instance_id = incident.rpartition(".")[0]
    assert len(server.get("/incidents", processInstance=instance_id, type="job")["items"]) == 1
    assert server.get("/incidents", type="timer")["items"] == []
    assert server.get("/incidents", processInstance="nix")["items"] == []


def test_a_resolved_incident_lets_the_element_try_again(server: Server, incident: str) -> None:
    instance = server.done(f"/incidents/{incident}/resolve", {"variables": {"amount": 6}, "retries": 9})
    assert instance["incidents"] == 0
    (job,) = activate(server)
    assert (job["variables"], job["retries"]) == ({"amount": 6}, 9)
    assert server.get("/incidents")["items"] == []


def test_a_resolution_under_a_key_may_be_sent_again(server: Server, incident: str) -> None:
    replies = [server.post(f"/incidents/{incident}/resolve", {}, key="k") for _ in range(2)]
    assert [reply.status_code for reply in replies] == [200, 200]


def test_an_incident_that_is_not_open_is_not_found(server: Server, incident: str) -> None:
    server.done(f"/incidents/{incident}/resolve")
    for reply in (
        server.post(f"/incidents/{incident}/resolve"),
        server.client.get(f"/api/v1/incidents/{incident}"),
    ):
        assert reply.status_code == 404
        assert f"open incident '{incident}'" in reply.json()["message"]


def test_a_worker_is_listed_with_what_it_asks_for_and_what_it_has(server: Server) -> None:
    instance = server.start("charge", amount=5)
    (job,) = activate(server, worker="w 1", lease="PT1M")
    activate(server, worker="w 2", type="other")
    one, two = server.get("/workers")
    assert (one["name"], one["types"], one["seenAt"]) == ("w 1", ["charge"], NOW)
    assert [(it["key"], it["element"], it["processInstance"]) for it in one["jobs"]] == [
        (job["key"], "x", instance["id"])
    ]
    assert (two["name"], two["types"], two["jobs"]) == ("w 2", ["other"], [])
    server.done(f"/jobs/{job['key']}/complete", {"variables": {}})
    assert server.get("/workers")[0]["jobs"] == []
