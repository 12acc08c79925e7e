"""Watching a project folder: what changes is deployed, and what cannot be used ends nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import watchfiles

from penstock import main
from penstock.project import open_project
from tests.bpmn.models import around, process_of
from tests.runtime.conftest import Server

pytestmark = pytest.mark.anyio


async def test_a_folder_that_is_away_for_a_moment_does_not_end_the_watch(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, away = tmp_path / "project", tmp_path / "away"
    workflow = folder / "workflows" / "p.bpmn"
    workflow.parent.mkdir(parents=True)
    workflow.write_bytes(process_of(around('<task id="x"/>')))
    project = open_project(folder)

    async def changes(*_args: object, **_options: object) -> AsyncIterator[set[tuple[object, str]]]:
        folder.rename(away)
        yield {(watchfiles.Change.modified, str(workflow))}
        away.rename(folder)
        yield {(watchfiles.Change.modified, str(workflow))}

    monkeypatch.setattr(watchfiles, "awatch", changes)
    await main._watch(server.runtime, project, "1")
    assert server.runtime.definitions.latest("p") is not None
