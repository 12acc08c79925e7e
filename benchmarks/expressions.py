"""What is measured of FEEL and of decision tables, in the dialect of each peer, and how it is timed.

Standard library only: the peers' processes, whose venv holds no part of Penstock, import it too.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import product
from timeit import Timer

PENSTOCK = "Penstock"
LAMBDA = "Python lambda"

CONDITION = "condition"
PARSE = "parse"
TABLE = "table"

FEEL = 'amount > 100 and category = "travel"'
CEL = 'amount > 100 && category == "travel"'
PYTHON = 'amount > 100 and category == "travel"'
VARIABLES = {"amount": 120, "category": "travel"}
"""With these the condition is true, and both of its sides are looked at."""

ORDER = {"category": "c7", "country": "n8", "amount": 730, "pieces": 2}
ANSWER = 787
"""What the table gives for `ORDER`: the number of the first rule that matches."""

_BATCH_SECONDS = 0.002
_NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def best(timers: Sequence[Timer], seconds: float) -> list[float]:
    """Time statements in turn, so that the noise of the machine falls on all alike.

    Args:
        timers: the statements; one with `globals` has no call of the harness around it.
        seconds: for all of them together.

    Returns:
        of each statement, the microseconds of a run in its best batch.
    """
    counts = [_batch(timer) for timer in timers]
    found = [float("inf")] * len(timers)
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        for index, (timer, count) in enumerate(zip(timers, counts, strict=True)):
            found[index] = min(found[index], timer.timeit(count) / count * 1e6)
    return found


def _batch(timer: Timer) -> int:
    """Give how many runs fill a batch."""
    count = 1
    while timer.timeit(count) < _BATCH_SECONDS:
        count *= 2
    return count


def table_xml() -> str:
    """Write a table of 1,000 rules with 4 inputs: each category, country, limit and number of pieces."""
    rules = product(range(10), range(10), (200, 400, 600, 800, 1000), ("1", "> 1"))
    rows = (
        _rule((f'"c{category}"', f'"n{country}"', f"&lt; {limit}", pieces.replace(">", "&gt;")), number)
        for number, (category, country, limit, pieces) in enumerate(rules)
    )
    inputs = "".join(
        f'<input id="i_{name}"><inputExpression id="e_{name}"><text>{name}</text></inputExpression></input>'
        for name in ORDER
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#d_{name}"/></informationRequirement>'
        for name in ORDER
    )
    data = "".join(
        f'<inputData id="d_{name}" name="{name}"><variable name="{name}"/></inputData>' for name in ORDER
    )
    return (
        f'<definitions xmlns="{_NAMESPACE}" namespace="urn:bench" name="bench">{data}'
        f'<decision id="Rate" name="Rate"><variable name="Rate"/>{needs}'
        f'<decisionTable id="t" hitPolicy="FIRST">{inputs}<output id="o" name="rate" typeRef="number"/>'
        f"{''.join(rows)}</decisionTable></decision></definitions>"
    )


def _rule(cells: Sequence[str], number: int) -> str:
    entries = "".join(
        f'<inputEntry id="c{number}_{column}"><text>{cell}</text></inputEntry>'
        for column, cell in enumerate(cells)
    )
    output = f'<outputEntry id="o{number}"><text>{number}</text></outputEntry>'
    return f'<rule id="r{number}">{entries}{output}</rule>'
