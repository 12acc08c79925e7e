"""What each command does first: check that the state allows it, emit its event, plan what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from penstock.kernel import (
    commands as c,
    events as e,
    heard,
    incidents,
    migration,
    operating,
    starting,
    user_tasks,
)
from penstock.kernel.ad_hoc_start import start_ad_hoc
from penstock.kernel.definition import (
    MessageTrigger,
    SignalTrigger,
    triggers_of,
)
from penstock.kernel.failures import Failure, Rejected
from penstock.kernel.lifecycle import cancel_instance
from penstock.kernel.operating import require_active, require_begun
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, InstanceState, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import compensation, error, escalation, terminate
from penstock.kernel.triggers.occurrence import come

DEFAULT_BACKOFF: Final = 1_000
"""Milliseconds before the second try of a job whose model does not say; doubled before each further one."""

LONGEST_BACKOFF: Final = 3_600_000


def complete_job(step: Step, command: c.CompleteJob) -> None:
    scope, element = _open_job(step, command.scope, command.owner, command.key)
    if element.listening is not None:
        heard.complete_listener(step, scope, element, command)
        return
    if command.corrections or command.denied is not None:
        raise Rejected("invalid", "only the job of a task listener corrects or denies something")
    step.emit(e.JobCompleted(scope.key, element.key, command.key, command.variables))
    step.plan(Phase.COMPLETE, scope.key, element.key)


def fail_job(step: Step, command: c.FailJob) -> None:
    scope, element = _open_job(step, command.scope, command.owner, command.key)
    job = element.job
    assert job is not None
    if command.tries is not None and command.tries != job.tries:
        raise Rejected("conflict", f"a failure of this try of job {command.key} has been reported before")
    retries = job.retries - 1 if command.retries is None else command.retries
    tries = job.tries + 1
    listens, node = element.listening is not None, step.element(element.element)
    if retries > 0:
        base = None if listens or node.job is None else node.job.backoff
        due = step.now + (_backoff(base, job.tries) if command.backoff is None else command.backoff)
        step.emit(e.JobFailed(scope.key, element.key, command.key, retries, tries, due, command.message))
        return
    step.emit(e.JobFailed(scope.key, element.key, command.key, 0, tries, None, command.message))
    failure = Failure("job", command.message, command.detail)
    if listens:
        incidents.raise_incident(step, scope, element, Phase.LISTEN, failure)
    else:
        _incident(step, scope, element, failure)


def throw_job_error(step: Step, command: c.ThrowJobError) -> None:
    require_active(step)
    scope, element = _open_job(step, command.scope, command.owner, command.key)
    if element.listening is not None:
        said = f"it threw the BPMN error '{command.code}', which a listener may not: {command.message}"
        heard.fault(step, scope, element, said.removesuffix(": "))
        return
    thrown = error.Error(command.code, command.message, command.variables)
    tries = element.job.tries + 1 if element.job else 1
    if not error.throw(step, scope, element, thrown):
        step.emit(e.JobFailed(scope.key, element.key, command.key, 0, tries, None, command.message))
        _incident(step, scope, element, error.unhandled(element, thrown))


def fire_timer(step: Step, command: c.FireTimer) -> None:
    scope, element = _element(step, command.scope, command.owner)
    if command.key not in (element.timers or {}):
        raise Rejected("not_found", "the timer is no longer open")
    come(step, scope, element, command.key, {})


def fail_timer(step: Step, command: c.FailTimer) -> None:
    scope, element = _element(step, command.scope, command.owner)
    if command.key not in (element.timers or {}):
        raise Rejected("not_found", "the timer is no longer open")
    if element.incident is not None:
        raise Rejected("conflict", f"'{element.element}' has an open incident: resolve that first")
    failure = Failure("timer", command.message)
    incidents.raise_incident(step, scope, element, Phase.FIRE, failure, timer=command.key)


def correlate_message(step: Step, command: c.CorrelateMessage) -> None:
    scope, element = _subscribed(step, command, MessageTrigger)
    come(step, scope, element, command.key, command.variables)


def receive_signal(step: Step, command: c.ReceiveSignal) -> None:
    scope, element = _subscribed(step, command, SignalTrigger)
    come(step, scope, element, command.key, command.variables)


def trigger_event(step: Step, command: c.TriggerEvent) -> None:
    """Let an event happen, by the first of its triggers that is waited for."""
    scope, element = _element(step, command.scope, command.owner)
    timers = (element.timers or {}).items()
    subscriptions = ((key, it.event) for key, it in (element.subscriptions or {}).items())
    for key, event in (*timers, *subscriptions):
        if event == command.element:
            come(step, scope, element, key, command.variables)
            return
    raise Rejected("conflict", f"'{element.element}' does not wait for the event '{command.element}'")


def set_variables(step: Step, command: c.SetVariables) -> None:
    require_begun(step)
    scope = step.instance.scope(command.scope)
    if scope is None:
        raise Rejected("not_found", f"scope {command.scope} of the instance is not open")
    if command.variables:
        step.emit(e.VariablesSet(scope.key, None, command.variables))


def complete_call(step: Step, command: c.CompleteCall) -> None:
    scope, element = _open_call(step, command.scope, command.owner, command.key)
    node = step.element(element.element)
    comes_back = node.call is not None and (node.call.all_out or node.outputs) and not element.again
    values = command.variables if comes_back else {}
    step.emit(e.CallCompleted(scope.key, element.key, command.key, values, command.called))
    if command.reach == "instance":
        terminate.end_instance(step, command.reach)
        return
    step.plan(Phase.COMPLETE, scope.key, element.key)
    if command.reach == "loop":
        terminate.end_loop(step, scope)


def undo_called(step: Step, command: c.UndoCalled) -> None:
    if step.instance.state is not InstanceState.NEW:
        raise Rejected("conflict", f"process instance '{step.instance.id}' has been started before")
    start, called = step.definition.starts[0], command.called
    step.emit(e.InstanceStarted(start, called.values, command.business_key, None, command.caller))
    step.emit(e.CompensationRestored(called))
    compensation.undo_process(step, step.element(start))


def throw_call_error(step: Step, command: c.ThrowCallError) -> None:
    scope, element = _open_call(step, command.scope, command.owner, command.key)
    step.emit(e.CallCancelled(scope.key, element.key, command.key))
    thrown = error.Error(command.code, command.message, command.variables)
    if not error.throw(step, scope, element, thrown):
        _incident(step, scope, element, error.unhandled(element, thrown))


def throw_call_escalation(step: Step, command: c.ThrowCallEscalation) -> None:
    scope, element = _open_call(step, command.scope, command.owner, command.key)
    if command.number <= element.told:
        raise Rejected("conflict", f"escalation {command.number} of call {command.key} has been told before")
    step.emit(e.CallEscalated(scope.key, element.key, command.key, command.number))
    if command.ended:
        step.emit(e.CallCancelled(scope.key, element.key, command.key))
    escalation.escalate(step, scope, element, command.code)
    if command.ended and step.instance.find(scope.key, element.key) is not None:
        # What caught it when the call began is gone by a migration.
        message = f"the called process was ended by the escalation '{command.code}', which nothing catches"
        _incident(step, scope, element, Failure("call", f"{message} any more: resolve this to call again"))


def fail_call(step: Step, command: c.FailCall) -> None:
    scope, element = _open_call(step, command.scope, command.owner, command.key)
    step.emit(e.CallCancelled(scope.key, element.key, command.key))
    _incident(step, scope, element, Failure("call", command.message))


def begin_ad_hoc(step: Step, command: c.StartAdHoc) -> None:
    require_active(step)
    start_ad_hoc(step, command)


def cancel(step: Step, command: c.CancelInstance) -> None:
    require_begun(step)
    caller = step.instance.caller
    if caller is not None and not command.by_caller:
        raise Rejected(
            "conflict",
            f"process instance '{step.instance.id}' was called by '{caller.instance}': cancel that one",
        )
    step.agenda.clear()
    cancel_instance(step)


def go_on(_step: Step, _command: c.Continue) -> None:
    """Nothing of its own: `advance` takes up what is planned, if anything is."""


HANDLERS: Final[dict[type[c.Command], Callable[[Step, Any], None]]] = {
    c.StartInstance: starting.start_instance,
    c.CompleteJob: complete_job,
    c.FailJob: fail_job,
    c.ThrowJobError: throw_job_error,
    c.CompleteUserTask: user_tasks.complete_user_task,
    c.AssignUserTask: user_tasks.assign_user_task,
    c.UpdateUserTask: user_tasks.update_user_task,
    c.FireTimer: fire_timer,
    c.FailTimer: fail_timer,
    c.SetVariables: set_variables,
    c.ResolveIncident: incidents.resolve_incident,
    c.ResolveIncidents: incidents.resolve_incidents,
    c.CancelInstance: cancel,
    c.Continue: go_on,
    c.CorrelateMessage: correlate_message,
    c.ReceiveSignal: receive_signal,
    c.TriggerEvent: trigger_event,
    c.SuspendInstance: operating.suspend,
    c.ResumeInstance: operating.resume,
    c.ModifyInstance: operating.modify,
    c.StartAtElement: operating.start_at_element,
    c.MigrateInstance: migration.migrate,
    c.CompleteCall: complete_call,
    c.UndoCalled: undo_called,
    c.ThrowCallError: throw_call_error,
    c.ThrowCallEscalation: throw_call_escalation,
    c.FailCall: fail_call,
    c.StartAdHoc: begin_ad_hoc,
}


def _element(step: Step, scope_key: int, owner: int) -> tuple[Scope, ElementInstance]:
    require_active(step)
    return _found(step, scope_key, owner)


def _found(step: Step, scope_key: int, owner: int) -> tuple[Scope, ElementInstance]:
    scope = step.instance.scope(scope_key)
    element = scope.elements.get(owner) if scope else None
    if scope is None or element is None:
        raise Rejected("not_found", f"element instance {owner} of '{step.instance.id}' has ended")
    return scope, element


def _open_job(step: Step, scope_key: int, owner: int, key: int) -> tuple[Scope, ElementInstance]:
    """Give the element instance of a job, which a worker may report on though the instance is suspended."""
    require_begun(step)
    scope, element = _found(step, scope_key, owner)
    if element.job is None or element.job.key != key:
        raise Rejected("not_found", f"job {key} of '{step.instance.id}' is no longer open")
    return scope, element


def _subscribed(
    step: Step, command: c.CorrelateMessage | c.ReceiveSignal, trigger: type[MessageTrigger | SignalTrigger]
) -> tuple[Scope, ElementInstance]:
    scope, element = _element(step, command.scope, command.owner)
    subscription = (element.subscriptions or {}).get(command.key)
    if subscription is None or not isinstance(
        triggers_of(step.element(subscription.event))[subscription.index], trigger
    ):
        raise Rejected("not_found", f"subscription {command.key} of '{step.instance.id}' is no longer open")
    return scope, element


def _open_call(step: Step, scope_key: int, owner: int, key: int) -> tuple[Scope, ElementInstance]:
    """Give the element instance of a call, whose end is told once, though the instance may be suspended."""
    require_begun(step)
    scope, element = _found(step, scope_key, owner)
    if element.call != key:
        raise Rejected("not_found", f"call {key} of '{step.instance.id}' is no longer open")
    return scope, element


def _incident(step: Step, scope: Scope, element: ElementInstance, failure: Failure) -> None:
    """Raise an incident of a job or a call: when it is resolved, the element is activated again."""
    incidents.raise_incident(step, scope, element, Phase.ACTIVATE, failure)


def _backoff(backoff: int | None, tries: int) -> int:
    base = DEFAULT_BACKOFF if backoff is None else backoff
    return min(base << min(tries, 20), LONGEST_BACKOFF)
