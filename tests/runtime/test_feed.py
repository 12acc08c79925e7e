"""What is told to those who watch: everything in time, nothing twice over a gap, and bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from penstock.runtime.feed import WAITING, News, Watching
from penstock.store import changes
from penstock.store.changes import AT_ONCE, GAP_READS, KEPT_MS, Change, InstanceChange, Tail
from penstock.store.tables import change
from tests.bpmn.models import flow
from tests.runtime.conftest import Server

ASK = f'<startEvent id="s"/>{flow("s", "ask")}<userTask id="ask"/>{flow("ask", "e")}<endEvent id="e"/>'
pytestmark = pytest.mark.anyio

SOON_S = 10.0


async def heard(watching: Watching, enough: Callable[[News], bool]) -> News:
    """Give the first news of which this is so."""
    async with asyncio.timeout(SOON_S):
        while not enough(news := await watching.next(SOON_S)):
            pass
    return news


def a_change(*ids: str) -> Change:
    return Change([InstanceChange(id, "p", "active", 1) for id in ids])


async def test_who_watches_is_told_which_instance_has_changed(server: Server) -> None:
    await server.deploy(ASK)
    watching, missed = await server.runtime.feed.watch((), None)
    row = await server.start()
    news = await heard(watching, lambda it: row.id in it.instances)
    assert news.instances[row.id] == InstanceChange(row.id, "p", "active", 1)
    assert not missed


async def test_who_was_cut_off_hears_what_it_missed(server: Server) -> None:
    await server.deploy(ASK)
    before = await server.runtime.read(changes.newest)
    row = await server.start()
    watching, missed = await server.runtime.feed.watch((), before)
    assert row.id in (await watching.next(SOON_S)).instances
    assert not missed


async def test_who_was_away_too_long_is_told_so(server: Server) -> None:
    await server.deploy(ASK)
    before = await server.runtime.read(changes.newest)
    await server.start()
    await server.start()
    forget = server.runtime.dispatcher.transact(
        lambda connection: changes.forget(connection, server.runtime.clock.now() + KEPT_MS + 1)
    )
    await asyncio.wrap_future(forget)
    await server.start()
    _, missed = await server.runtime.feed.watch((), before)
    assert missed
    _, missed = await server.runtime.feed.watch((), 10**9)
    assert missed, "a number that has never been given is of another database"


async def test_a_watcher_of_one_instance_hears_of_no_other(server: Server) -> None:
    await server.deploy(ASK)
    watched = await server.start()
    watching, _ = await server.runtime.feed.watch((watched.id,), 0)
    await server.start()
    news = await heard(watching, bool)
    assert set(news.instances) == {watched.id}
    assert not news.subjects


async def test_a_deployment_is_told_and_the_end_of_the_server_ends_the_watching(server: Server) -> None:
    watching, _ = await server.runtime.feed.watch((), None)
    await server.deploy(ASK)
    await heard(watching, lambda it: changes.DEPLOYMENTS in it.subjects)
    server.runtime.feed.close()
    await watching.next(SOON_S)
    assert watching.closed


async def test_a_slow_watcher_learns_less_instead_of_costing_more() -> None:
    watching = Watching((), 0)
    for number in range(WAITING + 1):
        watching.put([a_change(str(number))], number)
    news = await watching.next(0)
    assert (news.many, news.instances, news.position) == (True, {}, WAITING)


async def test_a_change_of_too_many_instances_names_none(server: Server) -> None:
    told = [InstanceChange(str(number), "p", "active", 1) for number in range(changes.TOLD + 1)]
    await asyncio.wrap_future(
        server.runtime.dispatcher.transact(lambda connection: changes.add(connection, 1, told))
    )
    ((_, found),) = (await server.runtime.read(changes.since, 0)) or ()
    assert found == Change(many=True)


async def test_a_number_that_becomes_visible_late_is_waited_for(server: Server) -> None:
    """As on PostgreSQL, where a transaction may commit after one that was given a higher number."""

    def put(connection: sa.Connection, number: int) -> None:
        connection.execute(sa.insert(change).values(id=number, at=1, data=b"{}"))

    tail = Tail(0)
    await asyncio.wrap_future(server.runtime.dispatcher.transact(lambda writer: put(writer, 3)))
    assert len(await server.runtime.read(tail.read)) == 1
    assert tail.complete == 0
    await asyncio.wrap_future(server.runtime.dispatcher.transact(lambda writer: put(writer, 1)))
    assert len(await server.runtime.read(tail.read)) == 1
    assert tail.complete == 1
    for _ in range(GAP_READS):
        assert await server.runtime.read(tail.read) == []
    assert tail.complete == 3
    assert AT_ONCE > GAP_READS
