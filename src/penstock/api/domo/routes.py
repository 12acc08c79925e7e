"""The App API: the calls that an app of Domo makes, under `/domo/workflow/v1`."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
import sqlalchemy as sa

from penstock.api.domo.aliases import Target, aliases_of
from penstock.api.domo.parameters import ParameterError
from penstock.api.domo.resolve import find_start, find_version
from penstock.api.domo.translate import (
    everything_for,
    instance_of,
    metrics_of,
    model_of,
    query_moment,
    statuses,
)
from penstock.api.domo.wire import Instance, Metrics, Model
from penstock.api.errors import bad_request, not_found
from penstock.api.http import Call, Reply, Route
from penstock.api.queries import NoQuery
from penstock.kernel.commands import StartInstance
from penstock.runtime.requests import Idempotency, Request
from penstock.store import counters, instances
from penstock.store.instances import Conditions
from penstock.store.rows import Counts, InstanceRow, Status

TAG: Final = "App API"
BASE: Final = "/domo/workflow/v1/models"

PAGE: Final = 100
"""How many instances `/overall` shows when it is not told."""
MAX_PAGE: Final = 1000
"""How many it shows at most, whatever it is told."""


class OverallQuery(msgspec.Struct, frozen=True):
    """Which instances `/overall` counts, and which of them it shows."""

    limit: Annotated[
        int,
        msgspec.Meta(
            ge=0, description=f"How many instances to show, at most {MAX_PAGE}; 0 for the counts alone."
        ),
    ] = PAGE
    offset: Annotated[
        int, msgspec.Meta(ge=0, le=2**53, description="How many instances to pass over, from the newest.")
    ] = 0
    after: Annotated[
        str | None,
        msgspec.Meta(
            description="Count and show what started then or later: epoch milliseconds or ISO 8601."
        ),
    ] = None
    until: Annotated[
        str | None,
        msgspec.Meta(description="Count and show what started before: epoch milliseconds or ISO 8601."),
    ] = None
    status: Annotated[
        list[str],
        msgspec.Meta(
            description="Show only IN_PROGRESS, COMPLETED, CANCELED or FAILED; repeated or with commas."
        ),
    ] = []


class ModelsQuery(msgspec.Struct, frozen=True):
    """What the list of models shows."""

    parts: Annotated[
        str | None, msgspec.Meta(description="`users` for what the user may do with each model.")
    ] = None


def routes() -> tuple[Route, ...]:
    """Give the routes of the surface."""
    return (
        Route(
            method="POST",
            path=f"{BASE}/{{alias}}/start",
            handler=start,
            summary="Start an instance of the workflow that the alias names.",
            tag=TAG,
            body=dict[str, Any],
            replies={200: Instance},
            errors=(401, 404, 409, 413, 415, 429, 503),
            idempotent=True,
            example={"firstNumber": 5, "secondNumber": 7},
        ),
        Route(
            method="GET",
            path=f"{BASE}/{{alias}}/overall",
            handler=overall,
            summary="Count the instances of the workflow, and show the newest.",
            tag=TAG,
            query=OverallQuery,
            replies={200: Metrics},
            errors=(401, 404),
        ),
        Route(
            method="GET",
            path=f"{BASE}/{{alias}}/instance/{{instanceId}}",
            handler=get_instance,
            summary="Show an instance of the workflow.",
            tag=TAG,
            replies={200: Instance},
            errors=(401, 404),
        ),
        Route(
            method="GET",
            path=BASE,
            handler=get_models,
            summary="List the workflows.",
            tag=TAG,
            query=ModelsQuery,
            replies={200: list[Model]},
            errors=(401,),
        ),
    )


async def _target(call: Call[Any, Any]) -> Target:
    aliases = await aliases_of(call.runtime)
    return aliases.find(call.path["alias"], call.runtime.definitions.processes())


async def start(call: Call[NoQuery, dict[str, Any]]) -> Reply:
    """Start an instance; the status is the one at the commit that made it durable.

    Raises:
        ApiError: 404, the alias, version or start event is unknown; 400, a parameter is wrong.
    """
    target = await _target(call)
    try:
        variables = target.read(call.body)
    except ParameterError as error:
        raise bad_request(f"Nothing was started. {error}") from None
    definitions = call.runtime.definitions
    versions = definitions.versions(target.process.process_id)
    version = find_version(target.process, target.version, versions)
    definition = definitions.by_key(version.key)
    assert definition is not None, "a version that is listed is there"
    key = call.idempotency_key
    row = await call.runtime.send(
        Request(
            call.runtime.new_instance_id(),
            StartInstance(find_start(definition.compiled, target.start_name), variables),
            call.actor,
            definition,
            None if key is None else Idempotency(key, call.digest()),
        )
    )
    return _shown(call, row)


def _shown(call: Call[Any, Any], row: InstanceRow) -> Reply:
    """Give an instance with the names of its own process and version.

    Those of a repeated start may be others than its alias stands for by now.
    """
    definitions = call.runtime.definitions
    process = definitions.process(row.process_id)
    assert process is not None, "the process of an instance is never removed"
    version = find_version(process, row.version, definitions.versions(row.process_id))
    return Reply(instance_of(row, process, version))


async def get_instance(call: Call[NoQuery, None]) -> Reply:
    """Show an instance, of whatever version of the model.

    Raises:
        ApiError: 404, there is no such instance of the model.
    """
    target = await _target(call)
    instance_id = call.path["instanceId"]
    row = await call.runtime.read(instances.find, instance_id)
    if row is None or row.process_id != target.process.process_id:
        raise not_found(f"The workflow '{call.path['alias']}' has no instance '{instance_id}'.")
    return _shown(call, row)


async def overall(call: Call[OverallQuery, None]) -> Reply:
    """Count the instances in a window of time, and show a page of them.

    Where the manifest pins a version, it alone is counted; else all versions are, and the reply names the
    newest active one.

    Raises:
        ApiError: 404, the alias or its version is unknown; 400, a query parameter is wrong.
    """
    target = await _target(call)
    process, query = target.process, call.query
    status = statuses(query.status)
    window = (query_moment(query.after, "after"), query_moment(query.until, "until"))
    current = find_version(process, target.version, call.runtime.definitions.versions(process.process_id))
    counts, page = await call.runtime.read(
        _counts_and_page,
        process.process_id,
        target.version,
        window,
        status,
        query.offset,
        min(query.limit, MAX_PAGE),
    )
    return Reply(metrics_of(process, current.version, counts, page, call.runtime.clock.now()))


def _counts_and_page(
    connection: sa.Connection,
    process_id: str,
    version: str | None,
    window: tuple[int | None, int | None],
    status: list[Status] | None,
    offset: int,
    limit: int,
) -> tuple[Counts, list[InstanceRow]]:
    since, until = window
    counts = counters.totals(connection, process_id, version, started_from=since, started_until=until)
    wanted = Conditions(
        process_id=process_id, version=version, status=status, started_from=since, started_until=until
    )
    page = instances.search(connection, wanted, offset=offset, limit=limit)
    return counts, page


async def get_models(call: Call[ModelsQuery, None]) -> Reply:
    """List the models.

    Raises:
        ApiError: 400, another part than `users` is asked for.
    """
    parts = call.query.parts
    if parts not in (None, "users"):
        raise bad_request(f"`parts` is wrong: there is no part '{parts}', only 'users'.")
    permissions = None if parts is None else everything_for(call.actor)
    definitions = call.runtime.definitions
    return Reply(
        [
            model_of(process, next(reversed(definitions.versions(process.process_id)), None), permissions)
            for process in definitions.processes()
        ]
    )
