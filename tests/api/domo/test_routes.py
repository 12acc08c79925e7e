"""The App API over HTTP: what an app sends and gets, and what it is told when it is wrong."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from penstock.api.domo.aliases import put_manifest
from penstock.api.domo.mapping import Parameter, WorkflowMapping
from penstock.kernel.commands import CompleteUserTask
from penstock.store import instances, user_tasks
from tests.api.domo.conftest import ADD, APPROVE, START, USER, Server, process
from tests.bpmn.models import flow

pytestmark = pytest.mark.anyio

NUMBERS = {"firstNumber": 5, "secondNumber": 7}


async def refusal(server: Server, method: str, path: str, **request: Any) -> tuple[int, str]:
    """Give the status and the message of a reply that has to be an error with all four fields."""
    reply = await server.client.request(method, path, **request)
    body = reply.json()
    assert reply.headers["content-type"] == "application/json;charset=UTF-8"
    assert list(body) == ["status", "statusReason", "message", "toe"]
    assert (body["status"], body["toe"]) == (reply.status_code, reply.headers["x-request-id"])
    return body["status"], body["message"]


async def count(server: Server) -> int:
    return len(await server.runtime.read(instances.search))


async def test_a_message_start_event_is_started_by_its_name(server: Server) -> None:
    message = '<messageEventDefinition messageRef="m"/>'
    body = f'<startEvent id="s" name="Order came in">{message}</startEvent>{flow("s", "x")}<endEvent id="x"/>'
    content = process("Order", body).replace(b"<process ", b'<message id="m" name="order"/><process ', 1)
    await server.deploy(content)
    await put_manifest(server.runtime, (WorkflowMapping("order", start_name="Order came in", parameters=()),))

    assert (await server.start("order"))["status"] == "COMPLETED"


# -- start -----------------------------------------------------------------------------------------


async def test_a_start_is_answered_with_just_the_fields_of_an_instance(server: Server) -> None:
    reply = await server.client.post("/models/addTwoNumbers/start", json=NUMBERS)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json;charset=UTF-8"
    body = reply.json()
    definition = server.runtime.definitions.latest("AddTwoNumbers")
    assert definition is not None
    assert list(body.items()) == [
        ("id", body["id"]),
        ("modelId", definition.uid),
        ("modelName", "AddTwoNumbers"),
        ("modelVersion", "1.1.0"),
        ("bpmnProcessId", "AddTwoNumbers"),
        ("bpmnProcessName", "AddTwoNumbers"),
        ("deploymentId", definition.deployment),
        ("createdBy", USER),
        ("createdOn", "2023-11-14T22:13:20.000Z"),
        ("updatedBy", USER),
        ("updatedOn", "2023-11-14T22:13:20.000Z"),
        ("status", "COMPLETED"),
    ]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", body["id"])


async def test_the_parameters_become_the_process_variables(server: Server) -> None:
    reply = await server.client.post(
        "/models/addTwoNumbers/start", content=b'{"firstNumber": 0.1, "num2": 0.20000000000000000001}'
    )
    row = await server.runtime.read(instances.find, reply.json()["id"])
    assert row is not None
    assert {name: str(value) for name, value in row.variables.items()} == {
        "num1": "0.1",
        "num2": "0.20000000000000000001",
        "sum": "0.30000000000000000001",
    }


@pytest.mark.parametrize(
    ("alias", "status"), [("Stuck", "FAILED"), ("approve", "IN_PROGRESS"), ("AddTwoNumbers", "COMPLETED")]
)
async def test_the_status_is_the_one_of_the_commit(server: Server, alias: str, status: str) -> None:
    started = await server.start(alias, **({"num1": 1, "num2": 2} if status == "COMPLETED" else {}))
    assert started["status"] == status
    assert await server.get(f"/models/{alias}/instance/{started['id']}") == started


async def test_a_process_without_a_mapping_takes_any_object(server: Server) -> None:
    started = await server.start("Stuck", paid=False, lines=[{"count": 1}])
    row = await server.runtime.read(instances.find, started["id"])
    assert row is not None
    assert row.variables == {"paid": False, "lines": [{"count": 1}]}


async def test_an_empty_body_counts_as_an_empty_object(server: Server) -> None:
    reply = await server.client.post("/models/approve/start")
    assert (reply.status_code, reply.json()["status"]) == (200, "IN_PROGRESS")


async def test_wrong_parameters_are_refused_all_at_once_and_nothing_is_started(server: Server) -> None:
    body = {"firstNumber": "5", "thirdNumber": 1}
    assert await refusal(server, "POST", "/models/addTwoNumbers/start", json=body) == (
        400,
        'Nothing was started. firstNumber: must be a number, and is "5". thirdNumber: is no parameter here. '
        "Known are firstNumber, secondNumber. secondNumber: is missing. It must be a number.",
    )
    assert await count(server) == 0


async def test_an_unknown_alias_is_refused_by_its_name(server: Server) -> None:
    status, message = await refusal(server, "POST", "/models/addTwoNumber/start", json=NUMBERS)
    assert status == 404
    assert "the alias 'addTwoNumber'" in message
    assert message.endswith("Did you mean 'addTwoNumbers'?")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"content": b"[1, 2]"}, 400),
        ({"content": b'{"firstNumber": 5,'}, 400),
        ({"content": b'{"firstNumber": NaN}'}, 400),
        ({"content": b'{"firstNumber":' + b"[" * 100 + b"]" * 100 + b"}"}, 400),
        ({"content": b"a=1", "headers": {"content-type": "application/x-www-form-urlencoded"}}, 415),
        ({"content": b'{"a": "' + b"x" * 2_000_000 + b'"}'}, 413),
    ],
    ids=["list", "cut off", "nan", "deep", "form", "large"],
)
async def test_a_body_that_is_no_small_json_object_is_refused(
    server: Server, request_: dict[str, Any], status: int
) -> None:
    assert (await refusal(server, "POST", "/models/addTwoNumbers/start", **request_))[0] == status
    assert await count(server) == 0


async def test_a_wrong_verb_is_refused_with_the_right_one(server: Server) -> None:
    reply = await server.client.get("/models/addTwoNumbers/start")
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


async def test_the_same_idempotency_key_starts_once(server: Server) -> None:
    headers = {"Idempotency-Key": "order-1"}
    first = await server.start("addTwoNumbers", headers, **NUMBERS)
    assert await server.start("addTwoNumbers", headers, **NUMBERS) == first
    assert await count(server) == 1


async def test_an_idempotency_key_is_not_taken_for_another_request(server: Server) -> None:
    headers = {"Idempotency-Key": "order-1"}
    await server.start("addTwoNumbers", headers, **NUMBERS)
    body = NUMBERS | {"firstNumber": 6}
    refused = await refusal(server, "POST", "/models/addTwoNumbers/start", json=body, headers=headers)
    assert refused[0] == 409


async def test_a_repeated_start_shows_the_instance_on_the_version_that_it_has(server: Server) -> None:
    headers = {"Idempotency-Key": "order-1"}
    first = await server.start("addTwoNumbers", headers, **NUMBERS)
    await server.deploy(process("AddTwoNumbers", ADD, version="1.2.0"))
    assert await server.start("addTwoNumbers", headers, **NUMBERS) == first


# -- which version ---------------------------------------------------------------------------------


async def test_the_newest_version_runs_unless_the_mapping_pins_one(server: Server) -> None:
    await server.deploy(process("AddTwoNumbers", ADD, version="1.2.0"))
    pinned = WorkflowMapping("pinned", model_id=(await server.get("/models"))[0]["id"], version="1.1.0")
    await put_manifest(server.runtime, [pinned])
    assert (await server.start("pinned", num1=1, num2=2))["modelVersion"] == "1.1.0"
    assert (await server.start("AddTwoNumbers", num1=1, num2=2))["modelVersion"] == "1.2.0"


async def test_a_version_that_is_not_deployed_is_refused(server: Server) -> None:
    await put_manifest(server.runtime, [WorkflowMapping("add-two-numbers", version="9.0.0")])
    assert await refusal(server, "POST", "/models/add-two-numbers/start", json=NUMBERS) == (
        404,
        "The process 'AddTwoNumbers' has no version '9.0.0'. Deployed are: 1.1.0.",
    )


async def test_a_new_manifest_holds_at_once(server: Server) -> None:
    await server.start("approve")
    await put_manifest(
        server.runtime, [WorkflowMapping("approve", parameters=(Parameter(("a",), "a", "text"),))]
    )
    assert (await refusal(server, "POST", "/models/approve/start", json={}))[0] == 400


async def test_a_process_deployed_later_is_found_by_what_now_fits_best(server: Server) -> None:
    assert (await server.start("approve"))["bpmnProcessId"] == "Approve"
    await server.deploy(process("approve", APPROVE))
    assert (await server.start("approve"))["bpmnProcessId"] == "approve"


async def test_the_manifest_and_the_model_ids_outlive_a_restart(server: Server) -> None:
    before = await server.start("addTwoNumbers", **NUMBERS)
    await server.restart()
    after = await server.start("addTwoNumbers", **NUMBERS)
    assert (after["modelId"], after["deploymentId"]) == (before["modelId"], before["deploymentId"])
    assert await server.get(f"/models/addTwoNumbers/instance/{before['id']}") == before


# -- an instance -----------------------------------------------------------------------------------


async def test_an_instance_tells_who_changed_it_and_when(server: Server) -> None:
    started = await server.start("approve")
    await server.pass_time(1_500)
    [task] = await server.runtime.read(user_tasks.search, instance_id=started["id"])
    await server.send(started["id"], CompleteUserTask(task.scope, task.owner, task.key, {}))
    assert await server.get(f"/models/approve/instance/{started['id']}") == started | {
        "status": "COMPLETED",
        "updatedBy": "9",
        "updatedOn": "2023-11-14T22:13:21.500Z",
    }


async def test_a_cancelled_instance_is_canceled(server: Server) -> None:
    started = await server.start("approve")
    await server.cancel(started["id"])
    assert (await server.get(f"/models/approve/instance/{started['id']}"))["status"] == "CANCELED"


async def test_an_instance_stays_on_its_version(server: Server) -> None:
    started = await server.start("approve")
    await server.deploy(process("Approve", APPROVE, name="Approve it", version="2.0.0"))
    shown = await server.get(f"/models/approve/instance/{started['id']}")
    assert (shown["modelVersion"], shown["deploymentId"]) == ("1.0.0", started["deploymentId"])
    assert (shown["modelName"], shown["bpmnProcessName"]) == ("Approve it", "Approve a holiday")


@pytest.mark.parametrize("instance_id", ["0190f3c8-0000-7000-8000-000000000000", "no-id", "%00"])
async def test_an_unknown_instance_is_refused_by_its_id(server: Server, instance_id: str) -> None:
    status, message = await refusal(server, "GET", f"/models/approve/instance/{instance_id}")
    assert status == 404
    assert instance_id in message or instance_id == "%00"


async def test_an_instance_of_another_model_is_not_found(server: Server) -> None:
    started = await server.start("approve")
    status, message = await refusal(server, "GET", f"/models/addTwoNumbers/instance/{started['id']}")
    assert (status, message) == (404, f"The workflow 'addTwoNumbers' has no instance '{started['id']}'.")


# -- the list of models ----------------------------------------------------------------------------


async def test_a_model_has_just_the_fields_of_a_model(server: Server) -> None:
    await server.pass_time(1000)
    await server.deploy(process("AddTwoNumbers", ADD, version="1.2.0", description="Adds two."))
    models = await server.get("/models")
    assert [model["name"] for model in models] == ["AddTwoNumbers", "Approve a holiday", "Stuck"]
    assert list(models[0].items()) == [
        ("id", (await server.start("addTwoNumbers", **NUMBERS))["modelId"]),
        ("name", "AddTwoNumbers"),
        ("description", "Adds two."),
        ("owner", "7"),
        ("createdBy", "7"),
        ("createdOn", "2023-11-14T22:13:20.000Z"),
        ("updatedBy", "7"),
        ("updatedOn", "2023-11-14T22:13:21.000Z"),
        ("lastVersionUpdatedBy", "7"),
        ("lastVersionUpdatedOn", "2023-11-14T22:13:21.000Z"),
    ]


async def test_a_model_tells_the_permissions_of_the_user_when_asked(server: Server) -> None:
    [permission] = (await server.get("/models", parts="users"))[0]["userPermissions"]
    assert permission == {
        "id": USER,
        "name": "Local user",
        "avatarKey": "",
        "role": "Admin",
        "roleId": 1,
        "permissions": [
            "ADMIN",
            "SHARE",
            "DELETE",
            "WRITE",
            "READ",
            "EXPORT",
            "EXECUTE",
            "READ_CONTENT",
            "UPDATE_CONTENT",
        ],
    }


async def test_another_part_is_refused(server: Server) -> None:
    status, message = await refusal(server, "GET", "/models?parts=groups")
    assert (status, "`parts`" in message) == (400, True)


# -- at once ---------------------------------------------------------------------------------------


async def test_many_starts_at_once_are_all_answered_with_their_own_instance(server: Server) -> None:
    started = await asyncio.gather(*(server.start("addTwoNumbers", **NUMBERS) for _ in range(100)))
    assert len({instance["id"] for instance in started}) == 100
    assert (await server.get("/models/addTwoNumbers/overall"))["completedWorkflows"] == 100
    assert {instance["createdOn"] for instance in started} == {"2023-11-14T22:13:20.000Z"}
    assert server.runtime.clock.now() == START
