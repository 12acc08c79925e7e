"""A compiled expression, and the cache of those that were compiled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Final

from penstock.feel.builtins import FUNCTIONS
from penstock.feel.compile import compile_tree
from penstock.feel.convert import from_python
from penstock.feel.environment import Env, Fn
from penstock.feel.errors import FeelError, FeelLimitError, FeelSyntaxError, Warning
from penstock.feel.lexer import is_plain_name
from penstock.feel.limits import DEFAULT_LIMITS, Limits
from penstock.feel.names import Scope, widen
from penstock.feel.parser import parse
from penstock.feel.quick import Quick, quick_of
from penstock.feel.stack import roomy
from penstock.feel.subtypes import Known
from penstock.feel.values import Value

_CACHED = 2048
"""How many compiled expressions are kept: more than the models of a busy server hold."""
_LONG = 10_000
"""Characters from which on a text is compiled anew each time, so that the cache cannot grow large."""
_KNOWN: Final[Scope] = widen({}, FUNCTIONS)
_NO_TYPES: Final[Known] = {}
_NAMES_WITHIN = 3
"""How deep names of several words are looked for in the variables."""


class Expression:
    """An expression that was compiled: immutable, and safe to be used by many threads."""

    __slots__ = ("_quick", "_run", "_size", "names", "text", "unary")

    def __init__(
        self, text: str, unary: bool, run: Fn, size: int, names: frozenset[str], quick: Quick | None
    ) -> None:
        self.text: Final = text
        """The text as it was given."""
        self.unary: Final = unary
        self.names: Final = names
        """The variables that it reads; a name in a filter is one, though it may mean a key of the items."""
        self._run = run
        self._size = size
        self._quick = quick

    def __repr__(self) -> str:
        return f"<Expression {self.text!r}>"

    def evaluate(
        self,
        variables: Mapping[str, Value],
        now: datetime | None = None,
        warnings: list[Warning] | None = None,
        limits: Limits = DEFAULT_LIMITS,
        random: Random | None = None,
    ) -> Value:
        """Give the expression's value; what cannot be computed is null (DMN 1.5, 10.3.1.1).

        Args:
            variables: FEEL values by name (`from_python` makes them); the input of unary tests is `?`.
            now: what `now()` and `today()` give, with a zone; without it they are null.
            warnings: takes the reasons for what became null.
            limits: what the evaluation may take.
            random: where `uuid()` and `random number()` take chance from; without it they are null.

        Returns:
            the value; of unary tests True, False or None.

        Raises:
            FeelLimitError: a limit is reached.
            FeelError: a variable holds what is no FEEL value, and the expression cannot do without it.
        """
        # The options are not keyword-only: Python takes such defaults from a dict, which is a sixth of the
        # time of a quick condition.
        quick = self._quick
        if quick is not None:
            try:
                value = quick(variables)
            except (KeyError, ArithmeticError, RecursionError):
                value = None  # the full way says what is wrong
            if value is not None:
                return value
        env = Env(variables, now, warnings, limits, random)
        if self._size:
            env.locals = [None] * self._size
        try:
            return self._run(env)
        except RecursionError:
            raise FeelLimitError("the expression or its data is nested too deeply to be evaluated") from None
        except FeelError:
            raise
        except (TypeError, ValueError, AttributeError, ArithmeticError) as problem:
            _refuse_foreign(variables, problem)
            raise

    def evaluate_in(self, env: Env) -> Value:
        """Give the expression's value as a part of a larger evaluation, such as that of a decision.

        Args:
            env: its variables, and the clock, warnings and meter that the parts share.

        Raises:
            FeelLimitError: a limit of the whole evaluation is reached.
            RecursionError: the whole is nested too deeply; whoever began it says so.
        """
        return self._run(env.inner([None] * self._size) if self._size else env)


def _refuse_foreign(variables: Mapping[str, Value], problem: Exception) -> None:
    """Blame a failure on the variables, if they hold anything that is no FEEL value."""
    try:
        from_python(dict(variables))
    except TypeError as reason:
        raise FeelError(f"{reason}; convert variables with feel.from_python") from problem


def compile(
    text: str,
    *,
    unary: bool = False,
    names: Iterable[str] = (),
    types: Known = _NO_TYPES,
) -> Expression:
    """Compile an expression, once for each text.

    Args:
        text: the expression.
        unary: read unary tests (DMN 1.5, 10.3.1.2, rule 15) over the input `?`.
        names: names with spaces or operators in them that are in scope; others need not be told.
        types: what `instance of` may name beside the built-in types.

    Raises:
        FeelSyntaxError: the text is no expression.
    """
    if types or len(text) > _LONG:
        return _compile(text, unary, tuple(names), types)
    return _cached(text, unary, names if type(names) is tuple else tuple(names))


@lru_cache(maxsize=_CACHED)
def _cached(text: str, unary: bool, names: tuple[str, ...]) -> Expression:
    return _compile(text, unary, names, _NO_TYPES)


@lru_cache(maxsize=64)
def _scope_of(names: tuple[str, ...]) -> Scope:
    # All cells of a decision table share their names, and spelling them costs more than parsing a cell.
    return widen(_KNOWN, names)


def _compile(text: str, unary: bool, names: tuple[str, ...], types: Known) -> Expression:
    try:
        tree = parse(text, _scope_of(names), unary=unary)
        run, size, read = compile_tree(tree, types)
        quick = roomy(lambda: quick_of(tree))
    except RecursionError:
        raise FeelSyntaxError("the expression is nested too deeply to be compiled", text, 0) from None
    return Expression(text, unary, run, size, read, quick)


_NO_INPUT: Final = object()


def evaluate(
    text: str,
    variables: Mapping[str, object] | None = None,
    *,
    unary: bool = False,
    input: object = _NO_INPUT,
    now: datetime | None = None,
    warnings: list[Warning] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    random: Random | None = None,
) -> Value:
    """Compile and evaluate in one step, with Python's values as variables.

    Names with spaces or operators among the variables, and among the keys within them, are in scope.

    Args:
        text: the expression.
        variables: Python values by name, converted by `from_python`.
        unary: read unary tests.
        input: what unary tests are asked of.
        now: what `now()` and `today()` give, with a zone.
        warnings: takes the reasons for what became null.
        limits: what the evaluation may take.
        random: where `uuid()` and `random number()` take chance from; without it they are null.

    Raises:
        FeelSyntaxError: the text is no expression.
        FeelLimitError: a limit is reached.
        TypeError: a variable has no FEEL value.
    """
    values = from_python(variables or {})
    if input is not _NO_INPUT:
        values["?"] = from_python(input)
    expression = compile(text, unary=unary, names=tuple(sorted(_long_names(values, _NAMES_WITHIN))))
    return expression.evaluate(values, now=now, warnings=warnings, limits=limits, random=random)


def _long_names(value: Value, depth: int) -> set[str]:
    """Give the keys of several tokens in a value, in what is within it, and in the first items of lists."""
    names: set[str] = set()
    within: list[Value] = []
    if isinstance(value, dict):
        names.update(key for key in value if not is_plain_name(key))
        within = list(value.values())
    elif isinstance(value, list):
        within = value[:1]
    for inner in within if depth else ():
        if isinstance(inner, dict | list):
            names |= _long_names(inner, depth - 1)
    return names
