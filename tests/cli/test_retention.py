"""`penstock retention run`: what a person sees of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def database(run: Run, tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/x.db"
    run("db", "upgrade", tmp_path, "--database", url)
    return url


def test_an_empty_database_has_nothing_to_archive(run: Run, tmp_path: Path, database: str) -> None:
    flags = ("--older-than", "30d", "--archive", tmp_path / "archive", "--database", database, "--json")
    found = run("retention", "run", tmp_path, *flags, "--dry-run")
    assert json.loads(found.out) == {"instances": 0, "processes": {}}
    assert not (tmp_path / "archive").exists()
    done = run("retention", "run", tmp_path, *flags)
    assert json.loads(done.out) == {"instances": 0, "files": 0, "archive": str(tmp_path / "archive")}


def test_how_long_and_where_to_must_be_said(run: Run, tmp_path: Path, database: str) -> None:
    ran = run("retention", "run", tmp_path, "--database", database)
    assert (ran.status, "--older-than and --archive" in ran.err) == (2, True)
    ran = run("retention", "run", tmp_path, "--database", database, "--older-than", "30d")
    assert (ran.status, "not where they are archived to" in ran.err) == (2, True)
    ran = run("retention", "run", tmp_path, "--older-than", "long ago")
    assert (ran.status, "--older-than is 'long ago', but it must be a time above zero" in ran.err) == (
        2,
        True,
    )
