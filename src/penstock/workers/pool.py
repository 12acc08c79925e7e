"""The pool of places where task functions run, away from the server's own threads and memory.

A call given to the pool is answered exactly once, by an outcome or by the stop of the pool. The pool
keeps nothing on disk: a call that is lost with the server is found again by its job's lease.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import structlog

from penstock.workers.faults import failed, raised
from penstock.workers.pace import Pace
from penstock.workers.places import Place, open_process_places, open_thread_places
from penstock.workers.protocol import Call, FunctionInfo, FunctionsError, Outcome, Setup, Withdrawn

Report = Callable[[Outcome | Withdrawn], None]

_JOIN_AFTER_KILL_S = 5.0

_log = structlog.get_logger("penstock.workers")


class FunctionPool:
    """Runs task functions for the server.

    Args:
        folder: the folder of the function files; None for a server without functions.
        processes: how many calls run at a time, one or more.
        default_timeout_ms: the time limit of a call whose model and function set none.
        max_result_bytes: the largest result, packed.
        memory_bytes: the address space that a worker process may use; None leaves it to the system.
        only: the functions that are offered; all of them where it is empty.
        threads: run the functions in threads of this process, for tests. No time limit is kept then,
            and a function that crashes takes the process with it.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        processes: int = 2,
        default_timeout_ms: int = 60_000,
        max_result_bytes: int = 4 << 20,
        memory_bytes: int | None = None,
        only: Collection[str] = (),
        threads: bool = False,
    ) -> None:
        if processes < 1:
            raise ValueError(f"A pool needs at least one process, not {processes}.")
        self._folder = folder
        self._count = processes
        self._default_timeout_ms = default_timeout_ms
        self._max_result_bytes = max_result_bytes
        self._memory_bytes = memory_bytes
        self._only = frozenset(only)
        self._threads = threads
        self._lock = threading.Lock()
        self._current: _Generation | None = None
        self._retired: list[_Generation] = []

    def start(self) -> None:
        """Start the worker processes and read the functions.

        Raises:
            FunctionsError: a file does not import, a signature cannot be used, two functions share a name,
                or there is none of a name that is to be offered.
        """
        if self._current is not None:
            raise RuntimeError("The pool of functions has been started already.")
        self._current = self._open()
        _log.info("functions loaded", functions=sorted(self.functions), processes=self._count)

    @property
    def functions(self) -> Mapping[str, FunctionInfo]:
        """The functions of the newest code, by name."""
        return self._running().functions

    @property
    def idle(self) -> int:
        """How many more calls would run at once, without waiting for a place."""
        current = self._current
        return current.idle if current is not None else 0

    @property
    def ahead(self) -> int:
        """How many calls more than there are places will have begun within a moment, as it goes now."""
        current = self._current
        return current.ahead if current is not None else 0

    def withdraw(self, older_s: float) -> int:
        """Take back the calls that have waited for a place for so many seconds, and give how many they are.

        The `done` of each is given `Withdrawn`.
        """
        with self._lock:
            generations = [*self._retired, *([self._current] if self._current else [])]
        return sum(generation.withdraw(older_s) for generation in generations)

    def limit_ms(self, function: str, timeout_ms: int | None) -> int:
        """Give the time limit of a call in milliseconds.

        It is the model's `timeout_ms`, else the function's own, else the pool's. Before a call begins it
        may wait for a worker process to start, for `places.RESTART_LIMIT_S` at most.
        """
        if timeout_ms is not None:
            return timeout_ms
        info = self.functions.get(function)
        return info.timeout_ms if info and info.timeout_ms is not None else self._default_timeout_ms

    def submit(self, call: Call, done: Report) -> None:
        """Have a call run as soon as a place is free. This never waits.

        Args:
            call: the call.
            done: takes the outcome, in a thread of the pool, once. After `stop` it is not called: the
                lease of the job runs out, and another worker takes it.

        Raises:
            RuntimeError: the pool has not been started, or has been stopped.
        """
        limit_ms = self.limit_ms(call.function, call.timeout_ms)
        with self._lock:
            self._running().submit(call, limit_ms, done)

    def reload(self) -> None:
        """Read the functions anew: new calls run the new code, calls already given run the old to their end.

        Raises:
            FunctionsError: the new code cannot be used; the old stays in force.
        """
        self._running()
        opened = self._open()
        with self._lock:
            old = self._current
            if old is not None:
                self._current = opened
                old.retire()
                self._retired = [g for g in (*self._retired, old) if g.works()]
        if old is None:
            opened.close()
            opened.kill()
            raise RuntimeError("The pool of functions was stopped while it read them anew.")
        _log.info("functions reloaded", functions=sorted(self.functions))

    def stop(self, grace_s: float) -> None:
        """Let running calls finish for `grace_s` seconds, then end them; calls not begun are dropped.

        The `done` of a call that did not finish is not called.
        """
        with self._lock:
            generations = [*self._retired, *([self._current] if self._current else [])]
            self._current, self._retired = None, []
        for generation in generations:
            generation.close()
        deadline = time.monotonic() + grace_s
        finished = [generation.join(deadline) for generation in generations]
        if not all(finished):
            _log.warning("calls stopped before their end", grace_s=grace_s)
        for generation in generations:
            generation.kill()

    def _running(self) -> _Generation:
        if self._current is None:
            raise RuntimeError("The pool of functions does not run: start() it first.")
        return self._current

    def _open(self) -> _Generation:
        if self._threads or self._folder is None:
            opened = open_thread_places(self._folder, self._max_result_bytes, self._count)
        else:
            setup = Setup(str(self._folder), self._max_result_bytes, self._memory_bytes)
            opened = open_process_places(setup, self._count)
        places, functions = opened
        if missing := self._only - functions.keys():
            for place in places:
                place.close()
            known = ", ".join(sorted(functions)) or "none"
            raise FunctionsError(
                (f"{self._folder} does not offer {', '.join(sorted(missing))}. It offers: {known}.",)
            )
        return _Generation(places, {name: functions[name] for name in self._only or functions})


