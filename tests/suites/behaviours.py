"""The behaviours of bpmn-elements, which its tests tell in words, and where ours show the same.

They name no models that another engine could run, so that they cannot be run as they are: each is matched by
what shows it here, with a line of a transcript to look at, or by the reason why it is none of ours.
"""

from __future__ import annotations

import json
from typing import Final

from tests.proof.lines import Shown, see, tested
from tests.suites.folder import SUITES

FILE: Final = SUITES / "bpmn-elements" / "behaviours.json"

Match = Shown | str
"""What shows a behaviour, or why it is none of Penstock's."""

_SCRIPTS: Final = "It asks for scripts in JavaScript; a model is data here, and expressions are FEEL."
_LISTENERS: Final = "It asks what its own listeners and message brokers are told; there are none here."
_STATE: Final = (
    "It asks for the form in which that engine keeps its state; here every step is stored, always."
)
_FORMAT: Final = "It asks for that engine's own formatting of messages by extensions in JavaScript."
_SHAKE: Final = "It asks for that engine's own walk through a model (shake), which runs nothing."
_API: Final = "It asks for a call of that engine's own API that BPMN does not have."
_FAIL: Final = (
    "There a fault ends the run; here it is an incident that keeps its place until it is put right."
)
_STORE: Final = (
    "A data store is no part of an instance (10.4.1): what is kept beyond it is a function's to keep; a "
    "reference to one stands for the variable of its name."
)
_KEPT: Final = tested("kernel/test_laws", "saving_and_loading_at_every_step_changes_nothing")
_CRASH: Final = tested("simulation/test_simulation", "nothing_acknowledged_is_lost_and_nothing_happens_twice")
_JOIN: Final = see("parallel-gateway-second-token", "enter ship")
_JUEL: Final = tested("bpmn/test_juel", "a_simple_expression_is_translated")

