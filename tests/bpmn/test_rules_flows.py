"""The rules for flows, gateways, conditions and ways through a process, each broken once."""

from __future__ import annotations

import pytest

from penstock import bpmn
from tests.bpmn.models import around, codes, element, errors, file_of, flow, read, warnings

_TIMER = "<timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition>"


def test_a_process_that_keeps_every_rule_has_no_findings() -> None:
    body = f"""<startEvent id="s"/>{flow("s", "g")}
    <exclusiveGateway id="g" default="g_u" gatewayDirection="Diverging"/>
    {flow("g", "u")}{flow("g", "t", "=a")}
    <userTask id="u"/>{flow("u", "e")}<task id="t"/>{flow("t", "e")}
    <boundaryEvent id="b" attachedToRef="u" cancelActivity="false">{_TIMER}</boundaryEvent>{flow("b", "e")}
    <endEvent id="e"/>"""

    assert read(body).findings == ()


# -- ids and references ----------------------------------------------------------------------------


def test_an_id_that_is_used_twice_is_an_error() -> None:
    assert "duplicate-id" in errors(around('<task id="x"/><task id="x"/>'))


def test_an_element_needs_an_id() -> None:
    assert "missing-id" in errors(around('<task id="x"/><task/>'))


def test_an_event_sub_process_needs_no_id_for_nothing_refers_to_it() -> None:
    start = (
        '<startEvent id="i"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>'
    )
    inside = f'{start}</startEvent>{flow("i", "o")}<endEvent id="o"/>'
    body = around('<task id="x"/>') + f'<subProcess triggeredByEvent="true">{inside}</subProcess>'
    assert errors(body) == []


def test_a_process_needs_an_id() -> None:
    assert "missing-id" in codes(bpmn.read(file_of("<process/>")), "error")


def test_a_flow_needs_both_ends() -> None:
    reading = read(around('<task id="x"/>') + '<sequenceFlow id="f" sourceRef="x"/>')

    (finding,) = reading.errors
    assert (finding.code, finding.element) == ("missing-attribute", "f")
    assert "targetRef" in finding.message


def test_a_flow_to_nowhere_is_an_error() -> None:
    assert errors(around('<task id="x"/>') + flow("x", "nowhere")) == ["unknown-reference"]


@pytest.mark.parametrize("artifact", ["textAnnotation", "dataObject", "group"])
def test_a_flow_to_an_artifact_is_an_error(artifact: str) -> None:
    assert errors(around('<task id="x"/>') + f'<{artifact} id="a"/>' + flow("x", "a")) == [
        "unknown-reference"
    ]


def test_a_flow_to_another_process_is_an_error() -> None:
    other = f"""<process id="q" isExecutable="true">
    <startEvent id="q1"/>{flow("q1", "q2")}<endEvent id="q2"/></process>"""
    reading = read(around('<task id="x"/>') + flow("x", "q2"), other)

    assert codes(reading, "error") == ["unknown-reference"]


def test_a_flow_must_not_cross_the_border_of_a_sub_process() -> None:
    inner = f'<subProcess id="x"><startEvent id="i"/>{flow("i", "t")}<task id="t"/></subProcess>'

    assert errors(around(inner) + flow("t", "e")) == ["flow-crosses-scope"]


def test_what_the_nodes_list_is_compared_with_the_flows() -> None:
    task = '<task id="x"><incoming>s_x</incoming><outgoing>gone</outgoing></task>'
    reading = read(around(task))

    messages = [finding.message for finding in reading.findings if finding.code == "flow-list-differs"]
    assert any("'x' lists" in message and "'gone'" in message for message in messages)
    assert any("'x' does not list the flow 'x_e'" in message for message in messages)
    assert reading.executable


def test_nodes_that_list_no_flows_at_all_are_fine() -> None:
    assert warnings(around('<task id="x"/>')) == []


# -- starts, ends and ways -------------------------------------------------------------------------


def test_a_process_needs_a_start_event() -> None:
    assert errors('<task id="x"/>') == ["no-start-event"]


def test_a_process_may_have_several_start_events() -> None:
    reading = read(around('<task id="x"/>') + f'<startEvent id="s2" name="Other"/>{flow("s2", "x")}')

    assert reading.executable
    assert [(start.id, start.name) for start in reading.processes[0].starts] == [("s", None), ("s2", "Other")]


def test_no_flow_leads_into_a_start_event() -> None:
    assert "flow-into-start" in errors(around('<task id="x"/>') + flow("x", "s"))


def test_no_flow_leads_out_of_an_end_event() -> None:
    assert "flow-out-of-end" in errors(around('<task id="x"/>') + flow("e", "x"))


@pytest.mark.parametrize("inside", ["", '<startEvent id="i"/><startEvent id="j"/>', '<task id="i"/>'])
def test_a_sub_process_needs_exactly_one_start_event(inside: str) -> None:
    assert "sub-process-start" in errors(around(f'<subProcess id="x">{inside}</subProcess>'))


