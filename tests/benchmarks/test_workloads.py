"""The workloads are valid BPMN that Penstock runs to the result which every engine is held to."""

from __future__ import annotations

import pytest

from benchmarks.workloads import (
    AWAIT_MESSAGE,
    AWAIT_SIGNAL,
    COMPARED,
    COMPLETION,
    WAITING,
    Dialect,
    Workload,
    loop,
    loop_with_wait,
)
from penstock import bpmn
from penstock.kernel import InstanceState
from penstock.testing import Run

EVERY = (*COMPARED, WAITING, loop(5), loop_with_wait(5))


def named(workload: Workload) -> str:
    return workload.name


def run_of(workload: Workload) -> Run:
    reading = bpmn.read(workload.xml().encode())
    (process,) = reading.processes
    assert process.definition is not None, reading.findings
    run = Run(process.definition)
    run.start(**workload.variables)
    return run


@pytest.mark.parametrize("workload", EVERY, ids=named)
def test_a_workload_is_executable_without_an_error(workload: Workload):
    reading = bpmn.read(workload.xml().encode())
    assert reading.executable
    assert reading.errors == ()


@pytest.mark.parametrize("workload", COMPARED, ids=named)
def test_a_compared_workload_ends_with_its_result(workload: Workload):
    run = run_of(workload)
    if run.state is InstanceState.ACTIVE:
        run.complete_task("approve", **COMPLETION)
    assert run.state is InstanceState.COMPLETED
    assert workload.result.items() <= run.variables.items()


def test_the_waiting_workload_waits():
    assert run_of(WAITING).state is InstanceState.ACTIVE


@pytest.mark.parametrize(("workload", "what"), [(AWAIT_MESSAGE, "message"), (AWAIT_SIGNAL, "signal")])
def test_those_who_wait_for_something_from_outside_wait(workload: Workload, what: str):
    assert run_of(workload).waiting == (f"{what} wait",)


def test_the_loop_goes_round_as_often_as_it_says():
    run = run_of(loop(5))
    assert run.state is InstanceState.COMPLETED
    assert run.variables["count"] == 5


def test_the_loop_with_a_user_task_waits_once_in_each_round():
    run = run_of(loop_with_wait(5))
    for done in range(1, 6):
        assert run.variables["count"] == done
        run.complete_task("check")
    assert run.state is InstanceState.COMPLETED


@pytest.mark.parametrize("workload", EVERY, ids=named)
def test_the_peers_get_the_same_elements_and_flows(workload: Workload):
    def skeleton(dialect: Dialect) -> list[str]:
        lines = workload.xml(dialect).splitlines()
        return [line.split(">")[0].rstrip("/") for line in lines if " id=" in line]

    assert skeleton(Dialect.PYTHON) == skeleton(Dialect.FEEL)
