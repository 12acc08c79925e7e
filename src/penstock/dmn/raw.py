"""A DMN file as it is written: frozen data, types and references still as texts.

The words are those of the metamodel (DMN 1.5, chapters 6 to 10), one class for each element that means
something when a decision is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf, TypeAlias

from penstock.xml import Spot

# -- boxed expressions (DMN 1.5, 10.2.1) -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal expression: a text of FEEL."""

    text: str
    type: str | None
    at: Spot
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """An information item: a name with its type (7.3.3)."""

    name: str
    type: str | None
    at: Spot
    alias: str | None = None
    """A second name, where the item is called otherwise than the element that it belongs to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a boxed context; without a variable it is the context's result."""

    variable: Variable | None
    value: Boxed | None
    at: Spot


@dataclass(frozen=True, slots=True)
class Context:
    """A boxed context (10.2.1.4)."""

    entries: tuple[Entry, ...]
    type: str | None
    at: Spot


@dataclass(frozen=True, slots=True)
class ListOf:
    """A boxed list (10.2.1.5)."""

    items: tuple[Boxed, ...]
    type: str | None
    at: Spot


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation: a list of contexts, one a row (10.2.1.6)."""

    columns: tuple[Variable, ...]
    rows: tuple[tuple[Boxed | None, ...], ...]
    type: str | None
    at: Spot


@dataclass(frozen=True, slots=True)
class Binding:
    """What one parameter of an invocation is bound to."""

    name: str
    value: Boxed | None
    at: Spot


@dataclass(frozen=True, slots=True)
class Invocation:
    """A boxed invocation, with arguments by name (10.2.1.3)."""

    function: Boxed | None
    bindings: tuple[Binding, ...]
    type: str | None
    at: Spot


@dataclass(frozen=True, slots=True)
class Function:
    """A boxed function (10.2.1.7), or the logic of a business knowledge model (6.3.9)."""

    parameters: tuple[Variable, ...]
    body: Boxed | None
    kind: str
    """FEEL, or Java or PMML, which are refused."""
    type: str | None
    at: Spot


@dataclass(frozen=True, slots=True)
class Conditional:
    """A boxed `if` (10.2.1.8)."""

    condition: Boxed | None
    then: Boxed | None
    otherwise: Boxed | None
    type: str | None
    at: Spot


@dataclass(frozen=True, slots=True)
class Filter:
    """A boxed filter (10.2.1.9)."""

    source: Boxed | None
    match: Boxed | None
    type: str | None
    at: Spot


@dataclass(frozen=True, slots=True)
class Iteration:
    """A boxed `for`, `some` or `every` (10.2.1.10)."""

    word: OneOf["for", "some", "every"]
    variable: str
    source: Boxed | None
    body: Boxed | None
    """What `for` returns, or what `some` and `every` ask of each item."""
    type: str | None
    at: Spot


HitPolicy: TypeAlias = OneOf["UNIQUE", "ANY", "PRIORITY", "FIRST", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation: TypeAlias = OneOf["SUM", "MIN", "MAX", "COUNT"]


@dataclass(frozen=True, slots=True)
class Input:
    """An input clause of a decision table (8.3.2)."""

    label: str
    """Its label, or the text of its expression: what a person calls it."""
    expression: Literal
    values: Literal | None
    """The unary tests that say which values are allowed."""


@dataclass(frozen=True, slots=True)
class Output:
    """An output clause of a decision table (8.3.3)."""

    name: str | None
    label: str
    type: str | None
    values: Literal | None
    """The allowed values; for the policies that need it, from the highest priority to the lowest."""
    default: Literal | None
    at: Spot


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a decision table (8.3.4)."""

    id: str | None
    tests: tuple[Literal, ...]
    outputs: tuple[Literal, ...]
    at: Spot


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table (chapter 8)."""

    id: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    type: str | None
    at: Spot


Boxed: TypeAlias = (
    Literal | Context | ListOf | Relation | Invocation | Function | Conditional | Filter | Iteration | Table
)

# -- the requirements graph (DMN 1.5, chapter 6) ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """An `href`: an element of this file, or of the model with that namespace."""

    namespace: str | None
    id: str
    at: Spot


@dataclass(frozen=True, slots=True)
class InputData:
    """Input data (6.3.11)."""

    id: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision (6.3.7)."""

    id: str
    name: str
    variable: Variable
    requires: tuple[Reference, ...]
    """Decisions and input data."""
    knows: tuple[Reference, ...]
    """Business knowledge models and decision services."""
    logic: Boxed | None
    version_tag: str | None
    at: Spot


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A business knowledge model (6.3.9)."""

    id: str
    name: str
    variable: Variable
    logic: Function | None
    knows: tuple[Reference, ...]
    at: Spot


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service (6.3.10)."""

    id: str
    name: str
    variable: Variable
    outputs: tuple[Reference, ...]
    encapsulated: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    input_data: tuple[Reference, ...]
    at: Spot


Element: TypeAlias = InputData | Decision | KnowledgeModel | Service
"""What a requirement may refer to."""


@dataclass(frozen=True, slots=True)
class FunctionItem:
    """The signature of a type of functions (7.3.4)."""

    parameters: tuple[str | None, ...]
    """The types of the parameters."""
    result: str | None


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type (7.3.2): another type with constraints, a structure, or a type of functions."""

    name: str
    type: str | None
    collection: bool
    allowed: Literal | None
    """Unary tests over each value: over the items, if it is a collection."""
    constraint: Literal | None
    """Unary tests over the value as a whole (since DMN 1.5)."""
    components: tuple[ItemDefinition, ...]
    function: FunctionItem | None
    at: Spot


@dataclass(frozen=True, slots=True)
class Import:
    """An import of another model (6.3.3). Its elements are known as `name.element`, or with an empty name as
    they are.
    """

    name: str
    namespace: str
    location: str | None
    at: Spot


@dataclass(frozen=True, slots=True)
class Definitions:
    """A whole file."""

    id: str | None
    name: str
    namespace: str
    version: str
    version_tag: str | None
    imports: tuple[Import, ...]
    types: tuple[ItemDefinition, ...]
    inputs: tuple[InputData, ...]
    decisions: tuple[Decision, ...]
    knowledge: tuple[KnowledgeModel, ...]
    services: tuple[Service, ...]
