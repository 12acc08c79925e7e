"""Loop characteristics: three ways to write them, and what is wrong with them."""

from __future__ import annotations

import pytest

from penstock.kernel.definition import MultiInstance, StandardLoop
from tests.bpmn.models import around, element, errors, read


def _looped(inner: str, attributes: str = "") -> str:
    loop = f"<multiInstanceLoopCharacteristics {attributes}>{inner}</multiInstanceLoopCharacteristics>"
    return around(f'<userTask id="x">{loop}</userTask>')


def _multi(inner: str, attributes: str = "") -> MultiInstance:
    found = element(_looped(inner, attributes)).loop
    assert isinstance(found, MultiInstance)
    return found


_ZEEBE = (
    "<extensionElements><zeebe:loopCharacteristics {}/></extensionElements>"
    "<completionCondition>=numberOfCompletedInstances > 1</completionCondition>"
)


def test_the_words_of_zeebe_say_all() -> None:
    words = 'inputCollection="=bills" inputElement="bill" outputCollection="sums" outputElement="=sum.total"'
    found = _multi(_ZEEBE.format(words), 'isSequential="true"')

    assert found.sequential
    assert found.collection is not None
    assert found.output_element is not None
    assert found.completion is not None
    assert (found.collection.text, found.input_element) == ("bills", "bill")
    assert (found.output_collection, found.output_element.text, found.output_local) == (
        "sums",
        "sum.total",
        "sum",
    )


def test_the_standard_refers_to_data_by_its_name() -> None:
    inner = (
        "<loopDataInputRef>d1</loopDataInputRef><loopDataOutputRef>out</loopDataOutputRef>"
        '<inputDataItem id="i1" name="bill"/><outputDataItem id="i2" name="sum"/>'
    )
    body = _looped(inner) + '<dataObject id="d1" name="bills" isCollection="true"/>'
    found = element(body).loop

    assert isinstance(found, MultiInstance)
    assert found.collection is not None
    assert (found.collection.text, found.input_element, found.output_collection) == ("bills", "bill", "out")


def test_camunda_attributes_name_the_collection_and_its_element() -> None:
    found = _multi("", 'camunda:collection="bills" camunda:elementVariable="bill"')

    assert found.collection is not None
    assert (found.collection.text, found.input_element) == ("bills", "bill")


def test_counts_of_java_expressions_are_translated() -> None:
    condition = "<completionCondition>${nrOfCompletedInstances == 2}</completionCondition>"
    found = _multi(f"<loopCardinality>${{count}}</loopCardinality>{condition}")

    assert found.cardinality is not None
    assert found.completion is not None
    assert (found.cardinality.text, found.completion.text) == ("count", "nrOfCompletedInstances = 2")


def test_a_standard_loop_has_a_condition_and_a_maximum() -> None:
    loop = (
        '<standardLoopCharacteristics testBefore="true" loopMaximum="3">'
        '<loopCondition xsi:type="tFormalExpression">n &lt; 5</loopCondition></standardLoopCharacteristics>'
    )
    found = element(around(f'<task id="x">{loop}</task>')).loop

    assert isinstance(found, StandardLoop)
    assert found.condition is not None
    assert found.maximum is not None
    assert (found.test_before, found.condition.text, found.maximum.text) == (True, "n < 5", "3")


@pytest.mark.parametrize(
    ("inner", "attributes", "code"),
    [
        ("", "", "multi-instance-size"),
        ("<loopCardinality>3</loopCardinality>", 'camunda:collection="a"', "multi-instance-size"),
        (_ZEEBE.format('inputCollection="=a" outputCollection="b"'), "", "multi-instance-output"),
        (_ZEEBE.format('inputCollection="a"'), "", "not-an-expression"),
        ("<loopCardinality>3 +</loopCardinality>", "", "feel-syntax"),
        ("<loopCardinality>3</loopCardinality>", 'behavior="One"', "missing-behavior-event"),
    ],
)
def test_what_is_wrong_with_a_multi_instance_is_said(inner: str, attributes: str, code: str) -> None:
    assert errors(_looped(inner, attributes)) == [code]


def test_a_loop_that_could_not_end_is_an_error() -> None:
    assert errors(around('<task id="x"><standardLoopCharacteristics/></task>')) == ["endless-loop"]


def test_a_loop_is_on_activities_only() -> None:
    event = '<intermediateThrowEvent id="x"><standardLoopCharacteristics/></intermediateThrowEvent>'

    assert "misplaced-element" in {finding.code for finding in read(around(event)).errors}
