"""A claim of each sort: who looks at it, and what is paid."""

import pytest

from penstock.testing.project import ProjectUnderTest


@pytest.mark.parametrize(
    ("amount", "destination", "path", "paid"),
    [
        (80, "home", "automatic", 80),
        (250, "Lisbon", "automatic", 250),
        (250, "home", "accounting", 0),
        (2500, "Lisbon", "director", 0),
    ],
)
def test_a_claim_goes_the_way_that_the_table_says(
    penstock_project: ProjectUnderTest, amount: int, destination: str, path: str, paid: int
) -> None:
    run = penstock_project.run("TravelClaim")

    run.start(amount=amount, destination=destination)

    assert run.variables["assessment"] == {"path": path, "paid": paid}
    assert run.waiting == (() if path == "automatic" else ("user task Review",))
