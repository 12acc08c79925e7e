"""What Activiti and Flowable say in their namespaces and Camunda 7 does not, translated into the raw model.

Skip expressions, events that listen to variables, what a multi-instance gathers of several variables, and
values of data objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from penstock.bpmn.coverage.groups import ACTIVITIES
from penstock.bpmn.findings import Report
from penstock.bpmn.names import (
    CAMUNDA_FAMILY,
    Xml,
    attribute,
    bpmn_children,
    elements_of,
    extensions_of,
    is_true,
    line_of,
    local_name,
    namespace_of,
    spot_of,
    text_of,
    vendor_name,
)
from penstock.bpmn.raw import RawChange, RawMapping, RawTrigger, Settings, Source
from penstock.bpmn.vendors.juel import NotTranslatable, quoted, to_feel

LISTENER: Final = "variableListenerEventDefinition"
_CHANGES: Mapping[str, tuple[bool, bool]] = {
    "all": (True, True),
    "create": (True, False),
    "update": (False, True),
    "update-create": (True, True),
}
"""Whether a variable listener waits for a new variable, and for one that is set again."""


def variable_listeners(event: Xml, report: Report) -> Iterator[RawTrigger]:
    """Give what an event waits for by Flowable's `variableListenerEventDefinition`."""
    for word in extensions_of(event):
        if namespace_of(word) in CAMUNDA_FAMILY and local_name(word) == LISTENER:
            variable = attribute(word, "variableName")
            changes = attribute(word, "variableChangeType") or "all"
            if variable is None or changes not in _CHANGES:
                report.error(
                    "unsupported-extension",
                    spot_of(word),
                    f"{vendor_name(word.tag)} names the variable {variable!r} and the changes {changes!r}.",
                    f"Name a variable, and one of {', '.join(_CHANGES)}.",
                )
                continue
            change = RawChange(variable, *_CHANGES[changes])
            yield RawTrigger("conditionalEventDefinition", line_of(word), change=change)


SKIPPED = ACTIVITIES | {"sequenceFlow"}
_SKIPPING = "_ACTIVITI_SKIP_EXPRESSION_ENABLED = true or _FLOWABLE_SKIP_EXPRESSION_ENABLED = true"
"""The variables by which an instance of Activiti or Flowable says that skip expressions count in it."""


def skip(source: Source | None) -> Source | None:
    """Give when an activity that has a skip expression does nothing."""
    if source is None:
        return None
    return Source(f"if {_SKIPPING} then {source.text} else false", True, source.line, source.what)


def unless_skipping(condition: Source | None, skip: Source) -> Source:
    """Give the condition of a flow that has a skip expression, which counts in its place where one counts."""
    plain = "true" if condition is None else condition.text
    return Source(f"if {_SKIPPING} then {skip.text} else ({plain})", True, skip.line, skip.what)


_LITERAL: Final = re.compile(r"-?\d+(\.\d+)?|true|false")


def initial_values(scope: Xml) -> list[RawMapping]:
    """Give the values that the data objects of a process or a sub-process begin with."""
    found = []
    for held in bpmn_children(scope, "dataObject"):
        line, name = line_of(held), attribute(held, "name") or attribute(held, "id")
        is_text = (attribute(held, "itemSubjectRef") or "string").endswith("string")
        for word in extensions_of(held):
            if name is not None and namespace_of(word) in CAMUNDA_FAMILY and local_name(word) == "value":
                literal = not is_text and _LITERAL.fullmatch(text_of(word)) is not None
                found.append(
                    RawMapping(Source(text_of(word), literal, line, f"the value of '{name}'"), name, line)
                )
    return found


def aggregation(xml: Xml, settings: Settings, report: Report) -> None:
    """Read what a multi-instance gathers: for each instance, a context of the variables that are named."""
    target, entries = attribute(xml, "target"), []
    for child in elements_of(xml):
        at, source = spot_of(child), attribute(child, "source")
        expression = attribute(child, "sourceExpression")
        name = attribute(child, "target") or source
        try:
            value = source or to_feel(expression or "")
        except NotTranslatable as reason:
            report.warning(
                "juel-not-translated",
                at,
                f"'{name}' is left out of what is gathered: {expression!r} cannot be translated: {reason}.",
                "Name a variable as its source.",
            )
            continue
        entries.append(f"{quoted(name or value)}: {value}")
    if target is None:
        report.error(
            "missing-attribute",
            spot_of(xml),
            f"{vendor_name(xml.tag)} has no target.",
            "Name the variable that takes what is gathered.",
        )
        return
    settings.loop_output = target
    text = f"{{{', '.join(entries)}}}"
    settings.loop_output_element = Source(text, True, line_of(xml), "the output element")
    settings.loop_overview = is_true(attribute(xml, "createOverviewVariable"))
