"""Figures as tables: medians over the rounds, ratios to Penstock, and the goals they are held to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from benchmarks.figures import Figure, Measure
from benchmarks.subjects import HTTP, IN_PROCESS, PENSTOCK

CALIBRATION = ("SpiffWorkflow", "in memory", "add", 0.43)
"""What the machine on which the goals were set needed for this, in ms of CPU."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure of Penstock is to reach."""

    mode: str
    workload: str
    cpu_ms: float
    per_second: float = 0.0


GOALS = (
    Goal(IN_PROCESS, "add", 0.10),
    Goal(IN_PROCESS, "chain20", 0.35),
    Goal(IN_PROCESS, "fork5", 0.35),
    Goal(IN_PROCESS, "user", 0.20),
    Goal(HTTP, "add", 0.25, per_second=4000),
)


def medians(figures: Iterable[Figure]) -> list[Figure]:
    """Reduce the rounds of each subject and workload to one figure, the median of each of its numbers."""
    rounds: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        rounds[figure.workload, figure.peer, figure.mode].append(figure)
    return [_median(group) for group in rounds.values()]


def _median(group: Sequence[Figure]) -> Figure:
    # Instances over seconds is what readers divide, so both come from the round in the middle.
    middle = sorted(group, key=lambda figure: figure.per_second)[len(group) // 2]
    return replace(
        middle,
        cpu_ms_per_instance=median(figure.cpu_ms_per_instance for figure in group),
        p50_ms=median(figure.p50_ms for figure in group),
        p99_ms=median(figure.p99_ms for figure in group),
        rss_mb=median(figure.rss_mb for figure in group),
    )


def comparison(figures: Sequence[Figure]) -> str:
    """Write one table a workload, with the ratio of each subject's CPU to Penstock's in process."""
    tables = []
    for workload in dict.fromkeys(figure.workload for figure in figures):
        group = [figure for figure in figures if figure.workload == workload]
        reference = _find(group, IN_PROCESS, workload)
        rows: list[tuple[str, ...]] = [
            ("engine", "mode", "instances/s", "CPU ms", "ratio", "p50 ms", "p99 ms", "RSS MB")
        ]
        rows += [_row(figure, reference) for figure in group]
        tables.append(f"{workload}\n{table(rows, left=2)}")
    return "\n\n".join(tables)


def _row(figure: Figure, reference: Figure | None) -> tuple[str, ...]:
    ratio = f"{figure.cpu_ms_per_instance / reference.cpu_ms_per_instance:.1f}" if reference else "-"
    return (
        figure.peer,
        figure.mode,
        f"{figure.per_second:,.0f}",
        f"{figure.cpu_ms_per_instance:.3f}",
        ratio,
        f"{figure.p50_ms:.2f}",
        f"{figure.p99_ms:.2f}",
        f"{figure.rss_mb:.0f}",
    )


def goals(figures: Sequence[Figure], measures: Sequence[Measure]) -> str:
    """Write what was to be reached, what was, and whether that is enough."""
    rows = [("goal", "bound", "measured", "reached")]
    for goal in GOALS:
        found = _find(figures, goal.mode, goal.workload)
        if found is None:
            continue
        name, cpu = f"{goal.workload}, {goal.mode}", found.cpu_ms_per_instance
        rows.append((f"{name}: CPU ms", f"<= {goal.cpu_ms}", f"{cpu:.3f}", _yes(cpu <= goal.cpu_ms)))
        if goal.per_second:
            rate = found.per_second
            reached = _yes(rate >= goal.per_second)
            rows.append((f"{name}: instances/s", f">= {goal.per_second:,.0f}", f"{rate:,.0f}", reached))
    for measure in measures:
        bound = "" if measure.bound is None else f"<= {measure.bound:g}"
        reached = "" if measure.bound is None else _yes(measure.value <= measure.bound)
        rows.append((f"{measure.name}: {measure.unit}", bound, f"{measure.value:,.2f}", reached))
    return table(rows, left=1) if len(rows) > 1 else ""


def calibration(figures: Sequence[Figure]) -> str:
    """Say how fast this machine is beside the one on which the goals were set, if that was measured."""
    peer, mode, workload, there = CALIBRATION
    for figure in figures:
        if (figure.peer, figure.mode, figure.workload) == (peer, mode, workload):
            here = figure.cpu_ms_per_instance
            return (
                f"{peer} {mode} needs {here:.2f} ms for {workload} here and needed {there:.2f} ms where the "
                f"goals were set: this machine, as loaded now, is {there / here:.1f} times as fast."
            )
    return ""


def table(rows: Sequence[Sequence[str]], *, left: int) -> str:
    """Set rows, the first of them the head, in columns; all but the first `left` columns to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _find(figures: Sequence[Figure], mode: str, workload: str) -> Figure | None:
    wanted = (PENSTOCK, mode, workload)
    return next((each for each in figures if (each.peer, each.mode, each.workload) == wanted), None)


def _yes(reached: bool) -> str:
    return "yes" if reached else "NO"
