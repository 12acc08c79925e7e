"""A project folder under test: real workflows and functions, virtual time, and pytest's fixture."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.testing import InstanceState
from penstock.testing.project import ProjectUnderTest, WorkflowError

EXAMPLE = Path(__file__).parents[2] / "examples" / "add-two-numbers"

WORKFLOW = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <process id="order" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="ship"/>
    <serviceTask id="ship">
      <extensionElements>
        <zeebe:taskDefinition type="ship" retries="2"/>
        <zeebe:ioMapping><zeebe:input source="=order.id" target="id"/></zeebe:ioMapping>
      </extensionElements>
    </serviceTask>
    <boundaryEvent id="gone" attachedToRef="ship"><errorEventDefinition errorRef="e"/></boundaryEvent>
    <sequenceFlow id="f2" sourceRef="ship" targetRef="tell"/>
    <serviceTask id="tell">
      <extensionElements><zeebe:taskDefinition type="tell"/></extensionElements>
    </serviceTask>
    <sequenceFlow id="f3" sourceRef="tell" targetRef="end"/>
    <endEvent id="end"/>
    <sequenceFlow id="f4" sourceRef="gone" targetRef="end"/>
  </process>
  <error id="e" errorCode="GONE"/>
</definitions>
"""

FUNCTIONS = """
from penstock import BpmnError, current_job, task

@task
async def ship(id: str) -> dict[str, object]:
    if id == "gone":
        raise BpmnError("GONE", "sold out", variables={"left": 0})
    if id == "late" and current_job().attempt == 1:
        raise OSError("the line is busy")
    if id == "never":
        raise OSError("the line is dead")
    return {"shipped": id, "attempt": current_job().attempt}

@task
def tell() -> None:
    pass
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "functions").mkdir()
    (tmp_path / "workflows" / "order.bpmn").write_text(WORKFLOW)
    (tmp_path / "functions" / "shipping.py").write_text(FUNCTIONS)
    return tmp_path


@pytest.fixture
def project(folder: Path) -> Iterator[ProjectUnderTest]:
    project = ProjectUnderTest(folder)
    yield project
    project.close()


def test_the_functions_of_a_project_do_its_jobs(project: ProjectUnderTest) -> None:
    run = project.run("order")
    run.start(order={"id": "o-1"})
    assert run.state is InstanceState.COMPLETED
    assert run.variables == {"order": {"id": "o-1"}, "shipped": "o-1", "attempt": 1}


def test_a_function_that_fails_is_tried_again_when_its_pause_is_over(project: ProjectUnderTest) -> None:
    run = project.run("order")
    run.start(order={"id": "late"})
    assert run.waiting == ("job ship",)
    run.advance("PT1S")
    assert run.variables["attempt"] == 2
    assert run.state is InstanceState.COMPLETED


def test_a_function_that_goes_on_failing_is_an_incident(project: ProjectUnderTest) -> None:
    run = project.run("order")
    run.start(order={"id": "never"})
    run.advance("PT1M")
    assert run.waiting == ("incident ship",)
    assert any("the line is dead" in line for line in run.transcript())
    run.resolve("ship", order={"id": "o-1"})
    assert run.state is InstanceState.COMPLETED


def test_a_bpmn_error_of_a_function_goes_to_the_boundary_event(project: ProjectUnderTest) -> None:
    run = project.run("order")
    run.start(order={"id": "gone"})
    assert run.state is InstanceState.COMPLETED
    assert run.variables == {"order": {"id": "gone"}, "left": 0}


def test_a_job_may_be_done_by_hand(project: ProjectUnderTest) -> None:
    run = project.run("order", by_hand=["ship"])
    run.start(order={"id": "o-1"})
    assert run.waiting == ("job ship",)
    run.fail_job("ship")
    run.advance("PT1M")
    assert run.waiting == ("job ship",)
    run.complete_job("ship", shipped="by hand")
    assert run.variables["shipped"] == "by hand"
    assert run.state is InstanceState.COMPLETED


def test_an_unknown_process_is_refused_with_those_that_there_are(project: ProjectUnderTest) -> None:
    with pytest.raises(WorkflowError, match="no workflow has a process 'orders'; there is order"):
        project.run("orders")


def test_a_workflow_with_errors_is_refused_with_all_of_them(folder: Path) -> None:
    (folder / "workflows" / "broken.bpmn").write_text(WORKFLOW.replace('attachedToRef="ship"', ""))
    with pytest.raises(WorkflowError, match=r"broken\.bpmn, line 13: "):
        ProjectUnderTest(folder)


def test_the_example_adds_two_numbers() -> None:
    project = ProjectUnderTest(EXAMPLE)
    (process,) = project.processes
    run = project.run(process)
    run.start(num1=5, num2=7)
    assert run.state is InstanceState.COMPLETED
    assert run.variables["sum"] == 12
    project.close()


def test_the_fixture_finds_the_project_and_a_failure_shows_what_happened(folder: Path) -> None:
    (folder / "tests").mkdir()
    (folder / "tests" / "test_order.py").write_text("""
def test_an_order_is_shipped(penstock_project):
    run = penstock_project.run("order")
    run.start(order={"id": "o-1"})
    assert run.variables["shipped"] == "o-1"

def test_a_dead_line_is_no_matter(penstock_project):
    run = penstock_project.run("order")
    run.start(order={"id": "never"})
    assert run.waiting == ()
""")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-q",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "Penstock run of order" in done.stdout
    assert "job ship failed (OSError: the line is dead), 1 try left" in done.stdout
    assert "waits for: job ship" in done.stdout


HEARD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <process id="heard" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="ask"/>
    <userTask id="ask">
      <extensionElements>
        <zeebe:taskListeners><zeebe:taskListener eventType="completing" type="check"/></zeebe:taskListeners>
        <zeebe:executionListeners>
          <zeebe:executionListener eventType="end" type="note"/>
        </zeebe:executionListeners>
      </extensionElements>
    </userTask>
    <sequenceFlow id="f2" sourceRef="ask" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>
"""

LISTENERS = """
from penstock import Denied, current_job, task

@task
def check(sure: bool) -> None:
    if not sure:
        raise Denied(f"{current_job().listener}: not sure")

@task
def note() -> dict[str, object]:
    return {"noted": current_job().kind}
"""


def test_functions_that_listen_are_called_too(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "functions").mkdir()
    (tmp_path / "workflows" / "heard.bpmn").write_text(HEARD)
    (tmp_path / "functions" / "listeners.py").write_text(LISTENERS)
    project = ProjectUnderTest(tmp_path)
    run = project.run("heard")
    run.start()

    run.complete_task("ask", sure=False)
    assert run.waiting == ("user task ask",)
    assert "completing of user task ask denied (completing: not sure)" in run.transcript()
    run.complete_task("ask", sure=True)
    project.close()

    assert run.state is InstanceState.COMPLETED
    assert run.variables == {"sure": True, "noted": "execution_listener"}
