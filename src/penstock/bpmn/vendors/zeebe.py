"""The `zeebe:` extensions: the format in which models for Penstock are written.

Each word has one reader in the table, with the elements on which it has an effect. A word that is not
there is named, and one that would have no effect where it stands is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from penstock.bpmn.coverage import COVERAGE
from penstock.bpmn.coverage.groups import ACTIVITIES, EVENTS, FLOW_NODES, THROWERS
from penstock.bpmn.findings import Report
from penstock.bpmn.listeners import read_execution, read_task
from penstock.bpmn.names import Xml, attribute, elements_of, line_of, local_name, spot_of
from penstock.bpmn.raw import RawForm, RawMapping, Settings, Source
from penstock.bpmn.sources import zeebe_source


@dataclass(frozen=True, slots=True)
class _Word:
    read: Callable[[Xml, Settings, Report], None]
    holders: frozenset[str] | None
    """The elements on which it has an effect, None for all."""


def read_word(xml: Xml, holder: str, settings: Settings, report: Report) -> None:
    """Read one `zeebe:` element from the extensions of a BPMN element named `holder`."""
    local = local_name(xml)
    if local in _WITHOUT_EFFECT:
        return
    word = _WORDS.get(local)
    if word is None:
        report.warning(
            "unknown-extension",
            spot_of(xml),
            f"Penstock does not know zeebe:{local} and does nothing for it.",
            "Remove it if the process does not need it.",
        )
    elif word.holders is not None and holder not in word.holders:
        report.error(
            "misplaced-extension",
            spot_of(xml),
            f"zeebe:{local} has no effect on {COVERAGE[holder].what}.",
            f"Remove it, or move it to one of: {', '.join(sorted(word.holders))}.",
        )
    else:
        word.read(xml, settings, report)


def _task_definition(xml: Xml, settings: Settings, _report: Report) -> None:
    settings.job_type = attribute(xml, "type")
    settings.retries = attribute(xml, "retries")
    settings.job_line = line_of(xml)


def _task_headers(xml: Xml, settings: Settings, report: Report) -> None:
    for header in elements_of(xml):
        key = attribute(header, "key")
        if key is None:
            report.error("missing-attribute", spot_of(header), "A task header has no key.", "Give it a key.")
        else:
            settings.headers[key] = header.get("value", "")


def _io_mapping(xml: Xml, settings: Settings, report: Report) -> None:
    lists = {"input": settings.inputs, "output": settings.outputs}
    for child in elements_of(xml):
        direction = local_name(child)
        at = spot_of(child)
        if direction not in lists:
            report.error(
                "unknown-extension",
                at,
                f"zeebe:ioMapping holds zeebe:{direction}, which is neither an input nor an output.",
                "Use zeebe:input or zeebe:output.",
            )
            continue
        source, target = child.get("source", ""), attribute(child, "target")
        if target is None or not source.strip():
            report.error(
                "missing-attribute",
                at,
                f"An {direction} mapping needs a source and a target.",
                'Write a source such as "=amount" and the name of a variable as the target.',
            )
            continue
        what = f"the source of the {direction} mapping to '{target}'"
        lists[direction].append(RawMapping(zeebe_source(source, what, at), target, at.line))


def _script(xml: Xml, settings: Settings, report: Report) -> None:
    settings.script = _required(xml, "expression", "the script", report)
    settings.result_variable = attribute(xml, "resultVariable")


def _assignment(xml: Xml, settings: Settings, _report: Report) -> None:
    settings.assignee = _optional(xml, "assignee", "the assignee")
    settings.candidate_users = _optional(xml, "candidateUsers", "the list of candidate users")
    settings.candidate_groups = _optional(xml, "candidateGroups", "the list of candidate groups")


def _schedule(xml: Xml, settings: Settings, _report: Report) -> None:
    settings.due_date = _optional(xml, "dueDate", "the due date")
    settings.follow_up_date = _optional(xml, "followUpDate", "the follow-up date")


def _priority(xml: Xml, settings: Settings, report: Report) -> None:
    settings.priority = _required(xml, "priority", "the priority", report)


def _form(xml: Xml, settings: Settings, _report: Report) -> None:
    id = attribute(xml, "formId")
    if id is not None:
        binding, tag = attribute(xml, "bindingType"), attribute(xml, "versionTag")
        settings.form = RawForm(id, True, binding, tag, line_of(xml))
        return
    key = attribute(xml, "externalReference") or attribute(xml, "formKey")
    settings.form = None if key is None else RawForm(key, False, line=line_of(xml))


def _version_tag(xml: Xml, settings: Settings, _report: Report) -> None:
    settings.version_tag = attribute(xml, "value")


def _properties(xml: Xml, settings: Settings, _report: Report) -> None:
    for child in elements_of(xml):
        name = attribute(child, "name")
        if name is not None:
            settings.properties[name] = child.get("value", "")


def _subscription(xml: Xml, settings: Settings, report: Report) -> None:
    settings.correlation_key = _required(xml, "correlationKey", "the correlation key", report)


def _publish_message(xml: Xml, settings: Settings, _report: Report) -> None:
    settings.correlation_key = _optional(xml, "correlationKey", "the correlation key")
    settings.time_to_live = _optional(xml, "timeToLive", "the time to live")


def _marker(_xml: Xml, _settings: Settings, _report: Report) -> None:
    """Every user task is one of Penstock's own, so the marker adds nothing."""


