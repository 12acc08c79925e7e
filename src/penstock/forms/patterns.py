"""Patterns: JavaScript's as FEEL reads them.

Python's own `re` could take exponential time for a pattern that a model brings; FEEL's runs in bounded steps.
"""

from __future__ import annotations

import re
from typing import Final

from penstock import feel

_MATCHES: Final = feel.compile("matches(value, pattern)")
_EMAIL: Final = (
    r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\-]+@[a-zA-Z0-9]([a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?"
    r"(\.[a-zA-Z0-9]([a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?)*$"
)
_PHONE: Final = r"(\+|00)[1-9][0-9]{5,24}$"
"""An international number: a country's code and what follows it."""
KINDS: Final = {"email": _EMAIL, "phone": _PHONE}

_PLAIN_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_NEEDLESS: Final = frozenset("/\"'`#%&,:;<=>@!~_ ")
"""What JavaScript lets one escape and XPath does not."""


def portable(pattern: str) -> str:
    """Give a pattern of JavaScript without the escapes that XPath does not know."""
    return _PLAIN_ESCAPE.sub(lambda found: found[1] if found[1] in _NEEDLESS else found[0], pattern)


def usable(pattern: str) -> bool:
    """Whether FEEL can read the pattern."""
    return _MATCHES.evaluate({"value": "", "pattern": pattern}) is not None


def matches(value: str, pattern: str) -> bool:
    """Whether the pattern is found in the text; one that takes too many steps is not."""
    try:
        return _MATCHES.evaluate({"value": value, "pattern": pattern}) is True
    except feel.FeelLimitError:
        return False
