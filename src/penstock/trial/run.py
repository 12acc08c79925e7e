"""One run of a process in the pure kernel, with virtual time: no server, no store, no waiting.

run = Run(process(text))
run.start(amount=250)
run.complete_task("approve", approved=True)
run.advance("PT1H")
assert run.state is InstanceState.COMPLETED
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from penstock import feel
from penstock.bpmn.iso import add_duration, parse_date_time, parse_duration
from penstock.kernel import (
    LOOP_LIMIT,
    SLICE,
    InstanceState,
    ProcessInstance,
    Scope,
    advance,
    commands as c,
    events as e,
)
from penstock.kernel.decisions import NO_DECISIONS, Decisions
from penstock.kernel.definition import (
    ChangeTrigger,
    ConditionTrigger,
    MessageTrigger,
    ProcessDefinition,
    Reach,
    SignalTrigger,
    Single,
    Value,
    triggers_of,
)
from penstock.kernel.effects import ContinueLater, Effect
from penstock.kernel.kept import Called, Kept
from penstock.kernel.state import ROOT, ElementInstance, Subscription
from penstock.trial.saved import Saved
from penstock.trial.transcript import Transcript

START: Final = parse_date_time("2026-01-05T09:00:00Z")
"""When a run begins unless it says otherwise: a Monday morning, in epoch milliseconds."""


_KINDS: Final[dict[type[Single], str]] = {
    MessageTrigger: "message",
    SignalTrigger: "signal",
    ConditionTrigger: "condition",
    ChangeTrigger: "change",
}
_OPEN: Final = (InstanceState.ACTIVE, InstanceState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something that an instance waits for; as text such as `job pay` or `timer late on approve`."""

    kind: str
    label: str
    """The element instance by its label, or for what is attached to one the event by its id."""
    element: str
    """The id of the element or event."""
    on: str | None = None
    """The label of the element instance that an event is attached to."""
    due: int | None = None
    """When a timer is due, in epoch milliseconds."""

    def __str__(self) -> str:
        return f"{self.kind} {self.label}" + ("" if self.on is None else f" on {self.on}")


class NotWaiting(LookupError):
    """The instance waits for nothing of that kind there; the message says for what it does."""


