"""Process instances: started, found, given other variables, cancelled."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Protocol

import msgspec

from penstock.api.errors import ApiError, bad_request, not_found
from penstock.api.http import AnyCall, Call, Reply
from penstock.api.idempotency import idempotency
from penstock.api.keys import no_such
from penstock.api.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, page, read_cursor
from penstock.api.queries import Query
from penstock.api.rest import forms
from penstock.api.rest.values import Body, Shape, ValueQuery, Variables, shown_variables, taken
from penstock.api.times import iso, iso_or_none, moment
from penstock.kernel.commands import CancelInstance, Command, SetVariables, StartInstance
from penstock.runtime.definitions import Definition
from penstock.runtime.requests import Request
from penstock.store import instances
from penstock.store.instances import Conditions
from penstock.store.rows import InstanceRow, Status

State = Literal["active", "completed", "cancelled", "suspended"]
IdPrefix = Annotated[str, msgspec.Meta(pattern="^[0-9a-f-]{1,36}$")]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=300)]

_STATUSES: dict[State, tuple[Status, ...]] = {
    "active": ("active", "incident"),
    "completed": ("completed",),
    "cancelled": ("cancelled",),
    "suspended": ("suspended",),
}


class ProcessInstance(Shape, frozen=True):
    """A process instance as it stands."""

    id: str
    definition_key: str
    process_id: str
    version: str
    business_key: str | None
    state: State
    incidents: int
    """How many are open."""
    parent_id: str | None
    """The instance that called it."""
    started_at: str
    ended_at: str | None
    variables: dict[str, Any]
    """The process's own."""


class Start(Body, frozen=True):
    """What to start, and with what."""

    process_id: str | None = None
    """The process, of which the newest active version runs; or `definitionKey`."""
    definition_key: str | None = None
    """One version."""
    version: str | None = None
    """With `processId`: this version."""
    start_element: str | None = None
    """The id of the start event; by default the only one without a trigger, else the first."""
    business_key: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    variables: Variables = msgspec.field(default_factory=dict)
    wait: Annotated[
        Seconds,
        msgspec.Meta(
            description="Answer when the instance has ended or only waits, or after so many seconds."
        ),
    ] = 0


class StartFormQuery(Query, frozen=True):
    """Which start event is meant."""

    start_element: Annotated[
        str | None,
        msgspec.Meta(
            description="The id of the start event. By default the only one without a trigger, "
            "else the first."
        ),
    ] = None


class InstanceQuery(ValueQuery, frozen=True):
    """Which instances are wanted."""

    process_id: str | None = None
    version: str | None = None
    state: list[State] = msgspec.field(default_factory=list)
    incidents: Annotated[bool, msgspec.Meta(description="Whether it has open incidents.")] | None = None
    incident_element: (
        Annotated[str, msgspec.Meta(description="An element at which it has an open incident.")] | None
    ) = None
    incident_message: (
        Annotated[
            str,
            msgspec.Meta(description="What the message of an open incident contains, whatever its case."),
        ]
        | None
    ) = None
    business_key: str | None = None
    id: Annotated[IdPrefix, msgspec.Meta(description="What its id begins with.")] | None = None
    parent_id: Annotated[str, msgspec.Meta(description="The instance that called it.")] | None = None
    variable: Annotated[
        list[str],
        msgspec.Meta(
            description="`name:value` of a variable of the process. A value that is JSON counts as that, "
            'so `n:1` is the number and `n:"1"` the text.'
        ),
    ] = msgspec.field(default_factory=list)
    started_from: Annotated[str, msgspec.Meta(description="The first moment, ISO 8601.")] | None = None
    started_until: Annotated[str, msgspec.Meta(description="The last moment, exclusive.")] | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class VariablesToSet(Body, frozen=True):
    """Variables that get these values."""

    variables: Variables
    scope: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    """The key of the scope that has them, by default the process itself."""


# -- starting --------------------------------------------------------------------------------------


async def start(call: Call[ValueQuery, Start]) -> Reply:
    """Start an instance; where the start event has a form, that checks the variables by its rules.

    Raises:
        ApiError: 400, the body contradicts itself; 404, there is no such process, version or start event;
            422, the form does not accept the variables.
    """
    body = call.body
    definition = _definition(call)
    element = _start_element(definition, body.start_element)
    variables = await forms.check_start(call, definition, element, taken(body.variables))
    command = StartInstance(element, variables, body.business_key)
    runtime = call.runtime
    request = Request(runtime.new_instance_id(), command, call.actor, definition, idempotency(call))
    row = await (runtime.send_and_settle(request, body.wait) if body.wait else runtime.send(request))
    location = ("location", f"/api/v1/process-instances/{row.id}")
    return Reply(shown_instance(call.query, row), 201, (location,))


def _definition(call: Call[ValueQuery, Start]) -> Definition:
    body, definitions = call.body, call.runtime.definitions
    if (body.process_id is None) == (body.definition_key is None):
        raise bad_request("Say either `processId` or `definitionKey`.")
    if body.definition_key is not None:
        if body.version is not None:
            raise bad_request("`version` goes with `processId`; a `definitionKey` is of one version.")
        found = definitions.by_key(body.definition_key)
        if found is None:
            raise no_such(body.definition_key, "definition")
        return found
    assert body.process_id is not None
    found = definitions.latest(body.process_id, body.version)
    if found is not None:
        return found
    if definitions.process(body.process_id) is None:
        raise no_such(body.process_id, "process")
    if body.version is None:
        raise not_found(f"Process '{body.process_id}' has no active version.")
    raise not_found(f"Process '{body.process_id}' has no version '{body.version}'.")


