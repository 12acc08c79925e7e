"""What someone else must now do: the outside of a command's outcome, carried out after the commit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContinueLater:
    """Send `Continue` to this instance: it did as many steps as one transaction may."""


Effect = ContinueLater
