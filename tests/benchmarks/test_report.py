"""The report reduces rounds to medians and sets every engine against Penstock in process."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.figures import Figure, Measure
from benchmarks.report import comparison, goals, medians
from benchmarks.subjects import IN_PROCESS, PENSTOCK

OURS = Figure(PENSTOCK, IN_PROCESS, "add", 1000, 1.0, 0.05, 1.0, 2.0, 50)
THEIRS = Figure("DBOS", "SQLite in WAL mode", "add", 100, 1.0, 1.5, 10.0, 20.0, 80)


def test_the_median_round_is_reported():
    rounds = [replace(OURS, cpu_ms_per_instance=cpu) for cpu in (0.05, 0.90, 0.07)]
    assert [figure.cpu_ms_per_instance for figure in medians(rounds)] == [0.07]


def test_rounds_of_different_workloads_and_engines_are_kept_apart():
    other = replace(OURS, workload="user")
    assert medians([OURS, other, THEIRS, OURS]) == [OURS, other, THEIRS]


def test_the_ratio_is_the_cpu_of_an_instance_over_that_of_penstock():
    lines = comparison([OURS, THEIRS]).splitlines()
    assert lines[0] == "add"
    assert lines[3].split()[-5:] == ["0.050", "1.0", "1.00", "2.00", "50"]
    assert lines[4].split()[-5:] == ["1.500", "30.0", "10.00", "20.00", "80"]


def test_without_penstock_there_is_no_ratio():
    assert comparison([THEIRS]).splitlines()[3].split()[-4] == "-"


def test_a_goal_that_is_missed_is_said_to_be():
    text = goals([replace(OURS, cpu_ms_per_instance=0.11)], [Measure("loop", 1.1, "times", 1.2)])
    missed, met = text.splitlines()[2:]
    assert missed.split()[-3:] == ["0.1", "0.110", "NO"]
    assert met.split()[-3:] == ["1.2", "1.10", "yes"]


def test_a_measure_without_a_bound_is_neither_reached_nor_missed():
    assert goals([], [Measure("restart", 0.4, "s")]).splitlines()[2].split() == ["restart:", "s", "0.40"]
