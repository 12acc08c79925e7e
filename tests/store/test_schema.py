"""The schema: built by migrations, equal to the tables, copied before a change, refused when newer."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from penstock.store import schema
from penstock.store.database import Database, DatabaseError
from penstock.store.opening import open_database
from penstock.store.tables import metadata


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'penstock.db'}"


def opened(url: str) -> Database:
    database = open_database(url)
    schema.upgrade(database)
    return database


def test_the_migrations_build_just_the_tables(url: str) -> None:
    database = opened(url)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_the_head_that_a_start_compares_with_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(schema._config()).get_current_head() == schema.HEAD


def test_an_upgrade_of_an_up_to_date_database_does_nothing(url: str) -> None:
    database = opened(url)
    schema.upgrade(database)
    database.close()
    assert not list(Path(database.path).parent.glob("*.before-*"))


def test_a_newer_schema_is_refused_and_left_as_it_is(url: str) -> None:
    database = opened(url)
    with database.transaction() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="9999, which is newer than this release"):
        schema.upgrade(database)
    with database.reading() as connection:
        assert schema.current(connection) == "9999"
    database.close()


def test_a_database_of_an_older_release_is_copied_before_it_is_upgraded(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = opened(url)
    migrated: list[str] = []
    head = schema.HEAD
    monkeypatch.setattr(schema, "HEAD", "9998")
    monkeypatch.setattr(schema, "_migrate", lambda _database: migrated.append("yes"))
    schema.upgrade(database)
    copy = Path(f"{database.path}.before-9998")
    database.close()
    assert migrated == ["yes"]
    engine = sa.create_engine(f"sqlite:///{copy}")
    with engine.connect() as connection:
        assert schema.current(connection) == head
    engine.dispose()


def test_a_second_server_on_the_same_database_is_refused(url: str) -> None:
    database = opened(url)
    with pytest.raises(DatabaseError, match="in use by another Penstock server"):
        open_database(url)
    database.close()
    open_database(url).close()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "the database URL cannot be read"),
        ("mysql://localhost/x", "'mysql' databases are not supported"),
        ("sqlite://", "must be a file"),
        ("sqlite:////proc/nowhere/x.db", "cannot use the database /proc/nowhere/x.db"),
    ],
)
def test_an_unusable_database_is_refused_in_one_sentence(url: str, message: str) -> None:
    with pytest.raises(DatabaseError, match=message) as caught:
        open_database(url)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(DatabaseError, match="not a database"):
        open_database(f"sqlite:///{tmp_path / 'x.db'}")


def test_a_reader_cannot_write(url: str) -> None:
    database = opened(url)
    with database.reading() as connection, pytest.raises(sa.exc.OperationalError, match="readonly"):
        connection.execute(sa.text("DELETE FROM instance"))
    database.close()
