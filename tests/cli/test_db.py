"""`penstock db`: the schema is made, shown and checked, and what a person sees of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from penstock.store import schema
from penstock.store.opening import open_database
from penstock.store.schema import HEAD
from tests import databases
from tests.cli.conftest import Run


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with databases.empty_postgres() as url:
        monkeypatch.setenv("PENSTOCK_DATABASE", url)
        yield url


@pytest.mark.usefixtures("url")
def test_a_database_is_prepared_by_hand(run: Run, tmp_path: Path) -> None:
    checked = run("db", "check", tmp_path)
    assert checked.status == 1
    assert "the schema is empty" in checked.err
    assert "penstock db upgrade" in checked.err
    assert run("db", "upgrade", tmp_path).status == 0
    assert json.loads(run("db", "current", tmp_path, "--json").out) == {"current": HEAD, "needed": HEAD}
    assert run("db", "check", tmp_path).status == 0


@pytest.mark.usefixtures("url")
def test_a_server_says_what_to_run(run_apart: Run, project: Path) -> None:
    ran = run_apart("serve", project, "--port", "0")
    assert ran.status == 1
    assert "run `penstock db upgrade`" in ran.err
    assert ran.err.count("\n") == 1


def test_two_upgrades_at_once_make_one_schema(url: str) -> None:
    opened = [open_database(url) for _ in range(2)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(schema.upgrade, opened))
    assert [schema.check(database) for database in opened] == [HEAD, HEAD]
    for database in opened:
        database.close()


def test_a_sqlite_file_is_prepared_too(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    assert run("db", "upgrade", tmp_path, "--database", url).out.endswith(
        f"the schema is {HEAD}; it was empty\n"
    )
    assert run("db", "check", tmp_path, "--database", url).status == 0


def test_a_database_is_backed_up_restored_and_moved(run: Run, tmp_path: Path, url: str) -> None:
    file = f"sqlite:///{tmp_path}/x.db"
    run("db", "upgrade", tmp_path, "--database", file)
    copied = run("backup", tmp_path / "copy.db", tmp_path, "--database", file, "--json")
    assert json.loads(copied.out)["schema"] == HEAD
    restored = run("restore", tmp_path / "copy.db", tmp_path, "--database", file)
    assert f"what was there is kept as {tmp_path}/x.db.before-restore-1" in restored.out
    moved = run("move", "--from", file, "--to", url)
    assert (moved.status, "moved " in moved.out) == (0, True)
    again = run("move", "--from", file, "--to", "postgresql://nobody:secret@127.0.0.1:1/x")
    assert again.status == 1
    assert "secret" not in again.err


@pytest.mark.usefixtures("url")
def test_what_is_for_one_kind_of_database_is_refused_for_the_other(run: Run, tmp_path: Path) -> None:
    assert "a PostgreSQL database has its own: pg_dump" in run("backup", tmp_path / "x", tmp_path).err
    moved = run("move", "--from", "postgresql://localhost/x", "--to", f"sqlite:///{tmp_path}/x.db")
    assert (moved.status, moved.err.count("\n")) == (2, 1)
