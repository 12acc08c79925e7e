"""FEEL, the expression language of DMN 1.5 (chapter 10): text to a compiled expression to a value.

    from penstock import feel

    feel.evaluate("if amount > limit then \\"ask\\" else \\"pay\\"", {"amount": 120, "limit": 100})

    condition = feel.compile("amount > 100")
    condition.evaluate({"amount": 120})

The package stands alone: it knows nothing of BPMN or DMN.
"""

from penstock.feel.convert import from_python
from penstock.feel.errors import FeelError, FeelLimitError, FeelSyntaxError, Warning
from penstock.feel.expression import Expression, compile, evaluate
from penstock.feel.json import dumps, from_json, loads, to_json, unstorable
from penstock.feel.limits import DEFAULT_LIMITS, Limits
from penstock.feel.reading import needed
from penstock.feel.subtypes import DefinedType
from penstock.feel.text import to_text
from penstock.feel.values import Function, Range, Value, YearsMonths, type_name

__all__ = [
    "DEFAULT_LIMITS",
    "DefinedType",
    "Expression",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "Function",
    "Limits",
    "Range",
    "Value",
    "Warning",
    "YearsMonths",
    "compile",
    "dumps",
    "evaluate",
    "from_json",
    "from_python",
    "loads",
    "needed",
    "to_json",
    "to_text",
    "type_name",
    "unstorable",
]
