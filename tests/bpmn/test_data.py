"""Data objects, inputs, outputs, properties and their associations: variables and mappings."""

from __future__ import annotations

import pytest

from penstock.bpmn.data import as_variable
from penstock.kernel.definition import MultiInstance
from tests.bpmn.models import around, codes, element, errors, read, warnings

ORDER = (
    '<dataObject id="do1" name="Order data"/>'
    '<dataObjectReference id="ref1" dataObjectRef="do1" name="Order data"/>'
)
IO = (
    '<ioSpecification><dataInput id="in1" name="order"/><dataOutput id="out1" name="result"/>'
    "<inputSet><dataInputRefs>in1</dataInputRefs></inputSet>"
    "<outputSet><dataOutputRefs>out1</dataOutputRefs></outputSet></ioSpecification>"
)


def association(direction: str, *sources: str, target: str = "", inner: str = "") -> str:
    refs = "".join(f"<sourceRef>{it}</sourceRef>" for it in sources)
    end = f"<targetRef>{target}</targetRef>" if target else ""
    return f"<data{direction}Association>{refs}{end}{inner}</data{direction}Association>"


def task(*associations: str, io: str = IO, tag: str = "task", attributes: str = "") -> str:
    return around(f'<{tag} id="x" {attributes}>{io}{"".join(associations)}</{tag}>') + ORDER


