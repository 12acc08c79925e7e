"""The command line as a whole."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from penstock import __version__
from penstock.cli.exits import MEANING, Exit
from penstock.cli.variables import parse_variables

from .conftest import Run


def test_the_version_is_told(run: Run) -> None:
    assert run("version").out.startswith(f"penstock {__version__} ")
    assert json.loads(run("version", "--json").out)["penstock"] == __version__


def test_the_version_is_told_without_loading_the_server() -> None:
    code = (
        "import sys; from penstock.cli.main import main; main(['version']);"
        "sys.exit(bool({'lxml', 'sqlalchemy', 'uvicorn', 'httpx2', 'starlette'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_help_tells_the_meaning_of_every_exit_status(run: Run) -> None:
    told = " ".join(run("--help").out.split())
    for code, meaning in MEANING.items():
        assert f"{code.value} {meaning}" in told


def test_every_exit_status_has_a_meaning() -> None:
    assert set(MEANING) == set(Exit)


@pytest.mark.parametrize("arguments", [["nothing"], ["ps", "--limit", "x"], ["inspect"], ["start"]])
def test_wrong_use_is_told(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.status == 2
    assert "Traceback" not in ran.err


def test_a_wrong_setting_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "penstock.toml").write_text("port = 'many'", encoding="utf-8")
    for command in ("config", "show"), ("serve",):
        ran = run(*command, tmp_path)
        assert ran.status == 2
        assert "penstock.toml: port is 'many'" in ran.err
        assert ran.err.count("\n") == 1


def test_the_settings_are_shown_with_their_origin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_TOKEN", "secret")
    ran = run("config", "show", "--json")
    assert json.loads(ran.out)["token"] == {"value": "********", "origin": "PENSTOCK_TOKEN"}
    assert "secret" not in run("config", "show").out


def test_a_port_that_is_taken_is_one_line(run_apart: Run, project: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port, database = str(taken.getsockname()[1]), f"sqlite:///{tmp_path}/other.db"
        ran = run_apart("serve", project, "--port", port, "--database", database)
    assert ran.status == 1
    assert ran.err.startswith("penstock: cannot listen on 127.0.0.1")
    assert ran.err.count("\n") == 1


def test_a_database_that_another_server_has_is_one_line(run_apart: Run, project: Path, address: str) -> None:
    ran = run_apart("serve", project, "--port", "0")
    assert ran.status == 1
    assert ran.err.startswith("penstock: ")
    assert "penstock.db" in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(("command", "status"), [("serve", 1), ("lint", 2), ("deploy", 2)])
def test_a_folder_that_is_no_project_is_one_line(
    run_apart: Run, tmp_path: Path, command: str, status: int
) -> None:
    ran = run_apart(command, tmp_path)
    assert ran.status == status
    assert "is no project folder" in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (["a=1"], {"a": 1}),
        (["a=text"], {"a": "text"}),
        (['a="1"'], {"a": "1"}),
        (["a="], {"a": ""}),
        (["a=b=c"], {"a": "b=c"}),
        (["a=[1, null]", "b=true"], {"a": [1, None], "b": True}),
        (["a=1", "a=2"], {"a": 2}),
        (["a=NaN"], {"a": "NaN"}),
    ],
)
def test_a_value_that_reads_as_json_is_that_value(arguments: list[str], variables: dict[str, object]) -> None:
    assert parse_variables(arguments) == variables


@pytest.mark.parametrize("argument", ["a", "=1", "@nowhere.json", "a=@nowhere.json", "@list.json"])
def test_a_variable_that_cannot_be_read_is_wrong_use(run: Run, tmp_path: Path, argument: str) -> None:
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    ran = run("start", "hello", "-v", argument.replace("@list", f"@{tmp_path}/list"))
    assert ran.status == 2
    assert ran.err.count("\n") == 1
