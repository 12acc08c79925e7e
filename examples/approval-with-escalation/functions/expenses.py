"""The functions that the approval of an expense calls."""

import logging
from decimal import Decimal

from penstock import current_job, task


@task
def tell_director(employee: str, amount: Decimal) -> None:
    """Tell the director of an expense that nobody has decided on; it goes to the server's log."""
    logging.warning("To the director: %s has waited two days for a decision on %.2f.", employee, amount)


@task
def book_expense(employee: str, amount: Decimal, purpose: str) -> dict[str, str]:
    """Book an approved expense, and give the number of its booking.

    The number comes from the job, so that a second try books the same one again and not another.
    """
    return {"booking": current_job().idempotency_key, "bookingText": f"{employee}, {purpose}: {amount:.2f}"}