def mapped(body: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Give the input and output mappings of `x`: what goes where."""
    found = element(body)
    inputs, outputs = (
        [(it.source.text, ".".join(it.target)) for it in mappings]
        for mappings in (found.inputs, found.outputs)
    )
    return inputs, outputs


def test_associations_are_mappings_between_the_variables_of_their_ends() -> None:
    body = task(association("Input", "ref1", target="in1"), association("Output", "out1", target="do1"))

    assert mapped(body) == ([("Order_data", "order")], [("result", "Order_data")])


def test_a_transformation_and_assignments_say_what_goes_where() -> None:
    whole = association("Input", "do1", target="in1", inner="<transformation>Order_data.id</transformation>")
    parts = "<assignment><from>result.sum</from><to>total</to></assignment>"
    own = "<assignment><from>=1</from><to>Order_data.count</to></assignment>"
    body = task(whole, association("Output", "out1", target="do1", inner=parts + own))

    assert mapped(body) == (
        [("Order_data.id", "order")],
        [("result.sum", "Order_data.total"), ("1", "Order_data.count")],
    )


def test_what_an_association_names_may_be_a_variable_that_nothing_declares() -> None:
    assert mapped(task(association("Input", "tns:stock", target="amount"))) == ([("stock", "amount")], [])


def test_events_map_what_they_carry() -> None:
    message = '<messageEventDefinition messageRef="m"/>'
    caught = f'<dataOutput id="o1" name="paid"/>{association("Output", "o1", target="do1")}{message}'
    body = around(f'<intermediateCatchEvent id="x">{caught}</intermediateCatchEvent>') + ORDER
    found = element(body, root='<message id="m" name="m"/>')

    assert [(it.source.text, it.target) for it in found.outputs] == [("paid", ("Order_data",))]


def test_what_modelers_draw_only_to_have_an_end_does_nothing() -> None:
    placeholder = '<property id="p1" name="__targetRef_placeholder"/>'
    body = task(
        association("Input", "ref1", target="p1"), association("Output", target="ref1"), io=placeholder
    )

    assert mapped(body) == ([], [])
    assert read(body).findings == ()


def test_a_property_of_a_sub_process_is_a_variable_in_its_scope() -> None:
    inner = '<startEvent id="i"/><endEvent id="j"/><sequenceFlow id="f" sourceRef="i" targetRef="j"/>'
    body = around(f'<subProcess id="x"><property id="p1" name="count"/>{inner}</subProcess>')

    assert mapped(body) == ([("null", "count")], [])


def test_a_call_activity_with_data_inputs_passes_these_and_no_more() -> None:
    call = element(
        task(association("Input", "do1", target="in1"), tag="callActivity", attributes='calledElement="q"')
    )

    assert call.call is not None
    assert call.call.all_in is False


def test_the_items_of_a_multi_instance_come_over_an_association() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>in1</loopDataInputRef>"
        "<loopDataOutputRef>out1</loopDataOutputRef><inputDataItem id='i1' name='item'/>"
        "<outputDataItem id='i2' name='done'/></multiInstanceLoopCharacteristics>"
    )
    associations = association("Input", "do1", target="in1") + association("Output", "out1", target="ref1")
    found = element(around(f'<task id="x">{IO}{associations}{loop}</task>') + ORDER)

    assert isinstance(found.loop, MultiInstance)
    assert found.loop.collection is not None
    assert (found.loop.collection.text, found.loop.output_collection) == ("Order_data", "Order_data")


def test_an_extension_that_maps_goes_before() -> None:
    words = '<zeebe:ioMapping><zeebe:input source="=1" target="a"/></zeebe:ioMapping>'
    extension = f"<extensionElements>{words}</extensionElements>"
    body = task(extension, association("Input", "do1", target="in1"), io="")

    assert mapped(body)[0] == [("1", "a")]
    assert codes(read(body)) == ["not-run"]


def test_several_sources_need_a_transformation() -> None:
    assert warnings(task(association("Input", "do1", "stock", target="in1"))) == ["data-association-sources"]


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<transformation>a +</transformation>", "feel-syntax"),
        ('<transformation language="XPath">a</transformation>', "unsupported-language"),
        ("<assignment><from/><to>a</to></assignment>", "empty-expression"),
        ("<assignment><from>1</from><to>a-b</to></assignment>", "invalid-variable-name"),
    ],
)
def test_what_cannot_be_read_is_an_error(inner: str, code: str) -> None:
    assert errors(task(association("Input", "do1", target="in1", inner=inner))) == [code]


@pytest.mark.parametrize(
    ("name", "variable"), [("order", "order"), ("Order data", "Order_data"), ("2nd", "_2nd"), ("for", "for_")]
)
def test_a_name_becomes_one_that_feel_can_read(name: str, variable: str) -> None:
    assert as_variable(name) == variable


# -- sets ------------------------------------------------------------------------------------------


def sets(*sets: str) -> str:
    data = "".join(
        f'<data{it} id="{it.lower()}{n}" name="d{n}"/>' for it in ("Input", "Output") for n in (1, 2)
    )
    return f"<ioSpecification>{data}{''.join(sets)}</ioSpecification>"


def set_of(direction: str, *refs: str, optional: str = "") -> str:
    held = "".join(f"<data{direction}Refs>{it}</data{direction}Refs>" for it in refs)
    also = f"<optional{direction}Refs>{optional}</optional{direction}Refs>" if optional else ""
    return f"<{direction.lower()}Set>{held}{also}</{direction.lower()}Set>"


FED = association("Input", "ref1", target="input1")


def test_an_input_that_bpmn_waits_for_is_named_since_nothing_waits_for_it() -> None:
    both = set_of("Input", "input1", "input2"), set_of("Output", "output1", "output2")
    assert "input-not-awaited" in codes(read(task(FED, io=sets(*both))))
    assert "input-not-awaited" not in codes(read(task(io=sets(*both))))


def test_an_optional_input_is_not_waited_for_by_anybody() -> None:
    held = set_of("Input", "input1", "input2", optional="input1"), set_of("Output", "output1", "output2")
    assert "input-not-awaited" not in codes(read(task(FED, io=sets(*held))))


def test_sets_that_are_alternatives_are_a_warning() -> None:
    several = sets(
        *(set_of("Input", it) for it in ("input1", "input2")),
        *(set_of("Output", it) for it in ("output1", "output2")),
    )
    found = warnings(task(FED, io=several))
    assert "input-sets-all-taken" in found
    assert "output-sets-all-given" in found
    assert "input-not-awaited" not in codes(read(task(FED, io=several)))
