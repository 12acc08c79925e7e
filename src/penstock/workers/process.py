"""The server's side of one worker process: start it, hand it a call, keep its time limit, end it.

A worker is a fresh interpreter in a session of its own, never a fork of the server: it shares no
memory, no lock and no database connection with it, and a signal from the terminal does not reach it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import msgspec

from penstock.workers.connection import Connection
from penstock.workers.protocol import (
    Answer,
    Denied,
    Failed,
    FromChild,
    FunctionInfo,
    FunctionsError,
    Raised,
    Ready,
    Refused,
    Returned,
    Run,
    Said,
    Setup,
)

START_LIMIT_S = 60.0
"""How long a worker process may take to load the functions."""

_ROOM_BESIDE_RESULT = 1 << 20
"""Bytes that a frame may take beside the result: a traceback, a line, the list of functions."""

_DYING_S = 1.0
"""How long a process that closed its socket may take to end by itself, so that its status tells why."""

_SIGNALS = {member.value: member.name for member in signal.Signals}

Hear = Callable[[Said], None]


class ChildDied(Exception):
    """The worker process has ended; the message says how."""


class Child:
    """A worker process that was started."""

    def __init__(self, process: subprocess.Popen[bytes], connection: Connection[FromChild]) -> None:
        self._process = process
        self._connection = connection
        self.functions: tuple[FunctionInfo, ...] | None = None
        """What it has loaded; None until `wait_ready` has returned."""
        self._load_deadline = time.monotonic() + START_LIMIT_S

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def died_idle(self) -> bool:
        """Tell whether the process has ended since it was ready; one that never was has still to say why."""
        return self.functions is not None and _has_ended(self._process.pid)

    def loads(self) -> bool:
        """Tell whether the process is still loading the functions, and has time left for it."""
        on_time = time.monotonic() < self._load_deadline
        return self.functions is None and on_time and not _has_ended(self._process.pid)

    def wait_ready(self, deadline: float, hear: Hear) -> tuple[FunctionInfo, ...]:
        """Wait until the functions are loaded, until `deadline` on the monotonic clock.

        Raises:
            FunctionsError: they cannot be loaded.
            ChildDied: the process ended before.
            TimeoutError: the deadline passed, or the process took longer than `START_LIMIT_S` in all.
        """
        if self.functions is None:
            match self._receive(min(deadline, self._load_deadline), hear):
                case Ready(functions=functions):
                    self.functions = functions
                case Refused(problems=problems):
                    self.discard()
                    raise FunctionsError(problems)
                case other:
                    raise self._broken(f"it sent {type(other).__name__} before it was ready")
        return self.functions

    def exchange(self, run: Run, deadline: float, hear: Hear) -> Answer:
        """Run a call, until `deadline` on the monotonic clock.

        Raises:
            ChildDied: the process ended before it answered.
            TimeoutError: the deadline passed; the process still runs.
        """
        try:
            self._connection.set_deadline(deadline)
            self._connection.send(run)
        except ConnectionError:
            raise ChildDied(self.end()) from None
        match self._receive(deadline, hear):
            case (Returned() | Raised() | Failed() | Denied()) as answer:
                return answer
            case other:
                raise self._broken(f"it answered a call with {type(other).__name__}")

    def kill(self) -> None:
        """End the process and all that it started, at once. Any thread may do so."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> str:
        """End the process if it has not ended, and say how it ended."""
        self._connection.close()
        # The status is left uncollected until the group is killed: only so is its number surely ours.
        deadline = time.monotonic() + _DYING_S
        while not _has_ended(self._process.pid) and time.monotonic() < deadline:
            time.sleep(0.005)
        self.kill()
        return _status_text(self._process.wait())

    def discard(self) -> None:
        """End the process without waiting for it to end by itself."""
        self.kill()
        self.end()

    def _receive(self, deadline: float, hear: Hear) -> FromChild:
        try:
            while True:
                message = self._connection.receive(deadline)
                if not isinstance(message, Said):
                    return message
                hear(message)
        except EOFError:
            raise ChildDied(self.end()) from None
        except ValueError as error:
            raise self._broken(str(error)) from error

    def _broken(self, why: str) -> ChildDied:
        self.discard()
        return ChildDied(f"stopped by the server, because what it sent made no sense: {why}")


def spawn(setup: Setup) -> Child:
    """Start a worker process. It loads the functions by itself; `Child.wait_ready` waits for that.

    Raises:
        OSError: the system cannot start another process.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "penstock.workers.child", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=2,
                start_new_session=True,
            )
        except OSError:
            ours.close()
            raise
    connection = Connection(
        ours,
        msgspec.msgpack.Decoder(FromChild),
        max_frame_bytes=setup.max_result_bytes + _ROOM_BESIDE_RESULT,
    )
    child = Child(process, connection)
    try:
        connection.send(setup)
    except ConnectionError:
        raise ChildDied(child.end()) from None
    return child


def _has_ended(pid: int) -> bool:
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _status_text(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    name = _SIGNALS.get(-status, str(-status))
    hint = ", as the system does when memory runs out" if name == "SIGKILL" else ""
    return f"signal {name}{hint}"
