"""Lists in pages: the cursor says where the next page begins, and the client does not look inside."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec

from penstock.api.errors import bad_request

T = TypeVar("T")
K = TypeVar("K")
R = TypeVar("R")

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1_000

Limit = Annotated[
    int, msgspec.Meta(ge=1, le=MAX_LIMIT, description=f"At most so many items, {DEFAULT_LIMIT} by default.")
]
Cursor = Annotated[str, msgspec.Meta(description="The `cursor` of the page before.")]
Moment = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list."""

    items: list[T]
    cursor: str | None
    """Where the next page begins; null on the last one."""


def page(rows: Sequence[R], limit: int, show: Callable[[R], T], position: Callable[[R], Any]) -> Page[T]:
    """Give a page of the rows, of which there is one more than `limit` when another page follows.

    Args:
        show: gives an item from its row.
        position: gives what the cursor keeps of the last row.
    """
    shown = rows[:limit]
    more = len(rows) > limit
    return Page([show(row) for row in shown], write_cursor(position(shown[-1])) if more else None)


def write_cursor(position: Any) -> str:
    """Give the cursor for a position in a list."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def read_cursor(cursor: str | None, type_: type[K] | Any) -> K | None:
    """Give the position that a cursor keeps, None for the first page.

    Args:
        type_: what `write_cursor` was given.

    Raises:
        ApiError: 400, the cursor is none of this list.
    """
    if cursor is None:
        return None
    try:
        data = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        position: K = msgspec.json.decode(data, type=type_)
    except (ValueError, binascii.Error, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise bad_request(
            f"`cursor` is wrong: '{cursor}' is not from the page before of this list."
        ) from error
    return position
