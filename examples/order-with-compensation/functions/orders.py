"""The functions that the fulfilment of an order calls; what undoes a step sees the variables of then."""

import logging

from penstock import BpmnError, current_job, task

REACHED = ("AT", "CH", "DE")
"""The countries that the carrier delivers to."""


@task
def reserve_goods(item: str, amount: int) -> dict[str, str]:
    """Reserve the goods, and give the number of the reservation."""
    return {"reservation": f"{amount} x {item}"}


@task
def release_goods(reservation: str) -> dict[str, str]:
    """Undo a reservation."""
    return {"released": reservation}


@task
def charge_card(order: str) -> dict[str, str]:
    """Charge the card, under a key that is the same for every try, and give the number of the payment."""
    return {"payment": f"{order}/{current_job().key}"}


@task
def refund_card(payment: str) -> dict[str, str]:
    """Undo a payment."""
    return {"refunded": payment}


@task
def ship_goods(order: str, country: str) -> dict[str, str]:
    """Hand the goods to the carrier, and give the number of the parcel.

    Raises:
        BpmnError: the carrier does not deliver there, which the model provides for.
    """
    if country not in REACHED:
        raise BpmnError("UNREACHABLE", f"nobody delivers to {country}")
    return {"parcel": f"{country}-{order}"}


@task
def apologize(order: str) -> None:
    """Write to the customer; it goes to the server's log."""
    logging.warning("To the customer: your order %s cannot be delivered, you have your money back.", order)
