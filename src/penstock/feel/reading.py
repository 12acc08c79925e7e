"""Which variables an expression cannot do without, for those who warn of a slip of the pen.

`Expression.names` are all names that may be variables. Here are those that surely are, and that the
expression does not ask about itself: `a` in `a + 1`, but not in `if a = null then 0 else a`, and no name
within a filter, which may be a key of the items.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Final

from penstock.feel.builtins import FUNCTIONS
from penstock.feel.names import Scope, widen
from penstock.feel.parser import parse
from penstock.feel.syntax import (
    Call,
    Comparison,
    ContextOf,
    Filter,
    For,
    FunctionOf,
    InstanceOf,
    Iterator,
    Literal,
    Name,
    Node,
    Path,
    Quantified,
    Term,
)

_KNOWN: Final[Scope] = widen({}, FUNCTIONS)
_ASKING: Final = ("is defined", "get or else")
"""Functions that are called where a variable may not be there."""
_PARTS: Final = (Iterator, Term)
"""Parts of nodes that are no nodes themselves."""
_NONE: Final[frozenset[str]] = frozenset()


@lru_cache(maxsize=1024)
def needed(text: str) -> frozenset[str]:
    """Give the variables without which the expression has not the value that its author expects.

    Raises:
        FeelSyntaxError: the text is no expression.
    """
    found: set[str] = set()
    asked: set[str] = set()
    agenda: list[tuple[Node, frozenset[str]]] = [(parse(text, _KNOWN), _NONE)]
    while agenda:
        node, bound = agenda.pop()
        if isinstance(node, Name):
            if node.name not in bound and node.name not in FUNCTIONS:
                found.add(node.name)
            continue
        asked.update(_asked(node))
        if isinstance(node, Filter):
            agenda.append((node.source, bound))  # its condition may speak of the keys of the items
            continue
        bound = bound | _binds(node)
        agenda += [(inner, bound) for inner in _within(node)]
    return frozenset(found - asked)


def _binds(node: Node) -> frozenset[str]:
    """Give the names that mean something else than a variable within a node."""
    match node:
        case For(iterators=iterators) | Quantified(iterators=iterators):
            return frozenset({"partial", *(it.name for it in iterators)})
        case ContextOf(entries=entries):
            return frozenset(name for name, _ in entries)
        case FunctionOf(parameters=parameters):
            return frozenset(name for name, _ in parameters)
        case _:
            return _NONE


def _asked(node: Node) -> Iterable[str]:
    """Give the variables of which a node asks whether they are there, or what they are."""
    match node:
        case Comparison(left=left, right=Literal(value=None)):
            yield from _root(left)
        case Comparison(left=Literal(value=None), right=right):
            yield from _root(right)
        case InstanceOf(value=value):
            yield from _root(value)
        case Call(function=Name(name=name), arguments=(first, *_)) if name in _ASKING:
            yield from _root(first)


def _root(node: Node) -> Iterable[str]:
    while isinstance(node, Path):
        node = node.source
    if isinstance(node, Name):
        yield node.name


def _within(value: object) -> Iterable[Node]:
    """Give the nodes directly within a node; what only says where a function is written has none."""
    if isinstance(value, FunctionOf) and value.external:
        return
    for field in fields(value) if is_dataclass(value) else ():
        yield from _nodes(getattr(value, field.name))


def _nodes(value: object) -> Iterable[Node]:
    if isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, _PARTS):
        yield from _within(value)
    elif isinstance(value, Node):
        yield value
