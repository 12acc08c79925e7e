"""`dev.py`, which has to work before anything is installed."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_older_python_can_read_it() -> None:
    ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"))
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    parts = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    assert {name.partition(".")[0] for name in plain | parts} <= set(sys.stdlib_module_names)


def test_an_older_python_is_told_what_is_needed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    assert dev.main(["demo"]) == 2
    assert "needs Python 3.11 or newer" in capsys.readouterr().err


def test_an_installed_environment_is_left_as_it_is(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "VENV", tmp_path)
    monkeypatch.setattr(dev, "must", pytest.fail)
    dev._script("penstock").parent.mkdir()
    dev._script("penstock").touch()
    stamp = dev._digest(dev.REQUIREMENTS / "dev.txt", ROOT / "pyproject.toml")
    (tmp_path / "penstock.stamp").write_text(stamp)
    dev.install("base.txt")
    dev.install("dev.txt")


def test_a_failing_check_does_not_hide_the_others(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def run(command: list[str], _environment: object = None) -> int:
        ran.append(Path(command[0]).name)
        return 1 if ran[-1] == "ruff" else 0

    monkeypatch.setattr(dev, "run", run)
    monkeypatch.setattr(dev, "install", lambda _requirements: None)
    assert dev.main(["check"]) == 1
    assert ran == ["ruff", "ruff", "mypy", "lint-imports"]


def test_an_unknown_argument_of_the_demo_is_refused(dev: ModuleType) -> None:
    with pytest.raises(SystemExit) as refused:
        dev.main(["demo", "--twice"])
    assert refused.value.code == 2


def test_the_requirements_pin_every_package_with_hashes() -> None:
    for name in ("base.txt", "dev.txt", "node.txt"):
        lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
        packages = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert packages
        assert [line for line in packages if "==" not in line or not line.endswith("\\")] == []
