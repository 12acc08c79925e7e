"""Types that cannot meet: a constant in a decision table that its column's type never has (DMN 1.5, 8.3)."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.dmn.columns import Column
from penstock.dmn.raw import Literal, Table
from penstock.dmn.scope import Names
from penstock.dmn.types import ItemType, admit
from penstock.feel.errors import FeelSyntaxError, NoValue
from penstock.feel.parser import parse
from penstock.feel.syntax import Literal as Constant
from penstock.feel.values import a_type

_KINDS = {"zoned": "date and time", "zoned time": "time"}
"""The kinds of order that are not named after a type."""
_LONGEST = 200
"""Characters of a text that may be a constant worth a look."""


def report_meeting(table: Table, columns: Sequence[Column], names: Names) -> None:
    """Report tests and outputs whose constants do not fit the types of their columns."""
    for index, column in enumerate(columns):
        type = names.types.find(table.inputs[index].expression.type)
        if type is not None and type.base not in ("Any", "list"):
            _report_tests(table, index, column, type, names)
    for index, output in enumerate(table.outputs):
        found = names.types.find(output.type)
        if found is not None:
            for rule in table.rules:
                report_constant(rule.outputs[index], found, names)


def _report_tests(table: Table, index: int, column: Column, type: ItemType, names: Names) -> None:
    for rule, cell in zip(table.rules, column.cells, strict=True):
        kinds = {_KINDS.get(span.kind, span.kind) for span in cell.tests.spans} if cell.tests else set()
        if kinds and type.base not in kinds and "null" not in kinds:
            names.report.warning(
                "types-never-meet",
                rule.tests[index].at,
                f"The input '{table.inputs[index].label}' is a {type.base}, "
                f"and '{rule.tests[index].text}' asks for a {sorted(kinds)[0]}; it never matches.",
                "Correct the test, or the type of the input.",
            )


def report_constant(literal: Literal, type: ItemType, names: Names) -> None:
    """Report an expression that is a constant and does not fit the type that is asked of it."""
    if len(literal.text) > _LONGEST or literal.text[0] not in '"0123456789tf':
        return
    try:
        tree = parse(literal.text, {})
    except FeelSyntaxError:
        # Reported where the expression is compiled, with the names that are in scope.
        return
    if not isinstance(tree, Constant):
        return
    try:
        admit(tree.value, type)
    except NoValue:
        names.report.warning(
            "types-never-meet",
            literal.at,
            f"'{literal.text}' is {a_type(tree.value)} that does not fit the type '{type.name}'; it is null.",
            "Correct the value, or the type.",
        )
