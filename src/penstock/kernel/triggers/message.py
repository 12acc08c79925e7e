"""Messages (BPMN 8.4.11, 10.5.5): from one sender to one receiver, found by name and correlation key."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from penstock.kernel import events as e
from penstock.kernel.definition import Element, MessageTrigger, Value, Variables
from penstock.kernel.effects import SendMessage
from penstock.kernel.failures import Failure, shown
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step


def address(trigger: MessageTrigger, variables: Variables, now: int) -> tuple[str, str]:
    """Give the name and the correlation key of a message, the key empty where it has none.

    Raises:
        Failure: the name is no text, or the key is neither a text nor a number.
    """
    name = trigger.name(variables, now)
    if not isinstance(name, str) or not name:
        raise Failure("message", f"the message name `{trigger.name.text}` gave {shown(name)}, not a text")
    return name, "" if trigger.key is None else _key(name, trigger.key.text, trigger.key(variables, now))


def _key(name: str, text: str, value: Value) -> str:
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return as_text(value)
    raise Failure(
        "message",
        f"the correlation key `{text}` of the message '{name}' gave {shown(value)}, not a text or a number; "
        "set its variable before the message is waited for or sent",
    )


def as_text(number: int | Decimal) -> str:
    """Give a number as a key: 7 and 7.0 are the same."""
    return f"{Decimal(number).normalize():f}"


def subscribe(
    step: Step, scope: Scope, element: ElementInstance, event: Element, index: int, name: str, key: str
) -> None:
    """Begin to wait for a message."""
    number = step.new_key()
    step.emit(e.MessageSubscribed(scope.key, element.key, number, event.id, index, name, key))


def send(
    step: Step,
    scope: Scope,
    element: ElementInstance,
    trigger: MessageTrigger,
    to: tuple[str, str],
    carried: Mapping[str, Value] | None = None,
) -> None:
    """Send a message to its address, with what the element's input mappings gave, and what it carries."""
    values = say(step, scope, element, to, carried)
    step.effects.append(SendMessage(*to, values, trigger.ttl))


def say(
    step: Step,
    scope: Scope,
    element: ElementInstance,
    to: tuple[str, str],
    carried: Mapping[str, Value] | None = None,
) -> dict[str, Value]:
    """Record that a message is sent, and give what it brings to whoever gets it."""
    values = {**(element.variables or {}), **(carried or {})}
    step.emit(e.MessageSent(scope.key, element.key, element.element, *to, values))
    return values
