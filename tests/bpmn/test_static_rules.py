"""The static rules of BPMN beyond its schema, each with a model that breaks it and one that keeps it.

The names are those of the public list of these rules, which is read where the suites are: each rule is here.
"""

from __future__ import annotations

import json

import pytest

from penstock import bpmn
from tests.bpmn.models import around, codes, file_of, flow, process_of
from tests.bpmn.static_rules import (
    CALLS,
    CANCEL,
    CAUGHT,
    ERROR,
    ESCALATION,
    FORMAL,
    INNER,
    LINK,
    LINKED,
    MESSAGE,
    PLAIN,
    RUNG,
    SIGNAL,
    SUB,
    TEXT,
    THROWN,
    TIMER,
    UNDONE,
    E,
    Rule,
    S,
    awaited,
    both,
    calling,
    catching,
    choosing,
    ending,
    event_sub,
    files,
    gateway,
    listed,
    on,
    pools,
    undone,
    waiting,
    within,
)
from tests.bpmn.static_rules_of_data import DATA_RULES, FURTHER_DATA_RULES
from tests.suites.folder import SUITES

RULES = DATA_RULES | {
    "EXT.006": both("unknown-reference", f"{S}{flow('s', 'a')}{TEXT}{E}", PLAIN),
    "EXT.007": both("unknown-reference", f"{PLAIN}{TEXT}{flow('a', 'e')}", PLAIN),
    "EXT.008": files("message-flow-end", pools("x", "a", PLAIN, f"{TEXT}"), pools("x", "Q", PLAIN)),
    "EXT.009": files("message-flow-end", pools("a", "x", PLAIN, f"{TEXT}"), pools("Q", "x", PLAIN)),
    "EXT.011": both(
        "missing-escalation-code",
        ending('<escalationEventDefinition escalationRef="c2"/>'),
        ending('<escalationEventDefinition escalationRef="c"/>'),
        f'{ESCALATION}<escalation id="c2"/>',
    ),
    "EXT.012": both(
        "informal-expression",
        choosing("<conditionExpression>it is large</conditionExpression>"),
        choosing(FORMAL.format("large")),
    ),
    "EXT.013": both("empty-expression", choosing(FORMAL.format("")), choosing(FORMAL.format("large"))),
    "EXT.017": both(
        "gateway-direction",
        gateway('gatewayDirection="Converging"', 2, 2),
        gateway('gatewayDirection="Converging"', 2, 1),
    ),
    "EXT.018": both(
        "gateway-direction",
        gateway('gatewayDirection="Diverging"', 2, 2),
        gateway('gatewayDirection="Diverging"', 1, 2),
    ),
    "EXT.019": both(
        "gateway-direction",
        gateway('gatewayDirection="Mixed"', 1, 2),
        gateway('gatewayDirection="Mixed"', 2, 2),
    ),
    "EXT.021": both("event-sub-process-flow", event_sub(INNER) + flow("v", "e"), event_sub(INNER), SIGNAL),
    "EXT.022": both("event-sub-process-flow", event_sub(INNER) + flow("s", "v"), event_sub(INNER), SIGNAL),
    "EXT.023": both("flow-list-differs", listed(""), listed("<incoming>s_x</incoming>")),
    "EXT.024": both(
        "flow-not-immediate",
        PLAIN.replace('targetRef="x"', 'targetRef="x" isImmediate="false"'),
        PLAIN.replace('targetRef="x"', 'targetRef="x" isImmediate="true"'),
    ),
    "EXT.025": both(
        "no-default-flow",
        f'{S}{flow("s", "x")}<task id="x"/>{flow("x", "e", "large")}{E}',
        f'{S}{flow("s", "x")}<task id="x" default="x_y"/>{flow("x", "e", "large")}'
        f'{flow("x", "y")}<task id="y"/>'
        f"{flow('y', 'e')}{E}",
    ),
    "EXT.026": both(
        "unknown-reference",
        around('<task id="x" default="s_x"/>'),
        around('<task id="x" default="x_y"/>') + f'{flow("x", "y")}<task id="y"/>{flow("y", "e")}',
    ),
    "EXT.028": files("unknown-reference", pools("x", "Q", PLAIN + flow("x", "2x")), pools("x", "Q", PLAIN)),
    "EXT.031": files("message-flow-in-pool", pools("x", "e", PLAIN), pools("x", "2x", PLAIN)),
    "EXT.035": Rule(
        "public-process",
        process_of(PLAIN, attributes='isExecutable="true" processType="Public"'),
        process_of(PLAIN, attributes='isExecutable="true" processType="Private"'),
    ),
    "EXT.036": both("unsupported-element", PLAIN + CALLS, PLAIN),
    "EXT.037": both("invalid-quantity", around('<task id="x" startQuantity="0"/>'), PLAIN),
    "EXT.038": both("invalid-quantity", around('<task id="x" completionQuantity="0"/>'), PLAIN),
    "EXT.049": both(
        "instantiate-inside",
        around('<receiveTask id="x" instantiate="true" messageRef="m"/>'),
        f'<receiveTask id="x" instantiate="true" messageRef="m"/>{flow("x", "e")}{E}',
        MESSAGE,
    ),
    "EXT.053": both(
        "unsupported-language",
        around('<scriptTask id="x"><script>1 + 1</script></scriptTask>'),
        around('<scriptTask id="x" scriptFormat="feel"><script>1 + 1</script></scriptTask>'),
    ),
    "EXT.056": both("unsupported-element", within("subProcess", SUB + CALLS), within("subProcess", SUB)),
    "EXT.057": both("event-sub-process-flow", event_sub(INNER) + flow("v", "e"), event_sub(INNER), SIGNAL),
    "EXT.058": both(
        "event-sub-process-start",
        event_sub(INNER + f'<startEvent id="t2">{RUNG}</startEvent>{flow("t2", "f")}'),
        event_sub(INNER),
        SIGNAL,
    ),
    "EXT.059": both("event-sub-process-start", event_sub(SUB), event_sub(INNER), SIGNAL),
    "EXT.061": both(
        "ad-hoc-without-activity", within("adHocSubProcess", ""), within("adHocSubProcess", '<task id="y"/>')
    ),
    "EXT.062": both(
        "event-in-ad-hoc",
        within("adHocSubProcess", f'{SUB.replace(flow("t", "f"), "")}<task id="y"/>'),
        within("adHocSubProcess", '<task id="y"/>'),
    ),
    "EXT.095": both(
        "unknown-reference",
        ending('<signalEventDefinition id="sd" signalRef="g"/>')
        + '<intermediateThrowEvent id="y"><eventDefinitionRef>sd</eventDefinitionRef>'
        "</intermediateThrowEvent>",
        ending('<signalEventDefinition id="sd" signalRef="g"/>'),
        SIGNAL,
    ),
    "EXT.096": both("flow-into-start", PLAIN + flow("x", "s"), PLAIN),
    "EXT.097": both("no-start-event", f'<task id="x"/>{flow("x", "e")}{E}', PLAIN),
    "EXT.098": both(
        "trigger-not-allowed",
        f'<startEvent id="s"><errorEventDefinition errorRef="x1"/></startEvent>{flow("s", "e")}{E}',
        f'<startEvent id="s">{RUNG}</startEvent>{flow("s", "e")}{E}',
        ERROR + SIGNAL,
    ),
    "EXT.099": files(
        "called-without-start", calling("", "", f'<startEvent id="s">{CAUGHT}</startEvent>'), calling("", "")
    ),
    "EXT.100": both("trigger-not-allowed", within("subProcess", INNER), within("subProcess", SUB), SIGNAL),
    "EXT.101": both("start-without-flow", f'{S}<startEvent id="s2"/>{flow("s", "e")}{E}', PLAIN),
    "EXT.102": files("message-flow-direction", pools("s", "2x", PLAIN), pools("x", "2x", PLAIN)),
    "EXT.103": files(
        "message-flow-without-message",
        pools("2x", "s", PLAIN),
        pools("2x", "s", f'<startEvent id="s">{CAUGHT}</startEvent>{flow("s", "e")}{E}'),
    ),
    "EXT.104": both("flow-out-of-end", PLAIN + flow("e", "x"), PLAIN),
    "EXT.105": both("no-end-event", f'{S}{flow("s", "x")}<task id="x"/>', PLAIN),
    "EXT.106": both(
        "cancel-outside-transaction",
        ending(CANCEL),
        on(CANCEL, host=f'<transaction id="x">{SUB.replace("/>", "/>", 1)}</transaction>'),
    ),
    "EXT.107": both("unreachable", PLAIN + '<endEvent id="e2"/>', PLAIN),
    "EXT.108": files("message-flow-direction", pools("2x", "e", PLAIN), pools("2x", "x", PLAIN)),
    "EXT.109": files(
        "message-flow-without-message",
        pools("e", "2x", PLAIN),
        pools("e", "2x", f'{S}{flow("s", "e")}<endEvent id="e">{CAUGHT}</endEvent>'),
    ),
    "EXT.110": both(
        "error-not-interrupting", on("<errorEventDefinition/>", 'cancelActivity="false"'), on(TIMER)
    ),
    "EXT.111": both(
        "cancel-outside-transaction", on(CANCEL), on(CANCEL, host=f'<transaction id="x">{SUB}</transaction>')
    ),
    "EXT.112": both("flow-into-boundary", on(TIMER) + flow("x", "b"), on(TIMER)),
    "EXT.113": both("boundary-without-flow", on(TIMER, out=False), on(TIMER)),
    "EXT.114": both("compensation-flow", undone() + flow("b", "e"), undone()),
    "EXT.115": both("unreachable", PLAIN + f'<intermediateThrowEvent id="y"/>{flow("y", "e")}', PLAIN),
    "EXT.116": both("implicit-end", PLAIN + f'<intermediateThrowEvent id="y"/>{flow("x", "y")}', PLAIN),
    "EXT.117": both("link-with-flow", LINKED + flow("lt", "e"), LINKED),
    "EXT.118": both("link-without-target", f"{S}{flow('s', 'lt')}{THROWN.format(LINK)}", LINKED),
    "EXT.119": files(
        "message-flow-direction",
        pools("2x", "x", catching("", "intermediateThrowEvent")),
        pools("2x", "x", catching(CAUGHT)),
    ),
    "EXT.122": both("trigger-not-allowed", catching(UNDONE), catching(TIMER)),
    "EXT.123": both(
        "missing-condition",
        catching("<conditionalEventDefinition/>"),
        catching(
            '<conditionalEventDefinition><condition xsi:type="tFormalExpression">low</condition>'
            "</conditionalEventDefinition>"
        ),
    ),
    "EXT.124": both(
        "link-without-source",
        PLAIN + catching(LINK).replace(S + flow("s", "x"), "").replace('"x', '"l'),
        LINKED,
    ),
    "EXT.125": both(
        "link-with-two-targets",
        LINKED + f'<intermediateCatchEvent id="y">{LINK}</intermediateCatchEvent>{flow("y", "e")}',
        LINKED,
    ),
    "EXT.126": both(
        "link-without-target",
        f"{S}{flow('s', 'lt')}{THROWN.format(LINK)}" + event_sub(INNER).replace(S + flow("s", "x"), ""),
        LINKED,
        SIGNAL,
    ),
    "EXT.127": both("missing-message", catching("<messageEventDefinition/>"), catching(CAUGHT), MESSAGE),
    "EXT.128": both(
        "missing-operation",
        catching(CAUGHT),
        catching(CAUGHT.replace("/>", "><operationRef>o</operationRef></messageEventDefinition>")),
        f'{MESSAGE}<interface id="f" name="f"><operation id="o" name="o"><inMessageRef>m</inMessageRef>'
        "</operation></interface>",
    ),
    "EXT.135": both("idle-gateway", gateway("", 1, 1), gateway("", 1, 2)),
    "EXT.136": both(
        "event-gateway-one-way",
        waiting(awaited(1, TIMER)),
        waiting(awaited(1, TIMER), awaited(2, RUNG)),
        SIGNAL,
    ),
    "EXT.137": both(
        "condition-not-allowed",
        waiting(awaited(1, TIMER), awaited(2, RUNG), condition="large"),
        waiting(awaited(1, TIMER), awaited(2, RUNG)),
        SIGNAL,
    ),
    "EXT.138": both(
        "event-gateway-target",
        waiting(awaited(1, TIMER), '<task id="w2"/>'),
        waiting(awaited(1, TIMER), awaited(2, RUNG)),
        SIGNAL,
    ),
    "EXT.139": both(
        "event-gateway-mixed",
        waiting(awaited(1, CAUGHT), '<receiveTask id="w2" messageRef="m"/>'),
        waiting(awaited(1, TIMER), '<receiveTask id="w2" messageRef="m"/>'),
        MESSAGE,
    ),
    "EXT.140": both(
        "event-gateway-target",
        waiting(
            awaited(1, TIMER),
            '<receiveTask id="w2" messageRef="m"/>',
            extra=f'<boundaryEvent id="b" attachedToRef="w2">{TIMER}</boundaryEvent>{flow("b", "e")}',
        ),
        waiting(awaited(1, TIMER), '<receiveTask id="w2" messageRef="m"/>'),
        MESSAGE,
    ),
    "EXT.141": both(
        "event-gateway-target",
        waiting(awaited(1, TIMER), awaited(2, RUNG), extra=flow("s", "w2")),
        waiting(awaited(1, TIMER), awaited(2, RUNG)),
        SIGNAL,
    ),
    "EXT.142": both(
        "instantiate-inside",
        S + flow("s", "g1") + waiting(awaited(1, RUNG), awaited(2, CAUGHT), gateway='instantiate="true"'),
        waiting(awaited(1, RUNG), awaited(2, CAUGHT), gateway='instantiate="true"'),
        SIGNAL + MESSAGE,
    ),
    "EXT.143": both("compensation-handler", undone(linked=False), undone()),
    "EXT.144": both("compensation-handler", undone(handler=""), undone()),
    "EXT.146": both("trigger-not-allowed", ending(TIMER), ending("<terminateEventDefinition/>")),
    "EXT.148": both("trigger-not-allowed", catching("<terminateEventDefinition/>"), catching(TIMER)),
    "EXT.149": both(
        "trigger-not-allowed",
        catching(TIMER, "intermediateThrowEvent"),
        catching(RUNG, "intermediateThrowEvent"),
        SIGNAL,
    ),
    "EXT.150": both("unreachable", PLAIN + f'<task id="y"/>{flow("y", "e")}', PLAIN),
    "EXT.151": both("implicit-end", PLAIN + f'<task id="y"/>{flow("x", "y")}', PLAIN),
}

