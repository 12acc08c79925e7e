"""Every element of BPMN 2.0 and what Penstock does with it, for the reader and for the documentation.

One table decides what the reader lets pass, names or refuses, and the page of coverage is printed from
it, so that the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable

from penstock.bpmn.coverage.attributes import ATTRIBUTES
from penstock.bpmn.coverage.peers import PEERS, peers_of, peers_of_trigger
from penstock.bpmn.coverage.rows import COVERAGE
from penstock.bpmn.coverage.triggers import TRIGGERS
from penstock.bpmn.coverage.types import SEVERAL, Row, Treatment, TriggerRow

__all__ = [
    "ATTRIBUTES",
    "COVERAGE",
    "SEVERAL",
    "TRIGGERS",
    "Row",
    "Treatment",
    "TriggerRow",
    "coverage_markdown",
]

_TITLES = {
    Treatment.RUNS: "Runs",
    Treatment.REFUSED: "Refused at deployment",
    Treatment.NOT_RUN: "Not run, and named by an info finding",
    Treatment.IGNORED: "Without effect on a run, by its nature",
}


def coverage_markdown() -> str:
    """Give the page of BPMN coverage, in Markdown."""
    parts = [
        "# BPMN coverage",
        "What Penstock does with each element of BPMN 2.0. The reader decides by the same table "
        "(`penstock.bpmn.coverage`), and an element that is not in it is refused.",
        f"Beside it is what {', '.join(PEERS[:-1])} and {PEERS[-1]} do, as far as could be read in "
        "their documentation and code on 2026-11-24: `part` with limits, `no` refused or without effect, "
        "`?` not known to us.",
    ]
    for treatment, title in _TITLES.items():
        rows = [row for row in COVERAGE.values() if row.treatment is treatment]
        parts.append(f"## {title}")
        if treatment is Treatment.IGNORED:
            parts.append(_table(("Element", "Remark", "Shown by"), map(_silent_cells, rows)))
        else:
            heads = ("Element", "Remark", "What to do instead", *PEERS, "Shown by")
            parts.append(_table(heads, map(_row_cells, rows)))
    parts.append("## Events by their triggers")
    heads = ("Event", "Trigger", "Penstock", *PEERS, "Shown by")
    parts.append(_table(heads, map(_trigger_cells, TRIGGERS.values())))
    parts.append("## Attributes of the elements that run")
    cells = ((f"`{row.attribute}`", row.what, _tests(row.shown_by)) for row in ATTRIBUTES.values())
    parts.append(_table(("Attribute", "What it does", "Shown by"), cells))
    return "\n\n".join(parts) + "\n"


def _row_cells(row: Row) -> tuple[str, ...]:
    return f"`{row.element}`", row.note, row.remedy, *peers_of(row.element), _tests(row.shown_by)


def _silent_cells(row: Row) -> tuple[str, ...]:
    return f"`{row.element}`", row.note, _tests(row.shown_by)


def _trigger_cells(row: TriggerRow) -> tuple[str, ...]:
    trigger = "none" if row.trigger is None else row.trigger.removesuffix("EventDefinition")
    verdict = "runs" if row.treatment is Treatment.RUNS else "refused"
    if row.note:
        verdict += f": {row.note}"
    peers = peers_of_trigger(row.event, row.trigger)
    return f"`{row.event}`", trigger, verdict, *peers, _tests(row.shown_by)


def _tests(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
