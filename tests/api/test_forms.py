"""Forms over HTTP: deployed, listed, shown for tasks and starts, and their rules held."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Server
from tests.forms.models import component, form_file

AMOUNT = component("number", "amount", {"required": True, "min": 1})
OTHER = component("number", "amount", {"required": True, "min": 5})


def model(task: str = 'formId="claim"', start: str = "") -> bytes:
    """Give a process with one user task, and forms as the attributes of `zeebe:formDefinition`."""
    return f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
        xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t">
      <process id="p" isExecutable="true">
        <startEvent id="s">{_form(start)}</startEvent>
        <sequenceFlow id="f" sourceRef="s" targetRef="t"/>
        <userTask id="t">{_form(task)}</userTask>
        <sequenceFlow id="g" sourceRef="t" targetRef="e"/>
        <endEvent id="e"/>
      </process></definitions>""".encode()


def _form(attributes: str) -> str:
    return (
        f"<extensionElements><zeebe:formDefinition {attributes}/></extensionElements>" if attributes else ""
    )


def deploy(server: Server, *contents: bytes, **fields: str) -> Any:
    parts = [
        ("file", (f"{number}.{'bpmn' if content[:1] == b'<' else 'form'}", content))
        for number, content in enumerate(contents)
    ]
    reply = server.client.post("/api/v1/deployments", files=parts, data=fields)
    assert reply.status_code == 200, reply.text
    return reply.json()


def task_of(server: Server, **variables: Any) -> str:
    """Start an instance and give the path of its task."""
    key = server.get("/tasks", processInstance=server.start("p", **variables)["id"])["items"][0]["id"]
    return f"/tasks/{key}"


def test_forms_are_listed_in_their_latest_versions_and_read_back(empty: Server) -> None:
    deploy(empty, form_file(AMOUNT, name="A claim"))
    deploy(empty, form_file(OTHER, name="A claim"))
    [item] = empty.get("/forms")["items"]
    assert (item["id"], item["name"], item["key"], item["versions"]) == (
        "claim",
        "A claim",
        "form:claim:1.1.0",
        2,
    )
    assert empty.get("/forms/claim")["schema"]["components"] == [OTHER]
    assert empty.get("/forms/claim", version="1.0.0")["schema"]["components"] == [AMOUNT]
    assert empty.client.get("/api/v1/forms/other").status_code == 404
    assert empty.client.get("/api/v1/forms/claim?version=9.0.0").status_code == 404


def test_a_form_with_errors_is_refused_with_all_of_them(empty: Server) -> None:
    parts = [("file", ("claim.form", form_file(component("filepicker", "receipt"))))]
    reply = empty.client.post("/api/v1/deployments", files=parts)
    assert reply.status_code == 422
    assert [finding["code"] for finding in reply.json()["findings"]] == ["unsupported-component"]
    assert empty.get("/forms")["items"] == []


def test_a_form_that_is_not_there_is_a_warning_and_a_key_of_another_system_is_not(empty: Server) -> None:
    assert [each["code"] for each in deploy(empty, model())["findings"]] == ["unknown-form"]
    assert deploy(empty, model('externalReference="https://forms.example/claim"'))["findings"] == []
    assert deploy(empty, model(), form_file(AMOUNT))["findings"] == []


def test_a_task_shows_its_form_and_holds_its_rules(empty: Server) -> None:
    deploy(empty, model(), form_file(AMOUNT))
    task = task_of(empty)
    assert empty.get(f"{task}/form")["schema"]["components"] == [AMOUNT]
    reply = empty.post(f"{task}/complete", {"variables": {"amount": 0}})
    assert reply.status_code == 422
    body = reply.json()
    assert (
        body["message"] == "The form 'claim' does not accept what was entered. 'Amount' must be at least 1."
    )
    assert body["fields"] == [{"path": "amount", "message": "'Amount' must be at least 1."}]
    assert empty.get(task)["state"] == "open"
    assert empty.done(f"{task}/complete", {"variables": {"amount": 3}})["state"] == "completed"