FURTHER = {
    "a boundary event for compensation that does not interrupt": both(
        "compensation-not-interrupting", undone('cancelActivity="false"'), undone()
    ),
    "a boundary event without a trigger": both("missing-trigger", on(""), on(TIMER)),
    "an expression that says itself that it is natural language": both(
        "informal-expression",
        catching(
            '<timerEventDefinition><timeDuration xsi:type="tExpression">PT1H</timeDuration>'
            "</timerEventDefinition>"
        ),
        catching(TIMER),
    ),
}
"""Other sides of rules above."""


@pytest.mark.parametrize(
    "rule", [pytest.param(it, id=name) for name, it in (RULES | FURTHER | FURTHER_DATA_RULES).items()]
)
def test_a_model_that_breaks_a_rule_has_a_finding_and_one_that_keeps_it_has_none(rule: Rule) -> None:
    assert rule.code in codes(bpmn.read(rule.broken))
    assert rule.code not in codes(bpmn.read(rule.kept))


def test_a_process_that_is_only_drawn_is_held_against_the_rules_too_and_keeps_nothing_from_running() -> None:
    drawn = file_of(
        f'<process id="p" isExecutable="true">{PLAIN}</process>'
        f'<process id="q" isExecutable="false"><startEvent id="s2"/>{flow("x2", "s2")}'
        f'<serviceTask id="x2"/>{flow("s2", "x2")}<choreographyTask id="c"/></process>'
    )
    reading = bpmn.read(drawn)

    assert reading.executable
    assert {"not-executable", "flow-into-start"} <= set(codes(reading, "warning"))


@pytest.mark.skipif(
    not (SUITES / "bpmn-rules").is_dir(), reason="suite not run: bpmn-rules is not in PENSTOCK_SUITES"
)
def test_every_rule_of_the_list_is_held() -> None:
    listed_rules = json.loads((SUITES / "bpmn-rules" / "constraints.json").read_text("utf-8"))
    assert listed_rules.keys() == RULES.keys()
