"""Tokens to a syntax tree (DMN 1.5, 10.3.1.2): recursive descent, with operators by precedence climbing.

From loose to tight: `or`, `and`, comparisons with `in` and `between`, `+ -`, `* /`, `**`, the minus sign,
`instance of`, and paths, filters and calls. `if`, `for`, `some`, `every` and `function` reach as far as they
can.
"""

from __future__ import annotations

from collections.abc import Iterable

from penstock.feel.cursor import KEYWORDS, NAME_SYMBOLS, Cursor
from penstock.feel.errors import FeelSyntaxError
from penstock.feel.lexer import END, NAME, NUMBER, QUOTED, STRING, SYMBOL, Token, collapse
from penstock.feel.names import Scope, longest, widen
from penstock.feel.parser_primaries import read_primary
from penstock.feel.parser_textual import TEXTUAL
from penstock.feel.stack import fresh, roomy
from penstock.feel.suggest import suggestion
from penstock.feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    Conjunction,
    ContextOf,
    Disjunction,
    Filter,
    In,
    InstanceOf,
    ListOf,
    Negation,
    Node,
    Path,
    Term,
    Test,
    UnaryTests,
)
from penstock.feel.typenames import parse_type

_COMPARISON = 3
_ADDITIVE = 4
_LEVELS = {
    **dict.fromkeys(("or",), 1),
    **dict.fromkeys(("and",), 2),
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "in", "between"), _COMPARISON),
    **dict.fromkeys(("+", "-"), _ADDITIVE),
    **dict.fromkeys(("*", "/"), 5),
    **dict.fromkeys(("**", "^"), 6),
}
"""How tightly an operator binds."""
_PIECE = 25
"""Levels of nesting that are read on one stack: each may take seventeen calls."""
_TESTS = frozenset(("=", "!=", "<", "<=", ">", ">="))


def parse(text: str, scope: Scope, *, unary: bool = False) -> Node:
    """Give the syntax tree of an expression, or with `unary` that of unary tests.

    Args:
        text: the expression.
        scope: the names of several tokens that are known (`penstock.feel.names.widen`).
        unary: read unary tests (rule 15).

    Raises:
        FeelSyntaxError: the text is no expression, or it is nested too deeply.
    """
    return roomy(lambda: _parse(Parser(text, scope), unary))


def _parse(parser: Parser, unary: bool) -> Node:
    node = parser.unary_tests() if unary else parser.expression()
    if parser.token.kind != END:
        raise parser.unexpected(("an operator", "the end"))
    return node


