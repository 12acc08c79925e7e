"""Evaluating FEEL expressions over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Server


@pytest.mark.parametrize(
    ("body", "value", "type"),
    [
        ({"expression": "a + b", "context": {"a": 1, "b": 2}}, 3, "number"),
        ({"expression": "first name + \"!\"", "context": {"first name": "Ann"}}, "Ann!", "string"),
        ({"expression": "due + @\"P1D\"", "context": {"due": {"@date": "2030-01-31"}}}, "2030-02-01", "date"),
        ({"expression": "> 10", "unary": True, "input": 11}, True, "boolean"),
        ({"expression": "[1..5]", "unary": True, "input": 9}, False, "boolean"),
        ({"expression": "string(now())"}, "2023-11-14T22:13:20.479Z", "string"),
    ],
)  # fmt: skip
def test_an_expression_has_a_value_and_a_type(empty: Server, body: Any, value: Any, type: str) -> None:
    assert empty.done("/feel/evaluate", body) == {"value": value, "type": type, "warnings": []}


def test_a_value_is_shown_with_its_type_when_asked(empty: Server) -> None:
    reply = empty.done("/feel/evaluate?typed=true", {"expression": 'date("2030-01-31")'})
    assert reply["value"] == {"@date": "2030-01-31"}


def test_null_comes_with_the_reason(empty: Server) -> None:
    reply = empty.done("/feel/evaluate", {"expression": "amout + 1", "context": {"amount": 1}})
    assert (reply["value"], reply["type"]) == (None, "null")
    assert "amout" in reply["warnings"][0]["message"]
    assert reply["warnings"][0].keys() == {"code", "message", "position"}


def test_a_syntax_error_tells_its_place(empty: Server) -> None:
    reply = empty.post("/feel/evaluate", {"expression": "1 +\n* 2"})
    assert reply.status_code == 400
    assert reply.json()["place"] == {"position": 4, "line": 2, "column": 1}


def test_an_expression_that_runs_away_is_stopped(empty: Server) -> None:
    endless = "count(for a in 1..100000, b in 1..100000 return a * b)"
    reply = empty.post("/feel/evaluate", {"expression": endless})
    assert reply.status_code == 400


def test_an_expression_is_needed(empty: Server) -> None:
    reply = empty.post("/feel/evaluate", {"context": {}})
    assert reply.status_code == 400
    assert "`expression` is missing" in reply.json()["message"]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/feel/evaluate", rb'{"expression": "a\u0000b"}', "The body has a NUL character"),
        ("/feel/evaluate?serialization=%00", b'{"expression": "1"}', "The query has a NUL character"),
    ],
)
def test_a_text_with_a_nul_is_refused(server: Server, path: str, body: bytes, said: str) -> None:
    reply = server.client.post(f"/api/v1{path}", content=body)
    assert reply.status_code == 400
    assert reply.json()["message"].startswith(said)


def test_a_backslash_before_u0000_is_no_nul(server: Server) -> None:
    reply = server.client.post(
        "/api/v1/feel/evaluate", content=rb'{"expression": "a", "context": {"a": "\\u0000"}}'
    )
    assert reply.status_code == 200
    assert reply.json()["value"] == r"\u0000"