def test_the_start_event_of_a_sub_process_has_no_trigger() -> None:
    inside = f'<startEvent id="i">{_TIMER}</startEvent>'

    assert errors(around(f'<subProcess id="x">{inside}</subProcess>')) == ["trigger-not-allowed"]


def test_sub_processes_are_nested_fifty_deep_at_most() -> None:
    def nested(depth: int) -> str:
        names = [f"n{level}" for level in range(depth)]
        opened = "".join(f'<subProcess id="{name}"><startEvent id="s{name}"/>' for name in names[1:])
        head = '<subProcess id="x"><startEvent id="i"/>'
        return around(head + opened + "</subProcess>" * depth)

    assert errors(nested(50)) == []
    assert errors(nested(51)) == ["nested-too-deep"]


def test_an_element_that_no_way_reaches_is_a_warning() -> None:
    reading = read(around('<task id="x"/>') + f'<task id="y"/>{flow("y", "e")}')

    assert [(finding.code, finding.element) for finding in reading.findings] == [("unreachable", "y")]
    assert reading.executable


def test_a_way_through_a_boundary_event_counts() -> None:
    body = (
        around('<userTask id="x"/>')
        + f"""
    <boundaryEvent id="b" attachedToRef="x">{_TIMER}</boundaryEvent>{flow("b", "y")}
    <task id="y"/>{flow("y", "e")}"""
    )

    assert read(body).findings == ()


def test_an_end_that_is_not_drawn_is_named() -> None:
    reading = read(around('<parallelGateway id="x"/>') + f'{flow("x", "y")}<task id="y"/>')

    assert [(finding.code, finding.element) for finding in reading.findings] == [("implicit-end", "y")]
    assert reading.executable


def test_a_process_without_any_end_event_is_named_once() -> None:
    assert codes(read(f'<startEvent id="s"/>{flow("s", "x")}<task id="x"/>')) == ["no-end-event"]


def _loop(task: str) -> str:
    return f"""<startEvent id="s"/>{flow("s", "m")}<exclusiveGateway id="m"/>{flow("m", "x")}{task}
    {flow("x", "g")}<exclusiveGateway id="g" default="g_e"/>{flow("g", "m", "=a")}{flow("g", "e")}
    <endEvent id="e"/>"""


def test_a_loop_in_which_nothing_waits_is_a_warning() -> None:
    reading = read(_loop('<task id="x"/>'))

    (finding,) = reading.findings
    assert finding.code == "loop-without-wait"
    assert all(name in finding.message for name in ("'m'", "'x'", "'g'"))
    assert reading.executable


def test_a_loop_with_a_user_task_waits() -> None:
    assert read(_loop('<userTask id="x"/>')).findings == ()


def test_a_loop_with_a_sub_process_that_waits_waits() -> None:
    inside = f'<startEvent id="i"/>{flow("i", "u")}<userTask id="u"/>{flow("u", "j")}<endEvent id="j"/>'

    assert read(_loop(f'<subProcess id="x">{inside}</subProcess>')).findings == ()


def test_a_flow_from_an_element_to_itself_is_a_loop() -> None:
    assert "loop-without-wait" in warnings(around('<task id="x"/>') + flow("x", "x"))


# -- gateways --------------------------------------------------------------------------------------


def _gateway(tag: str, flows: str, attributes: str = "") -> str:
    tasks = "".join(f'<task id="{name}"/>{flow(name, "e")}' for name in "ab")
    return f"""<startEvent id="s"/>{flow("s", "x")}<{tag} id="x" {attributes}/>
    {flows}{tasks}<endEvent id="e"/>"""


def test_an_exclusive_gateway_needs_conditions() -> None:
    reading = read(_gateway("exclusiveGateway", flow("x", "a") + flow("x", "b", "=c")))

    assert [(finding.code, finding.element) for finding in reading.errors] == [("missing-condition", "x_a")]


def test_an_exclusive_gateway_without_a_default_flow_is_a_warning() -> None:
    body = _gateway("exclusiveGateway", flow("x", "a", "=c") + flow("x", "b", "=d"))

    assert (errors(body), warnings(body)) == ([], ["no-default-flow"])


def test_a_default_flow_must_leave_its_gateway() -> None:
    body = _gateway("exclusiveGateway", flow("x", "a", "=c") + flow("x", "b", "=d"), 'default="a_e"')

    assert errors(body) == ["unknown-reference"]


def test_a_condition_on_the_default_flow_is_a_warning() -> None:
    body = _gateway("exclusiveGateway", flow("x", "a", "=c") + flow("x", "b", "=d"), 'default="x_a"')

    assert (errors(body), warnings(body)) == ([], ["condition-on-default"])


def test_a_parallel_gateway_takes_no_conditions() -> None:
    body = _gateway("parallelGateway", flow("x", "a", "=c") + flow("x", "b"))

    assert errors(body) == ["condition-not-allowed"]


def test_a_parallel_gateway_takes_no_default_flow() -> None:
    body = _gateway("parallelGateway", flow("x", "a") + flow("x", "b"), 'default="x_a"')

    assert errors(body) == ["default-not-allowed"]


