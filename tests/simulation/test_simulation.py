"""Some nodes on one thread from a seed, with crashes around each commit, and everything checked.

`PENSTOCK_SEEDS=N` runs N seeds in place of the ordinary number; a failure names its seed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

import pytest
from structlog.testing import capture_logs

from penstock.runtime import ids
from penstock.store import counters, journal, outbox, projection, schema, waits
from penstock.store.opening import open_database
from tests.simulation.checker import Checker
from tests.simulation.world import World

SEEDS: Final = int(os.environ.get("PENSTOCK_SEEDS", "100"))
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
    database = open_database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.close()
    assert not Path(f"{path}-wal").exists(), "the schema is in the write-ahead log and would not be copied"
    return path


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(
    first: int, memory: Path, template: Path
) -> None:
    simulate_all(range(first, min(first + CHUNK, SEEDS)), memory, template)


def test_a_seed_gives_the_same_history_again(memory: Path, template: Path) -> None:
    histories = []
    for _ in range(2):
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            world = simulate(1, Path(folder), template)
        histories.append((world.crashes, world.clock.now(), world.book.asks))
    assert histories[0] == histories[1]


FAULTS: Final[dict[str, tuple[Any, str]]] = {
    "keys are not kept": (projection.Writes, "remember"),
    "nobody is told to go on": (outbox.ADD, "many"),
    "counters stand still": (counters.Changes, "move"),
    "the journal has no rows": (journal.APPEND, "many"),
    "rows of jobs, timers, tasks and incidents are not written": (waits.Rows, "flush"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_store_would_be_noticed(fault: str, memory: Path, template: Path) -> None:
    where, name = FAULTS[fault]
    with patch.object(where, name, lambda *_args: None), pytest.raises(AssertionError):
        simulate_all(range(3), memory, template)


def simulate_all(seeds: range, memory: Path, template: Path) -> None:
    """Run a history for each seed; one that fails names it."""
    for seed in seeds:
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            try:
                simulate(seed, Path(folder), template)
            except Exception as error:
                error.add_note(f"seed {seed}")
                raise


def simulate(seed: int, folder: Path, template: Path) -> World:
    """Run one history to its end; the ids that the server draws by lot are of the seed, too."""
    with patch.object(ids, "os", SimpleNamespace(urandom=Random(seed).randbytes)):
        return _simulate(seed, folder, template)


def _simulate(seed: int, folder: Path, template: Path) -> World:
    world = World(seed, folder, template)
    for _ in range(ROUNDS // BETWEEN):
        world.run(BETWEEN)
        check(world)
    world.finish()
    check(world, finished=True)
    world.close()
    return world


def check(world: World, *, finished: bool = False) -> None:
    """Look at everything, at a moment between two transactions."""
    with world.machine.database.reading() as connection:
        checker = Checker(connection, world.models, world.slice_limit)
        checker.check()
        checker.check_messages(world.clock.now())
        checker.check_told(world.book.asks)
        checker.check_batches(world.operator.stopped)
        if finished:
            checker.check_finished()
