"""The `camunda:` extensions: what is translated, and what is refused by name."""

from __future__ import annotations

import pytest

from penstock.kernel.definition import (
    ChangeTrigger,
    IoMapping,
    JobSpec,
    MessageTrigger,
    MultiInstance,
    SignalTrigger,
    TerminateTrigger,
)
from tests.bpmn.models import around, codes, element, errors, extended, flow, read, warnings


def test_an_external_task_is_a_job() -> None:
    task = '<serviceTask id="x" camunda:type="external" camunda:topic="add" camunda:asyncBefore="true"/>'

    assert element(around(task)).job == JobSpec(type="add", retries=3)


def test_a_retry_cycle_sets_tries_and_backoff() -> None:
    task = extended(
        "serviceTask",
        "<camunda:failedJobRetryTimeCycle>R5/PT10S</camunda:failedJobRetryTimeCycle>",
        'camunda:type="external" camunda:topic="add"',
    )

    assert element(around(task)).job == JobSpec(type="add", retries=5, backoff=10_000)


def test_a_retry_cycle_of_another_form_is_refused() -> None:
    cycle = "<camunda:failedJobRetryTimeCycle>PT1M,PT5M</camunda:failedJobRetryTimeCycle>"

    assert errors(around(extended("task", cycle))) == ["unsupported-extension"]


@pytest.mark.parametrize("attribute", ["class", "delegateExpression", "expression"])
def test_java_is_refused_by_name(attribute: str) -> None:
    reading = read(around(f'<serviceTask id="x" camunda:{attribute}="com.example.Add"/>'))

    assert "java-in-model" in codes(reading, "error")
    assert any("com.example.Add" in finding.message for finding in reading.errors)


def test_a_task_of_another_type_is_refused() -> None:
    assert "unsupported-extension" in errors(around('<serviceTask id="x" camunda:type="mail"/>'))


def test_a_user_task_takes_the_attributes() -> None:
    task = element(
        around(
            '<userTask id="x" camunda:assignee="${starter}" camunda:candidateUsers="bob" '
            'camunda:candidateGroups="staff" camunda:dueDate="2030-01-01T00:00:00Z" '
            'camunda:followUpDate="${soon}" camunda:priority="70"/>'
        )
    ).user_task

    assert task is not None
    assert task.assignee is not None
    assert task.candidate_groups is not None
    assert task.priority is not None
    assert task.due_at is not None
    assert task.assignee.text == "starter"
    assert task.candidate_groups({}, 0) == "staff"
    assert task.priority({}, 0) == 70
    assert task.due_at({}, 0) == "2030-01-01T00:00:00Z"


def test_an_expression_that_cannot_be_translated_is_an_error() -> None:
    assert errors(around('<userTask id="x" camunda:assignee="${users.first()}"/>')) == ["juel-not-translated"]


def test_the_result_variable_of_a_script_is_taken() -> None:
    task = '<scriptTask id="x" scriptFormat="feel" camunda:resultVariable="sum"><script>1 + 1</script>'
    script = element(around(f"{task}</scriptTask>")).script

    assert script is not None
    assert script.result_variable == "sum"


def test_a_script_from_elsewhere_is_refused() -> None:
    assert "unsupported-extension" in errors(
        around('<scriptTask id="x" camunda:resource="deployment://a.js"/>')
    )


def _inputs(parameters: str) -> tuple[IoMapping, ...]:
    word = f"<camunda:inputOutput>{parameters}</camunda:inputOutput>"
    return element(around(extended("task", word))).inputs


def test_parameters_are_texts_expressions_lists_and_maps() -> None:
    inputs = _inputs(
        """<camunda:inputParameter name="a">plain</camunda:inputParameter>
        <camunda:inputParameter name="b">${c + 1}</camunda:inputParameter>
        <camunda:inputParameter name="d"><camunda:list><camunda:value>one</camunda:value>
        <camunda:value>${two}</camunda:value></camunda:list></camunda:inputParameter>
        <camunda:inputParameter name="e"><camunda:map><camunda:entry key="k">${v}</camunda:entry>
        <camunda:entry key="l"><camunda:list/></camunda:entry></camunda:map></camunda:inputParameter>
        <camunda:inputParameter name="f"><camunda:script scriptFormat="feel">=1 + 1</camunda:script>
        </camunda:inputParameter>"""
    )

    assert [(mapping.target, mapping.source.text) for mapping in inputs] == [
        (("a",), "plain"),
        (("b",), "c + 1"),
        (("d",), '["one", two]'),
        (("e",), '{"k": v, "l": []}'),
        (("f",), "1 + 1"),
    ]
    assert inputs[0].source({}, 0) == "plain"


