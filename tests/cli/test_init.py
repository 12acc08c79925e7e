"""`penstock init`: the new project is whole, and its own tests pass."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .conftest import Run


def test_a_new_project_lints_without_a_finding(run_apart: Run, tmp_path: Path) -> None:
    assert run_apart("init", tmp_path / "my-app").status == 0
    ran = run_apart("lint", tmp_path / "my-app")
    assert (ran.status, ran.out, ran.err) == (0, "1 file checked, 0 refused\n", "")


def test_the_tests_of_a_new_project_pass(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "my-app")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    ended = subprocess.run(command, cwd=tmp_path / "my-app", capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout
    assert "4 passed" in ended.stdout


def test_the_files_are_told_and_carry_the_name(run: Run, tmp_path: Path) -> None:
    ran = run("init", tmp_path / "my-app", "--json")
    written = json.loads(ran.out)["files"]
    assert {"manifest.json", "workflows/hello.bpmn", "functions/greetings.py", ".gitignore"} <= set(written)
    assert (tmp_path / "my-app" / "README.md").read_text(encoding="utf-8").startswith("# my-app\n")
    assert sorted(written) == sorted(
        file.relative_to(tmp_path / "my-app").as_posix()
        for file in (tmp_path / "my-app").rglob("*")
        if file.is_file()
    )


def test_an_empty_folder_is_taken(run: Run, tmp_path: Path) -> None:
    assert run("init", tmp_path).status == 0


def test_a_folder_with_anything_in_it_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    ran = run("init", tmp_path)
    assert ran.status == 2
    assert "not empty" in ran.err
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_of_that_name_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "my-app").touch()
    assert run("init", tmp_path / "my-app").status == 2
