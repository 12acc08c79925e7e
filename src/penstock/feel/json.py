"""Values as JSON: readable for people and other programs, or tagged so that nothing is lost.

The storage codec is `dumps` and `loads`. It writes what JSON has as it is, and the rest tagged: a context
with a single key that begins with `@` says what its content is, as in `{"@date": "2024-02-29"}`. A user's
context that looks like a tag is itself wrapped in `@context`. Reading back walks the tree only where the
bytes hold a tag at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from penstock.feel import temporal_text
from penstock.feel.errors import FeelError, NoValue
from penstock.feel.text import number_text, to_text
from penstock.feel.values import (
    BOUND,
    NUMBERS,
    FarDate,
    FarDatetime,
    Function,
    Range,
    Value,
    YearsMonths,
    family,
    in_bounds,
    plain,
    rounded,
)

_DEEPEST = 400
_MOST_ITEMS = 2_000_000
"""Items of all lists and contexts: a value may hold the same list many times, many levels deep."""
_KEPT = 200
"""How deep a value that is to be kept may be nested: what it is put into needs some depth of its own."""
_EXACT = 15
"""Digits that every double keeps."""

_PLACE = 80
"""Characters of a place that a message shows."""
_SIMPLE = frozenset((str, int, bool, Decimal, type(None), date, datetime, time, timedelta))
"""Types whose values hold no others."""

_TAGS: dict[type, tuple[str, Callable[[Value], str]]] = {
    date: ("@date", temporal_text.date_text),
    FarDate: ("@date", temporal_text.date_text),
    time: ("@time", temporal_text.time_text),
    datetime: ("@dateTime", temporal_text.datetime_text),
    FarDatetime: ("@dateTime", temporal_text.datetime_text),
    timedelta: ("@duration", temporal_text.duration_text),
    YearsMonths: ("@duration", temporal_text.months_text),
}


# -- writing ---------------------------------------------------------------------------------------


def to_json(value: Value, *, typed: bool = False, numbers: Literal["number", "string"] = "number") -> object:
    """Give a tree of what JSON has: dict, list, str, bool, None, and int and Decimal for the encoder.

    Args:
        value: the value. typed: tag what JSON lacks, so that `from_json` gives it back; else dates and
            durations become their texts,
            ranges and functions too.
        numbers: "string" writes each number as its text.

    Raises:
        FeelError: the value is nested too deeply, or with `typed` it holds a function.
    """
    return _Writer(typed, numbers == "string").tree(value, 0)


class _Writer:
    """What is asked of one writing."""

    __slots__ = ("_as_text", "_exact", "_left", "_typed")

    def __init__(self, typed: bool, as_text: bool, exact: bool = False) -> None:
        self._left = _MOST_ITEMS
        self._typed = typed
        self._as_text = as_text
        self._exact = exact
        """Whether the reader keeps all digits of a number, so that none needs a tag."""

    def tree(self, value: Value, depth: int) -> object:
        kind = type(value)
        if kind is str or kind is bool or value is None:
            return value
        if kind is int or kind is Decimal or kind is float:
            return self._number(plain(value))
        if depth > _DEEPEST:
            raise FeelError(f"the value is nested more than {_DEEPEST} deep; it cannot be written as JSON")
        if kind is dict or kind is list:
            self._left -= len(value)
            if self._left < 0:
                raise FeelError(f"the value has more than {_MOST_ITEMS} items; it cannot be written as JSON")
        if kind is dict:
            return self._context(value, depth)
        if kind is list:
            return [self.tree(item, depth + 1) for item in value]
        return self._tagged(value, depth)

    def _context(self, value: dict[str, Value], depth: int) -> object:
        tree = {key: self.tree(entry, depth + 1) for key, entry in value.items()}
        return (
            {"@context": tree}
            if self._typed and len(tree) == 1 and next(iter(tree)).startswith("@")
            else tree
        )

    def _number(self, value: int | Decimal) -> object:
        if self._as_text:
            return number_text(value)
        if self._exact:
            return value
        if self._typed and len(NUMBERS.normalize(Decimal(value)).as_tuple().digits) > _EXACT:
            return {"@number": number_text(value)}
        return value

    def _tagged(self, value: Value, depth: int) -> object:
        tag = _TAGS.get(family(value))
        if tag is not None:
            name, text = tag
            return {name: text(value)} if self._typed else text(value)
        if isinstance(value, Range):
            return {"@range": self._range(value, depth)} if self._typed else to_text(value)
        if isinstance(value, Function):
            if self._typed:
                raise FeelError("a function cannot be stored; store what it gives")
            return to_text(value)
        raise FeelError(f"{type(value).__qualname__} is no FEEL value; use feel.from_python first")

    def _range(self, value: Range, depth: int) -> object:
        tree: dict[str, object] = {
            "start": self.tree(value.start, depth + 1),
            "end": self.tree(value.end, depth + 1),
            "startIncluded": value.start_included,
            "endIncluded": value.end_included,
        }
        return tree if value.operator is None else {**tree, "operator": value.operator}


# -- reading ---------------------------------------------------------------------------------------


def from_json(obj: object) -> Value:
    """Give the value that a JSON tree stands for, with tags such as `{"@date": "2024-02-29"}` anywhere in it.

    Raises:
        FeelError: a tag is unknown or its content malformed, or something is no JSON.
    """
    return _read(obj, 0)


def _read(obj: object, depth: int) -> Value:
    kind = type(obj)
    if kind is str or kind is bool or obj is None:
        return obj
    if isinstance(obj, int):
        return rounded(obj)
    if isinstance(obj, float | Decimal):
        value = obj if isinstance(obj, Decimal) else Decimal(repr(obj))
        if not value.is_finite():
            raise FeelError(f"{obj} is no number of JSON")
        if not in_bounds(value):
            raise FeelError(f"the number {obj:.5e} is beyond what FEEL's numbers hold")
        return value
    if depth > _DEEPEST:
        raise FeelError(f"the JSON is nested more than {_DEEPEST} deep")
    if isinstance(obj, dict):
        if len(obj) == 1:
            key = next(iter(obj))
            if isinstance(key, str) and key.startswith("@"):
                return _read_tag(key, obj[key], depth)
        return {_key(key): _read(value, depth + 1) for key, value in obj.items()}
    if isinstance(obj, list):
        return [_read(item, depth + 1) for item in obj]
    raise FeelError(f"{type(obj).__qualname__} is not JSON")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise FeelError(f"the key {key!r} is no text")
    return key


def _read_tag(tag: str, content: object, depth: int) -> Value:
    if tag == "@context" and isinstance(content, dict):
        return {_key(key): _read(value, depth + 1) for key, value in content.items()}
    if tag == "@range" and isinstance(content, dict):
        return _read_range(content, depth)
    reader = _READERS.get(tag)
    if reader is None or not isinstance(content, str):
        known = ", ".join(sorted([*_READERS, "@context", "@range"]))
        raise FeelError(
            f"{{{tag!r}: {str(content)[:60]!r}}} is malformed; the tags are {known}, "
            "and each but the last two "
            'holds a text. A context whose only key begins with "@" is written as {"@context": {...}}'
        )
    try:
        return reader(content)
    except (NoValue, ArithmeticError, ValueError) as problem:
        raise FeelError(f"{{{tag!r}: {content[:60]!r}}} is malformed: {problem}") from None


def _read_range(content: dict[object, object], depth: int) -> Range:
    start, end = _read(content.get("start"), depth + 1), _read(content.get("end"), depth + 1)
    start_included, end_included = content.get("startIncluded"), content.get("endIncluded")
    operator = content.get("operator")
    if not (isinstance(start_included, bool) and isinstance(end_included, bool)):
        raise FeelError(f"the range {str(content)[:60]} is malformed: it needs startIncluded and endIncluded")
    if operator not in (None, "<", "<=", ">", ">=", "=", "!="):
        raise FeelError(f"the range {str(content)[:60]} is malformed: {operator!r} is no comparison")
    return Range(start, end, start_included, end_included, operator)


def _read_number(text: str) -> int | Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise NoValue("it is no number")
    if not in_bounds(value):
        raise NoValue("it is beyond what FEEL's numbers hold")
    return rounded(int(text)) if text.lstrip("-").isdigit() and len(text) < 400 else value


_READERS: dict[str, Callable[[str], Value]] = {
    "@date": temporal_text.parse_date,
    "@time": temporal_text.parse_time,
    "@dateTime": temporal_text.parse_datetime,
    "@duration": temporal_text.parse_duration,
    "@number": _read_number,
}

# -- the storage codec -----------------------------------------------------------------------------

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def dumps(value: Value) -> bytes:
    """Write a value for storage: JSON that `loads` reads back without loss.

    Raises:
        FeelError: the value holds a function, half of a surrogate pair, or is nested too deeply.
    """
    try:
        if _is_plain(value):
            return _ENCODER.encode(value)
        return _ENCODER.encode(_Writer(typed=True, as_text=False, exact=True).tree(value, 0))
    except (ValueError, TypeError, RecursionError) as problem:
        raise FeelError(f"the value cannot be stored: {problem}") from problem


def unstorable(value: Value) -> str | None:
    """Say why a value cannot be stored, with the place in it such as `.steps[2]`; None if it can be.

    Functions cannot, since they hold on to where they were made; neither can what has no end to speak of, nor
    a text with a NUL character, which not every database holds.
    """
    if type(value) in _SIMPLE:
        return _no_text("") if type(value) is str and "\0" in value else None
    waiting: list[tuple[Value, str, int]] = [(value, "", 0)]
    left = _MOST_ITEMS
    while waiting:
        inner, place, depth = waiting.pop()
        if type(inner) is str:
            return _no_text(place)
        if type(inner) is Function:
            return f"a function cannot be stored{_in_place(place)}; call it, and keep what it gives"
        if type(inner) is not list and type(inner) is not dict:
            continue
        left -= len(inner)
        if depth >= _KEPT:
            return f"it is nested more than {_KEPT} deep"
        if left < 0:
            return f"it has more than {_MOST_ITEMS} items"
        entries = inner.items() if type(inner) is dict else enumerate(inner, 1)
        waiting += [
            (entry, f"{place}.{key}" if type(key) is str else f"{place}[{key}]", depth + 1)
            for key, entry in entries
            if type(entry) not in _SIMPLE or (type(entry) is str and "\0" in entry)
        ]
    return None


def _no_text(place: str) -> str:
    return f"a text with a NUL character (\\u0000) cannot be stored{_in_place(place)}"


def _in_place(place: str) -> str:
    """Give the words for a place within a value, shortened where it is long."""
    if not place:
        return ""
    return f", and it holds one at {place if len(place) <= _PLACE else place[: _PLACE - 3] + '...'}"


_PLAIN = frozenset((str, bool, type(None)))


def _is_plain(value: Value) -> bool:
    """Tell whether it is a context or a list of simple values, as most are, which JSON holds as it is."""
    if type(value) is list:
        # Most lists hold texts only, or numbers only.
        kinds = set(map(type, value))
        return kinds <= _PLAIN or (kinds == {int} and min(value) > -BOUND and max(value) < BOUND)
    if type(value) is not dict or (len(value) == 1 and next(iter(value)).startswith("@")):
        return False
    for entry in value.values():
        kind = type(entry)
        if kind is int:
            if not -BOUND < entry < BOUND:
                return False
        elif kind is not str and kind is not bool and entry is not None:
            return False
    return True


def loads(data: bytes | str) -> Value:
    """Read a value that `dumps` wrote, or any other JSON.

    Raises:
        FeelError: the data is no JSON, or a tag in it is malformed.
    """
    raw = data.encode() if isinstance(data, str) else data
    try:
        tree = _DECODER.decode(raw)
    except (msgspec.DecodeError, RecursionError, ArithmeticError) as problem:
        raise FeelError(f"the data is not JSON: {problem}") from problem
    return _read(tree, 0) if b'"@' in raw else tree
