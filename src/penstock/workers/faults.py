"""From an exception of the author's code to a `Failed` that a person can repair by.

Our own frames and the event loop's say nothing of the fault, so the traceback begins where the
author's code does.
"""

from __future__ import annotations

import asyncio
import traceback
from pathlib import Path
from types import TracebackType

from penstock.workers.protocol import Failed, FailureKind

LONGEST_DETAIL = 16_384
"""Bytes of a traceback that are kept: the end, where the fault is."""

LONGEST_MESSAGE = 2_000
"""Characters of a message that are kept: the beginning."""

_OURS = (str(Path(__file__).parent), str(Path(asyncio.__file__).parent))


def failed(kind: FailureKind, message: str, detail: str | None = None) -> Failed:
    """Build a `Failed` within its bounds."""
    if len(message) > LONGEST_MESSAGE:
        message = message[:LONGEST_MESSAGE] + " …"
    return Failed(kind, message, detail)


def raised(error: BaseException) -> Failed:
    """Describe an exception that a function did not catch."""
    exception = traceback.TracebackException(type(error), error, _authors_part(error.__traceback__))
    summary = "".join(exception.format_exception_only()).strip()
    if isinstance(error, SystemExit):
        summary = f"The function ended its process by {summary}. A task function returns or raises."
    return failed("raised", summary, _shortened("".join(exception.format())))


def _authors_part(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OURS):
        trace = trace.tb_next
    return trace


def _shortened(text: str) -> str:
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= LONGEST_DETAIL:
        return encoded.decode()
    mark = "… the beginning is left out …\n"
    room = LONGEST_DETAIL - len(mark.encode())
    return mark + encoded[-room:].decode("utf-8", "ignore")
