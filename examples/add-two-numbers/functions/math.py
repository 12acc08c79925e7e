"""The functions that the workflows of this project call."""

from decimal import Decimal

from penstock import task


@task
def add(first: Decimal, second: Decimal) -> Decimal:
    """Add two numbers. They are decimals, so 0.1 and 0.2 make 0.3."""
    return first + second
