"""The rules of a field, each a function that gives what is wrong, or None."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from penstock import feel
from penstock.feel import Value
from penstock.forms.model import MANY, Bound, Field
from penstock.forms.patterns import KINDS, matches
from penstock.forms.values import is_moment, number_of, options_of, same

_KIND: Final = {
    "email": "an email address",
    "phone": "an international phone number, such as +4930664040900",
}
_MOMENT: Final = {
    "date": "a date such as 2026-01-31",
    "time": "a time such as 14:30",
    "datetime": "a date and time such as 2026-01-31T14:30",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules of a field may ask."""

    data: Mapping[str, Value]
    """All values of the form."""
    evaluate: Callable[[feel.Expression], Value]


def broken(field: Field, value: Value, context: Context) -> Iterator[str]:
    """Give a sentence for each rule of the field that the value breaks."""
    if _is_empty(field, value):
        if field.rules.required:
            yield f"'{field.label}' is required."
        return
    wrong = _of_the_wrong_type(field, value)
    if wrong is not None:
        yield wrong
        return
    for rule in (_offered, _bounds, _digits, _step, _length, _pattern):
        message = rule(field, value, context)
        if message is not None:
            yield message


def _is_empty(field: Field, value: Value) -> bool:
    return value is None or value == "" or value == [] or (field.type == "checkbox" and value is False)


def _of_the_wrong_type(field: Field, value: Value) -> str | None:
    expected, right = _expected(field, value)
    return None if right else f"'{field.label}' must be {expected}, not {feel.type_name(value)}."


def _expected(field: Field, value: Value) -> tuple[str, bool]:
    match field.type:
        case "textfield" | "textarea":
            return "a text", isinstance(value, str)
        case "number":
            is_number = number_of(value) is not None and (field.rules.as_text or not isinstance(value, str))
            return "a number", is_number
        case "checkbox":
            return "true or false", isinstance(value, bool)
        case "checklist" | "taglist":
            return "a list", isinstance(value, list)
        case "datetime":
            return _MOMENT[field.moment], is_moment(value, field.moment)
        case _:
            return "one of its options", True


def _offered(field: Field, value: Value, context: Context) -> str | None:
    if field.options is None:
        return None
    offered = _options(field, context)
    chosen = value if field.type in MANY and isinstance(value, list) else [value]
    for each in chosen:
        if not any(same(each, option) for option in offered):
            return f"'{field.label}' does not offer {feel.to_text(each)!r}."
    return None


def _options(field: Field, context: Context) -> list[Value]:
    options = field.options
    assert options is not None
    if options.fixed is not None:
        return list(options.fixed)
    if options.expression is not None:
        return options_of(context.evaluate(options.expression))
    found: object = context.data
    for name in options.variable or ():
        found = found.get(name) if isinstance(found, Mapping) else None
    return options_of(found)


def _bounds(field: Field, value: Value, context: Context) -> str | None:
    number = number_of(value) if field.type == "number" else None
    if number is None:
        return None
    least, most = _limit(field.rules.least, context), _limit(field.rules.most, context)
    if least is not None and number < least:
        return f"'{field.label}' must be at least {feel.to_text(least)}."
    if most is not None and number > most:
        return f"'{field.label}' must be at most {feel.to_text(most)}."
    return None


def _limit(bound: Bound | None, context: Context) -> int | Decimal | None:
    return number_of(context.evaluate(bound)) if isinstance(bound, feel.Expression) else bound


def _digits(field: Field, value: Value, _context: Context) -> str | None:
    number, decimals = number_of(value), field.rules.decimals
    if number is None or decimals is None:
        return None
    exponent = Decimal(number).normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        what = "a whole number" if decimals == 0 else f"a number of at most {decimals} decimal digits"
        return f"'{field.label}' must be {what}."
    return None


def _step(field: Field, value: Value, _context: Context) -> str | None:
    number, step = number_of(value), field.rules.step
    if number is None or step is None or feel.evaluate("modulo(n, step)", {"n": number, "step": step}) == 0:
        return None
    return f"'{field.label}' must be a multiple of {feel.to_text(step)}."


def _length(field: Field, value: Value, context: Context) -> str | None:
    if not isinstance(value, str):
        return None
    length = len(value.strip())
    shortest, longest = _limit(field.rules.shortest, context), _limit(field.rules.longest, context)
    if shortest is not None and length < shortest:
        return f"'{field.label}' must have at least {feel.to_text(shortest)} characters."
    if longest is not None and length > longest:
        return f"'{field.label}' must have at most {feel.to_text(longest)} characters."
    return None


def _pattern(field: Field, value: Value, _context: Context) -> str | None:
    if not isinstance(value, str):
        return None
    rules = field.rules
    if rules.kind is not None and not matches(value, KINDS[rules.kind]):
        return f"'{field.label}' must be {_KIND[rules.kind]}."
    if rules.pattern is not None and not matches(value, rules.pattern):
        return rules.pattern_message or f"'{field.label}' must match the pattern {rules.pattern}."
    return None
