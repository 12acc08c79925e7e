"""Ids: UUIDs of version 7, which sort by their time, so that new rows go to the end of every index."""

from __future__ import annotations

import os
import uuid
from typing import Final

_PROCESSES: Final = uuid.UUID("5f0c8a52-6f0e-5b4b-9d5a-3f1c9b1f6a10")


def new_id(now: int) -> str:
    """Give a new id for something that begins at `now` (epoch milliseconds); see RFC 9562, section 5.7."""
    random = int.from_bytes(os.urandom(10), "big")
    high, low = random >> 64 & 0xFFF, random & (1 << 62) - 1
    text = f"{(now & (1 << 48) - 1) << 80 | 7 << 76 | high << 64 | 2 << 62 | low:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def process_uid(process_id: str) -> str:
    """Give the uid of a process: the same in every database, so that it outlives them."""
    return str(uuid.uuid5(_PROCESSES, process_id))
