"""Read manifest.json: the file in which an app says by which aliases it knows its workflows.

All that is wrong is told at once, each with its place, since a person repairs the file as a whole. Keys that
are not documented are let through: the file is shared with other tools, which have keys of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final, NoReturn, cast

from penstock.api.domo.mapping import TYPES, Parameter, ParameterType, WorkflowMapping
from penstock.api.domo.parameters import ParameterError, check_default, describe

MAX_DEPTH: Final = 32
"""How deep the children of a parameter may be nested."""

_TOO_DEEP: Final = f"is nested deeper than {MAX_DEPTH} objects. Flatten it."

Json = dict[str, object]


class ManifestError(ValueError):
    """The manifest cannot be used. `problems` are all that is wrong, in the order of the file."""

    def __init__(self, file: str, problems: Iterable[str]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{file}: {problem}" for problem in self.problems))


def parse_manifest(data: bytes, file: str = "manifest.json") -> tuple[WorkflowMapping, ...]:
    """Read the workflows that a manifest maps, in its order; none where it maps none.

    Entries for functions are checked for their form only.

    Args:
        data: the bytes of the file, UTF-8 with or without a byte order mark.
        file: its name, for the messages.

    Raises:
        ManifestError: the file is not JSON, or an entry is wrong.
    """
    root = _load(data, file)
    reader = _Reader()
    found = _section(reader, root, ("workflowsMapping", "workflowMapping"))
    mappings = [(place, _workflow(reader, entry, place)) for place, entry in found]
    _check_aliases(reader, mappings)
    for place, entry in _section(reader, root, ("packagesMapping", "packageMapping")):
        _check_package(reader, entry, place)
    if reader.problems:
        raise ManifestError(file, reader.problems)
    return tuple(mapping for _, mapping in mappings if mapping is not None)


def _load(data: bytes, file: str) -> Json:
    try:
        root = json.loads(data.decode("utf-8-sig"), parse_float=_decimal, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise ManifestError(
            file, [f"byte {error.start} is not UTF-8. Save the file in this encoding."]
        ) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ManifestError(file, [f"{place}: this is not JSON: {error.msg}."]) from None
    except RecursionError:
        raise ManifestError(file, ["the JSON is nested too deeply to be a manifest."]) from None
    except ValueError as error:
        raise ManifestError(file, [f"this is not JSON: {error}."]) from None
    if not isinstance(root, dict):
        raise ManifestError(file, [f"the file must hold one JSON object, and holds {describe(root)}."])
    return root


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        _refuse(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text[:40]} is no number that can be used")


class _Reader:
    """Takes values out of JSON objects, and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def wrong(self, place: str, message: str) -> None:
        self.problems.append(f"{place}: {message}")

    def text(self, entry: Json, key: str, place: str, *, required: bool = False) -> str | None:
        """Give a text that is not empty; null and the empty text count as absent."""
        value = entry.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None and not isinstance(value, str):
            self.wrong(f"{place}.{key}", f"must be a text, and is {describe(value)}.")
        elif required:
            self.wrong(f"{place}.{key}", "is missing. Give it a text that is not empty.")
        return None

    def flag(self, entry: Json, key: str, place: str) -> bool:
        """Give a boolean, false where it is absent or null."""
        value = entry.get(key)
        if value is not None and not isinstance(value, bool):
            self.wrong(f"{place}.{key}", f"must be true or false, and is {describe(value)}.")
        return value is True

    def objects(self, value: object, place: str) -> Iterator[tuple[str, Json]]:
        """Give the objects of a list with their places; null counts as an empty list."""
        if value is None:
            return
        if not isinstance(value, list):
            self.wrong(place, f"must be a list of objects, and is {describe(value)}.")
            return
        for position, entry in enumerate(value):
            if isinstance(entry, dict):
                yield f"{place}[{position}]", cast("Json", entry)
            else:
                self.wrong(f"{place}[{position}]", f"must be an object, and is {describe(entry)}.")


def _section(reader: _Reader, root: Json, keys: tuple[str, str]) -> Iterator[tuple[str, Json]]:
    """Give the entries of a section that is documented under two keys; a file has one of them."""
    present = [key for key in keys if key in root]
    if len(present) > 1:
        reader.wrong(present[1], f"means the same as {present[0]}. Keep one of the two.")
    for key in present:
        yield from reader.objects(root[key], key)


