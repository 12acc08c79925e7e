"""What SQLite and PostgreSQL write differently, as expressions that each compiles in its own way.

JSON is kept in two forms: lists of names as the type JSON, and variables as bytes of UTF-8.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from penstock.kernel.definition import Value

Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A number that the database gives: on SQLite only `INTEGER` is given one by itself."""


def is_shared(connection: sa.Connection) -> bool:
    """Whether others may write to the database at the same time."""
    return connection.dialect.name != "sqlite"


class holds(FunctionElement[bool]):  # noqa: N801 - it is called as a function
    """Whether a list of texts in a JSON column holds a text: `holds(column, text)`."""

    type = sa.Boolean()
    inherit_cache = True
    name = "holds"


@compiles(holds, "sqlite")
def _holds_sqlite(element: holds, compiler: SQLCompiler, **options: Any) -> str:
    column, text = (compiler.process(clause, **options) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS item WHERE item.value = {text})"


@compiles(holds, "postgresql")
def _holds_postgresql(element: holds, compiler: SQLCompiler, **options: Any) -> str:
    column, text = (compiler.process(clause, **options) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_array_elements_text({column}) AS item WHERE item = {text})"


class _variable_is(FunctionElement[bool]):  # noqa: N801 - it is called as a function
    """Its arguments: the variables, the name, SQLite's path to it, the value's kind, as text and as JSON."""

    type = sa.Boolean()
    inherit_cache = True
    name = "variable_is"


@compiles(_variable_is, "sqlite")
def _variable_is_sqlite(element: _variable_is, compiler: SQLCompiler, **options: Any) -> str:
    variables, _, path, kind, text, _ = element.clauses
    document = sa.cast(variables, sa.Text)
    found = sa.func.json_extract(document, path)
    number = sa.and_(kind == "number", found == sa.cast(text, sa.Numeric))
    meets = sa.case(
        (sa.func.json_type(document, path).in_(("integer", "real")), number),
        else_=sa.and_(
            sa.func.json_type(document, path) == kind,
            sa.or_(kind != "text", sa.func.coalesce(found, "") == text),
        ),
    )
    return compiler.process(meets, **options)


@compiles(_variable_is, "postgresql")
def _variable_is_postgresql(element: _variable_is, compiler: SQLCompiler, **options: Any) -> str:
    variables, name, *_, document = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(convert_from({variables}, 'UTF8')::jsonb -> {name}) = ({document})::jsonb"


def variable_is(variables: sa.ColumnElement[bytes], name: str, value: Value) -> sa.ColumnElement[bool]:
    """Whether one of the variables is of this name and value; a text "1" is not the number 1.

    Arguments:
        variables: a JSON object, as bytes.
        value: text, a number, a boolean or null.
    """
    path = '$."' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    match value:
        case None | True | False:
            kind = document = {None: "null", True: "true", False: "false"}[value]
        case str():
            kind, document = "text", json.dumps(value)
        case _:
            kind, document = "number", str(value)
    literals = (sa.literal(it) for it in (name, path, kind, str(value), document))
    return _variable_is(variables, *literals)
