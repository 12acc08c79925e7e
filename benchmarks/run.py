"""Measure Penstock beside its peers: `python -m benchmarks.run [--quick] [--json FILE]`.

Every subject runs every workload in each round, in a process of its own, the subjects in turn, so that
what else the machine does falls on all alike; the medians of the rounds are reported. CPU time an instance
is the figure to trust on a busy machine. The scale measures run once, behind the comparison.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import expressions_report, report
from benchmarks.figures import Figure, Measure, Result, Timing
from benchmarks.peers import venv
from benchmarks.subjects import SUBJECTS, SubjectFailed, measure, run
from benchmarks.workloads import COMPARED

WORKLOADS = tuple(workload.name for workload in COMPARED)
SCALES = ("waiting", "loop", "overall", "outside", "many", "history", "batch", "nodes")
EXPRESSIONS = "expressions"
SCALE_PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    rounds: int
    seconds: float
    """For one workload of one subject in one round."""


FULL = Extent(rounds=3, seconds=3.0)
QUICK = Extent(rounds=1, seconds=1.0)


Failures = list[str]


def compare(extent: Extent, workloads: Sequence[str], failures: Failures) -> list[Figure]:
    """Measure every subject on the workloads, round by round; what fails is noted and left out.

    Raises:
        VenvFailed: the peers could not be installed.
    """
    peers_python = venv.prepare()
    found: list[Result] = []
    for number in range(1, extent.rounds + 1):
        for subject in SUBJECTS:
            _progress(f"round {number} of {extent.rounds}: {subject.peer}, {subject.mode}")
            try:
                found += measure(subject, peers_python, extent.seconds, workloads)
            except SubjectFailed as failure:
                failures.append(str(failure))
    return [each for each in found if isinstance(each, Figure)]


def scale(names: Sequence[str], quick: bool, failures: Failures) -> list[Measure]:
    """Take the scale measures; what fails is noted and left out."""
    found: list[Result] = []
    for name in names:
        _progress(f"scale: {name}")
        with tempfile.TemporaryDirectory(prefix="penstock-bench-") as folder:
            extent = ["--quick"] if quick else []
            command = [sys.executable, "-m", "benchmarks.scale", name, folder, *extent]
            try:
                found += run(command, SCALE_PATIENCE_SECONDS)
            except SubjectFailed as failure:
                failures.append(str(failure))
    return [each for each in found if isinstance(each, Measure)]


def machine() -> dict[str, object]:
    """Say what the figures were taken on."""
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "sqlite": sqlite3.sqlite_version,
        "load": os.getloadavg()[0],
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except FileNotFoundError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="one short round and small stores, under 3 minutes"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE too")
    parser.add_argument(
        "--only",
        action="append",
        choices=[*WORKLOADS, EXPRESSIONS, *SCALES],
        metavar="NAME",
        help=f"measure only this, may be repeated: {', '.join([*WORKLOADS, EXPRESSIONS, *SCALES])}",
    )
    return parser.parse_args(given)


def _write(
    file: Path,
    about: dict[str, object],
    figures: Sequence[Figure],
    timings: Sequence[Timing],
    measures: Sequence[Measure],
) -> None:
    content = {
        "machine": about,
        "medians": [asdict(figure) for figure in report.medians(figures)],
        "rounds": [asdict(figure) for figure in figures],
        "expressions": [asdict(each) for each in timings],
        "measures": [asdict(each) for each in measures],
    }
    file.write_text(json.dumps(content, indent=1) + "\n")


def main(given: Sequence[str]) -> int:
    """Measure what the arguments ask for and print it; 1 when something could not be measured."""
    arguments = _arguments(given)
    only = arguments.only or [*WORKLOADS, EXPRESSIONS, *SCALES]
    about = machine()
    workloads = [name for name in WORKLOADS if name in only]
    failures: Failures = []
    extent = QUICK if arguments.quick else FULL
    timings: list[Timing] = []
    try:
        figures = compare(extent, workloads, failures) if workloads else []
        if EXPRESSIONS in only:
            timings = expressions_report.compare(extent.rounds, extent.seconds, failures, _progress)
    except venv.VenvFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    measures = scale([name for name in SCALES if name in only], arguments.quick, failures)
    reduced = report.medians(figures)
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    parts = (
        report.comparison(reduced),
        expressions_report.comparison(timings),
        report.goals(reduced, measures),
        expressions_report.goals(timings),
        report.calibration(reduced),
    )
    for part in parts:
        if part:
            print(f"\n{part}")
    if arguments.json:
        _write(arguments.json, about, figures, timings, measures)
    for each in failures:
        print(f"\nnot measured: {each}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