def _check_aliases(reader: _Reader, mappings: Iterable[tuple[str, WorkflowMapping | None]]) -> None:
    taken: dict[str, str] = {}
    for place, mapping in mappings:
        if mapping is None:
            continue
        if mapping.alias in taken:
            message = (
                f"'{mapping.alias}' is the alias of {taken[mapping.alias]} too. Give each workflow its own."
            )
            reader.wrong(f"{place}.alias", message)
        taken.setdefault(mapping.alias, place)


def _workflow(reader: _Reader, entry: Json, place: str) -> WorkflowMapping | None:
    alias = reader.text(entry, "alias", place, required=True)
    model_id = reader.text(entry, "modelId", place)
    version = reader.text(entry, "version", place)
    start_name = reader.text(entry, "startName", place)
    parameters = None
    if entry.get("parameters") is not None:
        parameters = _parameters(reader, entry["parameters"], f"{place}.parameters", 0)
    if alias is None:
        return None
    return WorkflowMapping(alias, model_id, version, start_name, parameters)


def _parameters(reader: _Reader, value: object, place: str, depth: int) -> tuple[Parameter, ...]:
    if depth == MAX_DEPTH:
        reader.wrong(place, _TOO_DEEP)
        return ()
    found: list[Parameter] = []
    taken: dict[str, str] = {}
    for where, entry in reader.objects(value, place):
        parameter = _parameter(reader, entry, where, depth)
        if parameter is None:
            continue
        for key in parameter.keys:
            if key in taken:
                reader.wrong(where, f"the name {key!r} also belongs to {taken[key]}. Rename one of the two.")
            taken.setdefault(key, where)
        found.append(parameter)
    return tuple(found)


def _parameter(reader: _Reader, entry: Json, place: str, depth: int) -> Parameter | None:
    before = len(reader.problems)
    name = reader.text(entry, "name", place)
    aliases = [reader.text(entry, key, place) for key in ("aliasedName", "aliasName")]
    keys = tuple(dict.fromkeys(key for key in (*aliases, name) if key is not None))
    if not keys and len(reader.problems) == before:
        reader.wrong(place, "has no name. Give it an aliasedName, an aliasName or a name.")
    type = _type(reader, entry, place)
    a_list = reader.flag(entry, "list", place)
    nullable = reader.flag(entry, "nullable", place)
    children = _children(reader, entry, place, type, depth)
    if len(reader.problems) > before or type is None:
        return None
    parameter = Parameter(keys, name or keys[0], type, a_list, nullable, entry.get("value"), children)
    try:
        check_default(parameter)
    except ParameterError as error:
        for problem in error.problems:
            reader.wrong(f"{place}.value", problem)
        return None
    return parameter


def _type(reader: _Reader, entry: Json, place: str) -> ParameterType | None:
    type = reader.text(entry, "type", place, required=True)
    if type is None:
        return None
    known = next((known for known in TYPES if known == type), None)
    if known is None:
        reader.wrong(f"{place}.type", f"{describe(type)} is no type. Use one of {', '.join(TYPES)}.")
    return known


def _children(
    reader: _Reader, entry: Json, place: str, type: ParameterType | None, depth: int
) -> tuple[Parameter, ...]:
    value = entry.get("children")
    if value is None or value == []:
        return ()
    if type is not None and type != "object":
        reader.wrong(f"{place}.children", f"belongs to an object, and the type is {type}.")
        return ()
    return _parameters(reader, value, f"{place}.children", depth + 1)


def _check_package(reader: _Reader, entry: Json, place: str) -> None:
    reader.text(entry, "alias", place, required=True)
    for key in ("packageId", "name", "functionName", "version"):
        reader.text(entry, key, place)
    for where, parameter in reader.objects(entry.get("parameters"), f"{place}.parameters"):
        _check_function_value(reader, parameter, where)
    output = entry.get("output")
    if isinstance(output, dict):
        _check_function_value(reader, output, f"{place}.output")
    elif output is not None:
        reader.wrong(f"{place}.output", f"must be an object, and is {describe(output)}.")


def _check_function_value(reader: _Reader, entry: Json, place: str, depth: int = 0) -> None:
    for key in ("alias", "type"):
        reader.text(entry, key, place, required=True)
    for key in ("nullable", "isList"):
        reader.flag(entry, key, place)
    if depth == MAX_DEPTH:
        reader.wrong(place, _TOO_DEEP)
        return
    for where, child in reader.objects(entry.get("children"), f"{place}.children"):
        _check_function_value(reader, child, where, depth + 1)
