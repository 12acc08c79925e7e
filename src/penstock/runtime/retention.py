"""Retention: instances that ended long ago are archived and removed, some at a time.

The file of a batch is on the disk before the transaction that removes its instances, and that transaction
notes the batch. So whatever is interrupted, the next run can tell which of the two it was, and nothing is
lost or archived twice. The counters are not touched, so that sums over time stay what they were.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import sqlalchemy as sa
import structlog

from penstock.runtime.archive import Archive, ArchiveError
from penstock.runtime.clock import Clock
from penstock.runtime.ids import new_id
from penstock.runtime.requests import Busy, Unavailable
from penstock.store import ended, settings
from penstock.store.database import OPERATIONAL, Database, reason
from penstock.store.ended import ENDED, FIRST, EndedInstance
from penstock.store.rows import InstanceRow

BATCH: Final = 100
"""Instances that are removed in one transaction at most: others wait for it only a moment."""

BATCH_BYTES: Final = 16 << 20
"""What they may weigh together, unless one alone is heavier."""

_MARK: Final = "retention/"
"""Before the name of a batch in the settings: what has become of it."""

_REMOVED: Final = b"removed"
_DROPPED: Final = b"dropped"

_log = structlog.get_logger()


class Policy(NamedTuple):
    """What is archived, and where to."""

    older_than_ms: int
    """How long ago an instance must have ended."""
    archive: Path
    every_s: float = 3600.0
    """How often a server looks."""


class Retained(NamedTuple):
    """What a run came to."""

    instances: int
    files: int


class _Overtaken(Exception):
    """Somebody else has dealt with the batch, or with an instance of it."""


class Retention:
    """Archives and removes what a policy names.

    Arguments:
        transact: runs a function in a transaction of its own.
    """

    def __init__(
        self,
        database: Database,
        transact: Callable[[Callable[[sa.Connection], None]], object],
        clock: Clock,
        policy: Policy,
        archive: Archive,
    ) -> None:
        self._database = database
        self._transact = transact
        self._clock = clock
        self._policy = policy
        self._archive = archive
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name="retention", daemon=True)

    def start(self) -> None:
        """Run now and then, on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch that is being dealt with."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _repeat(self) -> None:
        while not self._stopped.is_set():
            try:
                self.run()
            except (ArchiveError, Busy, Unavailable) as error:
                _log.error("nothing can be archived now, trying again", reason=str(error))
            except OPERATIONAL as error:
                _log.error("nothing can be archived now, trying again", reason=reason(error))
            self._stopped.wait(self._policy.every_s)

    def run(self) -> Retained:
        """Archive and remove all that is old enough.

        Raises:
            ArchiveError: the archive cannot be written; what was not archived is still there.
        """
        for name in self._archive.pending():
            # It may be another node's, which is at it or stands still, and shall find that it is too late.
            self._settle(name, forget=not self._database.shared)
        instances = files = 0
        for batch in self._batches():
            if self._remove(batch):
                instances, files = instances + len(batch), files + 1
            if self._stopped.is_set():
                break
        if instances:
            _log.info("instances archived", instances=instances, files=files)
        return Retained(instances, files)

    def _batches(self) -> Iterator[list[EndedInstance]]:
        for found in candidates(self._database, self._clock.now() - self._policy.older_than_ms):
            batch: list[EndedInstance] = []
            for row, variables in found:
                with self._database.reading() as connection:
                    batch.append(ended.read(connection, row, variables))
                if sum(each.size for each in batch) >= BATCH_BYTES:
                    yield batch
                    batch = []
            if batch:
                yield batch

    def _remove(self, batch: list[EndedInstance]) -> bool:
        """Archive and remove a batch, and give whether it was still there.

        Where the database fails, its answer may have been lost: the file stays pending until the next run.
        """
        name = new_id(self._clock.now())
        self._archive.write(name, batch)
        ids = [each.row.id for each in batch]
        with suppress(_Overtaken):
            self._transact(lambda connection: _remove(connection, name, ids))
        return self._settle(name)

    def _settle(self, name: str, *, forget: bool = True) -> bool:
        """Keep the file of a batch whose instances are gone, else drop it; gives which.

        Whoever notes the batch first decides. A removal that is still on its way, or lost its connection
        there, is waited for, and one that comes later finds that it may not be any more.

        Arguments:
            forget: whether no removal can come later, so that a batch that is dropped need not stay noted.
        """
        noted: list[bytes] = []
        self._transact(lambda connection: noted.append(_noted(connection, name)))
        removed = noted[-1] == _REMOVED
        if removed:
            self._archive.keep(name)
        else:
            self._archive.drop(name)
        if removed or forget:
            self._transact(lambda connection: settings.remove(connection, _MARK + name))
        return removed


def _noted(connection: sa.Connection, name: str) -> bytes:
    """Give what became of a batch; where nothing has, it is dropped."""
    if settings.add(connection, _MARK + name, _DROPPED):
        return _DROPPED
    return settings.get(connection, _MARK + name) or _REMOVED


def _remove(connection: sa.Connection, name: str, ids: Sequence[str]) -> None:
    if not settings.add(connection, _MARK + name, _REMOVED) or ended.remove(connection, ids) != len(ids):
        raise _Overtaken


def candidates(database: Database, before: int) -> Iterator[list[tuple[InstanceRow, bytes]]]:
    """Give the instances that ended before a moment (epoch ms), a batch at a time, with their variables."""
    for status in ENDED:
        after = FIRST
        while True:
            with database.reading() as connection:
                found = ended.find(connection, status, before=before, after=after, limit=BATCH)
            if not found:
                break
            yield found
            last, _ = found[-1]
            after = last.started_at, last.id
