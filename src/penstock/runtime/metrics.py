"""What the runtime counts for whoever watches it, in Prometheus's form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from time import perf_counter
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from penstock.store.gauges import MOST, Gauges


class Now(NamedTuple):
    """How it stands when somebody asks."""

    gauges: Gauges
    """In the database, for all nodes."""
    queue: int
    """Commands that wait in this node."""
    pools: Mapping[str, tuple[int, int]]
    """Of this node's connections, by what they are for: how many are at work, and how many there may be."""


class _Shown:
    """The metrics that are set when somebody asks, since nothing counts them as they change."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, about: str, labels: Sequence[str] = ()) -> Gauge:
            return Gauge(f"penstock_{name}", about, labels, registry=registry)

        gauge("info", "This release.", ("version",)).labels(version("penstock")).set(1)
        self._up = gauge("database_up", "Whether the database answered when it was asked for this.")
        self._jobs = gauge(
            "jobs_open",
            f"Open jobs: available, leased, waiting or held; counted to {MOST}.",
            ("type", "state"),
        )
        self._incidents = gauge("incidents_open", f"Open incidents; counted to {MOST}.", ("type",))
        self._timers = gauge("timers_due", "Timers that should have fired.")
        self._timer_age = gauge("timer_due_seconds", "For how long the oldest of them has been due.")
        self._outbox = gauge("outbox_commands", "Commands between instances that are on their way.")
        self._queue = gauge("queue_commands", "Commands that wait in this node for their transaction.")
        self._busy = gauge("database_connections_busy", "Connections at work.", ("what",))
        self._most = gauge("database_connections_max", "Connections that there may be.", ("what",))

    def set(self, now: Now | None) -> None:
        self._up.set(now is not None)
        if now is None:
            return
        gauges = now.gauges
        # What there is no longer shall not stand there for ever.
        self._jobs.clear()
        for (type_, state), count in gauges.jobs.items():
            self._jobs.labels(type_, state).set(count)
        self._incidents.clear()
        for type_, count in gauges.incidents.items():
            self._incidents.labels(type_).set(count)
        self._timers.set(gauges.timers_due)
        self._timer_age.set(gauges.timer_due_ms / 1000)
        self._outbox.set(gauges.outbox)
        self._queue.set(now.queue)
        for what, (busy, most) in now.pools.items():
            self._busy.labels(what).set(busy)
            self._most.labels(what).set(most)


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
        self.database_errors = Counter(
            "penstock_database_errors_total",
            "What the database could not do, because it was away, full or busy.",
            ("what",),
            registry=self.registry,
        )
        for what in ("read", "write"):
            self.database_errors.labels(what)
        self.instances = Counter(
            "penstock_instances_total",
            "Instances that were started, completed or cancelled.",
            ("process", "event"),
            registry=self.registry,
        )
        self.incidents = Counter(
            "penstock_incidents_total", "Incidents that were raised.", ("type",), registry=self.registry
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

        self._shown = _Shown(self.registry)

    def show(self, now: Now | None) -> None:
        """Show how it stands; None where the database cannot be asked."""
        self._shown.set(now)

    @contextmanager
    def commit(self, commands: int) -> Iterator[None]:
        """Measure one transaction of so many commands, if it succeeds."""
        start = perf_counter()
        yield
        self._commits.observe(perf_counter() - start)
        self._batches.observe(commands)
