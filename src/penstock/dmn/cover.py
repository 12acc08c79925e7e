"""Gaps and overlaps of a unique decision table (DMN 1.5, 8.2.8: exactly one rule is to match).

Each column is cut into the parts that its cells distinguish; a rule is a bit in the set of each part that it
matches. Two rules overlap where every column has a part with both; there is a gap where parts, one of each
column, have no rule in common. What only a run can tell is taken as it does no harm: such a cell covers
everything when gaps are looked for, and nothing when overlaps are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from penstock.dmn.axis import Axis, axis_of, rules_by_segment
from penstock.dmn.cells import Tests, tests_of
from penstock.dmn.columns import Column
from penstock.dmn.raw import Input, Literal, Table
from penstock.dmn.rulesets import rules_in
from penstock.dmn.scope import Names
from penstock.feel.errors import FeelSyntaxError
from penstock.feel.parser import parse
from penstock.feel.text import to_text
from penstock.feel.values import Value, is_number

_MOST_COLUMNS = 40
_MOST_STEPS = 100_000
"""Steps in the search for gaps, so that reading a file takes a bounded time."""
_MOST_PAIRS = 2_000_000
"""Pairs of a rule and a part that it matches, in the search for overlaps."""
_MOST_FINDINGS = 10
_CLOCKS = frozenset(("time", "zoned time"))
"""Kinds that are left out: they have a first and a last value, so that no end of their axis is open."""
_WHOLE = frozenset(("date", "date and time", "zoned"))
"""Kinds that have no value between two whole numbers: dates go by days, and moments by seconds."""


@dataclass(frozen=True, slots=True)
class Part:
    """Values of a column that all its cells treat alike."""

    label: str
    """What the values are, in FEEL; empty for any value."""
    rules: int
    """The rules that match them, and those of which only a run tells."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A column cut into parts."""

    label: str
    parts: tuple[Part, ...]
    everywhere: int
    """The rules with `-` here."""


def report_cover(table: Table, columns: Sequence[Column], names: Names) -> None:
    """Report rules of a unique table that overlap, and what no rule covers."""
    if table.hit_policy != "UNIQUE" or not table.rules or not 0 < len(columns) <= _MOST_COLUMNS:
        return
    cut: list[Parts] = []
    for clause, column in zip(table.inputs, columns, strict=True):
        parts = _parts(clause, column, names)
        if parts is None:
            return
        cut.append(parts)
    _report_overlaps(table, cut, columns, names)
    if all(output.default is None for output in table.outputs):
        _report_gaps(table, cut, names)


# -- a column in parts -----------------------------------------------------------------------------


def _parts(clause: Input, column: Column, names: Names) -> Parts | None:
    """Cut a column, or give None where its values are of several kinds or of one that is not analysed."""
    cells = {rule: cell.tests for rule, cell in enumerate(column.cells) if cell.tests is not None}
    # A rule for null meets no other: whether null itself is covered is not asked.
    kinds = {span.kind for tests in cells.values() for span in tests.spans} - {"null"}
    sure = column.every | column.run
    if not kinds:
        return Parts(clause.label, (Part("", sure),), column.every)
    if kinds == {"boolean"}:
        found = [Part(to_text(value), column.single[value] | column.run) for value in (True, False)]
        return Parts(clause.label, tuple(found), column.every)
    if len(kinds) > 1 or kinds & _CLOCKS:
        return None
    domain = _domain(clause, names)
    kind = kinds.pop()
    axis = axis_of(kind, [*cells.values(), *([domain] if domain else [])])
    rules = rules_by_segment(axis, cells.items(), sure)
    return Parts(clause.label, tuple(_merged(axis, rules, domain)), column.every)


def _domain(clause: Input, names: Names) -> Tests | None:
    """Give the values that an input may have, where the model says so with constants."""
    type = names.types.find(clause.expression.type)
    literals: list[Literal] = [clause.values] if clause.values else list(type.allowed[-1:] if type else ())
    for literal in literals:
        try:
            return tests_of(parse(literal.text, {}, unary=True), names.variables)
        except FeelSyntaxError:
            return None
    return None


def _merged(axis: Axis, rules: Sequence[int], domain: Tests | None) -> Iterator[Part]:
    """Give the segments that have values, those beside each other with the same rules as one part."""
    stretches = axis.stretches(domain) if domain else [(0, axis.segments - 1)]
    for first, last in stretches:
        start = first
        for segment in range(first, last + 1):
            end_of_part = segment == last or rules[segment + 1] != rules[start]
            if not end_of_part:
                continue
            if _has_values(axis, start, segment, known=domain is not None):
                yield Part(_label(axis, start, segment), rules[start])
            start = segment + 1