def test_output_parameters_are_output_mappings() -> None:
    word = """<camunda:inputOutput><camunda:outputParameter name="b">${a}</camunda:outputParameter>
    </camunda:inputOutput>"""
    (mapping,) = element(around(extended("task", word))).outputs

    assert (mapping.source.text, mapping.target) == ("a", ("b",))


@pytest.mark.parametrize(
    ("parameter", "code"),
    [
        ("<camunda:inputParameter>a</camunda:inputParameter>", "missing-attribute"),
        ('<camunda:inputParameter name="a">Dear ${b.c()}</camunda:inputParameter>', "juel-not-translated"),
        (
            '<camunda:inputParameter name="a"><camunda:script scriptFormat="groovy">b</camunda:script>'
            "</camunda:inputParameter>",
            "juel-not-translated",
        ),
    ],
)
def test_a_parameter_that_cannot_be_translated_is_an_error(parameter: str, code: str) -> None:
    word = f"<camunda:inputOutput>{parameter}</camunda:inputOutput>"

    assert errors(around(extended("task", word))) == [code]


@pytest.mark.parametrize("word", ["executionListener", "taskListener", "connector", "field"])
def test_what_would_run_java_is_refused(word: str) -> None:
    assert errors(around(extended("userTask", f"<camunda:{word}/>"))) == ["unsupported-extension"]


def test_words_and_attributes_that_nobody_carries_out_are_warnings() -> None:
    assert warnings(around(extended("userTask", "<camunda:formData/>"))) == ["unknown-extension"]
    assert warnings(around('<task id="x" camunda:assignee="ada"/>')) == ["unknown-extension"]


def test_a_vendors_attribute_on_any_event_definition_is_a_warning() -> None:
    end = '<endEvent id="x"><terminateEventDefinition camunda:terminateSome="true"/></endEvent>'
    assert warnings(f'<startEvent id="s"/>{flow("s", "x")}{end}') == ["unknown-extension"]
    timer = "<timeDuration>PT1H</timeDuration>"
    catch = f'<timerEventDefinition camunda:businessCalendarName="c">{timer}</timerEventDefinition>'
    event = f'<intermediateCatchEvent id="x">{catch}</intermediateCatchEvent>'
    assert warnings(around(event)) == ["unknown-extension"]


def test_a_process_says_its_version() -> None:
    reading = read(
        around('<task id="x"/>'),
        attributes='isExecutable="true" camunda:versionTag="2.0.0" camunda:historyTimeToLive="30"',
    )

    assert reading.findings == ()
    assert reading.processes[0].version_tag == "2.0.0"


@pytest.mark.parametrize("namespace", ["http://activiti.org/bpmn", "http://flowable.org/bpmn"])
def test_the_words_of_activiti_and_flowable_are_the_same(namespace: str) -> None:
    task = element(around(f'<userTask id="x" xmlns:v="{namespace}" v:assignee="${{starter}}"/>')).user_task

    assert task is not None
    assert task.assignee is not None
    assert task.assignee.text == "starter"
    reading = read(around(f'<serviceTask id="x" xmlns:v="{namespace}" v:class="com.example.Add"/>'))
    assert "java-in-model" in codes(reading, "error")


# -- expressions in place of references, names and keys ----------------------------------------------


@pytest.mark.parametrize(
    ("definition", "attribute"),
    [("messageEventDefinition", "messageExpression"), ("signalEventDefinition", "signalExpression")],
)
def test_an_expression_may_name_the_message_or_signal_of_an_event(definition: str, attribute: str) -> None:
    event = f'<{definition} camunda:{attribute}="paid-${{order}}"/>'
    trigger = element(around(f'<intermediateCatchEvent id="x">{event}</intermediateCatchEvent>')).trigger

    assert isinstance(trigger, MessageTrigger | SignalTrigger)
    assert trigger.name({"order": 7}, 0) == "paid-7"


def test_a_reference_goes_before_an_expression() -> None:
    event = '<messageEventDefinition messageRef="m" camunda:messageExpression="${other}"/>'
    body = around(f'<intermediateCatchEvent id="x">{event}</intermediateCatchEvent>')
    trigger = element(body, root='<message id="m" name="paid"/>').trigger

    assert isinstance(trigger, MessageTrigger)
    assert trigger.name({}, 0) == "paid"


