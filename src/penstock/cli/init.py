"""`penstock init`: a new project folder that runs as it stands.

The folder is a copy of `templates/`, which is a project itself: what a user gets is what our tests run.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Final

import typer

from penstock.cli.exits import CommandFailed, Exit
from penstock.cli.options import Json
from penstock.cli.output import say, say_json

NAME: Final = "PROJECT_NAME"
"""Stands in the templates for the name of the folder."""
RENAMED: Final = {"gitignore": ".gitignore"}
"""Template files that would have an effect on our own repository under their real names."""


def init(
    folder: Annotated[Path, typer.Argument(help="the folder to make; it must not exist, or be empty")],
    json: Json = False,
) -> None:
    """Make a project: a workflow, a Python function, a manifest and a test.

    A folder with anything in it is left alone.
    """
    written = write_project(folder)
    if json:
        say_json({"folder": str(folder.absolute()), "files": written})
        return
    for file in written:
        say(f"  {folder / file}")
    say(f"\nServe it:       penstock serve {folder}")
    say("Then start it:  penstock start hello -v name=Ada --wait")


def write_project(folder: Path) -> list[str]:
    """Write a new project and give its files, as paths in the folder.

    Raises:
        CommandFailed: the folder holds something, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandFailed(Exit.USAGE, f"{folder} is there already and not empty. Choose another name.")
    try:
        return sorted(_copy(files("penstock.cli") / "templates", folder, folder, folder.absolute().name))
    except OSError as error:
        raise CommandFailed(Exit.USAGE, f"cannot write {folder}: {error.strerror or error}") from None


def _copy(source: Traversable, target: Path, root: Path, name: str) -> list[str]:
    target.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    for each in source.iterdir():
        place = target / RENAMED.get(each.name, each.name)
        if each.is_dir():
            written += [] if each.name == "__pycache__" else _copy(each, place, root, name)
        else:
            place.write_text(each.read_text(encoding="utf-8").replace(NAME, name), encoding="utf-8")
            written.append(place.relative_to(root).as_posix())
    return written
