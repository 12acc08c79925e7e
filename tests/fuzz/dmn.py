"""Fuzzes the reader of DMN and what it makes: any file is decided or refused, with errors of ours alone.

Run for a minute, guided by coverage: `python -m tests.fuzz.dmn`. Options and needs are those of
`tests.fuzz.feel`. A file of the fuzzer is the content of `definitions`, so that it need not find the name of
the namespace by chance. The ordinary tests run the same check over a corpus, and over texts made from it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from penstock import dmn, feel
from tests.dmn.models import data, decision, file_of, table, text
from tests.fuzz.guided import fuzz

LIMITS = feel.Limits(steps=5_000, seconds=2.0, size=100_000)
NOW = datetime(2030, 1, 15, 10, 30, tzinfo=UTC)
VARIABLES: dict[str, Any] = feel.from_python(
    {"a": {"x y": 3, "k": [1, None]}, "b": "high", "n": 7, "p": 1, "list": [1, "x"], "S": 5}
)
_TYPES = (
    '<itemDefinition name="tA"><itemComponent name="x y"><typeRef>number</typeRef></itemComponent>'
    "</itemDefinition>",
    '<itemDefinition name="tB"><typeRef>string</typeRef><allowedValues><text>"high", "low"</text>'
    "</allowedValues></itemDefinition>",
    '<itemDefinition name="tC" isCollection="true"><typeRef>tA</typeRef><typeConstraint>'
    "<text>count(?) &lt; 3</text></typeConstraint></itemDefinition>",
    '<itemDefinition name="tF"><functionItem outputTypeRef="number"><parameters name="p" typeRef="tA"/>'
    "</functionItem></itemDefinition>",
)
_FUNCTION = (
    f'<businessKnowledgeModel id="F" name="F"><encapsulatedLogic><formalParameter name="p" typeRef="number"/>'
    f"{text('p + 1')}</encapsulatedLogic></businessKnowledgeModel>"
)
_SERVICE = (
    '<decisionService id="S" name="S"><outputDecision href="#D"/><encapsulatedDecision href="#E"/>'
    '<inputDecision href="#E"/><inputData href="#a"/></decisionService>'
)
_BOXED = (
    f'<context><contextEntry><variable name="i" typeRef="number"/>{text("1")}</contextEntry>'
    f"<contextEntry>{text('i + 1')}</contextEntry></context>",
    f"<list>{text('1')}{text('[2]')}</list>",
    f'<relation><column name="c"/><column name="d" typeRef="number"/><row>{text("1")}{text("2")}</row>'
    "</relation>",
    f'<for iteratorVariable="i"><in>{text("[1..3]")}</in><return>{text("i * partial[-1]")}</return></for>',
    f'<some iteratorVariable="i"><in>{text("a.k")}</in><satisfies>{text("i = 1")}</satisfies></some>',
    f"<filter><in>{text('a.k')}</in><match>{text('item = null')}</match></filter>",
    f"<conditional><if>{text('n > 1')}</if><then>{text('n')}</then><else>{text('null')}</else></conditional>",
    f'<invocation>{text("F")}<binding><parameter name="p"/>{text("n")}</binding></invocation>',
    f'<functionDefinition kind="FEEL"><formalParameter name="q" typeRef="tA"/>{text("q.x y")}'
    "</functionDefinition>",
)
_NEEDS = "<a <b <n !F"
_TABLES = (
    table(["n"], ["< 5 => 1", "[5..9] => 2", "- => 3"], policy="FIRST"),
    table(["n", "b"], ['> 5 | "high" => 1', "not(3) | - => 2"], policy="COLLECT", more='aggregation="SUM"'),
    table(
        ["b", "n"],
        ['"high" | ? > 1 => "x" | 1', '- | - => "y" | 2'],
        policy="OUTPUT ORDER",
        outputs='<output name="o" typeRef="string"><outputValues><text>"y", "x"</text></outputValues>'
        "</output>"
        '<output name="q"><defaultOutputEntry><text>1</text></defaultOutputEntry></output>',
        values=['"high", "low"'],
        types=["tB", "number"],
    ),
    table(['@"2030-01-01"'], ['< @"2031-01-01" => date("2030-01-01")', "null => now()"]),
)
_DATA = data("a", "tA") + data("b", "tB") + data("n", "number")


def corpus() -> list[str]:
    """Give the contents to begin from."""
    logics = [*_BOXED, *_TABLES, text("a.x y + F(n)"), text("S(a: a, E: 1)")]
    return [
        *_TYPES,
        _DATA + _FUNCTION + _SERVICE + decision("E", text("n"), needs="<n"),
        *(
            _TYPES[0] + _TYPES[1] + _DATA + _FUNCTION + decision("D", logic, type="Any", needs=_NEEDS)
            for logic in logics
        ),
        decision("D", text("E"), needs="E") + decision("E", text("D"), needs="D"),
        '<import name="m" namespace="urn:m" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
    ]


def check(content: bytes) -> None:
    """Read a file, and make all its decisions; everything that is raised but our own errors is a defect."""
    reading = dmn.read(content, file="model.dmn")
    assert all(finding.message and finding.code for finding in reading.findings)
    model = reading.model
    if model is None:
        assert reading.errors
        return
    for id in (*model.decisions, *model.services, *model.knowledge):
        try:
            result = dmn.evaluate(
                model,
                id,
                VARIABLES,
                now=NOW,
                service=id not in model.decisions,
                limits=LIMITS,
                random=Random(1),
            )
            feel.to_text(result.value)
        except (dmn.DmnError, feel.FeelLimitError):
            continue


def _one(content: bytes) -> None:
    check(file_of("@").replace(b"@", content))


def main(arguments: Sequence[str]) -> None:
    """Fuzz until the time is up, or until a file fails, which libFuzzer then writes to a file."""
    fuzz(_one, [each.encode() for each in corpus()], ["-max_len=2000", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
