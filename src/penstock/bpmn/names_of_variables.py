"""Names of variables, as FEEL reads them."""

from __future__ import annotations

import re
from typing import Final

_PATH: Final = re.compile(r"([^\W\d]\w*)(?:\.[^\W\d]\w*)*")


def leading_name(text: str) -> str | None:
    """Give the variable that an expression reads when it is a name or a path, None for any other."""
    match = _PATH.fullmatch(text.strip())
    return None if match is None else match[1]
