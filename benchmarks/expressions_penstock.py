"""Penstock's FEEL and decision tables, and Python's own compiled lambda beside them.

Run: `python -m benchmarks.expressions_penstock SECONDS`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count
from timeit import Timer
from typing import Any

from benchmarks.expressions import (
    ANSWER,
    CONDITION,
    FEEL,
    LAMBDA,
    ORDER,
    PARSE,
    PENSTOCK,
    PYTHON,
    TABLE,
    VARIABLES,
    best,
    table_xml,
)
from benchmarks.figures import Timing, emit
from penstock import dmn, feel


def main(seconds: float) -> None:
    """Time each workload for so long."""
    condition, by_hand = feel.compile(FEEL).evaluate, _lambda()
    assert condition(VARIABLES) is by_hand(VARIABLES) is True
    timers = [Timer("run(v)", globals={"run": run, "v": VARIABLES}) for run in (condition, by_hand)]
    ours, theirs = best(timers, seconds)
    emit(Timing(PENSTOCK, CONDITION, ours))
    emit(Timing(LAMBDA, CONDITION, theirs))
    ours, theirs = best([Timer(_compile_anew), Timer(_lambda)], seconds)
    emit(Timing(PENSTOCK, PARSE, ours))
    emit(Timing(LAMBDA, PARSE, theirs))
    model = dmn.read(table_xml().encode()).model
    assert model is not None
    assert dmn.evaluate(model, "Rate", ORDER).value == ANSWER
    (table,) = best([Timer(lambda: dmn.evaluate(model, "Rate", ORDER))], seconds)
    emit(Timing(PENSTOCK, TABLE, table))


def _lambda() -> Callable[[dict[str, Any]], Any]:
    body = PYTHON
    for name in VARIABLES:
        body = body.replace(name, f"v[{name!r}]")
    compiled: Callable[[dict[str, Any]], Any] = eval(f"lambda v: {body}")
    return compiled


_numbers = count()


def _compile_anew() -> feel.Expression:
    # The cache is by text: a comment makes each one new.
    return feel.compile(f"{FEEL} //{next(_numbers)}")


if __name__ == "__main__":
    main(float(sys.argv[1]))
