"""What one measurement gives, how it is taken in a process of its own, and how it reaches the harness.

Standard library only: the peers' processes, whose venv holds no part of Penstock, import it too.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")

WARM_UP_INSTANCES = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """What a subject needed for one workload."""

    peer: str
    mode: str
    workload: str
    instances: int
    seconds: float
    cpu_ms_per_instance: float
    """CPU of the process and its children, user and system; of the server alone for HTTP."""
    p50_ms: float
    """From the start of an instance to its acknowledged end; over HTTP of the whole exchange."""
    p99_ms: float
    rss_mb: float
    """Resident memory at the end of the measurement."""

    @property
    def per_second(self) -> float:
        """Instances a second."""
        return self.instances / self.seconds


@dataclass(frozen=True, slots=True)
class Measure:
    """One number about a large store, a long instance or a restart."""

    name: str
    value: float
    unit: str
    bound: float | None = None
    """What it must not exceed; None where there is no goal."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What a peer needs for one call of something small, such as an expression."""

    peer: str
    workload: str
    microseconds: float
    """The best batch: what else the machine does can only add to it."""


Result: TypeAlias = Figure | Measure | Timing

_KINDS: dict[str, type[Result]] = {"figure": Figure, "measure": Measure, "timing": Timing}


def emit(result: Result) -> None:
    """Print a result as one JSON line, at once: the harness reads them from the other end of a pipe."""
    print(json.dumps({"kind": type(result).__name__.lower(), **asdict(result)}), flush=True)


def read(line: str) -> Result:
    """Read a line that `emit` wrote."""
    fields = json.loads(line)
    return _KINDS[fields.pop("kind")](**fields)


def percentile(ordered: Sequence[float], share: float) -> float:
    """Give the value that `share` (0 to 1) of an ordered, non-empty sequence does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Sample:
    """How long a number of instances took: latencies in seconds, and what the whole took."""

    latencies: list[float]
    seconds: float
    cpu_seconds: float
    rss_mb: float

    def figure(self, peer: str, mode: str, workload: str) -> Figure:
        """Reduce the sample to what is reported."""
        ordered = sorted(self.latencies)
        return Figure(
            peer=peer,
            mode=mode,
            workload=workload,
            instances=len(ordered),
            seconds=self.seconds,
            cpu_ms_per_instance=self.cpu_seconds / len(ordered) * 1000,
            p50_ms=percentile(ordered, 0.50) * 1000,
            p99_ms=percentile(ordered, 0.99) * 1000,
            rss_mb=self.rss_mb,
        )


def one_after_another(run_one: Callable[[], None], budget: float) -> Sample:
    """Run instances in turn for `budget` seconds, after a warm-up that is not counted."""
    for _ in range(WARM_UP_INSTANCES):
        run_one()
    latencies: list[float] = []
    cpu, began = own_cpu_seconds(), time.perf_counter()
    moment = began
    while moment - began < budget:
        run_one()
        ended = time.perf_counter()
        latencies.append(ended - moment)
        moment = ended
    return Sample(latencies, moment - began, own_cpu_seconds() - cpu, rss_mb(os.getpid()))


# -- what the operating system knows of a process -----------------------------------------------------


def own_cpu_seconds() -> float:
    """Give the CPU time that this process, with the children it has waited for, has used so far."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def process_tree(pid: int) -> list[int]:
    """Give a process and its living descendants (Linux)."""
    found = [pid]
    for process in found:
        for task in _tasks(process):
            children = _read(task / "children")
            found.extend(int(child) for child in children.split())
    return found


def tree_cpu_seconds(pid: int) -> float:
    """Give the CPU time of a process, its threads, and its children living or waited for (Linux).

    Counted in ticks of 10 ms, so it is worth something over a second or more.
    """
    return sum(process_cpu_seconds(process) for process in process_tree(pid))


def process_cpu_seconds(pid: int) -> float:
    """Give the CPU time of one process, its threads, and the children it has waited for (Linux)."""
    # The name, in parentheses, may hold spaces: the fields of proc(5) count from behind it.
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / _TICK


def rss_mb(pid: int) -> float:
    """Give the resident memory of one process in MiB (Linux), 0 when it has ended."""
    fields = _read(Path(f"/proc/{pid}/statm")).split()
    return int(fields[1]) * _PAGE / 2**20 if fields else 0.0


def tree_rss_mb(pid: int) -> float:
    """Give the resident memory of a process and its living descendants in MiB (Linux).

    Pages that they share count for each.
    """
    return sum(rss_mb(process) for process in process_tree(pid))


def _tasks(process: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{process}/task").iterdir())
    except FileNotFoundError:
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it ended while we looked, which is no mistake
