"""Each attribute of the elements that run: what it says changes what is compiled, or changes nothing."""

from __future__ import annotations

import pytest

from penstock import bpmn
from penstock.bpmn.coverage import ATTRIBUTES
from penstock.kernel.definition import ProcessDefinition
from tests.bpmn.models import around, flow, process_of

_ROOTS = (
    '<error id="err1" errorCode="E"/><error id="err2" errorCode="F"/>'
    '<escalation id="esc1" escalationCode="S"/><escalation id="esc2" escalationCode="T"/>'
    '<message id="m1" name="paid"/><message id="m2" name="sent"/>'
    '<signal id="s1" name="stop"/><signal id="s2" name="go"/>'
    '<escalationEventDefinition id="d1" escalationRef="esc1"/>'
    '<escalationEventDefinition id="d2" escalationRef="esc2"/>'
)
_TIMER = "<timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition>"
_TASK = '<userTask id="x"/>'


def _caught(attributes: str, inner: str = _TIMER) -> str:
    event = f'<boundaryEvent id="b" attachedToRef="x" {attributes}>{inner}</boundaryEvent>'
    return around(f"{_TASK}{event}{flow('b', 'e')}")


def _event(inner: str, tag: str = "intermediateCatchEvent", attributes: str = "") -> str:
    return around(f'<{tag} id="x" {attributes}>{inner}</{tag}>')


def _loop(attributes: str) -> str:
    inner = f"<multiInstanceLoopCharacteristics {attributes}><loopCardinality>2</loopCardinality>"
    return around(f'<userTask id="x">{inner}</multiInstanceLoopCharacteristics></userTask>')


def _again(attributes: str) -> str:
    inner = f"<standardLoopCharacteristics {attributes}><loopCondition>a</loopCondition>"
    return around(f'<userTask id="x">{inner}</standardLoopCharacteristics></userTask>')


def _awaiting(attributes: str) -> str:
    waits = "".join(
        f'{flow("x", name)}<intermediateCatchEvent id="{name}">'
        f'<messageEventDefinition messageRef="{message}"/></intermediateCatchEvent>{flow(name, "e")}'
        for name, message in (("a", "m1"), ("b", "m2"))
    )
    return f'<eventBasedGateway id="x" {attributes}/>{waits}<endEvent id="e"/>'


def _undoing(attributes: str, throws: str = "<compensateEventDefinition/>") -> str:
    return (
        around(f'<task id="x"/>{flow("x", "y")}<task id="y"/>{flow("y", "t")}').replace(flow("x", "e"), "")
        + '<boundaryEvent id="b" attachedToRef="x"><compensateEventDefinition/></boundaryEvent>'
        f'<task id="u" {attributes}/><association id="l" sourceRef="b" targetRef="u"/>'
        f'<intermediateThrowEvent id="t">{throws}</intermediateThrowEvent>{flow("t", "e")}'
    )


_INNER = f'<startEvent id="i" isInterrupting="?">{_TIMER}</startEvent>{flow("i", "j")}<endEvent id="j"/>'
_CHOICE = (
    f'<startEvent id="s"/>{flow("s", "x")}<exclusiveGateway id="x" default="?"/>'
    f'{flow("x", "e", "=a")}{flow("x", "f", "=b")}<endEvent id="e"/><endEvent id="f"/>'
)
_FORK = around(f'<parallelGateway id="x" gatewayDirection="?"/>{flow("x", "f")}<endEvent id="f"/>')
_ENDS = f'<startEvent id="a"/><startEvent id="b"/>{flow("a", "e")}{flow("b", "e")}<endEvent id="e"/>'
_KEYS = (
    '<correlationProperty id="{0}"><correlationPropertyRetrievalExpression messageRef="{1}">'
    "<messagePath>order</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
    '<collaboration id="c"><correlationKey id="key"><correlationPropertyRef>order</correlationPropertyRef>'
    "</correlationKey></collaboration>"
)
_BOUND = (
    '<correlationSubscription id="cs" correlationKeyRef="{0}"><correlationPropertyBinding '
    'correlationPropertyRef="{1}"><dataPath>id</dataPath></correlationPropertyBinding>'
    "</correlationSubscription>" + around('<receiveTask id="x" messageRef="m1"/>')
)
_AD_HOC = around('<adHocSubProcess id="x" {}><userTask id="a"/></adHocSubProcess>')
_SCRIPT = '<globalScriptTask id="g" scriptLanguage="?"><script>1</script></globalScriptTask>'
_IO = around(
    '<manualTask id="x"><ioSpecification><dataInput id="d" name="d" {}/></ioSpecification></manualTask>'
)


