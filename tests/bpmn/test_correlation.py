"""BPMN's own correlation: which key a message has that is sent or waited for."""

from __future__ import annotations

import pytest

from penstock.kernel.definition import MessageTrigger
from tests.bpmn.models import around, codes, element, errors, read

MESSAGES = '<message id="m" name="order"/><message id="n" name="invoice"/>'
BOUND = (
    '<correlationSubscription correlationKeyRef="tns:key"><correlationPropertyBinding '
    'correlationPropertyRef="tns:order"><dataPath>mine</dataPath></correlationPropertyBinding>'
    "</correlationSubscription>"
)


def declared(*properties: str, paths: str = "", messages: str = MESSAGES) -> str:
    refs = "".join(f"<correlationPropertyRef>{it}</correlationPropertyRef>" for it in properties)
    key = f'<collaboration><correlationKey id="key">{refs}</correlationKey></collaboration>'
    return messages + paths + key


def path(property: str, **by_message: str) -> str:
    found = "".join(
        f'<correlationPropertyRetrievalExpression messageRef="{message}"><messagePath>{text}</messagePath>'
        "</correlationPropertyRetrievalExpression>"
        for message, text in by_message.items()
    )
    return f'<correlationProperty id="{property}">{found}</correlationProperty>'


def event(tag: str, message: str, id: str = "x") -> str:
    return f'<{tag} id="{id}"><messageEventDefinition messageRef="{message}"/></{tag}>'


CATCH = around(event("intermediateCatchEvent", "m"))
THROW = around(event("intermediateThrowEvent", "m"))
ROOT = declared("order", paths=path("order", m="order.id"))


def key_of(body: str, root: str, id: str = "x", **variables: object) -> object:
    trigger = element(body, id, root).trigger
    assert isinstance(trigger, MessageTrigger)
    return None if trigger.key is None else trigger.key(variables, 0)


def test_a_message_that_is_sent_has_the_key_that_is_found_in_it() -> None:
    assert key_of(THROW, ROOT, order={"id": 7}) == 7
    assert key_of(around('<sendTask id="x" messageRef="m"/>'), ROOT, order={"id": 7}) == 7


def test_a_process_waits_with_the_key_that_it_binds_to_its_data() -> None:
    assert key_of(BOUND + CATCH, ROOT, mine="o-1", order={"id": 7}) == "o-1"


def test_without_a_binding_the_conversation_is_known_by_what_its_other_messages_left() -> None:
    both = declared("order", paths=path("order", m="order.id", n="invoice.order"))
    body = '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>'
    catch = CATCH.replace('<startEvent id="s"/>', body).replace(
        'messageRef="m"/></inter', 'messageRef="n"/></inter'
    )

    assert key_of(catch, both, order={"id": 7}, invoice={"order": 8}) == 7
    assert key_of(CATCH, ROOT, order={"id": 7}) == 7


def test_several_properties_make_one_key() -> None:
    root = declared("order", "day", paths=path("order", m="order.id") + path("day", m="day"))

    assert key_of(THROW, root, order={"id": 7}, day="mon") == '[7, "mon"]'
    assert key_of(THROW, root, order={"id": 7}) is None


def test_a_message_that_does_not_carry_each_property_has_no_key() -> None:
    root = declared("order", "day", paths=path("order", m="order.id") + path("day", n="day"))

    assert key_of(THROW, root) is None


def test_the_key_of_an_extension_goes_before() -> None:
    words = '<extensionElements><zeebe:subscription correlationKey="=mine"/></extensionElements>'
    messages = f'<message id="m" name="order">{words}</message>'
    root = declared("order", paths=path("order", m="order.id"), messages=messages)

    assert key_of(CATCH, root, mine="own", order={"id": 7}) == "own"


def test_a_message_without_correlation_has_no_key() -> None:
    assert key_of(CATCH, MESSAGES) is None


@pytest.mark.parametrize(
    ("body", "root", "code"),
    [
        (CATCH, declared("order", paths=path("order", gone="a")), "unknown-reference"),
        (CATCH, declared("gone", paths=path("order", m="a")), "unknown-reference"),
        (BOUND.replace("tns:key", "gone") + CATCH, ROOT, "unknown-reference"),
        (BOUND.replace("tns:order", "gone") + CATCH, ROOT, "unknown-reference"),
        (
            BOUND + CATCH,
            declared("order", "day", paths=path("order", m="a") + path("day", m="b")),
            "missing-correlation-binding",
        ),
        (BOUND.replace("<dataPath>mine</dataPath>", "") + CATCH, ROOT, "missing-expression"),
        (CATCH, declared("order", paths=path("order", m="")), "empty-expression"),
        (CATCH, declared("order", paths=path("order", m="a +")), "feel-syntax"),
    ],
)
def test_what_is_wrong_with_a_correlation_is_said(body: str, root: str, code: str) -> None:
    assert code in errors(body, root)


def test_a_path_in_another_language_is_refused() -> None:
    paths = path("order", m="a").replace("<messagePath>", '<messagePath language="XPath">')

    assert codes(read(CATCH, declared("order", paths=paths)), "error") == ["unsupported-language"]
