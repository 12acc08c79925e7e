"""`penstock deploy`, against a real server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import PROCESS, USER_TASK, Run

pytestmark = pytest.mark.usefixtures("server")


def write(folder: Path, id: str, task: str = USER_TASK) -> Path:
    file = folder / f"{id}.bpmn"
    file.write_text(PROCESS.format(id=id, task=task), encoding="utf-8")
    return file


def test_a_new_process_gets_its_first_version(run: Run, tmp_path: Path) -> None:
    ran = run("deploy", write(tmp_path, "first"), "--json")
    assert ran.status == 0
    [definition] = json.loads(ran.out)["definitions"]
    assert (definition["id"], definition["version"]) == ("first", "1.0.0")


def test_the_same_content_again_is_no_new_version(run: Run, project: Path) -> None:
    before, after = run("deploy", project), run("deploy", project)
    assert before.status == after.status == 0
    assert before.out == after.out


def test_the_version_of_the_command_line_counts(run: Run, tmp_path: Path) -> None:
    assert "7.0.0" in run("deploy", write(tmp_path, "versioned"), "--version", "7.0.0").out


def test_a_dry_run_changes_nothing(run: Run, tmp_path: Path) -> None:
    ran = run("deploy", write(tmp_path, "dry"), "--dry-run")
    assert ran.status == 0
    assert "would deploy" in ran.out
    assert run("start", "dry").status == 3


def test_a_model_with_an_error_is_refused_with_its_findings(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path, "wrong", '<serviceTask id="task"/>')
    ran = run("deploy", file, write(tmp_path, "right"))
    assert ran.status == 5
    assert "wrong.bpmn:6: error at task: " in ran.err
    assert run("start", "right").status == 3


def test_a_missing_file_is_wrong_use(run: Run, tmp_path: Path) -> None:
    ran = run("deploy", tmp_path / "nowhere.bpmn")
    assert ran.status == 2
    assert "nowhere.bpmn" in ran.err


def test_a_project_without_workflows_has_nothing_to_deploy(run: Run, tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    ran = run("deploy", tmp_path)
    assert ran.status == 2
    assert "no .bpmn file" in ran.err
