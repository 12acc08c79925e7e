"""Partial starts over HTTP: what has come for them, what is missing, and that they can be given up."""

from __future__ import annotations

import pytest

from tests.api.conftest import Server
from tests.bpmn.models import file_of, flow

MESSAGES = '<message id="o" name="order"/><message id="m" name="payment"/>'
EVENT = (
    '<startEvent id="s" parallelMultiple="true"><messageEventDefinition messageRef="o"/>'
    '<messageEventDefinition messageRef="m"/></startEvent>'
)


@pytest.fixture
def waiting(empty: Server) -> Server:
    """A server on which an order has come, and not what pays it."""
    body = f'{EVENT}{flow("s", "x")}<userTask id="x"/>{flow("x", "e")}<endEvent id="e"/>'
    assert empty.deploy(file_of(f'{MESSAGES}<process id="p" isExecutable="true">{body}</process>')).is_success
    message = {"name": "order", "correlationKey": "7", "variables": {"n": 1}, "businessKey": "o-7"}
    assert empty.done("/messages", message)["buffered"]
    return empty


def test_a_partial_start_says_what_has_come_and_until_when_it_waits(waiting: Server) -> None:
    (found,) = waiting.get("/partial-starts")["items"]
    assert found == {
        "id": found["id"],
        "processId": "p",
        "element": "s",
        "correlationKey": "7",
        "businessKey": "o-7",
        "triggers": [
            {"kind": "message", "name": "order", "came": True},
            {"kind": "message", "name": "payment", "came": False},
        ],
        "variables": {"n": 1},
        "since": "2023-11-14T22:13:20.479Z",
        "expiresAt": "2023-12-14T22:13:20.479Z",
    }
    assert waiting.get("/partial-starts", processId="q")["items"] == []


def test_they_come_in_pages(waiting: Server) -> None:
    waiting.done("/messages", {"name": "order", "correlationKey": "8"})
    first = waiting.get("/partial-starts", limit=1)
    second = waiting.get("/partial-starts", limit=1, cursor=first["cursor"])
    assert [it["correlationKey"] for it in (*first["items"], *second["items"])] == ["7", "8"]
    assert second["cursor"] is None


def test_what_is_given_up_begins_anew(waiting: Server) -> None:
    (found,) = waiting.get("/partial-starts")["items"]
    address = f"/api/v1/partial-starts/{found['id']}"

    assert waiting.client.delete(address).json() == found

    assert waiting.client.delete(address).status_code == 404
    assert waiting.client.delete("/api/v1/partial-starts/x").status_code == 404
    assert waiting.done("/messages", {"name": "payment", "correlationKey": "7"})["correlated"] == []
    assert len(waiting.done("/messages", {"name": "order", "correlationKey": "7"})["correlated"]) == 1
    assert waiting.get("/partial-starts")["items"] == []


def test_who_gave_one_up_is_noted(waiting: Server) -> None:
    (found,) = waiting.get("/partial-starts")["items"]
    waiting.client.delete(f"/api/v1/partial-starts/{found['id']}")
    (act, *_) = waiting.get("/acts")["items"]
    assert (act["operation"], act["actor"], act["detail"]) == ("drop_partial_start", "7", "s")