def test_the_name_of_a_user_task_may_have_expressions_in_it() -> None:
    task = element(around('<userTask id="x" name="Check ${order.id}"/>')).user_task

    assert task is not None
    assert task.name is not None
    assert task.name({"order": {"id": 7}}, 0) == "Check 7"
    plain = element(around('<userTask id="x" name="=Check"/>')).user_task
    assert plain is not None
    assert plain.name is None


def test_a_name_with_java_in_it_is_shown_as_it_stands() -> None:
    assert warnings(around('<userTask id="x" name="Check ${order.getId()}"/>')) == ["juel-not-translated"]


@pytest.mark.parametrize(
    ("attribute", "word", "given"),
    [
        ('camunda:businessKey="${order}"', "", "o-1"),
        ("", '<camunda:in businessKey="key ${order}"/>', "key o-1"),
        ('camunda:inheritBusinessKey="false"', "", None),
    ],
)
def test_a_call_activity_may_say_the_business_key(attribute: str, word: str, given: object) -> None:
    call = element(around(extended("callActivity", word, f'calledElement="other" {attribute}'))).call

    assert call is not None
    assert call.business_key is not None
    assert call.business_key({"order": "o-1"}, 0) == given


@pytest.mark.parametrize(
    "attribute",
    [
        "",
        'camunda:inheritBusinessKey="true"',
        'camunda:businessKey="#{execution.processBusinessKey}"',
    ],
)
def test_the_business_key_of_the_caller_is_passed_on_else(attribute: str) -> None:
    call = element(around(f'<callActivity id="x" calledElement="other" {attribute}/>')).call

    assert call is not None
    assert call.business_key is None


@pytest.mark.parametrize(
    ("attribute", "reach"),
    [
        ('camunda:terminateAll="true"', "instance"),
        ('camunda:terminateMultiInstance="true"', "loop"),
        ('camunda:terminateAll="false"', "scope"),
    ],
)
def test_how_far_a_terminate_end_event_reaches(attribute: str, reach: str) -> None:
    end = f'<endEvent id="x"><terminateEventDefinition {attribute}/></endEvent>'

    assert element(f'<startEvent id="s"/>{end}{flow("s", "x")}').trigger == TerminateTrigger(reach)


LISTENER = "<camunda:variableListenerEventDefinition {}/>"


def listening(attributes: str) -> str:
    """Give an event with a variable listener of these attributes."""
    return around(extended("intermediateCatchEvent", LISTENER.format(attributes)))


@pytest.mark.parametrize(
    ("changes", "created", "updated"),
    [
        ("", True, True),
        ('variableChangeType="all"', True, True),
        ('variableChangeType="update-create"', True, True),
        ('variableChangeType="create"', True, False),
        ('variableChangeType="update"', False, True),
    ],
)
def test_a_variable_listener_waits_for_changes(changes: str, created: bool, updated: bool) -> None:
    event = listening(f'variableName="price" {changes}')

    assert element(event).trigger == ChangeTrigger("price", created, updated)


@pytest.mark.parametrize("attributes", ["", 'variableName="price" variableChangeType="delete"'])
def test_a_variable_listener_for_what_never_happens_is_refused(attributes: str) -> None:
    assert "unsupported-extension" in errors(listening(attributes))


def test_a_process_is_not_started_by_a_variable() -> None:
    words = '<camunda:variableListenerEventDefinition variableName="price"/>'
    start = f'<startEvent id="s"><extensionElements>{words}</extensionElements></startEvent>'

    assert "unsupported-trigger" in errors(f'{start}<endEvent id="e"/>{flow("s", "e")}')


# -- what Activiti and Flowable say ----------------------------------------------------------------


def test_a_signal_may_stay_in_its_instance() -> None:
    def local(scope: str) -> bool:
        event = (
            '<intermediateCatchEvent id="x"><signalEventDefinition signalRef="g"/></intermediateCatchEvent>'
        )
        found = element(around(event), root=f'<signal id="g" name="alarm" camunda:scope="{scope}"/>').trigger
        assert isinstance(found, SignalTrigger)
        return found.local

    assert local("processInstance")
    assert not local("global")


def test_an_activity_is_skipped_only_where_the_instance_says_that_it_may_be() -> None:
    skip = element(around('<task id="x" camunda:skipExpression="${trusted}"/>')).skip

    assert skip is not None
    assert skip({"trusted": True}, 0) is False
    assert skip({"trusted": True, "_FLOWABLE_SKIP_EXPRESSION_ENABLED": True}, 0) is True
    assert skip({"trusted": False, "_ACTIVITI_SKIP_EXPRESSION_ENABLED": True}, 0) is False


