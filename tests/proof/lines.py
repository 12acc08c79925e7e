"""What Penstock promises to run, line by line, and for each line where to see that it does.

A line names transcripts and tests. With a transcript comes the text in it that shows the line: it must
occur where the transcript says what happened, so that a change of either is noticed. `docs/bpmn-proof.md` is
written from this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Shown:
    """One place that shows a line."""

    place: str
    """A transcript by its name, or a test by its path and name."""
    at: str = ""
    """In a transcript: the text to look at."""


Line = tuple[str, tuple[Shown, ...]]
"""What is promised, and what shows it."""


def see(name: str, at: str) -> Shown:
    """Name a transcript, and the text in it to look at."""
    return Shown(name, at)


def tested(file: str, name: str) -> Shown:
    """Name a test, by its file under `tests/` and its name without `test_`."""
    return Shown(f"tests/{file}.py::test_{name}")


_STARTS: Final[tuple[Line, ...]] = (
    ("none", (see("start-event", "start at start_web as order-17"),)),
    ("several in one process", (see("start-event-first", "start at start_phone"),)),
    (
        "message",
        (
            see("start-event-message", "start at ordered"),
            tested("api/test_messages", "a_message_starts_an_instance"),
        ),
    ),
    (
        "timer: date, duration, cycle `R3/PT10M`, cron",
        (
            see("start-event-timer", "start at nightly"),
            tested("api/test_messages", "a_timer_starts_instances_as_often_as_it_says"),
            tested("bpmn/test_rules_events", "a_timer_with_a_date_or_a_duration_is_read"),
            tested("bpmn/test_cycles", "a_cycle_fires_as_often_and_as_far_apart_as_it_says"),
        ),
    ),
    (
        "signal",
        (
            see("start-event-signal", "start at storm"),
            tested("api/test_messages", "a_signal_goes_to_everyone_and_starts_instances"),
        ),
    ),
    (
        "conditional",
        (
            see("start-event-condition", "start at low"),
            tested("runtime/test_starting", "conditions_that_are_true_start_instances_with_the_variables"),
        ),
    ),
    ("multiple: one trigger is enough", (see("start-event-multiple", "start at ordered"),)),
    (
        "parallel multiple: each trigger must come",
        (
            see("start-event-parallel", "start at ready"),
            tested("runtime/test_starting", "an_instance_starts_when_each_of_its_triggers_has_come"),
        ),
    ),
)

_EVENT_SUB_PROCESSES: Final[tuple[Line, ...]] = (
    ("message, interrupting", (see("event-sub-process-message-interrupting", "user task pack cancelled"),)),
    ("message, not interrupting", (see("event-sub-process-message", "enter asked"),)),
    ("timer, interrupting", (see("event-sub-process-timer-interrupting", "enter late"),)),
    ("timer, not interrupting", (see("event-sub-process-timer", "enter late"),)),
    ("timer, a cycle", (see("event-sub-process-timer-cycle", "enter remind"),)),
    ("signal, interrupting", (see("event-sub-process-signal", "user task work cancelled"),)),
    ("signal, not interrupting", (see("event-sub-process-signal-non-interrupting", "enter called#2"),)),
    (
        "conditional, interrupting",
        (see("event-sub-process-condition-interrupting", "user task pour cancelled"),),
    ),
    ("conditional, not interrupting", (see("event-sub-process-condition", "enter hot#2"),)),
    ("error", (see("event-sub-process-error", "error NO_MONEY caught by refused"),)),
    ("escalation, interrupting", (see("escalation-event-sub-process-interrupting", "cancel work"),)),
    ("escalation, not interrupting", (see("escalation-event-sub-process", "escalation E caught by raised"),)),
    ("compensation", (see("compensation-event-sub-process", "enter undone"),)),
    ("multiple, interrupting", (see("event-sub-process-multiple", "enter over"),)),
    ("multiple, not interrupting", (see("event-sub-process-multiple-non-interrupting", "enter asked"),)),
    ("parallel multiple, interrupting", (see("event-sub-process-parallel", "start_o has come whole"),)),
    (
        "parallel multiple, not interrupting",
        (see("event-sub-process-parallel-non-interrupting", "start_a has come whole"),),
    ),
)

_CATCHING: Final[tuple[Line, ...]] = (
    ("message", (see("intermediate-catch-event-message", "message paid correlated"),)),
    ("timer: a duration", (see("intermediate-catch-event", "timer wait fired"),)),
    ("timer: a date", (see("intermediate-catch-event-date", "timer again fired"),)),
    ("signal", (see("intermediate-catch-event-signal", "signal storm received"),)),
    ("conditional", (see("intermediate-catch-event-condition", "condition low met"),)),
    ("link", (see("link-event", "enter link2"),)),
    ("multiple", (see("multiple-event", "signal any received"),)),
    ("parallel multiple", (see("multiple-event-parallel", "set stock = 3, amount = 12"),)),
)

_THROWING: Final[tuple[Line, ...]] = (
    ("none", (see("intermediate-throw-event", "complete reached"),)),
    ("message", (see("intermediate-throw-event-message", "message sent by tell: shipped"),)),
    ("signal", (see("intermediate-throw-event-signal", "signal sent by warn: storm"),)),
    ("escalation", (see("escalation", "escalation SLOW thrown by slow"),)),
    ("compensation", (see("compensation", "compensation of all thrown by undo"),)),
    ("link", (see("link-event", "take over~>link2"),)),
    (
        "multiple",
        (
            see("multiple-event-throw", "signal sent by tell: busy"),
            see("multiple-event-throw-escalation", "escalation LATE thrown by tell"),
        ),
    ),
)

_ENDS: Final[tuple[Line, ...]] = (
    ("none", (see("end-event", "enter done_1"),)),
    ("message", (see("end-event-message", "message sent by told: shipped"),)),
    ("signal", (see("end-event-signal", "signal sent by warned: storm"),)),
    ("error", (see("end-event-error", "caught by invalid"),)),
    ("escalation", (see("escalation-end-event", "escalation LATE thrown by late"),)),
    ("compensation", (see("compensation-loop", "compensation of all thrown by undo"),)),
    ("cancel", (see("transaction-cancel", "enter deal_off"),)),
    ("terminate", (see("end-event-terminate", "timer of wait cancelled"),)),
    ("multiple", (see("end-event-multiple", "signal sent by told: done"),)),
)

_BOUNDARY: Final[tuple[Line, ...]] = (
    ("message, interrupting", (see("boundary-event-message", "user task pack cancelled"),)),
    ("message, not interrupting", (see("boundary-event-message-non-interrupting", "enter changed"),)),
    ("timer, interrupting", (see("boundary-event-timer", "user task approve cancelled"),)),
    ("timer, not interrupting", (see("boundary-event-timer-non-interrupting", "enter remind"),)),
    ("timer, a cycle", (see("boundary-event-timer-cycle", "timer remind fired"),)),
    ("timer, cron", (see("boundary-event-timer-cron", "timer remind fired"),)),
    ("signal, interrupting", (see("boundary-event-signal", "user task steer cancelled"),)),
    ("signal, not interrupting", (see("boundary-event-signal-non-interrupting", "enter call"),)),
    ("conditional, interrupting", (see("boundary-event-condition", "condition low met"),)),
    (
        "conditional, not interrupting",
        (see("boundary-event-condition-non-interrupting", "condition low met"),),
    ),
    ("error", (see("boundary-event-error", "caught by poor"),)),
    ("escalation, interrupting", (see("escalation", "escalation STOP caught by stop_seen"),)),
    ("escalation, not interrupting", (see("escalation", "escalation SLOW caught by slow_seen"),)),
    ("cancel", (see("transaction-cancel", "enter deal_off"),)),
    ("compensation", (see("compensation", "refund compensates pay"),)),
    ("multiple, interrupting", (see("multiple-event-boundary", "user task pack cancelled"),)),
    ("multiple, not interrupting", (see("boundary-event-multiple-non-interrupting", "enter heard"),)),
    ("parallel multiple, interrupting", (see("boundary-event-parallel", "called_off has come whole"),)),
    (
        "parallel multiple, not interrupting",
        (see("boundary-event-parallel-non-interrupting", "checked has come whole"),),
    ),
)

_GATEWAYS: Final[tuple[Line, ...]] = (
    ("exclusive", (see("exclusive-gateway", "take big?->large"),)),
    ("inclusive", (see("inclusive-gateway", "enter meet"),)),
    (
        "the inclusive join waits for every token that can still arrive",
        (
            see("inclusive-gateway-unstructured", "enter meet"),
            see("inclusive-gateway-boundary", "enter join"),
        ),
    ),
    ("the inclusive join in a loop", (see("inclusive-gateway-loop", "take again?->meet"),)),
    ("the inclusive join and nested scopes", (see("inclusive-gateway-sub-process", "enter meet"),)),
    ("parallel", (see("parallel-gateway", "enter join+"),)),
    ("event-based", (see("event-based-gateway", "take first->paid"),)),
    ("event-based, instantiating", (see("event-based-gateway-instantiate", "start at called"),)),
    ("event-based, instantiating and parallel", (see("event-based-gateway-parallel", "enter paid"),)),
    (
        "complex: activation count and condition",
        (see("complex-gateway", "take two->after"), see("complex-gateway-reset", "take one->late")),
    ),
)

_TASKS: Final[tuple[Line, ...]] = (
    ("service", (see("service-task", "job pay completed"),)),
    ("user", (see("user-task", "user task approve completed"),)),
    ("script", (see("script-task", "set sum = 3.3"),)),
    ("business rule", (see("business-rule-task", "decision rating 1 made by rate"),)),
    ("send", (see("send-task", "message sent by ask: offer wanted"),)),
    ("receive", (see("receive-task", "message paid correlated"),)),
    ("receive, instantiating", (see("receive-task-instantiate", "start at paid"),)),
    ("manual", (see("manual-task", "complete phone"),)),
    ("undefined", (see("task", "complete think"),)),
    (
        "global tasks",
        (
            see("global-task", "user task check#2 opened: for ann"),
            tested("bpmn/test_global_tasks", "a_global_task_is_a_process_of_one_task_for_other_files"),
        ),
    ),
)

_CALLS: Final[tuple[Line, ...]] = (
    ("call activity", (see("call-activity", "call pay opened: payment"),)),
    (
        "version binding latest, deployment, tag",
        (tested("runtime/test_calls", "the_version_that_is_called_is_the_one_that_the_call_is_bound_to"),),
    ),
    (
        "variables in and out",
        (see("call-activity-mappings", "set receipt = "), see("call-activity-nothing-back", "complete pay")),
    ),
    (
        "errors back",
        (
            see("call-activity-error", "caught by poor"),
            tested("runtime/test_calls", "an_error_in_the_called_process_is_caught_on_the_call"),
        ),
    ),
    (
        "escalations back",
        (
            see("call-activity-escalation", "caught by slow"),
            tested(
                "runtime/test_calls",
                "an_escalation_in_the_called_process_is_caught_on_the_call_and_both_go_on",
            ),
        ),
    ),
    (
        "depth limit",
        (tested("runtime/test_calls", "processes_that_call_each_other_without_end_stop_with_an_incident"),),
    ),
)

_SUB_PROCESSES: Final[tuple[Line, ...]] = (
    ("embedded", (see("sub-process", "close wrap"),)),
    ("variables of its own", (see("sub-process-variables", "open compute"),)),
    ("transaction, completed", (see("transaction-completed", "not_book compensates book"),)),
    ("transaction, cancelled and compensated", (see("transaction-cancel", "not_deep compensates deep"),)),
    ("ad-hoc, ordering Parallel", (see("ad-hoc-sub-process", "enter call#2"),)),
    (
        "ad-hoc, ordering Sequential",
        (see("ad-hoc-sub-process-sequential", "only one activity of 'handle' may be active"),),
    ),
    ("ad-hoc, completion condition", (see("ad-hoc-sub-process", "close handle"),)),
    ("ad-hoc, cancelRemainingInstances", (see("ad-hoc-sub-process-keep", "enter write"),)),
)

_LOOPS: Final[tuple[Line, ...]] = (
    ("standard loop, tested before", (see("loop-before-never", "close count"),)),
    ("standard loop, tested after", (see("loop-after", "ask done 2 times"),)),
    ("standard loop, maximum", (see("loop-maximum", "count done 3 times"),)),
    ("standard loop on a sub-process", (see("loop-sub-process", "enter try#3"),)),
    ("standard loop on a call activity", (see("loop-call-activity", "call ask#3 opened"),)),
    ("multi-instance, parallel, over a collection", (see("multi-instance-parallel", "pay#2 gives"),)),
    ("multi-instance, sequential", (see("multi-instance-sequential", "pay#3 is number 2"),)),
    ("multi-instance, a cardinality", (see("multi-instance-cardinality", "repeat vote 2 times"),)),
    ("input and output elements", (see("multi-instance-mappings", "set receipts"),)),
    ("completion condition", (see("multi-instance-completion", "user task vote#4 cancelled"),)),
    (
        "completion condition, sequential",
        (see("multi-instance-completion-sequential", "ask is over"),),
    ),
    (
        "completion condition, of a sub-process",
        (see("multi-instance-completion-sub-process", "user task call cancelled"),),
    ),
    ("behavior None", (see("multi-instance-behavior-none", "escalation VOTED caught by voted"),)),
    ("behavior One", (see("multi-instance-behavior-one", "enter first"),)),
    ("behavior Complex", (see("multi-instance-behavior-complex", "escalation VETO caught by stopped"),)),
    ("behavior All", (tested("bpmn/test_behavior", "all_throws_nothing"),)),
    ("on a sub-process, parallel", (see("multi-instance-sub-process", "open handle#3"),)),
    ("on a sub-process, sequential", (see("multi-instance-sequential-sub-process", "open each_item#3"),)),
    ("on a call activity, parallel", (see("call-activity-multi-instance", "call pay#3 opened"),)),
    (
        "on a call activity, sequential",
        (see("call-activity-multi-instance-sequential", "call pay#3 opened"),),
    ),
    ("nested", (see("multi-instance-nested", "set picked"),)),
    ("start and completion quantities", (see("quantities", "enter load#2"),)),
)

_FLOWS: Final[tuple[Line, ...]] = (
    ("conditional flows out of an activity", (see("conditional-flow-activity", "take ask->check"),)),
    ("several flows out of an activity", (see("implicit-split-and-merge", "take a->c"),)),
    (
        "default flows",
        (
            see("conditional-flow-default", "take ask->small"),
            see("exclusive-gateway-default", "take big?->small"),
            see("inclusive-gateway-default", "take pick->skip"),
        ),
    ),
    ("uncontrolled merges", (see("implicit-split-and-merge", "enter d#2"),)),
    ("flows without an id", (tested("bpmn/test_read", "flows_without_an_id_get_one_each"),)),
)

_COMPENSATION: Final[tuple[Line, ...]] = (
    ("in reverse order", (see("compensation", "refund compensates pay"),)),
    ("with the variables of then", (see("compensation", "set amount = 7 for refund only"),)),
    ("of nested scopes", (see("compensation-nested", "no_hotel compensates hotel"),)),
    ("of multi-instances", (see("multi-instance-compensation", "cancel_booking compensates book#3"),)),
    ("of loops", (see("compensation-standard-loop", "cancel_booking compensates book#3"),)),
    ("of one activity", (see("compensation-activity", "not_a compensates a"),)),
    (
        "of what a call activity has called",
        (
            see("compensation-call-activity", "compensation by undo takes book"),
            tested(
                "runtime/test_exceptional",
                "what_a_call_activity_has_called_is_undone_in_an_instance_of_the_same_version",
            ),
        ),
    ),
    ("by a compensation event sub-process", (see("compensation-event-sub-process", "enter undone"),)),
    ("that is not waited for", (see("compensation-without-waiting", "enter tell"),)),
)

_PROPAGATION: Final[tuple[Line, ...]] = (
    ("an error, through scopes", (see("boundary-event-error-propagation", "caught by bad"),)),
    (
        "an error, through a call activity",
        (
            see("called-error", "error NO_FUNDS thrown by poor"),
            see("call-activity-error", "error NO_FUNDS caught by poor"),
        ),
    ),
    (
        "an error, with a code and without",
        (
            see("boundary-event-error-codes", "error NO_MONEY caught by poor"),
            see("boundary-event-error-codes", "error OTHER caught by any_tell"),
        ),
    ),
    (
        "an error that nothing catches",
        (see("end-event-error-unhandled", "nothing catches the error 'INVALID'"),),
    ),
    ("an escalation, through scopes", (see("escalation-event-sub-process", "caught by out"),)),
    (
        "an escalation, through a call activity",
        (
            see("called-escalation", "escalation SLOW thrown by tell"),
            see("call-activity-escalation", "escalation SLOW caught by slow"),
        ),
    ),
    (
        "an escalation, with a code and without",
        (
            see("escalation-uncaught", "escalation A caught by named"),
            see("escalation-uncaught", "escalation B caught by any"),
        ),
    ),
    ("an escalation that nothing catches", (see("escalation-uncaught", "escalation LOST thrown by lost"),)),
)

_DATA: Final[tuple[Line, ...]] = (
    (
        "data objects",
        (tested("bpmn/test_data", "associations_are_mappings_between_the_variables_of_their_ends"),),
    ),
    (
        "data inputs and outputs with associations",
        (see("data-associations", "set amount = 5 for price only"),),
    ),
    ("properties", (see("data-associations", "set seen = null for check only"),)),
    (
        "pools that exchange messages over message flows",
        (
            tested("bpmn/test_rules_outside", "a_message_flow_says_which_message_where_nothing_else_does"),
            tested("api/test_example_of_two_pools", "the_answer_finds_the_order"),
        ),
    ),
    ("lanes", (tested("bpmn/test_coverage", "what_has_no_effect_is_passed_over"),)),
)

_MESSAGES: Final[tuple[Line, ...]] = (
    (
        "correlation by key",
        (
            see("correlation-key", "message answered awaited: invoice for o-1"),
            tested("api/test_messages", "a_message_goes_to_the_instance_that_waits_for_its_key"),
        ),
    ),
    (
        "BPMN's own correlation",
        (tested("runtime/test_outside", "instances_find_each_other_by_the_standards_own_correlation"),),
    ),
    ("time to live", (tested("api/test_messages", "a_buffered_message_expires"),)),
    (
        "buffering before the subscription",
        (tested("runtime/test_outside", "messages_and_those_who_wait_find_each_other_whatever_comes_first"),),
    ),
    (
        "idempotent by message id",
        (tested("api/test_messages", "a_message_that_comes_again_is_the_first_one"),),
    ),
    ("one start per key", (tested("api/test_messages", "one_instance_of_a_key_runs_at_a_time"),)),
    (
        "signals broadcast across instances",
        (tested("runtime/test_outside", "a_signal_is_taken_to_all_in_batches"),),
    ),
    (
        "conditional events evaluated when variables change",
        (see("intermediate-catch-event-condition", "condition low met"),),
    ),
)

_EXTENSIONS: Final[tuple[Line, ...]] = (
    ("`zeebe:taskDefinition`", (tested("bpmn/test_zeebe", "a_service_task_is_a_job"),)),
    (
        "`zeebe:ioMapping`",
        (
            tested("bpmn/test_zeebe", "mappings_are_read_in_their_order"),
            see("mappings", 'set amount = 10, order = {id: "o-1"'),
        ),
    ),
    ("`zeebe:calledElement`", (tested("bpmn/test_calls", "the_version_is_bound"),)),
    ("`zeebe:calledDecision`", (tested("bpmn/test_decisions", "the_version_is_bound"),)),
    ("`zeebe:formDefinition`", (tested("bpmn/test_forms", "a_form_is_named_with_its_version"),)),
    ("`zeebe:assignmentDefinition`", (tested("bpmn/test_zeebe", "a_user_task_takes_all_its_settings"),)),
    ("`zeebe:loopCharacteristics`", (tested("bpmn/test_loops", "the_words_of_zeebe_say_all"),)),
    ("`zeebe:script`", (tested("bpmn/test_zeebe", "a_script_task_is_feel"),)),
    (
        "retries",
        (
            tested("bpmn/test_zeebe", "retries_are_what_the_model_says"),
            see("service-task-retries", "3 tries left"),
        ),
    ),
    (
        "listeners",
        (
            see("listener-start", "pay has been listened to"),
            see("listener-end", "end listener of pay opened: archive, 3 tries"),
            see("user-task-listener", "updating of approve is listened to"),
            see("user-task-listener-deny", "completing of user task approve denied (two must sign)"),
        ),
    ),
    (
        "`zeebe:versionTag`, `zeebe:properties`",
        (tested("bpmn/test_zeebe", "the_process_says_its_version_and_its_alias"),),
    ),
    ("`zeebe:adHoc`", (tested("bpmn/test_ad_hoc", "what_it_begins_with_is_an_expression"),)),
    (
        "`camunda:assignee`, candidates, form key",
        (tested("bpmn/test_camunda", "a_user_task_takes_the_attributes"),),
    ),
    ("`camunda:topic`", (tested("bpmn/test_camunda", "an_external_task_is_a_job"),)),
    (
        "`camunda:inputOutput`",
        (
            tested("bpmn/test_camunda", "parameters_are_texts_expressions_lists_and_maps"),
            tested("bpmn/test_camunda", "output_parameters_are_output_mappings"),
        ),
    ),
    (
        "`camunda:failedJobRetryTimeCycle`",
        (tested("bpmn/test_camunda", "a_retry_cycle_sets_tries_and_backoff"),),
    ),
    (
        "`camunda:asyncBefore`, `asyncAfter`: every step is durable here",
        (tested("bpmn/test_camunda", "words_and_attributes_that_nobody_carries_out_are_warnings"),),
    ),
    ("`${a > b}` to FEEL", (tested("bpmn/test_juel", "a_simple_expression_is_translated"),)),
    (
        "kept byte for byte in the file",
        (tested("runtime/test_deployments", "the_file_is_kept_byte_for_byte"),),
    ),
    ("what names Java is a finding", (tested("bpmn/test_camunda", "java_is_refused_by_name"),)),
)

_OPERATING: Final[tuple[Line, ...]] = (
    ("cancel", (see("cancel", "instance cancelled"),)),
    ("suspend and resume", (see("suspend", "resumed"),)),
    (
        "modify: move tokens, add and drop",
        (
            see("modify", "enter c"),
            see("modify-sub-process", "enter y"),
            see("modify-refused", "'late' is a boundary event; activate the element behind it"),
        ),
    ),
    (
        "migrate to another version with a mapping",
        (
            tested("kernel/test_migration", "an_instance_goes_on_by_the_other_definition"),
            tested("api/test_operating", "an_instance_goes_on_by_another_version"),
        ),
    ),
    (
        "a migration that would break is refused",
        (tested("kernel/test_migration", "what_is_in_the_way_is_refused_and_changes_nothing"),),
    ),
    (
        "retry an incident with changed variables",
        (see("service-task-incident", "incident at pay closed, 2 tries"),),
    ),
    (
        "restart from an element",
        (tested("api/test_operating", "an_instance_that_has_ended_is_started_anew_at_an_element"),),
    ),
    (
        "each for many instances by a filter, with progress",
        (
            tested("api/test_batches", "a_batch_cancels_what_its_filter_finds"),
            tested("api/test_batches", "a_batch_suspends_and_another_resumes"),
            tested("api/test_batches", "a_batch_retries_incidents_with_variables_put_right"),
            tested("api/test_batches", "a_batch_migrates_and_counts_what_could_not_be"),
            tested("api/test_batches", "a_batch_modifies_and_counts_what_is_somewhere_else"),
            tested("api/test_batches", "a_batch_starts_anew_what_has_ended"),
        ),
    ),
    ("a batch that is stopped", (tested("runtime/test_batches", "a_batch_that_was_stopped_does_no_more"),)),
)

_VALIDATION: Final[tuple[Line, ...]] = (
    (
        "code, severity, element, line and remedy",
        (
            tested("bpmn/test_rules_events", "all_problems_are_found_at_once_in_the_order_of_the_file"),
            tested("bpmn/test_miwg", "every_file_is_read_and_what_keeps_it_from_running_has_a_line"),
        ),
    ),
    (
        "unreachable elements",
        (tested("bpmn/test_rules_flows", "an_element_that_no_way_reaches_is_a_warning"),),
    ),
    (
        "joins that can never be satisfied",
        (tested("bpmn/test_rules_joins", "a_join_of_what_a_choice_keeps_apart_is_named"),),
    ),
    (
        "loops without a wait",
        (tested("bpmn/test_rules_flows", "a_loop_in_which_nothing_waits_is_a_warning"),),
    ),
    (
        "gateways without default",
        (tested("bpmn/test_rules_flows", "an_exclusive_gateway_without_a_default_flow_is_a_warning"),),
    ),
    (
        "unknown functions",
        (tested("bpmn/test_zeebe", "an_unknown_function_is_a_warning_with_the_nearest_names"),),
    ),
    (
        "undeclared variables",
        (
            tested("bpmn/test_undeclared", "a_slip_of_the_pen_is_told_whatever_the_start_brings"),
            tested("bpmn/test_undeclared", "where_a_form_says_what_comes_in_all_else_is_told"),
        ),
    ),
    (
        "unknown called processes",
        (tested("runtime/test_deployments", "a_call_of_a_process_that_is_not_there_is_a_warning"),),
    ),
    (
        "unknown decisions and forms",
        (
            tested("bpmn/test_decisions", "a_decision_that_is_not_there_is_a_warning_with_a_hint"),
            tested("bpmn/test_forms", "a_form_that_is_not_there_is_a_warning"),
        ),
    ),
    (
        "the 112 static rules beyond the schema",
        (
            tested(
                "bpmn/test_static_rules",
                "a_model_that_breaks_a_rule_has_a_finding_and_one_that_keeps_it_has_none",
            ),
        ),
    ),
)

_WHOLE: Final[tuple[Line, ...]] = (
    (
        "laws over random processes",
        (
            tested("kernel/test_laws", "every_instance_ends_or_waits_for_something_named"),
            tested("kernel/test_laws", "saving_and_loading_at_every_step_changes_nothing"),
            tested("kernel/test_laws", "a_stale_or_repeated_command_is_rejected_and_changes_nothing"),
            tested("kernel/test_laws", "a_migration_that_is_not_refused_comes_to_its_end"),
        ),
    ),
    (
        "the same processes with crashes around each commit",
        (tested("simulation/test_simulation", "nothing_acknowledged_is_lost_and_nothing_happens_twice"),),
    ),
    (
        "scenarios of other engines",
        (
            tested("suites/test_flowable", "a_scenario_goes_as_it_does_elsewhere"),
            tested("suites/test_patterns", "a_pattern_leaves_the_trace_that_it_expects"),
            tested("suites/test_behaviours", "every_behaviour_has_been_looked_at"),
        ),
    ),
    (
        "models of other tools, given back byte for byte",
        (tested("api/test_interchange", "what_may_run_is_deployed_and_given_back_byte_for_byte"),),
    ),
    (
        "the examples, as their READMEs say",
        (tested("api/test_examples", "an_example_goes_as_its_readme_says"),),
    ),
)

PROOF: Final[dict[str, tuple[Line, ...]]] = {
    "Start events": _STARTS,
    "Start events of event sub-processes": _EVENT_SUB_PROCESSES,
    "Intermediate catching events": _CATCHING,
    "Intermediate throwing events": _THROWING,
    "End events": _ENDS,
    "Boundary events": _BOUNDARY,
    "Gateways": _GATEWAYS,
    "Tasks": _TASKS,
    "Call activities": _CALLS,
    "Sub-processes": _SUB_PROCESSES,
    "Loops, multi-instances and quantities": _LOOPS,
    "Sequence flows": _FLOWS,
    "Compensation": _COMPENSATION,
    "Errors and escalations on their way": _PROPAGATION,
    "Data and collaborations": _DATA,
    "Messages, signals and conditions": _MESSAGES,
    "Extensions": _EXTENSIONS,
    "Operating": _OPERATING,
    "Validation before deployment": _VALIDATION,
    "As a whole": _WHOLE,
}
"""Every line that is promised, by its part."""
