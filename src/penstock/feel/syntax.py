"""The syntax tree of FEEL (DMN 1.5, 10.3.1): frozen and without meaning.

`at` is the place in the text and takes no part in equality. Chains of one precedence are one node, so that a
sum of a thousand terms is flat and no walk over the tree needs a deep stack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from penstock.feel.values import Value

# -- types (grammar rules 54 to 57) ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NamedType:
    """A built-in type, or one that the surroundings define (an item definition of DMN)."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ListType:
    """`list<element>`"""

    element: Type


@dataclass(frozen=True, slots=True)
class RangeType:
    """`range<element>`"""

    element: Type


@dataclass(frozen=True, slots=True)
class ContextType:
    """`context<name: type, ...>`"""

    fields: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """`function<type, ...> -> type`"""

    parameters: tuple[Type, ...]
    result: Type


Type: TypeAlias = NamedType | ListType | RangeType | ContextType | FunctionType

# -- expressions -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, string, boolean or null."""

    value: Value
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AtLiteral:
    """`@"2024-01-01"`: a temporal value."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, a local binding or a built-in function."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Negation:
    """`-operand`"""

    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """One further operand of a chain, with the operator before it."""

    operator: str
    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A chain of `+` and `-`, of `*` and `/`, or of `**`, from left to right."""

    first: Node
    rest: tuple[Term, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`"""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """`value between low and high`"""

    value: Node
    low: Node
    high: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """`value in test`, or `value in (test, test)`"""

    value: Node
    tests: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Conjunction:
    """`a and b and ...`"""

    operands: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Disjunction:
    """`a or b or ...`"""

    operands: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`value instance of type`"""

    value: Node
    type: Type
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """`source.name`"""

    source: Node
    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """`source[condition]`"""

    source: Node
    condition: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments)`, with `names` where the arguments are named."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None = None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class If:
    """`if condition then result else if condition then result else otherwise`"""

    branches: tuple[tuple[Node, Node], ...]
    """Each condition with its result, at least one."""
    otherwise: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in start`, or `name in start..end`"""

    name: str
    start: Node
    end: Node | None = None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class For:
    """`for iterators return result`"""

    iterators: tuple[Iterator, ...]
    result: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some iterators satisfies condition`, or `every ...`"""

    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[item, item]`"""

    items: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ContextOf:
    """`{name: value, ...}`: each entry sees those before it."""

    entries: tuple[tuple[str, Node], ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RangeOf:
    """`[start..end]`, with either end open."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Test:
    """`< operand`: a unary comparison, which is a range where it stands as a value."""

    operator: str
    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FunctionOf:
    """`function(name: type, ...) body`"""

    parameters: tuple[tuple[str, Type | None], ...]
    body: Node
    external: bool = False
    """Whether the body only says where the function is written, in Java or PMML: `external { java: ... }`."""
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The whole of a unary test (grammar rule 15): no tests at all stands for `-`, which anything passes."""

    tests: tuple[Node, ...]
    negated: bool = False
    at: int = field(default=0, compare=False)


Node: TypeAlias = (
    Literal
    | AtLiteral
    | Name
    | Negation
    | Arithmetic
    | Comparison
    | Between
    | In
    | Conjunction
    | Disjunction
    | InstanceOf
    | Path
    | Filter
    | Call
    | If
    | For
    | Quantified
    | ListOf
    | ContextOf
    | RangeOf
    | Test
    | FunctionOf
    | UnaryTests
)
