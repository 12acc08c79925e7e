"""Check what a person entered by the rules of the form, as form-js does in the browser.

What a component hides or only shows is left out of what is taken over, and what it computes is computed
anew. Values that no component of the form names are let through: whoever completes a task by a program may
give it more than the form asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from penstock import feel
from penstock.feel import Value
from penstock.forms import rules
from penstock.forms.model import Field, Form, Group
from penstock.forms.values import same

_LIMITS: Final = feel.Limits(steps=200_000)
MOST_PROBLEMS: Final = 100
"""After so many, no more are told."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that the form does not accept."""

    path: str
    """Where it is, such as `items[2].amount`; positions count from 1."""
    message: str
    """What is wrong, as a sentence that names the field by its label."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a person entered, as it is to be taken over, and all that is wrong with it."""

    values: dict[str, Value]
    problems: tuple[Problem, ...]


def check(form: Form, given: Mapping[str, Value], seen: Mapping[str, Value], now: datetime) -> Submission:
    """Check what was entered.

    Arguments:
        form: the form.
        given: the values that were entered, by name.
        seen: the variables that the form was filled from; a value that is not given again counts as entered.
        now: what `now()` and `today()` give in an expression of the form.
    """
    values = deepcopy(dict(given))
    walk = _Walk({**seen, **values}, now)
    walk.components(form.root, values, seen, _Scope(walk.data, None, ()), "")
    return Submission(values, tuple(walk.problems))


@dataclass(slots=True)
class _Scope:
    """Where an expression stands: the item of the list around it."""

    this: Value
    parent: Value
    positions: tuple[int, ...]
    names: dict[str, Value] | None = None
    """What an expression here sees, once one has asked."""


@dataclass(slots=True)
class _Walk:
    data: dict[str, Value]
    now: datetime
    problems: list[Problem] = field(default_factory=list)

    def components(
        self, group: Group, values: dict[str, Value], seen: Mapping[str, Value], scope: _Scope, place: str
    ) -> None:
        for each in group.components:
            if len(self.problems) >= MOST_PROBLEMS:
                return
            if self.is_hidden(each, scope):
                _leave_out(each, values)
            elif isinstance(each, Field):
                self.field(each, values, seen, scope, place)
            elif each.repeats:
                self.items(each, values, seen, scope, place)
            else:
                self.group(each, values, seen, scope, place)

    def is_hidden(self, component: Field | Group, scope: _Scope) -> bool:
        return component.hide is not None and self.evaluate(component.hide, scope) is True

    def group(
        self, group: Group, values: dict[str, Value], seen: Mapping[str, Value], scope: _Scope, place: str
    ) -> None:
        if not group.path:
            self.components(group, values, seen, scope, place)
            return
        name = _join(place, group.path)
        inside, before = _find(values, group.path), _find(seen, group.path)
        if inside is not None and not isinstance(inside, dict):
            self.problem(name, f"'{name}' must be a group of fields, not {feel.type_name(inside)}.")
            return
        self.components(group, inside or {}, before if isinstance(before, dict) else {}, scope, name)

    def items(
        self, group: Group, values: dict[str, Value], seen: Mapping[str, Value], scope: _Scope, place: str
    ) -> None:
        name = _join(place, group.path)
        found = _find(values, group.path)
        if found is None:
            found = deepcopy(_find(seen, group.path))
        if found is None:
            return
        if not isinstance(found, list):
            self.problem(name, f"'{name}' must be a list, not {feel.type_name(found)}.")
            return
        for position, item in enumerate(found, 1):
            inside = f"{name}[{position}]"
            if isinstance(item, dict):
                within = _Scope(item, scope.this, (*scope.positions, position))
                self.components(group, item, {}, within, inside)
            else:
                self.problem(inside, f"'{inside}' must be a group of fields, not {feel.type_name(item)}.")

    def field(
        self, field: Field, values: dict[str, Value], seen: Mapping[str, Value], scope: _Scope, place: str
    ) -> None:
        if field.disabled:
            _remove(values, field.path)
            return
        if field.type == "expression":
            if field.computed is not None:
                _put(values, field.path, self.evaluate(field.computed, scope))
            return
        name = _join(place, field.path)
        entered, before = _find(values, field.path), _find(seen, field.path)
        if self.is_readonly(field, scope) and not (entered is None or _unchanged(field, entered, before)):
            self.problem(name, f"'{field.label}' can only be read here.")
            return
        value = before if entered is None and not _has(values, field.path) else entered
        context = rules.Context(self.data, lambda expression: self.evaluate(expression, scope))
        for message in rules.broken(field, value, context):
            self.problem(name, message)

    def is_readonly(self, field: Field, scope: _Scope) -> bool:
        if isinstance(field.readonly, bool):
            return field.readonly
        return self.evaluate(field.readonly, scope) is True

    def evaluate(self, expression: feel.Expression, scope: _Scope) -> Value:
        if scope.names is None:
            # form-js offers these under both names, since a variable may be called `this`.
            own: dict[str, Value] = {
                "this": scope.this,
                "parent": scope.parent,
                "i": list(scope.positions),
            }
            scope.names = {**own, **self.data, **{f"_{name}_": value for name, value in own.items()}}
        try:
            return expression.evaluate(scope.names, self.now, None, _LIMITS)
        except feel.FeelError:
            return None

    def problem(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))


def _unchanged(field: Field, entered: Value, before: Value) -> bool:
    return same(entered, field.default if before is None else before)


def _join(place: str, path: tuple[str, ...]) -> str:
    name = ".".join(path)
    return f"{place}.{name}" if place else name


# -- values in nested contexts ---------------------------------------------------------------------


def _find(values: Mapping[str, Value], path: tuple[str, ...]) -> Value:
    found: Value = values
    for name in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def _has(values: Mapping[str, Value], path: tuple[str, ...]) -> bool:
    around = _find(values, path[:-1])
    return isinstance(around, Mapping) and path[-1] in around


def _put(values: dict[str, Value], path: tuple[str, ...], value: Value) -> None:
    for name in path[:-1]:
        inside = values.get(name)
        if not isinstance(inside, dict):
            inside = values[name] = {}
        values = inside
    values[path[-1]] = value


def _remove(values: dict[str, Value], path: tuple[str, ...]) -> None:
    """Take a value out, with the contexts around it that this leaves empty."""
    inside = values.get(path[0])
    if len(path) == 1:
        values.pop(path[0], None)
    elif isinstance(inside, dict):
        _remove(inside, path[1:])
        if not inside:
            del values[path[0]]


def _leave_out(component: Field | Group, values: dict[str, Value], around: tuple[str, ...] = ()) -> None:
    path = (*around, *component.path)
    if isinstance(component, Field) or component.repeats:
        _remove(values, path)
        return
    for each in component.components:
        _leave_out(each, values, path)
