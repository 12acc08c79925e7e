"""Counters: what they say of any window of time is what counting the instances would say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from penstock.store import counters, schema
from penstock.store.counters import DAY, HOUR
from penstock.store.database import Database
from penstock.store.opening import open_database
from penstock.store.tables import counter, instance

BASE = 1_700_006_400_000  # a day's begin, in UTC
STATUSES = ("active", "incident", "completed", "cancelled")
moments = st.one_of(
    st.integers(0, 3 * DAY),
    st.sampled_from([0, HOUR, DAY - 1, DAY, DAY + HOUR, 2 * DAY]),
).map(lambda offset: BASE + offset)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("counters") / "penstock.db"
    database = open_database(f"sqlite:///{path}")
    schema.upgrade(database)
    yield database
    database.close()


def put(connection: sa.Connection, instances: list[tuple[int, str]]) -> None:
    connection.execute(sa.delete(counter))
    connection.execute(sa.delete(instance))
    changes = counters.Changes()
    for number, (started_at, status) in enumerate(instances):
        ended_at = started_at + 5 if status in ("completed", "cancelled") else None
        connection.execute(
            sa.insert(instance).values(
                part=0,
                id=str(number),
                definition_key="p:1.0.0",
                process_id="p",
                version="1.0.0",
                status=status,
                incidents=0,
                created_by="1",
                updated_by="1",
                started_at=started_at,
                updated_at=started_at,
                ended_at=ended_at,
                seq=1,
                variables=b"{}",
            )
        )
        changes.move("p", "1.0.0", started_at, None, status, 5 if ended_at else 0)  # type: ignore[arg-type]
    changes.flush(connection)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    instances=st.lists(st.tuples(moments, st.sampled_from(STATUSES)), max_size=12),
    since=st.none() | moments,
    until=st.none() | moments,
)
def test_a_window_counts_the_instances_that_started_in_it(
    database: Database, instances: list[tuple[int, str]], since: int | None, until: int | None
) -> None:
    inside = [
        status for at, status in instances if (since is None or at >= since) and (until is None or at < until)
    ]
    expected = Counter(inside)
    with database.transaction() as connection:
        put(connection, instances)
        counts = counters.totals(connection, "p", started_from=since, started_until=until)
    assert {status: getattr(counts, status) for status in STATUSES} == {
        status: expected[status] for status in STATUSES
    }
    assert counts.completed_ms == 5 * expected["completed"]


def test_without_a_window_no_instance_is_read(database: Database) -> None:
    assert [unit for unit, _, _ in counters.windows(None, None)] == ["day"]


def test_a_window_reads_instances_of_two_broken_hours_at_most() -> None:
    found = list(counters.windows(BASE + 5, BASE + 2 * DAY + 7))
    rests = [(start, end) for unit, start, end in found if unit == "instance"]
    assert rests == [(BASE + 5, BASE + HOUR), (BASE + 2 * DAY, BASE + 2 * DAY + 7)]


def test_moving_to_another_status_counts_the_instance_once(database: Database) -> None:
    with database.transaction() as connection:
        put(connection, [(BASE, "active")])
        changes = counters.Changes()
        changes.move("p", "1.0.0", BASE, "active", "incident", 0)
        changes.flush(connection)
        changes = counters.Changes()
        changes.move("p", "1.0.0", BASE, "incident", "completed", 40)
        changes.flush(connection)
        counts = counters.totals(connection, "p")
    assert (counts.active, counts.incident, counts.completed, counts.completed_ms) == (0, 0, 1, 40)
