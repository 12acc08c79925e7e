"""The rules for message flows between pools."""

from __future__ import annotations

import pytest

from penstock import bpmn
from tests.bpmn.models import around, codes, file_of, flow


def _warnings(source: str, target: str) -> list[str]:
    """Read a message flow from our pool to a partner's."""
    ours = around('<userTask id="x"/>') + '<textAnnotation id="note"><text>!</text></textAnnotation>'
    theirs = f"""<startEvent id="begin"><messageEventDefinition/></startEvent>{flow("begin", "work")}
    <task id="work"/>{flow("work", "bare")}<endEvent id="bare"/>
    <endEvent id="sent"><messageEventDefinition/></endEvent><startEvent id="silent"/>
    <intermediateCatchEvent id="catch"/><intermediateThrowEvent id="throw"/>"""
    reading = bpmn.read(
        file_of(
            f"""<collaboration id="c"><participant id="us" processRef="p"/>
            <participant id="them" processRef="q"/><participant id="closed"/>
            <messageFlow id="m" sourceRef="{source}" targetRef="{target}"/></collaboration>
            <process id="p" isExecutable="true">{ours}</process>
            <process id="q" isExecutable="false">{theirs}</process>"""
        )
    )
    assert reading.executable
    # What else is to be said about the partner's process is not the point here.
    about_flows = ("message-flow", "unknown-reference")
    return [code for code in codes(reading, "warning") if code.startswith(about_flows)]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("x", "begin"),
        ("x", "work"),
        ("x", "them"),
        ("us", "closed"),
        ("sent", "x"),
        ("closed", "x"),
        ("us", "them"),
    ],
)
def test_a_message_flow_between_pools_is_fine(source: str, target: str) -> None:
    assert _warnings(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ("x", "gone", "unknown-reference"),
        ("note", "work", "message-flow-end"),
        ("work", "note", "message-flow-end"),
        ("x", "us", "message-flow-in-pool"),
        ("work", "catch", "message-flow-in-pool"),
        ("begin", "x", "message-flow-direction"),
        ("catch", "x", "message-flow-direction"),
        ("x", "sent", "message-flow-direction"),
        ("x", "throw", "message-flow-direction"),
        ("bare", "x", "message-flow-without-message"),
        ("x", "silent", "message-flow-without-message"),
    ],
)
def test_what_bpmn_does_not_allow_is_a_warning(source: str, target: str, code: str) -> None:
    assert _warnings(source, target) == [code]
