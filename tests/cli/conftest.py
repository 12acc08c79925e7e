"""A server that is really started, with a project that `penstock init` wrote and two workflows more."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from penstock.cli.init import write_project
from penstock.cli.main import main

TOKEN = "a-token-for-tests"
PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="tests">
  <process id="{id}" isExecutable="true">
    <startEvent id="start"/><sequenceFlow id="in" sourceRef="start" targetRef="task"/>
    {task}
    <sequenceFlow id="out" sourceRef="task" targetRef="end"/><endEvent id="end"/>
  </process>
</definitions>
"""
AD_HOC = (
    '<adHocSubProcess id="task"><userTask id="call"/><userTask id="note"/>'
    "<completionCondition>=solved = true</completionCondition></adHocSubProcess>"
)
USER_TASK = '<userTask id="task" name="Approve"/>'
FAILING_TASK = (
    '<serviceTask id="task"><extensionElements><zeebe:taskDefinition type="{function}" retries="1"/>'
    "</extensionElements></serviceTask>"
)


class Ran(NamedTuple):
    """What a command line came to."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process."""

    def run_it(*arguments: str | Path) -> Ran:
        status = main([str(argument) for argument in arguments])
        return Ran(status, *capsys.readouterr())

    return run_it


@pytest.fixture
def run_apart() -> Run:
    """Run a command line in a process of its own: for commands that set the logs of their process up."""

    def run_it(*arguments: str | Path) -> Ran:
        command = [Path(sys.executable).with_name("penstock"), *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return Ran(ended.returncode, ended.stdout, ended.stderr)

    return run_it


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project: `hello`, `approve` (waits for a person), `case` (ad hoc) and `broken` (fails)."""
    folder = tmp_path_factory.mktemp("cli") / "my-app"
    write_project(folder)
    workflows = folder / "workflows"
    (workflows / "approve.bpmn").write_text(PROCESS.format(id="approve", task=USER_TASK), encoding="utf-8")
    (workflows / "case.bpmn").write_text(PROCESS.format(id="case", task=AD_HOC), encoding="utf-8")
    task = FAILING_TASK.format(function="fail")
    (workflows / "broken.bpmn").write_text(PROCESS.format(id="broken", task=task), encoding="utf-8")
    (folder / "functions" / "failing.py").write_text(
        "from penstock import task\n\n\n@task\ndef fail() -> None:\n    raise ValueError('on purpose')\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="session")
def address(project: Path) -> Iterator[str]:
    """The address of the server, until the tests end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")}
    log = project.parent / "server.log"
    command = [Path(sys.executable).with_name("penstock"), "serve", project, "--port", "0", "--token", TOKEN]
    with log.open("w") as errors:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        assert server.stdout is not None
        with server.stdout:
            line = server.stdout.readline()
            assert "http://" in line, log.read_text()
            yield line.split()[-1].rstrip("/")
            server.terminate()
            assert server.wait(timeout=30) == 0, log.read_text()


@pytest.fixture
def server(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let client commands find the server, from an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PENSTOCK_SERVER", address)
    monkeypatch.setenv("PENSTOCK_TOKEN", TOKEN)
    return address
