"""The relations between points and ranges (DMN 1.5, 10.3.4.9), after James Allen's interval algebra.

Each relation is told of two ranges; a point is the range of itself. A range without one of its ends is
unbounded there.
"""

from __future__ import annotations

from penstock.feel import comparison
from penstock.feel.errors import NoValue
from penstock.feel.values import Range, Value

POINT = "number | string | date | time | date and time | days and time duration | years and months duration"
"""The types whose values have an order, and so make ranges."""


def _as_range(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(value, value, True, True)


def _needs(value: Value, what: str) -> Value:
    if value is None:
        raise NoValue(f"the range has no {what}", "argument")
    return value


def before(first: Value, second: Value) -> bool:
    """before(a, b): a ends before b starts."""
    a, b = _as_range(first), _as_range(second)
    end, start = _needs(a.end, "end"), _needs(b.start, "start")
    if comparison.less(end, start):
        return True
    return comparison.equal(end, start) and not (a.end_included and b.start_included)


def after(first: Value, second: Value) -> bool:
    """after(a, b): a starts after b ends."""
    return before(second, first)


def meets(a: Range, b: Range) -> bool:
    """meets(a, b): a ends where b starts, and both hold that point."""
    return (
        a.end_included
        and b.start_included
        and comparison.equal(_needs(a.end, "end"), _needs(b.start, "start"))
    )


def met_by(a: Range, b: Range) -> bool:
    """met by(a, b): b meets a."""
    return meets(b, a)


def _starts_before(a: Range, b: Range, *, strictly: bool) -> bool:
    """Tell whether a starts before b, or, unless strictly, at the same point."""
    if a.start is None or b.start is None:
        return a.start is None and (b.start is not None or not strictly)
    if comparison.less(a.start, b.start):
        return True
    if not comparison.equal(a.start, b.start):
        return False
    return (
        (a.start_included and not b.start_included)
        if strictly
        else (a.start_included or not b.start_included)
    )


def _ends_after(a: Range, b: Range, *, strictly: bool) -> bool:
    """Tell whether a ends after b, or, unless strictly, at the same point."""
    if a.end is None or b.end is None:
        return a.end is None and (b.end is not None or not strictly)
    if comparison.greater(a.end, b.end):
        return True
    if not comparison.equal(a.end, b.end):
        return False
    return (a.end_included and not b.end_included) if strictly else (a.end_included or not b.end_included)


def _touch(a: Range, b: Range) -> bool:
    """Tell whether there is a point that both may hold: neither is before the other."""
    apart = a.end is not None and b.start is not None and before(a, b)
    return not apart and not (b.end is not None and a.start is not None and before(b, a))


def overlaps(a: Range, b: Range) -> bool:
    """overlaps(a, b): they share a point."""
    return _touch(a, b)


def overlaps_before(a: Range, b: Range) -> bool:
    """overlaps before(a, b): a starts before b, and ends within it."""
    return _touch(a, b) and _starts_before(a, b, strictly=True) and _ends_after(b, a, strictly=False)


def overlaps_after(a: Range, b: Range) -> bool:
    """overlaps after(a, b): b overlaps before a."""
    return overlaps_before(b, a)


def finishes(first: Value, b: Range) -> bool:
    """finishes(a, b): both end at the same point, and a starts within b."""
    a = _as_range(first)
    same_end = a.end_included == b.end_included and comparison.equal(
        _needs(a.end, "end"), _needs(b.end, "end")
    )
    return same_end and _starts_before(b, a, strictly=False)


def finished_by(a: Range, second: Value) -> bool:
    """finished by(a, b): b finishes a."""
    return finishes(second, a)


def includes(a: Range, second: Value) -> bool:
    """includes(a, b): a holds all of b."""
    if not isinstance(second, Range):
        return comparison.contains(a, second)
    return _starts_before(a, second, strictly=False) and _ends_after(a, second, strictly=False)


def during(first: Value, b: Range) -> bool:
    """during(a, b): b includes a."""
    return includes(b, first)


def starts(first: Value, b: Range) -> bool:
    """starts(a, b): both start at the same point, and a ends within b."""
    a = _as_range(first)
    same_start = a.start_included == b.start_included and comparison.equal(
        _needs(a.start, "start"), _needs(b.start, "start")
    )
    return same_start and _ends_after(b, a, strictly=False)


def started_by(a: Range, second: Value) -> bool:
    """started by(a, b): b starts a."""
    return starts(second, a)


def coincides(first: Value, second: Value) -> bool:
    """coincides(a, b): they are the same point, or hold the same points."""
    a, b = _as_range(first), _as_range(second)
    return (
        a.start_included == b.start_included
        and a.end_included == b.end_included
        and comparison.equal(a.start, b.start)
        and comparison.equal(a.end, b.end)
    )
