"""The functions of strings (DMN 1.5, 10.3.4.3), over code points and with XPath's patterns."""

from __future__ import annotations

import base64
from uuid import UUID

from penstock.feel import regex
from penstock.feel.builtins.numbers import chance
from penstock.feel.builtins.signatures import whole
from penstock.feel.environment import Env
from penstock.feel.errors import NoValue
from penstock.feel.values import Value, a_type


def substring(string: str, start: Value, length: Value = None) -> str:
    """substring(string, start position, length?): positions from 1, or from the end where negative."""
    first = whole(start, "start position")
    if first == 0:
        raise NoValue("positions start at 1", "argument")
    first = first - 1 if first > 0 else max(0, len(string) + first)
    if length is None:
        return string[first:]
    size = whole(length, "length")
    if size < 1:
        raise NoValue(f"the length {size} is less than 1", "argument")
    return string[first : first + size]


def string_length(string: str) -> int:
    """string length(string)"""
    return len(string)


def upper_case(string: str) -> str:
    """upper case(string)"""
    return string.upper()


def lower_case(string: str) -> str:
    """lower case(string)"""
    return string.lower()


def substring_before(string: str, match: str) -> str:
    """substring before(string, match): "" where there is no match."""
    return string.partition(match)[0] if match and match in string else ""


def substring_after(string: str, match: str) -> str:
    """substring after(string, match): "" where there is no match."""
    return string.partition(match)[2] if match else string


def contains(string: str, match: str) -> bool:
    """contains(string, match)"""
    return match in string


def starts_with(string: str, match: str) -> bool:
    """starts with(string, match)"""
    return string.startswith(match)


def ends_with(string: str, match: str) -> bool:
    """ends with(string, match)"""
    return string.endswith(match)


# -- patterns --------------------------------------------------------------------------------------


def matches(env: Env, string: str, pattern: str, flags: str | None = None) -> bool:
    """matches(input, pattern, flags?): whether the pattern occurs anywhere."""
    return regex.pattern(pattern, flags or "").search(string, 0, env.meter.tick) is not None


def replace(env: Env, string: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """replace(input, pattern, replacement, flags?): `$1` stands for what a group matched (XPath,
    fn:replace).
    """
    compiled = regex.pattern(pattern, flags or "")
    parts: list[str] = []
    position = 0
    for match in compiled.all(string, env.meter.tick):
        filled = replacement if "q" in (flags or "") else regex.fill(replacement, match)
        env.meter.hold(match.start - position + len(filled))
        parts += (string[position : match.start], filled)
        position = match.end
    return "".join([*parts, string[position:]])


def split(env: Env, string: str, delimiter: str) -> list[str]:
    """split(string, delimiter): at each match of a pattern."""
    parts: list[str] = []
    position = 0
    for match in regex.pattern(delimiter, "").all(string, env.meter.tick):
        parts.append(string[position : match.start])
        position = match.end
    return [*parts, string[position:]]


def extract(env: Env, string: str, pattern: str) -> list[str]:
    """extract(string, pattern): all matches. Camunda's."""
    return [
        string[match.start : match.end] for match in regex.pattern(pattern, "").all(string, env.meter.tick)
    ]


# -- joining, and Camunda's ------------------------------------------------------------------------


def join(
    env: Env,
    items: list[Value],
    delimiter: str | None = None,
    prefix: str | None = None,
    suffix: str | None = None,
) -> str:
    """string join(list, delimiter?): null items are left out. With a prefix and suffix, Camunda's."""
    for item in items:
        if item is not None and not isinstance(item, str):
            raise NoValue(f"the list must hold strings, not {a_type(item)}", "argument")
    texts = [item for item in items if item is not None]
    env.meter.tick(len(items))
    env.meter.hold(sum(map(len, texts)) + len(delimiter or "") * len(texts))
    return (prefix or "") + (delimiter or "").join(texts) + (suffix or "")


def trim(string: str) -> str:
    """trim(string): without white space at its ends. Camunda's."""
    return string.strip()


def is_blank(string: str) -> bool:
    """is blank(string): nothing but white space. Camunda's."""
    return not string.strip()


def to_base64(value: str) -> str:
    """to base64(value): of its UTF-8. Camunda's."""
    return base64.b64encode(value.encode("utf-8", "replace")).decode()


def from_base64(value: str) -> str:
    """from base64(value). Camunda's."""
    try:
        return base64.b64decode(value, validate=True).decode()
    except ValueError:
        raise NoValue(f"{value[:60]!r} is no text in base64", "argument") from None


def uuid(env: Env) -> str:
    """uuid(): a random one, of version 4. Camunda's."""
    return str(UUID(int=chance(env).getrandbits(128), version=4))
