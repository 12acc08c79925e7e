"""The `penstock` command: the table of its subcommands and the one place where failures become exit codes.

Subcommands import what they use when they run, so that `penstock version` and `--help` start fast.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from penstock.cli import (
    batch,
    copies,
    db,
    decide,
    deploy,
    init,
    instances,
    lint,
    operating,
    retention,
    serve,
    settings,
    version,
    worker,
)
from penstock.cli.exits import MEANING, Exit, as_failure
from penstock.cli.output import tell

_EPILOG = "Exit status: " + "; ".join(f"{code.value} {meaning}" for code, meaning in MEANING.items()) + "."

app = typer.Typer(
    name="penstock",
    help="Penstock, a durable BPMN 2.0 workflow server.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("init", short_help="make a project folder")(init.init)
app.command("serve", short_help="run the server for a project")(serve.serve)
app.command("worker", short_help="run functions for a server elsewhere")(worker.worker)
app.command("deploy", short_help="hand workflows to a running server")(deploy.deploy)
app.command("start", short_help="start an instance by alias")(instances.start)
app.command("ps", short_help="list instances")(instances.ps)
app.command("inspect", short_help="show an instance")(instances.inspect)
app.command("cancel", short_help="cancel an instance")(instances.cancel)
app.command("suspend", short_help="let nothing happen in an instance")(instances.suspend)
app.command("resume", short_help="let a suspended instance go on")(instances.resume)
app.command("trigger", short_help="let an event happen, or begin an ad-hoc activity")(operating.trigger)
app.command("retry", short_help="let what failed try again")(operating.retry)
app.command("modify", short_help="move the tokens of an instance")(operating.modify)
app.command("migrate", short_help="go on by another version")(operating.migrate)
app.command("restart", short_help="start anew where an instance has ended")(operating.restart)
app.add_typer(batch.app, name="batch", short_help="do something for many instances")
app.command("decide", short_help="make a decision of a DMN file, without a server")(decide.decide)
app.command("lint", short_help="check models, without a server")(lint.lint)
app.command("backup", short_help="copy a SQLite database while it serves")(copies.backup)
app.command("restore", short_help="put a copy in the place of a database")(copies.restore)
app.command("move", short_help="move from SQLite to PostgreSQL")(copies.move)
app.add_typer(settings.app, name="config", short_help="look at the settings")
app.add_typer(retention.app, name="retention", short_help="archive what has ended long ago")
app.add_typer(db.app, name="db", short_help="look after the schema of the database")
app.command("version", short_help="show the version")(version.version)


def run() -> NoReturn:
    """Run the command line of this process and end it with the exit status."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run a command line and give its exit status."""
    try:
        result = app(list(arguments), standalone_mode=True)
        return result if isinstance(result, int) else Exit.OK
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.USAGE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:
        failure = as_failure(error)
        if failure is None:
            raise
        if failure.message:
            tell(f"penstock: {failure.message}")
        return failure.exit
