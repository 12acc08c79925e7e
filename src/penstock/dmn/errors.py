"""What is raised for a decision that cannot be made at all; what merely has no value is null (DMN 1.5,
10.3.1.1).
"""

from __future__ import annotations


class DmnError(ValueError):
    """There is no such decision, it requires itself, or a limit is reached."""
