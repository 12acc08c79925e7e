"""Timers: they fire once, in order, when their moment comes, whether the server ran meanwhile or not."""

from __future__ import annotations

import pytest

from penstock.kernel import commands as c
from penstock.kernel.handlers import HANDLERS
from penstock.kernel.step import Step
from penstock.runtime import due_timers
from penstock.runtime.requests import Request
from penstock.store import due, incidents, instances, journal, timers
from penstock.store.codec import decode_command
from penstock.store.instances import Conditions
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


# -- timers that cannot be fired -------------------------------------------------------------------


def faulty(patch: pytest.MonkeyPatch, instance_id: str) -> list[int]:
    """Let the kernel fail at the timers of an instance; give the moments at which it did, each once."""
    moments: list[int] = []
    real = HANDLERS[c.FireTimer]

    def fire(step: Step, command: c.FireTimer) -> None:
        if step.instance.id == instance_id:
            # A batch that fails is run again one by one, in the same moment.
            moments.extend({step.now}.difference(moments))
            raise KeyError("a fault of the kernel")
        real(step, command)

    patch.setitem(HANDLERS, c.FireTimer, fire)
    return moments


async def test_a_timer_that_cannot_be_fired_is_tried_with_growing_pauses_and_then_is_an_incident(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.deploy(timer("PT1H"))
    poisoned, other = await server.start(), await server.start()
    tried = faulty(monkeypatch, poisoned.id)
    await server.advance(3600)
    assert (await server.runtime.settled(other.id, 10)).status == "completed"
    await server.advance(86_400)
    due = poisoned.started_at + 3_600_000
    assert [(moment - due) // 1000 for moment in tried] == [0, 1, 3, 7, 15]
    row = await server.runtime.read(instances.find, poisoned.id)
    [incident] = await server.runtime.read(incidents.search, instance_id=poisoned.id)
    assert row is not None
    assert (row.status, incident.type, incident.element) == ("incident", "timer", "x")
    assert "it was tried 5 times" in incident.message
    assert await server.runtime.read(timers.of_instance, poisoned.id) == []


async def test_resolving_the_incident_of_a_timer_fires_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.deploy(timer("PT1H"))
    instance = await server.start()
    with monkeypatch.context() as patch:
        faulty(patch, instance.id)
        await server.advance(2 * 3600)
    [incident] = await server.runtime.read(incidents.search, instance_id=instance.id)
    command = c.ResolveIncident(incident.scope, incident.owner, incident.key, {})
    await server.runtime.send(Request(instance.id, command, "1"))
    await server.advance(0)
    row = await server.runtime.settled(instance.id, 10)
    assert (row.status, row.incidents) == ("completed", 0)


async def test_a_timer_on_an_element_that_has_an_incident_is_only_put_off(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    boundary = (
        '<boundaryEvent id="b" attachedToRef="x"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        "</timerEventDefinition></boundaryEvent>"
    )
    failing = '<serviceTask id="x"><extensionElements><zeebe:taskDefinition type="fail" retries="1"/>'
    await server.deploy(around(failing + "</extensionElements></serviceTask>" + boundary))
    instance = await server.run()
    tried = faulty(monkeypatch, instance.id)
    await server.advance(2 * 3600)
    [incident] = await server.runtime.read(incidents.search, instance_id=instance.id)
    [left] = await server.runtime.read(timers.of_instance, instance.id)
    assert (incident.type, len(tried)) == ("job", left.tries)
    assert left.due_at > server.runtime.clock.now()


async def test_a_timer_that_cannot_start_an_instance_is_tried_with_growing_pauses(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_step: Step, _command: c.StartInstance) -> None:
        raise KeyError("a fault of the kernel")

    await server.deploy(
        '<startEvent id="s"><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>'
        f'</startEvent>{flow("s", "e")}<endEvent id="e"/>'
    )
    with monkeypatch.context() as patch:
        patch.setitem(HANDLERS, c.StartInstance, start)
        await server.advance(3600 + 8)
        found = await server.runtime.read(due.look, ())
    assert found.start == server.runtime.clock.now() + 7_000, "after pauses of 1, 2, 4, and of 8 seconds"
    await server.advance(7)
    assert len(await server.runtime.read(instances.search, Conditions(process_id="p"))) == 1


@pytest.mark.parametrize(("tries", "pause"), [(0, 1_000), (3, 8_000), (12, 3_600_000), (500, 3_600_000)])
def test_the_pauses_double_up_to_an_hour(tries: int, pause: int) -> None:
    assert due_timers._pause(tries) == pause
