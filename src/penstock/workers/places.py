"""A place is where one call runs at a time: a worker process, or for tests a thread of this process.

A place outlives its worker process. When one is killed or dies, the place starts the next, so that the
pool never counts processes.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Protocol

import structlog

from penstock.workers.faults import failed
from penstock.workers.invoke import Invoker
from penstock.workers.loading import Function, load
from penstock.workers.process import START_LIMIT_S, Child, ChildDied, Hear, spawn
from penstock.workers.protocol import Call, FunctionInfo, FunctionsError, Outcome, Said, Setup, outcome, run

RESTART_LIMIT_S = 10.0
"""How long a call waits for a worker process to start, on top of its own time limit: its job is leased."""

_FIRST_DELAY_S = 0.1
_LONGEST_DELAY_S = 5.0

_log = structlog.get_logger("penstock.workers")


class Place(Protocol):
    """Runs calls one after the other, all in one thread; only `kill` may come from another."""

    def run(self, call: Call, limit_ms: int) -> Outcome:
        """Run a call for at most `limit_ms` milliseconds, and say what came of it."""
        ...

    def recover(self) -> None:
        """Make ready for the next call. It may take a while where worker processes do not start."""
        ...

    def close(self) -> None:
        """Give back what the place holds, when no call is to come."""
        ...

    def kill(self) -> None:
        """End what is running, and start nothing more."""
        ...


class ProcessPlace:
    """A place in a worker process."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._closed = threading.Event()
        self._starting = threading.Lock()
        self._failed_starts = 0
        self._child: Child | None = None
        self._spawn()

    def functions(self) -> dict[str, FunctionInfo]:
        """Wait for the worker process, and give the functions that it has loaded.

        Raises:
            FunctionsError: the functions cannot be loaded.
        """
        return {info.name: info for info in self._wait_ready(self._child, START_LIMIT_S)}

    def run(self, call: Call, limit_ms: int) -> Outcome:
        """Run a call in the worker process, and end the process when the time limit passes."""
        if self._child is None or self._child.died_idle():
            self._drop()
            self._spawn()
        child = self._child
        try:
            self._wait_ready(child, RESTART_LIMIT_S)
        except FunctionsError as error:
            self._failed_starts += 1
            if child is None or not child.loads():
                self._drop()
            return failed("crashed", f"The worker process did not start. {error}")
        self._failed_starts = 0
        assert child is not None
        return self._exchange(child, call, limit_ms)

    def recover(self) -> None:
        """Start a worker process if there is none, after a delay when the last one did not start."""
        if self._child is not None:
            return
        if self._failed_starts:
            self._closed.wait(min(_FIRST_DELAY_S * 2 ** min(self._failed_starts - 1, 10), _LONGEST_DELAY_S))
        self._spawn()

    def close(self) -> None:
        """End the worker process, and wait for its end."""
        self.kill()
        self._drop()

    def kill(self) -> None:
        """End the worker process."""
        with self._starting:
            self._closed.set()
            if self._child is not None:
                self._child.kill()

    def _wait_ready(self, child: Child | None, patience_s: float) -> tuple[FunctionInfo, ...]:
        if child is None:
            raise FunctionsError((f"{self._setup.folder}: no worker process can be started.",))
        try:
            return child.wait_ready(time.monotonic() + patience_s, _hear_loading)
        except ChildDied as death:
            raise FunctionsError(
                (f"{self._setup.folder}: importing it ended the process by {death}.",)
            ) from None
        except TimeoutError:
            raise FunctionsError(
                (f"{self._setup.folder}: importing it takes more than {patience_s:g} seconds.",)
            ) from None

    def _exchange(self, child: Child, call: Call, limit_ms: int) -> Outcome:
        log = _log.bind(
            job=call.job.key,
            instance=call.job.instance_id,
            element=call.job.element_id,
            function=call.function,
        )
        deadline = time.monotonic() + limit_ms / 1000
        try:
            return outcome(child.exchange(run(call, limit_ms), deadline, _hear_call(log)))
        except TimeoutError:
            self._drop()
            log.warning("function timed out", limit_ms=limit_ms, pid=child.pid)
            return failed(
                "timeout",
                f"{call.function}() did not end within {limit_ms / 1000:g} seconds and was stopped. "
                "Make it faster, or raise the time limit of the task or of the function.",
            )
        except ChildDied as death:
            self._child = None
            log.warning("worker process died", how=str(death), pid=child.pid)
            return failed("crashed", f"The worker process ended while it ran {call.function}(): {death}.")
        except BaseException:
            # Its answer to this call must never be taken for the answer to the next.
            self._drop()
            raise

    def _spawn(self) -> None:
        with self._starting:
            if self._closed.is_set():
                return
            try:
                self._child = spawn(self._setup)
            except (OSError, ChildDied) as error:
                _log.error("worker process not started", reason=str(error))

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.discard()


class ThreadPlace:
    """A place in this process. No time limit is kept: Python cannot stop a thread."""

    def __init__(self, functions: dict[str, Function], max_result_bytes: int) -> None:
        self._invoker = Invoker(functions, max_result_bytes)

    def run(self, call: Call, limit_ms: int) -> Outcome:
        """Run a call in this thread."""
        return outcome(self._invoker.answer(run(call, limit_ms)))

    def recover(self) -> None:
        """There is nothing to make ready."""

    def close(self) -> None:
        """End the event loop of this thread."""
        self._invoker.close()

    def kill(self) -> None:
        """A thread cannot be ended: what runs goes on, unheard."""


def open_process_places(setup: Setup, count: int) -> tuple[list[Place], dict[str, FunctionInfo]]:
    """Start `count` worker processes, and give their places and functions.

    Raises:
        FunctionsError: the functions cannot be loaded.
    """
    places = [ProcessPlace(setup) for _ in range(count)]
    try:
        return list(places), places[0].functions()
    except BaseException:
        for place in places:
            place.close()
        raise


def open_thread_places(
    folder: Path | None, max_result_bytes: int, count: int
) -> tuple[list[Place], dict[str, FunctionInfo]]:
    """Load the functions into this process, and give `count` places for them.

    Raises:
        FunctionsError: the functions cannot be loaded.
    """
    functions = load(folder) if folder is not None else {}
    places: list[Place] = [ThreadPlace(functions, max_result_bytes) for _ in range(count)]
    return places, {name: function.info for name, function in functions.items()}


def _hear_loading(said: Said) -> None:
    _log.log(said.level, said.text, source=said.source, during="import")


def _hear_call(log: structlog.typing.FilteringBoundLogger) -> Hear:
    def hear(said: Said) -> None:
        log.log(said.level, said.text, source=said.source)

    return hear
