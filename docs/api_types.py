"""The types of the API for the web application's client, in TypeScript, from the tables of routes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

Json = dict[str, Any]
_HEAD: Final = "// Written by docs/generate.py from the tables of routes; not to be edited.\n"


def api_types() -> str:
    """Give the module with every schema and every operation of our own surface."""
    from penstock.api import openapi
    from penstock.api.rest.routes import CLOCK, ROUTES

    document = openapi.document((*ROUTES, *CLOCK))
    schemas = sorted(document["components"]["schemas"].items())
    operations = (
        f"  {json.dumps(f'{method.upper()} {path}')}: {_operation(operation)};"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    types = (f"export type {name} = {_type(schema)};\n" for name, schema in schemas)
    return "\n".join([_HEAD, *types, "export interface Operations {", *operations, "}", ""])


def _operation(operation: Json) -> str:
    parts = [
        f"path: {_parameters(operation, 'path')}",
        f"query: {_parameters(operation, 'query')}",
        f"body: {_body(operation)}",
        f"reply: {_reply(operation)}",
    ]
    return "{ " + "; ".join(parts) + " }"


def _parameters(operation: Json, place: str) -> str:
    fields = (one for one in operation["parameters"] if one["in"] == place)
    return _fields((one["name"], one["schema"], one["required"]) for one in fields)


def _body(operation: Json) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return "FormData"
    return _type(content["application/json"]["schema"]) if content else "undefined"


def _reply(operation: Json) -> str:
    success = next(reply for status, reply in operation["responses"].items() if status.startswith("2"))
    ((media_type, content),) = success["content"].items()
    return _type(content["schema"]) if media_type == "application/json" else "string"


def _fields(fields: Iterator[tuple[str, Json, bool]]) -> str:
    shown = [f"{json.dumps(name)}{'' if needed else '?'}: {_type(schema)}" for name, schema, needed in fields]
    return "{ " + "; ".join(shown) + " }" if shown else "Record<never, never>"


_SIMPLE: Final = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def _type(schema: Json) -> str:
    """Give a schema as a type; what the schema leaves open is `unknown`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    match schema.get("type"):
        case "array":
            return f"Array<{_type(schema.get('items', {}))}>"
        case "object" if "properties" in schema:
            needed = schema.get("required", ())
            return _fields((name, field, name in needed) for name, field in schema["properties"].items())
        case "object":
            return "Record<string, unknown>"
        case kind:
            return _SIMPLE.get(str(kind), "unknown")
