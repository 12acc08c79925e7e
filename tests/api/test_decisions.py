"""Decisions over HTTP: deployed, listed, read back, made."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Server
from tests.dmn.models import decision, file_of, table, text
from tests.runtime.test_decisions import calling, rating


def deploy(server: Server, *contents: bytes) -> None:
    parts = [
        ("file", (f"{number}.{'bpmn' if b'process' in content else 'dmn'}", content))
        for number, content in enumerate(contents)
    ]
    reply = server.client.post("/api/v1/deployments", files=parts)
    assert reply.status_code == 200, reply.text


def test_decisions_are_listed_in_their_latest_versions_and_read_back(empty: Server) -> None:
    deploy(empty, rating())
    deploy(empty, rating(much='"highest"'))
    [item] = empty.get("/decisions")["items"]
    assert (item["id"], item["key"], item["versions"]) == ("rating", "decision:rating:1.1.0", 2)
    keys = [row["key"] for row in empty.get("/definitions", kind="decision")["items"]]
    assert keys == ["decision:rating:1.0.0", "decision:rating:1.1.0"]


def test_a_decision_is_made_and_says_why(empty: Server) -> None:
    deploy(empty, rating())
    assert empty.done("/decisions/rating/evaluate", {"variables": {"amount": 250}}) == {
        "value": "high",
        "decisions": {"rating": "high"},
        "matched": [{"table": "levels", "rules": ["much"], "inputs": {"amount": 250}, "outputs": ["high"]}],
        "warnings": [],
    }


def test_a_missing_input_is_a_warning(empty: Server) -> None:
    deploy(empty, rating())
    reply = empty.done("/decisions/rating/evaluate", {})
    assert "missing-input" in [warning["code"] for warning in reply["warnings"]]


def test_a_version_may_be_asked_for(empty: Server) -> None:
    deploy(empty, rating())
    deploy(empty, rating(much='"highest"'))
    body = {"variables": {"amount": 250}, "version": "1.0.0"}
    assert empty.done("/decisions/rating/evaluate", body)["value"] == "high"


def test_what_is_not_there_is_not_found(empty: Server) -> None:
    deploy(empty, rating())
    assert empty.post("/decisions/other/evaluate", {}).status_code == 404
    assert empty.post("/decisions/rating/evaluate", {"version": "9.0.0"}).status_code == 404
    assert empty.post("/decisions/rating/evaluate", {"service": True}).status_code == 404


def test_a_decision_that_runs_away_is_stopped(empty: Server) -> None:
    endless = "count(for a in 1..100000, b in 1..100000 return a * b)"
    deploy(empty, file_of(decision("endless", text(endless))))
    reply = empty.post("/decisions/endless/evaluate", {})
    assert reply.status_code == 400
    assert "'endless' was not decided" in reply.json()["message"]


def test_the_history_of_an_instance_says_why_it_was_decided(empty: Server) -> None:
    deploy(empty, calling(), rating())
    started = empty.start("p", amount=250)
    history = empty.get(f"/process-instances/{started['id']}/history")["items"]
    [made] = [event for event in history if event["event"] == "decision_evaluated"]
    assert made["element"] == "x"
    assert made["data"]["definition"] == "decision:rating:1.0.0"
    assert made["data"]["variables"] == {"level": "high"}
    assert made["data"]["reasons"]["tables"][0]["rules"] == ["much"]


def check(server: Server, content: bytes, **fields: Any) -> Any:
    return server.post("/decision-checks", {"content": content.decode(), **fields})


def test_what_is_drawn_is_decided_without_being_deployed(empty: Server) -> None:
    reply = check(empty, rating(), decision="rating", variables={"amount": 250}).json()
    assert reply["decisions"] == [{"id": "rating", "name": "rating", "inputs": ["amount"]}]
    assert reply["result"]["value"] == "high"
    assert reply["result"]["matched"][0]["rules"] == ["much"]
    assert empty.get("/decisions")["items"] == []


def test_a_table_whose_inputs_are_not_drawn_asks_for_what_it_names(empty: Server) -> None:
    inner = decision("inner", table(["age"], ['> 18 => "yes"']))
    outer = decision("outer", table(["inner", "age + 1", "land"], ['- | - | "de" => "ok"']), needs="inner")
    reply = check(empty, file_of(inner + outer)).json()
    assert [(it["id"], it["inputs"]) for it in reply["decisions"]] == [
        ("inner", ["age"]),
        ("outer", ["age", "land"]),
    ]
    assert reply["result"] is None


def test_a_file_with_errors_decides_nothing_and_says_what_they_are(empty: Server) -> None:
    reply = check(empty, file_of(decision("rating", text("1 +"))), decision="rating").json()
    assert (reply["decisions"], reply["result"]) == ([], None)
    assert [it["element"] for it in reply["findings"]] == ["rating"]
    assert check(empty, rating(), decision="ratting").status_code == 400
