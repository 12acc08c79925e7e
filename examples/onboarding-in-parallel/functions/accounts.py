"""The functions that the onboarding of a colleague calls."""

from penstock import task


@task
def create_account(name: str) -> dict[str, str]:
    """Create the account of a colleague, and give its address."""
    return {"address": ".".join(name.lower().split()) + "@example.com"}
