"""The names that an expression of a model may use: worked out once, when the model is read.

FEEL's names may have spaces and operators in them, so that even parsing needs to know them (DMN 1.5,
10.3.1.4): the variables in scope, and the names within their values as far as the model tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from penstock import feel
from penstock.dmn.raw import (
    Boxed,
    Conditional,
    Context,
    Filter,
    Function,
    Invocation,
    Iteration,
    ListOf,
    Literal,
    Relation,
    Table,
    Variable,
)
from penstock.dmn.types import ANY, ItemType, Types, report_syntax, report_type
from penstock.feel.builtins import FUNCTIONS
from penstock.feel.hints import nearest
from penstock.feel.lexer import is_plain_name
from penstock.findings import Place, Report

Members = frozenset[str]
"""The names within the values of a variable, at any depth, that are several tokens: others need not be known
beforehand.
"""
NO_MEMBERS: Members = frozenset()
_ALWAYS = frozenset(("?", "item", "partial"))


@dataclass(frozen=True, slots=True)
class Names:
    """What is in scope at one place of a model."""

    types: Types
    report: Report
    variables: Mapping[str, Members] = field(default_factory=dict)
    closed: bool = True
    """Whether a name that is not in scope is a mistake. A model without input data leaves open what it is
    given.
    """
    spelled: tuple[str, ...] = ()
    """The names in scope that are several tokens, sorted."""

    def within(self, variables: Mapping[str, Members]) -> Names:
        """Give the scope with further variables, which hide those of the same name."""
        wider = {**self.variables, **variables}
        long = NO_MEMBERS.union(*wider.values(), (name for name in wider if not is_plain_name(name)))
        return replace(self, variables=wider, spelled=tuple(sorted(long)))

    def type(self, name: str | None, at: Place) -> ItemType | None:
        """Give the type of a name, and report one that nobody defines."""
        found = self.types.find(name)
        if found is None and name is not None:
            report_type(name, self.types, self.report, at)
        return None if found is ANY else found

    def compile(self, literal: Literal, *, unary: bool = False) -> feel.Expression | None:
        """Compile a text in this scope, and report what is wrong with it; None if it is no FEEL."""
        if literal.language is not None:
            self.report.error(
                "unsupported-language",
                literal.at,
                f"The expression is written in '{literal.language}'; decisions are written in FEEL.",
                "Rewrite it in FEEL.",
            )
            return None
        try:
            expression = feel.compile(literal.text, unary=unary, names=self.spelled, types=self.types.known)
        except feel.FeelSyntaxError as problem:
            report_syntax(problem, literal, self.report)
            return None
        if self.closed:
            self._report_unknown(expression, literal)
        return expression

    def _report_unknown(self, expression: feel.Expression, literal: Literal) -> None:
        # In a filter the keys of the items are names too, and only the run knows them.
        if "[" in literal.text:
            return
        for name in sorted(expression.names - self.variables.keys() - FUNCTIONS.keys() - _ALWAYS):
            self.report.warning(
                "unknown-name",
                literal.at,
                f"Nothing in scope is named '{name}'{nearest(name, self.variables)}; it is null.",
                "Correct the name, or require the element that has it.",
            )


def members_of(box: Boxed | None, type: str | None, types: Types) -> Members:
    """Give the names within the values of an expression, as far as its form and its type tell."""
    found = types.find(type)
    members = NO_MEMBERS if found is None else found.members
    return members if box is None else members | _within(box, types)


def _within(box: Boxed, types: Types) -> Members:
    own = members_of(None, box.type, types)
    match box:
        case Context():
            return own.union(*(_entry(entry.variable, entry.value, types) for entry in box.entries))
        case Relation():
            return own.union(*(_entry(column, None, types) for column in box.columns))
        case Table():
            return own.union(
                *(members_of(None, output.type, types) | _named(output.name) for output in box.outputs)
            )
        case ListOf():
            return own.union(*(_within(item, types) for item in box.items))
        case Function() | Iteration():
            return own | members_of(box.body, None, types)
        case Conditional():
            return own | members_of(box.then, None, types) | members_of(box.otherwise, None, types)
        case Filter():
            return own | members_of(box.source, None, types)
        case Literal() | Invocation():
            return own


def _entry(variable: Variable | None, value: Boxed | None, types: Types) -> Members:
    if variable is None:
        return members_of(value, None, types)
    return members_of(value, variable.type, types) | _named(variable.name)


def _named(name: str | None) -> Members:
    return frozenset((name,)) if name and not is_plain_name(name) else NO_MEMBERS


def of_variables(pairs: Iterable[tuple[str, str | None]], types: Types) -> dict[str, Members]:
    """Give the scope's entries for variables of which only the types are known."""
    return {name: members_of(None, type, types) for name, type in pairs}
