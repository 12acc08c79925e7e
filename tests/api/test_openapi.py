"""The documentation tells just what is served, and what is served does what the documentation tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette import routing

from penstock.api import openapi, system
from penstock.api.app import create_app
from penstock.api.domo.routes import routes as domo_routes
from penstock.api.http import Route
from penstock.api.queries import NoQuery
from penstock.api.rest.routes import CLOCK, ROUTES
from penstock.api.settings import ApiSettings
from tests.api.conftest import Server, serve
from tests.api.models import JOB, USER_TASK, process

SURFACES = (*domo_routes(), *ROUTES, *CLOCK)
EVERY: tuple[Route, ...] = (*SURFACES, *system.routes(SURFACES))


def test_every_route_that_is_served_is_documented(empty: Server) -> None:
    document = empty.client.get("/openapi.json").json()
    shell: Any = create_app(empty.runtime, ApiSettings())
    served = {
        (route.path, method)
        for route in shell.app.routes
        if isinstance(route, routing.Route)
        for method in getattr(route.endpoint, "operations", {})
        if method != "HEAD"
    }
    documented = {
        (path, method.upper()) for path, operations in document["paths"].items() for method in operations
    }
    assert served == documented
    assert len(served) == len(EVERY)


def test_no_two_operations_have_one_name() -> None:
    names = [openapi.operation_id(route) for route in EVERY]
    assert len(names) == len(set(names))


def test_no_name_of_a_schema_tells_of_our_modules() -> None:
    schemas = openapi.document(EVERY)["components"]["schemas"]
    assert [name for name in schemas if "." in name] == []


def test_a_field_is_described_as_in_the_source() -> None:
    schemas = openapi.document(EVERY)["components"]["schemas"]
    assert schemas["Definition"]["properties"]["id"]["description"] == "The id in the file."
    assert schemas["Page_Job_"]["properties"]["cursor"]["description"].startswith("Where the next page")


@pytest.mark.parametrize("route", EVERY, ids=openapi.operation_id)
def test_a_body_has_an_example_that_is_one(route: Route) -> None:
    if route.body is not None:
        assert route.example is not None


# -- trying all of it ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tried(fresh_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a process of each kind, for requests of every kind."""
    database = tmp_path_factory.mktemp("tried") / "penstock.db"
    database.write_bytes(fresh_database.read_bytes())
    for server in serve(database, ApiSettings(access_log=False)):
        server.deploy(process("ask", USER_TASK), process("charge", JOB))
        yield server


@pytest.fixture(scope="module")
def schema(tried: Server) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", tried.client.app)


def tries() -> Iterator[Any]:
    """Give every operation with good requests, and with bad ones where it takes anything at all."""
    for route in EVERY:
        yield pytest.param(route, GenerationMode.POSITIVE, id=f"{openapi.operation_id(route)}-good")
        if route.query is not NoQuery or route.body is not None or route.upload is not None:
            yield pytest.param(route, GenerationMode.NEGATIVE, id=f"{openapi.operation_id(route)}-bad")


@pytest.mark.parametrize(("route", "mode"), list(tries()))
def test_whatever_is_asked_is_answered_as_documented(
    route: Route, mode: GenerationMode, schema: Any, tried: Server
) -> None:
    operation = schema[route.path][route.method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=10,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        with_real_names(case, tried)
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    ask()


def with_real_names(case: Any, server: Server) -> None:
    """Let the request be about something that there is, since made-up names are only ever not found.

    And let none wait for what nobody does meanwhile.
    """
    if isinstance(case.body, dict) and isinstance(case.body.get("wait"), int | float):
        case.body["wait"] = min(case.body["wait"], 0)
    if case.path.endswith("/events") and isinstance(case.query.get("seconds", 0), int | float):
        case.query["seconds"] = 0
    if (
        not {"instance", "task", "job", "incident", "key", "alias", "instanceId", "process", "draft"}
        & case.path_parameters.keys()
    ):
        return
    server.done("/definitions/ask:1.0.0/activate")
    asked, charged = server.start("ask"), server.start("charge")
    real = {
        "instance": asked["id"],
        "instanceId": asked["id"],
        "task": server.wait_for(asked, "user_task"),
        "job": server.wait_for(charged, "job"),
        "key": "ask:1.0.0",
        "alias": "ask",
        "process": "ask",
        "draft": server.done("/drafts", {"name": "Order", "content": "<definitions/>"})["id"],
    }
    if "incident" in case.path_parameters:
        server.done(f"/jobs/{real['job']}/fail", {"message": "no", "retries": 0})
        real["incident"] = server.wait_for(charged, "incident")
    for name in case.path_parameters:
        case.path_parameters[name] = real[name]
