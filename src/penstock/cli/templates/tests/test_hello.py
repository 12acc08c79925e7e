"""Run with `pytest`. `penstock_project` is this project, in virtual time and without a server."""

from __future__ import annotations

import pytest
from functions.greetings import greet

from penstock import BpmnError
from penstock.testing import InstanceState
from penstock.testing.project import ProjectUnderTest


def test_a_greeting_names_the_person() -> None:
    assert greet("Ada") == "Hello, Ada!"


def test_nobody_cannot_be_greeted() -> None:
    with pytest.raises(BpmnError, match="NO_NAME"):
        greet(" ")


def test_the_workflow_keeps_the_greeting(penstock_project: ProjectUnderTest) -> None:
    run = penstock_project.run("hello")
    run.start(name="Ada")
    assert run.state is InstanceState.COMPLETED
    assert run.variables["greeting"] == "Hello, Ada!"


def test_the_workflow_has_a_way_out_when_nobody_is_there(penstock_project: ProjectUnderTest) -> None:
    run = penstock_project.run("hello")
    run.start(name=" ")
    assert run.state is InstanceState.COMPLETED
    assert "greeting" not in run.variables