class _Generation:
    """The places of one version of the code, each with its thread, and the calls that wait for them."""

    def __init__(self, places: list[Place], functions: dict[str, FunctionInfo]) -> None:
        self.functions: Mapping[str, FunctionInfo] = MappingProxyType(functions)
        self._places = places
        self._calls: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._waiting: dict[int, _Waiting] = {}
        """Of the calls in the queue, those that have not been taken back, by their own identities."""
        self._pace = Pace(len(places))
        self._lock = threading.Lock()
        self._open_calls = 0
        self._closing = False
        self._abandoned = False
        self._workers = [
            threading.Thread(target=self._work, args=(place,), name=f"penstock-place-{number}", daemon=True)
            for number, place in enumerate(places)
        ]
        for worker in self._workers:
            worker.start()

    @property
    def idle(self) -> int:
        return max(0, len(self._places) - self._open_calls)

    @property
    def ahead(self) -> int:
        return self._pace.ahead(busy=self._open_calls > 0)

    def submit(self, call: Call, limit_ms: int, done: Report) -> None:
        waiting = _Waiting(call, limit_ms, done, time.monotonic())
        with self._lock:
            self._open_calls += 1
            self._waiting[id(waiting)] = waiting
        self._calls.put(waiting)

    def withdraw(self, older_s: float) -> int:
        """Take back the calls that have waited for so many seconds, and give how many they are."""
        before = time.monotonic() - older_s
        with self._lock:
            old = [it for it in self._waiting.values() if it.since <= before]
            for waiting in old:
                self._take(waiting)
            self._open_calls -= len(old)
        for waiting in old:
            _report(waiting.call, Withdrawn(), waiting.done)
        return len(old)

    def _take(self, waiting: _Waiting) -> bool:
        return self._waiting.pop(id(waiting), None) is not None

    def works(self) -> bool:
        """Tell whether a place is still at work."""
        return any(worker.is_alive() for worker in self._workers)

    def retire(self) -> None:
        """Run the calls that wait, then end."""
        for _ in self._workers:
            self._calls.put(None)

    def close(self) -> None:
        """Drop the calls that wait, and end after those that run."""
        self._closing = True
        self.retire()

    def join(self, deadline: float) -> bool:
        """Wait for the end until `deadline` on the monotonic clock, and tell whether it came."""
        for worker in self._workers:
            worker.join(max(0.0, deadline - time.monotonic()))
        return not self.works()

    def kill(self) -> None:
        """End what still runs, unheard."""
        with self._lock:
            self._abandoned = True
        for place in self._places:
            place.kill()
        self.join(time.monotonic() + _JOIN_AFTER_KILL_S)

    def _work(self, place: Place) -> None:
        while (it := self._calls.get()) is not None and not self._closing:
            with self._lock:
                if not self._take(it):
                    continue  # it has been taken back
            began = time.monotonic()
            outcome = _outcome(place, it.call, it.limit_ms)
            with self._lock:
                self._pace.note(time.monotonic() - began)
                self._open_calls -= 1
                heard = not self._abandoned
            if heard:
                _report(it.call, outcome, it.done)
            place.recover()
        place.close()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A call that waits for a place."""

    call: Call
    limit_ms: int
    done: Report
    since: float
    """On the monotonic clock."""


def _outcome(place: Place, call: Call, limit_ms: int) -> Outcome:
    try:
        return place.run(call, limit_ms)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with us, the job shall not hang
        fault = raised(error)
        _log.error("call not run", job=call.job.key, function=call.function, traceback=fault.detail)
        return failed("crashed", f"The server could not run {call.function}(): {fault.message}")


def _report(call: Call, outcome: Outcome | Withdrawn, done: Report) -> None:
    try:
        done(outcome)
    except Exception as error:  # noqa: BLE001 - the place serves on, and the job is found by its lease
        fault = raised(error)
        _log.error("outcome not taken", job=call.job.key, function=call.function, traceback=fault.detail)
