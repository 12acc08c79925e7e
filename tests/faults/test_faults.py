"""Three nodes, a worker and clients; then one thing after the other breaks. In the end everything is counted.

The ordinary run has one of each fault that is quick. `python3 dev.py test --faults` breaks things for as long
as PENSTOCK_FAULTS says (seconds, ten minutes by default), and prints what came of it.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from penstock.kernel.commands import CompleteUserTask
from penstock.kernel.events import JobOpened
from penstock.runtime.definitions import Definitions
from penstock.store import codec, instances
from penstock.store.opening import open_database
from penstock.store.tables import journal
from tests.faults import world as faults
from tests.faults.world import FAULTS, NODES, Client, World, loaded
from tests.journeys.server import effects
from tests.simulation.checker import ALL, Checker

SECONDS: Final = float(os.environ.get("PENSTOCK_FAULTS", "0"))
"""How long things break; 0 for one of each that is quick."""

QUICK: Final = (
    faults.kill_a_node,
    faults.lose_the_answer_to_a_commit,
    faults.stop_postgres_hard,
    faults.kill_the_worker,
)
PATIENCE_S: Final = 90.0


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    try:
        for _ in range(NODES):
            world.add_node()
        world.start_worker()
        yield world
    finally:
        world.end()


def test_whatever_breaks_what_was_acknowledged_is_in_force_and_happened_once(world: World) -> None:
    done: Counter[str] = Counter()
    began = time.monotonic()
    with loaded(world):
        while time.monotonic() - began < SECONDS or not SECONDS:
            for fault in FAULTS if SECONDS else QUICK:
                time.sleep(world.chance.uniform(0.3, 1.5))
                fault(world)
                done[fault.__name__] += 1
            if not SECONDS:
                break
    assert world.told.wrong == []
    to_the_end(world)
    assert world.told.wrong == []
    assert world.proxy.lost >= (1 if not SECONDS else 0)
    count_everything(world)
    told = world.told
    sys.stdout.write(
        f"faults: {dict(done)}; kills: {world.kills}; lost answers: {world.proxy.lost}; "
        f"starts: {len(told.starts)}; messages: {len(told.messages)}; completed: {len(told.completed)}; "
        f"no answer: {dict(told.refused)}; seconds: {time.monotonic() - began:.0f}\n"
    )


def to_the_end(world: World) -> None:
    """Ask again for what was not acknowledged, and do what is to be done until every instance has ended."""
    client = Client(world)
    for number, id in list(world.told.starts.items()):
        again(lambda number=number, id=id: id is not None or client.start(number))
    for number, sent in list(world.told.messages.items()):
        again(lambda number=number, sent=sent: sent or client.pay(number))

    deadline = time.monotonic() + PATIENCE_S
    while left := left_of(client):
        for task in client.tasks():
            client.complete(task)
            deadline = time.monotonic() + PATIENCE_S
        assert time.monotonic() < deadline, f"these do not end: {left}"
        time.sleep(0.1)
    client.close()


def left_of(client: Client) -> list[object]:
    """Give some instances that have not ended, each with what it waits for."""
    found = client.ask("GET", "/process-instances", (200,), params={"state": "active", "limit": 3})
    if found is None:
        return ["nobody knows"]
    ids = [it["id"] for it in found["items"]]
    return [(id, client.ask("GET", f"/process-instances/{id}/waiting", (200,))) for id in ids]


def again(what: Callable[[], bool]) -> None:
    """Try until it succeeds."""
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, "it does not come to be so"
        time.sleep(0.1)


def count_everything(world: World) -> None:
    """Compare what is there with what the clients were told, and with itself."""
    database = open_database(world.postgres.url)
    with database.reading() as connection:
        checker = Checker(connection, Definitions(database))
        checker.check()
        checker.check_finished()
        rows = instances.search(connection, limit=ALL)
        entries = connection.execute(
            sa.select(journal.c.instance_id, journal.c.command, journal.c.events)
        ).all()
    database.close()
    roots = [row for row in rows if row.parent_id is None]
    assert {row.variables["n"]: row.id for row in roots} == world.told.starts
    assert len(roots) == len(world.told.starts)
    assert {row.status for row in rows} == {"completed"}
    completions = Counter(
        id for id, command, _ in entries if isinstance(codec.decode_command(command), CompleteUserTask)
    )
    orders = [row.id for row in rows if row.process_id == "order"]
    assert completions == dict.fromkeys(orders, 1)
    opened = Counter(
        event.type
        for *_, events in entries
        for event in codec.decode_events(events)
        if isinstance(event, JobOpened)
    )
    for function in ("charge", "ship"):
        keys = effects(world.project, function)
        assert len(set(keys)) == opened[function], f"jobs of {function} were lost, or one had two keys"
