"""The functions that the handling of a claim calls."""

from decimal import Decimal

from penstock import task


@task
def estimate_cost(hours: Decimal, material: Decimal) -> dict[str, Decimal]:
    """Estimate the cost of a repair from what the inspection found."""
    return {"cost": hours * 80 + material}


@task
def pay_claim(claim: str, customer: str, cost: Decimal | None = None) -> dict[str, str]:
    """Pay a claim, and give the text of the transfer."""
    paid = "the agreed sum" if cost is None else f"{cost:.2f}"
    return {"transfer": f"{paid} to {customer} for {claim}"}
