"""A worker process: `python -m penstock.workers.child FD` runs calls that come in over the socket FD.

The main thread runs the author's code, since some libraries insist on it; another thread reads the
socket and ends the process, with all that it started, once the server is gone. There is no other way
to end: a worker that can be killed at any time needs no farewell.
"""

from __future__ import annotations

import faulthandler
import os
import queue
import resource
import signal
import socket
import sys
import threading
from pathlib import Path

import msgspec

from penstock.workers.connection import Connection
from penstock.workers.invoke import Invoker
from penstock.workers.loading import load
from penstock.workers.output import Output
from penstock.workers.protocol import FunctionsError, Ready, Refused, Run, Setup, ToChild

_ALARM_MARGIN_S = 2.0
"""How long after a call's time limit the process ends by itself, when no server is there to end it and
the author's code does not let go of the interpreter."""

_LONGEST_ALARM_S = 1e9


def main(fd: int) -> None:
    """Load the functions, report them, and run calls until the server is gone."""
    os.set_inheritable(fd, False)
    connection: Connection[ToChild] = Connection(socket.socket(fileno=fd), msgspec.msgpack.Decoder(ToChild))
    setup = connection.receive()
    assert isinstance(setup, Setup)
    output = Output(connection.send)
    _prepare_process(connection, output, setup)
    runs: queue.SimpleQueue[Run] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(connection, runs), name="penstock-reader", daemon=True).start()
    try:
        functions = load(Path(setup.folder))
    except FunctionsError as error:
        output.finish()
        connection.send(Refused(error.problems))
        raise SystemExit(1) from None
    output.finish()
    connection.send(Ready(tuple(function.info for function in functions.values())))
    invoker = Invoker(functions, setup.max_result_bytes)
    while True:
        _run(runs.get(), invoker, output, connection)


def _run(run: Run, invoker: Invoker, output: Output, connection: Connection[ToChild]) -> None:
    limit_s = min(run.timeout_ms / 1000, _LONGEST_ALARM_S)
    signal.setitimer(signal.ITIMER_REAL, limit_s + _ALARM_MARGIN_S)
    answer = invoker.answer(run)
    signal.setitimer(signal.ITIMER_REAL, 0)
    output.finish()
    connection.send(answer)


def _prepare_process(connection: Connection[ToChild], output: Output, setup: Setup) -> None:
    # The server alone decides when a worker ends. A service manager signals every process of the
    # service, and those calls shall still finish. A handler, and not SIG_IGN, is not inherited by
    # the programs that a function starts.
    signal.signal(signal.SIGTERM, _stay)
    signal.signal(signal.SIGINT, _stay)
    faulthandler.enable()
    if setup.memory_bytes is not None:
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        allowed = setup.memory_bytes if most == resource.RLIM_INFINITY else min(setup.memory_bytes, most)
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    output.redirect()

    def let_go() -> None:
        connection.close()
        output.restore()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    # A forked process that held the socket would keep the server from seeing this one die.
    os.register_at_fork(after_in_child=let_go)


def _stay(_signal: int, _frame: object) -> None:
    """Handle a signal by going on."""


def _read(connection: Connection[ToChild], runs: queue.SimpleQueue[Run]) -> None:
    try:
        while True:
            message = connection.receive()
            assert isinstance(message, Run)
            runs.put(message)
    finally:
        _end()


def _end() -> None:
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
