"""Hit policies: what a decision table answers when rules match (DMN 1.5, 8.2.8 to 8.2.10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from penstock.dmn.raw import Aggregation, HitPolicy
from penstock.feel.builtins import FUNCTIONS
from penstock.feel.comparison import meets, same
from penstock.feel.environment import Env
from penstock.feel.errors import NoValue
from penstock.feel.values import Value

Row = tuple[Value, ...]
"""What a rule gives, one value for each output."""
LIST_POLICIES = frozenset(("COLLECT", "RULE ORDER", "OUTPUT ORDER"))
"""The policies that answer with all that matched."""
ORDERED_POLICIES = frozenset(("PRIORITY", "OUTPUT ORDER"))
"""The policies that need the output values in their order."""
_AGGREGATES = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}


@dataclass(frozen=True, slots=True)
class Policy:
    """How a table chooses among the rules that match."""

    hit: HitPolicy
    aggregation: Aggregation | None
    priorities: tuple[Sequence[Value], ...]
    """For each output its values, or ranges of them, from the highest priority to the lowest."""


def chosen(policy: Policy, rows: Sequence[Row]) -> Sequence[Row]:
    """Give the rows, at least one, that a policy lets through, in its order.

    Raises:
        NoValue: what matched breaks the policy.
    """
    match policy.hit:
        case "UNIQUE":
            if len(rows) > 1:
                raise NoValue(f"{len(rows)} rules match, and the table is unique", "hit-policy")
        case "ANY":
            if not all(_same_rows(row, rows[0]) for row in rows[1:]):
                raise NoValue("rules with different outputs match, and the table is any", "hit-policy")
            return rows[:1]
        case "FIRST":
            return rows[:1]
        case "PRIORITY":
            return sorted(rows, key=_priority(policy))[:1]
        case "OUTPUT ORDER":
            return sorted(rows, key=_priority(policy))
        case "COLLECT" | "RULE ORDER":
            pass
    return rows


def _same_rows(row: Row, other: Row) -> bool:
    return all(same(value, its) for value, its in zip(row, other, strict=True))


def _priority(policy: Policy) -> Callable[[Row], tuple[int, ...]]:
    def priority(row: Row) -> tuple[int, ...]:
        return tuple(_rank(value, values) for value, values in zip(row, policy.priorities, strict=True))

    return priority


def _rank(value: Value, values: Sequence[Value]) -> int:
    for rank, each in enumerate(values):
        try:
            if meets(value, each):
                return rank
        except NoValue:
            continue
    return len(values)


def aggregated(aggregation: Aggregation, values: list[Value], env: Env) -> Value:
    """Give the sum, the smallest, the largest or the number of the values (8.2.10), by FEEL's own functions.

    Raises:
        NoValue: the values are not of a kind that can be aggregated.
    """
    return FUNCTIONS[_AGGREGATES[aggregation]].call(env, [values], None)


def without_match(policy: Policy) -> Value:
    """Give what a table answers when no rule matches and there is no default: the empty list, the count of
    nothing, or null.
    """
    if policy.aggregation is not None:
        return 0 if policy.aggregation == "COUNT" else None
    return [] if policy.hit in LIST_POLICIES else None
