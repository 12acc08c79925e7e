"""Copies of a SQLite database: made beside a server that writes, checked, and put in its place."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from penstock.store import backup, schema, settings
from penstock.store.backup import back_up, restore
from penstock.store.database import Database, DatabaseError
from penstock.store.opening import open_database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with a setting in it."""
    file = tmp_path / "penstock.db"
    with closing(opened(file)) as database:
        schema.upgrade(database)
        put(database, b"old")
    return file


def opened(file: Path) -> Database:
    return open_database(f"sqlite:///{file}")


def put(database: Database, value: bytes) -> None:
    with database.transaction() as connection:
        settings.put(connection, "what", value)


def found(file: Path) -> bytes | None:
    with closing(opened(file)) as database, database.reading() as connection:
        return settings.get(connection, "what")


def test_a_copy_is_made_while_a_server_writes(file: Path, tmp_path: Path) -> None:
    database = opened(file)
    put(database, b"new")
    stop, writing = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            put(database, b"%d" % (number := number + 1))
            writing.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert writing.wait(30)
    copied = back_up(file, tmp_path / "copy.db")
    stop.set()
    writer.join()
    database.close()
    assert copied.schema == schema.HEAD
    assert copied.size == copied.file.stat().st_size
    value = found(copied.file)
    assert value is not None
    assert int(value) > 0


def test_a_copy_is_one_file_that_only_its_owner_reads(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    copied = back_up(file, folder / "copy.db")
    assert list(folder.iterdir()) == [copied.file]
    assert stat.S_IMODE(copied.file.stat().st_mode) == 0o600


def test_a_copy_does_not_take_the_place_of_a_file(file: Path, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear")
    with pytest.raises(DatabaseError, match="is there already"):
        back_up(file, tmp_path / "letter")
    assert (tmp_path / "letter").read_text() == "dear"


def test_a_damaged_database_is_found_out(file: Path, tmp_path: Path) -> None:
    content = bytearray(file.read_bytes())
    for page in range(3 * 4096, len(content), 4096):  # some are free
        content[page : page + 64] = b"\xff" * 64
    file.write_bytes(content)
    with pytest.raises(DatabaseError, match=r"is damaged|malformed"):
        back_up(file, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
    assert not list(tmp_path.glob("*.partial*"))


def test_a_copy_is_put_in_the_place_of_the_database_which_is_kept(file: Path, tmp_path: Path) -> None:
    copied = back_up(file, tmp_path / "copy.db")
    with closing(opened(file)) as database:
        put(database, b"new")
    restored = restore(copied.file, file)
    assert restored.kept is not None
    assert (found(file), found(restored.kept)) == (b"old", b"new")
    again = restore(copied.file, file)
    assert again.kept not in (None, restored.kept)


def test_nothing_is_restored_beside_a_server(file: Path, tmp_path: Path) -> None:
    copied = back_up(file, tmp_path / "copy.db")
    with closing(opened(file)) as database:
        put(database, b"new")
        with pytest.raises(DatabaseError, match="in use by another Penstock server"):
            restore(copied.file, file)
    assert found(file) == b"new"


def test_a_database_is_restored_where_there_is_none(file: Path, tmp_path: Path) -> None:
    copied = back_up(file, tmp_path / "copy.db")
    assert restore(copied.file, tmp_path / "other.db").kept is None
    assert found(tmp_path / "other.db") == b"old"


def test_what_a_crashed_server_left_in_its_log_is_kept_with_its_file(file: Path, tmp_path: Path) -> None:
    copied = back_up(file, tmp_path / "copy.db")
    crashed = tmp_path / "crashed.db"
    with closing(opened(file)) as database:
        put(database, b"in the log")
        for suffix in ("", "-wal"):
            shutil.copy(f"{file}{suffix}", f"{crashed}{suffix}")
    restored = restore(copied.file, crashed)
    assert restored.kept is not None
    assert (found(crashed), found(restored.kept)) == (b"old", b"in the log")


def test_a_log_without_its_file_does_not_come_to_stand_beside_a_copy(file: Path, tmp_path: Path) -> None:
    copied = back_up(file, tmp_path / "copy.db")
    (tmp_path / "crashed.db-wal").write_bytes(b"of another file")
    restore(copied.file, tmp_path / "crashed.db")
    assert found(tmp_path / "crashed.db") == b"old"
    assert (tmp_path / "crashed.db.before-restore-1-wal").read_bytes() == b"of another file"


@pytest.fixture
def others(file: Path, tmp_path: Path) -> dict[str, Path]:
    """Files that are no copies that this release can use."""
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE x (y)")
        connection.commit()
    newer = back_up(file, tmp_path / "newer.db").file
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    (tmp_path / "letter").write_text("dear" * 2000)
    names = {"nothing": "nothing", "other": "other.db", "newer": "newer.db", "letter": "letter"}
    return {name: tmp_path / file for name, file in (names | {"itself": "penstock.db"}).items()}


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("nothing", "there is no database"),
        ("other", "not one of Penstock's"),
        ("newer", "9999, which is newer than this release"),
        ("letter", "not a database"),
        ("itself", "is the database itself"),
    ],
)
def test_what_is_no_copy_changes_nothing(
    file: Path, others: dict[str, Path], what: str, message: str
) -> None:
    with pytest.raises(DatabaseError, match=message):
        restore(others[what], file)
    assert found(file) == b"old"


def test_a_crash_before_the_end_leaves_the_database_as_it_was(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = back_up(file, tmp_path / "copy.db")
    with closing(opened(file)) as database:
        put(database, b"new")

    def crash(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_to_disk", crash)
    with pytest.raises(DatabaseError, match="No space left on device"):
        restore(copied.file, file)
    assert found(file) == b"new"