def test_a_completion_that_is_sent_again_is_answered_again(empty: Server) -> None:
    deploy(empty, model(), form_file(AMOUNT))
    task = task_of(empty)
    for _ in range(2):
        reply = empty.post(f"{task}/complete", {"variables": {"amount": 3}}, key="once")
        assert reply.json()["state"] == "completed"


def test_what_the_task_sees_counts_as_entered(empty: Server) -> None:
    deploy(empty, model(), form_file(AMOUNT))
    assert empty.done(f"{task_of(empty, amount=4)}/complete", {})["state"] == "completed"


def test_an_open_task_keeps_the_form_that_it_was_opened_with(empty: Server) -> None:
    deploy(empty, model(), form_file(AMOUNT))
    before = task_of(empty)
    empty.done("/clock", {"advance": "PT1S"})
    deploy(empty, form_file(OTHER))
    assert empty.get(f"{before}/form")["version"] == "1.0.0"
    assert empty.get(f"{task_of(empty)}/form")["version"] == "1.1.0"


@pytest.mark.parametrize(
    ("binding", "version"),
    [('bindingType="deployment"', "1.0.0"), ('bindingType="versionTag" versionTag="1.1.0"', "1.1.0")],
)
def test_a_form_may_be_bound_to_a_version(empty: Server, binding: str, version: str) -> None:
    deploy(empty, model(f'formId="claim" {binding}'), form_file(AMOUNT))
    for least in (2, 3):
        deploy(empty, form_file(component("number", "amount", {"min": least})))
    empty.done("/clock", {"advance": "PT1S"})
    assert empty.get(f"{task_of(empty)}/form")["version"] == version


def test_a_task_without_a_form_says_so(empty: Server) -> None:
    deploy(empty, model('externalReference="https://forms.example/claim"'))
    reply = empty.client.get(f"/api/v1{task_of(empty)}/form")
    assert reply.status_code == 404
    assert "'https://forms.example/claim', which is not deployed here" in reply.json()["message"]
    deploy(empty, model(""))
    reply = empty.client.get(f"/api/v1{task_of(empty)}/form")
    assert (reply.status_code, "has no form" in reply.json()["message"]) == (404, True)


def test_a_start_shows_its_form_and_holds_its_rules(empty: Server) -> None:
    deploy(empty, model("", 'formId="claim"'), form_file(AMOUNT))
    assert empty.get("/definitions/p:1.0.0/start-form")["schema"]["components"] == [AMOUNT]
    refused = empty.post("/process-instances", {"processId": "p", "variables": {"amount": 0}})
    assert refused.status_code == 422
    assert empty.get("/process-instances")["items"] == []
    assert empty.start("p", amount=2)["variables"] == {"amount": 2}


def test_a_start_without_a_form_says_so(empty: Server) -> None:
    deploy(empty, model(""))
    for path in ("p:1.0.0/start-form", "p:9.0.0/start-form", "p:1.0.0/start-form?startElement=x"):
        assert empty.client.get(f"/api/v1/definitions/{path}").status_code == 404


def test_a_form_is_tried_without_being_deployed(empty: Server) -> None:
    schema = {"id": "draft", "components": [AMOUNT, component("number", "shown", disabled=True)]}
    reply = empty.done("/form-checks", {"schema": schema, "entered": {"amount": 0, "shown": 1}})
    assert reply["values"] == {"amount": 0}
    assert reply["fields"] == [{"path": "amount", "message": "'Amount' must be at least 1."}]
    reply = empty.post("/form-checks", {"schema": {"id": "draft"}})
    assert (reply.status_code, "no list of components" in reply.json()["message"]) == (400, True)


def test_a_version_says_with_which_form_it_is_started(empty: Server) -> None:
    deploy(empty, model(start='formId="claim"'), form_file(AMOUNT))
    assert empty.get("/definitions/p:1.0.0")["startForm"] == "claim"
    assert empty.get("/definitions/form:claim:1.0.0")["startForm"] is None
    deploy(empty, model())
    assert empty.get("/definitions/p:1.1.0")["startForm"] is None
    assert empty.client.get("/api/v1/definitions/p:9.0.0").status_code == 404
