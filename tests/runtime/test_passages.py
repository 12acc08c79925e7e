"""What instances went through is asked for in the same words on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from penstock.store import passages
from penstock.store.counters import DAY, HOUR
from penstock.store.passages import Window
from tests.bpmn.models import around
from tests.runtime.conftest import START, Server

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("unit", [HOUR, DAY], ids=["hour", "day"])
async def test_the_course_of_a_process_is_by_the_hour_or_by_the_day(server: Server, unit: int) -> None:
    await server.deploy(around('<task id="x"/>'))
    for _ in range(2):
        await server.start()
        await server.advance(3600)
    course = await server.runtime.read(_course, unit)
    began = START - START % unit
    moments = sorted({at for at, *_ in course})
    assert moments == ([began, began + HOUR] if unit == HOUR else [began])
    assert sum(number for *_, number in course) == 2
    started = await server.runtime.read(passages.started, Window("p"), unit)
    assert sum(number for _, number in started) == 2


def _course(connection: sa.Connection, unit: int) -> list[tuple[int, str, int, int]]:
    return list(passages.course(connection, Window("p"), unit))
