"""Service levels: how many jobs of a type and instances of a process run at once, how fast, which first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

AGE_MS: Final = 60_000
"""What a point of priority is worth: such a job goes ahead of those that came so much earlier without one."""

_PRIORITIES: Final = range(-1000, 1001)
_RATE: Final = re.compile(r"(\d+)\s*/\s*(s|min|h)")
_PERIODS: Final = {"s": 1000, "min": 60_000, "h": 3_600_000}
_OVER: Final = ("refuse", "queue")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many jobs may start in any span of time so long."""

    number: int
    period: int
    """Milliseconds."""

    def __str__(self) -> str:
        unit = next(unit for unit, period in _PERIODS.items() if period == self.period)
        return f"{self.number}/{unit}"


@dataclass(frozen=True, slots=True)
class TaskLevel:
    """What holds for the jobs of one type, over all nodes and workers together."""

    concurrency: int | None = None
    """How many run at once."""
    rate: Rate | None = None
    priority: int = 0

    @property
    def limited(self) -> bool:
        """Whether a job may have to wait though there is somebody to do it."""
        return self.concurrency is not None or self.rate is not None


@dataclass(frozen=True, slots=True)
class ProcessLevel:
    """What holds for the instances of one process, over all nodes together."""

    running: int | None = None
    """How many run at once."""
    over: Literal["refuse", "queue"] = "refuse"
    """What becomes of a start when as many run."""
    priority: int = 0
    """What their jobs have beside the priority of their type."""


@dataclass(frozen=True, slots=True)
class Levels:
    """The service levels: by type of task, and by process."""

    tasks: Mapping[str, TaskLevel] = field(default_factory=lambda: MappingProxyType({}))
    processes: Mapping[str, ProcessLevel] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def ordered(self) -> bool:
        """Whether any job goes ahead of others."""
        of_tasks = (level.priority for level in self.tasks.values())
        return any(of_tasks) or any(level.priority for level in self.processes.values())

    def limit_of(self, type_: str) -> TaskLevel | None:
        """Give what limits the jobs of a type, None where nothing does."""
        level = self.tasks.get(type_)
        return level if level is not None and level.limited else None

    def priority_of(self, type_: str, process_id: str) -> int:
        """Give the priority of a job."""
        task, process = self.tasks.get(type_), self.processes.get(process_id)
        return (task.priority if task else 0) + (process.priority if process else 0)

    def __str__(self) -> str:
        return "; ".join(self.told())

    def told(self) -> list[str]:
        """Say each of them on a line."""
        return [*map(_task_told, self.tasks.items()), *map(_process_told, self.processes.items())]


NONE: Final = Levels()


def read(raw: Mapping[str, Any]) -> Levels:
    """Read service levels from what a file says: tables `tasks` and `processes`, each by name.

    Raises:
        ValueError: something is wrong; the text completes the sentence "it must be ...".
    """
    unknown = sorted(raw.keys() - {"tasks", "processes"})
    if unknown:
        raise ValueError(f"tables named tasks and processes, and has '{unknown[0]}'")
    tasks = {name: _task(name, it) for name, it in _tables(raw, "tasks")}
    processes = {name: _process(name, it) for name, it in _tables(raw, "processes")}
    return Levels(MappingProxyType(tasks), MappingProxyType(processes))


def _tables(raw: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    found = raw.get(kind, {})
    if not isinstance(found, Mapping) or not all(isinstance(it, Mapping) for it in found.values()):
        raise ValueError(f"a table for each of the {kind}")
    yield from found.items()


def _task(name: str, raw: Mapping[str, Any]) -> TaskLevel:
    where = f"tasks.{name}"
    _only(where, raw, ("concurrency", "rate", "priority"))
    return TaskLevel(_limit(where, raw, "concurrency"), _rate(where, raw.get("rate")), _priority(where, raw))


def _process(name: str, raw: Mapping[str, Any]) -> ProcessLevel:
    where = f"processes.{name}"
    _only(where, raw, ("running", "over", "priority"))
    over = raw.get("over", "refuse")
    if over not in _OVER:
        raise ValueError(f"{' or '.join(_OVER)} at {where}.over")
    return ProcessLevel(_limit(where, raw, "running"), over, _priority(where, raw))


def _only(where: str, raw: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = sorted(raw.keys() - set(known))
    if unknown:
        raise ValueError(f"a table of {', '.join(known)} at {where}, and has '{unknown[0]}'")


def _limit(where: str, raw: Mapping[str, Any], name: str) -> int | None:
    number = raw.get(name)
    if number is None or (isinstance(number, int) and not isinstance(number, bool) and number > 0):
        return number
    raise ValueError(f"a whole number from 1 on at {where}.{name}")


def _rate(where: str, raw: object) -> Rate | None:
    if raw is None:
        return None
    found = _RATE.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if found is None or not int(found[1]):
        raise ValueError(f"a rate such as 10/s, 100/min or 1000/h at {where}.rate")
    return Rate(int(found[1]), _PERIODS[found[2]])


def _priority(where: str, raw: Mapping[str, Any]) -> int:
    number = raw.get("priority", 0)
    if isinstance(number, int) and not isinstance(number, bool) and number in _PRIORITIES:
        return number
    raise ValueError(f"a whole number from -1000 to 1000 at {where}.priority")


def _task_told(named: tuple[str, TaskLevel]) -> str:
    name, level = named
    parts = [f"{level.concurrency} at once"] if level.concurrency else []
    parts += [f"{level.rate}"] if level.rate else []
    return _line("task", name, parts, level.priority)


def _process_told(named: tuple[str, ProcessLevel]) -> str:
    name, level = named
    parts = [f"{level.running} running, else {level.over}"] if level.running else []
    return _line("process", name, parts, level.priority)


def _line(kind: str, name: str, parts: list[str], priority: int) -> str:
    said = parts + ([f"priority {priority}"] if priority else [])
    return f"{kind} {name}: {', '.join(said) or 'no limit'}"
