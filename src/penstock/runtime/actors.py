"""Who acts: users by their ids, and the server itself under names that no user has."""

from __future__ import annotations

from typing import Final

SYSTEM: Final = "system"
"""The server, going on with what an instance left planned."""
TIMER: Final = "timer"
"""The server, when a timer is due."""
MESSAGE: Final = "message"
"""The server, when a message that waited has found its receiver."""
_FUNCTION: Final = "function:"


def function(name: str) -> str:
    """Give the actor of what a Python function did."""
    return f"{_FUNCTION}{name}"


def is_user(actor: str) -> bool:
    """Whether it is a user, and not the server itself."""
    return actor not in (SYSTEM, TIMER, MESSAGE) and not actor.startswith(_FUNCTION)