def test_a_skip_expression_counts_in_place_of_the_condition_of_a_flow() -> None:
    flow_x = (
        '<sequenceFlow id="f" sourceRef="g" targetRef="x" camunda:skipExpression="${vip}">'
        '<conditionExpression xsi:type="tFormalExpression">${big}</conditionExpression></sequenceFlow>'
    )
    gateway = f'<startEvent id="s"/>{flow("s", "g")}<exclusiveGateway id="g" default="g_e"/>{flow_x}'
    rest = f'{flow("g", "e")}<task id="x"/>{flow("x", "e")}<endEvent id="e"/>'
    condition = element(gateway + rest, "g").outgoing[0].condition

    assert condition is not None
    assert condition({"big": True, "vip": False}, 0) is True
    assert condition({"big": True, "vip": False, "_FLOWABLE_SKIP_EXPRESSION_ENABLED": True}, 0) is False


def test_a_multi_instance_counts_from_zero_in_juel_and_in_its_index_variable() -> None:
    loop = '<multiInstanceLoopCharacteristics camunda:collection="items" camunda:elementIndexVariable="at"/>'
    task = element(around(f'<userTask id="x" camunda:priority="${{loopCounter}}">{loop}</userTask>'))

    assert task.user_task is not None
    assert task.user_task.priority is not None
    assert task.user_task.priority({"loopCounter": 1}, 0) == 0
    assert [(it.target, it.source({"loopCounter": 3}, 0)) for it in task.inputs] == [(("at",), 2)]


def gathering(variables: str, attributes: str = 'target="reviews"') -> str:
    """Give a multi-instance that gathers these variables."""
    words = f"<camunda:variableAggregation {attributes}>{variables}</camunda:variableAggregation>"
    return around(
        '<userTask id="x"><multiInstanceLoopCharacteristics>'
        f"<extensionElements>{words}</extensionElements>"
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    )


def test_a_multi_instance_gathers_several_variables() -> None:
    named = '<variable source="approved"/><variable sourceExpression="${cost * 2}" target="price"/>'
    attributes = 'target="reviews" createOverviewVariable="true"'
    loop = element(gathering(named, attributes)).loop

    assert isinstance(loop, MultiInstance)
    assert (loop.output_collection, loop.overview) == ("reviews", True)
    assert loop.output_element is not None
    assert loop.output_element({"approved": True, "cost": 2}, 0) == {"approved": True, "price": 4}


def test_what_names_java_is_left_out_of_what_is_gathered_with_a_warning() -> None:
    java = '<variable sourceExpression="${task:get(id).assignee}" target="who"/><variable source="a"/>'
    loop = element(gathering(java)).loop

    assert isinstance(loop, MultiInstance)
    assert loop.output_element is not None
    assert loop.output_element({"a": 1}, 0) == {"a": 1}
    assert "juel-not-translated" in warnings(gathering(java))


def test_what_is_gathered_needs_a_variable() -> None:
    assert "missing-attribute" in errors(gathering('<variable source="a"/>', ""))


DATA = '<dataObject id="d{0}" name="{1}" itemSubjectRef="xsd:{2}"><extensionElements>'
DATA += "<camunda:value>{3}</camunda:value></extensionElements></dataObject>"


def test_data_objects_begin_with_their_values() -> None:
    objects = DATA.format(1, "who", "string", "7") + DATA.format(2, "many", "int", "7")
    reading = read(objects + DATA.format(3, "late", "boolean", "true") + around('<task id="x"/>'))

    definition = reading.processes[0].definition
    assert definition is not None
    assert definition.initial == {"who": "7", "many": 7, "late": True}
    inner = f'<startEvent id="t"/>{flow("t", "f")}<endEvent id="f"/>'
    held = element(around(f'<subProcess id="x">{objects}{inner}</subProcess>')).inputs
    assert [(it.target, it.source({}, 0)) for it in held] == [(("who",), "7"), (("many",), 7)]


def test_a_value_of_a_data_object_whose_name_is_none_of_a_variable_is_a_warning() -> None:
    objects = DATA.format(1, "how many", "int", "7")

    assert warnings(objects + around('<task id="x"/>')) == ["invalid-variable-name"]


def test_what_a_call_gives_back_may_stay_in_its_scope() -> None:
    call = '<callActivity id="x" calledElement="q" camunda:useLocalScopeForOutParameters="true"/>'
    found = element(around(call)).call

    assert found is not None
    assert found.local
