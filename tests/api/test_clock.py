"""The clock of a test server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from penstock.api.settings import ApiSettings
from tests.api.conftest import NOW, Server, serve
from tests.api.models import TIMER, process


def test_time_stands_still(empty: Server) -> None:
    assert empty.get("/clock") == {"now": NOW}


def test_moving_the_clock_lets_all_that_is_due_happen(empty: Server) -> None:
    empty.deploy(process("pause", TIMER))
    instance = empty.start("pause")
    assert empty.done("/clock", {"advance": "PT59M"}) == {"now": "2023-11-14T23:12:20.479Z"}
    assert empty.get(f"/process-instances/{instance['id']}")["state"] == "active"
    empty.done("/clock", {"to": "2023-11-15T00:00:00Z"})
    ended = empty.get(f"/process-instances/{instance['id']}")
    assert ended["endedAt"] == "2023-11-14T23:13:20.479Z"


def test_the_clock_does_not_go_back(empty: Server) -> None:
    reply = empty.post("/clock", {"to": "2000-01-01T00:00:00Z"})
    assert reply.status_code == 409
    assert NOW in reply.json()["message"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "either `advance` or `to`"),
        ({"advance": "PT1H", "to": NOW}, "either `advance` or `to`"),
        ({"advance": "1 hour"}, "'1 hour'"),
        ({"advance": "-PT1H"}, "not negative"),
        ({"advance": "P999999999D"}, "year 9999"),
        ({"to": "tomorrow"}, "'tomorrow'"),
    ],
)
def test_a_bad_move_is_told_what_is_wrong(empty: Server, body: Any, said: str) -> None:
    reply = empty.post("/clock", body)
    assert reply.status_code == 400
    assert said in reply.json()["message"]


@pytest.fixture
def real(database: Path) -> Iterator[Server]:
    yield from serve(database, ApiSettings(), test_clock=False)


def test_where_time_passes_there_is_no_clock_to_move(real: Server) -> None:
    assert real.client.get("/api/v1/clock").status_code == 404
    assert real.post("/clock", {"advance": "PT1H"}).status_code == 404