def _optional(xml: Xml, name: str, what: str) -> Source | None:
    text = xml.get(name, "")
    return zeebe_source(text, what, spot_of(xml)) if text.strip() else None


def _required(xml: Xml, name: str, what: str, report: Report) -> Source | None:
    source = _optional(xml, name, what)
    if source is None:
        report.error(
            "missing-attribute",
            spot_of(xml),
            f"zeebe:{local_name(xml)} has no {name}.",
            f"Give it the attribute {name}.",
        )
    return source


def _loop(xml: Xml, settings: Settings, _report: Report) -> None:
    settings.loop_collection = _optional(xml, "inputCollection", "the input collection")
    settings.loop_element = attribute(xml, "inputElement")
    settings.loop_output = attribute(xml, "outputCollection")
    settings.loop_output_element = _optional(xml, "outputElement", "the output element")


def _called_element(xml: Xml, settings: Settings, report: Report) -> None:
    settings.called = _required(xml, "processId", "the called process", report)
    settings.called_line = line_of(xml)
    settings.binding = attribute(xml, "bindingType")
    settings.called_tag = attribute(xml, "versionTag")
    settings.all_in = attribute(xml, "propagateAllParentVariables") not in ("false", "0")
    settings.all_out = attribute(xml, "propagateAllChildVariables") not in ("false", "0")


def _called_decision(xml: Xml, settings: Settings, report: Report) -> None:
    settings.decision = _required(xml, "decisionId", "the called decision", report)
    settings.result_variable = attribute(xml, "resultVariable")
    settings.called_line = line_of(xml)
    settings.binding = attribute(xml, "bindingType")
    settings.called_tag = attribute(xml, "versionTag")
    if settings.result_variable is None:
        report.error(
            "missing-attribute",
            spot_of(xml),
            "zeebe:calledDecision has no resultVariable.",
            "Give it the attribute resultVariable.",
        )


def _ad_hoc(xml: Xml, settings: Settings, _report: Report) -> None:
    settings.active_elements = _optional(xml, "activeElementsCollection", "the collection of active elements")


_USER_TASK = frozenset({"userTask"})
_WITH_JOBS = frozenset({"serviceTask", "businessRuleTask", "sendTask", "intermediateThrowEvent", "endEvent"})

_WORDS = {
    "taskDefinition": _Word(_task_definition, _WITH_JOBS),
    "taskHeaders": _Word(_task_headers, _WITH_JOBS | {"userTask", "scriptTask"}),
    "ioMapping": _Word(_io_mapping, ACTIVITIES | EVENTS),
    "script": _Word(_script, frozenset({"scriptTask"})),
    "assignmentDefinition": _Word(_assignment, _USER_TASK),
    "taskSchedule": _Word(_schedule, _USER_TASK),
    "priorityDefinition": _Word(_priority, _USER_TASK),
    "formDefinition": _Word(_form, _USER_TASK | {"startEvent"}),
    "userTask": _Word(_marker, _USER_TASK),
    "versionTag": _Word(_version_tag, frozenset({"process"})),
    "properties": _Word(_properties, None),
    "subscription": _Word(_subscription, frozenset({"message"})),
    "publishMessage": _Word(_publish_message, frozenset({"sendTask"}) | THROWERS),
    "adHoc": _Word(_ad_hoc, frozenset({"adHocSubProcess"})),
    "calledDecision": _Word(_called_decision, frozenset({"businessRuleTask"})),
    "calledElement": _Word(_called_element, frozenset({"callActivity"})),
    "executionListeners": _Word(read_execution, FLOW_NODES | {"process"}),
    "taskListeners": _Word(read_task, _USER_TASK),
    "loopCharacteristics": _Word(_loop, frozenset({"multiInstanceLoopCharacteristics"})),
}

_WITHOUT_EFFECT = frozenset({"userTaskForm"})
"""Words that hold data for others: a form that `formDefinition` names."""
