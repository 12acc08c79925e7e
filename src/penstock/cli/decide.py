"""`penstock decide`: make a decision of a DMN file, without a server, and see why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penstock.cli.exits import CommandFailed, Exit
from penstock.cli.options import Json
from penstock.cli.output import finding_line, say, say_json, tell
from penstock.cli.variables import parse_variables

if TYPE_CHECKING:
    from penstock import dmn


def decide(
    file: Annotated[Path, typer.Argument(help="a DMN file; those that it imports are beside it")],
    decision: Annotated[
        str | None,
        typer.Option("--decision", "-d", help="its id or name; not needed where there is only one"),
    ] = None,
    variable: Annotated[
        list[str] | None,
        typer.Option("--variable", "-v", help="name=value, name=@file.json or @file.json", metavar="VALUE"),
    ] = None,
    json: Json = False,
) -> None:
    """Make a decision of a file, and say which rules matched."""
    from penstock import dmn, feel
    from penstock.bpmn.iso import from_epoch_milliseconds
    from penstock.runtime.clock import SystemClock

    variables = {name: feel.from_json(value) for name, value in parse_variables(variable).items()}
    model = _read(file)
    name = decision or _only(model, file)
    service = name not in model.decisions and (name in model.services or name in model.knowledge)
    try:
        result = dmn.evaluate(
            model, name, variables, now=from_epoch_milliseconds(SystemClock().now()), service=service
        )
    except dmn.DmnError as error:
        known = name in model.decisions or service
        raise CommandFailed(Exit.FAILED if known else Exit.NOT_FOUND, f"{error}.") from None
    if json:
        say_json(_as_json(result))
    else:
        _show(result)


def _read(file: Path) -> dmn.Model:
    """Read the file, with the DMN files of its folder for its imports.

    Raises:
        CommandFailed: it has errors, which have been said.
    """
    from penstock.project import read_bytes
    from penstock.runtime.dmn_files import SourceFile, read_dmn

    beside = [it for it in sorted(file.parent.glob("*.dmn")) if it.is_file() and it.name != file.name]
    sources = [SourceFile(str(it), read_bytes(it)) for it in (file, *beside)]
    reading = read_dmn(sources)[0].reading
    for finding in reading.findings:
        tell(finding_line(finding))
    if reading.model is None or reading.errors:
        raise CommandFailed(Exit.REFUSED)
    return reading.model


def _only(model: dmn.Model, file: Path) -> str:
    ids = list(model.decisions)
    if len(ids) != 1:
        known = ", ".join(sorted(ids)) or "none"
        raise CommandFailed(Exit.USAGE, f"{file} has {len(ids)} decisions: name one by --decision ({known}).")
    return ids[0]


def _as_json(result: dmn.Result) -> dict[str, object]:
    from penstock import feel

    return {
        "value": feel.to_json(result.value),
        "decisions": feel.to_json(dict(result.decisions)),
        "matched": [
            {
                "table": each.table,
                "rules": list(each.rules),
                "inputs": feel.to_json(dict(each.inputs)),
                "outputs": feel.to_json(list(each.outputs)),
            }
            for each in result.matched
        ],
        "warnings": [{"code": warning.code, "message": warning.message} for warning in result.warnings],
    }


def _show(result: dmn.Result) -> None:
    say(_shown(result.value))
    for each in result.matched:
        inputs = ", ".join(f"{name} = {_shown(value)}" for name, value in each.inputs)
        rules = ", ".join(f"rule {rule}" for rule in each.rules) or "no rule"
        say(f"  {each.table}: {rules} for {inputs}" if inputs else f"  {each.table}: {rules}")
    for warning in result.warnings:
        tell(f"warning {warning.code}: {warning.message}")


def _shown(value: object) -> str:
    from penstock import feel

    return feel.to_text(value)