def _model(body: str, roots: str = "", attributes: str = 'isExecutable="true"') -> str:
    return process_of(body, _ROOTS + roots, attributes).decode()


CHANGES: dict[str, tuple[str, str, str]] = {
    "id": (_model(around(_TASK) + '<userTask id="?"/>'), "y", "z"),
    "name": (_model(around('<userTask id="x" name="?"/>')), "Ask", "Tell"),
    "attachedToRef": (_model(_caught("").replace('"x" >', '"?">') + '<userTask id="y"/>'), "x", "y"),
    "cancelActivity": (_model(_caught('cancelActivity="?"')), "true", "false"),
    "isInterrupting": (
        _model(around(_TASK) + f'<subProcess id="w" triggeredByEvent="true">{_INNER}</subProcess>'),
        "true",
        "false",
    ),
    "parallelMultiple": (
        _model(
            _event(
                '<messageEventDefinition messageRef="m1"/><signalEventDefinition signalRef="s1"/>',
                attributes='parallelMultiple="?"',
            )
        ),
        "true",
        "false",
    ),
    "cancelRemainingInstances": (_model(_AD_HOC.format('cancelRemainingInstances="?"')), "true", "false"),
    "ordering": (_model(_AD_HOC.format('ordering="?"')), "Parallel", "Sequential"),
    "triggeredByEvent": (
        _model(
            around(_TASK)
            + '<subProcess id="w" triggeredByEvent="?">'
            + _INNER.replace("?", "true")
            + "</subProcess>"
        ),
        "true",
        "false",
    ),
    "calledElement": (_model(around('<callActivity id="x" calledElement="?"/>')), "one", "two"),
    "default": (_model(_CHOICE), "x_e", "x_f"),
    "isForCompensation": (_model(_undoing('isForCompensation="?"')), "true", "false"),
    "startQuantity": (_model(around('<userTask id="x" startQuantity="?"/>')), "1", "2"),
    "completionQuantity": (_model(around('<userTask id="x" completionQuantity="?"/>')), "1", "2"),
    "errorCode": (
        _model(_caught("", '<errorEventDefinition errorRef="err3"/>'), '<error id="err3" errorCode="?"/>'),
        "A",
        "B",
    ),
    "escalationCode": (
        _model(
            _event('<escalationEventDefinition escalationRef="esc3"/>', "intermediateThrowEvent"),
            '<escalation id="esc3" escalationCode="?"/>',
        ),
        "A",
        "B",
    ),
    "errorRef": (_model(_caught("", '<errorEventDefinition errorRef="?"/>')), "err1", "err2"),
    "escalationRef": (
        _model(_event('<escalationEventDefinition escalationRef="?"/>', "intermediateThrowEvent")),
        "esc1",
        "esc2",
    ),
    "messageRef": (_model(_event('<messageEventDefinition messageRef="?"/>')), "m1", "m2"),
    "correlationKeyRef": (
        _model(_BOUND.format("?", "order"), _KEYS.format("order", "m1")),
        "key",
        "other",
    ),
    "correlationPropertyRef": (
        _model(_BOUND.format("key", "?"), _KEYS.format("order", "m1")),
        "order",
        "other",
    ),
    "signalRef": (_model(_event('<signalEventDefinition signalRef="?"/>')), "s1", "s2"),
    "activityRef": (
        _model(_undoing('isForCompensation="true"', '<compensateEventDefinition activityRef="?"/>')),
        "x",
        "y",
    ),
    "waitForCompletion": (
        _model(_undoing('isForCompensation="true"', '<compensateEventDefinition waitForCompletion="?"/>')),
        "true",
        "false",
    ),
    "isSequential": (_model(_loop('isSequential="?"')), "true", "false"),
    "behavior": (_model(_loop('behavior="?" noneBehaviorEventRef="d1"')), "All", "None"),
    "noneBehaviorEventRef": (_model(_loop('behavior="None" noneBehaviorEventRef="?"')), "d1", "d2"),
    "oneBehaviorEventRef": (_model(_loop('behavior="One" oneBehaviorEventRef="?"')), "d1", "d2"),
    "loopMaximum": (_model(_again('loopMaximum="?"')), "3", "4"),
    "testBefore": (_model(_again('testBefore="?"')), "true", "false"),
    "instantiate": (
        _model(
            f'<receiveTask id="x" instantiate="?" messageRef="m1"/>{flow("x", "e")}<endEvent id="e"/>'
            f'<startEvent id="s"/>{flow("s", "e")}'
        ),
        "true",
        "false",
    ),
    "eventGatewayType": (
        _model(_awaiting('instantiate="true" eventGatewayType="?"')),
        "Exclusive",
        "Parallel",
    ),
    "sourceRef": (_model(_ENDS + '<sequenceFlow id="f" sourceRef="?" targetRef="e"/>'), "a", "b"),
    "targetRef": (
        _model(_ENDS + '<endEvent id="f"/><sequenceFlow id="g" sourceRef="a" targetRef="?"/>'),
        "e",
        "f",
    ),
    "gatewayDirection": (_model(_FORK), "Diverging", "Converging"),
    "isExecutable": (_model(around(_TASK), attributes='isExecutable="?"'), "true", "false"),
    "processType": (
        _model(around(_TASK), attributes='isExecutable="true" processType="?"'),
        "Private",
        "Public",
    ),
    "isImmediate": (
        _model(around(_TASK).replace('id="s_x"', 'id="s_x" isImmediate="?"')),
        "true",
        "false",
    ),
    "language": (
        _model(_CHOICE.replace("?", "x_f")).replace(
            '"tFormalExpression"', '"tFormalExpression" language="?"', 1
        ),
        "feel",
        "javascript",
    ),
    "scriptFormat": (
        _model(around('<scriptTask id="x" scriptFormat="?"><script>1</script></scriptTask>')),
        "feel",
        "javascript",
    ),
    "scriptLanguage": (_model(around('<callActivity id="x" calledElement="g"/>'), _SCRIPT), "feel", "perl"),
}
"""A model for each attribute, with a `?` where its value stands, and two values that differ in meaning."""

