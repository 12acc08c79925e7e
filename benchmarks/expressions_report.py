"""FEEL and decision tables beside the peers: every subject in turn, round by round, and their table."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.expressions import CONDITION, FEEL, LAMBDA, PARSE, PENSTOCK, TABLE, VARIABLES
from benchmarks.figures import Timing
from benchmarks.peers import node, venv
from benchmarks.report import table
from benchmarks.subjects import SubjectFailed, run

PEER_PATIENCE_SECONDS = 60.0
"""What a subject may take beside its measured time."""


def compare(
    rounds: int, seconds: float, failures: list[str], progress: Callable[[str], None]
) -> list[Timing]:
    """Time every subject, `seconds` a workload in each round; what fails is noted and left out.

    Raises:
        VenvFailed: the peers could not be installed.
    """
    found: list[Timing] = []
    subjects = _subjects(seconds, failures)
    for number in range(1, rounds + 1):
        for name, command in subjects:
            progress(f"round {number} of {rounds}: expressions, {name}")
            try:
                results = run(command, PEER_PATIENCE_SECONDS + 10 * seconds)
            except SubjectFailed as failure:
                failures.append(str(failure))
                continue
            found += [each for each in results if isinstance(each, Timing)]
    return medians(found)


def _subjects(seconds: float, failures: list[str]) -> list[tuple[str, list[str]]]:
    peers_python = str(venv.prepare())
    subjects = [
        (PENSTOCK, [sys.executable, "-m", "benchmarks.expressions_penstock", str(seconds)]),
        ("cel-python", [peers_python, "-m", "benchmarks.peers.cel", str(seconds)]),
        ("SpiffWorkflow", [peers_python, "-m", "benchmarks.peers.spiff_expressions", str(seconds)]),
    ]
    try:
        subjects.append(("feelin", [*node.prepare(), str(seconds), FEEL, json.dumps(VARIABLES)]))
    except node.NodeFailed as failure:
        failures.append(str(failure))
    return subjects


def medians(timings: Sequence[Timing]) -> list[Timing]:
    """Reduce the rounds to one timing for each workload and peer."""
    keys = dict.fromkeys((timing.workload, timing.peer) for timing in timings)
    return [Timing(peer, workload, _median(timings, peer, workload)) for workload, peer in keys]


def _median(timings: Sequence[Timing], peer: str, workload: str) -> float:
    return median(each.microseconds for each in timings if (each.peer, each.workload) == (peer, workload))


def comparison(timings: Sequence[Timing]) -> str:
    """Write the table of all timings, each with its ratio to Penstock's."""
    ours = {each.workload: each.microseconds for each in timings if each.peer == PENSTOCK}
    rows = [("workload", "peer", "us", "ratio")]
    for each in sorted(timings, key=lambda timing: timing.workload):
        ratio = f"{each.microseconds / ours[each.workload]:,.2f}" if each.workload in ours else "-"
        rows.append((each.workload, each.peer, f"{each.microseconds:,.3f}", ratio))
    return table(rows, left=2) if len(rows) > 1 else ""


def goals(timings: Sequence[Timing]) -> str:
    """Write what was to be reached, what was, and whether that is enough."""
    found = {(each.peer, each.workload): each.microseconds for each in timings}
    ours = found.get((PENSTOCK, CONDITION))
    rows = [("goal", "bound", "measured", "reached")]
    for name, workload, most in (
        ("condition: us", CONDITION, 2.0),
        ("parsing: us", PARSE, 50.0),
        ("table of 1,000 rules: us", TABLE, 100.0),
    ):
        value = found.get((PENSTOCK, workload))
        if value is not None:
            rows.append((name, f"<= {most:g}", f"{value:,.2f}", _yes(value <= most)))
    cel, python = found.get(("cel-python", CONDITION)), found.get((LAMBDA, CONDITION))
    if ours and cel:
        rows.append(
            ("condition: times faster than cel-python", ">= 20", f"{cel / ours:,.0f}", _yes(cel >= 20 * ours))
        )
    if ours and python:
        rows.append(
            ("condition: times a Python lambda", "<= 3", f"{ours / python:.2f}", _yes(ours <= 3 * python))
        )
    return table(rows, left=1) if len(rows) > 1 else ""


def _yes(reached: bool) -> str:
    return "yes" if reached else "NO"
