"""Every statement of an instance's way is keyed by the instance, so that the tables can be spread by it.

What looks for work on behalf of all instances is not, and is listed here: on a database that is spread it
asks every part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from penstock.kernel import commands as c
from penstock.runtime.requests import PublishMessage, Request
from penstock.store import user_tasks
from penstock.store.prepared import Prepared
from penstock.store.tables import metadata
from tests.bpmn.models import extended, flow
from tests.runtime.conftest import Server, database, server

__all__ = ["database", "server"]

pytestmark = pytest.mark.anyio

SPREAD: Final = {table.name for table in metadata.sorted_tables if "part" in table.columns}

FOR_ALL: Final = {
    "job": {"type", "available_at"},
    "timer": {"due_at", "instance_id"},
    "subscription": {"kind", "name", "correlation_key", "process_id", "id"},
    "outbox": {"at"},
    "sending": {"at"},
}
"""By table, the columns by which it is searched for whoever is next, whatever the instance.

Nodes share timers out by their instances.
"""

ORDER = "".join(
    (
        f'<startEvent id="s"/>{flow("s", "x")}',
        extended("serviceTask", '<zeebe:taskDefinition type="add"/>'),
        flow("x", "ask") + '<userTask id="ask"/>' + flow("ask", "rest"),
        '<intermediateCatchEvent id="rest"><timerEventDefinition><timeDuration>PT1M</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>" + flow("rest", "catch"),
        '<intermediateCatchEvent id="catch"><messageEventDefinition messageRef="m"/>'
        "</intermediateCatchEvent>" + flow("catch", "e") + '<endEvent id="e"/>',
    )
)
MESSAGE = (
    '<message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=order"/>'
    "</extensionElements></message>"
)


@contextmanager
def statements() -> Iterator[set[str]]:
    """Give every statement that is run meanwhile, once each."""
    found: set[str] = set()
    one, many = Prepared._execute, Prepared.many

    def run(self: Prepared, connection: Any, row: Any) -> Any:
        found.add(self._compiled(connection.dialect).sql)
        return one(self, connection, row)

    def run_many(self: Prepared, connection: Any, rows: Any) -> None:
        if rows:
            found.add(self._compiled(connection.dialect).sql)
        many(self, connection, rows)

    Prepared._execute, Prepared.many = run, run_many  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Prepared._execute, Prepared.many = one, many  # type: ignore[method-assign]


def tables_of(statement: str) -> set[str]:
    """Give the tables that a statement reads or writes and that are spread."""
    named = re.findall(r'(?:FROM|INTO|UPDATE|JOIN) "?(\w+)"?', statement)
    return SPREAD & set(named)


def is_keyed(statement: str, table: str) -> bool:
    """Tell whether a statement names the instances whose rows of a table it reads or writes."""
    id = "id" if table == "instance" else "instance_id"
    if statement.startswith("INSERT"):
        columns = statement.partition("VALUES")[0]
        return re.search(rf"\bpart\b.*\b{id}\b", columns) is not None
    condition = statement.partition("WHERE")[2]
    by_part = re.search(r"\bpart\b", condition) is not None
    return by_part and re.search(rf"\b{id}\b", condition) is not None


async def way_of_an_instance(server: Server) -> None:
    """Let an instance go its way: a function, a person, a timer, a message, its end."""
    await server.deploy(ORDER, root=MESSAGE)
    with statements() as found:
        started = await server.run(a=1, b=2, order="o-1")
        (task,) = await server.runtime.read(user_tasks.search, instance_id=started.id)
        command = c.CompleteUserTask(task.scope, task.owner, task.key, {})
        await server.runtime.send(Request(started.id, command, "1"))
        await server.advance(60)
        await server.runtime.receive(PublishMessage("paid", "o-1", {}), actor="1")
        ended = await server.runtime.settled(started.id, 10)
        assert ended.status == "completed"
    assert len(found) > 20
    for statement in sorted(found):
        for table in tables_of(statement):
            if not is_keyed(statement, table):
                assert_for_all(statement, table)


def assert_for_all(statement: str, table: str) -> None:
    """Hold that a statement is one of those that look for what is next."""
    condition = re.split(r"ORDER BY|LIMIT|FOR UPDATE", statement.partition("WHERE")[2])[0]
    columns = {
        column.name
        for column in metadata.tables[table].columns
        if re.search(rf"\b{table}\.{column.name}\b", condition)
    }
    assert statement.startswith("SELECT"), statement
    assert columns <= FOR_ALL.get(table, set()), statement


async def test_every_hot_statement_is_keyed_by_the_instance(server: Server) -> None:
    await way_of_an_instance(server)


@pytest.mark.parametrize(
    ("statement", "keyed"),
    [
        ("UPDATE job SET worker=? WHERE job.part = ? AND job.instance_id = ? AND job.key = ?", True),
        ("UPDATE job SET worker=? WHERE job.worker = ?", False),
        ("INSERT INTO job (part, instance_id, key) VALUES (?, ?, ?)", True),
        ("DELETE FROM job WHERE job.instance_id = ?", False),
    ],
)
def test_what_is_keyed_is_told_from_what_is_not(statement: str, keyed: bool) -> None:
    assert is_keyed(statement, "job") is keyed
