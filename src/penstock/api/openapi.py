"""The OpenAPI 3.1 document, made from the tables of routes that are served."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

import msgspec

from penstock.api.descriptions import describe
from penstock.api.errors import ErrorBody
from penstock.api.http import Route

_REFERENCE: Final = "#/components/schemas/{name}"
_PARAMETER: Final = re.compile(r"\{(\w+)(?::\w+)?\}")

_PATH_PARAMETERS: Final = {
    "draft": "The id of a draft.",
    "alias": "The name by which an app knows the workflow.",
    "instance": "The id of a process instance.",
    "instanceId": "The id of a process instance.",
    "key": "The key of a deployed version.",
    "task": "The id of a user task.",
    "job": "The key of a job.",
    "incident": "The key of an incident.",
    "batch": "The id of a batch.",
    "partial": "The id of a partial start.",
    "decision": "The id or the name of a decision.",
    "process": "The id of a process.",
    "function": "The name of a Python function.",
    "form": "The id of a form.",
}

Json = dict[str, Any]


def document(routes: Sequence[Route]) -> Json:
    """Give the document for the routes."""
    schemas = _Schemas(routes)
    paths: dict[str, Json] = {}
    for route in routes:
        operations = paths.setdefault(_PARAMETER.sub(r"{\1}", route.path), {})
        operations[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Penstock",
            "version": version("penstock"),
            "description": "A durable BPMN 2.0 workflow server.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": paths,
        "security": [{}, {"bearer": []}, {"developerToken": []}],
        "components": {
            "schemas": schemas.components,
            "responses": {"Error": _json_reply("What is wrong.", schemas.of(ErrorBody))},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "developerToken": {"type": "apiKey", "in": "header", "name": "X-DOMO-Developer-Token"},
            },
        },
    }


class _Schemas:
    """The schema of every type that the routes name, those with a name as components."""

    def __init__(self, routes: Sequence[Route]) -> None:
        types = list(_types(routes))
        schemas, self.components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
        describe(types, self.components)
        # Types are compared by their text, since a generic alias is made anew wherever it is written.
        self._by_type = {repr(type_): schema for type_, schema in zip(types, schemas, strict=True)}

    def of(self, type_: Any) -> Json:
        schema: Json = self._by_type[repr(type_)]
        return schema


def _types(routes: Iterable[Route]) -> Iterable[Any]:
    yield ErrorBody
    for route in routes:
        yield from (type_ for type_ in (route.body, route.upload) if type_ is not None)
        yield from (type_ for type_ in route.replies.values() if not isinstance(type_, str))


def _operation(route: Route, schemas: _Schemas) -> Json:
    operation: Json = {
        "tags": [route.tag],
        "summary": route.summary,
        "operationId": operation_id(route),
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_headers(route)],
        "responses": _responses(route, schemas),
    }
    if route.open:
        operation["security"] = []
    body = _request_body(route, schemas)
    return operation if body is None else {**operation, "requestBody": body}


def operation_id(route: Route) -> str:
    """Give a name for the operation that no other one has."""
    words = [word for word in re.split(r"\W+", route.path) if word not in ("", "api", "domo", "v1", "path")]
    return "_".join([route.method.lower(), *words])


def _path_parameters(route: Route) -> Iterable[Json]:
    for name in _PARAMETER.findall(route.path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": _PATH_PARAMETERS[name],
            "schema": {"type": "string"},
        }


def _query_parameters(route: Route) -> Iterable[Json]:
    (_,), components = msgspec.json.schema_components([route.query])
    describe([route.query], components)
    (struct,) = components.values()
    for name, field in struct["properties"].items():
        schema = _without_null(field)
        yield {
            "name": name,
            "in": "query",
            "required": name in struct.get("required", ()),
            "description": schema.pop("description", field.get("description", "")),
            "schema": schema,
        }


def _without_null(schema: Json) -> Json:
    """Give the schema of a parameter in the query, which may be left out but never is null."""
    kinds = [kind for kind in schema.get("anyOf", [schema]) if kind != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _headers(route: Route) -> Iterable[Json]:
    if route.idempotent:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "A text of your choice: the same request under the same key is carried out once.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
        }


def _request_body(route: Route, schemas: _Schemas) -> Json | None:
    if route.upload is not None:
        return {"required": True, "content": {"multipart/form-data": {"schema": schemas.of(route.upload)}}}
    if route.body is None:
        return None
    content: Json = {"schema": schemas.of(route.body)}
    if route.example is not None:
        content["example"] = route.example
    return {"required": _needs_body(route.body), "content": {"application/json": content}}


def _needs_body(body: Any) -> bool:
    try:
        msgspec.convert({}, body)
    except msgspec.ValidationError:
        return True
    return False


def _responses(route: Route, schemas: _Schemas) -> Mapping[str, Json]:
    responses: dict[str, Json] = {}
    for status, type_ in route.replies.items():
        phrase = HTTPStatus(status).phrase
        if isinstance(type_, str):
            # A stream is no text as a whole: each of its events has a shape of its own.
            schema = {} if type_ == "text/event-stream" else {"type": "string"}
            content: Json = {type_: {"schema": schema}}
            responses[str(status)] = {"description": phrase, "content": content}
        else:
            responses[str(status)] = _json_reply(phrase, schemas.of(type_))
    error = {"$ref": "#/components/responses/Error"}
    return {**responses, **{str(status): error for status in sorted({400, *route.errors})}, "default": error}


def _json_reply(description: str, schema: Json) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
