"""Penstock with much in its store: waiting instances, a long loop, a million instances to count.

Run by the harness: `python -m benchmarks.scale NAME FOLDER [--quick]`. Where there is a server it is a really
started one; its memory is what the system says of it and its workers, its restart the time from the start of
the process until `/health/ready` says yes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import (
    scale_batch,
    scale_history,
    scale_loop,
    scale_many,
    scale_nodes,
    scale_outside,
    scale_overall,
    scale_waiting,
)
from benchmarks.figures import emit

SCALES = {
    "waiting": scale_waiting.measure,
    "loop": scale_loop.measure,
    "overall": scale_overall.measure,
    "outside": scale_outside.measure,
    "many": scale_many.measure,
    "history": scale_history.measure,
    "batch": scale_batch.measure,
    "nodes": scale_nodes.measure,
}


def main(name: str, folder: Path, quick: bool) -> None:
    """Take one scale measure and print what it gives."""
    for measure in SCALES[name](folder, quick):
        emit(measure)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), "--quick" in sys.argv[3:])
