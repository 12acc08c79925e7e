"""Project folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.cli.init import write_project
from penstock.project import ProjectError, mappings, open_project, sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_project(tmp_path / "my-app")
    return tmp_path / "my-app"


def test_a_project_has_its_workflows_functions_and_manifest(folder: Path) -> None:
    project = open_project(folder)
    assert [file.name for file in project.workflows] == ["hello.bpmn"]
    assert project.functions == folder / "functions"
    assert project.manifest == folder / "manifest.json"
    assert project.pages is None


def test_the_pages_of_a_project_are_found(folder: Path) -> None:
    (folder / "app").mkdir()
    assert open_project(folder).pages == folder / "app"


def test_decisions_and_forms_are_deployed_with_the_workflows(folder: Path) -> None:
    for name in ("risk.dmn", "claim.form"):
        (folder / "workflows" / name).touch()
    names = [file.name for file in open_project(folder).workflows]
    assert names == ["claim.form", "hello.bpmn", "risk.dmn"]


def test_workflows_are_read_in_the_order_of_their_names(folder: Path) -> None:
    (folder / "workflows" / "a.bpmn").write_bytes(b"<a/>")
    files = sources(open_project(folder))
    assert [(file.name, file.content[:4]) for file in files] == [
        ("workflows/a.bpmn", b"<a/>"),
        ("workflows/hello.bpmn", b"<?xm"),
    ]


def test_the_manifest_maps_the_aliases(folder: Path) -> None:
    assert [mapping.alias for mapping in mappings(open_project(folder))] == ["hello"]


def test_a_project_without_a_manifest_maps_nothing(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    assert mappings(open_project(folder)) == ()


def test_a_folder_that_is_not_there_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"no folder .*nowhere.*penstock init nowhere"):
        open_project(tmp_path / "nowhere")


def test_a_folder_without_anything_of_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="is no project folder"):
        open_project(tmp_path)
