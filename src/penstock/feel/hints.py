"""The name that somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable

_MOST = 500
"""Names looked at: a warning must stay cheap however many variables there are."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Give a hint at the known name that is most like this one, or an empty text."""
    # Only a warning needs it, and it is slow to import.
    from difflib import get_close_matches
    from itertools import islice

    names = [key for key in islice(known, _MOST) if isinstance(key, str) and abs(len(key) - len(name)) < 4]
    close = get_close_matches(name, names, 1, 0.7) if len(name) < 60 else []
    return f" (did you mean {close[0]!r}?)" if close else ""
