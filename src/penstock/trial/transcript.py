"""Events as lines of text: what a process instance did, for a test to compare and a person to read.

The lines of a sub-process are indented under it. An element instance is called by its element's id; one that
is entered while another of the same element is there is called `pay#2` and so on.
"""

from __future__ import annotations

from collections.abc import Iterable

from penstock.kernel import events as e
from penstock.kernel.kept import Kept
from penstock.kernel.state import ROOT
from penstock.trial.values import assigned, moment, shown


class Transcript:
    """Puts events into words; it remembers what the keys in them stand for."""

    def __init__(self) -> None:
        self._labels: dict[int, str] = {}
        self._alive: dict[str, set[int]] = {}
        self._entered: dict[str, int] = {}
        self._depths: dict[int, int] = {ROOT: 0}

    def label(self, owner: int) -> str:
        """Give what an element instance is called."""
        return self._labels[owner]

    def lines(self, events: Iterable[e.Event]) -> list[str]:
        """Give a line for each event, in their order; every event is given once."""
        return [self._line(event) for event in events]

    def _line(self, event: e.Event) -> str:
        scope = getattr(event, "scope", ROOT)
        indent = "  " * self._depths[scope]
        match event:
            case e.ElementEntered(_, owner, element):
                self._enter(owner, element)
            case e.EventSubProcessArmed(_, owner, element):
                self._labels[owner] = element
            case e.ElementMigrated(_, owner, element, previous) if owner in self._alive.get(previous, ()):
                self._alive[previous].remove(owner)
                self._enter(owner, element)
            case e.ScopeOpened(_, owner):
                self._depths[owner] = self._depths[scope] + 1
        line = indent + self._words(event)
        if isinstance(event, e.ElementCompleted | e.ElementCancelled):
            self._alive[event.element].remove(event.owner)
        return line

    def _enter(self, owner: int, element: str) -> None:
        alive = self._alive.setdefault(element, set())
        count = self._entered[element] = self._entered.get(element, 0) + 1
        self._labels[owner] = f"{element}#{count}" if alive else element
        alive.add(owner)

    def _know(self, kept: Iterable[Kept]) -> None:
        """Know what was completed before by its elements' names."""
        for it in kept:
            self._labels[it.key] = it.element
            self._know(it.inner)

    def _words(self, event: e.Event) -> str:
        match event:
            case e.CompensationRestored(undone):
                self._know(undone.kept)
                return f"begins anew to undo {', '.join(it.element for it in undone.kept) or 'itself'}"
            case e.InstanceStarted(start, values, business_key, _, caller):
                key = "" if business_key is None else f" as {business_key}"
                called = "" if caller is None else f", called by {caller.instance}"
                return _with(f"start at {start}{key}{called}", values)
            case e.InstanceCompleted():
                return "instance completed"
            case e.InstanceCancelled():
                return "instance cancelled"
            case e.InstanceDeferred(_, steps):
                return f"go on later, after {steps} steps"
            case e.InstanceContinued():
                return "go on"
            case e.FlowTaken(_, flow):
                return f"take {flow}"
            case e.InstanceSuspended():
                return "suspended"
            case e.InstanceResumed():
                return "resumed"
            case e.InstanceModified(activated, terminated):
                parts = [
                    *(f"activate {element}" for element in activated),
                    *(f"terminate {self.label(owner)}" for owner in terminated),
                ]
                return "modified: " + ", ".join(parts)
            case e.InstanceMigrated(definition, previous):
                return f"migrated from {previous} to {definition}"
            case e.KeptMigrated(_, mapping):
                return f"what may be compensated is mapped by {shown(dict(mapping))}"
            case e.FlowsDropped():
                return "drop the tokens on flows"
            case e.CompensationGathered(_, _, by):
                return f"what is compensated here is up to {self.label(by)}"
            case e.ScopeInterrupted(scope):
                return "interrupt the process" if scope == ROOT else f"interrupt {self.label(scope)}"
            case e.VariablesSet():
                return self._set(event)
        return self._of_element(event)

    def _set(self, event: e.VariablesSet) -> str:
        values = assigned(event.values)
        if event.owner is not None:
            return f"set {values} for {self.label(event.owner)} only"
        return f"set {values}" if event.scope == ROOT else f"set {values} in {self.label(event.scope)}"

    def _of_element(self, event: e.Event) -> str:
        label = self.label(getattr(event, "owner", ROOT))
        match event:
            case e.ElementEntered():
                return f"enter {label}"
            case e.FlowJoined(_, _, flow):
                return f"join {label} by {flow}"
            case e.TokensGathered():
                return f"{label} has its tokens"
            case e.ElementCompleted():
                return f"complete {label}"
            case e.ElementCancelled():
                return f"cancel {label}"
            case e.ScopeOpened(_, _, _, values):
                return _with(f"open {label}", values)
            case e.GatewayActivated():
                return f"{label} lets tokens through"
            case e.AdHocQueued(_, _, _, activities):
                return f"{label} will begin {', '.join(activities)}"
            case e.AdHocTaken():
                return f"{label} goes on"
            case e.AdHocEnding():
                return f"{label} is ending"
            case e.ScopeClosed():
                return f"close {label}"
            case e.ErrorThrown(_, _, _, code, message):
                return f"error {code} thrown by {label}{_because(message)}"
            case e.ErrorCaught(_, _, code, _, values):
                return _with(f"error {code} caught by {label}", values)
            case e.IncidentRaised():
                return f"incident at {label} ({event.type}): {event.message}"
            case e.IncidentResolved(_, _, _, _, retries):
                return f"incident at {label} closed" + ("" if retries is None else f", {_tries(retries)}")
            case (
                e.LoopBegun()
                | e.ItemsGiven()
                | e.ItemBegun()
                | e.ItemCollected()
                | e.ItemsCounted()
                | e.BehaviorEventDue()
                | e.BehaviorEventsThrown()
                | e.LoopEnded()
            ):
                return _of_loop(event, label)
        return self._of_exception(event, label)

    def _of_exception(self, event: e.Event, label: str) -> str:
        match event:
            case e.ElementMigrated(_, _, element, previous):
                return f"{previous} is {element} now" if element != previous else f"{label} stays"
            case e.EventSubProcessArmed():
                return f"{label} armed"
            case e.EventSubProcessDisarmed():
                return f"{label} disarmed"
            case e.EscalationThrown(_, _, _, code, caught):
                return f"escalation {code} thrown by {label}" + ("" if caught else ", nothing catches it")
            case e.CallEscalated():
                return f"call {label} escalates"
            case e.EscalationCaught(_, _, code):
                return f"escalation {code} caught by {label}"
            case e.CompensationKept(_, _, _, values):
                return _with(f"{label} may be compensated", values)
            case e.CompensationThrown(_, _, _, activity):
                return f"compensation of {activity or 'all'} thrown by {label}"
            case e.CompensationLeft():
                return f"{label} does not wait for that"
            case e.CompensationTaken(_, _, compensated):
                return f"compensation by {label} takes {self.label(compensated)}"
            case e.CompensationStarted(_, _, compensated):
                return f"{label} compensates {self.label(compensated) if compensated else 'the process'}"
            case e.TransactionCancelled(_, _, element):
                return f"transaction {label} cancelled by {element}"
        return self._of_work(event, label)

    def _of_work(self, event: e.Event, label: str) -> str:
        match event:
            case e.JobOpened(_, _, _, _, type, retries, listener):
                if listener:
                    return f"{listener} listener of {label} opened: {type}, {_tries(retries)}"
                return f"job {label} opened: {type}, {_tries(retries)}"
            case e.JobCompleted(_, _, _, values):
                return _with(f"job {label} completed", values)
            case e.JobFailed(retries=retries, due=due):
                left = "no try left" if due is None else f"{_tries(retries)} left, from {moment(due)}"
                return f"job {label} failed{_because(event.message)}, {left}"
            case e.JobCancelled():
                return f"job {label} cancelled"
            case e.UserTaskOpened():
                return f"user task {label} opened{_task(event)}"
            case e.UserTaskAssigned(_, _, _, assignee):
                return f"user task {label} assigned to {assignee or 'nobody'}"
            case e.UserTaskCompleted(_, _, _, values):
                return _with(f"user task {label} completed", values)
            case e.UserTaskCancelled():
                return f"user task {label} cancelled"
            case e.DecisionEvaluated():
                said = _with(f"decision {event.decision} {event.version} made by {label}", event.values)
                return f"{said}, for {assigned(event.reasons)}" if event.reasons else said
            case e.CallOpened(_, _, _, _, process):
                return f"call {label} opened: {process}"
            case e.CallCompleted(_, _, _, values):
                return _with(f"call {label} completed", values)
            case e.CallCancelled():
                return f"call {label} cancelled"
            case e.TimerOpened(_, _, _, element, due):
                left = "" if event.rest is None else f", then {event.rest}"
                return f"timer {element} opened, due {moment(due)}{left}"
            case e.TimerFired(_, _, _, element):
                return f"timer {element} fired"
            case e.TimerCancelled():
                return f"timer of {label} cancelled"
        return self._of_listener(event, label)

    def _of_listener(self, event: e.Event, label: str) -> str:
        match event:
            case e.ListenersBegun(_, _, _, listened, _, values, changes):
                return _with(f"{listened} of {label} is listened to", {**values, **changes})
            case e.ListenerCompleted(_, _, _, values, changes):
                return _with(f"listener of {label} completed", {**values, **changes})
            case e.ListenersEnded():
                return f"{label} has been listened to"
            case e.UserTaskUpdated(_, _, _, changes, opened):
                return _with(f"user task {label} {'created' if opened else 'updated'}", changes)
            case e.UserTaskDenied(_, _, _, listened, reason):
                return f"{listened} of user task {label} denied{_because(reason)}"
        return self._of_outside(event, label)

    def _of_outside(self, event: e.Event, label: str) -> str:
        match event:
            case e.MessageSubscribed(_, _, _, element, _, name, key):
                return f"message {element} awaited: {_addressed(name, key)}"
            case e.SignalSubscribed(_, _, _, element, _, name):
                return f"signal {element} awaited: {name}"
            case e.ConditionSubscribed(_, _, _, element, _, condition, armed):
                change = condition.startswith("change of ")
                later = "" if armed or change else ", once it is false"
                return f"condition {element} watched: {condition}{later}"
            case e.ConditionArmed():
                return f"condition at {label} is false"
            case e.ChangeSeen():
                return f"change at {label} seen"
            case e.MessageCorrelated(_, _, _, element):
                return f"message {element} correlated"
            case e.SignalReceived(_, _, _, element):
                return f"signal {element} received"
            case e.ConditionMet(_, _, _, element):
                return f"condition {element} met"
            case e.SubscriptionClosed():
                return f"{label} waits no longer"
            case e.EventTriggered(_, _, values):
                return f"{label} brings {assigned(values)}"
            case e.TriggersGathered(_, _, element, values):
                return f"{element} keeps {assigned(values)}" if values else f"{element} has come whole"
            case e.MessageSent(_, _, _, name, key, values):
                return _with(f"message sent by {label}: {_addressed(name, key)}", values)
            case e.SignalSent(_, _, _, name, values):
                return _with(f"signal sent by {label}: {name}", values)
        raise AssertionError(f"no words for {event!r}")


