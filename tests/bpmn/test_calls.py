"""Call activities: which process they call, and what is wrong with them."""

from __future__ import annotations

import pytest

from penstock import bpmn
from penstock.kernel.definition import CallSpec
from tests.bpmn.models import around, element, errors, extended, process_of


def _call(words: str) -> CallSpec:
    found = element(around(extended("callActivity", f"<zeebe:calledElement {words}/>"))).call
    assert found is not None
    return found


def test_a_fixed_process_is_called_with_all_variables_in_its_latest_version() -> None:
    found = _call('processId="payment"')

    assert found.process({}, 0) == "payment"
    assert (found.binding, found.all_in, found.all_out) == ("latest", True, True)


def test_the_process_may_be_an_expression_and_the_variables_mapped_only() -> None:
    words = 'processId="=provider" propagateAllParentVariables="false" propagateAllChildVariables="false"'
    found = _call(words)

    assert (found.process.text, found.all_in, found.all_out) == ("provider", False, False)


@pytest.mark.parametrize(
    ("words", "binding", "tag"),
    [
        ('bindingType="deployment"', "deployment", None),
        ('bindingType="versionTag" versionTag="1.2.0"', "tag", "1.2.0"),
    ],
)
def test_the_version_is_bound(words: str, binding: str, tag: str | None) -> None:
    found = _call(f'processId="payment" {words}')

    assert (found.binding, found.tag) == (binding, tag)


@pytest.mark.parametrize("name", ["payment", "tns:payment"])
def test_the_standard_names_the_process_by_an_attribute(name: str) -> None:
    found = element(around(f'<callActivity id="x" calledElement="{name}"/>')).call

    assert found is not None
    assert found.process({}, 0) == "payment"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('processId="p" bindingType="newest"', "invalid-binding"),
        ('processId="p" bindingType="versionTag"', "missing-attribute"),
        ('processId="=p +"', "feel-syntax"),
    ],
)
def test_what_is_wrong_with_a_call_is_said(words: str, code: str) -> None:
    assert errors(around(extended("callActivity", f"<zeebe:calledElement {words}/>"))) == [code]


def test_a_call_of_nothing_is_an_error() -> None:
    assert errors(around('<callActivity id="x"/>')) == ["missing-called-process"]


@pytest.mark.parametrize(
    ("words", "all_in", "all_out", "targets"),
    [
        ('<camunda:in source="a" target="b"/>', False, False, (["b"], [])),
        ('<camunda:in variables="all"/><camunda:out source="a" target="b"/>', True, False, ([], ["b"])),
        (
            '<camunda:in sourceExpression="${a + 1}" target="b"/><camunda:out variables="all"/>',
            False,
            True,
            (["b"], []),
        ),
        ('<camunda:in businessKey="${key}"/><camunda:in variables="all"/>', True, False, ([], [])),
    ],
)
def test_camunda_words_say_what_goes_in_and_comes_back(
    words: str, all_in: bool, all_out: bool, targets: tuple[list[str], list[str]]
) -> None:
    found = element(around(extended("callActivity", words, 'calledElement="p"')))

    assert found.call is not None
    assert (found.call.all_in, found.call.all_out) == (all_in, all_out)
    given = tuple([mapping.target[0] for mapping in mappings] for mappings in (found.inputs, found.outputs))
    assert given == targets


def test_what_is_passed_needs_a_source_and_a_target() -> None:
    words = '<camunda:in source="a"/>'

    assert errors(around(extended("callActivity", words, 'calledElement="p"'))) == ["missing-attribute"]


def test_a_process_that_is_not_there_is_a_warning_with_a_hint() -> None:
    body = around('<callActivity id="x" calledElement="pyament"/>')
    known = bpmn.Known(processes=["payment", "refund"])
    finding = bpmn.read(process_of(body), known=known).findings[0]

    assert (finding.code, finding.severity, finding.element) == ("unknown-process", "warning", "x")
    assert "there is none of that id (did you mean 'payment'?)" in finding.message
    assert finding.line
    assert "together with this one" in finding.remedy


@pytest.mark.parametrize("called", ["payment", "p", "=provider"])
def test_a_process_that_is_there_or_may_be_is_not_told(called: str) -> None:
    called_element = f'<zeebe:calledElement processId="{called}"/>'
    body = around(extended("callActivity", called_element))

    assert not bpmn.read(process_of(body), known=bpmn.Known(processes=["payment"])).findings
    assert not bpmn.read(process_of(body.replace(f'"{called}"', '"gone"'))).findings, "nothing is known"
