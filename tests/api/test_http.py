"""The framework: what every route does with good and with bad requests, on routes made for the purpose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, cast

import msgspec
import pytest
import structlog
from starlette import routing
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from penstock.api.app import router
from penstock.api.errors import ApiError
from penstock.api.http import AnyCall, Reply, Route
from penstock.api.queries import Query
from penstock.api.settings import ApiSettings
from penstock.api.shell import Shell
from penstock.runtime.requests import Busy, Unavailable


class Wanted(Query, frozen=True):
    size: Annotated[int, msgspec.Meta(ge=1)] = 1
    colour: Literal["red", "blue"] | None = None
    tag: list[str] = msgspec.field(default_factory=list)


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    amount: Any
    item_count: int = 1


async def echo(call: AnyCall) -> Reply:
    return Reply(call.body)


async def query(call: AnyCall) -> Reply:
    return Reply(call.query)


async def upload(call: AnyCall) -> Reply:
    return Reply({"files": [[name, len(content)] for name, content in call.body.files], **call.body.fields})


async def fail(call: AnyCall) -> Reply:
    raise FAILURES[call.path["key"]]


async def about(call: AnyCall) -> Reply:
    return Reply({"actor": call.actor, "key": call.idempotency_key, "digest": call.digest()})


FAILURES = {
    "ours": KeyError("secret"),
    "busy": Busy("too much to do"),
    "unavailable": Unavailable("the disk is full"),
    "theirs": ApiError(409, "It is taken."),
}


def route(method: str, path: str, handler: Any, **more: Any) -> Route:
    return Route(method=method, path=path, handler=handler, summary="Tests.", tag="Tests", **more)


ROUTES = (
    route("GET", "/query", query, query=Wanted),
    route("POST", "/orders", echo, body=Order),
    route("PUT", "/orders", echo, body=dict[str, Any]),
    route("POST", "/upload", upload, upload=Order),
    route("GET", "/fail/{key}", fail),
    route("POST", "/about", about, body=dict[str, Any], idempotent=True),
    route("GET", "/open", about, open=True),
)


def client_for(settings: ApiSettings) -> TestClient:
    table = router(ROUTES, cast(Any, None), settings)
    return TestClient(Shell(table, settings))


@pytest.fixture
def client() -> Iterator[TestClient]:
    with client_for(ApiSettings(body_limit=2_000, upload_limit=5_000)) as client:
        yield client


def message(reply: Any, status: int) -> str:
    """Give the message of an error, once it is sure that it has the shape of every error."""
    assert reply.status_code == status, reply.text
    body = reply.json()
    assert body["status"] == status
    assert body["statusReason"]
    assert body["toe"] == reply.headers["x-request-id"]
    assert reply.headers["content-type"] == "application/json;charset=UTF-8"
    return cast(str, body["message"])


# -- replies ---------------------------------------------------------------------------------------


def test_every_reply_says_what_it_is_and_keeps_a_browser_safe(client: TestClient) -> None:
    reply = client.get("/query")
    assert reply.headers["content-type"] == "application/json;charset=UTF-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]


def test_a_request_keeps_the_id_that_its_client_gave_it(client: TestClient) -> None:
    assert client.get("/query", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"


def test_an_id_that_could_forge_a_log_line_is_replaced(client: TestClient) -> None:
    given = "x" * 300
    assert client.get("/query", headers={"X-Request-ID": given}).headers["x-request-id"] != given


def test_head_is_answered_where_get_is(client: TestClient) -> None:
    reply = client.head("/query")
    assert (reply.status_code, reply.text) == (200, "")


def test_a_decimal_keeps_its_digits_in_and_out(client: TestClient) -> None:
    number = "12345678901234567890.123456789"
    reply = client.put("/orders", content=f'{{"n": {number}, "big": 123456789012345678901234567890}}')
    assert reply.text == f'{{"n":{number},"big":123456789012345678901234567890}}'


# -- paths and methods -----------------------------------------------------------------------------


def test_an_unknown_path_is_named(client: TestClient) -> None:
    assert "'/nowhere'" in message(client.get("/nowhere"), 404)


def test_a_wrong_method_learns_which_are_right(client: TestClient) -> None:
    reply = client.delete("/orders")
    assert "DELETE" in message(reply, 405)
    assert reply.headers["allow"] == "POST, PUT"


def test_a_path_with_control_characters_names_nothing(client: TestClient) -> None:
    assert r"\n" in message(client.get("/fail/a%0Ab"), 404)


# -- queries ---------------------------------------------------------------------------------------


def test_a_query_is_converted(client: TestClient) -> None:
    reply = client.get("/query?size=3&colour=red&tag=a&tag=b")
    assert reply.json() == {"size": 3, "colour": "red", "tag": ["a", "b"]}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("size=x", "at `size`, expected an integer, not a text"),
        ("size=0", "at `size`, expected an integer >= 1"),
        ("colour=green", "'green' is none of 'red', 'blue'"),
        ("colur=red", "there is no `colur` (did you mean `colour`?)"),
        ("size=1&size=2", "`size` is given twice"),
        ("colour=null", "`colour` cannot be null"),
        ("tag=%FF", "cannot be read"),
    ],
)
def test_a_bad_query_value_is_named_with_what_is_expected(client: TestClient, raw: str, said: str) -> None:
    assert said in message(client.get(f"/query?{raw}"), 400)


# -- bodies ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("nonsense", "The body is not JSON"),
        ('{"amount": NaN}', "The body is not JSON"),
        ('{"amount": 1', "The body is not JSON"),
        (b'{"amount": "\xff"}', "The body is not JSON"),
        ('{"amount": 1e6145}', "1e6145 is out of range"),
        ('{"amount": -1e-6145}', "-1e-6145 is out of range"),
        ("[1]", "expected an object, not an array"),
        ("null", "expected an object, not null"),
        ("{}", "`amount` is missing"),
        ('{"amount": 1, "itemCount": "2"}', "at `itemCount`, expected an integer, not a text"),
        ('{"amount": 1, "itemcount": 2}', "there is no `itemcount` (did you mean `itemCount`?)"),
    ],
)
def test_a_bad_body_is_told_what_is_wrong(client: TestClient, content: str | bytes, said: str) -> None:
    assert said in message(client.post("/orders", content=content), 400)


def test_the_last_of_two_equal_keys_wins(client: TestClient) -> None:
    assert client.post("/orders", content='{"amount": 1, "amount": 2}').json()["amount"] == 2


def test_an_empty_body_counts_as_an_empty_object(client: TestClient) -> None:
    assert client.put("/orders").json() == {}


def test_a_body_may_be_nested_up_to_the_limit(client: TestClient) -> None:
    deep = '{"amount": ' + "[" * 63 + "]" * 63 + "}"
    assert client.post("/orders", content=deep).status_code == 200


def test_a_body_nested_deeper_is_refused(client: TestClient) -> None:
    deep = '{"amount": ' + "[" * 64 + "]" * 64 + "}"
    assert "at most 64" in message(client.post("/orders", content=deep), 400)


def test_brackets_in_texts_do_not_count_as_nesting(client: TestClient) -> None:
    text = '{"amount": "' + r"\"" + "[" * 200 + '"}'
    assert client.post("/orders", content=text).status_code == 200


def test_a_body_of_another_media_type_is_refused(client: TestClient) -> None:
    reply = client.post("/orders", content="{}", headers={"Content-Type": "text/plain"})
    assert "text/plain" in message(reply, 415)


@pytest.mark.parametrize(
    "media_type", ["application/json; charset=utf-8", "application/merge-patch+json", ""]
)
def test_json_is_known_by_any_of_its_names(client: TestClient, media_type: str) -> None:
    reply = client.post("/orders", content='{"amount": 1}', headers={"Content-Type": media_type})
    assert reply.status_code == 200


def test_a_body_that_says_that_it_is_too_large_is_not_read(client: TestClient) -> None:
    reply = client.post("/orders", content=b" " * 2_001)
    assert "2000 bytes" in message(reply, 413)
    assert reply.headers["connection"] == "close"


def test_a_body_that_turns_out_too_large_is_refused(client: TestClient) -> None:
    chunks = (b" " * 900 for _ in range(3))
    assert "2000 bytes" in message(client.post("/orders", content=chunks), 413)


def test_an_upload_has_files_and_fields(client: TestClient) -> None:
    reply = client.post("/upload", files=[("file", ("a.bpmn", b"12345"))], data={"version": "1.0.0"})
    assert reply.json() == {"files": [["a.bpmn", 5]], "version": "1.0.0"}


def test_a_file_in_another_part_is_refused(client: TestClient) -> None:
    assert "'model'" in message(client.post("/upload", files=[("model", ("a.bpmn", b"1"))]), 400)


@pytest.mark.parametrize("media_type", ["application/json", "multipart/mixed; boundary=x"])
def test_an_upload_of_another_media_type_is_refused(client: TestClient, media_type: str) -> None:
    reply = client.post("/upload", content=b"{}", headers={"Content-Type": media_type})
    assert "multipart/form-data" in message(reply, 415)


@pytest.mark.parametrize("media_type", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_an_upload_that_cannot_be_read_is_refused(client: TestClient, media_type: str) -> None:
    reply = client.post("/upload", content=b"--y\r\nnonsense", headers={"Content-Type": media_type})
    assert "multipart/form-data" in message(reply, 400)


def test_an_upload_has_a_limit_of_its_own(client: TestClient) -> None:
    assert "5000 bytes" in message(client.post("/upload", files=[("file", ("a", b"1" * 6_000))]), 413)


# -- failures --------------------------------------------------------------------------------------


def test_a_handler_says_what_its_error_is(client: TestClient) -> None:
    assert message(client.get("/fail/theirs"), 409) == "It is taken."


@pytest.mark.parametrize(("key", "said"), [("busy", "Too much to do."), ("unavailable", "The disk is full.")])
def test_what_cannot_be_done_now_may_be_tried_again(client: TestClient, key: str, said: str) -> None:
    reply = client.get(f"/fail/{key}")
    assert message(reply, 503) == said
    assert reply.headers["retry-after"] == "1"


def test_a_fault_of_ours_is_logged_and_not_shown(client: TestClient) -> None:
    with structlog.testing.capture_logs() as logs:
        reply = client.get("/fail/ours")
    said = message(reply, 500)
    assert "secret" not in said
    (failure,) = [entry for entry in logs if entry["event"] == "request failed"]
    assert failure["request_id"] in said


def test_every_request_is_logged_once(client: TestClient) -> None:
    with structlog.testing.capture_logs() as logs:
        client.get("/fail/theirs", headers={"X-Request-ID": "r1"})
    (entry,) = logs
    assert entry["ms"] >= 0
    assert {name: entry[name] for name in ("method", "path", "status", "request_id")} == {
        "method": "GET",
        "path": "/fail/theirs",
        "status": 409,
        "request_id": "r1",
    }


# -- idempotency keys ------------------------------------------------------------------------------


def test_the_digest_of_a_request_tells_it_from_another_one(client: TestClient) -> None:
    digests = [client.post("/about", json={"n": n}).json()["digest"] for n in (1, 1, 2)]
    assert digests[0] == digests[1] != digests[2]


def test_a_key_is_handed_on(client: TestClient) -> None:
    assert client.post("/about", headers={"Idempotency-Key": "k 1"}).json()["key"] == "k 1"


@pytest.mark.parametrize("key", ["", "x" * 256, "\x7f"])
def test_a_key_that_is_none_is_refused(client: TestClient, key: str) -> None:
    assert "Idempotency-Key" in message(client.post("/about", headers={"Idempotency-Key": key}), 400)


# -- who may ask -----------------------------------------------------------------------------------


@pytest.fixture
def guarded() -> Iterator[TestClient]:
    with client_for(ApiSettings(token="s3cret")) as client:
        yield client


@pytest.mark.parametrize(
    "header", [("Authorization", "Bearer s3cret"), ("x-domo-developer-token", "s3cret")], ids=str
)
def test_the_token_opens(guarded: TestClient, header: tuple[str, str]) -> None:
    assert guarded.get("/query", headers=dict([header])).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic s3cret"}], ids=str
)
def test_without_the_token_nothing_is_told(guarded: TestClient, headers: dict[str, str]) -> None:
    reply = guarded.get("/query", headers=headers)
    assert "Authorization: Bearer" in message(reply, 401)
    assert reply.headers["www-authenticate"] == "Bearer"


def test_what_is_open_needs_no_token(guarded: TestClient) -> None:
    assert guarded.get("/open").status_code == 200


def test_a_page_of_another_site_cannot_change_anything(client: TestClient) -> None:
    reply = client.post("/about", headers={"Sec-Fetch-Site": "cross-site"})
    assert "another site" in message(reply, 403)


def test_a_page_of_our_own_can(client: TestClient) -> None:
    assert client.post("/about", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


# -- the rest of ASGI ------------------------------------------------------------------------------


def test_a_web_socket_is_closed(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/query"):
        pass
    assert "no web sockets" in closed.value.reason


def test_the_table_is_made_of_one_route_a_path() -> None:
    table = router(ROUTES, cast(Any, None), ApiSettings())
    paths = [one.path for one in table.routes if isinstance(one, routing.Route)]
    assert len(paths) == len(set(paths))
