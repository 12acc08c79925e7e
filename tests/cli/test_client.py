"""The client, where the server's answers are not the usual ones."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import httpx2
import pytest

from penstock.client import Client, ClientError, NoServer, Refused

INSTANCE = (
    b'{"id": "i", "definitionKey": "p:1.0.0", "processId": "p", "version": "1.0.0", "state": "active",'
    b' "incidents": 0, "startedAt": "2030-01-01T00:00:00.000Z", "variables": {"amount": 0.10}, "new": 1}'
)
JOB = b'[{"element": "task", "elementInstance": 2, "kind": "job", "name": "work"}]'


def client(answer: Callable[[httpx2.Request], httpx2.Response], token: str | None = None) -> Client:
    return Client("http://server", token, transport=httpx2.MockTransport(answer))


def test_a_list_is_followed_to_its_last_page() -> None:
    cursors: list[str | None] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        cursor = request.url.params.get("cursor")
        cursors.append(cursor)
        event = {"seq": len(cursors), "at": "2030-01-01T00:00:00.000Z", "event": "entered"}
        return httpx2.Response(200, json={"items": [event], "cursor": None if cursor else "next"})

    assert [event.seq for event in client(answer).history("i")] == [1, 2]
    assert cursors == [None, "next"]


def test_a_decimal_keeps_its_digits_and_an_unknown_field_is_left_out() -> None:
    found = client(lambda _request: httpx2.Response(200, content=INSTANCE)).instance("i")
    assert found.variables == {"amount": Decimal("0.10")}


def test_the_token_is_sent() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200 if request.headers.get("authorization") == "Bearer t" else 401, json=[])

    assert client(answer, "t").waiting("i") == []
    with pytest.raises(Refused):
        client(answer).waiting("i")


def test_an_id_cannot_lead_to_another_path() -> None:
    paths: list[bytes] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        paths.append(request.url.raw_path)
        return httpx2.Response(200, content=INSTANCE)

    client(answer).instance("../tasks?x=1")
    assert paths == [b"/api/v1/process-instances/..%2Ftasks%3Fx%3D1"]


def test_a_refusal_without_our_error_body_tells_the_status() -> None:
    with pytest.raises(Refused, match="status 502") as refusal:
        client(lambda _request: httpx2.Response(502, text="<html>bad gateway</html>")).instance("i")
    assert refusal.value.status == 502


def test_a_success_that_is_not_ours_is_told() -> None:
    with pytest.raises(ClientError, match="is not what this version of Penstock reads"):
        client(lambda _request: httpx2.Response(200, text="<html>welcome</html>")).instance("i")


def test_a_connection_that_breaks_is_told_with_the_address() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    with pytest.raises(NoServer, match=r"no server answers at http://server: refused"):
        client(answer).instance("i")


def test_an_instance_that_works_on_is_not_settled() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=JOB if request.url.path.endswith("/waiting") else INSTANCE)

    assert client(answer).settled("i", timeout_s=0) is None
