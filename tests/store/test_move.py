"""A SQLite database is moved to PostgreSQL: every row as it was, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from penstock.kernel import commands as c
from penstock.runtime.requests import Request
from penstock.store import counters, schema, user_tasks
from penstock.store.database import Database, DatabaseError
from penstock.store.move import OF_NODES, content, move
from penstock.store.opening import open_database
from penstock.store.tables import message, metadata, setting, subscription
from tests import databases
from tests.bpmn.models import extended, flow
from tests.runtime.conftest import Server

WAITING = "".join(
    (
        f'<startEvent id="s"/>{flow("s", "fork")}<parallelGateway id="fork"/>',
        flow("fork", "ask") + '<userTask id="ask"/>' + flow("ask", "e"),
        flow("fork", "rest") + '<intermediateCatchEvent id="rest"><timerEventDefinition>'
        "<timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>"
        + flow("rest", "e"),
        flow("fork", "x")
        + extended("serviceTask", '<zeebe:taskDefinition type="elsewhere"/>')
        + flow("x", "e"),
        '<endEvent id="e"/>',
    )
)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Database]:
    """A database with something in most of its tables."""
    yield from opened(f"sqlite:///{tmp_path / 'penstock.db'}")


@pytest.fixture
def target() -> Iterator[Database]:
    """An empty database."""
    with databases.empty_postgres() as url:
        yield from opened(url, prepared=False)


def opened(url: str, *, prepared: bool = True) -> Iterator[Database]:
    with closing(open_database(url)) as database:
        if prepared:
            schema.upgrade(database)
            fill(database)
        yield database


def fill(database: Database) -> None:
    """Put rows of every kind of value into every table, and give numbers that are no longer there."""
    texts = ["", "ä ß 語 \N{GRINNING FACE}", "tab\tnewline\nback\\slash", r"\N", "'\"", "e"]
    with database.transaction() as connection:
        for table in metadata.sorted_tables:
            for number, text in enumerate(texts):
                connection.execute(
                    sa.insert(table), {column.name: value(column, number, text) for column in table.columns}
                )
        connection.execute(sa.delete(message).where(message.c.id == len(texts) + 1))


def value(column: sa.Column[object], number: int, text: str) -> object:
    if column.nullable and number % 2:
        return None
    match column.type:
        case sa.JSON():
            return [text, "b"]
        case sa.Boolean():
            return number % 2 == 0
        case sa.LargeBinary():
            return text.encode() + bytes(range(256)) * 300
        case sa.SmallInteger():
            return number
        case sa.BigInteger() | sa.Integer():
            return 2**31 - 1 - number if not isinstance(column.type, sa.BigInteger) else number + 2
        case _:
            return text


def test_every_row_arrives_as_it_was(source: Database, target: Database) -> None:
    told: dict[str, int] = {}
    assert move(source, target, told.__setitem__) == told
    assert set(told) == set(metadata.tables)
    assert min(told.values()) >= 5
    with source.reading() as old, target.reading() as new:
        for table in metadata.sorted_tables:
            assert content(table, new) == content(table, old), table.name


def test_numbers_go_on_after_the_last_one_given(source: Database, target: Database) -> None:
    with source.transaction() as connection:
        last = connection.execute(
            sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'message'")
        ).scalar_one()
    move(source, target)
    with target.transaction() as connection:
        row = {column.name: value(column, 0, "next") for column in message.columns if column.name != "id"}
        (number,) = connection.execute(sa.insert(message).returning(message.c.id), row).one()
    assert number == last + 1


def test_a_database_that_is_not_empty_is_left_as_it_is(source: Database, target: Database) -> None:
    schema.upgrade(target)
    with target.transaction() as connection:
        connection.execute(sa.insert(setting), {"name": "mine", "value": b"x"})
    with pytest.raises(DatabaseError, match=r"is not empty: its table \w+ has rows"):
        move(source, target)
    with target.reading() as connection:
        assert content(setting, connection).rows == 1
        assert content(subscription, connection).rows == 0


def test_nothing_is_moved_where_a_row_arrives_as_another(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.upgrade(target)
    with target.transaction() as connection:
        connection.execute(
            sa.text(
                "CREATE FUNCTION worse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$BEGIN NEW.actor := upper(NEW.actor); RETURN NEW; END$$"
            )
        )
        connection.execute(
            sa.text("CREATE TRIGGER worse BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION worse()")
        )
    with pytest.raises(DatabaseError, match="of the table journal arrived as they were; nothing was moved"):
        move(source, target)
    assert empty(target)


def test_a_move_that_is_cut_off_can_be_made_again(source: Database, target: Database) -> None:
    def cut(table: str, _rows: int) -> None:
        if table == "journal":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(source, target, cut)
    assert empty(target)
    assert move(source, target)["journal"] == 6


def empty(database: Database) -> bool:
    with database.reading() as connection:
        return not any(
            content(it, connection).rows for it in metadata.sorted_tables if it.name not in OF_NODES
        )


def test_a_text_that_postgresql_cannot_hold_is_named(source: Database, target: Database) -> None:
    with source.transaction() as connection:
        connection.execute(sa.insert(setting), {"name": "nul \0 in it", "value": b""})
    with pytest.raises(DatabaseError, match="the table setting"):
        move(source, target)
    assert empty(target)


def test_an_older_schema_is_upgraded_first(source: Database, target: Database) -> None:
    with source.transaction() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(DatabaseError, match="has the schema 0001; this release moves"):
        move(source, target)
    assert schema.check(target) is None


@pytest.mark.anyio
async def test_instances_go_on_where_they_were(tmp_path: Path) -> None:
    (tmp_path / "functions").mkdir()
    file = f"sqlite:///{tmp_path / 'penstock.db'}"
    server = Server(tmp_path, file)
    await server.deploy(WAITING)
    started = await server.start(amount=Decimal("0.10"))
    clock = server.runtime.clock.now()
    server.runtime.stop()
    with databases.empty_postgres() as url:
        with closing(open_database(file)) as old, closing(open_database(url)) as new:
            move(old, new)
        server = Server(tmp_path, url)
        server.runtime.clock.move(clock)  # type: ignore[attr-defined]
        try:
            await go_on(server, started.id)
        finally:
            server.runtime.stop()


async def go_on(server: Server, id: str) -> None:
    """Complete what an instance of `WAITING` waits for."""
    (task,) = await server.runtime.read(user_tasks.search, instance_id=id)
    await server.runtime.send(Request(id, c.CompleteUserTask(task.scope, task.owner, task.key, {}), "1"))
    (job,) = await server.runtime.activate_jobs(["elsewhere"], limit=5, lease_ms=1000, worker="w")
    row = job.row
    await server.runtime.send(Request(id, c.CompleteJob(row.scope, row.owner, row.key, {"n": 1}), "1"))
    await server.advance(86_400)
    ended = await server.runtime.settled(id, 10)
    assert (ended.status, ended.variables) == ("completed", {"amount": Decimal("0.10"), "n": 1})
    counts = await server.runtime.read(counters.totals, "p")
    assert (counts.completed, counts.active) == (1, 0)
