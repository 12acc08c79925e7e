"""The parser: whatever the bytes are, the answer is a reading."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from penstock import bpmn
from tests.bpmn.models import around, codes, file_of, flow, process_of

_GOOD = process_of(around('<task id="x"/>'))


def test_a_doctype_is_refused() -> None:
    reading = bpmn.read(b"<!DOCTYPE definitions>\n" + _GOOD)

    assert codes(reading) == ["doctype-refused"]
    assert not reading.executable


def test_entities_are_refused_before_they_grow() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    for previous, name in zip(b"abcdefghij", b"bcdefghijk", strict=True):
        bomb += b'<!ENTITY %c "' % name + b"&%c;" % previous * 10 + b'">'
    bomb += b']>\n<definitions name="&k;">&k;</definitions>'

    assert codes(bpmn.read(bomb)) == ["doctype-refused"]


def test_an_external_file_is_not_read() -> None:
    data = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><definitions>&x;</definitions>'

    assert codes(bpmn.read(data)) == ["doctype-refused"]


def test_a_doctype_is_not_blamed_for_what_is_broken_elsewhere() -> None:
    assert codes(bpmn.read(b"<definitions><!-- <!DOCTYPE a> --></broken>")) == ["malformed-xml"]


@pytest.mark.parametrize("encoding", ["klingon", "UCS-4", "utf-16", "", "ebcdic-cp-us"])
def test_a_wrong_encoding_is_a_finding(encoding: str) -> None:
    reading = bpmn.read(f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + _GOOD)

    assert codes(reading) == ["malformed-xml"]


def test_lines_stay_near_in_files_longer_than_the_parser_counts() -> None:
    reading = bpmn.read(file_of("\n" * 70_000 + "<nonsense/>"))

    (line,) = [finding.line for finding in reading.findings if finding.code == "unknown-element"]
    assert line in (70_002, 70_003)


def test_malformed_xml_is_a_finding_with_its_line() -> None:
    reading = bpmn.read(b"<definitions>\n<process>\n</definitions>")

    (finding,) = reading.findings
    assert (finding.code, finding.severity, finding.line) == ("malformed-xml", "error", 3)
    assert reading.processes == ()


def test_an_empty_file_is_malformed() -> None:
    assert codes(bpmn.read(b"")) == ["malformed-xml"]


def test_a_file_in_another_encoding_is_read() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + _GOOD.decode()

    assert bpmn.read(text.encode("utf-16")).executable


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    reading = bpmn.read(_GOOD, limits=bpmn.ParseLimits(bytes=100))

    assert codes(reading) == ["file-too-large"]


def test_a_file_that_is_too_deep_is_refused() -> None:
    deep = file_of("<extensionElements>" * 200 + "</extensionElements>" * 200)

    assert codes(bpmn.read(deep)) == ["nested-too-deep"]


def test_a_file_deeper_than_the_parser_itself_allows_is_refused() -> None:
    assert codes(bpmn.read(b"<a>" * 100_000)) == ["malformed-xml"]


def test_a_file_with_too_many_elements_is_refused() -> None:
    reading = bpmn.read(_GOOD, limits=bpmn.ParseLimits(elements=3))

    assert codes(reading) == ["too-many-elements"]


def test_a_root_that_is_not_bpmn_is_named() -> None:
    reading = bpmn.read(b'<definitions xmlns="http://example.org/other"/>')

    assert codes(reading) == ["not-bpmn"]
    assert "http://example.org/other" in reading.findings[0].message


def test_a_file_without_a_process_says_so() -> None:
    assert codes(bpmn.read(file_of("")), "error") == ["no-process"]


def test_findings_carry_the_name_of_the_file() -> None:
    assert bpmn.read(b"<a", file="a.bpmn").findings[0].file == "a.bpmn"


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    reading = bpmn.read(data)

    assert reading.errors


_RICH = process_of(
    f"""<startEvent id="s"/>{flow("s", "g")}
    <exclusiveGateway id="g" default="g_t"/>{flow("g", "t")}{flow("g", "u", "=a &gt; 1")}
    <serviceTask id="t"><extensionElements><zeebe:taskDefinition type="f" retries="2"/>
    <zeebe:ioMapping><zeebe:input source="=a" target="b"/></zeebe:ioMapping></extensionElements></serviceTask>
    <boundaryEvent id="b" attachedToRef="t"><timerEventDefinition><timeDuration>PT1M</timeDuration>
    </timerEventDefinition></boundaryEvent>{flow("b", "e")}{flow("t", "e")}
    <userTask id="u" camunda:assignee="${{a}}"/>{flow("u", "e")}<endEvent id="e"/>"""
)


def test_the_file_that_is_mutated_below_is_executable() -> None:
    assert bpmn.read(_RICH).executable


@settings(max_examples=150)
@given(st.data())
def test_no_mutation_of_a_model_raises(data: st.DataObject) -> None:
    mutated = bytearray(_RICH)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(mutated)))
        end = min(len(mutated), start + data.draw(st.integers(0, 30)))
        piece = data.draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from(
                    [b'"', b"<", b"/>", b"<task/>", b'id="s"', b"=", b"${", b"<process/>", b"P1"]
                ),
                st.builds(lambda a: bytes(_RICH[a : a + 40]), st.integers(0, len(_RICH))),
            )
        )
        mutated[start:end] = piece
    reading = bpmn.read(bytes(mutated))

    assert reading.executable is (not reading.errors and bool(reading.processes))
    assert all(process.definition is None for process in reading.processes) or reading.executable


_ELEMENT_NAMES = [
    "startEvent", "endEvent", "task", "subProcess", "exclusiveGateway", "boundaryEvent", "sequenceFlow",
    "timerEventDefinition", "timeDate", "script", "laneSet", "extensionElements", "process", "nonsense",
]  # fmt: skip
_IDS = st.sampled_from(["a", "b", "c", ""])


_ATTRIBUTES = st.dictionaries(
    st.sampled_from(["id", "sourceRef", "targetRef", "attachedToRef", "default", "startQuantity"]), _IDS
)


def _written(name: str, attributes: dict[str, str], children: list[str]) -> str:
    written = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f"<{name} {written}>{''.join(children)}</{name}>"


_TREES = st.recursive(
    st.builds(_written, st.sampled_from(_ELEMENT_NAMES), _ATTRIBUTES, st.just([])),
    lambda inner: st.builds(
        _written, st.sampled_from(_ELEMENT_NAMES), _ATTRIBUTES, st.lists(inner, max_size=4)
    ),
    max_leaves=10,
)


@given(st.lists(_TREES, max_size=4))
def test_no_tree_of_elements_raises(trees: list[str]) -> None:
    reading = bpmn.read(process_of("".join(trees)))

    assert all(finding.line for finding in reading.findings)


def test_a_sub_process_that_holds_one_of_its_own_id_is_read() -> None:
    reading = bpmn.read(process_of('<subProcess id="a"><subProcess id="a"/></subProcess>'))

    assert "duplicate-id" in codes(reading, "error")


def test_the_deepest_model_that_is_let_in_is_read() -> None:
    depth = bpmn.DEFAULT_LIMITS.depth - 2
    body = "".join(f'<subProcess id="a{level}">' for level in range(depth)) + "</subProcess>" * depth
    reading = bpmn.read(process_of(body))

    assert "nested-too-deep" in codes(reading, "error")
    assert "sub-process-start" in codes(reading, "error")