def _addressed(name: str, key: str) -> str:
    return f"{name} for {key}" if key else name


def _of_loop(event: e.Event, label: str) -> str:
    match event:
        case e.LoopBegun(_, _, _, total):
            return f"repeat {label}" + ("" if total is None else f" {total} times")
        case e.ItemsGiven(_, _, first, last):
            return f"{label} is to be done" + (f": {first} to {last}" if last else "")
        case e.ItemBegun(_, _, number, values):
            rest = {name: value for name, value in values.items() if name != "loopCounter"}
            return _with(f"{label} is number {number}", rest)
        case e.ItemCollected(_, _, values):
            return f"{label} gives {', '.join(map(shown, values.values()))}"
        case e.ItemsCounted(_, _, completed):
            return f"{label} done {completed} times"
        case e.BehaviorEventDue(_, _, place, completed):
            return f"{label} is to throw event {place + 1} for instance {completed}"
        case e.BehaviorEventsThrown():
            return f"{label} throws"
        case e.LoopEnded():
            return f"{label} is over"
    raise AssertionError(f"no words for {event!r}")


def _with(words: str, values: dict[str, object]) -> str:
    return f"{words}: {assigned(values)}" if values else words


def _because(message: str) -> str:
    return f" ({message})" if message else ""


def _tries(count: int) -> str:
    return "1 try" if count == 1 else f"{count} tries"


def _task(event: e.UserTaskOpened) -> str:
    said = {
        "name": event.name if event.name != event.element else None,
        "for": event.assignee,
        "users": ", ".join(event.candidate_users) or None,
        "groups": ", ".join(event.candidate_groups) or None,
        "due": None if event.due_at is None else moment(event.due_at),
        "follow-up": None if event.follow_up_at is None else moment(event.follow_up_at),
        "priority": event.priority if event.priority != 50 else None,
        "form": event.form,
    }
    if event.state != "open":
        said["state"] = event.state
    parts = [
        f"{word} {shown(value) if word == 'name' else value}"
        for word, value in said.items()
        if value is not None
    ]
    return ": " + ", ".join(parts) if parts else ""
