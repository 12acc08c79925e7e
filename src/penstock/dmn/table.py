"""Compiles decision tables (DMN 1.5, chapter 8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from penstock import feel
from penstock.dmn.cells import Tests, tests_of
from penstock.dmn.columns import Cell, Column, column_of
from penstock.dmn.cover import report_cover
from penstock.dmn.frame import Frame, Matched, Run
from penstock.dmn.hits import (
    LIST_POLICIES,
    ORDERED_POLICIES,
    Policy,
    Row,
    aggregated,
    chosen,
    without_match,
)
from penstock.dmn.meeting import report_meeting
from penstock.dmn.raw import Input, Literal, Output, Table
from penstock.dmn.rulesets import rules_in
from penstock.dmn.scope import Names
from penstock.dmn.typed import refused, typed
from penstock.dmn.types import ItemType
from penstock.feel.builtins import FUNCTIONS
from penstock.feel.environment import Env
from penstock.feel.errors import NoValue
from penstock.feel.names import widen
from penstock.feel.parser import parse
from penstock.feel.values import Value

_NULL = "null"
_LISTING = feel.Limits(steps=10_000, seconds=0.5)
"""What listing the values of an output may take, while a model is read."""


@dataclass(frozen=True, slots=True)
class Question:
    """An input clause, compiled."""

    label: str
    value: Run
    allowed: feel.Expression | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The output clauses, compiled."""

    names: tuple[str, ...]
    """Empty where the only output is the whole result."""
    rows: tuple[tuple[Run, ...], ...]
    default: tuple[Run, ...] | None

    def whole(self, row: Row) -> Value:
        """Give the result of one rule: a value, or a context of several outputs."""
        return dict(zip(self.names, row, strict=True)) if self.names else row[0]


def compile_table(table: Table, names: Names) -> Run:
    """Compile a decision table, and report what is wrong with it."""
    questions = tuple(_question(clause, names) for clause in table.inputs)
    columns = tuple(column_of(cells_of(table, index, names)) for index in range(len(table.inputs)))
    if not table.outputs:
        return refused("table", "the decision table has no output")
    answers = _answers(table, names)
    policy = Policy(table.hit_policy, table.aggregation, _priorities(table, names))
    _check_policy(table, policy, names)
    report_meeting(table, columns, names)
    report_cover(table, columns, names)
    ids = tuple(rule.id or number for number, rule in enumerate(table.rules, 1))
    everything = (1 << len(table.rules)) - 1
    title = table.id or table.at.id or "table"

    def run(frame: Frame) -> Value:
        inputs = [question.value(frame) for question in questions]
        trace = tuple((question.label, value) for question, value in zip(questions, inputs, strict=True))
        hits: list[int] = []
        outputs: Sequence[Value] = ()
        try:
            _check_inputs(questions, inputs, frame)
            hits = _hits(columns, inputs, everything, policy.hit == "FIRST", frame)
            outputs, value = _answer(policy, answers, hits, frame)
        except NoValue as problem:
            value = frame.env.nothing(problem, 0)
        frame.trace.append(Matched(title, tuple(ids[hit] for hit in hits), trace, tuple(outputs)))
        return value

    return run


# -- inputs ----------------------------------------------------------------------------------------


def _question(clause: Input, names: Names) -> Question:
    expression = names.compile(clause.expression)
    if expression is None:
        value = refused("syntax", f"the input '{clause.label}' has a faulty expression")
    else:
        value = _evaluated(expression)
    type = names.type(clause.expression.type, clause.expression.at)
    allowed = None if clause.values is None else names.compile(clause.values, unary=True)
    return Question(clause.label, typed(value, type), allowed)


def _evaluated(expression: feel.Expression) -> Run:
    return lambda frame: expression.evaluate_in(frame.env)


def _check_inputs(questions: Sequence[Question], inputs: Sequence[Value], frame: Frame) -> None:
    for question, value in zip(questions, inputs, strict=True):
        if question.allowed is None or value is None:
            continue
        if not _allows(question.allowed, frame.env, value):
            raise NoValue(f"the input '{question.label}' is not one of its allowed values", "input-value")


def _asking(env: Env, value: Value) -> Env:
    """Give the environment in which unary tests ask a value."""
    return env.inner([], {**env.variables, "?": value})


def _allows(allowed: feel.Expression, env: Env, value: Value) -> bool:
    """Tell whether a value is allowed; a list is, too, where all its items are."""
    if allowed.evaluate_in(_asking(env, value)) is True:
        return True
    return isinstance(value, list) and all(
        item is None or allowed.evaluate_in(_asking(env, item)) is True for item in value
    )


def cells_of(table: Table, index: int, names: Names) -> list[Cell]:
    """Compile the cells of an input column; those with the same text once."""
    literals = [rule.tests[index] for rule in table.rules]
    first = {literal.text: literal for literal in reversed(literals)}
    known = widen(widen({}, FUNCTIONS), names.spelled)

    @cache
    def compiled(text: str) -> Cell:
        literal = first[text]
        expression = names.compile(literal, unary=True)
        if expression is None:
            return Cell(None, None)
        tree = parse(text, known, unary=True)
        tests: Tests | None = tests_of(tree, names.variables)
        return Cell(expression, tests, anything=text == "-")

    return [compiled(literal.text) for literal in literals]


