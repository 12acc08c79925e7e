"""What an operator does to an instance: suspend, resume, modify, migrate, restart."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from penstock.api.errors import ApiError, bad_request
from penstock.api.http import AnyCall, Call, Reply
from penstock.api.idempotency import idempotency
from penstock.api.keys import no_such
from penstock.api.rest.instances import ProcessInstance, shown_instance
from penstock.api.rest.values import Body, ValueQuery, Variables, taken
from penstock.bpmn import Finding
from penstock.kernel import InstanceState, Rejected, commands as c
from penstock.kernel.migration_problems import Problem, problems
from penstock.runtime.definitions import Definition, Definitions
from penstock.runtime.requests import Request
from penstock.runtime.restarts import definition_of, restarting
from penstock.store import instances, states

Key = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class ElementActivation(Body, frozen=True):
    """An element at which a token is put."""

    element: str
    scope: Key | None = None
    """The key of an open scope around it, where there are several."""
    variables: Variables = msgspec.field(default_factory=dict)
    """Set in the scope that holds the element."""


class ElementTermination(Body, frozen=True):
    """What is cancelled: one element instance, or all of an element."""

    element: str | None = None
    element_instance: Key | None = None


class Modification(Body, frozen=True):
    """Tokens to put and to take away."""

    activate: list[ElementActivation] = msgspec.field(default_factory=list)
    terminate: list[ElementTermination] = msgspec.field(default_factory=list)


class Migration(Body, frozen=True):
    """The version by which the instance goes on."""

    definition_key: str
    mapping: dict[str, str] = msgspec.field(default_factory=dict)
    """The elements that have another id there."""
    dry_run: bool = False
    """Only say what is in the way."""


class Migrated(ProcessInstance, frozen=True):
    """The instance, and what is in the way of its migration."""

    findings: list[Finding]


class Restart(Body, frozen=True):
    """Where to start anew, and with what."""

    element: str | None = None
    """Any element; by default the start event of the process."""
    variables: Variables = msgspec.field(default_factory=dict)
    """Over the variables that the ended instance had."""


async def suspend(call: Call[ValueQuery, None]) -> Reply:
    """Let nothing happen in an instance until it is resumed.

    Raises:
        ApiError: 404, there is no such instance; 409, it has ended or is suspended.
    """
    return await _change(call, c.SuspendInstance())


async def resume(call: Call[ValueQuery, None]) -> Reply:
    """Let a suspended instance go on.

    Raises:
        ApiError: 404, there is no such instance; 409, it is not suspended.
    """
    return await _change(call, c.ResumeInstance())


async def modify(call: Call[ValueQuery, Modification]) -> Reply:
    """Put tokens at elements and take others away.

    Raises:
        ApiError: 400, an element cannot be activated; 404, there is no such instance, element or element
            instance; 409, the instance has ended, or several scopes fit.
    """
    return await _change(call, modification(call.body.activate, call.body.terminate))


def modification(activate: list[ElementActivation], terminate: list[ElementTermination]) -> c.ModifyInstance:
    """Give the command that puts tokens and takes others away.

    Raises:
        ApiError: 400, a value is malformed, or a termination does not say what.
    """
    put = [c.Activation(it.element, it.scope, _variables_of(it.element, it.variables)) for it in activate]
    return c.ModifyInstance(put, [_termination(it) for it in terminate])


def _variables_of(element: str, variables: dict[str, Any]) -> dict[str, Any]:
    try:
        return taken(variables)
    except ApiError as error:
        raise bad_request(f"At '{element}': {error.message}") from error


def _termination(it: ElementTermination) -> c.Termination:
    if (it.element is None) == (it.element_instance is None):
        raise bad_request("Say in `terminate` either `element` or `elementInstance`.")
    return c.Termination(it.element, it.element_instance)


async def migrate(call: Call[ValueQuery, Migration]) -> Reply:
    """Let an instance go on by another version, or only say what is in the way.

    Raises:
        ApiError: 404, there is no such instance or version; 409, the instance has ended; 422, something is in
            the way, which `findings` names.
    """
    instance_id, body = call.path["instance"], call.body
    target = call.runtime.definitions.by_key(body.definition_key)
    if target is None:
        raise no_such(body.definition_key, "definition")
    findings = await call.runtime.read(
        _in_the_way, call.runtime.definitions, instance_id, target, body.mapping
    )
    if body.dry_run:
        row = await call.runtime.read(instances.find, instance_id)
        assert row is not None, "an instance does not go away"
    elif findings:
        raise ApiError(
            422, f"The instance cannot go on by '{target.key}'. {findings[0].message}", findings=findings
        )
    else:
        command = c.MigrateInstance(target.key, body.mapping)
        row = await call.runtime.send(Request(instance_id, command, call.actor, target, idempotency(call)))
    shown = msgspec.structs.asdict(shown_instance(call.query, row))
    return Reply(Migrated(**shown, findings=findings))


def _in_the_way(
    connection: sa.Connection,
    definitions: Definitions,
    instance_id: str,
    target: Definition,
    mapping: dict[str, str],
) -> list[Finding]:
    stored = states.load_stored(connection, instance_id)
    if stored is None:
        raise no_such(instance_id, "process instance")
    instance = stored.instance
    if instance.state not in (InstanceState.ACTIVE, InstanceState.SUSPENDED):
        raise Rejected("conflict", f"process instance '{instance_id}' is {instance.state.value}")
    present = definitions.by_key(instance.definition)
    assert present is not None, f"the definition {instance.definition} is gone"
    found = problems(present.compiled, target.compiled, instance, mapping)
    return [_finding(it) for it in found]


async def restart(call: Call[ValueQuery, Restart]) -> Reply:
    """Start a new instance of the version of one that has ended, with its variables, at any element.

    Raises:
        ApiError: 400, nothing can start at the element; 404, there is no such instance or element; 409, the
            instance has not ended.
    """
    runtime, body = call.runtime, call.body
    row = await runtime.read(instances.find, call.path["instance"])
    if row is None:
        raise no_such(call.path["instance"], "process instance")
    if row.ended_at is None:
        raise Rejected("conflict", f"process instance '{row.id}' has not ended; modify it instead")
    definition = definition_of(runtime.definitions, row)
    command = restarting(row, definition, body.element or "", taken(body.variables))
    request = Request(runtime.new_instance_id(), command, call.actor, definition, idempotency(call))
    started = await runtime.send(request)
    location = ("location", f"/api/v1/process-instances/{started.id}")
    return Reply(shown_instance(call.query, started), 201, (location,))


async def _change(call: AnyCall, command: c.Command) -> Reply:
    request = Request(call.path["instance"], command, call.actor, None, idempotency(call))
    return Reply(shown_instance(call.query, await call.runtime.send(request)))


def _finding(problem: Problem) -> Finding:
    message = f"{problem.message[0].upper()}{problem.message[1:]}."
    return Finding(problem.code, "error", problem.element, None, message, problem.remedy)
