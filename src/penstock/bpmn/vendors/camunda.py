"""The `camunda:` extensions of Camunda 7, translated where they mean the same here.

Models with these words are many, and those of Activiti and Flowable use the same ones. Half of the words
name Java code, which is refused by name: a model is data, and Penstock runs no Java.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from penstock.bpmn.coverage import COVERAGE
from penstock.bpmn.findings import Report
from penstock.bpmn.names import (
    CAMUNDA_FAMILY,
    Spot,
    Xml,
    attribute,
    elements_of,
    line_of,
    local_name,
    split_name,
    spot_of,
    text_of,
    vendor_name,
)
from penstock.bpmn.raw import RawForm, RawMapping, Settings, Source
from penstock.bpmn.sources import is_feel_language, open_source
from penstock.bpmn.vendors import flowable
from penstock.bpmn.vendors.juel import NotTranslatable, looks_like_juel, quoted, to_feel
from penstock.kernel.definition import Reach

_RETRY_CYCLE = re.compile(r"R(\d+)/(P\w+)")


def read_attributes(xml: Xml, holder: str, settings: Settings, report: Report) -> None:
    """Read the `camunda:` attributes of a BPMN element named `holder`."""
    for name, value in xml.attrib.items():
        if split_name(str(name))[0] in CAMUNDA_FAMILY:
            _read_attribute(xml, holder, str(name), str(value).strip(), settings, report)


def read_word(xml: Xml, settings: Settings, report: Report) -> None:
    """Read one `camunda:` element from the extensions of a BPMN element."""
    local = local_name(xml)
    if local in _REFUSED_WORDS:
        what, remedy = _REFUSED_WORDS[local]
        report.error("unsupported-extension", spot_of(xml), f"{vendor_name(xml.tag)}: {what}.", remedy)
    elif local in _WORDS:
        _WORDS[local](xml, settings, report)
    elif local != flowable.LISTENER:  # which is read with the triggers of its event
        _unknown(vendor_name(xml.tag), spot_of(xml), report)


# -- attributes ------------------------------------------------------------------------------------

_SOURCES: Mapping[str, tuple[str, str]] = {
    "assignee": ("assignee", "the assignee"),
    "candidateUsers": ("candidate_users", "the list of candidate users"),
    "candidateGroups": ("candidate_groups", "the list of candidate groups"),
    "dueDate": ("due_date", "the due date"),
    "followUpDate": ("follow_up_date", "the follow-up date"),
    "priority": ("priority", "the priority"),
}
_DECISION = frozenset(
    {"decisionRef", "decisionRefBinding", "decisionRefVersionTag", "mapDecisionResult", "resultVariable"}
)
_NAMES: Mapping[tuple[str, str], str] = {
    ("messageEventDefinition", "messageExpression"): "the name of the message",
    ("signalEventDefinition", "signalExpression"): "the name of the signal",
}
"""By event definition and attribute: an expression in place of a reference."""

_CALLERS_KEY = re.compile(r"[$#]\{\s*execution\.(processBusinessKey|businessKey)\s*\}")
_FORM = frozenset({"formKey", "formRef", "formRefBinding"})
_DEPLOYED_FORM = "camunda-forms:deployment:"
_BINDINGS: Mapping[str, str] = {"latest": "latest", "deployment": "deployment", "versionTag": "versionTag"}
_BINDING = "calledElementBinding"
_CALL = frozenset(
    {_BINDING, "businessKey", "calledElementVersionTag", "inheritBusinessKey", "inheritVariables"}
)
_REACHES: Mapping[str, Reach] = {"terminateAll": "instance", "terminateMultiInstance": "loop"}
_JAVA = frozenset({"class", "delegateExpression", "expression", "formHandlerClass", "variableMappingClass"})
_WITHOUT_EFFECT = frozenset(
    {
        "async",
        "asyncAfter",
        "asyncBefore",
        "candidateStarterGroups",
        "candidateStarterUsers",
        "diagramRelationId",
        "exclusive",
        "formRefVersion",
        "historyTimeToLive",
        "isStartableInTasklist",
        "jobPriority",
        "modelerTemplate",
        "modelerTemplateIcon",
        "modelerTemplateVersion",
        "taskPriority",
    }
)
"""Every step of Penstock is durable, so there is no asynchronous continuation to ask for."""


def _read_attribute(xml: Xml, holder: str, name: str, value: str, settings: Settings, report: Report) -> None:
    at, local, word = spot_of(xml), split_name(name)[1], vendor_name(name)
    if not value or local in _WITHOUT_EFFECT:
        return
    if local in _JAVA:
        report.error(
            "java-in-model",
            at,
            f"{word} names Java code ({value!r}), and Penstock runs no Java.",
            "Write a Python function and give the service task a job type: zeebe:taskDefinition.",
        )
    elif holder == "userTask" and local in _SOURCES:
        field, what = _SOURCES[local]
        setattr(settings, field, open_source(value, what, at, report))
    elif holder in ("userTask", "startEvent") and local in _FORM:
        _read_form(local, value, at, settings)
    elif holder in ("serviceTask", "sendTask", "businessRuleTask") and local in ("type", "topic"):
        _read_external(word, local, value, at, settings, report)
    elif holder == "businessRuleTask" and local in _DECISION:
        _read_decision(word, local, value, at, settings, report)
    elif holder == "scriptTask" and local == "resultVariable":
        settings.result_variable = value
    elif holder == "process" and local == "versionTag":
        settings.version_tag = value
    elif holder == "callActivity" and local in _CALL and (local != _BINDING or value in _BINDINGS):
        _read_call(local, value, at, settings, report)
    elif (holder, local) in _NAMES:
        settings.event_name = open_source(value, _NAMES[holder, local], at, report)
    elif holder == "multiInstanceLoopCharacteristics" and local == "collection":
        source = open_source(value, "the collection", at, report, whole=True)
        settings.loop_collection = None if source is None else Source(source.text, True, at.line, source.what)
    elif holder == "multiInstanceLoopCharacteristics" and local == "elementVariable":
        settings.loop_element = value
    elif holder == "terminateEventDefinition" and local in _REACHES:
        settings.reach = _REACHES[local] if value == "true" else settings.reach
    elif holder == "multiInstanceLoopCharacteristics" and local == "elementIndexVariable":
        settings.loop_index = value
    elif holder == "callActivity" and local == "useLocalScopeForOutParameters":
        settings.local_out = value == "true"
    elif holder in flowable.SKIPPED and local == "skipExpression":
        settings.skip = flowable.skip(open_source(value, "the skip expression", at, report))
    elif holder == "signal" and local == "scope":
        settings.local = value == "processInstance"
    elif local == "resource":
        report.error(
            "unsupported-extension",
            at,
            f"{word} takes the script from elsewhere ({value!r}).",
            "Write the script into the model, in FEEL.",
        )
    else:
        _unknown(f"the attribute {word} on {COVERAGE[holder].what}", at, report)


def _read_external(word: str, local: str, value: str, at: Spot, settings: Settings, report: Report) -> None:
    if local == "topic":
        settings.job_type, settings.job_line = value, at.line
    elif value != "external":
        report.error(
            "unsupported-extension",
            at,
            f"{word} is {value!r}; Penstock runs external tasks only.",
            "Use zeebe:taskDefinition with the name of a Python function.",
        )


def _read_call(local: str, value: str, at: Spot, settings: Settings, report: Report) -> None:
    """Read an attribute of a call activity."""
    if local == _BINDING:
        settings.binding = _BINDINGS[value]
    elif local == "calledElementVersionTag":
        settings.called_tag = value
    elif local == "inheritVariables":
        settings.all_in = value == "true"
    elif local == "businessKey":
        settings.business_key = _business_key(value, at, report)
    elif value != "true" and settings.business_key is None:
        settings.business_key = Source("null", True, at.line, "the business key")


def _business_key(value: str, at: Spot, report: Report) -> Source | None:
    """Read the business key of a called instance; that of the caller is inherited without a word."""
    inherited = _CALLERS_KEY.fullmatch(value) is not None
    return None if inherited else open_source(value, "the business key", at, report)


def _read_form(local: str, value: str, at: Spot, settings: Settings) -> None:
    """Read an attribute that says which form an element shows; the binding may come before the form."""
    form = settings.form or RawForm("", False, line=at.line)
    if local == "formRefBinding":
        # A version that is bound by its number in Camunda is not known here by that number.
        settings.form = replace(form, binding=_BINDINGS.get(value))
    elif local == "formRef":
        settings.form = replace(form, id=value, deployed=True)
    elif value.startswith(_DEPLOYED_FORM):
        name = value.removeprefix(_DEPLOYED_FORM).rpartition("/")[2].removesuffix(".form")
        settings.form = RawForm(name, True, "deployment", line=at.line)
    else:
        settings.form = replace(form, id=value)


def _read_decision(word: str, local: str, value: str, at: Spot, settings: Settings, report: Report) -> None:
    """Read an attribute of a business rule task that makes a decision."""
    if local == "decisionRef":
        settings.decision = open_source(value, "the called decision", at, report)
        settings.called_line = at.line
    elif local == "decisionRefBinding":
        settings.binding = _BINDINGS.get(value, value)
    elif local == "decisionRefVersionTag":
        settings.called_tag = value
    elif local == "resultVariable":
        settings.result_variable = value
    elif value not in ("singleEntry", "collectEntries"):
        report.warning(
            "decision-result",
            at,
            f"{word} is {value!r}: Penstock gives the result as DMN does, which for one output is its value, "
            "not a map with its name.",
            "Name what reads the result's value by the outputs only where the table has several, and write "
            "singleEntry or collectEntries where it has one.",
        )


# -- elements --------------------------------------------------------------------------------------


def _input_output(xml: Xml, settings: Settings, report: Report) -> None:
    lists = {"inputParameter": settings.inputs, "outputParameter": settings.outputs}
    for child in elements_of(xml):
        local, at = local_name(child), spot_of(child)
        name = attribute(child, "name")
        if local not in lists:
            _unknown(f"{vendor_name(child.tag)} in inputOutput", at, report)
        elif name is None:
            report.error(
                "missing-attribute",
                at,
                f"{vendor_name(child.tag)} has no name.",
                "Give it the name of a variable.",
            )
        elif (source := _parameter(child, name, at, report)) is not None:
            lists[local].append(RawMapping(source, name, at.line))


def _parameter(xml: Xml, name: str, at: Spot, report: Report) -> Source | None:
    what = f"the value of '{name}'"
    value = next(elements_of(xml), None)
    if value is None:
        return open_source(text_of(xml), what, at, report)
    try:
        return Source(_feel_of(value), True, at.line, what)
    except NotTranslatable as reason:
        report.error(
            "juel-not-translated",
            at,
            f"{what} cannot be translated: {reason}.",
            "Use zeebe:ioMapping, with a FEEL expression as the source.",
        )
        return None


def _feel_of(xml: Xml) -> str:
    local, text = local_name(xml), text_of(xml)
    if local == "list":
        return f"[{', '.join(_feel_of(child) for child in elements_of(xml))}]"
    if local == "map":
        return f"{{{', '.join(_entry(child) for child in elements_of(xml))}}}"
    if local == "script":
        language = attribute(xml, "scriptFormat") or ""
        if not is_feel_language(language):
            raise NotTranslatable(f"it is a script in '{language}'")
        return text.removeprefix("=").strip()
    if local != "value":
        raise NotTranslatable(f"{vendor_name(xml.tag)} is not known")
    return _literal(text)


def _entry(xml: Xml) -> str:
    key = quoted(xml.get("key", ""))
    value = next(elements_of(xml), None)
    return f"{key}: {_literal(text_of(xml)) if value is None else _feel_of(value)}"


def _literal(text: str) -> str:
    return to_feel(text) if looks_like_juel(text) else quoted(text)


def _retry_cycle(xml: Xml, settings: Settings, report: Report) -> None:
    match = _RETRY_CYCLE.fullmatch(text_of(xml))
    if match is None:
        report.error(
            "unsupported-extension",
            spot_of(xml),
            f"The retry cycle {text_of(xml)!r} is not of the form R3/PT5M.",
            "Write the number of tries and the time between them as R3/PT5M.",
        )
        return
    settings.retries, settings.backoff = match[1], match[2]
    settings.job_line = settings.job_line or line_of(xml)


def _passed(xml: Xml, settings: Settings, report: Report) -> None:
    """Read `in` or `out` of a call activity: where there is one, only what they name is passed."""
    words = list(elements_of(xml.getparent()))  # type: ignore[arg-type]
    settings.all_in, settings.all_out = _all(words, "in"), _all(words, "out")
    at = spot_of(xml)
    source, expression = attribute(xml, "source"), attribute(xml, "sourceExpression")
    target = attribute(xml, "target")
    key = attribute(xml, "businessKey")
    if key is not None:
        settings.business_key = _business_key(key, at, report)
    if attribute(xml, "variables") == "all":
        return
    if target is None or (source is None and expression is None):
        if key is None:
            report.error(
                "missing-attribute",
                at,
                f"{vendor_name(xml.tag)} needs a source and a target.",
                "Name the variable that is passed, and the one that takes it.",
            )
        return
    what = f"the value of '{target}'"
    read = Source(source, True, at.line, what) if source else open_source(expression or "", what, at, report)
    if read is not None:
        mappings = settings.inputs if local_name(xml) == "in" else settings.outputs
        mappings.append(RawMapping(Source(read.text, True, at.line, what), target, at.line))


def _all(words: list[Xml], local: str) -> bool:
    return any(local_name(word) == local and attribute(word, "variables") == "all" for word in words)


def _properties(xml: Xml, settings: Settings, _report: Report) -> None:
    for child in elements_of(xml):
        if (name := attribute(child, "name")) is not None:
            settings.properties[name] = child.get("value", "")


def _unknown(what: str, at: Spot, report: Report) -> None:
    report.warning(
        "unknown-extension",
        at,
        f"Penstock does not know {what} and does nothing for it.",
        "Remove it if the process does not need it, or say the same in the zeebe: extensions.",
    )


_WORDS: Mapping[str, Callable[[Xml, Settings, Report], None]] = {
    "failedJobRetryTimeCycle": _retry_cycle,
    "in": _passed,
    "inputOutput": _input_output,
    "out": _passed,
    "properties": _properties,
    "variableAggregation": flowable.aggregation,
}

_REFUSED_WORDS: Mapping[str, tuple[str, str]] = {
    "connector": ("Penstock has no connectors of Camunda 7", "Use a service task with a job type."),
    "errorEventDefinition": (
        "Penstock does not judge errors by expressions",
        "Raise BpmnError with the code in the Python function.",
    ),
    "executionListener": (
        "it is a listener in Java or in a script",
        "Write a Python function, and name it in a zeebe:executionListener.",
    ),
    "field": ("it sets a field of a Java object", "Use an input mapping."),
    "taskListener": (
        "it is a listener in Java or in a script",
        "Write a Python function, and name it in a zeebe:taskListener.",
    ),
}
