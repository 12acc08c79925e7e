"""The activities of an ad-hoc sub-process: shown as what may be begun, and begun when asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Server
from tests.api.models import process
from tests.bpmn.models import flow


def case(*, ordering: str = "Parallel") -> bytes:
    """Give a process whose ad-hoc sub-process has a call that a letter follows, and a note."""
    activities = f'<userTask id="call"/>{flow("call", "letter")}<userTask id="letter"/><userTask id="note"/>'
    until = "<completionCondition>=solved = true</completionCondition>"
    body = f'<adHocSubProcess id="handle" ordering="{ordering}">{activities}{until}</adHocSubProcess>'
    around = f'<startEvent id="s"/>{flow("s", "handle")}{body}{flow("handle", "e")}<endEvent id="e"/>'
    return process("case", around)


def waits(server: Server, started: Any) -> list[tuple[str, str, list[str]]]:
    found = server.get(f"/process-instances/{started['id']}/waiting")
    return [(it["kind"], it["element"], it.get("activities", [])) for it in found]


def test_what_may_be_begun_is_shown_and_begun(empty: Server) -> None:
    empty.deploy(case())
    started = empty.start("case")
    assert waits(empty, started) == [("ad_hoc", "handle", ["call", "note"])]
    path = f"/process-instances/{started['id']}/trigger"
    empty.done(path, {"element": "note", "variables": {"text": "late"}})
    empty.done(path, {"element": "note"})
    assert [it[:2] for it in waits(empty, started)] == [
        ("ad_hoc", "handle"),
        ("user_task", "note"),
        ("user_task", "note"),
    ]
    (first, _) = empty.get("/tasks", processInstance=started["id"], state="open")["items"][::-1]
    assert first["variables"]["text"] == "late"
    empty.done(f"/tasks/{first['id']}/complete", {"variables": {"solved": True}})
    assert empty.get(f"/process-instances/{started['id']}")["state"] == "completed"


def test_of_a_sequential_one_nothing_is_offered_while_an_activity_runs(empty: Server) -> None:
    empty.deploy(case(ordering="Sequential"))
    started = empty.start("case")
    path = f"/process-instances/{started['id']}/trigger"
    empty.done(path, {"element": "note"})
    assert waits(empty, started) == [("user_task", "note", [])]
    assert empty.post(path, {"element": "call"}).status_code == 409
    empty.done(f"/tasks/{empty.wait_for(started, 'user_task')}/complete", {})
    assert waits(empty, started) == [("ad_hoc", "handle", ["call", "note"])]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"element": "letter"}, 400, "to which no flow leads"),
        ({"element": "none"}, 404, "no element of process 'case' 'none'"),
        ({"element": "s"}, 409, "Nothing"),
        ({"element": "call", "elementInstance": 99}, 409, "is not open"),
        ({"variables": {}}, 400, "`element`"),
    ],
)
def test_what_cannot_be_begun_is_refused(empty: Server, body: Any, status: int, words: str) -> None:
    empty.deploy(case())
    started = empty.start("case")
    before = waits(empty, started)
    reply = empty.post(f"/process-instances/{started['id']}/trigger", body)
    assert (reply.status_code, words in reply.text) == (status, True), reply.text
    assert waits(empty, started) == before


def test_an_activity_is_begun_once_under_its_key_and_not_in_a_suspended_instance(empty: Server) -> None:
    empty.deploy(case())
    started = empty.start("case")
    path = f"/process-instances/{started['id']}/trigger"
    for _ in range(2):
        assert empty.post(path, {"element": "note"}, key="once").status_code == 200
    assert len(waits(empty, started)) == 2
    empty.done(f"/process-instances/{started['id']}/suspend")
    refused = empty.post(path, {"element": "note"})
    assert (refused.status_code, "suspended" in refused.text) == (409, True)


def test_nothing_may_be_begun_in_an_instance_that_has_ended(empty: Server) -> None:
    empty.deploy(case())
    started = empty.start("case")
    empty.done(f"/process-instances/{started['id']}/cancel")
    assert waits(empty, started) == []
    assert empty.post(f"/process-instances/{started['id']}/trigger", {"element": "note"}).status_code == 409
