"""Drafts over HTTP: their revisions, who edits them, and what is refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from penstock.store import drafts as store
from penstock.store.rows import DraftRow
from tests.api.conftest import Server

ANNA = {"holder": "browser-of-anna", "name": "Anna"}
BEN = {"holder": "browser-of-ben", "name": "Ben"}


def begun(server: Server, content: str = "<one/>") -> Any:
    reply = server.post("/drafts", {"name": "Order", "content": content})
    assert reply.status_code == 201
    return reply.json()


def saved(server: Server, draft: Any, **fields: Any) -> Any:
    body = {"name": "Order", "content": "<two/>", "revision": 1, **fields}
    return server.client.put(f"/api/v1/drafts/{draft['id']}", json=body)


def test_a_draft_is_kept_as_it_was_written_and_counts_its_revisions(empty: Server) -> None:
    draft = begun(empty, "<ünfertig")
    assert draft["revision"] == 1
    assert empty.get(f"/drafts/{draft['id']}")["content"] == "<ünfertig"
    assert saved(empty, draft).json()["revision"] == 2
    assert empty.get(f"/drafts/{draft['id']}")["content"] == "<two/>"


def test_a_change_of_an_old_revision_is_a_conflict_and_changes_nothing(empty: Server) -> None:
    draft = begun(empty)
    saved(empty, draft)
    late = saved(empty, draft, content="<late/>")
    assert late.status_code == 409
    assert "is at revision 2 and was at 1" in late.json()["message"]
    assert empty.get(f"/drafts/{draft['id']}")["content"] == "<two/>"


def test_the_drafts_are_listed_in_pages_the_last_changed_first(empty: Server) -> None:
    ids = {begun(empty)["id"] for _ in range(3)}
    first = empty.get("/drafts", limit=2)
    second = empty.get("/drafts", limit=2, cursor=first["cursor"])
    assert [len(first["items"]), len(second["items"])] == [2, 1]
    assert {it["id"] for it in first["items"] + second["items"]} == ids
    assert "content" not in first["items"][0]


def test_only_one_edits_at_a_time_and_the_others_are_told_who(empty: Server) -> None:
    draft = begun(empty)
    path = f"/drafts/{draft['id']}"
    assert empty.done(f"{path}/lock", ANNA)["lockedBy"] == "Anna"
    refused = empty.post(f"{path}/lock", BEN)
    assert refused.status_code == 423
    assert "Anna is editing" in refused.json()["message"]
    assert saved(empty, draft, holder=BEN["holder"]).status_code == 423
    assert saved(empty, draft).status_code == 423
    assert saved(empty, draft, holder=ANNA["holder"]).status_code == 200
    assert empty.get(path)["lockedBy"] == "Anna"


def test_a_lock_may_be_taken_over_given_back_and_runs_out(empty: Server) -> None:
    path = f"/drafts/{begun(empty)['id']}"
    empty.done(f"{path}/lock", ANNA)
    assert empty.done(f"{path}/lock", {**BEN, "take": True})["lockedBy"] == "Ben"
    assert empty.done(f"{path}/unlock", {"holder": ANNA["holder"]})["lockedBy"] == "Ben"
    assert empty.done(f"{path}/unlock", {"holder": BEN["holder"]})["lockedBy"] is None
    empty.done(f"{path}/lock", ANNA)
    empty.done("/clock", {"advance": "PT61S"})
    assert empty.get(path)["lockedBy"] is None
    assert empty.done(f"{path}/lock", BEN)["lockedBy"] == "Ben"


def test_a_draft_is_thrown_away_but_not_under_somebody_who_edits_it(empty: Server) -> None:
    draft = begun(empty)
    path = f"/api/v1/drafts/{draft['id']}"
    empty.done(f"/drafts/{draft['id']}/lock", ANNA)
    assert empty.client.delete(path).status_code == 423
    assert empty.client.delete(path, params={"holder": ANNA["holder"]}).status_code == 200
    assert empty.client.get(path).status_code == 404
    assert empty.client.delete(path).status_code == 404
    assert saved(empty, draft).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a\u0000b"},
        {"name": "x" * 201},
        {"kind": "letter"},
        {"content": 5},
        {"more": 1},
    ],
)
def test_a_draft_that_is_none_is_refused(empty: Server, wrong: dict[str, Any]) -> None:
    assert empty.post("/drafts", {"name": "Order", "content": "<one/>", **wrong}).status_code == 400
    assert empty.get("/drafts")["items"] == []


def test_the_drafts_of_one_kind_are_listed(empty: Server) -> None:
    begun(empty)
    form = empty.done("/drafts", {"name": "Claim", "content": "{}", "kind": "form"})
    assert [it["id"] for it in empty.get("/drafts", kind="form")["items"]] == [form["id"]]
    assert len(empty.get("/drafts")["items"]) == 2


def test_a_change_that_another_node_was_faster_with_is_a_conflict_too(
    empty: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = begun(empty)
    stale = store.find

    def read_too_early(connection: sa.Connection, id: str) -> DraftRow | None:
        row = stale(connection, id)
        return None if row is None else msgspec.structs.replace(row, revision=1)

    saved(empty, draft)
    monkeypatch.setattr(store, "find", read_too_early)
    assert saved(empty, draft, content="<late/>").status_code == 409
    monkeypatch.undo()
    assert empty.get(f"/drafts/{draft['id']}")["content"] == "<two/>"