BEHAVIOURS: Final[dict[str, dict[str, Match]]] = {
    "BoundaryEvent": {
        "task with boundary event followed by a join": see("boundary-event-timer-in-time", "enter done"),
        "user task with interrupting boundary event": see(
            "boundary-event-timer", "user task approve cancelled"
        ),
        "user task with non-interrupting": see("boundary-event-timer-non-interrupting", "enter remind"),
        "loopback": see("boundary-event-loopback", "take late->m?"),
        "catch an error from service task": see("boundary-event-error", "caught by poor"),
        "catch error from sub process": see("end-event-error", "caught by invalid"),
        "catch an error from multi instance service": see("multi-instance-error", "caught by failed"),
        "catch an error from multi instance sub": see("multi-instance-boundary", "caught by refused"),
        "user task with multiple boundary events": see("boundary-event-two-timers", "enter late"),
        "non-interrupting repeated timer": see("boundary-event-timer-cycle", "timer remind fired"),
        "repeated timer in interrupting": tested(
            "bpmn/test_rules_outside", "a_cycle_of_what_happens_once_fires_once"
        ),
    },
    "Definition": {
        "A definition with one process and": _LISTENERS,
        "A definition with one process": see("start-event", "instance completed"),
        "A definition with lanes": tested("bpmn/test_coverage", "what_has_no_effect_is_passed_over"),
        "A definition with one non-executable": tested(
            "bpmn/test_rules_events", "a_process_that_is_not_executable_is_left_out"
        ),
        "Stop and resume": _KEPT,
        "Recover definition": _CRASH,
        "Two executable processes": tested("bpmn/test_read", "every_executable_process_of_a_file_is_read"),
        "No executable processes": tested(
            "runtime/test_deployments", "a_file_with_nothing_to_run_is_refused"
        ),
        "Using callbacks": _API,
    },
    "EventBasedGateway": {
        "EventBasedGateway with attached": see("event-based-gateway", "take first->paid"),
        "recovered gateway": _KEPT,
        "Resuming EventBasedGateway": _KEPT,
        "gateway with event that completes immediately": see(
            "event-based-gateway-condition", "take first->rich"
        ),
        "an eventbased gateway two outbound flows": tested(
            "bpmn/test_rules_outside", "an_event_based_gateway_waits_for_events_only"
        ),
    },
    "Process": {
        "A process with one activity": see("task", "complete think"),
        "A process with two succeeding": see("script-task", "take add->double"),
        "A process with an activity with two inbound": see("implicit-split-and-merge", "enter d#2"),
        "A process with a decision that is joined": see("exclusive-gateway-merge", "take merge?->last"),
        "A process with a decision": see("exclusive-gateway", "take big?->large"),
        "A process with multiple start activities": see("start-event", "start at start_web"),
        "A process with a join": see("parallel-gateway", "enter join+"),
        "A process with a discard loop": see("loop", "take more?->done"),
        "A process with a terminate end event": see("end-event-terminate", "timer of wait cancelled"),
        "A process with a timeout event": see("intermediate-catch-event", "timer wait fired"),
        "A process with a catch anonymous message": tested(
            "bpmn/test_rules_outside", "a_receive_task_without_a_message_waits_for_its_own_name"
        ),
        "A process with a combined catch": see("multiple-event", "signal any received"),
        "Task execution fails with error": see("boundary-event-error-unhandled", "incident at pay"),
        "A process that expects a task execution error": see("boundary-event-error", "caught by poor"),
        "A process that expects a task execution to be completed within duration is": _KEPT,
        "A process that expects a task execution to be completed": see(
            "boundary-event-timer-in-time", "timer of approve cancelled"
        ),
        "A process that expects to be notified": see("boundary-event-timer-non-interrupting", "enter send"),
        "A process with a waiting user task is resumed": _KEPT,
        "A process with a sub process with a waiting user task": _KEPT,
        "A process with boundary event waiting": see("boundary-event-timer", "enter late"),
        "Mother of all": see("loop-sub-process", "enter try#3"),
        "Stop and resume": _KEPT,
        "Cancel process": see("cancel", "instance cancelled"),
    },
    "Activity": {"When a task is discarded": see("exclusive-gateway-default", "take big?->small")},
    "Activity IO": {
        "property with data store": _STORE,
        "property referencing data store": _STORE,
        "edge cases": tested(
            "bpmn/test_data", "what_an_association_names_may_be_a_variable_that_nothing_declares"
        ),
        "*": see("data-associations", "set amount = 5 for price only"),
    },
    "Activity status": {
        "error is thrown": _FAIL,
        "a process with two shaken": _SHAKE,
        "Sub processes": see("multi-instance-sub-process", "waits for: job pay, job pay#2"),
        "a process with escalation": see("escalation", "waits for: user task note, user task work"),
        "a process with transaction": see("transaction-cancel", "waits for: user task not_deep"),
        "*": tested("api/test_instances", "what_an_instance_waits_for_is_told"),
    },
    "Ad-hoc subprocess": {
        "*": "There all its activities are begun at once; the standard leaves it to the participants "
        "which are done, and when (10.3.5): they are begun by whoever does them, or by an expression."
    },
    "Backward compatability 5.2": {"*": _STATE},
    "Call activity": {
        "call process in the same diagram": tested(
            "runtime/test_calls", "a_called_process_gets_variables_and_gives_its_own_back"
        ),
        "called process throws": see("call-activity-error", "caught by poor"),
        "call activity is cancelled": see("call-activity-boundary", "call pay cancelled"),
        "recovered call activity": tested("runtime/test_calls", "calls_go_on_after_a_restart"),
        "call activity is discarded": tested("runtime/test_calls", "cancelling_cancels_what_was_called"),
        "a process with a parallel multi-instance": see("call-activity-multi-instance", "call pay#3 opened"),
        "a process with a call activity referencing unknown": see(
            "call-activity-incident", "incident at pay"
        ),
        "call activity with called element": see("call-activity-mappings", "call pay opened"),
    },
    "Compensation": {
        "A service task with a bound": see("compensation", "refund compensates pay"),
        "A service task with bound": see("compensation-after-error", "no_flight compensates flight"),
        "A multi-instance task": see("multi-instance-compensation", "cancel_booking compensates book#3"),
        "A service task with double": "Two events for compensation are on one activity; there is one way "
        "to undo it (10.7.1). Finding: duplicate-compensation-boundary.",
    },
    "Conditional event": {
        "A service with conditional bound": see("boundary-event-condition", "condition low met"),
        "recover resume": _KEPT,
        "signalling": see("intermediate-catch-event-condition", "condition low met"),
        "A conditional start event": see("start-event-condition", "start at low"),
        "*": _SCRIPTS,
    },
    "Definition output": {"*": tested("api/test_instances", "waiting_for_the_end_gives_the_result")},
    "Dummy": {"*": tested("bpmn/test_coverage", "what_has_no_effect_is_passed_over")},
    "Errors": {
        "sub process ends with anonymous error event": see("end-event-error-unhandled", "incident at refuse"),
        "sub process ends with anonymous error caught": see(
            "boundary-event-error-codes", "error OTHER caught by any_tell"
        ),
        "sub process ends with known error caught by bound": see("end-event-error", "caught by invalid"),
        "sub process ends with known error caught by start": see(
            "event-sub-process-error-end", "caught by bad_one"
        ),
        "error with error code": see("boundary-event-error-codes", "error NO_MONEY caught by poor"),
        "a process with error throwing": see("end-event-error", "error INVALID thrown by refuse"),
        "Custom error is thrown": see("boundary-event-error-unhandled", "incident at pay"),
        "throw error inside listener": _LISTENERS,
        "throw error inside script": _SCRIPTS,
        "strict mode": _FAIL,
        "loop characterics": see("multi-instance-incident", "incident at pay"),
        "outbound evaluation fails": see("exclusive-gateway-null", "incident at big?"),
    },
    "Escalate": {
        "a process with start": see("escalation-event-sub-process", "escalation E caught by raised"),
        "a process with uncaught": see("escalation-uncaught", "escalation LOST thrown by lost"),
        "a process with nested": see("escalation-event-sub-process", "escalation E caught by out"),
        "*": see("escalation", "escalation SLOW caught by slow_seen"),
    },
    "expressions": {"*": tested("bpmn/test_rules_flows", "a_condition_that_is_no_feel_shows_the_place")},
    "extensions": {"*": _LISTENERS},
    "Format": {"*": _FORMAT},
    "Gateway": {
        "A process with an inclusive": see("inclusive-gateway-default", "take pick->skip"),
        "A process with an exclusive gateway with async": _SCRIPTS,
        "A process with an exclusive": see("exclusive-gateway-default", "take big?->small"),
        "Exclusive gateway that requires": see("business-rule-task", "decision rating 1 made by rate"),
        "A process with an parallel": _JOIN,
    },
    "IO": {"*": _STORE},
    "Engine issues": {
        "sub-process triggered by event": see("event-sub-process-error-again", "enter failed"),
        "sub-process triggered by signal": see("event-sub-process-signal", "enter stopped"),
        "throw signal succeeded": tested(
            "api/test_messages", "a_signal_is_not_for_those_who_wait_after_it_was_sent"
        ),
    },
    "Exclusive gateway used for joining": {"*": see("exclusive-gateway-merge", "take merge?->last")},
    "Issue 31": {
        "handles caught activity error on": _KEPT,
        "handles caught activity when": see("service-task-retries", "job pay failed"),
    },
    "Issue 32": {
        "*": tested(
            "runtime/test_outside", "messages_and_those_who_wait_find_each_other_whatever_comes_first"
        )
    },
    "Issue 39": {"*": _SCRIPTS},
    "Issue 42": {
        "definition is ran taking all": see("implicit-split-and-merge", "enter d#2"),
        "*": see("exclusive-gateway", "take big?->large"),
    },
    "Issues": {
        "Multiple discard": see("loop", "take more?->add"),
        "SubProcess multi instance": see("multi-instance-empty", "set receipts = []"),
        "two bound timer events": see("boundary-event-two-timers", "enter remind"),
        "FormKey": tested("api/test_forms", "a_start_shows_its_form_and_holds_its_rules"),
        "*": _KEPT,
    },
    "Attempt to provoke": {
        "*": tested("kernel/test_loops", "each_of_many_is_done_once_and_collected_in_order")
    },
    "Linking": {"Stop and resume": _KEPT, "*": see("link-event", "enter link2")},
    "Messaging": {
        "A process that expects message to start": see("start-event-message", "start at ordered"),
        "A process that expects message to continue": see(
            "intermediate-catch-event-message", "message paid correlated"
        ),
        "A receive task": see("receive-task", "message paid correlated"),
        "Two processes with message start": tested("api/test_messages", "a_message_starts_an_instance"),
        "Two processes with signal start": tested(
            "api/test_messages", "a_signal_goes_to_everyone_and_starts_instances"
        ),
        "A participant process": tested("api/test_messages", "a_process_that_sends_meets_one_that_receives"),
        "Message flow targets empty": tested(
            "bpmn/test_message_flows", "a_message_flow_between_pools_is_fine"
        ),
        "*": tested("bpmn/test_rules_outside", "a_message_flow_says_which_message_where_nothing_else_does"),
    },
    "Multiple start events": {
        "*": "There every start event is waited for in one instance; the standard has each of them begin an "
        "instance of its own (10.5.2)."
    },
    "Outbound flows": {
        "A process containing": see("conditional-flow-activity", "take ask->check"),
        "*": see("conditional-flow-none-true", "incident at ask"),
    },
    "Parallel gateway": {"*": _JOIN},
    "Recover resume": {
        "recover resume with another": tested(
            "kernel/test_migration", "an_instance_goes_on_by_the_other_definition"
        ),
        "*": _STATE,
    },
    "Script": {"*": tested("bpmn/test_zeebe", "a_script_that_cannot_be_run_is_an_error")},
    "Sequence flow": {"*": _LISTENERS},
    "Service task": {
        "*": tested(
            "runtime/test_jobs",
            "a_job_that_a_dead_server_held_is_run_by_the_next_at_once_with_the_same_idempotency_key",
        )
    },
    "Shaking": {"*": _SHAKE},
    "Signals": {
        "Two processes": tested("api/test_messages", "a_signal_goes_to_everyone_and_starts_instances"),
        "Stop and resume": _KEPT,
        "Recover processes": tested(
            "runtime/test_outside", "a_signal_goes_on_after_a_crash_and_nobody_has_it_twice"
        ),
        "broadcasted signal": tested("runtime/test_outside", "a_signal_is_taken_to_all_in_batches"),
        "broadcast signal across": see("intermediate-throw-event-signal", "signal sent by warn: storm"),
        "anonymous signal": "A signal without a name is nobody's: signals are found by their names (10.5.5). "
        "Finding: missing-signal.",
        "Process with end throwing": see("end-event-signal", "signal sent by warned: storm"),
        "Flow ending with signal": tested(
            "runtime/test_outside", "a_sender_that_waits_already_has_its_own_signal"
        ),
        "Signal elements": _API,
        "Signal immediately": _API,
    },
    "Stop and resume": {
        "Stop and resume different": tested(
            "kernel/test_migration", "an_instance_goes_on_by_the_other_definition"
        ),
        "*": _CRASH,
    },
    "Sub-process": {
        "SubProcess with sequential loop characteristics over": see(
            "multi-instance-sequential-sub-process", "open each_item#3"
        ),
        "*": see("multi-instance-sub-process", "set totals"),
    },
    "Swim lanes": {"*": tested("bpmn/test_coverage", "what_has_no_effect_is_passed_over")},
    "Task loop": {
        "Standard loop characteristics that": see("loop-before", "count done 2 times"),
        "Standard loop characteristics with": see("loop-maximum", "count done 3 times"),
        "Standard loop characteristics": see("loop-after", "ask done 2 times"),
        "ScriptTask with parallel loop characteristics over collection with": "A collection and a number at "
        "once contradict each other: there is one of the two (10.3.8). Finding: multi-instance-size.",
        "ScriptTask": see("multi-instance-parallel", "pay#2 gives"),
        "Sequential loop": see("multi-instance-incident", "incident at pay"),
        "Parallel loop": see("multi-instance-incident", "incident at pay"),
    },
    "Timers": {
        "a process with different timers": see("start-event-timer", "start at nightly"),
        "override": _API,
        "bound activity non-interrupting": see("boundary-event-timer-cycle", "timer remind fired"),
        "bound activity interrupting timer cycle with": tested(
            "bpmn/test_cycles", "a_cycle_fires_as_often_and_as_far_apart_as_it_says"
        ),
        "bound activity interrupting": tested(
            "bpmn/test_rules_outside", "a_cycle_of_what_happens_once_fires_once"
        ),
        "repeated time duration": tested(
            "bpmn/test_rules_outside", "a_cycle_of_what_happens_once_fires_once"
        ),
        "timer bound": tested("runtime/test_timers", "a_timer_survives_a_restart"),
        "faulty timer": see("intermediate-catch-event-incident", "incident at wait"),
        "timer delay": see("intermediate-catch-event-year", "timer wait fired"),
    },
    "Transaction": {
        "A transaction with compensation and a cancel": see(
            "transaction-cancel", "not_deep compensates deep"
        ),
        "A transaction with compensation and an error": "An error leaves a transaction without compensating "
        "it: a hazard is no cancellation (10.3.5, Transaction).",
        "Combined": "Not run yet: a cancel among several triggers of one event. Two events do "
        "the same. Finding: unsupported-trigger.",
        "Ignored bug": see("transaction-completed", "not_book compensates book"),
        "Compensation ignored": see("transaction-cancel", "enter deal_off"),
        "transaction is discarded": see("transaction", "caught by failed"),
    },
}
"""By feature and by the beginning of a scenario's name, the longest first; `*` is all others of it."""


def scenarios() -> list[tuple[str, str]]:
    """Give the feature and the name of each scenario; none where the suite is missing."""
    if not FILE.is_file():
        return []
    features = json.loads(FILE.read_text("utf-8"))
    return [(it["feature"], scenario["scenario"]) for it in features for scenario in it["scenarios"]]


def match(feature: str, scenario: str) -> Match | None:
    """Give what shows a scenario, or why nothing does; None where it has not been looked at."""
    known = next((it for name, it in BEHAVIOURS.items() if name == feature), None)
    if known is None:
        known = next((it for name, it in BEHAVIOURS.items() if feature.startswith(f"{name} ")), {})
    for name in sorted(known, key=len, reverse=True):
        if scenario.startswith(name):
            return known[name]
    return known.get("*")
