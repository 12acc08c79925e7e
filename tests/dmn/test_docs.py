"""The examples of `docs/dmn.md` do what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from penstock.cli.main import main

PAGE = (Path(__file__).parents[2] / "docs" / "dmn.md").read_text(encoding="utf-8")


def _block(kind: str) -> str:
    [block] = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return str(block)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rating.dmn").write_text(_block("dmn"))
    monkeypatch.chdir(tmp_path)


def test_the_commands_say_what_is_below_them(capsys: pytest.CaptureFixture[str]) -> None:
    for example in _block("console").split("$ penstock ")[1:]:
        command, _, said = example.partition("\n")
        assert main(command.split()) == 0
        assert capsys.readouterr().out == said


def test_the_python_runs() -> None:
    exec(compile(_block("python"), "docs/dmn.md", "exec"), {})
