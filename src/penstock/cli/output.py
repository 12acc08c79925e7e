"""What commands write: results on standard output, as text or as JSON; everything else on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol


class Findable(Protocol):
    """A finding, of the reader or as the server tells it."""

    @property
    def code(self) -> str:
        """The stable name of the rule."""
        ...

    @property
    def severity(self) -> str:
        """error, warning or info."""
        ...

    @property
    def element(self) -> str | None:
        """The id of the element."""
        ...

    @property
    def line(self) -> int | None:
        """The line in the file."""
        ...

    @property
    def message(self) -> str:
        """What is wrong."""
        ...

    @property
    def remedy(self) -> str:
        """What to do."""
        ...

    @property
    def file(self) -> str:
        """The file."""
        ...


def say(text: str) -> None:
    """Write a line of the result."""
    sys.stdout.write(text + "\n")


def tell(text: str) -> None:
    """Write a line for the person at the terminal, beside the result."""
    sys.stderr.write(text + "\n")


def say_json(value: object) -> None:
    """Write the result as one JSON document."""
    say(json_text(value, indent=2))


def json_text(value: object, *, indent: int = 0) -> str:
    """Give a value as JSON, exact decimals as numbers."""
    import msgspec

    encoded = msgspec.json.Encoder(decimal_format="number").encode(value)
    return (msgspec.json.format(encoded, indent=indent) if indent else encoded).decode()


def say_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table, its columns as wide as they need to be."""
    lines = [list(heads), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        say("  ".join(cells).rstrip())


def say_fields(values: Mapping[str, Any]) -> None:
    """Write names and values, one a line; what is None is left out."""
    width = max((len(name) for name in values), default=0)
    for name, value in values.items():
        if value is not None:
            say(f"{name.ljust(width)}  {value}")


def finding_line(finding: Findable) -> str:
    """Give a finding as one line: place, severity, element, message, remedy and rule."""
    place = ":".join(str(part) for part in (finding.file, finding.line) if part)
    lead = f"{place}: " if place else ""
    element = f" at {finding.element}" if finding.element else ""
    message = finding.message.rstrip(".")
    return f"{lead}{finding.severity}{element}: {message}. {finding.remedy} [{finding.code}]"
