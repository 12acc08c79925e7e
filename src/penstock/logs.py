"""Structured logs on standard error: for people on a terminal, JSON lines everywhere else."""

from __future__ import annotations

import logging
import sys
from typing import Any, Final

import msgspec
import structlog

LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}

# The formatter that comes with the console prints local variables, and with them people's data.
_traceback: Final = structlog.dev.plain_traceback


def configure(level: str, format: str) -> None:
    """Set the logs up, those of the libraries included.

    Arguments:
        level: the least that is logged: debug, info, warning or error.
        format: `console`, `json`, or `auto` for the console on a terminal and JSON elsewhere.
    """
    console = format == "console" or (format == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_traceback)]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]
    )
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers = [_ToStructlog()]
    root.setLevel(max(LEVELS[level], logging.WARNING))


class _ToStructlog(logging.Handler):
    """Sends what libraries log through `logging` the same way as our own."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).log(
            record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info
        )


def _json(event: Any, **_options: Any) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()
