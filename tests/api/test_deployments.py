"""Deploying models, looking at them, and reading them back."""

from __future__ import annotations

from tests.api.conftest import NOW, Server
from tests.api.models import SCRIPT, USER_TASK, process

BROKEN = process("broken", '<startEvent id="s"/><callActivity id="c"/><exclusiveGateway id="g"/>')


def definitions(server: Server, **query: str) -> list[str]:
    return [row["key"] for row in server.get("/definitions", **query)["items"]]


def test_files_are_deployed_together(empty: Server) -> None:
    reply = empty.deploy(process("a", SCRIPT, name="A", tag="1.2.0"), process("b", SCRIPT))
    assert reply.status_code == 200
    assert reply.json()["findings"] == []
    assert reply.json()["definitions"] == [
        {"key": "a:1.2.0", "kind": "process", "id": "a", "name": "A", "version": "1.2.0"},
        {"key": "b:1.0.0", "kind": "process", "id": "b", "name": "b", "version": "1.0.0"},
    ]
    assert reply.json()["id"]


def test_one_broken_file_keeps_all_from_being_deployed(empty: Server) -> None:
    reply = empty.deploy(process("a", SCRIPT), BROKEN)
    assert reply.status_code == 422
    assert {finding["element"] for finding in reply.json()["findings"]} >= {"c", "g"}
    assert {finding["file"] for finding in reply.json()["findings"]} == {"1.bpmn"}
    assert definitions(empty) == []


def test_a_broken_file_changes_nothing_about_what_runs(server: Server) -> None:
    assert server.deploy(process("ask", '<startEvent id="s"/><callActivity id="c"/>')).status_code == 422
    assert server.start("ask")["version"] == "1.0.0"


def test_a_dry_run_deploys_nothing(empty: Server) -> None:
    reply = empty.deploy(process("a", SCRIPT), dryRun="true")
    assert [row["key"] for row in reply.json()["definitions"]] == ["a:1.0.0"]
    assert definitions(empty) == []


def test_the_version_can_be_given(empty: Server) -> None:
    reply = empty.deploy(process("a", SCRIPT), version="3.1.4")
    assert reply.json()["definitions"][0]["version"] == "3.1.4"


def test_a_version_that_is_none_is_refused(empty: Server) -> None:
    reply = empty.deploy(process("a", SCRIPT), version="new")
    assert reply.status_code == 400
    assert "'new'" in reply.json()["message"]


def test_a_dry_run_is_true_or_false(empty: Server) -> None:
    assert "'maybe'" in empty.deploy(process("a", SCRIPT), dryRun="maybe").json()["message"]


def test_an_unknown_part_is_refused(empty: Server) -> None:
    reply = empty.deploy(process("a", SCRIPT), dryrun="true")
    assert reply.status_code == 400
    assert "'dryrun'" in reply.json()["message"]


def test_nothing_to_deploy_is_refused(empty: Server) -> None:
    reply = empty.client.post("/api/v1/deployments", files=[("version", (None, "1.0.0"))])
    assert reply.status_code == 422
    assert [finding["code"] for finding in reply.json()["findings"]] == ["no-file"]


# -- validation ------------------------------------------------------------------------------------


def test_a_good_file_is_executable(empty: Server) -> None:
    reply = empty.client.post("/api/v1/validate", files=[("file", ("a.bpmn", process("a", SCRIPT)))])
    assert reply.json() == {"executable": True, "findings": []}
    assert definitions(empty) == []


def test_a_broken_file_is_told_everything_at_once(empty: Server) -> None:
    reply = empty.client.post("/api/v1/validate", files=[("file", ("a.bpmn", BROKEN))])
    assert reply.status_code == 200
    assert reply.json()["executable"] is False
    for finding in reply.json()["findings"]:
        assert finding.keys() == {"code", "severity", "element", "line", "message", "remedy", "file"}
    assert len(reply.json()["findings"]) >= 2


def test_a_file_that_is_no_xml_is_told_so(empty: Server) -> None:
    reply = empty.client.post("/api/v1/validate", files=[("file", ("a.bpmn", b"no xml"))])
    assert reply.status_code == 200
    assert reply.json()["executable"] is False


def test_a_validation_is_of_one_file(empty: Server) -> None:
    files = [("file", ("a.bpmn", b"1")), ("file", ("b.bpmn", b"2"))]
    assert empty.client.post("/api/v1/validate", files=files).status_code == 400


# -- definitions -----------------------------------------------------------------------------------


