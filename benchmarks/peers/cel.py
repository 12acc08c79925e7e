"""cel-python, Google's expression language for Python, on the shared condition.

Run in the peers' venv: `python -m benchmarks.peers.cel SECONDS`. The variables are converted once, before.
"""

from __future__ import annotations

import sys
from timeit import Timer

import celpy
from celpy import celtypes

from benchmarks.expressions import CEL, CONDITION, PARSE, VARIABLES, best
from benchmarks.figures import Timing, emit

PEER = "cel-python"


def main(seconds: float) -> None:
    """Time each workload for so long."""
    environment = celpy.Environment()

    def compiled() -> celpy.Runner:
        return environment.program(environment.compile(CEL))

    program = compiled()
    variables = {
        "amount": celtypes.IntType(VARIABLES["amount"]),
        "category": celtypes.StringType(VARIABLES["category"]),
    }
    assert program.evaluate(variables)
    (condition,) = best([Timer(lambda: program.evaluate(variables))], seconds)
    emit(Timing(PEER, CONDITION, condition))
    (parse,) = best([Timer(compiled)], seconds)
    emit(Timing(PEER, PARSE, parse))


if __name__ == "__main__":
    main(float(sys.argv[1]))
