"""A claim: its tasks in any order, until it is decided."""

from penstock.testing import InstanceState
from penstock.testing.project import ProjectRun, ProjectUnderTest


def reported(project: ProjectUnderTest) -> ProjectRun:
    run = project.run("HandleClaim")
    run.start(claim="c-7", customer="Ada", damage="a broken window", decision=None)
    return run


def test_a_claim_begins_with_a_call_and_may_be_decided_at_once(penstock_project: ProjectUnderTest) -> None:
    run = reported(penstock_project)
    assert run.waiting == ("ad-hoc Case", "user task Call", "user task Decide")

    run.complete_task("Decide", decision="decline")

    assert run.state is InstanceState.COMPLETED
    assert "transfer" not in run.variables


def test_an_inspection_is_begun_when_the_clerk_wants_it_and_is_followed_by_an_estimate(
    penstock_project: ProjectUnderTest,
) -> None:
    run = reported(penstock_project)
    run.complete_task("Call")

    run.begin("Inspect")
    run.complete_task("Inspect", hours=2, material=140)
    run.complete_task("Decide", decision="pay")

    assert run.variables["cost"] == 300
    assert run.variables["transfer"] == "300.00 to Ada for c-7"


def test_what_is_still_open_when_the_claim_is_decided_is_cancelled(
    penstock_project: ProjectUnderTest,
) -> None:
    run = reported(penstock_project)
    run.begin("AskExpert")

    run.complete_task("Decide", decision="pay")

    assert run.state is InstanceState.COMPLETED
    assert any(line.strip() == "cancel AskExpert" for line in run.transcript())
