"""What the author's code prints and logs in a worker process goes to the server, line by line.

The lines travel as frames between the call and its answer, so the server knows for sure which job they
belong to. What a thread that a function left behind says later goes with the next call. What does not
pass through Python (a program that the function starts) goes to the server's standard error as it is.
"""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable
from typing import Any

from penstock.workers.protocol import Said

LONGEST_LINE = 8_192
"""Bytes after which a line is broken."""

Say = Callable[[Said], None]


class _Lines(io.RawIOBase):
    """A raw stream that hands on whole lines."""

    def __init__(self, source: str, level: int, say: Say) -> None:
        self._source = source
        self._level = level
        self._say = say
        self._held = b""

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        """Give the server's standard error, for programs that are told to write here."""
        return 2

    def write(self, data: Any) -> int:
        *lines, self._held = (self._held + bytes(data)).split(b"\n")
        for line in lines:
            self._emit(line)
        if len(self._held) > LONGEST_LINE:
            self.finish()
        return len(data)

    def finish(self) -> None:
        """Hand on what has no line end yet."""
        held, self._held = self._held, b""
        if held:
            self._emit(held)

    def _emit(self, line: bytes) -> None:
        for start in range(0, len(line) or 1, LONGEST_LINE):
            text = line[start : start + LONGEST_LINE].decode("utf-8", "replace")
            self._say(Said(self._source, self._level, text))


class _Records(logging.Handler):
    """Hands on log records, with the traceback where they have one."""

    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = self.format(record)
        except Exception:  # noqa: BLE001 - a log call that is wrong must not fail the job
            self.handleError(record)
        else:
            self._say(Said(record.name, _standard(record.levelno), text[:LONGEST_LINE]))


def _standard(level: int) -> int:
    """Give the standard level below a custom one, since the server's log knows no other."""
    return max(logging.DEBUG, min(level // 10 * 10, logging.CRITICAL))


class Output:
    """The redirected output of this process."""

    def __init__(self, say: Say) -> None:
        self._raw = (_Lines("stdout", logging.INFO, say), _Lines("stderr", logging.WARNING, say))
        self._text = tuple(_text_stream(raw) for raw in self._raw)
        self._records = _Records(say)

    def redirect(self) -> None:
        """Take over `sys.stdout`, `sys.stderr` and the root logger."""
        sys.stdout, sys.stderr = self._text
        root = logging.getLogger()
        root.addHandler(self._records)
        root.setLevel(logging.INFO)

    def restore(self) -> None:
        """Give them back, as a forked process must: the frames are not its own."""
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        logging.getLogger().removeHandler(self._records)

    def finish(self) -> None:
        """Hand on all that was written, at the end of a call."""
        for text, raw in zip(self._text, self._raw, strict=True):
            if not text.closed:
                text.flush()
                raw.finish()


def _text_stream(raw: _Lines) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
