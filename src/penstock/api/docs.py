"""The documentation for people: one page, made from the OpenAPI document, that needs no other host."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, Final

Json = dict[str, Any]

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Penstock API</title>
<link rel="icon" href="/pages/icon.svg">
<link rel="stylesheet" href="/pages/base.css">
<link rel="stylesheet" href="/pages/docs.css">
</head>
<body>
<header><a class="brand" href="/">Penstock</a><nav><a href="/openapi.json">openapi.json</a></nav></header>
<div class="columns">
<nav class="contents" aria-label="Operations">{contents}</nav>
<main>
<h1>{title} {version}</h1>
<p>{description} Every error has the body <a href="#ErrorBody">ErrorBody</a>.</p>
{operations}
<h2 id="schemas">Schemas</h2>
{schemas}
</main>
</div>
</body>
</html>
"""


def docs_page(document: Json) -> bytes:
    """Give the page for an OpenAPI document."""
    groups = _by_tag(document)
    schemas = document["components"]["schemas"]
    page = _PAGE.format(
        contents="".join(_contents(tag, operations) for tag, operations in groups.items()),
        title=escape(document["info"]["title"]),
        version=escape(document["info"]["version"]),
        description=escape(document["info"]["description"]),
        operations="".join(_group(tag, operations) for tag, operations in groups.items()),
        schemas="".join(_schema(name, schema) for name, schema in sorted(schemas.items())),
    )
    return page.encode()


Operation = tuple[str, str, Json]
"""A method, a path, and what the document says of them."""


def _by_tag(document: Json) -> dict[str, list[Operation]]:
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            groups[operation["tags"][0]].append((method.upper(), path, operation))
    return groups


def _contents(tag: str, operations: Iterable[Operation]) -> str:
    links = "".join(
        f'<li><a href="#{operation["operationId"]}">{escape(operation["summary"])}</a></li>'
        for _, _, operation in operations
    )
    return f"<h2>{escape(tag)}</h2><ul>{links}</ul>"


def _group(tag: str, operations: Iterable[Operation]) -> str:
    return f"<h2>{escape(tag)}</h2>" + "".join(_operation(*operation) for operation in operations)


def _operation(method: str, path: str, operation: Json) -> str:
    parts = [
        f'<section class="operation" id="{operation["operationId"]}">',
        f'<h3><span class="method {method.lower()}">{method}</span> <code>{escape(path)}</code></h3>',
        f"<p>{escape(operation['summary'])}</p>",
        _parameters(operation["parameters"]),
        _body(operation.get("requestBody")),
        _replies(operation["responses"]),
        f"<pre><code>{escape(_curl(method, path, operation))}</code></pre>",
        "</section>",
    ]
    return "".join(parts)


def _parameters(parameters: list[Json]) -> str:
    if not parameters:
        return ""
    rows = (
        (parameter["name"], parameter["in"], parameter["schema"], parameter.get("description", ""))
        for parameter in parameters
    )
    return _table("Parameter", ((f"<code>{escape(n)}</code> {i}", s, d) for n, i, s, d in rows))


def _table(title: str, rows: Iterable[tuple[str, Json, str]]) -> str:
    body = "".join(
        f"<tr><td>{name}</td><td>{type_text(schema)}</td><td>{escape(description)}</td></tr>"
        for name, schema, description in rows
    )
    return (
        f'<div class="scroll"><table><thead><tr><th>{title}</th><th>Type</th><th></th></tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _body(body: Json | None) -> str:
    if body is None:
        return ""
    ((media_type, content),) = body["content"].items()
    need = "" if body["required"] else ", may be left out"
    return f"<p>Body ({escape(media_type)}{need}): {type_text(content['schema'])}</p>"


def _replies(responses: dict[str, Json]) -> str:
    items = []
    for status, response in responses.items():
        for content in response.get("content", {}).values():
            items.append(f"<li><b>{status}</b> {type_text(content['schema'])}</li>")
    errors = [status for status, response in responses.items() if "$ref" in response and status != "default"]
    return f"<p>Replies:</p><ul>{''.join(items)}</ul><p>Errors: {', '.join(errors)}</p>"


def _curl(method: str, path: str, operation: Json) -> str:
    verb = "" if method == "GET" else f"-X {method} "
    lines = [f"curl {verb}'http://localhost:8080{path}'"]
    body = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in body:
        lines.append("  -F file=@model.bpmn")
    elif "application/json" in body:
        example = json.dumps(body["application/json"].get("example", {}))
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{example}'"]
    return " \\\n".join(lines)


# -- schemas ---------------------------------------------------------------------------------------


def _schema(name: str, schema: Json) -> str:
    required = schema.get("required", ())
    rows = (
        (
            f"<code>{escape(field)}</code>" + ("" if field in required else " <i>optional</i>"),
            value,
            value.get("description", ""),
        )
        for field, value in schema.get("properties", {}).items()
    )
    return (
        f'<section class="schema" id="{escape(name)}"><h3>{escape(name)}</h3>'
        f"<p>{escape(schema.get('description', ''))}</p>{_table('Field', rows)}</section>"
    )


def type_text(schema: Json) -> str:
    """Give a schema in one line of HTML, with links to the schemas that have a name."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(type_text(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"<code>{escape(json.dumps(value))}</code>" for value in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"array of {type_text(schema.get('items', {}))}"
    return escape(" ".join([kind, *_bounds(schema)]))


def _bounds(schema: Json) -> Iterator[str]:
    for key, words in (("minimum", "≥"), ("maximum", "≤"), ("format", "")):
        if key in schema:
            yield f"{words} {schema[key]}".strip()
