"""The example project itself: its manifest fits its workflow, which has nothing to be said against it."""

from __future__ import annotations

import subprocess
import sys

from penstock import bpmn
from penstock.api.domo.manifest import parse_manifest
from tests.journeys.toolkit.conftest import EXAMPLE


def test_the_manifest_maps_the_version_that_is_deployed() -> None:
    [mapping] = parse_manifest((EXAMPLE / "manifest.json").read_bytes())
    [process] = bpmn.read((EXAMPLE / "workflows" / "add-two-numbers.bpmn").read_bytes()).processes
    assert (mapping.alias, mapping.version, process.version_tag) == ("addTwoNumbers", "1.1.0", "1.1.0")
    assert [(parameter.keys, parameter.type) for parameter in mapping.parameters or ()] == [
        (("firstNumber", "num1"), "number"),
        (("secondNumber", "num2"), "number"),
    ]


def test_nothing_is_to_be_said_against_the_workflow() -> None:
    data = (EXAMPLE / "workflows" / "add-two-numbers.bpmn").read_bytes()
    reading = bpmn.read(data, known=bpmn.Known(["add"]))
    assert reading.executable
    assert reading.findings == ()


def test_the_tests_of_the_project_pass() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    run = subprocess.run(command, cwd=EXAMPLE, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert "2 passed" in run.stdout