NOTHING: dict[str, tuple[str, str, str]] = {
    "evaluatesToTypeRef": (
        _model(_CHOICE.replace("?", "x_f")).replace(
            '"tFormalExpression"', '"tFormalExpression" evaluatesToTypeRef="?"', 1
        ),
        "a",
        "b",
    ),
    "isCollection": (_model(_IO.format('isCollection="?"')), "true", "false"),
    "itemRef": (_model(around(_TASK), '<message id="m3" name="m" itemRef="?"/>'), "a", "b"),
    "itemSubjectRef": (_model(_IO.format('itemSubjectRef="?"')), "a", "b"),
    "structureRef": (
        _model(
            _event('<signalEventDefinition signalRef="s3"/>'), '<signal id="s3" name="s" structureRef="?"/>'
        ),
        "a",
        "b",
    ),
    "type": (_model(around(_TASK), _KEYS.format('order" type="?', "m1")), "a", "b"),
    "implementation": (_model(around('<userTask id="x" implementation="?"/>')), "a", "b"),
    "operationRef": (
        _model(around('<receiveTask id="x" messageRef="m1" operationRef="?"/>')),
        "a",
        "b",
    ),
    "method": (
        _model(
            around(
                '<transaction id="x" method="?">'
                + _INNER.replace(_TIMER, "").replace('isInterrupting="?"', "")
                + "</transaction>"
            )
        ),
        "##Compensate",
        "##Store",
    ),
    "definitionalCollaborationRef": (
        _model(around(_TASK), attributes='isExecutable="true" definitionalCollaborationRef="?"'),
        "a",
        "b",
    ),
    "isClosed": (_model(around(_TASK), attributes='isExecutable="true" isClosed="?"'), "true", "false"),
}
"""The same for those without an effect."""


def _compiled(model: str, value: str) -> tuple[list[ProcessDefinition | None], list[str]]:
    reading = bpmn.read(model.replace("?", value).encode())
    return [it.definition for it in reading.processes], [it.code for it in reading.findings]


@pytest.mark.parametrize("attribute", CHANGES)
def test_an_attribute_has_its_effect(attribute: str) -> None:
    model, one, other = CHANGES[attribute]

    assert f'{attribute}="?"' in model
    assert any(_compiled(model, one)[0])
    assert _compiled(model, one) != _compiled(model, other)


@pytest.mark.parametrize("attribute", NOTHING)
def test_an_attribute_without_an_effect_has_none(attribute: str) -> None:
    model, one, other = NOTHING[attribute]

    assert f'{attribute}="?"' in model
    assert any(_compiled(model, one)[0])
    assert _compiled(model, one) == _compiled(model, other)


def test_every_attribute_of_the_table_has_a_model() -> None:
    assert CHANGES.keys() | NOTHING.keys() == ATTRIBUTES.keys()
    assert not CHANGES.keys() & NOTHING.keys()
