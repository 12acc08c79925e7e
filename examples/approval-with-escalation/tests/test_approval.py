"""The approval of an expense, to each of its ends, in virtual time."""

from penstock.testing import InstanceState
from penstock.testing.project import ProjectRun, ProjectUnderTest


def submitted(project: ProjectUnderTest) -> ProjectRun:
    run = project.run("ApproveExpense")
    run.start(employee="Ada", amount=250, purpose="travel")
    return run


def test_what_the_manager_approves_in_time_is_booked(penstock_project: ProjectUnderTest) -> None:
    run = submitted(penstock_project)

    run.complete_task("Approve", approved=True)

    assert run.state is InstanceState.COMPLETED
    assert run.variables["bookingText"] == "Ada, travel: 250.00"


def test_what_the_manager_does_not_approve_is_not_booked(penstock_project: ProjectUnderTest) -> None:
    run = submitted(penstock_project)

    run.complete_task("Approve", approved=False)

    assert run.state is InstanceState.COMPLETED
    assert "booking" not in run.variables


def test_the_director_is_told_after_two_days_and_the_manager_still_decides(
    penstock_project: ProjectUnderTest,
) -> None:
    run = submitted(penstock_project)

    run.advance("P2D")

    assert "enter TellDirector" in run.transcript()
    run.complete_task("Approve", approved=True)
    assert "booking" in run.variables


def test_the_director_decides_after_a_week(penstock_project: ProjectUnderTest) -> None:
    run = submitted(penstock_project)

    run.advance("P7D")

    assert run.waiting == ("user task DecideAsDirector",)
    run.complete_task("DecideAsDirector", approved=True)
    assert run.state is InstanceState.COMPLETED
    assert "booking" in run.variables
