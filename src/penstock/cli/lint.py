"""`penstock lint`: everything that is wrong with models and manifests, without a server."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from penstock.cli.exits import CommandFailed, Exit
from penstock.cli.options import Json
from penstock.cli.output import finding_line, say, say_json

if TYPE_CHECKING:
    from penstock.bpmn import Finding
    from penstock.bpmn.known import Known
    from penstock.project import Project
    from penstock.runtime.dmn_files import SourceFile

Sources = Annotated[
    list[Path] | None,
    typer.Argument(
        help="BPMN, DMN or form files, or project folders; by default the current one", metavar="FILE..."
    ),
]


class Checked(NamedTuple):
    """What came of checking one file."""

    file: Path
    executable: bool
    findings: tuple[Finding, ...]


def lint(sources: Sources = None, json: Json = False) -> None:
    """Check BPMN, DMN and form files, or all of a project: its workflows, its manifest and its functions.

    The functions of a project are loaded for it, in a process of their own, so that a service task which
    names an unknown one is found.
    """
    checked = [result for source in sources or [Path()] for result in _check(source)]
    if json:
        say_json(
            [
                {"file": str(each.file), "executable": each.executable, "findings": each.findings}
                for each in checked
            ]
        )
    else:
        _show(checked)
    if not all(each.executable for each in checked):
        raise CommandFailed(Exit.REFUSED)


def _check(source: Path) -> list[Checked]:
    from penstock.project import mappings, open_project

    if not source.is_dir():
        return _check_files([source], None, alone=True)
    project = open_project(source)
    mappings(project)
    names = function_names(project)
    return _check_files(project.workflows, names)


def function_names(project: Project) -> Collection[str] | None:
    """Load the functions of a project in a process of their own and give their names; None without a folder.

    Raises:
        FunctionsError: a file does not load, or two functions share a name.
    """
    if project.functions is None:
        return None
    from penstock import logs
    from penstock.workers.pool import FunctionPool

    logs.configure("warning", "auto")
    pool = FunctionPool(project.functions, processes=1)
    try:
        pool.start()
        return tuple(pool.functions)
    finally:
        pool.stop(grace_s=1)


def _check_files(
    files: Sequence[Path], functions: Collection[str] | None, *, alone: bool = False
) -> list[Checked]:
    """Check files that are deployed together; `alone` if the decisions and forms are elsewhere."""
    from penstock import forms
    from penstock.bpmn import processes_of
    from penstock.bpmn.known import Known
    from penstock.project import read_bytes
    from penstock.runtime.deployments import is_form
    from penstock.runtime.dmn_files import SourceFile, is_dmn, read_dmn

    sources = [SourceFile(str(file), read_bytes(file)) for file in files]
    models = {it.file.name: it.reading for it in read_dmn([it for it in sources if is_dmn(it)])}
    read_forms = {it.name: forms.read(it.content, file=it.name) for it in sources if is_form(it)}
    decisions = [id for it in models.values() if it.model for id in it.model.decisions]
    fields = {it.form.id: forms.variables_of(it.form) for it in read_forms.values() if it.form}
    if alone:
        known = Known(functions)
    else:
        models_of = [it for it in sources if it.name not in models and it.name not in read_forms]
        processes = {id for it in models_of for id in processes_of(it.content)}
        known = Known(functions, decisions, list(fields), processes, fields.get)
    checked = []
    for file, source in zip(files, sources, strict=True):
        if source.name in models:
            model = models[source.name]
            checked.append(Checked(file, model.model is not None and not model.errors, model.findings))
        elif source.name in read_forms:
            form = read_forms[source.name]
            checked.append(Checked(file, form.form is not None, form.findings))
        else:
            checked.append(_checked_process(file, source, known))
    return checked


def _checked_process(file: Path, source: SourceFile, known: Known) -> Checked:
    from penstock import bpmn

    reading = bpmn.read(source.content, file=source.name, known=known)
    return Checked(file, reading.executable, reading.findings)


def _show(checked: list[Checked]) -> None:
    for each in checked:
        for finding in each.findings:
            say(finding_line(finding))
    refused = [each for each in checked if not each.executable]
    for each in refused:
        if not any(finding.severity == "error" for finding in each.findings):
            say(f"{each.file}: error: no process of the file is executable.")
    say(f"{len(checked)} file{'s' if len(checked) != 1 else ''} checked, {len(refused)} refused")
