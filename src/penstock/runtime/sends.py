"""What a command's effects mean for other instances: the commands that they are to be sent.

Which version of a process a call starts is settled here, in the transaction that opens the call, so that it
does not depend on when the command is carried out.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.kernel import commands as c
from penstock.kernel.definition import CallSpec
from penstock.kernel.effects import (
    CancelCalled,
    Effect,
    SendMessage,
    SendSignal,
    StartCalled,
    TellCaller,
    UndoLater,
)
from penstock.runtime.actors import SYSTEM
from penstock.runtime.definitions import Definition, Definitions
from penstock.runtime.requests import Request
from penstock.store.calls import called_id
from penstock.store.rows import OutboxRow


def sends(
    effects: Sequence[Effect], instance_id: str, seq: int, definition: Definition, definitions: Definitions
) -> list[OutboxRow]:
    """Give the commands that the effects of one command ask for, in their order.

    Messages and signals are no commands to an instance: they are delivered to whoever waits for them.
    """
    return [
        OutboxRow(instance_id, seq, place, *_sent(effect, instance_id, definition, definitions))
        for place, effect in enumerate(effects)
        if not isinstance(effect, SendMessage | SendSignal)
    ]


def request_for(row: OutboxRow, definitions: Definitions) -> Request:
    """Give the request that carries out a command from the outbox."""
    definition = None if row.definition_key is None else definitions.by_key(row.definition_key)
    return Request(row.target, row.command, SYSTEM, definition, sent=row.key, bare=True)


def _sent(
    effect: Effect, instance_id: str, definition: Definition, definitions: Definitions
) -> tuple[str, str | None, c.Command]:
    match effect:
        case StartCalled():
            return _start(effect, instance_id, definition, definitions)
        case UndoLater(command):
            return called_id(instance_id, command.caller.key), command.called.definition, command
        case CancelCalled(key):
            return called_id(instance_id, key), None, c.CancelInstance(by_caller=True)
        case TellCaller(target, command):
            return target, None, command
        case _:
            return instance_id, None, c.Continue()


def _start(
    call: StartCalled, instance_id: str, definition: Definition, definitions: Definitions
) -> tuple[str, str | None, c.Command]:
    caller = call.caller
    found = _version(call.process, call.spec, definition, definitions)
    if found is None:
        which = {
            "latest": "",
            "deployment": " in the same deployment",
            "tag": f" in version '{call.spec.tag}'",
        }
        message = (
            f"there is no process '{call.process}'{which[call.spec.binding]}: deploy it, then resolve this"
        )
        return instance_id, None, c.FailCall(caller.scope, caller.owner, caller.key, message)
    elements = found.compiled.elements
    start = next((id for id in found.compiled.starts if elements[id].trigger is None), None)
    if start is None:
        message = f"the process '{call.process}' has no start event without a trigger, so it cannot be called"
        return instance_id, None, c.FailCall(caller.scope, caller.owner, caller.key, message)
    command = c.StartInstance(start, call.variables, call.business_key, caller=caller)
    return called_id(instance_id, caller.key), found.key, command


def _version(
    process: str, spec: CallSpec, definition: Definition, definitions: Definitions
) -> Definition | None:
    if spec.binding == "tag":
        return definitions.latest(process, spec.tag)
    if spec.binding == "latest":
        return definitions.latest(process)
    rows = (row for row in definitions.versions(process) if row.deployment == definition.deployment)
    row = next(rows, None)
    # A process that was deployed before with the same content is no new version in a later deployment.
    return definitions.latest(process) if row is None else definitions.by_key(row.key)