def test_a_definition_tells_who_deployed_it_and_when(server: Server) -> None:
    (row,) = server.get("/definitions", id="ask")["items"]
    assert row["deployedBy"] == "7"
    assert row["deployedAt"] == NOW
    assert row["active"] is True


def test_definitions_are_found_by_what_they_are(server: Server) -> None:
    server.deploy(process("ask", SCRIPT, tag="2.0.0"))
    assert definitions(server) == ["ask:1.0.0", "ask:2.0.0", "charge:1.0.0"]
    assert definitions(server, id="ask", version="2.0.0") == ["ask:2.0.0"]
    assert definitions(server, kind="decision") == []


def test_definitions_come_in_pages(server: Server) -> None:
    first = server.get("/definitions", limit="1")
    assert [row["key"] for row in first["items"]] == ["ask:1.0.0"]
    second = server.get("/definitions", limit="1", cursor=first["cursor"])
    assert [row["key"] for row in second["items"]] == ["charge:1.0.0"]
    assert second["cursor"] is None


def test_a_cursor_of_another_list_is_refused(server: Server) -> None:
    cursor = server.get("/definitions", limit="1")["cursor"]
    reply = server.client.get("/api/v1/process-instances", params={"cursor": cursor})
    assert reply.status_code == 400
    assert "`cursor`" in reply.json()["message"]


def test_a_file_is_given_back_byte_for_byte(empty: Server) -> None:
    content = process("a", USER_TASK).replace(b"\n", b"\r\n") + b"\n<!-- \xc3\xa9 -->\n"
    empty.deploy(content)
    reply = empty.client.get("/api/v1/definitions/a:1.0.0/xml")
    assert reply.content == content
    assert reply.headers["content-type"] == "application/xml"


def test_the_file_of_no_definition_is_not_found(empty: Server) -> None:
    reply = empty.client.get("/api/v1/definitions/a:1.0.0/xml")
    assert reply.status_code == 404
    assert "'a:1.0.0'" in reply.json()["message"]


def test_processes_are_listed_with_how_their_instances_stand(server: Server) -> None:
    server.start("ask")
    rows = server.get("/processes")["items"]
    assert [(row["id"], row["version"], row["active"], row["completed"]) for row in rows] == [
        ("ask", "1.0.0", 1, 0),
        ("charge", "1.0.0", 0, 0),
    ]
    first = server.get("/processes", limit="1")
    assert server.get("/processes", cursor=first["cursor"])["items"] == rows[1:]


def test_what_is_said_about_a_version_is_kept_with_it(empty: Server) -> None:
    assert empty.deploy(process("a", SCRIPT), notes="Asks the board, too.\nAs Anna wished.").is_success
    (shown,) = empty.get("/definitions", id="a")["items"]
    assert shown["notes"] == "Asks the board, too.\nAs Anna wished."
    assert empty.deploy(process("b", SCRIPT), notes="x" * 10_001).status_code == 400


def test_the_newest_active_version_runs_where_none_is_asked_for(empty: Server) -> None:
    empty.deploy(process("a", SCRIPT))
    empty.deploy(process("a", SCRIPT, tag="2.0.0"))
    assert empty.done("/definitions/a:2.0.0/deactivate")["active"] is False
    assert empty.start("a", a=1, b=2)["version"] == "1.0.0"
    assert empty.done("/definitions/a:2.0.0/activate")["active"] is True
    assert empty.start("a", a=1, b=2)["version"] == "2.0.0"
    assert empty.post("/definitions/a:3.0.0/activate").status_code == 404


def test_no_version_may_run_where_none_is_active_unless_it_is_asked_for(empty: Server) -> None:
    empty.deploy(process("a", SCRIPT))
    empty.done("/definitions/a:1.0.0/deactivate")
    refused = empty.post("/process-instances", {"processId": "a"})
    assert refused.status_code == 404
    asked = {"processId": "a", "version": "1.0.0", "variables": {"a": 1, "b": 2}}
    assert empty.post("/process-instances", asked).is_success


def test_timers_start_the_newest_version_that_is_active(empty: Server) -> None:
    timer = (
        '<startEvent id="s"><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>'
        '</startEvent><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/>'
    )
    empty.deploy(process("a", timer))
    empty.deploy(process("a", timer, tag="2.0.0"))
    empty.done("/definitions/a:2.0.0/deactivate")
    empty.done("/clock", {"advance": "PT1H"})
    assert [it["version"] for it in empty.get("/process-instances")["items"]] == ["1.0.0"]
    empty.done("/definitions/a:1.0.0/deactivate")
    empty.done("/clock", {"advance": "PT5H"})
    assert len(empty.get("/process-instances")["items"]) == 1
