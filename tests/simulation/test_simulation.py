"""The whole server on one thread from a seed, with crashes around each commit, and everything checked.

`PENSTOCK_SEEDS=N` runs N seeds in place of the ordinary number; a failure names its seed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from structlog.testing import capture_logs

from penstock.store import schema
from penstock.store.database import Database
from tests.simulation.checker import Checker
from tests.simulation.world import World

SEEDS: Final = int(os.environ.get("PENSTOCK_SEEDS", "80"))
CHUNK: Final = 10
ROUNDS: Final = 40
BETWEEN: Final = 10
"""Rounds between two looks at everything."""


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is such a thing: a real disk's flushes would prove nothing here."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path_factory.mktemp("simulation")
        return
    with tempfile.TemporaryDirectory(dir=shared, prefix="penstock-") as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What goes wrong here does so on purpose, and logging it takes longer than doing it."""
    with capture_logs():
        yield


@pytest.fixture(scope="module")
def template(memory: Path) -> Path:
    """An empty database with its schema, to copy."""
    path = memory / "template.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.close()
    assert not Path(f"{path}-wal").exists(), "the schema is in the write-ahead log and would not be copied"
    return path


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(
    first: int, memory: Path, template: Path
) -> None:
    for seed in range(first, min(first + CHUNK, SEEDS)):
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            try:
                simulate(seed, Path(folder), template)
            except Exception as error:
                error.add_note(f"seed {seed}")
                raise


def simulate(seed: int, folder: Path, template: Path) -> World:
    """Run one history to its end."""
    world = World(seed, folder, template)
    for _ in range(ROUNDS // BETWEEN):
        world.run(BETWEEN)
        check(world)
    world.finish()
    check(world, finished=True)
    world.machine.close()
    return world


def check(world: World, *, finished: bool = False) -> None:
    """Look at everything, at a moment between two transactions."""
    with world.machine.database.reading() as connection:
        checker = Checker(connection, world.models, world.slice_limit)
        checker.check(world.book.asks)
        if finished:
            checker.check_finished()
