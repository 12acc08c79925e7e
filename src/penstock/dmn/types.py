"""The types of a model: FEEL's own, and those that item definitions make of them (DMN 1.5, 7.3.2 and
10.3.2.9).

A value belongs to a type or it does not; where one is asked for, `admit` converts by the few implicit
conversions that the standard knows, and what does not fit has no value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from penstock import feel
from penstock.dmn.raw import Definitions, FunctionItem, ItemDefinition, Literal
from penstock.feel.errors import NoValue
from penstock.feel.hints import nearest
from penstock.feel.lexer import is_plain_name
from penstock.feel.syntax import ContextType, FunctionType, ListType, NamedType, Type
from penstock.feel.temporal import first_moment
from penstock.feel.text import to_text
from penstock.feel.types import conforms
from penstock.feel.values import Value, a_type, type_name
from penstock.findings import Place, Report

Siblings: TypeAlias = Mapping[str, Value]
"""The components beside a value, which its constraints see by their names (7.3.2)."""
Test: TypeAlias = Callable[[Value, Siblings | None], bool]
"""Whether a value, other than null, belongs to a type; with None its constraints do not count."""
_ALONE: Siblings = {}

BUILT_IN: Mapping[str, str] = {
    **{
        name: name
        for name in (
            "Any",
            "number",
            "string",
            "boolean",
            "date",
            "time",
            "date and time",
            "days and time duration",
            "years and months duration",
            "list",
            "context",
            "function",
            "range",
        )
    },
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    # Camunda 7 writes Java's numbers.
    "integer": "number",
    "long": "number",
    "double": "number",
}
"""Every spelling of a built-in type, with its name in FEEL."""


@dataclass(frozen=True, slots=True)
class ItemType:
    """A type that a model names."""

    name: str
    test: Test
    base: str
    """The built-in type that it is made of."""
    shape: Type
    """What it is made of, in FEEL's own types."""
    members: frozenset[str] = frozenset()
    """The names of several tokens among the components of its values, at any depth."""
    allowed: tuple[Literal, ...] = ()
    """The constraints on single values, its own and those of the types below it."""
    components: Mapping[str, Test] = field(default_factory=dict)
    """The tests of the entries of its values, if they are contexts."""


def _ignore(_: int) -> None:
    return None


def _built_in(name: str) -> ItemType:
    known = BUILT_IN[name]
    node = NamedType(known)
    return ItemType(known, lambda value, _: conforms(value, node, {}, _ignore), known, node)


_BUILT_IN_TYPES = {name: _built_in(name) for name in BUILT_IN}
ANY = _BUILT_IN_TYPES["Any"]


