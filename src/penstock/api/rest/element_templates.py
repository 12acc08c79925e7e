"""The project's functions as element templates: a task to choose, its parameters as fields with help."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from penstock.api.http import Call, Reply
from penstock.api.queries import NoQuery
from penstock.workers.protocol import FunctionInfo, ParameterInfo
from penstock.workers.results import RESULT_VARIABLE

SCHEMA: Final = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
_GROUPS: Final = (
    {"id": "parameters", "label": "Parameters"},
    {"id": "result", "label": "Result"},
    {"id": "task", "label": "Work"},
)
_HELP: Final = re.compile(r"^(?: +|:param )(?P<name>\w+)(?: \([^)]*\))?: (?P<help>.+)$", re.MULTILINE)
_PLAIN: Final = ("str", "int", "float", "bool", "Decimal")


async def search(call: Call[NoQuery, None]) -> Reply:
    """Give a template for each function, by name, in the form that modelers read."""
    functions = sorted(call.runtime.functions.values(), key=lambda it: it.name)
    return Reply([_template(it) for it in functions])


def _template(function: FunctionInfo) -> dict[str, Any]:
    summary, _, _ = (function.doc or "").partition("\n\n")
    helps = _helps(function.doc or "")
    return {
        "$schema": SCHEMA,
        "id": f"penstock.function.{function.name}",
        "name": function.name.replace("_", " ").capitalize(),
        "description": " ".join(summary.split()) or f"Calls the function {function.name}.",
        "keywords": [function.name],
        "category": {"id": "functions", "name": "Functions"},
        "appliesTo": ["bpmn:Task"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "groups": list(_GROUPS),
        "properties": [
            _hidden({"type": "zeebe:taskDefinition", "property": "type"}, function.name),
            *(_field(it, helps.get(it.name)) for it in function.parameters),
            *_results(),
            _retries(),
        ],
    }


def _hidden(binding: dict[str, str], value: str) -> dict[str, Any]:
    return {"type": "Hidden", "value": value, "binding": binding}


def _helps(doc: str) -> dict[str, str]:
    """Give what a docstring says about parameters, in Google's form or Sphinx's."""
    return {found["name"]: found["help"].strip() for found in _HELP.finditer(doc)}


def _field(parameter: ParameterInfo, help: str | None) -> dict[str, Any]:
    """Give the field for a parameter: a FEEL expression, which is empty where there is a default."""
    described = [*([help.rstrip(".")] if help else []), parameter.type or "any value"]
    if parameter.default is not None:
        described.append(f"{_default(parameter.default)} if it is empty")
    return {
        "id": f"parameter_{parameter.name}",
        "label": parameter.name,
        "description": ", ".join(described),
        "group": "parameters",
        "type": "String" if _base(parameter) in _PLAIN or parameter.type is None else "Text",
        "feel": "required",
        "optional": not parameter.required,
        "binding": {"type": "zeebe:input", "name": parameter.name},
        **({"value": f"={parameter.name}", "constraints": {"notEmpty": True}} if parameter.required else {}),
    }


def _base(parameter: ParameterInfo) -> str:
    return (parameter.type or "").partition("|")[0].strip()


def _default(text: str) -> str:
    """Give a default as the author of a model reads it: `"a"`, `5`, nothing."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return "nothing" if value is None else str(value)


def _results() -> Iterator[dict[str, Any]]:
    yield {
        "id": "result_variable",
        "label": "Result as a variable",
        "description": "The name of one variable for all that the function gives.",
        "group": "result",
        "type": "String",
        "optional": True,
        "binding": {"type": "zeebe:taskHeader", "key": RESULT_VARIABLE},
    }


def _retries() -> dict[str, Any]:
    return {
        "id": "retries",
        "label": "Tries",
        "group": "task",
        "type": "String",
        "value": "3",
        "feel": "optional",
        "binding": {"type": "zeebe:taskDefinition", "property": "retries"},
    }
