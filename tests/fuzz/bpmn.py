"""Fuzzes the reader of BPMN and what it makes: a file is refused, or each of its instances can be run.

Run for a minute, guided by coverage: `python -m tests.fuzz.bpmn`. Options and needs are those of
`tests.fuzz.feel`. The ordinary tests run the same check over files made from the models of the examples and
of the tests: an element is lost, doubled or moved, becomes another, or says something that another one says.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

from penstock import bpmn
from penstock.kernel import InstanceState, Rejected
from penstock.kernel.definition import ProcessDefinition
from penstock.testing import Run
from tests.bpmn.models import around, flow, process_of
from tests.bpmn.test_coverage import RUNNING_FILE
from tests.fuzz.guided import fuzz
from tests.kernel.driver import CROWDED, acts, check_counts, check_keys, check_waits

_ROOTS = (
    '<error id="err" errorCode="E"/><message id="m1" name="paid"/><signal id="s1" name="stop"/>'
    '<escalation id="esc" escalationCode="S"/>'
)
_MESSAGE = '<messageEventDefinition messageRef="m1"/>'
_SIGNAL = '<signalEventDefinition signalRef="s1"/>'
_TIMER = "<timerEventDefinition><timeCycle>R3/PT1M</timeCycle></timerEventDefinition>"
_UNDO = "<compensateEventDefinition/>"
_CONDITION = "<conditionalEventDefinition><condition>=c > 1</condition></conditionalEventDefinition>"
_INNER = f'<startEvent id="i"/>{flow("i", "u")}<userTask id="u"/>{flow("u", "j")}<endEvent id="j"/>'
_BOUNDARIES = "".join(
    f'<boundaryEvent id="b{n}" attachedToRef="x" cancelActivity="{kind}">{trigger}</boundaryEvent>'
    f"{flow(f'b{n}', 'e')}"
    for n, (kind, trigger) in enumerate(
        [
            ("false", _MESSAGE),
            ("true", _SIGNAL),
            ("false", _TIMER),
            ("true", _CONDITION),
            ("true", '<errorEventDefinition errorRef="err"/>'),
            ("false", '<escalationEventDefinition escalationRef="esc"/>'),
        ]
    )
)
_EVENT_SUB_PROCESS = (
    '<subProcess id="es{0}" triggeredByEvent="true"><startEvent id="z{0}" isInterrupting="{1}">{2}'
    '</startEvent>{3}<endEvent id="y{0}"/></subProcess>'
)
_BODIES = (
    around(f'<subProcess id="x">{_INNER}</subProcess>') + _BOUNDARIES,
    around(f'<transaction id="x">{_INNER}</transaction>'),
    around(
        f'<adHocSubProcess id="x" ordering="Sequential"><userTask id="u"/><task id="t"/>{flow("u", "v")}'
        '<userTask id="v"/><completionCondition>=c > 2</completionCondition></adHocSubProcess>'
    ),
    around('<userTask id="x"/>')
    + "".join(
        _EVENT_SUB_PROCESS.format(n, kind, trigger, flow(f"z{n}", f"y{n}"))
        for n, (kind, trigger) in enumerate(
            [
                ("false", _MESSAGE),
                ("true", _SIGNAL),
                ("false", _TIMER),
                ("true", "<compensateEventDefinition/>"),
            ]
        )
    ),
    f'<startEvent id="s">{_MESSAGE}</startEvent><startEvent id="s2">{_SIGNAL}</startEvent>'
    f'<startEvent id="s3">{_TIMER}</startEvent>{flow("s", "x")}{flow("s2", "x")}{flow("s3", "x")}'
    f'<intermediateCatchEvent id="x" parallelMultiple="true">{_MESSAGE}{_SIGNAL}</intermediateCatchEvent>'
    f'{flow("x", "t")}<intermediateThrowEvent id="t">{_MESSAGE}{_SIGNAL}</intermediateThrowEvent>'
    f'{flow("t", "e")}<endEvent id="e">{_SIGNAL}{_MESSAGE}</endEvent>',
    f'<eventBasedGateway id="s" instantiate="true"/>{flow("s", "x")}{flow("s", "y")}'
    f'<receiveTask id="x" messageRef="m1"/><intermediateCatchEvent id="y">{_SIGNAL}</intermediateCatchEvent>',
)
"""Bodies that hold what the model with everything cannot."""

EXAMPLES = Path(__file__).parents[2] / "examples"
STEPS = 12
"""What is done to an instance, at most."""


def corpus() -> list[bytes]:
    """Give the files to begin from."""
    models = [file.read_bytes() for file in sorted(EXAMPLES.glob("*/workflows/*.bpmn"))]
    return [*models, RUNNING_FILE, *(process_of(body, _ROOTS) for body in _BODIES)]


def mutated(files: Sequence[ET.Element], random: Random) -> bytes:
    """Give a file with a few changes; what is put in comes from any of the files."""
    root = deepcopy(random.choice(files))
    for _ in range(random.randint(1, 4)):
        random.choice(_CHANGES)(root, random.choice(files), random)
    return ET.tostring(root)


def _pick(root: ET.Element, random: Random) -> tuple[ET.Element, ET.Element]:
    """Give some element under the root and what is around it."""
    return random.choice([(parent, child) for parent in root.iter() for child in parent])


def _lose(root: ET.Element, _: ET.Element, random: Random) -> None:
    if len(root):
        parent, child = _pick(root, random)
        parent.remove(child)


def _double(root: ET.Element, _: ET.Element, random: Random) -> None:
    if len(root):
        parent, child = _pick(root, random)
        copy = deepcopy(child)
        if random.random() < 0.7:
            for it in copy.iter():
                if "id" in it.attrib:
                    it.set("id", it.attrib["id"] + "_2")
        parent.append(copy)


def _move(root: ET.Element, _: ET.Element, random: Random) -> None:
    if len(root):
        parent, child = _pick(root, random)
        inside = set(child.iter())
        places = [it for it in root.iter() if it not in inside]
        parent.remove(child)
        random.choice(places).append(child)


def _bring(root: ET.Element, other: ET.Element, random: Random) -> None:
    """Put something of the other file in, as a child of something."""
    if len(other):
        random.choice(list(root.iter())).append(deepcopy(_pick(other, random)[1]))


def _become(root: ET.Element, other: ET.Element, random: Random) -> None:
    random.choice(list(root.iter())).tag = random.choice(list(other.iter())).tag


def _say(root: ET.Element, other: ET.Element, random: Random) -> None:
    """Let an element say what another one says: in an attribute, or as its text."""
    one, another = random.choice(list(root.iter())), random.choice([*root.iter(), *other.iter()])
    if random.random() < 0.3:
        one.text = another.text
    elif another.attrib:
        name = random.choice(list(another.attrib))
        one.set(random.choice([name, *one.attrib]), another.attrib[name])


def _be_silent(root: ET.Element, _: ET.Element, random: Random) -> None:
    one = random.choice([it for it in root.iter() if it.attrib])
    del one.attrib[random.choice(list(one.attrib))]


_CHANGES: Sequence[Callable[[ET.Element, ET.Element, Random], None]] = (
    _lose,
    _double,
    _move,
    _bring,
    _become,
    _say,
    _say,
    _be_silent,
)


def check(content: bytes, seed: int = 0) -> bool:
    """Read a file and run what it holds; everything that is raised but a refusal is a defect.

    Returns:
        Whether the file can be deployed.
    """
    reading = bpmn.read(content, file="model.bpmn")
    assert all(it.message and it.code and (it.remedy or it.severity == "info") for it in reading.findings)
    if not reading.executable:
        assert reading.errors or not reading.processes
        return False
    for read in reading.processes:
        assert read.definition is not None, "a process without errors has a definition"
        for start in read.definition.starts:
            _run(read.definition, start, Random(seed))
    return True


def _run(definition: ProcessDefinition, start: str, random: Random) -> None:
    """Start an instance and do what may be done to it, at random."""
    run = Run(definition, reload=True, loop_limit=40, slice_limit=random.randint(1, 50))
    run.start_at(start, c=2, again=False)
    for _ in range(STEPS):
        check_counts(run)
        check_keys(run)
        check_waits(run)
        possible = acts(run, random.randrange(50))
        if run.state is not InstanceState.ACTIVE or not possible or len(run.waiting) > CROWDED:
            return
        try:
            random.choice(possible)()
        except Rejected:
            continue


def main(arguments: Sequence[str]) -> None:
    """Fuzz until the time is up, or until a file fails, which libFuzzer then writes to a file."""
    fuzz(lambda content: check(content) and None, corpus(), ["-max_len=20000", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
