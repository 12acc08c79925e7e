"""What one measurement gives survives its way to the harness, and the system's figures are real."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from benchmarks import figures
from benchmarks.figures import Figure, Measure, Sample

FIGURE = Figure("DBOS", "SQLite in WAL mode", "add", 100, 1.0, 1.5, 10.0, 20.0, 80.0)


@pytest.mark.parametrize("result", [FIGURE, Measure("restart", 0.5, "s", None)])
def test_what_is_emitted_is_read_again(result: Figure | Measure, capsys: pytest.CaptureFixture[str]):
    figures.emit(result)
    assert figures.read(capsys.readouterr().out) == result


def test_a_sample_is_reduced_to_time_and_cpu_an_instance():
    sample = Sample([0.001] * 99 + [0.050], seconds=2.0, cpu_seconds=0.5, rss_mb=80.0)
    figure = sample.figure("DBOS", "m", "add")
    assert (figure.instances, figure.per_second, figure.cpu_ms_per_instance) == (100, 50.0, 5.0)
    assert (figure.p50_ms, figure.p99_ms) == (1.0, 50.0)


def test_the_warm_up_is_not_counted():
    calls: list[float] = []
    sample = figures.one_after_another(lambda: calls.append(time.perf_counter()), 0.01)
    assert len(sample.latencies) == len(calls) - figures.WARM_UP_INSTANCES


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_cpu_and_memory_of_a_child_count_for_its_parent():
    burn = "sum(i * i for i in range(3_000_000)); print('done', flush=True); input()"
    before = figures.tree_cpu_seconds(os.getpid())
    child = subprocess.Popen([sys.executable, "-c", burn], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        assert child.pid in figures.process_tree(os.getpid())
        assert figures.tree_cpu_seconds(os.getpid()) - before >= 0.02
        assert figures.tree_rss_mb(os.getpid()) > figures.rss_mb(os.getpid()) > 1
