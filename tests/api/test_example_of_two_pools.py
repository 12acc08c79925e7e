"""The example of a buyer and a supplier, served and played to each of its ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from penstock import bpmn
from penstock.api.domo.manifest import parse_manifest
from tests.api.conftest import Server

EXAMPLE = Path(__file__).parents[2] / "examples" / "buyer-and-supplier"
MODEL = (EXAMPLE / "workflows" / "buyer-and-supplier.bpmn").read_bytes()


@pytest.fixture
def buyer(empty: Server) -> Any:
    """An instance of the buyer's process, whose order has come in at the supplier."""
    assert empty.deploy(MODEL).status_code == 200
    instance = empty.start("BuyGoods", order="o-17", item="chair", amount=4)
    empty.done("/clock", {"advance": "PT0S"})
    return instance


def ended_at(server: Server, instance: Any) -> str:
    """Give the end event at which an instance has ended."""
    history = server.get(f"/process-instances/{instance['id']}/history")["items"]
    assert history[-1]["event"] == "instance_completed"
    element: str = history[-2]["element"]
    return element


def test_nothing_is_to_be_said_against_the_model() -> None:
    reading = bpmn.read(MODEL)

    assert reading.findings == ()
    assert [process.id for process in reading.processes] == ["BuyGoods", "SellGoods"]


def test_the_manifest_names_the_parameters_of_an_order() -> None:
    [mapping] = parse_manifest((EXAMPLE / "manifest.json").read_bytes())

    assert mapping.alias == "buyGoods"
    assert [parameter.variable for parameter in mapping.parameters or ()] == ["order", "item", "amount"]


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        ({"accepted": True, "deliveryDate": "2030-05-01"}, "Coming"),
        ({"accepted": False, "reason": "sold out"}, "NoGoods"),
    ],
)
def test_the_answer_finds_the_order(empty: Server, buyer: Any, answer: dict[str, Any], end: str) -> None:
    (task,) = empty.get("/tasks")["items"]
    assert task["variables"] == {"order": "o-17", "item": "chair", "amount": 4}

    empty.done(f"/tasks/{task['id']}/complete", {"variables": answer})
    empty.done("/clock", {"advance": "PT0S"})

    assert ended_at(empty, buyer) == end


def test_an_answer_may_come_from_another_system(empty: Server, buyer: Any) -> None:
    sent = empty.done("/messages", {"name": "confirmation", "correlationKey": "o-17"})

    assert [it["element"] for it in sent["correlated"]] == ["Confirmed"]
    assert ended_at(empty, buyer) == "Coming"


def test_nobody_answers(empty: Server, buyer: Any) -> None:
    empty.done("/clock", {"advance": "P2D"})

    assert ended_at(empty, buyer) == "NoAnswer"
