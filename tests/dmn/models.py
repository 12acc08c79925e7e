"""Small DMN files for the tests, written as fragments of XML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from penstock import dmn, feel

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def file_of(content: str, *, namespace: str = "urn:test", version: str = NAMESPACE, more: str = "") -> bytes:
    """Give a file with this content in its root element."""
    head = f'xmlns="{version}" namespace="{namespace}" name="test" {more}'
    return f"<definitions {head}>{content}</definitions>".encode()


def read(content: str, **options: Any) -> dmn.Reading:
    """Read a file of this content."""
    return dmn.read(file_of(content), file="model.dmn", **options)


def model_of(content: str, **options: Any) -> dmn.Model:
    """Give the model of a file that has no error."""
    reading = read(content, **options)
    assert not reading.errors
    assert reading.model is not None
    return reading.model


def text(expression: str) -> str:
    """Give a literal expression."""
    return f"<literalExpression><text>{escape(expression)}</text></literalExpression>"


def decision(name: str, logic: str, *, type: str = "", needs: str = "") -> str:
    """Give a decision; `needs` names the ids of what it requires, with a mark for the kind: `<` for input
    data, `!` for functions, nothing for decisions.
    """
    typed = f'typeRef="{type}"' if type else ""
    required = "".join(_requirement(need) for need in needs.split())
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}" {typed}/>{required}{logic}</decision>'
    )


def _requirement(need: str) -> str:
    mark, id = (need[0], need[1:]) if need[0] in "<!" else ("", need)
    href = id if "#" in id else f"#{id}"
    if mark == "!":
        return f'<knowledgeRequirement><requiredKnowledge href="{href}"/></knowledgeRequirement>'
    word = "requiredInput" if mark == "<" else "requiredDecision"
    return f'<informationRequirement><{word} href="{href}"/></informationRequirement>'


def data(name: str, type: str = "") -> str:
    """Give input data."""
    typed = f'typeRef="{type}"' if type else ""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" {typed}/></inputData>'


def table(
    inputs: Sequence[str],
    rows: Sequence[str],
    *,
    policy: str = "UNIQUE",
    outputs: str = "<output/>",
    more: str = "",
    values: Sequence[str] = (),
    types: Sequence[str] = (),
) -> str:
    """Give a decision table; each row is written `cell | cell => output | output`."""
    clauses = "".join(
        f'<input label="{name}"><inputExpression {_type(types, index)}><text>{escape(name)}</text>'
        f"</inputExpression>{_values(values, index)}</input>"
        for index, name in enumerate(inputs)
    )
    rules = "".join(_rule(row, number) for number, row in enumerate(rows, 1))
    return f'<decisionTable id="T" hitPolicy="{policy}" {more}>{clauses}{outputs}{rules}</decisionTable>'


def _type(types: Sequence[str], index: int) -> str:
    return f'typeRef="{types[index]}"' if index < len(types) else ""


def _values(values: Sequence[str], index: int) -> str:
    return f"<inputValues><text>{escape(values[index])}</text></inputValues>" if index < len(values) else ""


def _rule(row: str, number: int) -> str:
    tests, _, results = row.partition("=>")
    cells = "".join(f"<inputEntry><text>{escape(cell.strip())}</text></inputEntry>" for cell in _cells(tests))
    values = "".join(
        f"<outputEntry><text>{escape(cell.strip())}</text></outputEntry>" for cell in results.split("|")
    )
    return f'<rule id="r{number}">{cells}{values}</rule>'


def _cells(tests: str) -> list[str]:
    return tests.split("|") if tests.strip() else []


def decide(content: str, name: str = "D", **variables: object) -> Any:
    """Give what a decision of a file decides."""
    return dmn.evaluate(model_of(content), name, feel.from_python(variables)).value


def codes(reading: dmn.Reading) -> list[str]:
    """Give the codes of the findings."""
    return [finding.code for finding in reading.findings]
