"""The fulfilment of an order: what goes well, and what is undone."""

from penstock.testing import InstanceState
from penstock.testing.project import ProjectUnderTest


def test_an_order_is_shipped_and_nothing_is_undone(penstock_project: ProjectUnderTest) -> None:
    run = penstock_project.run("FulfilOrder")

    run.start(order="o-1", item="chair", amount=4, country="DE")

    assert run.state is InstanceState.COMPLETED
    assert run.variables["parcel"] == "DE-o-1"
    assert "released" not in run.variables


def test_what_was_done_is_undone_the_last_first_where_nobody_delivers(
    penstock_project: ProjectUnderTest,
) -> None:
    run = penstock_project.run("FulfilOrder")

    run.start(order="o-1", item="chair", amount=4, country="NZ")

    assert run.state is InstanceState.COMPLETED
    assert run.variables["refunded"] == run.variables["payment"]
    assert run.variables["released"] == "4 x chair"
    done = [line for line in run.transcript() if line.startswith("complete ")]
    assert done.index("complete Refund") < done.index("complete Release") < done.index("complete Apologize")


def test_goods_that_were_not_charged_are_not_paid_back(penstock_project: ProjectUnderTest) -> None:
    run = penstock_project.run("FulfilOrder", by_hand=["charge_card"])
    run.start(order="o-1", item="chair", amount=4, country="NZ")

    run.cancel()

    assert "refunded" not in run.variables
