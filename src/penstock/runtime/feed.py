"""Tells those who watch what has changed, on this node and on every other one of the database.

While somebody watches, a task reads the changes that have come since it last looked, and hands them to all.
What a watcher has not taken yet is merged, so that a slow one costs no memory and learns less instead.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from typing import Concatenate, Final, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
import structlog

from penstock.store import changes
from penstock.store.changes import Change, InstanceChange, Tail
from penstock.store.database import OPERATIONAL, reason

LOOK_S: Final = 0.25
"""How often it looks for changes while somebody watches."""
LOOK_AGAIN_S: Final = 2.0
"""How long it waits where the database could not be read."""
WAITING: Final = 256
"""Instances that wait for a watcher at most; of more it only learns that there are many."""

_log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")


class Read(Protocol):
    """Runs a query on a reader's thread, as `Runtime.read`."""

    async def __call__(
        self, query: Callable[Concatenate[sa.Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T: ...


class News:
    """What a watcher is to be told next."""

    def __init__(self, position: int) -> None:
        self.position = position
        """The number of the change after which to go on."""
        self.instances: dict[str, InstanceChange] = {}
        self.many = False
        """Whether more instances have changed than are named."""
        self.subjects: dict[str, None] = {}

    def __bool__(self) -> bool:
        return bool(self.instances or self.many or self.subjects)


class Watching:
    """One watcher, from when it begins until it is closed."""

    def __init__(self, instances: Collection[str], position: int) -> None:
        self._wanted = frozenset(instances)
        self._news = News(position)
        self._come = asyncio.Event()
        self.closed = False

    def put(self, found: Iterable[Change], position: int) -> None:
        """Take in changes; those of other instances than it asked for are left out."""
        news = self._news
        news.position = position
        for change in found:
            news.many |= change.many
            if not self._wanted:
                news.subjects.update(dict.fromkeys(change.subjects))
            for one in change.instances:
                if not self._wanted or one.id in self._wanted:
                    news.instances[one.id] = one
        if len(news.instances) > WAITING:
            news.instances.clear()
            news.many = True
        if news:
            self._come.set()

    async def next(self, timeout_s: float) -> News:
        """Give what has come since the last time, or after so many seconds that nothing has."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._come.wait(), timeout_s)
        self._come.clear()
        news, self._news = self._news, News(self._news.position)
        return news

    def close(self) -> None:
        """Let it end; whoever waits for its news is woken."""
        self.closed = True
        self._come.set()


class Feed:
    """The changes of a database, for the watchers of one node. It belongs to one event loop."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._watching: set[Watching] = set()
        self._task: asyncio.Task[None] | None = None
        self._tail: Tail | None = None
        self._ended = False

    async def watch(self, instances: Collection[str], after: int | None) -> tuple[Watching, bool]:
        """Begin to watch, and give whether the watcher has missed something that is no longer known.

        Arguments:
            instances: only these; none for all.
            after: the position from which to go on; None for now.
        """
        watching = Watching(instances, 0)
        self._watching.add(watching)
        try:
            tail = await self._following()
            missed = [] if after is None else await self._read(changes.since, after)
        except BaseException:
            self._watching.discard(watching)
            raise
        watching.put([change for _, change in missed or ()], tail.complete)
        if self._ended:
            watching.close()
        return watching, missed is None

    def forget(self, watching: Watching) -> None:
        """Watch no longer."""
        self._watching.discard(watching)

    def close(self) -> None:
        """Let every watcher end, since the server stops."""
        self._ended = True
        for watching in self._watching:
            watching.close()

    async def _following(self) -> Tail:
        """Give how far the changes have been read, and see to it that they are read on."""
        if self._tail is None:
            tail = Tail(await self._read(changes.newest))
            if self._tail is None:  # another watcher may have begun meanwhile
                self._tail = tail
                self._task = asyncio.create_task(self._follow(tail))
        return self._tail

    async def _follow(self, tail: Tail) -> None:
        """Hand out what comes, as long as somebody watches."""
        try:
            while self._watching and not self._ended:
                await asyncio.sleep(await self._look(tail))
        finally:
            self._tail = None

    async def _look(self, tail: Tail) -> float:
        """Hand out what has come, and give the seconds until the next look."""
        try:
            found = await self._read(tail.read)
        except OPERATIONAL as error:
            _log.warning("changes cannot be read now, trying again", reason=reason(error))
            return LOOK_AGAIN_S
        for watching in self._watching:
            watching.put(found, tail.complete)
        return LOOK_S
