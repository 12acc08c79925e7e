"""A task function is plain Python, so it is tested without a server."""

from decimal import Decimal

from functions.math import add


def test_two_numbers_are_added() -> None:
    assert add(Decimal(5), Decimal(7)) == 12


def test_decimals_are_added_exactly() -> None:
    assert add(Decimal("0.1"), Decimal("0.2")) == Decimal("0.3")
