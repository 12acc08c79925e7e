"""Which form a user task or a start event shows."""

from __future__ import annotations

import pytest

from penstock import bpmn
from penstock.kernel.definition import FormSpec
from tests.bpmn.models import around, element, extended, process_of

ZEEBE = "<zeebe:formDefinition {}/>"


def codes(body: str, forms: list[str]) -> list[str]:
    return [finding.code for finding in bpmn.read(process_of(body), known=bpmn.Known(forms=forms)).findings]


@pytest.mark.parametrize(
    ("attributes", "form"),
    [
        ('formId="a"', FormSpec("a")),
        ('formId="a" bindingType="deployment"', FormSpec("a", "deployment")),
        ('formId="a" bindingType="versionTag" versionTag="1.0.0"', FormSpec("a", "tag", "1.0.0")),
        ('formKey="a"', FormSpec("a")),
        ('externalReference="a"', FormSpec("a")),
    ],
)
def test_a_form_is_named_with_its_version(attributes: str, form: FormSpec) -> None:
    assert element(around(extended("userTask", ZEEBE.format(attributes)))).form == form


@pytest.mark.parametrize(
    ("attributes", "form"),
    [
        ('camunda:formRef="a" camunda:formRefBinding="latest"', FormSpec("a")),
        ('camunda:formRefBinding="deployment" camunda:formRef="a"', FormSpec("a", "deployment")),
        ('camunda:formKey="a"', FormSpec("a")),
        ('camunda:formKey="camunda-forms:deployment:forms/a.form"', FormSpec("a", "deployment")),
    ],
)
def test_the_words_of_camunda_name_a_form_too(attributes: str, form: FormSpec) -> None:
    assert element(around(f'<userTask id="x" {attributes}/>')).form == form


def test_a_form_that_is_not_there_is_a_warning() -> None:
    content = around(extended("userTask", ZEEBE.format('formId="claims"')))
    [finding] = bpmn.read(process_of(content), known=bpmn.Known(forms=["claim"])).findings
    assert (finding.code, finding.severity, finding.element) == ("unknown-form", "warning", "x")
    assert "claim" in finding.message
    assert codes(content, ["claims"]) == []
    assert codes(around(extended("userTask", ZEEBE.format('formKey="elsewhere"'))), ["claim"]) == []


@pytest.mark.parametrize(
    ("attributes", "code"),
    [('bindingType="newest"', "invalid-binding"), ('bindingType="versionTag"', "missing-attribute")],
)
def test_a_binding_that_cannot_be_is_an_error(attributes: str, code: str) -> None:
    content = around(extended("userTask", ZEEBE.format(f'formId="a" {attributes}')))
    assert codes(content, ["a"]) == [code]
