"""PostgreSQL as the database: its schema, who may have it, and what happens when connections break."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from penstock.runtime.clock import DatabaseClock
from penstock.store import postgres, schema, settings, timers
from penstock.store.database import OPERATIONAL, Database, DatabaseError
from penstock.store.opening import open_database
from penstock.store.tables import metadata
from tests import databases


@pytest.fixture
def url() -> Iterator[str]:
    with databases.empty_postgres() as url:
        yield url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = open_database(url)
    schema.upgrade(database)
    yield database
    database.close()


def cut_off(url: str) -> None:
    """End every session of the database but the one that does it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_the_migrations_build_just_the_tables(database: Database) -> None:
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_server_leaves_the_schema_to_those_who_run_the_database(url: str) -> None:
    database = open_database(url)
    with pytest.raises(DatabaseError, match="has no schema yet: run `penstock db upgrade`"):
        schema.prepare(database)
    assert schema.check(database) is None
    schema.upgrade(database)
    schema.prepare(database)
    database.close()


def test_a_schema_of_a_newer_release_is_refused(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="9999, which is newer than this release"):
        schema.prepare(database)


def test_many_nodes_have_one_database(database: Database, url: str) -> None:
    other = open_database(url)
    with database.transaction() as connection:
        settings.put(connection, "a", b"1")
    with other.reading() as connection:
        assert settings.get(connection, "a") == b"1"
    other.close()


def test_a_reader_cannot_write(database: Database) -> None:
    with database.reading() as connection, pytest.raises(sa.exc.InternalError, match="read-only"):
        connection.execute(sa.text("DELETE FROM instance"))


def test_a_writer_goes_on_after_its_connection_broke(database: Database, url: str) -> None:
    with database.writer() as writer:
        with writer.begin():
            settings.put(writer, "a", b"1")
        cut_off(url)
        with pytest.raises(OPERATIONAL), writer.begin():
            settings.put(writer, "a", b"2")
        database.mend(writer)
        with writer.begin():
            settings.put(writer, "a", b"3")
    with database.reading() as reader:
        assert settings.get(reader, "a") == b"3"


def test_no_reader_fails_for_a_connection_that_was_cut_off_while_nobody_used_it(
    database: Database, url: str
) -> None:
    with database.reading(), database.reading(), database.reading():
        pass  # so many are kept from now on
    cut_off(url)
    with database.reading() as one, database.reading() as two, database.reading() as three:
        assert [settings.get(each, "a") for each in (one, two, three)] == [None] * 3


def test_a_node_that_stands_still_in_a_transaction_loses_what_it_has_locked(database: Database) -> None:
    with database.transaction() as connection:
        found = connection.execute(sa.text("SHOW idle_in_transaction_session_timeout")).scalar_one()
    assert found == "5s"


def test_the_clock_is_the_databases(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: real + 3_600_000_000_000)
    clock = DatabaseClock(database.now)
    with database.reading() as connection:
        told = connection.execute(sa.text("SELECT extract(epoch FROM clock_timestamp()) * 1000")).scalar_one()
    assert abs(clock.now() - float(told)) < 60_000


def test_a_node_that_stood_still_while_it_asked_for_the_time_asks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, pauses = 0, iter([18_000_000_000])

    def ask() -> int:
        nonlocal here
        told = here // 1_000_000
        here += next(pauses, 0)  # the answer is heard so much later
        return told

    with monkeypatch.context() as patched:
        patched.setattr(time, "monotonic_ns", lambda: here)
        clock = DatabaseClock(ask)
        assert clock.now() == here // 1_000_000


def test_a_server_that_cannot_be_reached_is_one_sentence_without_the_password() -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(DatabaseError, match="cannot use the database postgresql://ann:") as caught:
            open_database(f"postgresql://ann:s3cret@127.0.0.1:{port}/p")
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_host_that_writes_is_found_among_several(url: str) -> None:
    there = sa.make_url(url)
    hosts = f"127.0.0.1:1,{there.host}:{there.port},[::1]:1"
    user = f"{there.username}:{there.password}" if there.password else there.username
    opened = open_database(f"postgresql://{user}@{hosts}/{there.database}?target_session_attrs=read-write")
    schema.upgrade(opened)
    with opened.reading() as connection:
        assert schema.current(connection) == schema.HEAD
    opened.close()


@pytest.mark.parametrize("hosts", ["a:1:2,b", "a:x,b:5432", "a:99999999,b"])
def test_hosts_that_are_none_are_refused_in_one_sentence(hosts: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_database(f"postgresql://someone:secret@{hosts}/x")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_connections_that_are_cut_off_as_soon_as_they_are_made_are_a_database_that_is_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else it were would end the committer that meets it."""
    monkeypatch.setattr(postgres, "_is_cut", lambda _connection: True)
    with database.writer() as connection:
        for _ in range(3):
            database.mend(connection)
            with connection.begin():
                assert connection.execute(sa.text("SELECT 1")).scalar_one() == 1


def test_nodes_share_the_due_timers_out_and_see_those_of_others_that_are_late(database: Database) -> None:
    row = {"part": 0, "scope": 0, "owner": 1, "element": "t", "tries": 0, "key": 1}
    with database.transaction() as connection:
        timers.TABLE.insert.many(
            connection, [{**row, "instance_id": f"i{number}", "due_at": 100} for number in range(50)]
        )
    with database.reading() as connection:
        shares = [{it.instance_id for it in timers.due(connection, 100, 99, (node, 3))} for node in range(3)]
        late = {it.instance_id for it in timers.late(connection, 100, 99, (0, 3))}
        nothing_late = timers.late(connection, 99, 99, (0, 3))
    assert sum(map(len, shares)) == len(set.union(*shares)) == 50
    assert late == shares[1] | shares[2]
    assert nothing_late == []
