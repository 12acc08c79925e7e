"""A project folder: the workflows, functions, pages and manifest that one server serves.

The folder is read, never written, and no code in it is run here: only worker processes load functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from penstock.api.domo.mapping import WorkflowMapping
    from penstock.runtime.deployments import SourceFile

WORKFLOWS: Final = "workflows"
FUNCTIONS: Final = "functions"
PAGES: Final = "app"
MANIFEST: Final = "manifest.json"
SETTINGS: Final = "penstock.toml"
MODELS: Final = (".bpmn", ".dmn", ".form")


class ProjectError(Exception):
    """The folder cannot be served; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Project:
    """What a project folder holds. A part that is not there is None."""

    folder: Path
    workflows: tuple[Path, ...]
    """The BPMN, DMN and form files, by name."""
    functions: Path | None
    """The folder of Python functions."""
    pages: Path | None
    """The folder of the project's own web pages."""
    manifest: Path | None
    """The mapping of aliases to workflows."""


def open_project(folder: Path) -> Project:
    """Look through a project folder.

    Raises:
        ProjectError: it is no folder, cannot be read, or has nothing that a project has.
    """
    folder = folder.absolute()
    if not folder.is_dir():
        raise ProjectError(f"there is no folder {folder}. Make a project with: penstock init {folder.name}")
    parts = [folder / name for name in (WORKFLOWS, FUNCTIONS, PAGES, MANIFEST, SETTINGS)]
    if not any(part.exists() for part in parts):
        raise ProjectError(
            f"{folder} is no project folder: it has no {WORKFLOWS}/, {FUNCTIONS}/, {PAGES}/, {MANIFEST} "
            f"or {SETTINGS}. Make a project with: penstock init my-app"
        )
    return Project(
        folder=folder,
        workflows=_files(folder / WORKFLOWS, MODELS),
        functions=_folder(folder / FUNCTIONS),
        pages=_folder(folder / PAGES),
        manifest=folder / MANIFEST if (folder / MANIFEST).is_file() else None,
    )


def sources(project: Project) -> list[SourceFile]:
    """Read the workflows, decisions and forms of a project, for deployment.

    Raises:
        ProjectError: a file cannot be read.
    """
    return [source(file, project.folder) for file in project.workflows]


def source(file: Path, folder: Path | None = None) -> SourceFile:
    """Read one file for deployment, named by its path from `folder`.

    Raises:
        ProjectError: it cannot be read.
    """
    from penstock.runtime.deployments import SourceFile

    name = file.relative_to(folder).as_posix() if folder else file.name
    return SourceFile(name, read_bytes(file))


def mappings(project: Project) -> tuple[WorkflowMapping, ...]:
    """Read the manifest of a project; none has no mappings.

    Raises:
        ProjectError: it cannot be read.
        ManifestError: an entry is wrong.
    """
    from penstock.api.domo.manifest import parse_manifest

    if project.manifest is None:
        return ()
    return parse_manifest(read_bytes(project.manifest), str(project.manifest))


def read_bytes(file: Path) -> bytes:
    """Read a file.

    Raises:
        ProjectError: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise ProjectError(f"cannot read {file}: {error.strerror or error}") from None


def _files(folder: Path, endings: tuple[str, ...]) -> tuple[Path, ...]:
    if not folder.exists():
        return ()
    try:
        found = [file for file in folder.iterdir() if file.suffix.lower() in endings and file.is_file()]
    except OSError as error:
        raise ProjectError(f"cannot read {folder}: {error.strerror or error}") from None
    return tuple(sorted(found))


def _folder(folder: Path) -> Path | None:
    return folder if folder.is_dir() else None
