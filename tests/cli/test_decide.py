"""`penstock decide`: a decision from a file, with the rules that matched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from penstock.cli.exits import Exit
from penstock.cli.main import main
from tests.runtime.test_decisions import rating


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "rating.dmn"
    path.write_bytes(rating())
    return str(path)


def test_the_value_is_shown_with_the_rules(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", file, "--decision", "rating", "-v", "amount=250"]) == Exit.OK
    assert capsys.readouterr().out == "high\n  levels: rule much for amount = 250\n"


def test_the_only_decision_needs_no_name_and_json_holds_all(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["decide", file, "-v", "amount=5", "--json"]) == Exit.OK
    said = json.loads(capsys.readouterr().out)
    assert said["value"] == "low"
    assert said["matched"] == [
        {"table": "levels", "rules": ["any"], "inputs": {"amount": 5}, "outputs": ["low"]}
    ]


def test_a_decision_that_is_not_there_is_named(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", file, "--decision", "ratin"]) == Exit.NOT_FOUND
    assert "there is no 'ratin' (did you mean 'rating'?)" in capsys.readouterr().err


def test_a_file_with_an_error_is_refused_with_its_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.dmn").write_bytes(b"<definitions/>")
    assert main(["decide", str(tmp_path / "broken.dmn")]) == Exit.REFUSED
    assert "broken.dmn" in capsys.readouterr().err
