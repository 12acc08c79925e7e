"""Variables on the command line: `-v name=value`, `-v name=@file.json`, `-v @file.json`.

A value that reads as JSON is that value, so `a=1` is a number and `a="1"` in the shell's single quotes is a
text. Everything else is the text as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from penstock.cli.exits import CommandFailed, Exit


def parse_variables(arguments: Iterable[str] | None) -> dict[str, Any]:
    """Read variables; a later one goes before an earlier one of the same name.

    Raises:
        CommandFailed: one is not of the form name=value, or its file is not JSON.
    """
    variables: dict[str, Any] = {}
    for argument in arguments or ():
        if argument.startswith("@"):
            variables.update(_object(Path(argument[1:])))
            continue
        name, separator, value = argument.partition("=")
        if not separator or not name.strip():
            raise CommandFailed(
                Exit.USAGE, f"the variable '{argument}' is not of the form name=value or @file.json."
            )
        variables[name.strip()] = _value(value)
    return variables


def parse_mapping(arguments: Iterable[str] | None) -> dict[str, str]:
    """Read which element has which other id in another version: `--map OLD=NEW`.

    Raises:
        CommandFailed: one is not of that form.
    """
    return dict(map(_pair, arguments or ()))


def _pair(text: str) -> tuple[str, str]:
    old, separator, new = text.partition("=")
    if not (old and separator and new):
        raise CommandFailed(Exit.USAGE, f"the mapping '{text}' is not of the form OLD=NEW.")
    return old, new


def _value(text: str) -> Any:
    import msgspec

    if text.startswith("@"):
        return _file(Path(text[1:]))
    try:
        return msgspec.json.Decoder(float_hook=Decimal).decode(text)
    except msgspec.DecodeError:
        return text


def _object(file: Path) -> dict[str, Any]:
    content = _file(file)
    if not isinstance(content, dict):
        raise CommandFailed(Exit.USAGE, f"{file} holds no JSON object. Write it as {{'name': value, ...}}.")
    return content


def _file(file: Path) -> Any:
    import msgspec

    from penstock.project import read_bytes

    try:
        return msgspec.json.Decoder(float_hook=Decimal).decode(read_bytes(file))
    except msgspec.DecodeError as error:
        raise CommandFailed(Exit.USAGE, f"{file} is not JSON: {error}") from None
