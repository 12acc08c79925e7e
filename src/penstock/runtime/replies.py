"""Answers from the committer's thread to coroutines: the event loop is woken once a batch, not for each."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from penstock.runtime.requests import Answer, Reply


class Replies:
    """The coroutines of one event loop that wait for answers."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._answers: list[tuple[asyncio.Future[Any], Answer]] = []

    def to(self, future: asyncio.Future[Any]) -> Reply:
        """Give the reply that settles the future once `flush` is called."""
        return partial(self._add, future)

    def _add(self, future: asyncio.Future[Any], answer: Answer) -> None:
        self._answers.append((future, answer))

    def flush(self) -> None:
        """Send what has been answered to the loop; called on the committer's thread."""
        if not self._answers:
            return
        answers, self._answers = self._answers, []
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(_settle, answers)


def _settle(answers: list[tuple[asyncio.Future[Any], Answer]]) -> None:
    for future, answer in answers:
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