def test_a_gateway_that_neither_splits_nor_joins_is_a_warning() -> None:
    assert warnings(around('<parallelGateway id="x"/>')) == ["idle-gateway"]


def test_a_gateway_is_what_its_direction_says() -> None:
    body = _gateway("parallelGateway", flow("x", "a") + flow("x", "b"), 'gatewayDirection="Converging"')

    assert warnings(body) == ["gateway-direction"]


def test_conditions_after_activities_choose() -> None:
    body = around('<task id="x"/>') + f'{flow("x", "y", "=c")}<task id="y"/>{flow("y", "e")}'

    assert read(body).findings == ()
    assert element(body).chooses


def test_a_condition_behind_an_event_counts_and_is_a_warning() -> None:
    event = '<intermediateThrowEvent id="x"/>'
    body = around(event) + f'{flow("x", "y", "=c")}<task id="y"/>{flow("y", "e")}'

    assert errors(body) == []
    assert "condition-behind-event" in warnings(body)
    assert [it.condition is not None for it in element(body).outgoing] == [False, True]


def test_a_condition_behind_a_parallel_gateway_is_refused() -> None:
    body = around('<parallelGateway id="x"/>') + f'{flow("x", "y", "=c")}<task id="y"/>{flow("y", "e")}'

    assert errors(body) == ["condition-not-allowed"]


def test_a_default_flow_of_an_activity_is_taken_where_no_condition_is_true() -> None:
    body = around('<task id="x" default="x_e"/>') + f'{flow("x", "y", "=c")}<task id="y"/>{flow("y", "e")}'

    assert read(body).findings == ()
    found = element(body)
    assert found.default is found.outgoing[0]


@pytest.mark.parametrize("tag", ["task", "inclusiveGateway"])
def test_conditions_without_a_default_may_leave_nothing_to_take(tag: str) -> None:
    ways = f'<startEvent id="s"/>{flow("s", "x")}<{tag} id="x"/>{flow("x", "a", "=c")}{flow("x", "b", "=d")}'

    assert warnings(ways + '<endEvent id="a"/><endEvent id="b"/>') == ["no-default-flow"]


def test_several_flows_out_of_an_activity_split() -> None:
    body = around('<task id="x"/>') + f'{flow("x", "y")}<task id="y"/>{flow("y", "e")}'

    assert read(body).findings == ()


# -- conditions ------------------------------------------------------------------------------------


def _conditional(condition: str, attributes: str = 'xsi:type="tFormalExpression"') -> str:
    expression = f"<conditionExpression {attributes}>{condition}</conditionExpression>"
    first = f'<sequenceFlow id="x_a" sourceRef="x" targetRef="a">{expression}</sequenceFlow>'
    return _gateway("exclusiveGateway", first + flow("x", "b"), 'default="x_b"')


@pytest.mark.parametrize(
    "language",
    ["feel", "FEEL", "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20191111/FEEL/"],
)
def test_a_condition_may_name_feel_as_its_language(language: str) -> None:
    assert read(_conditional("c", f'xsi:type="tFormalExpression" language="{language}"')).findings == ()


@pytest.mark.parametrize("language", ["http://www.w3.org/1999/XPath", "javascript", "groovy"])
def test_a_condition_in_another_language_is_refused(language: str) -> None:
    assert errors(_conditional("=c", f'language="{language}"')) == ["unsupported-language"]


def test_the_language_of_the_file_counts_for_conditions_that_show_no_other() -> None:
    def in_xpath(condition: str) -> list[str]:
        body = f'<process id="p" isExecutable="true">{_conditional(condition)}</process>'
        data = file_of(body, 'expressionLanguage="http://www.w3.org/1999/XPath"')
        return codes(bpmn.read(data), "error")

    assert in_xpath("c") == ["unsupported-language"]
    assert in_xpath("=c") == []
    assert in_xpath("${c}") == []


def test_an_empty_condition_is_an_error() -> None:
    assert "empty-expression" in errors(_conditional(""))
    assert "empty-expression" in errors(_conditional("="))


def test_a_condition_that_is_not_marked_as_formal_is_a_warning() -> None:
    assert warnings(_conditional("c", "")) == ["informal-expression"]
    assert warnings(_conditional("=c", "")) == []


def test_a_condition_that_is_no_feel_shows_the_place() -> None:
    reading = read(_conditional("=a &gt;"))

    (finding,) = reading.errors
    assert (finding.code, finding.element) == ("feel-syntax", "x_a")
    assert "a >" in finding.message


def test_comments_in_a_condition_are_not_part_of_it() -> None:
    assert read(_conditional("=c <!-- as agreed --> and d")).findings == ()


def test_a_complex_gateway_that_joins_says_when_it_lets_tokens_through() -> None:
    body = (
        f'<startEvent id="s"/>{flow("s", "a")}{flow("s", "b")}<task id="a"/><task id="b"/>'
        f'{flow("a", "x")}{flow("b", "x")}<complexGateway id="x"/>{flow("x", "e")}<endEvent id="e"/>'
    )

    assert errors(body) == ["missing-activation-condition"]
