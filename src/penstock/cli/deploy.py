"""`penstock deploy`: hand workflows to a running server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penstock.cli.exits import CommandFailed, Exit
from penstock.cli.options import Json, Server, Token, TokenFile, connect
from penstock.cli.output import finding_line, say, say_json, say_table, tell

if TYPE_CHECKING:
    from penstock.client import Deployment

Sources = Annotated[
    list[Path] | None,
    typer.Argument(help="BPMN files or project folders; the current folder by default", metavar="FILE..."),
]


def deploy(
    sources: Sources = None,
    version: Annotated[
        str | None, typer.Option("--version", help="semantic version for all of them", metavar="X.Y.Z")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would happen, change nothing")] = False,
    server: Server = None,
    token: Token = None,
    token_file: TokenFile = None,
    json: Json = False,
) -> None:
    """Deploy workflows to a running server: all of them, or none when one has an error.

    Functions, pages and the manifest are not sent: a server takes them from the folder that it serves.
    """
    files = collect(sources or [Path()])
    with connect(server, token, token_file) as client:
        deployed = client.deploy(files, version=version, dry_run=dry_run)
    if json:
        say_json(deployed)
    else:
        _show(deployed, dry_run)


def collect(sources: list[Path]) -> dict[str, bytes]:
    """Read the files, and the workflows of the folders, by name.

    Raises:
        ProjectError: one cannot be read.
        CommandFailed: there is none.
    """
    from penstock.project import open_project, read_bytes

    files: dict[str, bytes] = {}
    for source in sources:
        for file in open_project(source).workflows if source.is_dir() else (source,):
            if file.name in files:
                raise CommandFailed(Exit.USAGE, f"two files are named {file.name}. Deploy them one by one.")
            files[file.name] = read_bytes(file)
    if not files:
        names = ", ".join(str(source) for source in sources)
        raise CommandFailed(Exit.USAGE, f"no .bpmn file in {names}. Put one into its folder workflows/.")
    return files


def _show(deployed: Deployment, dry_run: bool) -> None:
    for finding in deployed.findings:
        tell(finding_line(finding))
    say("would deploy" if dry_run else "deployed")
    say_table(
        ("PROCESS", "VERSION", "NAME"), ((each.id, each.version, each.name) for each in deployed.definitions)
    )
