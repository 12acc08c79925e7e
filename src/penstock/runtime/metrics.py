"""What the runtime counts for whoever watches it, in Prometheus's form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The runtime's counters, in a registry of their own, so that two runtimes do not share them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._commits = Histogram(
            "penstock_commit_seconds",
            "Time of one transaction, from its begin to its commit.",
            registry=self.registry,
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
        )
        self._batches = Histogram(
            "penstock_commit_commands",
            "Commands that shared one transaction.",
            registry=self.registry,
            buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
        )
        self.again = Counter(
            "penstock_commits_again_total",
            "Transactions that were run again, since others were at the same rows.",
            registry=self.registry,
        )
        self.jobs = Counter(
            "penstock_jobs_total",
            "Jobs that functions were run for.",
            ("type", "outcome"),
            registry=self.registry,
        )
        self.running = Gauge("penstock_jobs_running", "Functions that run now.", registry=self.registry)
        self.timers = Counter("penstock_timers_fired_total", "Timers that fired.", registry=self.registry)
        self.timer_lag = Histogram(
            "penstock_timer_lag_seconds",
            "How long after its moment a timer fired.",
            registry=self.registry,
            buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600),
        )

    @contextmanager
    def commit(self, commands: int) -> Iterator[None]:
        """Measure one transaction of so many commands, if it succeeds."""
        start = perf_counter()
        yield
        self._commits.observe(perf_counter() - start)
        self._batches.observe(commands)
