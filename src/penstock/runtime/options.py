"""How a runtime is set up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from penstock.kernel import LOOP_LIMIT
from penstock.levels import NONE, Levels
from penstock.runtime.retention import Policy

START_TTL_MS: Final = 30 * 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Options:
    """How a runtime is set up."""

    database: str
    """Such as `sqlite:///penstock.db` or `postgresql://penstock@localhost/penstock`."""
    functions: Path | None = None
    """The folder of the Python functions."""
    processes: int = 2
    """How many functions run at a time, each in a process of its own."""
    tasks: tuple[str, ...] = ()
    """Which functions it runs; all of them where none is named."""
    threads: bool = False
    """Run functions in threads of this process, for tests."""
    function_timeout_ms: int = 60_000
    """How long a function may run where neither it nor the model says."""
    loop_limit: int = LOOP_LIMIT
    levels: Levels = NONE
    """The limits and priorities of tasks and processes."""
    start_ttl_ms: int = START_TTL_MS
    """For how long a start event that needs each of several triggers waits for the others."""
    retention: Policy | None = None
    """Which instances that have ended are archived and removed; None keeps all."""
    test_clock: int | None = None
    """Let time stand still at this moment (epoch ms) until it is moved."""
