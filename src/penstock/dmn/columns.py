"""The input columns of a decision table: which rules a value may match, without asking each of them.

A rule is a bit of an int. The cells that are sets of spans are laid out once over the segments of their
axes, so that a value costs one search and gives all their answers at once; the other cells are run, and only
for the rules that every other column has let through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from penstock import feel
from penstock.dmn.axis import Axis, axis_of, rules_by_segment
from penstock.dmn.cells import Tests
from penstock.dmn.rulesets import ruleset
from penstock.feel.comparison import order_key
from penstock.feel.values import Value, plain

_MOST_BITS = 400_000_000
"""Segments times rules of one axis, about 50 MB: a larger column is run cell by cell."""


@dataclass(frozen=True, slots=True)
class Cell:
    """An input entry."""

    expression: feel.Expression | None
    """None where the model has a faulty expression, which nothing matches."""
    tests: Tests | None
    """What it asks, where that can be told beforehand."""
    anything: bool = False
    """Whether it is `-`."""


@dataclass(frozen=True, slots=True)
class Column:
    """An input column, ready to be asked."""

    cells: tuple[Cell, ...]
    every: int
    """The rules with `-` here, which any value matches."""
    run: int
    """The rules whose cell must be run for any value."""
    spans: int
    """The rules whose cell is a set of spans."""
    axes: Mapping[str, tuple[Axis, Sequence[int]]]
    """By kind, the rules that match in each segment."""
    single: Mapping[bool | None, int]
    """The rules that match true, false and null."""

    def candidates(self, value: Value) -> tuple[int, int]:
        """Give the rules that match a value for sure, and those whose cell must be run to know."""
        value = plain(value)
        if value is None or type(value) is bool:
            return self.single[value], self.run
        key = order_key(value)
        if key is None:
            # A list of one item matches as that item does, a function or context never: the cells know.
            return self.every, self.run | self.spans
        found = self.axes.get(key[0])
        if found is None:
            return self.every, self.run
        axis, rules = found
        return rules[axis.segment(key[1])], self.run


def column_of(cells: Sequence[Cell]) -> Column:
    """Lay out the cells of a column, one for each rule, so that it can be asked."""
    spans = {rule: cell.tests for rule, cell in enumerate(cells) if cell.tests is not None}
    every = ruleset(rule for rule, cell in enumerate(cells) if cell.anything)
    axes: dict[str, tuple[Axis, Sequence[int]]] = {}
    kinds = {span.kind for tests in spans.values() for span in tests.spans} - {"boolean", "null"}
    for kind in sorted(kinds):
        axis = axis_of(kind, spans.values())
        if axis.segments * len(cells) > _MOST_BITS:
            spans, axes = {}, {}
            break
        axes[kind] = axis, rules_by_segment(axis, spans.items(), every)
    return Column(
        cells=tuple(cells),
        every=every,
        run=ruleset(
            rule
            for rule, cell in enumerate(cells)
            if cell.expression is not None and not cell.anything and rule not in spans
        ),
        spans=ruleset(spans),
        axes=axes,
        single={value: every | _matching(value, cells, spans) for value in (True, False, None)},
    )


def _matching(value: Value, cells: Sequence[Cell], spans: Mapping[int, Tests]) -> int:
    """Run the cells that are sets of spans for a value that has no order."""
    answers: dict[str, bool] = {}
    found = 0
    for rule in spans:
        expression = cells[rule].expression
        if expression is None:
            continue
        if expression.text not in answers:
            answers[expression.text] = expression.evaluate({"?": value}) is True
        if answers[expression.text]:
            found |= 1 << rule
    return found
