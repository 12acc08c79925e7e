"""Events as they happen, metrics from counters, the audit log, functions and settings."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from penstock.api.settings import ApiSettings
from penstock.store.tables import instance
from tests.api.conftest import Server, serve
from tests.bpmn.models import flow, process_of

ROUTE = (
    f'<startEvent id="s"/>{flow("s", "ask")}<userTask id="ask"/>{flow("ask", "big")}'
    '<exclusiveGateway id="big" default="big_e"/>'
    '<sequenceFlow id="big_f" sourceRef="big" targetRef="f">'
    "<conditionExpression>=amount &gt; 100</conditionExpression></sequenceFlow>"
    f'{flow("big", "e")}<endEvent id="e"/><endEvent id="f"/>'
)


def events_of(text: str) -> list[tuple[str, int, Any]]:
    """Give the events of a stream: name, id and data."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if "event" in fields:
            found.append((fields["event"], int(fields["id"]), json.loads(fields["data"])))
    return found


def listen(server: Server, last: int | None = None, **query: Any) -> tuple[Any, list[tuple[str, int, Any]]]:
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    reply = server.client.get("/api/v1/events", params={"seconds": 0.01, **query}, headers=headers)
    return reply, events_of(reply.text)


# -- events ----------------------------------------------------------------------------------------


def test_a_stream_greets_with_its_position_and_is_not_kept_by_anybody(server: Server) -> None:
    reply, events = listen(server)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-accel-buffering"] == "no"
    assert [name for name, _, _ in events] == ["hello"]


def test_what_happened_since_the_last_event_is_told(server: Server) -> None:
    _, ((_, position, _),) = listen(server)
    started = server.start("ask")
    other = server.start("charge")
    _, events = listen(server, position)
    name, _, data = events[-1]
    assert name == "change"
    assert {it["id"] for it in data["instances"]} == {started["id"], other["id"]}
    _, events = listen(server, position, instance=other["id"])
    assert [it["processId"] for it in events[-1][2]["instances"]] == ["charge"]


@pytest.mark.parametrize("last", ["999999999", "none of ours", "-1"])
def test_who_cannot_go_on_is_told_to_begin_anew(server: Server, last: str) -> None:
    reply = server.client.get("/api/v1/events?seconds=0", headers={"Last-Event-ID": last})
    assert events_of(reply.text)[0][0] == "reset"


def test_a_stream_ends_when_its_client_goes_away(server: Server) -> None:
    """Asked without the client of the tests, which takes a reply only as a whole."""
    sent: list[Any] = []
    scope = {"type": "http", "method": "GET", "path": "/api/v1/events", "headers": [], "query_string": b""}

    async def ask() -> None:
        leaves = asyncio.Event()

        async def receive() -> Any:
            await leaves.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            if b"hello" in message.get("body", b""):
                leaves.set()

        async with asyncio.timeout(10):
            await server.client.app(scope, receive, send)

    portal = server.client.portal
    assert portal is not None
    portal.call(ask)
    assert sent[-1] == {"type": "http.response.body", "body": b""}
    assert not server.runtime.feed._watching


# -- metrics ---------------------------------------------------------------------------------------


@pytest.fixture
def measured(empty: Server) -> Server:
    """Five instances: four take 1, 1, 1 and 200 minutes, by two ways; one waits."""
    assert empty.deploy(process_of(ROUTE).replace(b'id="p"', b'id="route"')).status_code == 200
    for minutes, amount in ((1, 1), (1, 1), (1, 500), (200, 500), (0, 1)):
        it = empty.start("route", amount=amount)
        task = empty.wait_for(it, "user_task")
        if minutes:
            empty.done("/clock", {"advance": f"PT{minutes}M"})
            empty.done(f"/tasks/{task}/complete", {})
    return empty


def test_metrics_tell_how_many_how_long_and_which_way(measured: Server) -> None:
    told = measured.get("/processes/route/metrics")
    total = told["total"]
    assert (total["started"], total["completed"], total["active"]) == (5, 4, 1)
    assert total["cycle"]["number"] == 4
    assert total["cycle"]["total"] == 203 * 60_000
    assert total["cycle"]["median"] == pytest.approx(60_000, rel=0.2)
    assert total["cycle"]["p95"] == pytest.approx(12_000_000, rel=0.2)
    assert told["elements"][0]["element"] == "ask", "what takes the most time comes first"
    assert told["elements"][0]["timing"]["number"] == 4
    flows = {it["flow"]: it["number"] for it in told["flows"]}
    assert (flows["big_f"], flows["big_e"]) == (2, 2)
    assert sum(it["number"] for it in told["distribution"]) == 4
    assert [it["version"] for it in told["versions"]] == ["1.0.0"]
    assert measured.get("/processes/metrics")["items"][0]["started"] == 5


def test_the_course_has_no_gaps_and_each_hour_its_own(measured: Server) -> None:
    told = measured.get("/processes/route/metrics", unit="hour", startedFrom="2023-11-14T00:00:00Z")
    course = told["course"]
    assert [it["at"][11:13] for it in course] == ["22", "23", "00", "01"]
    assert [it["started"] for it in course] == [4, 0, 0, 1]
    assert [it["completed"] for it in course] == [3, 0, 0, 1]


def test_metrics_look_at_no_instance(measured: Server) -> None:
    before = measured.get("/processes/route/metrics")
    gone = measured.runtime.dispatcher.transact(lambda writer: writer.execute(sa.delete(instance)))
    gone.result(10)
    assert measured.get("/processes/route/metrics") == before