class Run:
    """A process instance, and what may be done to it. Every variable goes through `feel.from_python`.

    An element is named by its id; of several instances of one, the oldest is meant, and `pay#2` names another
    as the transcript does.
    """

    def __init__(
        self,
        definition: ProcessDefinition,
        *,
        now: int = START,
        reload: bool = False,
        loop_limit: int = LOOP_LIMIT,
        slice_limit: int = SLICE,
        decisions: Decisions = NO_DECISIONS,
    ) -> None:
        """Prepare a run; `start` begins it.

        Arguments:
            now: the virtual time, in epoch milliseconds.
            reload: whether to save and load the state around every command, as a server does.
            loop_limit: steps that may be done without anybody acting.
            slice_limit: steps that one command may do.
            decisions: those that its business rule tasks may make.
        """
        self.definition = definition
        self.instance = ProcessInstance("run", definition.id)
        self.now = now
        self.events: list[e.Event] = []
        """All that has happened."""
        self.commands: list[tuple[c.Command, int]] = []
        """All that was carried out, with the virtual time of each."""
        self.effects: list[Effect] = []
        """What it asked for outside of itself: messages that it sent, calls, what a caller is told."""
        self._saved = Saved() if reload else None
        self._limits = {"loop_limit": loop_limit, "slice_limit": slice_limit}
        self._decisions = decisions
        self._due: dict[int, tuple[int, Callable[[], None]]] = {}
        """By key, what happens by itself, and when."""
        self._transcript = Transcript()
        self._lines: list[str] = []

    # -- what may be done --------------------------------------------------------------------------

    def start(self, /, **variables: object) -> None:
        """Start the instance at the process's first start event."""
        self.start_at(self.definition.starts[0], **variables)

    def start_at(self, start: str, business_key: str | None = None, /, **variables: object) -> None:
        """Start the instance at one of several start events, or with a business key."""
        self.send(c.StartInstance(start, _values(variables), business_key))

    def complete_job(self, element: str, /, **variables: object) -> None:
        """Be the worker that has done the job of a service task, whether or not its next try is due yet."""
        self.send(c.CompleteJob(*self._job(element), _values(variables)))

    def complete_listener(self, element: str, denied: str | None = None, /, **corrections: object) -> None:
        """Be the worker of a task listener, which corrects the user task or denies its change."""
        self.send(c.CompleteJob(*self._job(element), {}, _values(corrections), denied))

    def update_task(self, element: str, /, **changes: object) -> None:
        """Change attributes of the user task."""
        self.send(c.UpdateUserTask(*self._task(element), _values(changes)))

    def fail_job(
        self,
        element: str,
        message: str = "it failed",
        /,
        *,
        detail: str | None = None,
        retries: int | None = None,
        backoff: int | None = None,
    ) -> None:
        """Be the worker that could not do the job; `backoff` is in milliseconds."""
        self.send(c.FailJob(*self._job(element), message, detail, retries, backoff, self._tries(element)))

    def throw_error(self, element: str, code: str, message: str = "", /, **variables: object) -> None:
        """Be the worker that throws a BPMN error."""
        self.send(c.ThrowJobError(*self._job(element), code, message, _values(variables)))

    def complete_task(self, element: str, /, **variables: object) -> None:
        """Be the person who has done the user task."""
        self.send(c.CompleteUserTask(*self._task(element), _values(variables)))

    def assign_task(self, element: str, assignee: str | None, /, *, claim: bool = False) -> None:
        """Give the user task to somebody, or to nobody; a claim fails when somebody else holds it."""
        self.send(c.AssignUserTask(*self._task(element), assignee, claim))

    def start_called(self, *codes: str, **variables: object) -> None:
        """Start the instance as one that another called, which catches errors with these codes."""
        self.start_from(c.Caller("caller", ROOT, 1, 2, 1, list(codes)), **variables)

    def start_from(self, caller: c.Caller, /, **variables: object) -> None:
        """Start the instance as one that this call activity of another one called."""
        self.send(c.StartInstance(self.definition.starts[0], _values(variables), None, caller=caller))

    def complete_call(
        self, element: str, reach: Reach = "scope", undoable: bool = False, /, **variables: object
    ) -> None:
        """Be the called instance that has completed, and what ends with it here, with these variables.

        Arguments:
            undoable: whether it had completed something that may be compensated.
        """
        values = _values(variables)
        called = Called("called", "called:1.0.0", values, [Kept(1, "activity")]) if undoable else None
        self.send(c.CompleteCall(*self._call(element), values, reach, called))

    def undo_called(self, element: str, /, **variables: object) -> None:
        """Begin the instance anew as one that was called and had completed the activity, to undo that."""
        values, caller = _values(variables), c.Caller("caller", ROOT, 1, 2, 1)
        kept = Called(self.definition.id, self.definition.id, values, [Kept(1, element)])
        self.send(c.UndoCalled(kept, None, caller))

    def throw_call_error(self, element: str, code: str, message: str = "", /, **variables: object) -> None:
        """Be the called instance that was ended by an error."""
        self.send(c.ThrowCallError(*self._call(element), code, message, _values(variables)))

    def throw_call_escalation(self, element: str, code: str, /, *, ended: bool = False) -> None:
        """Be the called instance that threw an escalation, and goes on unless that ended it."""
        number = self._find(element, "call", lambda it: it.call is not None)[1].told + 1
        self.send(c.ThrowCallEscalation(*self._call(element), code, number, ended))

    def fail_call(self, element: str, message: str = "there is no such process", /) -> None:
        """Say that the process cannot be called."""
        self.send(c.FailCall(*self._call(element), message))

    def begin(self, element: str, /, **variables: object) -> None:
        """Begin an activity of an ad-hoc sub-process."""
        self.send(c.StartAdHoc(element, _values(variables)))

    def resolve(self, element: str, retries: int | None = None, /, **variables: object) -> None:
        """Resolve the incident at the element, with variables put right and tries for a new job."""
        scope, found = self._find(element, "incident", lambda it: it.incident is not None)
        assert found.incident is not None
        key = found.incident.key
        self.send(c.ResolveIncident(scope.key, found.key, key, _values(variables), retries))

    def resolve_all(self, retries: int | None = None, /, **variables: object) -> None:
        """Resolve every open incident, with variables put right and tries for new jobs."""
        self.send(c.ResolveIncidents(_values(variables), retries))

    def correlate(self, event: str, /, **variables: object) -> None:
        """Let the message come for which an event or a receive task waits."""
        scope, owner, key = self._subscription(event, "message", MessageTrigger)
        self.send(c.CorrelateMessage(scope, owner, key, _values(variables)))

    def signal(self, event: str, /, **variables: object) -> None:
        """Let the signal come for which an event waits."""
        scope, owner, key = self._subscription(event, "signal", SignalTrigger)
        self.send(c.ReceiveSignal(scope, owner, key, _values(variables)))

    def trigger(self, event: str, /, **variables: object) -> None:
        """Be the operator who lets an event happen, whatever it waits for."""
        for scope, element in self.elements():
            subscribed = [it.event for it in (element.subscriptions or {}).values()]
            if event in (*(element.timers or {}).values(), *subscribed):
                self.send(c.TriggerEvent(scope.key, element.key, event, _values(variables)))
                return
        raise NotWaiting(f"nothing waits for '{event}'; the instance waits for: {', '.join(self.waiting)}")

    def set_variables(self, scope: str | None = None, /, **variables: object) -> None:
        """Set variables of the process, or of an open sub-process."""
        key = ROOT if scope is None else self._find(scope, "open sub-process", lambda it: it.opened)[1].key
        self.send(c.SetVariables(_values(variables), key))

    def cancel(self) -> None:
        """Cancel the instance."""
        self.send(c.CancelInstance())

    def suspend(self) -> None:
        """Suspend the instance: nothing happens in it, and its timers wait."""
        self.send(c.SuspendInstance())

    def resume(self) -> None:
        """Resume the instance; timers that became due meanwhile fire now."""
        self.send(c.ResumeInstance())
        self.advance()

    def modify(
        self, *, activate: Iterable[c.Activation] = (), terminate: Iterable[c.Termination | str] = ()
    ) -> None:
        """Put tokens at elements and take others away; a name means the element instance of that label."""
        doomed = [
            c.Termination(owner=self._find(it, "element", lambda _: True)[1].key)
            if isinstance(it, str)
            else it
            for it in terminate
        ]
        self.send(c.ModifyInstance(list(activate), doomed))

    def migrate(self, target: ProcessDefinition, mapping: Mapping[str, str] | None = None) -> None:
        """Let the instance go on by another definition."""
        self.send(c.MigrateInstance(target.id, dict(mapping or {})), target)
        self.definition = target

    def advance(self, duration: str = "PT0S", /) -> None:
        """Let time pass, an ISO 8601 duration; what is due happens in order, each at its own moment."""
        self.advance_to(add_duration(self.now, parse_duration(duration)))

    def advance_to(self, end: int, /) -> None:
        """Let time pass until a moment (epoch ms); what is due happens in order, each at its own moment."""
        while self._due and self.state is not InstanceState.SUSPENDED:
            _, (due, happen) = min(self._due.items(), key=lambda it: (it[1][0], it[0]))
            if due > end:
                break
            self.now = max(self.now, due)
            happen()
        self.now = max(self.now, end)

    def send(self, command: c.Command, target: ProcessDefinition | None = None) -> None:
        """Carry out any command, and go on for as long as it leaves something for later.

        Raises:
            Rejected: the command cannot be; nothing has changed.
        """
        if self._saved is not None and self.events:
            self.instance = self._saved.load()
        outcome = advance(
            self.definition,
            self.instance,
            command,
            self.now,
            **self._limits,
            target=target,
            decisions=self._decisions,
        )
        self.commands.append((command, self.now))
        self.events += outcome.events
        self._lines += self._transcript.lines(outcome.events)
        for event in outcome.events:
            self._note(event)
        if self._saved is not None:
            self._saved.save(self.instance, command, outcome.events)
        for effect in outcome.effects:
            if isinstance(effect, ContinueLater):
                self.send(c.Continue())
            else:
                self.effects.append(effect)

    # -- what there is to see ----------------------------------------------------------------------

    @property
    def state(self) -> InstanceState:
        """Where the instance stands."""
        return self.instance.state

    @property
    def variables(self) -> dict[str, Value]:
        """The variables of the process."""
        return dict(self.instance.scopes[ROOT].variables)

    @property
    def waiting(self) -> tuple[str, ...]:
        """What it waits for, such as `job pay` or `timer late on approve`; empty once it has ended."""
        return tuple(str(it) for it in self.awaited())

    def awaited(self) -> list[Awaited]:
        """Give what it waits for; nothing once it has ended."""
        if self.state not in _OPEN:
            return []
        return [what for _, element in self.elements() for what in self._waits(element)]

    def transcript(self) -> list[str]:
        """Give all that has happened, as lines of text."""
        return list(self._lines)

    def elements(self) -> Iterator[tuple[Scope, ElementInstance]]:
        """Give every element instance with its scope, outer scopes first."""
        keys = [ROOT]
        for key in keys:
            scope = self.instance.scope(key)
            assert scope is not None, f"scope {key} is held by an element and is not open"
            for element in scope.elements.values():
                yield scope, element
                if element.opened:
                    keys.append(element.key)

    # -- details -----------------------------------------------------------------------------------

    def _waits(self, element: ElementInstance) -> Iterator[Awaited]:
        for kind in self._kinds(element):
            yield Awaited(kind, self._transcript.label(element.key), element.element)
        for key, event in (element.timers or {}).items():
            yield self._awaited("timer", event, element, self._due[key][0] if key in self._due else None)
        for subscription in (element.subscriptions or {}).values():
            yield self._awaited(_KINDS[type(self._trigger(subscription))], subscription.event, element)
        if element.compensating is not None and not element.opened:
            yield Awaited("compensation by", self._transcript.label(element.key), element.element)

    def _kinds(self, element: ElementInstance) -> Iterator[str]:
        single = element.loop is None and not element.part
        ad_hoc = self.definition.elements[element.element].ad_hoc is not None
        found = {
            "incident": element.incident is not None,
            "job": element.job is not None and element.listening is None,
            "listener": element.job is not None and element.listening is not None,
            "user task": element.task is not None and element.listening is None,
            "ad-hoc": element.opened and single and ad_hoc,
            "call": element.call is not None,
            "join": element.arrived is not None,
        }
        return (kind for kind, there in found.items() if there)

    def _awaited(self, kind: str, event: str, element: ElementInstance, due: int | None = None) -> Awaited:
        on = None if event == element.element else self._transcript.label(element.key)
        return Awaited(kind, event, event, on, due)

    def _job(self, element: str) -> tuple[int, int, int]:
        scope, found = self._find(element, "job", lambda it: it.job is not None)
        assert found.job is not None
        return scope.key, found.key, found.job.key

    def _call(self, element: str) -> tuple[int, int, int]:
        scope, found = self._find(element, "call", lambda it: it.call is not None)
        assert found.call is not None
        return scope.key, found.key, found.call

    def _tries(self, element: str) -> int:
        job = self._find(element, "job", lambda it: it.job is not None)[1].job
        assert job is not None
        return job.tries

    def _task(self, element: str) -> tuple[int, int, int]:
        scope, found = self._find(element, "user task", lambda it: it.task is not None)
        assert found.task is not None
        return scope.key, found.key, found.task.key

    def _trigger(self, subscription: Subscription) -> Single:
        return triggers_of(self.definition.elements[subscription.event])[subscription.index]

    def _subscription(self, event: str, what: str, trigger: type[Single]) -> tuple[int, int, int]:
        for scope, element in self.elements() if self.state is InstanceState.ACTIVE else ():
            for key, subscription in (element.subscriptions or {}).items():
                if subscription.event == event and isinstance(self._trigger(subscription), trigger):
                    return scope.key, element.key, key
        there = ", ".join(self.waiting) or f"nothing, it is {self.state.value}"
        raise NotWaiting(f"no {what} is waited for at '{event}'; the instance waits for: {there}")

    def _find(
        self, name: str, what: str, fits: Callable[[ElementInstance], bool]
    ) -> tuple[Scope, ElementInstance]:
        found = [
            (scope, element)
            for scope, element in (self.elements() if self.state in _OPEN else ())
            if name in (element.element, self._transcript.label(element.key)) and fits(element)
        ]
        if not found:
            there = ", ".join(self.waiting) or f"nothing, it is {self.state.value}"
            raise NotWaiting(f"there is no {what} at '{name}'; the instance waits for: {there}")
        return min(found, key=lambda it: it[1].key)

    def _note(self, event: e.Event) -> None:
        """Keep what will happen by itself; a subclass keeps more."""
        match event:
            case e.TimerOpened(scope, owner, key, _, due):
                self._due[key] = (due, lambda: self.send(c.FireTimer(scope, owner, key)))
            case e.TimerFired(_, _, key) | e.TimerCancelled(_, _, key):
                del self._due[key]


def _values(variables: dict[str, object]) -> dict[str, Value]:
    return {name: feel.from_python(value) for name, value in variables.items()}
