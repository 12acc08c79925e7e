"""Small BPMN files for the tests, written as fragments of XML."""

from __future__ import annotations

from penstock import bpmn
from penstock.kernel.definition import Element

_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:penstock="https://penstock.dev/schema/1.0" '
    'xmlns:other="https://example.org/other" targetNamespace="https://example.org"'
)


def file_of(content: str, attributes: str = "") -> bytes:
    """Give a file with this content in its root element."""
    return f"{_HEAD} {attributes}>\n{content}\n</definitions>".encode()


def process_of(body: str, root: str = "", attributes: str = 'isExecutable="true"') -> bytes:
    """Give a file with one process `p` of this body, and `root` beside the process."""
    return file_of(f'{root}<process id="p" {attributes}>\n{body}\n</process>')


def read(body: str, root: str = "", attributes: str = 'isExecutable="true"') -> bpmn.Reading:
    """Read a process of this body."""
    return bpmn.read(process_of(body, root, attributes), file="model.bpmn")


def around(element: str) -> str:
    """Give a body in which the element with the id `x` stands between start and end."""
    return f'<startEvent id="s"/>{flow("s", "x")}\n{element}\n{flow("x", "e")}<endEvent id="e"/>'


def flow(source: str, target: str, condition: str | None = None) -> str:
    """Give a sequence flow named after its ends."""
    inner = f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>'
    return (
        f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inner if condition is not None else ''}</sequenceFlow>"
    )


def extended(tag: str, extensions: str, attributes: str = "", inner: str = "") -> str:
    """Give an element `x` with these extension elements."""
    return f'<{tag} id="x" {attributes}><extensionElements>{extensions}</extensionElements>{inner}</{tag}>'


def element(body: str, identity: str = "x", root: str = "") -> Element:
    """Read a body without errors, and give one of its elements."""
    reading = read(body, root)
    assert reading.errors == ()
    definition = reading.processes[0].definition
    assert definition is not None
    return definition.elements[identity]


def codes(reading: bpmn.Reading, severity: str | None = None) -> list[str]:
    """Give the codes of the findings, all of them or those of one severity."""
    return [finding.code for finding in reading.findings if severity in (None, finding.severity)]


def errors(body: str, root: str = "") -> list[str]:
    """Give the codes of the errors of a body."""
    return codes(read(body, root), "error")


def warnings(body: str, root: str = "") -> list[str]:
    """Give the codes of the warnings of a body."""
    return codes(read(body, root), "warning")
