"""Answers from the committers' threads to coroutines: the event loop is woken once a batch, not for each."""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from typing import Any

from penstock.runtime.requests import Answer, Reply


class Replies:
    """The coroutines of one event loop that wait for answers."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._answers: deque[tuple[asyncio.Future[Any], Answer]] = deque()
        """Filled by many threads and emptied by the loop's, an answer at a time, so that none gets lost."""

    def to(self, future: asyncio.Future[Any]) -> Reply:
        """Give the reply that settles the future once `flush` is called."""
        return partial(self._add, future)

    def _add(self, future: asyncio.Future[Any], answer: Answer) -> None:
        self._answers.append((future, answer))

    def flush(self) -> None:
        """Send what has been answered to the loop; called on a committer's thread."""
        if self._answers and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        while self._answers:
            future, answer = self._answers.popleft()
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
