"""Business rule tasks: which decision they make, and what is wrong with them."""

from __future__ import annotations

import pytest

from penstock import bpmn
from penstock.kernel.definition import DecisionSpec
from tests.bpmn.models import around, codes, element, errors, extended, process_of, read


def _decision(words: str) -> DecisionSpec:
    found = element(around(extended("businessRuleTask", f"<zeebe:calledDecision {words}/>"))).decision
    assert found is not None
    return found


def _of_camunda(words: str) -> str:
    return around(f'<businessRuleTask id="x" {words}/>')


def test_a_fixed_decision_is_made_in_its_latest_version() -> None:
    found = _decision('decisionId="rating" resultVariable="level"')

    assert found.decision({}, 0) == "rating"
    assert (found.binding, found.tag, found.result_variable) == ("latest", None, "level")


def test_the_decision_may_be_an_expression() -> None:
    assert _decision('decisionId="=which" resultVariable="level"').decision.text == "which"


@pytest.mark.parametrize(
    ("words", "binding", "tag"),
    [
        ('bindingType="deployment"', "deployment", None),
        ('bindingType="versionTag" versionTag="1.2.0"', "tag", "1.2.0"),
    ],
)
def test_the_version_is_bound(words: str, binding: str, tag: str | None) -> None:
    found = _decision(f'decisionId="rating" resultVariable="level" {words}')

    assert (found.binding, found.tag) == (binding, tag)


def test_a_task_definition_makes_it_a_job() -> None:
    found = element(around(extended("businessRuleTask", '<zeebe:taskDefinition type="rate"/>')))

    assert found.job is not None
    assert found.job.type == "rate"
    assert found.decision is None


def test_the_words_of_camunda_7_are_translated() -> None:
    words = (
        'camunda:decisionRef="rating" camunda:decisionRefBinding="versionTag" '
        'camunda:decisionRefVersionTag="1.2.0" camunda:resultVariable="level" '
        'camunda:mapDecisionResult="singleEntry"'
    )
    found = element(_of_camunda(words)).decision

    assert found is not None
    assert found.decision({}, 0) == "rating"
    assert (found.binding, found.tag, found.result_variable) == ("tag", "1.2.0", "level")


def test_a_result_that_camunda_7_shapes_in_another_way_is_named() -> None:
    words = 'camunda:decisionRef="r" camunda:resultVariable="l" camunda:mapDecisionResult="resultList"'

    assert codes(read(_of_camunda(words))) == ["decision-result"]


def test_a_result_that_goes_nowhere_is_named() -> None:
    assert codes(read(_of_camunda('camunda:decisionRef="rating"'))) == ["result-not-kept"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('decisionId="r" resultVariable="l" bindingType="newest"', "invalid-binding"),
        ('decisionId="r" resultVariable="l" bindingType="versionTag"', "missing-attribute"),
        ('decisionId="r"', "missing-attribute"),
        ('decisionId="r" resultVariable="a b"', "invalid-variable-name"),
        ('decisionId="=r +" resultVariable="l"', "feel-syntax"),
    ],
)
def test_what_is_wrong_with_a_called_decision_is_said(words: str, code: str) -> None:
    found = errors(around(extended("businessRuleTask", f"<zeebe:calledDecision {words}/>")))

    assert code in found


def test_a_task_that_says_nothing_is_refused() -> None:
    assert errors(around('<businessRuleTask id="x"/>')) == ["missing-decision"]


def test_a_decision_that_is_not_there_is_a_warning_with_a_hint() -> None:
    words = '<zeebe:calledDecision decisionId="ratin" resultVariable="l"/>'
    model = process_of(around(extended("businessRuleTask", words)))

    (finding,) = bpmn.read(model, known=bpmn.Known(decisions=["rating"])).findings

    assert (finding.code, finding.severity) == ("unknown-decision", "warning")
    assert "did you mean 'rating'?" in finding.message
    assert not bpmn.read(model, known=bpmn.Known(decisions=["ratin"])).findings