def _start_element(definition: Definition, wanted: str | None) -> str:
    starts = definition.compiled.starts
    if wanted is not None:
        if wanted not in starts:
            raise not_found(f"Process '{definition.process_id}' has no start event '{wanted}'.")
        return wanted
    if not starts:
        raise bad_request(f"Process '{definition.process_id}' has no start event.")
    plain = [start for start in starts if definition.compiled.elements[start].trigger is None]
    if len(plain) > 1:
        raise bad_request(f"Say with `startElement` where to start: {', '.join(plain)}.")
    return plain[0] if plain else starts[0]


def start_form_of(definition: Definition) -> str | None:
    """Give the id of the form with which instances are started where nothing else is said; None for none."""
    try:
        element = _start_element(definition, None)
    except ApiError:
        return None  # it has no start, or has to be told which
    spec = definition.compiled.elements[element].form
    return None if spec is None else spec.id


async def start_form(call: Call[StartFormQuery, None]) -> Reply:
    """Give the form with which instances of a version are started.

    Raises:
        ApiError: 404, there is no such version or start event, or it has no form that is deployed.
    """
    key = call.path["key"]
    definition = call.runtime.definitions.by_key(key)
    if definition is None:
        raise no_such(key, "process definition")
    element = _start_element(definition, call.query.start_element)
    return Reply(await forms.of_start(call, definition, element))


# -- finding ---------------------------------------------------------------------------------------


async def search(call: Call[InstanceQuery, None]) -> Reply:
    """Give the instances that meet every condition, the newest first."""
    query = call.query
    rows = await call.runtime.read(
        instances.search,
        conditions_of(query),
        after=read_cursor(query.cursor, tuple[Moment, str]),
        limit=query.limit + 1,
    )
    return Reply(
        page(rows, query.limit, lambda row: shown_instance(query, row), lambda row: (row.started_at, row.id))
    )


class Wanted(Protocol):
    """What says which instances are wanted: the query of a list, the filter of a batch."""

    @property
    def process_id(self) -> str | None: ...
    @property
    def version(self) -> str | None: ...
    @property
    def state(self) -> list[State]: ...
    @property
    def incidents(self) -> bool | None: ...
    @property
    def incident_element(self) -> str | None: ...
    @property
    def incident_message(self) -> str | None: ...
    @property
    def business_key(self) -> str | None: ...
    @property
    def id(self) -> str | None: ...
    @property
    def parent_id(self) -> str | None: ...
    @property
    def variable(self) -> list[str]: ...
    @property
    def started_from(self) -> str | None: ...
    @property
    def started_until(self) -> str | None: ...


def conditions_of(query: Wanted) -> Conditions:
    """Give the conditions as the store's queries take them.

    Raises:
        ApiError: 400, one of them cannot be read.
    """
    return Conditions(
        process_id=query.process_id,
        version=query.version,
        status=_statuses(query),
        business_key=query.business_key,
        variables=[_condition(text) for text in query.variable],
        started_from=None if query.started_from is None else moment(query.started_from, "startedFrom"),
        started_until=None if query.started_until is None else moment(query.started_until, "startedUntil"),
        incident_element=query.incident_element,
        incident_message=query.incident_message,
        id=query.id,
        parent_id=query.parent_id,
    )


def _statuses(query: Wanted) -> list[Status] | None:
    """Give the statuses that meet the query's conditions, None where it has none."""
    if not query.state and query.incidents is None:
        return None
    wanted = query.state or list(_STATUSES)
    statuses = [status for state in wanted for status in _STATUSES[state]]
    if query.incidents is not None:
        statuses = [status for status in statuses if (status == "incident") == query.incidents]
    return statuses


def _condition(text: str) -> tuple[str, str | int | float | bool | None]:
    name, colon, value = text.partition(":")
    if not (name.isprintable() and name and colon):
        raise bad_request(f"`variable` is wrong: {text!r} is not `name:value`.")
    try:
        decoded = msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return name, value
    if isinstance(decoded, (list, dict)):
        raise bad_request(
            f"`variable` is wrong: only texts, numbers, true, false and null are compared in '{text}'."
        )
    return name, decoded


async def get(call: Call[ValueQuery, None]) -> Reply:
    """Give one instance.

    Raises:
        ApiError: 404, there is no such instance.
    """
    row = await call.runtime.read(instances.find, call.path["instance"])
    if row is None:
        raise no_such(call.path["instance"], "process instance")
    return Reply(shown_instance(call.query, row))


def shown_instance(query: ValueQuery, row: InstanceRow) -> ProcessInstance:
    """Give an instance as this surface shows it."""
    return ProcessInstance(
        row.id,
        row.definition_key,
        row.process_id,
        row.version,
        row.business_key,
        "active" if row.status == "incident" else row.status,
        row.incidents,
        row.parent_id,
        iso(row.started_at),
        iso_or_none(row.ended_at),
        shown_variables(query, row.variables),
    )


# -- changing --------------------------------------------------------------------------------------


async def set_variables(call: Call[ValueQuery, VariablesToSet]) -> Reply:
    """Set variables of an instance.

    Raises:
        ApiError: 404, there is no such instance or scope; 409, the instance has ended.
    """
    return await _change(call, SetVariables(taken(call.body.variables), call.body.scope))


async def cancel(call: Call[ValueQuery, None]) -> Reply:
    """End an instance now.

    Raises:
        ApiError: 404, there is no such instance; 409, it has ended.
    """
    return await _change(call, CancelInstance())


async def _change(call: AnyCall, command: Command) -> Reply:
    request = Request(call.path["instance"], command, call.actor, None, idempotency(call))
    return Reply(shown_instance(call.query, await call.runtime.send(request)))
