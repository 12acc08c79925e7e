"""Run with `pytest`."""

from __future__ import annotations

from pathlib import Path

import pytest
from functions.greetings import greet

from penstock import BpmnError, bpmn

PROJECT = Path(__file__).parents[1]


def test_a_greeting_names_the_person() -> None:
    assert greet("Ada") == "Hello, Ada!"


def test_nobody_cannot_be_greeted() -> None:
    with pytest.raises(BpmnError, match="NO_NAME"):
        greet(" ")


def test_the_workflow_has_no_errors_and_calls_a_function_that_is_there() -> None:
    file = PROJECT / "workflows" / "hello.bpmn"
    reading = bpmn.read(file.read_bytes(), file=file.name, functions={"greet"})
    assert reading.executable
    assert not reading.findings
