"""Query strings: decoded to the struct that a route takes, with every bad value refused by its name."""

from __future__ import annotations

from typing import Any, Final, get_origin, get_type_hints
from urllib.parse import parse_qsl

import msgspec

from penstock.api.errors import bad_request
from penstock.api.wording import said

MAX_PARAMETERS: Final = 200


class Query(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The base of what queries decode to: an unknown parameter is refused, so that no slip goes unseen."""


class NoQuery(Query, frozen=True):
    """The query of a route that takes none."""


def list_parameters(query: type[msgspec.Struct]) -> frozenset[str]:
    """Give the names of the parameters that may be repeated: those whose type is a list."""
    hints = get_type_hints(query)
    fields = msgspec.structs.fields(query)
    return frozenset(field.encode_name for field in fields if get_origin(hints[field.name]) is list)


def decode_query(raw: bytes, query: type[msgspec.Struct], lists: frozenset[str]) -> Any:
    """Decode a query string.

    Args:
        raw: as it came, percent-encoded.
        query: the struct that its parameters make; one that forbids unknown fields refuses unknown ones.
        lists: the parameters that may be repeated.

    Raises:
        ApiError: 400, a parameter is wrong, unknown or given twice.
    """
    if not raw:
        return _converted({}, query)
    if b"%00" in raw:
        raise bad_request("The query has a NUL character (%00), which no text may hold: leave it out.")
    values: dict[str, Any] = {}
    for name, value in _pairs(raw):
        if name in lists:
            values.setdefault(name, []).append(value)
        elif name in values:
            raise bad_request(f"The query parameter `{name}` is given twice.")
        else:
            values[name] = value
    return _converted(values, query)


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS
        )
    except ValueError as error:
        raise bad_request(f"The query string cannot be read: {error}.") from error


def _converted(values: dict[str, Any], query: type[msgspec.Struct]) -> Any:
    try:
        converted = msgspec.convert(values, query, strict=False)
    except msgspec.ValidationError as error:
        raise bad_request(f"The query is wrong: {said(error, query)}.") from error
    # msgspec takes the text "null" for null where a parameter may be left out.
    for field in msgspec.structs.fields(query) if "null" in map(_lower, values.values()) else ():
        if field.encode_name in values and getattr(converted, field.name) is None:
            raise bad_request(f"The query is wrong: `{field.encode_name}` cannot be null; leave it out.")
    return converted


def _lower(value: str | list[str]) -> str | None:
    return value.lower() if isinstance(value, str) else None
