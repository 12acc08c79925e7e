"""An app of Domo on our server, unchanged: the toolkit's WorkflowClient does what its documentation says."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from tests.journeys.toolkit.conftest import Call, RequestError

ALIAS = "addTwoNumbers"
NUMBERS = {"firstNumber": 5, "secondNumber": 7}

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
INSTANCE = {
    "id", "modelId", "modelName", "modelVersion", "bpmnProcessId", "bpmnProcessName",
    "deploymentId", "createdBy", "createdOn", "updatedBy", "updatedOn", "status",
}  # fmt: skip
METRICS = {
    "modelId", "version", "completedWorkflows", "inProgressWorkflows", "failedWorkflows",
    "canceledWorkflows", "averageCycleTime", "instanceMetric",
}  # fmt: skip
METRIC = {
    "instanceId", "modelId", "version", "creatorId", "workflowStartTime", "workflowEndTime",
    "workflowCancelTime", "workflowCycleTime", "status",
}  # fmt: skip
MODEL = {
    "id", "name", "description", "owner", "createdBy", "createdOn", "updatedBy", "updatedOn",
    "lastVersionUpdatedBy", "lastVersionUpdatedOn",
}  # fmt: skip


def ended(call: Call, instance_id: str) -> dict[str, Any]:
    """Ask for an instance, as an app does, until it has ended."""
    for _ in range(200):
        instance: dict[str, Any] = call("getInstance", ALIAS, instance_id)
        if instance["status"] not in (None, "IN_PROGRESS"):
            return instance
        time.sleep(0.05)
    raise AssertionError(f"{instance_id} has not ended")


def test_a_workflow_is_started_and_its_instance_followed_to_its_end(call: Call) -> None:
    started = call("startModel", ALIAS, NUMBERS)
    assert started.keys() == INSTANCE
    assert (started["modelName"], started["modelVersion"]) == ("AddTwoNumbers", "1.1.0")
    assert started["status"] in (None, "IN_PROGRESS", "COMPLETED")
    assert TIME.fullmatch(started["createdOn"])
    assert ended(call, started["id"]) == started | {
        "status": "COMPLETED",
        "updatedOn": call("getInstance", ALIAS, started["id"])["updatedOn"],
    }


def test_the_details_of_a_model_count_its_instances(call: Call) -> None:
    before = call("getModelDetails", ALIAS)
    started = call("startModel", ALIAS, NUMBERS)
    ended(call, started["id"])
    details = call("getModelDetails", ALIAS)
    assert details.keys() == METRICS
    assert details["completedWorkflows"] == before["completedWorkflows"] + 1
    assert (details["modelId"], details["version"]) == (started["modelId"], "1.1.0")
    newest = details["instanceMetric"][0]
    assert newest.keys() == METRIC
    assert (newest["instanceId"], newest["status"]) == (started["id"], "COMPLETED")
    assert newest["workflowStartTime"] == started["createdOn"]
    assert TIME.fullmatch(newest["workflowEndTime"])
    assert newest["workflowCancelTime"] is None
    assert isinstance(newest["workflowCycleTime"], int)


def test_all_models_are_listed(call: Call) -> None:
    [model] = call("getAllModels")
    assert model.keys() == MODEL
    assert model["id"] == call("getModelDetails", ALIAS)["modelId"]
    assert model["name"] == "AddTwoNumbers"


def test_all_models_are_listed_with_what_the_user_may_do(call: Call) -> None:
    [model] = call("getAllModels", True)
    assert model.keys() == MODEL | {"userPermissions"}
    [permission] = model["userPermissions"]
    assert permission.keys() == {"id", "name", "avatarKey", "role", "roleId", "permissions"}
    assert "EXECUTE" in permission["permissions"]


@pytest.mark.parametrize(
    ("method", "args", "status"),
    [
        ("startModel", ["addTwoNumbers", {"firstNumber": "5", "secondNumber": 7}], "400 Bad Request"),
        ("startModel", ["addTwoNumbers", {"firstNumber": 5}], "400 Bad Request"),
        ("startModel", ["nothing", {}], "404 Not Found"),
        ("getModelDetails", ["nothing"], "404 Not Found"),
        ("getInstance", ["addTwoNumbers", "01a20c84-2366-7f51-a32c-41466847dfb3"], "404 Not Found"),
    ],
)
def test_an_error_rejects_the_call_with_its_status(
    call: Call, method: str, args: list[Any], status: str
) -> None:
    with pytest.raises(RequestError, match=status):
        call(method, *args)