def _has_values(axis: Axis, first: int, last: int, *, known: bool) -> bool:
    if any(segment % 2 for segment in range(first, last + 1)):
        return True
    if axis.kind == "string":
        # Which texts there are beside those of the cells, the model says only by allowed values.
        return known
    if axis.kind in _WHOLE and 0 < first < axis.segments - 1:
        return bool(axis.points[first // 2] - axis.points[first // 2 - 1] > 1)
    return True


def _label(axis: Axis, first: int, last: int) -> str:
    low = None if first == 0 else axis.values[(first - 1) // 2]
    high = None if last == axis.segments - 1 else axis.values[last // 2]
    if first == last and first % 2:
        return _shown(low)
    if low is None and high is None:
        return ""
    if low is None:
        return f"{'<=' if last % 2 else '<'} {_shown(high)}"
    if high is None:
        return f"{'>=' if first % 2 else '>'} {_shown(low)}"
    return f"{'[' if first % 2 else '('}{_shown(low)}..{_shown(high)}{']' if last % 2 else ')'}"


def _shown(value: Value) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return to_text(value) if is_number(value) else f'@"{to_text(value)}"'


# -- overlaps --------------------------------------------------------------------------------------


def _report_overlaps(table: Table, cut: Sequence[Parts], columns: Sequence[Column], names: Names) -> None:
    uncertain = 0
    for column in columns:
        uncertain |= column.run
    if sum(_pairs(parts) for parts in cut) > _MOST_PAIRS:
        names.report.info(
            "overlaps-not-sought",
            table.at,
            "The table is too large to look for overlapping rules while it is read.",
            "Divide it into several tables to have them looked for.",
        )
        return
    partners = [_partners(parts, len(table.rules)) for parts in cut]
    found = 0
    for rule in range(len(table.rules)):
        if uncertain >> rule & 1:
            continue
        common = ~uncertain & ~((2 << rule) - 1) & ((1 << len(table.rules)) - 1)
        for others in partners:
            common &= others[rule]
        for other in rules_in(common):
            found += 1
            if found > _MOST_FINDINGS:
                return
            names.report.warning(
                "overlapping-rules",
                table.rules[other].at,
                f"Rules {rule + 1} and {other + 1} both match{_witness(cut, rule, other)}; "
                "the table is unique, so that its result is then null.",
                "Change one of the rules, or choose another hit policy.",
            )


def _pairs(parts: Parts) -> int:
    """Count the work of finding partners: each rule once for each part that it matches."""
    return sum((part.rules & ~parts.everywhere).bit_count() for part in parts.parts)


def _partners(parts: Parts, count: int) -> list[int]:
    """Give for each rule the rules that match some value of the column together with it."""
    anyone = 0
    for part in parts.parts:
        anyone |= part.rules
    found = [anyone if parts.everywhere >> rule & 1 else 0 for rule in range(count)]
    for part in parts.parts:
        for rule in rules_in(part.rules & ~parts.everywhere):
            found[rule] |= part.rules
    return found


def _witness(cut: Sequence[Parts], *rules: int) -> str:
    """Say for which values some rules match together."""
    wanted = 0
    for rule in rules:
        wanted |= 1 << rule
    shared = (
        (parts.label, next(part.label for part in parts.parts if part.rules & wanted == wanted))
        for parts in cut
    )
    return _when(shared)


def _when(values: Iterable[tuple[str, str]]) -> str:
    conditions = [f"{label} is {value}" for label, value in values if value]
    return f" when {' and '.join(conditions)}" if conditions else ""


# -- gaps ------------------------------------------------------------------------------------------


def _report_gaps(table: Table, cut: Sequence[Parts], names: Names) -> None:
    gaps = [
        _when((parts.label, label) for parts, label in zip(cut, gap, strict=False))
        for gap in _gaps(cut, (1 << len(table.rules)) - 1)
    ]
    if gaps:
        more = f" and for more than these {_MOST_FINDINGS}" if len(gaps) == _MOST_FINDINGS else ""
        names.report.warning(
            "missing-rules",
            table.at,
            f"No rule matches{';'.join(gaps)}{more}.",
            "Add the rules, or a default output.",
        )


def _gaps(cut: Sequence[Parts], everything: int) -> list[tuple[str, ...]]:
    """Give the first gaps, each as the labels of its parts, as many columns as it takes to be one."""
    found: list[tuple[str, ...]] = []
    covered: set[tuple[int, int]] = set()
    steps = 0

    def search(column: int, rules: int, labels: tuple[str, ...]) -> None:
        nonlocal steps
        steps += 1
        if not rules:
            found.append(labels)
            return
        if column == len(cut) or (column, rules) in covered:
            return
        before = len(found)
        for part in cut[column].parts:
            if len(found) >= _MOST_FINDINGS or steps > _MOST_STEPS:
                return
            search(column + 1, rules & part.rules, (*labels, part.label))
        if len(found) == before:
            covered.add((column, rules))

    search(0, everything, ())
    return found
