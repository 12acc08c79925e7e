"""Timers: they fire once, in order, when their moment comes, whether the server ran meanwhile or not."""

from __future__ import annotations

import pytest

from penstock.kernel import commands as c
from penstock.runtime.requests import Request
from penstock.store import journal, timers
from penstock.store.codec import decode_command
from tests.bpmn.models import around, flow
from tests.runtime.conftest import Server

pytestmark = pytest.mark.anyio


def timer(duration: str) -> str:
    """Give a process that waits at `x` for a duration."""
    return around(
        f'<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>{duration}</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
    )


async def test_a_timer_fires_when_its_moment_comes_and_not_before(server: Server) -> None:
    await server.deploy(timer("PT1H"))
    started = await server.start()
    await server.advance(3599)
    assert (await server.runtime.settled(started.id, 10)).status == "active"
    await server.advance(1)
    row = await server.runtime.settled(started.id, 10)
    assert (row.status, (row.ended_at or 0) - row.started_at) == ("completed", 3_600_000)
    assert await server.runtime.read(timers.of_instance, started.id) == []


async def test_a_timer_survives_a_restart(server: Server) -> None:
    await server.deploy(timer("PT1H"))
    started = await server.start()
    server.restart()
    await server.advance(3600)
    assert (await server.runtime.settled(started.id, 10)).status == "completed"


async def test_timers_that_became_due_together_fire_in_the_order_of_their_moments(server: Server) -> None:
    body = (
        '<startEvent id="s"/>'
        + flow("s", "f")
        + '<parallelGateway id="f"/>'
        + flow("f", "a")
        + flow("f", "b")
    )
    for name, seconds in (("a", 20), ("b", 10)):
        body += (
            f'<intermediateCatchEvent id="{name}"><timerEventDefinition><timeDuration>PT{seconds}S'
            f"</timeDuration></timerEventDefinition></intermediateCatchEvent>{flow(name, 'e')}"
        )
    await server.deploy(body + '<endEvent id="e"/>')
    started = await server.start()
    await server.advance(60)
    rows = await server.runtime.read(journal.read, started.id)
    assert [row.at - started.started_at for row in rows] == [0, 10_000, 20_000]
    assert [type(decode_command(row.command)) for row in rows[1:]] == [c.FireTimer, c.FireTimer]


async def test_many_timers_due_in_the_same_moment_all_fire(server: Server) -> None:
    await server.deploy(timer("PT1S"))
    started = [await server.start() for _ in range(30)]
    await server.advance(1)
    rows = [await server.runtime.settled(row.id, 10) for row in started]
    assert {row.status for row in rows} == {"completed"}


async def test_a_timer_of_an_instance_that_was_cancelled_does_not_fire(server: Server) -> None:
    await server.deploy(timer("PT1H"))
    started = await server.start()
    row = await server.runtime.send(Request(started.id, c.CancelInstance(), "1"))
    await server.advance(7200)
    assert row.status == "cancelled"
    assert len(await server.runtime.read(journal.read, started.id)) == 2


async def test_the_clock_does_not_go_back(server: Server) -> None:
    with pytest.raises(ValueError, match="does not go back"):
        await server.runtime.set_clock(server.runtime.clock.now() - 1)
