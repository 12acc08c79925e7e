"""What a form is once it was read: a tree of groups and fields, with compiled rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from penstock import feel

FieldType = Literal[
    "checkbox",
    "checklist",
    "datetime",
    "expression",
    "number",
    "radio",
    "select",
    "taglist",
    "textarea",
    "textfield",
]
"""The components that hold a value."""

Moment = Literal["date", "time", "datetime"]
Bound = int | Decimal | feel.Expression
"""A limit of a rule: fixed, or computed from what was entered."""

MANY: Final = frozenset({"checklist", "taglist"})
"""The fields whose value is a list."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a value has to meet."""

    required: bool = False
    least: Bound | None = None
    most: Bound | None = None
    shortest: Bound | None = None
    longest: Bound | None = None
    pattern: str | None = None
    pattern_message: str | None = None
    """What to say where the pattern does not match."""
    kind: Literal["email", "phone"] | None = None
    decimals: int | None = None
    """How many digits a number may have after its point."""
    step: Decimal | None = None
    """What a number has to be a multiple of."""
    as_text: bool = False
    """Whether a number is kept as text, to lose no digit."""


NO_RULES: Final = Rules()


@dataclass(frozen=True, slots=True)
class Options:
    """The values that a field offers: one of the three is given."""

    fixed: tuple[feel.Value, ...] | None = None
    variable: tuple[str, ...] | None = None
    """The path of the variable that holds them."""
    expression: feel.Expression | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A component that holds a value."""

    type: FieldType
    label: str
    path: tuple[str, ...]
    """Where its value is, from the group around it."""
    hide: feel.Expression | None = None
    disabled: bool = False
    """Whether its value is only shown, and not given back."""
    readonly: bool | feel.Expression = False
    rules: Rules = NO_RULES
    options: Options | None = None
    moment: Moment = "date"
    """What a `datetime` asks for."""
    computed: feel.Expression | None = None
    """What gives an `expression` its value."""
    default: feel.Value = None
    """What it holds before anybody has entered anything."""


@dataclass(frozen=True, slots=True)
class Group:
    """Components that stand together; their paths begin at the group's."""

    path: tuple[str, ...]
    components: tuple[Field | Group, ...]
    hide: feel.Expression | None = None
    repeats: bool = False
    """Whether it is a dynamic list: the value is a list, with the components in each item."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form."""

    id: str
    name: str | None
    version_tag: str | None
    root: Group
    line: int | None = None
    """A form has no lines worth naming; it is here for those who ask every kind of file."""


def variables_of(form: Form) -> frozenset[str]:
    """Give the variables that the form sets: the first names of the paths of its fields."""
    return frozenset(_firsts(form.root))


def _firsts(group: Group) -> Iterator[str]:
    for component in group.components:
        if component.path:
            yield component.path[0]
        elif isinstance(component, Group):
            yield from _firsts(component)
