"""The project's functions as element templates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from penstock.api.app import create_app
from penstock.api.settings import ApiSettings
from penstock.runtime.runtime import Options, Runtime

CHARGE = '''
from penstock import task


@task
def charge_card(amount: int, currency: str = "EUR", *, note: str | None = None) -> dict:
    """Charge a card.

    Args:
        amount: In cents, more than nothing.
    """
    return {}
'''


@pytest.fixture
def templates(database: Path, tmp_path: Path) -> Iterator[Any]:
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "cards.py").write_text(CHARGE)
    runtime = Runtime(Options(f"sqlite:///{database}", functions=tmp_path / "functions", threads=True))
    runtime.start()
    with TestClient(create_app(runtime, ApiSettings(access_log=False))) as client:
        yield client.get("/api/v1/element-templates").json()
    runtime.stop()


def test_a_function_is_a_service_task_of_its_type(templates: Any) -> None:
    (template,) = templates
    assert (template["name"], template["description"]) == ("Charge card", "Charge a card.")
    assert template["properties"][0]["binding"] == {"type": "zeebe:taskDefinition", "property": "type"}
    assert template["properties"][0]["value"] == "charge_card"


def test_a_parameter_is_a_field_with_its_type_help_and_default(templates: Any) -> None:
    fields = {it["label"]: it for it in templates[0]["properties"] if it.get("group") == "parameters"}
    assert fields["amount"]["description"] == "In cents, more than nothing, int"
    assert fields["amount"]["constraints"] == {"notEmpty": True}
    assert fields["currency"]["description"] == "str, EUR if it is empty"
    assert fields["currency"]["optional"] is True
    assert "nothing if it is empty" in fields["note"]["description"]
    assert fields["note"]["binding"] == {"type": "zeebe:input", "name": "note"}
