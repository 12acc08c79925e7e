"""`penstock lint`."""

from __future__ import annotations

import json
from pathlib import Path

from penstock.cli.init import write_project

from .conftest import FAILING_TASK, PROCESS, Run


def test_every_error_of_a_file_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "wrong.bpmn"
    file.write_text(PROCESS.format(id="wrong", task='<serviceTask id="task"/>'), encoding="utf-8")
    ran = run("lint", file)
    assert ran.status == 5
    assert f"{file}:6: error" in ran.out
    assert "1 file checked, 1 refused" in ran.out


def test_the_findings_can_be_had_as_json(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "wrong.bpmn"
    file.write_text("no xml", encoding="utf-8")
    ran = run("lint", file, "--json")
    assert ran.status == 5
    [checked] = json.loads(ran.out)
    assert not checked["executable"]
    assert checked["findings"][0]["severity"] == "error"


def test_a_task_that_names_an_unknown_function_of_the_project_is_found(
    run_apart: Run, tmp_path: Path
) -> None:
    write_project(tmp_path / "my-app")
    task = FAILING_TASK.format(function="gret")
    file = tmp_path / "my-app" / "workflows" / "typo.bpmn"
    file.write_text(PROCESS.format(id="typo", task=task), encoding="utf-8")
    ran = run_apart("lint", tmp_path / "my-app")
    assert ran.status == 0
    assert "warning" in ran.out
    assert "greet" in ran.out


def test_a_call_of_a_process_that_no_file_of_the_project_has_is_found(run_apart: Run, tmp_path: Path) -> None:
    write_project(tmp_path / "my-app")
    workflows = tmp_path / "my-app" / "workflows"
    calls = PROCESS.format(id="caller", task='<callActivity id="task" calledElement="calld"/>')
    (workflows / "caller.bpmn").write_text(calls, encoding="utf-8")
    (workflows / "called.bpmn").write_text(
        PROCESS.format(id="called", task='<task id="task"/>'), encoding="utf-8"
    )
    ran = run_apart("lint", tmp_path / "my-app")
    assert "calls the process 'calld', and there is none of that id (did you mean 'called'?)" in ran.out
    (workflows / "caller.bpmn").write_text(calls.replace("calld", "called"), encoding="utf-8")
    assert "calls the process" not in run_apart("lint", tmp_path / "my-app").out


def test_functions_that_do_not_load_are_told(run_apart: Run, tmp_path: Path) -> None:
    write_project(tmp_path / "my-app")
    (tmp_path / "my-app" / "functions" / "bad.py").write_text(
        "import nowhere_to_be_found\n", encoding="utf-8"
    )
    ran = run_apart("lint", tmp_path / "my-app")
    assert ran.status == 5
    assert "bad.py" in ran.err


def test_a_wrong_manifest_is_told_with_its_entry(run: Run, tmp_path: Path) -> None:
    write_project(tmp_path / "my-app")
    (tmp_path / "my-app" / "manifest.json").write_text('{"workflowsMapping": [{}]}', encoding="utf-8")
    ran = run("lint", tmp_path / "my-app")
    assert ran.status == 5
    assert "workflowsMapping[0]" in ran.err


def test_a_file_that_is_not_there_is_wrong_use(run: Run, tmp_path: Path) -> None:
    assert run("lint", tmp_path / "nowhere.bpmn").status == 2
