"""`penstock version`: what is installed."""

from __future__ import annotations

import platform
import sqlite3

from penstock import __version__
from penstock.cli.options import Json
from penstock.cli.output import say, say_json


def version(json: Json = False) -> None:
    """Show the version of Penstock, of Python and of SQLite."""
    if json:
        say_json(
            {"penstock": __version__, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
        )
    else:
        say(f"penstock {__version__} (Python {platform.python_version()}, SQLite {sqlite3.sqlite_version})")
