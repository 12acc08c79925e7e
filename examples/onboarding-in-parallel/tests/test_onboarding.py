"""The onboarding of a colleague: what is done at the same time, and what waits for all of it."""

from penstock.testing import InstanceState
from penstock.testing.project import ProjectUnderTest


def test_the_first_day_waits_for_the_account_the_desk_and_every_training(
    penstock_project: ProjectUnderTest,
) -> None:
    run = penstock_project.run("Onboard")
    run.start(name="Ada Lovelace", manager="grace", trainings=["safety", "tools"])
    assert {"user task PrepareDesk", "user task Train#2", "user task Train#3"} <= set(run.waiting)

    run.complete_task("Train#3", passed=False)
    run.complete_task("PrepareDesk")
    assert "user task Welcome" not in run.waiting
    run.complete_task("Train#2", passed=True)

    assert run.waiting == ("user task Welcome",)
    assert run.variables["address"] == "ada.lovelace@example.com"
    assert run.variables["results"] == [
        {"training": "safety", "passed": True},
        {"training": "tools", "passed": False},
    ]
    assert not {"passed", "outcome"} & run.variables.keys()
    run.complete_task("Welcome")
    assert run.state is InstanceState.COMPLETED


def test_without_trainings_only_the_desk_is_waited_for(penstock_project: ProjectUnderTest) -> None:
    run = penstock_project.run("Onboard")

    run.start(name="Ada", manager="grace", trainings=[])

    assert run.waiting == ("user task PrepareDesk", "join Ready")
