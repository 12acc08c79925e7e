"""What msgspec finds wrong with a request, said so that whoever sent it can put it right."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec

_PLACE: Final = re.compile(r" - at `(?:key in )?\$\.?(.*)`$")
_GOT: Final = re.compile(r"^Expected `(.*)`, got `(.*)`$")
_BOUND: Final = re.compile(r"^Expected `(.*?)` (.*)$")
_NAMED: Final = re.compile(r"^Object (missing required|contains unknown) field `(.*)`$")
_CHOICE: Final = re.compile(r"^Invalid enum value (.*)$")

_TYPES: Final = {
    "int": "an integer",
    "float": "a number",
    "decimal": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "an array",
    "object": "an object",
    "null": "null",
}


def said(error: msgspec.ValidationError, type_: Any) -> str:
    """Give what is wrong with what should have become a `type_`: the place, and what is expected there."""
    text = str(error)
    place = _PLACE.search(text)
    at = place[1] if place is not None else ""
    problem = _problem(_PLACE.sub("", text), at, type_)
    return f"at `{at}`, {problem}" if at else problem


def _problem(text: str, at: str, type_: Any) -> str:
    if match := _GOT.match(text):
        return f"expected {_in_json(match[1])}, not {_in_json(match[2])}"
    if match := _BOUND.match(text):
        return f"expected {_in_json(match[1])} {match[2]}"
    if match := _NAMED.match(text):
        if match[1] == "missing required":
            return f"`{match[2]}` is missing"
        return f"there is no `{match[2]}`{_hint(match[2], type_ if not at else None)}"
    if match := _CHOICE.match(text):
        return f"{match[1]} is none of {_choices(at, type_)}"
    return text[:1].lower() + text[1:]


def _in_json(types: str) -> str:
    return " or ".join(_TYPES.get(name, name) for name in types.split(" | "))


def _hint(name: str, type_: Any) -> str:
    known = [field.encode_name for field in msgspec.structs.fields(type_)] if _is_struct(type_) else []
    close = get_close_matches(name, known, 1)
    if close:
        return f" (did you mean `{close[0]}`?)"
    return f" (there {'is' if len(known) == 1 else 'are'} {', '.join(known)})" if known else ""


def _choices(at: str, type_: Any) -> str:
    """Give the values that the field at the place may have, as far as the place is a field of the type."""
    name = re.sub(r"\[.*", "", at)
    if _is_struct(type_):
        hints = get_type_hints(type_)
        for field in msgspec.structs.fields(type_):
            if field.encode_name == name:
                return ", ".join(repr(value) for value in _literals(hints[field.name]))
    return "the values that are allowed"


def _literals(hint: Any) -> list[str]:
    if get_origin(hint) is Literal:
        return [str(value) for value in get_args(hint)]
    return [value for part in get_args(hint) for value in _literals(part)]


def _is_struct(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, msgspec.Struct)