def test_metrics_of_another_time_or_version_are_their_own(measured: Server) -> None:
    later = measured.get("/processes/route/metrics", startedFrom="2024-01-01T00:00:00Z")
    assert later["total"]["started"] == later["total"]["cycle"]["number"] == 0
    assert later["total"]["cycle"]["median"] is None
    assert later["course"] == []


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/processes/none/metrics", 404, "There is no process 'none'."),
        ("/processes/route/metrics?version=9", 404, "There is no version of 'route' '9'."),
        ("/processes/route/metrics?startedFrom=soon", 400, "`startedFrom` is wrong"),
        ("/processes/route/metrics?unit=hour", 400, "say `startedFrom`"),
    ],
)
def test_metrics_that_cannot_be_given_are_refused(
    measured: Server, path: str, status: int, message: str
) -> None:
    reply = measured.client.get(f"/api/v1{path}")
    assert reply.status_code == status
    assert message in reply.json()["message"]


def test_an_incident_counts_at_its_element(server: Server) -> None:
    key = server.wait_for(server.start("charge"), "job")
    server.done(f"/jobs/{key}/fail", {"message": "no", "retries": 0})
    told = server.get("/processes/charge/metrics")
    assert [it["incidents"] for it in told["elements"] if it["incidents"]] == [1]
    assert sum(it["incidents"] for it in told["course"]) == 1


# -- timers ----------------------------------------------------------------------------------------

PAUSE = (
    f'<startEvent id="s"/>{flow("s", "t")}<intermediateCatchEvent id="t"><timerEventDefinition>'
    f"<timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>{flow('t', 'e')}"
    '<endEvent id="e"/>'
)


def test_timers_are_listed_until_a_moment_and_only_the_late_ones_by_default(empty: Server) -> None:
    empty.deploy(process_of(PAUSE))
    started = empty.start("p")
    assert empty.get("/timers")["items"] == []
    (timer,) = empty.get("/timers", dueUntil="2023-11-15T00:00:00Z")["items"]
    assert (timer["processInstance"], timer["element"]) == (started["id"], "t")
    assert timer["due"] == "2023-11-14T23:13:20.479Z"
    empty.done(f"/process-instances/{started['id']}/suspend")
    assert empty.get("/timers", dueUntil="2023-11-15T00:00:00Z")["items"] == []


# -- the audit log ---------------------------------------------------------------------------------


def test_every_act_of_a_user_is_in_the_audit_log_without_values(server: Server) -> None:
    it = server.start("ask", secret="hush")
    path = f"/process-instances/{it['id']}"
    server.client.put(f"/api/v1{path}/variables", json={"variables": {"secret": "hush hush"}})
    server.done(f"{path}/suspend")
    server.done(f"{path}/resume")
    server.done(f"{path}/cancel")
    found = server.get("/acts", processInstance=it["id"])["items"]
    assert [one["operation"] for one in found] == ["cancel", "resume", "suspend", "set_variables"]
    assert {one["actor"] for one in found} == {"7"}
    assert found[-1]["detail"] == "secret"
    assert "hush" not in json.dumps(found)
    deployed = server.get("/acts", operation="deploy")["items"]
    assert {one["detail"] for one in deployed} == {"ask:1.0.0", "charge:1.0.0"}


def test_the_audit_log_is_read_page_by_page(server: Server) -> None:
    it = server.start("ask")
    for _ in range(3):
        server.client.put(f"/api/v1/process-instances/{it['id']}/variables", json={"variables": {"n": 1}})
    first = server.get("/acts", operation="set_variables", limit=2)
    second = server.get("/acts", operation="set_variables", limit=2, cursor=first["cursor"])
    assert (len(first["items"]), len(second["items"]), second["cursor"]) == (2, 1, None)
    assert server.get("/acts", operation="set_variables", atUntil="2000-01-01T00:00:00Z")["items"] == []


# -- functions and settings ------------------------------------------------------------------------

FUNCTIONS = '''
from penstock import BpmnError, task


@task
def halve(n: int, why: str = "because") -> dict:
    """Half of a number."""
    if n == 0:
        raise BpmnError("ZERO", "nothing to halve", variables={"left": 0})
    return {"half": n // 2}
'''


@pytest.fixture
def with_functions(database: Path, tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "functions"
    folder.mkdir()
    (folder / "halves.py").write_text(FUNCTIONS)
    yield from serve(database, ApiSettings(access_log=False), functions=folder)


def test_a_function_is_told_with_its_signature_and_tried(with_functions: Server) -> None:
    (told,) = with_functions.get("/functions")["items"]
    assert (told["name"], told["doc"]) == ("halve", "Half of a number.")
    assert [(it["name"], it["type"], it["required"]) for it in told["parameters"]] == [
        ("n", "int", True),
        ("why", "str", False),
    ]
    tried = with_functions.done("/functions/halve/try", {"variables": {"n": 8}})
    assert (tried["outcome"], tried["variables"]) == ("done", {"half": 4})
    refused = with_functions.done("/functions/halve/try", {"variables": {"n": 0}})
    assert (refused["outcome"], refused["code"]) == ("error", "ZERO")
    failed = with_functions.done("/functions/halve/try", {"variables": {"n": "many"}})
    assert (failed["outcome"], failed["variables"]) == ("failed", {})
    assert [it["detail"] for it in with_functions.get("/acts", operation="try_function")["items"]] == [
        "halve"
    ] * 3


def test_a_function_that_there_is_not_cannot_be_tried(server: Server) -> None:
    reply = server.post("/functions/none/try", {})
    assert reply.status_code == 404
    assert server.get("/acts", operation="try_function")["items"] == []


def test_the_settings_are_told_with_their_origin(database: Path) -> None:
    given = {"token": {"value": "***", "origin": "--token-file"}}
    for server in serve(database, ApiSettings(access_log=False, configuration=given)):
        assert server.get("/configuration") == {
            "items": [{"name": "token", "value": "***", "origin": "--token-file"}]
        }