def _hits(
    columns: Sequence[Column], inputs: Sequence[Value], everything: int, first: bool, frame: Frame
) -> list[int]:
    """Give the rules that match, in their order; with `first` only the first of them."""
    left = everything
    open_cells: list[tuple[Column, int, Value]] = []
    for column, value in zip(columns, inputs, strict=True):
        sure, asked = column.candidates(value)
        left &= sure | asked
        if asked:
            open_cells.append((column, asked, value))
    if not left:
        return []
    asks = [_asker(column, asked, value, frame) for column, asked, value in open_cells]
    hits: list[int] = []
    for rule in rules_in(left):
        if all(ask(rule) for ask in asks):
            hits.append(rule)
            if first:
                break
    return hits


def _asker(column: Column, asked: int, value: Value, frame: Frame) -> Callable[[int], bool]:
    env = _asking(frame.env, value)
    cells, tick = column.cells, env.meter.tick

    def ask(rule: int) -> bool:
        if not asked >> rule & 1:
            return True
        tick()
        expression = cells[rule].expression
        return expression is not None and expression.evaluate_in(env) is True

    return ask


# -- outputs ---------------------------------------------------------------------------------------


def _answers(table: Table, names: Names) -> Answers:
    compilers = [_entry_compiler(output, names) for output in table.outputs]
    rows = tuple(
        tuple(compile_entry(entry) for compile_entry, entry in zip(compilers, rule.outputs, strict=True))
        for rule in table.rules
    )
    default: tuple[Run, ...] | None = None
    if any(output.default is not None for output in table.outputs):
        default = tuple(
            compile_entry(output.default or Literal(_NULL, None, output.at))
            for compile_entry, output in zip(compilers, table.outputs, strict=True)
        )
    labels = tuple(_name(output, number) for number, output in enumerate(table.outputs, 1))
    return Answers(labels if len(labels) > 1 else (), rows, default)


def _name(output: Output, number: int) -> str:
    return output.name or output.label or f"output {number}"


def _entry_compiler(output: Output, names: Names) -> Callable[[Literal], Run]:
    """Give what compiles the entries of an output column; those with the same text once."""
    type = names.type(output.type, output.at)
    allowed = None if output.values is None else names.compile(output.values, unary=True)
    compiled: dict[str, Run] = {}

    def compile_entry(entry: Literal) -> Run:
        if entry.text not in compiled:
            compiled[entry.text] = _entry(entry, names, type, allowed, output.label)
        return compiled[entry.text]

    return compile_entry


def _entry(
    entry: Literal, names: Names, type: ItemType | None, allowed: feel.Expression | None, label: str
) -> Run:
    expression = names.compile(entry)
    if expression is None:
        return refused("syntax", f"an output entry is faulty: {entry.text[:60]!r}")
    run = typed(_evaluated(expression), type)
    return run if allowed is None else _allowed(run, allowed, label)


def _allowed(run: Run, allowed: feel.Expression, label: str) -> Run:
    def checked(frame: Frame) -> Value:
        value = run(frame)
        if value is None or _allows(allowed, frame.env, value):
            return value
        frame.env.warn("output-value", f"the output {label!r} is not one of its allowed values", 0)
        return None

    return checked


def _answer(
    policy: Policy, answers: Answers, hits: Sequence[int], frame: Frame
) -> tuple[Sequence[Value], Value]:
    """Give what the policy lets through, and the table's value."""
    if not hits:
        if answers.default is None:
            frame.env.warn("no-match", "no rule matches", 0)
            return (), without_match(policy)
        value = answers.whole(tuple(run(frame) for run in answers.default))
        return (value,), value
    rows = chosen(policy, [tuple(run(frame) for run in answers.rows[hit]) for hit in hits])
    values = [answers.whole(row) for row in rows]
    if policy.hit not in LIST_POLICIES:
        return values, values[0]
    if policy.aggregation is None:
        return values, values
    if answers.names:
        raise NoValue("several outputs cannot be aggregated", "hit-policy")
    return values, aggregated(policy.aggregation, values, frame.env)


def _priorities(table: Table, names: Names) -> tuple[Sequence[Value], ...]:
    if table.hit_policy not in ORDERED_POLICIES:
        return tuple(() for _ in table.outputs)
    return tuple(_values_of(output, table, names) for output in table.outputs)


def _values_of(output: Output, table: Table, names: Names) -> Sequence[Value]:
    """Give the allowed values of an output in their order: its own, or those of its type."""
    type = names.types.find(output.type or (table.type if len(table.outputs) == 1 else None))
    texts = [output.values] if output.values is not None else list(type.allowed[-1:] if type else ())
    for literal in texts:
        try:
            value = feel.compile(f"[{literal.text}]", names=names.spelled).evaluate({}, limits=_LISTING)
        except feel.FeelError:
            continue
        return value if isinstance(value, list) else ()
    return ()


def _check_policy(table: Table, policy: Policy, names: Names) -> None:
    if policy.aggregation is not None and len(table.outputs) > 1:
        names.report.error(
            "aggregation-of-several-outputs",
            table.at,
            "A table with several outputs cannot be aggregated.",
            "Remove the aggregation, or make a table for each output.",
        )
    if policy.hit in ORDERED_POLICIES and not any(policy.priorities):
        names.report.warning(
            "priority-without-order",
            table.at,
            f"The hit policy {policy.hit} needs the output values in their order, and none are given.",
            "List the output values from the highest priority to the lowest.",
        )
    if len(table.outputs) > 1 and not all(output.name for output in table.outputs):
        names.report.error(
            "output-without-name",
            table.at,
            "The table has several outputs, and not each has a name.",
            "Name each output; the names are the keys of the result.",
        )