class Types:
    """The types that are known in a model, by the names that it uses for them."""

    def __init__(
        self, definitions: Definitions, imported: Sequence[tuple[str, Types]], report: Report
    ) -> None:
        self._imported = imported
        self._report = report
        self._items = {item.name: item for item in definitions.types}
        self._made: dict[str, ItemType] = {}
        self.known: dict[str, feel.DefinedType] = {}
        """The types as `instance of` and typed parameters in FEEL know them: without their constraints."""
        for item in definitions.types:
            self._made[item.name] = self._made.get(item.name) or self._make(item, (item.name,))
            self._check_function(item)
        self.known.update({name: _as_instance(made) for name, made in self._every()})

    def find(self, name: str | None) -> ItemType | None:
        """Give the type of a name; None where no type is named or no type has the name."""
        if name is None:
            return None
        if name in self._made:
            return self._made[name]
        if name in _BUILT_IN_TYPES:
            return _BUILT_IN_TYPES[name]
        for prefix, types in self._imported:
            if not prefix and (found := types.find(name)) is not None:
                return found
            if prefix and name.startswith(prefix + "."):
                return types.find(name[len(prefix) + 1 :])
        return None

    def names(self) -> Iterator[str]:
        """Give the names of all types, for a hint at the one that was meant."""
        yield from _BUILT_IN_TYPES
        yield from (name for name, _ in self._every())

    def _every(self) -> Iterator[tuple[str, ItemType]]:
        yield from self._made.items()
        for prefix, types in self._imported:
            for name, made in types._every():
                yield (f"{prefix}.{name}" if prefix else name), made

    # -- item definitions to types -----------------------------------------------------------------

    def _make(self, item: ItemDefinition, path: tuple[str, ...], names: tuple[str, ...] = ()) -> ItemType:
        """Make the type of an item definition.

        Args:
            item: the item definition.
            path: the types whose making asks for this one.
            names: the names of several tokens among the components beside it, for its constraints.
        """
        below = self._below(item, path)
        # Allowed values are those of the items, also where the type below is a list; the constraint, which
        # takes their place since DMN 1.5, is on the list itself.
        projected = below.base == "list"
        element = self._constrained(below.test, item.allowed, names, projected)
        test = _list_of(element) if item.collection else element
        return ItemType(
            name=item.name,
            test=self._constrained(test, item.constraint, names),
            base="list" if item.collection else below.base,
            shape=ListType(below.shape) if item.collection else below.shape,
            members=below.members,
            allowed=below.allowed if item.allowed is None else (*below.allowed, item.allowed),
            components={} if item.collection else below.components,
        )

    def _below(self, item: ItemDefinition, path: tuple[str, ...]) -> ItemType:
        if item.function is not None:
            return self._function(item, item.function)
        if item.components:
            return self._structure(item, path)
        return self._named(item, path)

    def _named(self, item: ItemDefinition, path: tuple[str, ...]) -> ItemType:
        name = item.type
        if name is None:
            return ANY
        if name in path and name in self._items:
            self._report.error(
                "type-cycle",
                item.at,
                f"The type '{item.name}' is defined by itself, through '{name}'.",
                "Let one of them name a built-in type or have components.",
            )
            return ANY
        if name in self._items:
            if name not in self._made:
                self._made[name] = self._make(self._items[name], (*path, name))
            return self._made[name]
        found = self.find(name)
        if found is None:
            report_type(name, self, self._report, item.at)
        return found or ANY

    def _structure(self, item: ItemDefinition, path: tuple[str, ...]) -> ItemType:
        components: dict[str, Test] = {}
        fields: dict[str, Type] = {}
        members: set[str] = set()
        long = tuple(each.name for each in item.components if not is_plain_name(each.name))
        for component in item.components:
            if not is_plain_name(component.name):
                members.add(component.name)
            if component.type in path and not component.components:
                # A structure may hold values of its own type, such as a tree: the type is found when asked.
                components[component.name] = self._later(component)
                itself = NamedType(component.type)
                fields[component.name] = ListType(itself) if component.collection else itself
                continue
            made = self._make(component, path, long)
            components[component.name] = made.test
            fields[component.name] = made.shape
            members |= made.members
        test = _context_of(components)
        shape = ContextType(tuple(fields.items()))
        return ItemType(item.name, test, "context", shape, frozenset(members), components=components)

    def _later(self, component: ItemDefinition) -> Test:
        name = component.type or ""

        def test(value: Value, beside: Siblings | None) -> bool:
            return self._made[name].test(value, beside)

        return _list_of(test) if component.collection else test

    def _function(self, item: ItemDefinition, signature: FunctionItem) -> ItemType:
        shape = FunctionType(tuple(map(_named, signature.parameters)), _named(signature.result))
        known = self.known
        return ItemType(item.name, lambda value, _: conforms(value, shape, known, _ignore), "function", shape)

    def _check_function(self, item: ItemDefinition) -> None:
        signature = item.function
        for name in () if signature is None else (*signature.parameters, signature.result):
            if name is not None and name not in self._items and self.find(name) is None:
                report_type(name, self, self._report, item.at)

    def _constrained(
        self, test: Test, allowed: Literal | None, names: tuple[str, ...], projected: bool = False
    ) -> Test:
        if allowed is None:
            return test
        try:
            unary = feel.compile(allowed.text, unary=True, names=names)
        except feel.FeelSyntaxError as problem:
            report_syntax(problem, allowed, self._report)
            return test
        return lambda value, beside: (
            test(value, beside) and (beside is None or _meets(unary, value, beside, projected))
        )


