"""Regular expressions as XPath has them (functions 3.1, 5.6; XML Schema part 2, appendix G), safely.

Python's `re` reads another language and can take exponential time while it holds the interpreter. Here a
pattern becomes a small program that `penstock.feel.regex_machine` runs in steps that count against the limits
of the evaluation, and without back-references in time linear in the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from penstock.feel.errors import NoValue
from penstock.feel.regex_classes import (
    ESCAPES,
    CharTest,
    category,
    either_case,
    is_name,
    is_name_start,
    is_word,
)
from penstock.feel.regex_machine import (
    BACK,
    CHAR,
    END,
    JUMP,
    MATCH,
    SAVE,
    SPLIT,
    START,
    Match,
    Pattern,
    Program,
)

_LARGEST = 5000
"""Instructions of a program: repetitions such as {1,1000} are written out."""
_DEEPEST = 50
"""Groups within groups."""
_UNBOUNDED = -1


@lru_cache(maxsize=512)
def pattern(text: str, flags: str) -> Pattern:
    """Compile a pattern.

    Args:
        text: the pattern. flags: any of s (`.` matches line ends), m (`^` and `$` match at lines), i (ignore
            case), x (ignore white
            space in the pattern), q (the pattern is plain text).

    Raises:
        NoValue: the pattern or the flags are invalid, or the pattern is too large.
    """
    for flag in flags:
        if flag not in "smixq":
            raise NoValue(f"{flag!r} is no flag of a pattern; the flags are s, m, i, x and q", "pattern")
    reader = _Reader(text, flags)
    if "q" in flags:
        for character in text:
            reader.emit_char(_is(character))
    else:
        reader.alternatives(0)
        if reader.index < len(reader.text):
            raise reader.invalid(f"unexpected {reader.text[reader.index]!r}")
    reader.emit((MATCH, None))
    return Pattern(tuple(reader.program), reader.groups, reader.backward)


def fill(replacement: str, match: Match) -> str:
    r"""Give a replacement with `$1` and the like filled in; `\$` and `\\` stand for themselves (fn:replace).

    Raises:
        NoValue: a dollar sign or a backslash stands for nothing.
    """
    parts: list[str] = []
    index = 0
    while index < len(replacement):
        character = replacement[index]
        following = replacement[index + 1 : index + 2]
        if character == "\\":
            if following not in ("\\", "$"):
                raise NoValue(r"in a replacement, '\' may only stand before '\' or '$'", "pattern")
            parts.append(following)
            index += 2
        elif character == "$":
            if not ("0" <= following <= "9"):
                raise NoValue("in a replacement, '$' must be followed by the number of a group", "pattern")
            index += 1
            group, index = _group_number(replacement, index, match.groups)
            parts.append(match.text(group))
        else:
            parts.append(character)
            index += 1
    return "".join(parts)


def _group_number(text: str, index: int, groups: int) -> tuple[int, int]:
    """Read as many digits as make the number of a group that there is; at least one."""
    end = index + 1
    while end < len(text) and text[end].isdecimal() and int(text[index : end + 1]) <= groups:
        end += 1
    return int(text[index:end]), end


@dataclass(slots=True)
class _Reader:
    """A place in a pattern, and the program so far."""

    text: str
    flags: str
    index: int = 0
    program: Program = field(default_factory=list)
    groups: int = 0
    open_groups: set[int] = field(default_factory=set)
    backward: bool = False
    """Whether the pattern has back-references."""

    def __post_init__(self) -> None:
        if "x" in self.flags and "q" not in self.flags:
            self.text = _without_space(self.text)

    def invalid(self, reason: str) -> NoValue:
        return NoValue(f"the pattern {self.text[:60]!r} is invalid: {reason}", "pattern")

    def emit(self, instruction: tuple[int, object]) -> int:
        if len(self.program) >= _LARGEST:
            raise NoValue(f"the pattern {self.text[:60]!r} is too large; repeat less", "pattern")
        self.program.append(instruction)
        return len(self.program) - 1

    def emit_char(self, test: CharTest) -> None:
        self.emit((CHAR, either_case(test) if "i" in self.flags else test))

    def peek(self) -> str:
        return self.text[self.index : self.index + 1]

    def accept(self, text: str) -> bool:
        if self.text.startswith(text, self.index):
            self.index += len(text)
            return True
        return False

    # -- structure ---------------------------------------------------------------------------------

    def alternatives(self, depth: int) -> None:
        """Read branches between bars."""
        if depth > _DEEPEST:
            raise self.invalid(f"its groups are nested more than {_DEEPEST} deep")
        start = len(self.program)
        branches = [self.cut_branch(start, depth)]
        while self.accept("|"):
            branches.append(self.cut_branch(start, depth))
        jumps: list[int] = []
        for branch in branches[:-1]:
            split = self.emit((SPLIT, None))
            self.copy(branch, start)
            jumps.append(self.emit((JUMP, None)))
            self.program[split] = (SPLIT, (split + 1, len(self.program)))
        self.copy(branches[-1], start)
        for jump in jumps:
            self.program[jump] = (JUMP, len(self.program))

    def cut_branch(self, start: int, depth: int) -> Program:
        """Read a branch, and take its instructions out of the program again."""
        self.branch(depth)
        body = self.program[start:]
        del self.program[start:]
        return body

    def branch(self, depth: int) -> None:
        while self.peek() not in ("", "|", ")"):
            self.piece(depth)

    def piece(self, depth: int) -> None:
        start = len(self.program)
        repeatable = self.atom(depth)
        least, most = self.quantifier()
        if (least, most) == (1, 1):
            return
        if not repeatable:
            raise self.invalid("there is nothing to repeat before the quantifier")
        lazy = self.accept("?")
        self.repeat(start, least, most, lazy)

    def quantifier(self) -> tuple[int, int]:
        for symbol, bounds in (("*", (0, _UNBOUNDED)), ("+", (1, _UNBOUNDED)), ("?", (0, 1))):
            if self.accept(symbol):
                return bounds
        if not self.accept("{"):
            return 1, 1
        least = self.digits()
        most = least
        if self.accept(","):
            most = self.digits() if self.peek() != "}" else _UNBOUNDED
        if not self.accept("}") or (most != _UNBOUNDED and most < least):
            raise self.invalid("a quantifier is written {n}, {n,} or {n,m}")
        return least, most

    def digits(self) -> int:
        start = self.index
        while self.peek().isdecimal() and self.index - start < 6:
            self.index += 1
        if start == self.index:
            raise self.invalid("a quantifier is written {n}, {n,} or {n,m}")
        return int(self.text[start : self.index])

    def repeat(self, start: int, least: int, most: int, lazy: bool) -> None:
        """Write out the repetitions of the instructions from `start` on."""
        body = self.program[start:]
        del self.program[start:]
        for _ in range(least):
            self.copy(body, start)
        if most == _UNBOUNDED:
            split = self.emit((SPLIT, None))
            self.copy(body, start)
            self.emit((JUMP, split))
            self.program[split] = (SPLIT, _ways(split + 1, len(self.program), lazy))
            return
        splits = []
        for _ in range(most - least):
            splits.append(self.emit((SPLIT, None)))
            self.copy(body, start)
        for split in splits:
            self.program[split] = (SPLIT, _ways(split + 1, len(self.program), lazy))

    def copy(self, body: Program, start: int) -> None:
        offset = len(self.program) - start
        for instruction in body:
            self.emit(_shifted(instruction, start, offset))

    # -- atoms -------------------------------------------------------------------------------------

    def atom(self, depth: int) -> bool:
        """Read one atom, and tell whether it can be repeated."""
        character = self.peek()
        self.index += 1
        if character == "(":
            self.group(depth)
        elif character == "[":
            self.emit((CHAR, self.char_class(depth)))
        elif character == "\\":
            self.escape()
        elif character == ".":
            everything = "s" in self.flags
            self.emit((CHAR, lambda other: everything or other not in "\n\r"))
        elif character in "^$":
            self.emit((START if character == "^" else END, "m" in self.flags))
            return False
        elif character in "?*+{}]":
            raise self.invalid(f"{character!r} must be written \\{character}")
        else:
            self.emit_char(_is(character))
        return True

    def group(self, depth: int) -> None:
        if self.accept("?:"):
            self.alternatives(depth + 1)
        elif self.peek() == "?":
            raise self.invalid("'(?' is only known as '(?:'")
        else:
            self.groups += 1
            number = self.groups
            self.open_groups.add(number)
            self.emit((SAVE, 2 * number))
            self.alternatives(depth + 1)
            self.emit((SAVE, 2 * number + 1))
            self.open_groups.discard(number)
        if not self.accept(")"):
            raise self.invalid("a group is not closed")

    def escape(self) -> None:
        character = self.peek()
        if "1" <= character <= "9":
            number, self.index = _group_number(self.text, self.index, self.groups)
            if number > self.groups or number in self.open_groups:
                raise self.invalid(f"\\{number} refers to no group that is closed before it")
            self.backward = True
            self.emit((BACK, (number, "i" in self.flags)))
            return
        self.emit_char(self.escaped())

    def escaped(self) -> CharTest:
        """Read what follows a backslash as a test of one character."""
        character = self.peek()
        self.index += 1
        if character in ESCAPES and character:
            return _is(ESCAPES[character])
        if character in ("p", "P"):
            return self.property(character == "P")
        test = _CLASSES.get(character)
        if test is None:
            raise self.invalid(f"'\\{character}' is unknown" if character else "it ends with a backslash")
        return test

    def property(self, negated: bool) -> CharTest:
        end = self.text.find("}", self.index)
        if not self.accept("{") or end < 0:
            raise self.invalid("a property is written \\p{L}")
        name = self.text[self.index : end]
        self.index = end + 1
        test = category(name)
        if test is None:
            raise self.invalid(f"there is no property {name!r}")
        return (lambda other: not test(other)) if negated else test

    # -- classes -----------------------------------------------------------------------------------

    def char_class(self, depth: int) -> CharTest:
        """Read a class after its bracket: `[a-z]`, `[^a-z]`, `[a-z-[aeiou]]`."""
        if depth > _DEEPEST:
            raise self.invalid(f"its classes are nested more than {_DEEPEST} deep")
        negated = self.accept("^")
        tests: list[CharTest] = []
        minus: CharTest | None = None
        while not self.accept("]"):
            if tests and self.accept("-["):
                minus = self.char_class(depth + 1)
                if not self.accept("]"):
                    raise self.invalid("a subtraction must end its class")
                break
            tests.append(self.class_part())
        if not tests:
            raise self.invalid("a class is empty")
        inside = _any_of(tests)
        if "i" in self.flags:
            inside = either_case(inside)
        return _class_test(inside, negated, minus)

    def class_part(self) -> CharTest:
        first = self.class_char()
        if not isinstance(first, str):
            return first
        if self.peek() == "-" and self.text[self.index + 1 : self.index + 2] not in ("]", "[", ""):
            self.index += 1
            last = self.class_char()
            if not isinstance(last, str) or last < first:
                raise self.invalid("a range in a class ends before it starts")
            return lambda other: first <= other <= last
        return _is(first)

    def class_char(self) -> str | CharTest:
        """Read one character of a class, or a class of its own such as `\\d`."""
        character = self.peek()
        self.index += 1
        if character == "":
            raise self.invalid("a class is not closed")
        if character == "[":
            raise self.invalid("'[' in a class must be written \\[")
        if character != "\\":
            return character
        if self.peek() and self.peek() in ESCAPES:
            self.index += 1
            return ESCAPES[self.text[self.index - 1]]
        return self.escaped()


def _is(own: str) -> CharTest:
    return lambda other: other == own


def _without_space(text: str) -> str:
    """Leave out the white space of a pattern with the flag x, but that in classes."""
    kept: list[str] = []
    depth = 0
    for index, character in enumerate(text):
        escaped = index > 0 and text[index - 1] == "\\"
        if not escaped:
            depth += (character == "[") - (character == "]")
        if depth or character not in " \t\n\r":
            kept.append(character)
    return "".join(kept)


def _ways(on: int, past: int, lazy: bool) -> tuple[int, int]:
    return (past, on) if lazy else (on, past)


def _shifted(instruction: tuple[int, object], start: int, offset: int) -> tuple[int, object]:
    """Move the targets of an instruction that lie at or behind `start`."""
    code, argument = instruction
    if code == JUMP and isinstance(argument, int):
        return code, argument + offset if argument >= start else argument
    if code == SPLIT and isinstance(argument, tuple):
        return code, tuple(target + offset if target >= start else target for target in argument)
    return instruction


def _any_of(tests: list[CharTest]) -> CharTest:
    return tests[0] if len(tests) == 1 else lambda other: any(test(other) for test in tests)


def _class_test(inside: CharTest, negated: bool, minus: CharTest | None) -> CharTest:
    def test(other: str) -> bool:
        return inside(other) != negated and (minus is None or not minus(other))

    return test


_CLASSES: dict[str, CharTest] = {
    "s": lambda other: other in " \t\n\r",
    "S": lambda other: other not in " \t\n\r",
    "d": lambda other: other.isdecimal(),
    "D": lambda other: not other.isdecimal(),
    "w": is_word,
    "W": lambda other: not is_word(other),
    "i": is_name_start,
    "I": lambda other: not is_name_start(other),
    "c": is_name,
    "C": lambda other: not is_name(other),
}
