"""Joins that can never have all their tokens: what is certain is said, and nothing else."""

from __future__ import annotations

import pytest

from tests.bpmn.models import flow, read, warnings

_ENDS = '<startEvent id="s"/><endEvent id="e"/><parallelGateway id="j"/>' + flow("j", "e")
_TASKS = '<userTask id="a"/><userTask id="b"/>'
_CHOICE = (
    '<exclusiveGateway id="x" default="x_b"/>'
    + flow("x", "a", "=v")
    + flow("x", "b")
    + flow("a", "j")
    + flow("b", "j")
)


def test_a_join_of_what_a_choice_keeps_apart_is_named() -> None:
    reading = read(_ENDS + _TASKS + _CHOICE + flow("s", "x"))
    (finding,) = reading.findings
    assert (finding.code, finding.element, finding.severity) == ("join-never-satisfied", "j", "warning")
    assert "'a_j'" in finding.message
    assert "'b_j'" in finding.message


def test_a_flow_from_the_choice_itself_counts() -> None:
    body = '<exclusiveGateway id="x" default="x_j"/>' + flow("x", "a", "=v") + flow("x", "j") + flow("a", "j")
    assert warnings(_ENDS + '<userTask id="a"/>' + body + flow("s", "x")) == ["join-never-satisfied"]


@pytest.mark.parametrize(
    "before",
    [
        '<parallelGateway id="p"/>'
        + flow("s", "p")
        + flow("p", "x")
        + flow("p", "c")
        + '<userTask id="c"/>'
        + flow("c", "x"),
        '<startEvent id="s2"/>' + flow("s", "x") + flow("s2", "x"),
        flow("s", "x") + flow("a", "x"),
        flow("s", "x") + flow("s", "b"),
    ],
    ids=["two tokens come", "two starts", "a loop leads back", "another way leads to one"],
)
def test_a_join_that_may_have_its_tokens_is_let_be(before: str) -> None:
    assert "join-never-satisfied" not in warnings(_ENDS + _TASKS + _CHOICE + before)


def test_a_split_that_is_parallel_is_let_be() -> None:
    body = _CHOICE.replace("exclusiveGateway", "parallelGateway").replace(' default="x_b"', "")
    body = body.replace(flow("x", "a", "=v"), flow("x", "a"))
    assert warnings(_ENDS + _TASKS + body + flow("s", "x")) == []