def _meets(unary: feel.Expression, value: Value, beside: Siblings, projected: bool) -> bool:
    """Tell whether a value meets a constraint; with `projected` a list does where each of its items does."""
    if unary.evaluate({**beside, "?": value}) is True:
        return True
    return (
        projected
        and isinstance(value, list)
        and all(item is None or unary.evaluate({**beside, "?": item}) is True for item in value)
    )


def _list_of(element: Test) -> Test:
    return lambda value, beside: (
        isinstance(value, list) and all(item is None or element(item, beside) for item in value)
    )


def _context_of(components: Mapping[str, Test]) -> Test:
    def test(value: Value, beside: Siblings | None) -> bool:
        return isinstance(value, dict) and all(
            name in value
            and (value[name] is None or component(value[name], None if beside is None else value))
            for name, component in components.items()
        )

    return test


def _named(name: str | None) -> Type:
    """Give the type that a signature names; where it names none, anything may stand."""
    return NamedType("Any" if name is None else BUILT_IN.get(name, name))


def _as_instance(type: ItemType) -> feel.DefinedType:
    return feel.DefinedType(lambda value: value is not None and type.test(value, None), type.shape)


# -- where a type is asked for ---------------------------------------------------------------------


def admit(value: Value, type: ItemType | None) -> Value:
    """Give a value as a type wants it (10.3.2.9.4): as it is, out of or into a list of one, or a date as the
    date and time of its first moment in UTC.

    Raises:
        NoValue: the value does not fit.
    """
    if type is None or value is None or type.test(value, _ALONE):
        return value
    if isinstance(value, list) and len(value) == 1 and (value[0] is None or type.test(value[0], _ALONE)):
        return value[0]
    if not isinstance(value, list) and type.base == "list" and type.test([value], _ALONE):
        return [value]
    if type_name(value) == "date" and type.test(moment := first_moment(value), _ALONE):
        return moment
    raise NoValue(_misfit(value, type))


def _misfit(value: Value, type: ItemType) -> str:
    """Say why a value does not fit."""
    if type.test(value, None):
        shown = a_type(value) if isinstance(value, list | dict) else to_text(value)[:60]
        return f"{shown} is not among the allowed values of the type '{type.name}'"
    found = f"{a_type(value)} does not fit the type '{type.name}'"
    for name, component in type.components.items() if isinstance(value, dict) else ():
        if name not in value:
            return f"{found}: it has no '{name}'"
        if value[name] is not None and not component(value[name], value):
            return f"{found}: its '{name}' is {a_type(value[name])} that does not fit"
    return found


def report_type(name: str, types: Types, report: Report, at: Place) -> None:
    """Report a type that nobody defines."""
    report.error(
        "unknown-type",
        at,
        f"There is no type '{name}'{nearest(name, types.names())}.",
        "Define it as an item definition, or name one of FEEL's types.",
    )


def report_syntax(problem: feel.FeelSyntaxError, literal: Literal, report: Report) -> None:
    """Report a text that is no FEEL, with its place in the file and in the text."""
    expected = f" Expected: {', '.join(problem.expected)}." if problem.expected else ""
    text = literal.text if len(literal.text) <= 80 else literal.text[:77] + "..."
    report.error(
        "feel-syntax",
        literal.at,
        f"'{text}' is not FEEL: {problem.message} (line {problem.line}, column {problem.column}).{expected}",
        problem.suggestion[0].upper() + problem.suggestion[1:]
        if problem.suggestion
        else "Correct the expression.",
    )
