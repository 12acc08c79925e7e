"""`penstock config`: what the settings are, and where each came from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penstock.cli.options import Json
from penstock.cli.output import json_text, say_json, say_table
from penstock.config import load, shown

app = typer.Typer(help="Look at the settings.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="the project folder", metavar="FOLDER")]


@app.callback()
def config() -> None:
    """Look at the settings."""


@app.command()
def show(folder: Folder = Path(), json: Json = False) -> None:
    """Show every setting, its value and its origin: flag, environment, file or default."""
    values = shown(load(folder))
    if json:
        say_json(values)
    else:
        rows = ((name, json_text(each["value"]), str(each["origin"])) for name, each in values.items())
        say_table(("SETTING", "VALUE", "FROM"), rows)
