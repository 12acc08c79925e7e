"""The name that somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

_MOST = 500
"""Names looked at: a warning must stay cheap however many variables there are."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Give a hint at the known name that is most like this one, or an empty text.

    Of several words the first may be the name, and the rest what should have been an operator.
    """
    # Only a warning needs it, and it is slow to import.
    from difflib import get_close_matches

    names = [key for key in islice(known, _MOST) if isinstance(key, str)]
    alike = [key for key in names if abs(len(key) - len(name)) < 4]
    close = get_close_matches(name, alike, 1, 0.7) if len(name) < 60 else []
    if close:
        return f" (did you mean {close[0]!r}?)"
    first = max((key for key in names if name.startswith(key + " ")), key=len, default=None)
    return "" if first is None else f" (is an operator missing behind {first!r}?)"
