"""Runs a check under atheris: over bytes that its coverage leads to."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

_DEFAULTS = ["-max_total_time=60", "-timeout=10", "-rss_limit_mb=1024"]
"""Seconds in all, seconds of one input, memory."""


def fuzz(one: Callable[[bytes], None], seeds: Iterable[bytes], options: Sequence[str]) -> None:
    """Fuzz until the time is up, or until an input fails, which libFuzzer then writes to a file.

    Args:
        one: the check of one input, which raises for a defect.
        seeds: the inputs to begin from.
        options: those of libFuzzer; a later one counts over an earlier.

    Raises:
        SystemExit: atheris is not installed.
    """
    try:
        import atheris
    except ImportError:
        raise SystemExit("the fuzzer needs atheris: pip install atheris") from None
    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds):
            Path(folder, str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *_DEFAULTS, *options, folder], one)
        atheris.Fuzz()
