"""Listeners in a real server: Python functions in worker processes hold back what they listen to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx2
import pytest

from tests.bpmn.models import around, extended, process_of
from tests.journeys.server import PATIENCE_S, Server, eventually, write_project

FUNCTIONS = """
    from penstock import Denied, current_job, task


    @task
    def open_file() -> dict:
        return {"file": 7, "heard": current_job().listener}


    @task
    def triage() -> dict:
        return {"priority": 80}


    @task
    def check(approved: bool) -> None:
        if not approved:
            raise Denied(f"{current_job().user_task.priority} is too much to be refused")


    @task
    def close_file(file: int) -> dict:
        return {"closed": file}
"""

PROCESS = "".join(
    (
        "<extensionElements><zeebe:executionListeners>",
        '<zeebe:executionListener eventType="start" type="open_file"/>',
        '<zeebe:executionListener eventType="end" type="close_file"/>',
        "</zeebe:executionListeners></extensionElements>",
        around(
            extended(
                "userTask",
                '<zeebe:taskListeners><zeebe:taskListener eventType="creating" type="triage"/>'
                '<zeebe:taskListener eventType="completing" type="check"/></zeebe:taskListeners>',
            )
        ),
    )
)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx2.Client]:
    project = write_project(tmp_path)
    (project / "functions" / "listeners.py").write_text(dedent(FUNCTIONS))
    content = process_of(PROCESS).replace(b'<process id="p"', b'<process id="heard"')
    (project / "workflows" / "heard.bpmn").write_bytes(content)
    server = Server(project, "--no-access-log")
    with httpx2.Client(base_url=f"{server.address}/api/v1", timeout=PATIENCE_S) as client:
        yield client
    server.kill()


def test_functions_listen_to_a_process_and_to_its_user_task(client: httpx2.Client) -> None:
    id = client.post("/process-instances", json={"processId": "heard"}).json()["id"]

    def tasks() -> list[Any]:
        found: list[Any] = client.get("/tasks", params={"processInstance": id, "state": "open"}).json()[
            "items"
        ]
        return found

    (task,) = eventually(tasks)
    assert (task["priority"], task["variables"]) == (80, {"file": 7, "heard": "start"})

    denied = client.post(f"/tasks/{task['id']}/complete", json={"variables": {"approved": False}})
    assert (denied.status_code, "80 is too much" in denied.text) == (409, True)
    assert client.get(f"/tasks/{task['id']}").json()["state"] == "open"
    done = client.post(f"/tasks/{task['id']}/complete", json={"variables": {"approved": True}})
    assert (done.status_code, done.json()["state"]) == (200, "completed")

    def ended() -> Any:
        instance = client.get(f"/process-instances/{id}").json()
        return instance if instance["state"] == "completed" else None

    assert eventually(ended)["variables"] == {"file": 7, "heard": "start", "approved": True, "closed": 7}
