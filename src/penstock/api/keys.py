"""The ids of jobs, user tasks and incidents outside: the instance's id and the key within it, with a dot."""

from __future__ import annotations

from typing import Final

from penstock.api.errors import ApiError, not_found

MAX_DIGITS: Final = 15


def join_key(instance_id: str, key: int) -> str:
    """Give the id of something in an instance."""
    return f"{instance_id}.{key}"


def split_key(text: str, noun: str) -> tuple[str, int]:
    """Give the instance's id and the key in it.

    Args:
        noun: what it should be the id of, for the message.

    Raises:
        ApiError: 404, nothing can have such an id.
    """
    instance_id, dot, key = text.rpartition(".")
    if not (dot and instance_id and key.isascii() and key.isdigit() and len(key) <= MAX_DIGITS):
        raise no_such(text, noun)
    return instance_id, int(key)


def no_such(text: str, noun: str) -> ApiError:
    """Give the error for an id that nothing has."""
    return not_found(f"There is no {noun} '{text}'.")
