"""From an alias to a process, its version and its start event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from penstock.api.domo.mapping import WorkflowMapping
from penstock.api.domo.resolve import find_process, find_start, find_version
from penstock.api.errors import ApiError
from penstock.bpmn.expressions import constant
from penstock.kernel.definition import Element, Kind, MessageTrigger, ProcessDefinition, TerminateTrigger
from penstock.store.rows import DefinitionRow, ProcessRow


def process(id: str, *, name: str | None = None, alias: str | None = None) -> ProcessRow:
    return ProcessRow(f"uid-{id}", id, name or id, alias, "", "1", 0, "1", 0)


ADD = process("AddTwoNumbers", name="Add two numbers")
ORDER = process("Process_0x1", name="Order", alias="shop-order")
PAY = process("Process_0x2", name="Pay")
ALL = [ADD, ORDER, PAY]


def found(alias: str, *mappings: WorkflowMapping, among: list[ProcessRow] = ALL) -> ProcessRow:
    return find_process(alias, {mapping.alias: mapping for mapping in mappings}, among)


def refusal(alias: str, *mappings: WorkflowMapping, among: list[ProcessRow] = ALL) -> str:
    with pytest.raises(ApiError) as caught:
        found(alias, *mappings, among=among)
    assert caught.value.status == 404
    return caught.value.message


def test_the_model_id_goes_first() -> None:
    assert found("Order", WorkflowMapping("Order", model_id="uid-Process_0x2")) is PAY


def test_a_model_id_of_another_server_is_passed_over_for_the_alias() -> None:
    assert found("Order", WorkflowMapping("Order", model_id="of another server")) is ORDER


@pytest.mark.parametrize("alias", ["Process_0x1", "shop-order", "Order"])
@pytest.mark.parametrize("mapped", [True, False])
def test_the_alias_is_the_id_the_alias_property_or_the_name(alias: str, mapped: bool) -> None:
    assert found(alias, *([WorkflowMapping(alias)] if mapped else [])) is ORDER


@pytest.mark.parametrize("alias", ["addTwoNumbers", "add-two-numbers", "ADD TWO NUMBERS"])
def test_a_mapped_alias_may_differ_in_case_and_punctuation(alias: str) -> None:
    assert found(alias, WorkflowMapping(alias)) is ADD


def test_an_alias_without_a_mapping_may_not() -> None:
    assert refusal("addTwoNumbers") == (
        "There is no workflow with the alias 'addTwoNumbers': no entry of manifest.json and no process "
        "has it. Did you mean 'AddTwoNumbers'?"
    )


def test_what_is_just_so_goes_before_what_is_nearly_so() -> None:
    assert found("add", WorkflowMapping("add"), among=[process("Add"), process("add")]).process_id == "add"


def test_an_id_goes_before_the_name_of_another() -> None:
    by_id, by_name = process("Order"), process("Other", name="Order")
    assert found("Order", among=[by_name, by_id]) is by_id


@pytest.mark.parametrize("second", ["Order", "order"])
def test_an_alias_that_fits_two_processes_is_refused_with_both(second: str) -> None:
    twins = [process("A", name="Order"), process("B", name=second)]
    alias = "Order" if second == "Order" else "ORDER"
    assert refusal(alias, WorkflowMapping(alias), among=twins) == (
        f"The alias '{alias}' fits more than one process: 'A', 'B'. "
        "Give its entry in manifest.json the modelId of the one that is meant."
    )


def test_a_mapped_alias_without_a_process_is_refused_with_what_was_looked_for() -> None:
    assert refusal("shopOrders", WorkflowMapping("shopOrders", model_id="m-1")) == (
        "The alias 'shopOrders' is in manifest.json, but no process is deployed with this id, alias or name "
        "and none with the model id 'm-1'. Did you mean 'shop-order' or 'Order'?"
    )


def test_an_alias_without_letters_fits_nothing_loosely() -> None:
    assert "no process is deployed" in refusal("--", WorkflowMapping("--"), among=[process("A", name="..")])


def row(version: str, *, active: bool = True) -> DefinitionRow:
    return DefinitionRow(f"A:{version}", "process", "A", "A", version, 1, active, "d", "x", "1", 0)


def test_the_newest_active_version_runs() -> None:
    versions = [row("1.0.0"), row("1.1.0"), row("1.2.0", active=False)]
    assert find_version(ADD, None, versions).version == "1.1.0"


def test_a_pinned_version_runs() -> None:
    assert find_version(ADD, "1.0.0", [row("1.0.0"), row("1.1.0")]).version == "1.0.0"


@pytest.mark.parametrize(
    ("version", "versions", "message"),
    [
        ("2.0.0", [row("1.0.0"), row("1.1.0")], "has no version '2.0.0'. Deployed are: 1.0.0, 1.1.0."),
        (None, [row("1.0.0", active=False)], "has no active version."),
    ],
)
def test_a_version_that_is_not_there_is_refused(
    version: str | None, versions: list[DefinitionRow], message: str
) -> None:
    with pytest.raises(ApiError) as caught:
        find_version(ADD, version, versions)
    assert (caught.value.status, caught.value.message) == (404, f"The process 'AddTwoNumbers' {message}")


def definition(*starts: Element) -> ProcessDefinition:
    return ProcessDefinition(
        "Order", "Order", {start.id: start for start in starts}, tuple(start.id for start in starts)
    )


PLAIN = Element("Event_1", Kind.START_EVENT, None, name="Ordered")
OTHER = Element("Event_2", Kind.START_EVENT, None)
TRIGGERED = replace(OTHER, trigger=TerminateTrigger())


def test_the_only_start_event_without_a_trigger_is_taken() -> None:
    assert find_start(definition(TRIGGERED, PLAIN), None) == "Event_1"


def test_the_only_start_event_by_a_message_is_taken_where_each_has_a_trigger() -> None:
    message = replace(PLAIN, trigger=MessageTrigger(constant("order", "order")))

    assert find_start(definition(TRIGGERED, message), None) == "Event_1"
    assert find_start(definition(OTHER, message), None) == "Event_2"


@pytest.mark.parametrize("start_name", ["Event_1", "Ordered"])
def test_a_start_event_is_picked_by_id_or_name(start_name: str) -> None:
    assert find_start(definition(OTHER, PLAIN), start_name) == "Event_1"


def test_the_name_that_domo_gives_to_a_start_is_understood() -> None:
    assert find_start(definition(PLAIN), "Start Order") == "Event_1"


@pytest.mark.parametrize(
    ("starts", "start_name", "status", "message"),
    [
        ((PLAIN, OTHER), "Paid", 404, "has no start event 'Paid'. It has: 'Ordered', 'Event_2'."),
        (
            (PLAIN, OTHER),
            None,
            400,
            "has several start events: 'Ordered', 'Event_2'. Set startName in manifest.json.",
        ),
        ((TRIGGERED,), None, 400, "has no start event without a trigger or by a message."),
    ],
)
def test_a_start_event_that_cannot_be_picked_is_refused(
    starts: tuple[Element, ...], start_name: str | None, status: int, message: str
) -> None:
    with pytest.raises(ApiError) as caught:
        find_start(definition(*starts), start_name)
    assert (caught.value.status, caught.value.message) == (status, f"The process 'Order' {message}")