class Parser(Cursor):
    """Reads expressions at a place in the tokens; words and primaries have modules of their own."""

    def __init__(self, text: str, scope: Scope) -> None:
        super().__init__(text, scope)
        self._range_end = False
        """Whether the end of a range is being read, where `[` may close it: `[1..10[`."""
        self._stack_from = 0
        """The level of nesting at which the present stack began."""

    # -- expressions -------------------------------------------------------------------------------

    def expression(self) -> Node:
        """Read one expression of any kind (rule 1)."""
        return self._nested(1, range_end=False)

    def range_end(self) -> Node:
        """Read the end of a range, up to the bracket that closes it."""
        return self._nested(_ADDITIVE, range_end=True)

    def _nested(self, loosest: int, *, range_end: bool) -> Node:
        self.deeper()
        nesting, outer = self.nesting, self._range_end
        self._range_end = range_end
        node = self._binary(loosest) if nesting - self._stack_from < _PIECE else self._on_new_stack(loosest)
        self.nesting, self._range_end = nesting - 1, outer
        return node

    def _on_new_stack(self, loosest: int) -> Node:
        outer, self._stack_from = self._stack_from, self.nesting
        node = fresh(lambda: self._binary(loosest))
        self._stack_from = outer
        return node

    def _binary(self, loosest: int) -> Node:
        left = self._test() if loosest <= _COMPARISON and self._at_test() else self._prefix()
        nesting = self.nesting
        while True:
            token = self.token
            level = _LEVELS.get(token.text, 0)
            if level < loosest or level == 0 or (token.kind != SYMBOL and token.kind != NAME):
                self.nesting = nesting
                return left
            if level > _COMPARISON:
                left = self._chain(left, level)
            elif level == _COMPARISON:
                self.deeper()
                left = self._comparison(left)
            else:
                left = self._logic(left, token.text, level)

    def _chain(self, first: Node, level: int) -> Node:
        at = self.token.start
        rest = []
        while _LEVELS.get(self.token.text) == level and self.token.kind == SYMBOL:
            operator = self.advance()
            symbol = "**" if operator.text == "^" else operator.text
            rest.append(Term(symbol, self._binary(level + 1), operator.start))
        return Arithmetic(first, tuple(rest), at)

    def _logic(self, first: Node, word: str, level: int) -> Node:
        at = self.token.start
        operands = [first]
        while self.accept(word):
            operands.append(self._binary(level + 1))
        return Conjunction(tuple(operands), at) if word == "and" else Disjunction(tuple(operands), at)

    def _comparison(self, left: Node) -> Node:
        operator = self.advance()
        if operator.text == "between":
            low = self._binary(_ADDITIVE)
            self.expect("and")
            return Between(left, low, self._binary(_ADDITIVE), operator.start)
        if operator.text == "in":
            return In(left, self._tests(), operator.start)
        return Comparison(operator.text, left, self._binary(_ADDITIVE), operator.start)

    def _tests(self) -> tuple[Node, ...]:
        if not (self.at("(") and self._comma_within()):
            return (self._test() if self._at_test() else self._binary(_ADDITIVE),)
        self.advance()
        tests = self._items(")")
        self.expect(")")
        return tests

    def _at_test(self) -> bool:
        return self.token.kind == SYMBOL and self.token.text in _TESTS

    def _test(self) -> Node:
        """Read a unary comparison such as `> 5` (rule 7)."""
        operator = self.advance()
        test = Test(operator.text, self._binary(_ADDITIVE), operator.start)
        if self._at_test():
            raise self._no_operand(self.token)
        return test

    def _no_operand(self, token: Token) -> FeelSyntaxError:
        """Give the error for a unary comparison to the left or right of an operator: `a > > b`."""
        return FeelSyntaxError(
            f"unexpected {token.text!r}: a unary test is an operand only in parentheses, as (> 5)",
            self.text,
            token.start,
            ("a value",),
            suggestion(self.text, self.tokens, self.index, (), self.scope),
        )

    def _comma_within(self) -> bool:
        """Tell whether the parenthesis here holds a comma of its own: `(a, b)` is a list of tests."""
        depth = 0
        for token in self.tokens[self.index :]:
            if token.kind != SYMBOL:
                continue
            if token.text in "([{":
                depth += 1
            elif token.text in ")]}":
                depth -= 1
                if depth == 0:
                    return False
            elif token.text == "," and depth == 1:
                return True
        return False

    def _items(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not (self.at(closing) and not items):
            items.append(self.expression())
            if not self.accept(","):
                break
        return tuple(items)

    def _prefix(self) -> Node:
        nesting = self.nesting
        node = self._operand()
        self.nesting = nesting
        return node

    def _operand(self) -> Node:
        token = self.token
        if token.kind == SYMBOL:
            if token.text == "-":
                self.advance()
                self.deeper()
                return Negation(self._prefix(), token.start)
            if token.text in _TESTS:
                raise self._no_operand(token)
        elif token.kind == NAME:
            rule = TEXTUAL.get(token.text)
            if rule is not None and longest(self.scope, self.tokens, self.index) is None:
                self.advance()
                return rule(self, token)
        node = self._postfix(read_primary(self))
        while self.at("instance"):
            self.deeper()
            at = self.advance().start
            self.expect("of")
            node = InstanceOf(node, parse_type(self), at)
        return node

    # -- paths, filters, calls ---------------------------------------------------------------------

    def _postfix(self, node: Node) -> Node:
        while self.token.kind == SYMBOL:
            token = self.token
            if token.text == ".":
                self.advance()
                node = Path(node, self._member(), token.start)
            elif token.text == "[" and not (self._range_end and self._closes_range()):
                self.advance()
                node = self._filter(node, token)
            elif token.text == "(":
                self.advance()
                node = self._call(node)
            else:
                break
            self.deeper()
        return node

    def _member(self) -> str:
        token = self.token
        if token.kind == QUOTED:
            return self.advance().text[1:-1]
        if token.kind != NAME:
            raise self.unexpected(("a name",))
        known = self.known_name()
        if known is not None:
            return known
        self.advance()
        last = token
        # Two names in a row are no expression, so that a member of several words needs no declaration.
        while self.token.kind == NAME and self.token.text not in KEYWORDS:
            last = self.advance()
        return collapse(self.text[token.start : last.end])

    def _filter(self, source: Node, bracket: Token) -> Node:
        outer = self.scope
        self.scope = widen(outer, _keys(source))
        condition = self.expression()
        self.scope = outer
        self.expect("]")
        return Filter(source, condition, bracket.start)

    def _closes_range(self) -> bool:
        """Tell whether the `[` here closes a range: what follows it could begin no expression."""
        token = self.tokens[self.index + 1]
        if token.kind == NAME:
            return token.text in KEYWORDS
        return token.kind == END or (token.kind == SYMBOL and token.text not in "([{]-")

    def _call(self, function: Node) -> Node:
        at = function.at
        name = self._argument_name()
        if name is None:
            arguments = self._items(")")
            self.expect(")")
            return Call(function, arguments, None, at)
        values: list[Node] = []
        names: list[str] = []
        while True:
            if name is None:
                raise self.unexpected(("a named argument, as the first one is",))
            if name in names:
                raise FeelSyntaxError(f"the argument {name!r} is given twice", self.text, self.token.start)
            names.append(name)
            values.append(self.expression())
            if not self.accept(","):
                break
            name = self._argument_name()
        self.expect(")")
        return Call(function, tuple(values), tuple(names), at)

    def _argument_name(self) -> str | None:
        """Step over `name :` and give the name, or None where no named argument stands here."""
        if self.token.kind not in (NAME, STRING):
            return None
        index = self.index
        if self.token.kind == STRING:
            index += 1
        else:
            while self.tokens[index].kind in (NAME, NUMBER) or self.tokens[index].text in NAME_SYMBOLS:
                if self.tokens[index].kind == END:
                    break
                index += 1
        if self.tokens[index].text != ":":
            return None
        key = self.key()
        self.expect(":")
        return key

    # -- unary tests -------------------------------------------------------------------------------

    def unary_tests(self) -> Node:
        """Read the whole text as unary tests (rule 15)."""
        if self.at("-") and self.tokens[self.index + 1].kind == END:
            self.advance()
            return UnaryTests((), False)
        if self.at("not") and self.tokens[self.index + 1].text == "(":
            negated = self._negated()
            if negated is not None:
                return negated
        tests = [self.expression()]
        while self.accept(","):
            tests.append(self.expression())
        return UnaryTests(tuple(tests), False)

    def _negated(self) -> Node | None:
        """Read `not(tests)` if that is the whole text; else, as in `not(a) and b`, stay in place."""
        index = self.index
        self.skip(2)
        tests = self._items(")")
        if tests and self.at(")") and self.tokens[self.index + 1].kind == END:
            self.advance()
            return UnaryTests(tests, True)
        self.skip(index - self.index)
        return None


def _keys(node: Node) -> Iterable[str]:
    """Give the keys of the contexts that a filter is written over: they are names in its condition."""
    if isinstance(node, ContextOf):
        for key, value in node.entries:
            yield key
            yield from _keys(value)
    elif isinstance(node, ListOf):
        for item in node.items:
            yield from _keys(item)
    elif isinstance(node, Path | Filter):
        yield from _keys(node.source)
