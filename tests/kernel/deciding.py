"""The decision of random processes: it depends on `c`, and cannot be made where that is 3."""

from __future__ import annotations

from typing import Final

from penstock.testing.decisions import ExpressionDecisions


def _rating() -> ExpressionDecisions:
    decisions = ExpressionDecisions()
    # A function can be no variable, so that there is an incident until somebody puts `c` right.
    decisions.put("rating", "if c = 3 then {of: function(x) x} else {level: c, high: c != null and c > 1}")
    return decisions


DECISIONS: Final = _rating()
