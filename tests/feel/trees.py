"""Random syntax trees, as Hypothesis strategies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from penstock.feel import syntax as tree

NAMES = st.sampled_from(["a", "b", "amount", "first name", "order-total", "item", "?", "x_1", "größe", "if"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NUMBERS = st.one_of(
    st.integers(0, 10**34 - 1),
    st.decimals(0, 10**6, allow_nan=False, allow_infinity=False, places=3).filter(lambda d: d != int(d)),
).map(lambda n: n if isinstance(n, int) else Decimal(str(n)).normalize())
LITERALS = st.builds(tree.Literal, st.one_of(NUMBERS, TEXTS, st.booleans(), st.none()))
TYPES = st.recursive(
    st.sampled_from(["number", "string", "date and time", "Any", "tOrder"]).map(tree.NamedType),
    lambda inner: st.one_of(
        st.builds(tree.ListType, inner),
        st.builds(tree.RangeType, inner),
        st.builds(
            tree.ContextType,
            st.lists(st.tuples(st.sampled_from(["a", "b", "long name"]), inner), max_size=2).map(tuple),
        ),
        st.builds(tree.FunctionType, st.lists(inner, max_size=2).map(tuple), inner),
    ),
    max_leaves=3,
)


def _tuples(inner: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(inner, min_size=least, max_size=3).map(tuple)


def _chain(inner: st.SearchStrategy[Any], operators: str) -> st.SearchStrategy[Any]:
    terms = _tuples(st.builds(tree.Term, st.sampled_from(operators.split()), inner), 1)
    return st.builds(tree.Arithmetic, inner, terms)


def _call(function: Any, arguments: dict[str, Any]) -> Any:
    return tree.Call(function, tuple(arguments.values()), tuple(arguments))


def _more(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    iterators = _tuples(st.builds(tree.Iterator, NAMES, inner, st.none() | inner), 1)
    comparisons = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    parameters = _tuples(st.tuples(NAMES, st.none() | TYPES))
    return st.one_of(
        st.builds(tree.Negation, inner),
        _chain(inner, "+ -"),
        _chain(inner, "* /"),
        _chain(inner, "**"),
        st.builds(tree.Comparison, comparisons, inner, inner),
        st.builds(tree.Between, inner, inner, inner),
        st.builds(tree.In, inner, _tuples(inner, 1)),
        st.builds(tree.Conjunction, _tuples(inner, 2).filter(lambda parts: len(parts) > 1)),
        st.builds(tree.Disjunction, _tuples(inner, 2).filter(lambda parts: len(parts) > 1)),
        st.builds(tree.InstanceOf, inner, TYPES),
        st.builds(tree.Path, inner, NAMES),
        st.builds(tree.Filter, inner, inner),
        st.builds(tree.Call, inner, _tuples(inner)),
        st.builds(_call, inner, st.dictionaries(NAMES, inner, min_size=1, max_size=2)),
        st.builds(tree.If, _tuples(st.tuples(inner, inner), 1), inner),
        st.builds(tree.For, iterators, inner),
        st.builds(tree.Quantified, st.booleans(), iterators, inner),
        st.builds(tree.ListOf, _tuples(inner)),
        st.builds(tree.ContextOf, _tuples(st.tuples(TEXTS, inner))),
        st.builds(tree.RangeOf, inner, inner, st.booleans(), st.booleans()),
        st.builds(tree.Test, comparisons, inner),
        st.builds(tree.FunctionOf, parameters, inner),
    )


TREES = st.recursive(
    st.one_of(LITERALS, st.builds(tree.Name, NAMES), TEXTS.map(tree.AtLiteral)), _more, max_leaves=8
)
