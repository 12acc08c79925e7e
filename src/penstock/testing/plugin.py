"""A pytest plugin for project folders: the fixture `penstock_project`.

    def test_two_numbers_are_added(penstock_project):
        run = penstock_project.run("AddTwoNumbers")
        run.start(num1=5, num2=7)
        assert run.variables["sum"] == 12

The project is the nearest folder around the test file that holds `workflows`, or what the setting
`penstock_project` of pytest names. When a test fails, its report shows what each run did.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from penstock.testing.project import ProjectUnderTest

SETTING = "penstock_project"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting that names the project folder."""
    parser.addini(SETTING, "The project folder, from the root folder of the tests on.", default="")


@pytest.fixture
def penstock_project(request: pytest.FixtureRequest) -> Iterator[ProjectUnderTest]:
    """Give the project under test: `run(process_id)` prepares a run in virtual time."""
    # Imported here, since a plugin is loaded by every run of pytest, penstock's or not.
    from penstock.testing.project import ProjectUnderTest

    project = ProjectUnderTest(_folder(request))
    yield project
    project.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a test that failed what its runs did."""
    report = yield
    project: ProjectUnderTest | None = getattr(item, "funcargs", {}).get("penstock_project")
    if project is not None and report.when == "call" and report.failed:
        for run in project.runs:
            waiting = ", ".join(run.waiting) or f"nothing, it is {run.state.value}"
            lines = [*run.transcript(), f"waits for: {waiting}"]
            report.sections.append((f"Penstock run of {run.definition.id}", "\n".join(lines)))
    return report


def _folder(request: pytest.FixtureRequest) -> Path:
    if setting := request.config.getini(SETTING):
        return request.config.rootpath / str(setting)
    for folder in request.path.parents:
        if (folder / "workflows").is_dir():
            return folder
    raise pytest.UsageError(
        f"no folder around {request.path} holds `workflows`; name the project by the setting `{SETTING}`"
    )
