"""The values of one kind as a row of segments: every point that some cell names, and the gaps between them.

With n points there are 2n + 1 segments: the odd ones are the points, the even ones the gaps before, between
and after them. A cell's answer is the same all over a segment, so that a set of rules for each segment says
everything about a column.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from penstock.dmn.cells import Span, Tests
from penstock.feel.values import Value

Stretch = tuple[int, int]
"""The first and the last segment of a run of segments."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The points of one kind that a column's cells name."""

    kind: str
    points: tuple[Value, ...]
    """Their keys, in order."""
    values: tuple[Value, ...]
    """The values of these keys."""

    @property
    def segments(self) -> int:
        """How many segments there are."""
        return 2 * len(self.points) + 1

    def segment(self, key: Value) -> int:
        """Give the segment in which the value with a key lies."""
        points = self.points
        index = bisect_left(points, key)
        return 2 * index + (index < len(points) and points[index] == key)

    def stretches(self, tests: Tests) -> list[Stretch]:
        """Give the segments that tests ask for, as stretches in order that do not touch each other."""
        found = sorted(self._stretch(span) for span in tests.spans if span.kind == self.kind)
        joined = _joined(stretch for stretch in found if stretch[0] <= stretch[1])
        if not tests.negated:
            return joined
        return self._rest(joined) if len(found) == len(tests.spans) else []

    def _stretch(self, span: Span) -> Stretch:
        first, last = 0, self.segments - 1
        if span.low is not None:
            first = self.segment(span.low.key) + (not span.low_included)
        if span.high is not None:
            last = self.segment(span.high.key) - (not span.high_included)
        return first, last

    def _rest(self, stretches: Sequence[Stretch]) -> list[Stretch]:
        starts = [0, *(last + 1 for _, last in stretches)]
        ends = [*(first - 1 for first, _ in stretches), self.segments - 1]
        return [(start, end) for start, end in zip(starts, ends, strict=True) if start <= end]


def axis_of(kind: str, cells: Iterable[Tests]) -> Axis:
    """Give the axis of one kind over the cells of a column."""
    points = {
        end.key: end.value
        for tests in cells
        for span in tests.spans
        if span.kind == kind
        for end in (span.low, span.high)
        if end is not None
    }
    ordered = sorted(points)
    return Axis(kind, tuple(ordered), tuple(points[key] for key in ordered))


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for first, last in stretches:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def rules_by_segment(axis: Axis, cells: Iterable[tuple[int, Tests]], everywhere: int = 0) -> list[int]:
    """Give for each segment the set of rules whose cell asks for it, as the bits of an int.

    Args:
        axis: the axis.
        cells: the number of each rule, from 0, with what its cell asks.
        everywhere: the rules that hold in every segment.
    """
    changes = [0] * (axis.segments + 1)
    for rule, tests in cells:
        for first, last in axis.stretches(tests):
            changes[first] ^= 1 << rule
            changes[last + 1] ^= 1 << rule
    found: list[int] = []
    current = everywhere
    for change in changes[:-1]:
        current ^= change
        found.append(current)
    return found
