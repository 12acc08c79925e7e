"""Looks up, when somebody asks for the metrics, what nothing counts as it changes."""

from __future__ import annotations

import threading
import time
from typing import Final

from penstock.runtime.clock import Clock
from penstock.runtime.dispatch import Dispatcher
from penstock.runtime.metrics import Metrics, Now
from penstock.store.database import OPERATIONAL, Database
from penstock.store.gauges import measure

STANDS_S: Final = 5.0
"""For how long it is not looked again: nobody shall make work by asking."""


class Measuring:
    """What is open and late in the database, and at work in this node."""

    def __init__(self, database: Database, dispatcher: Dispatcher, clock: Clock, metrics: Metrics) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._clock = clock
        self._metrics = metrics
        self._lock = threading.Lock()
        self._looked_at = -STANDS_S

    def look(self) -> None:
        """Bring the metrics up to date, unless they are just so; a database that is away is one of them."""
        with self._lock:
            now = time.monotonic()
            if now - self._looked_at < STANDS_S:
                return
            self._looked_at = now
            try:
                with self._database.reading() as connection:
                    gauges = measure(connection, self._clock.now())
            except OPERATIONAL:
                self._metrics.database_errors.labels("read").inc()
                self._metrics.show(None)
            else:
                connections = self._database.connections()
                self._metrics.show(Now(gauges, self._dispatcher.waiting, connections))
