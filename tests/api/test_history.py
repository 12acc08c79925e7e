"""What happened to an instance, event by event."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.rest.history import WORDS
from penstock.kernel import events
from penstock.store import journal
from penstock.store.rows import JournalRow
from tests.api.conftest import NOW, Server
from tests.api.models import TIMER, process

HIDDEN = {
    events.InstanceDeferred,
    events.InstanceContinued,
    events.FlowsDropped,
    events.CompensationGathered,
    events.ItemsCounted,
    events.ItemsGiven,
    events.AdHocTaken,
    events.BehaviorEventDue,
    events.BehaviorEventsThrown,
}


def history(server: Server, instance: Any, **query: Any) -> list[Any]:
    items: list[Any] = server.get(f"/process-instances/{instance['id']}/history", **query)["items"]
    return items


def test_the_way_of_an_instance_is_told_in_order(server: Server) -> None:
    instance = server.start("ask", clerk="anna")
    key = server.wait_for(instance, "user_task")
    server.done(f"/tasks/{key}/complete", {"variables": {"ok": True}})
    told = history(server, instance)
    assert [(one["event"], one["element"]) for one in told] == [
        ("instance_started", None),
        ("entered", "s"),
        ("completed", "s"),
        ("taken", "s_x"),
        ("entered", "x"),
        ("task_opened", "x"),
        ("task_completed", "x"),
        ("variables", None),
        ("completed", "x"),
        ("taken", "x_e"),
        ("entered", "e"),
        ("completed", "e"),
        ("instance_completed", None),
    ]
    assert all(one["at"] == NOW for one in told)


def test_the_numbers_of_the_events_only_grow(server: Server) -> None:
    instance = server.start("ask")
    server.done(f"/process-instances/{instance['id']}/cancel")
    numbers = [one["seq"] for one in history(server, instance)]
    assert numbers == sorted(set(numbers))


def test_a_page_reads_the_rows_that_it_shows_and_names_the_elements_of_all(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = server.start("ask", clerk="anna")
    key = server.wait_for(instance, "user_task")
    for number in range(60):
        server.done(f"/tasks/{key}/assign", {"user": f"clerk {number}"})
    server.done(f"/tasks/{key}/complete", {"variables": {"ok": True}})
    told = history(server, instance)
    assert [one["element"] for one in told if one["event"] == "task_assigned"] == ["x"] * 60
    read: list[int] = []
    real = journal.read

    def counting(*args: Any, **kwargs: Any) -> list[JournalRow]:
        rows = real(*args, **kwargs)
        read.append(len(rows))
        return rows

    monkeypatch.setattr(journal, "read", counting)
    pages, cursor = [], None
    while True:
        page = server.get(
            f"/process-instances/{instance['id']}/history",
            limit=10,
            **({} if cursor is None else {"cursor": cursor}),
        )
        pages += page["items"]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert pages == told
    assert max(read) <= 12, "a row a command, that of the event before, and one to see whether more come"
    assert sum(read) < 2 * 62


def test_an_event_tells_what_belongs_to_it(server: Server) -> None:
    instance = server.start("ask", clerk="anna")
    opened = next(one for one in history(server, instance) if one["event"] == "task_opened")
    assert opened == {
        "seq": opened["seq"],
        "at": NOW,
        "event": "task_opened",
        "element": "x",
        "elementInstance": 2,
        "scope": 0,
        "actor": "7",
        "data": {
            "key": f"{instance['id']}.3",
            "name": "Approve",
            "assignee": "anna",
            "candidateUsers": [],
            "candidateGroups": ["office", "board"],
            "priority": 50,
        },
    }


def test_a_timer_tells_when_it_is_due_and_that_it_triggered(server: Server) -> None:
    server.deploy(process("pause", TIMER))
    instance = server.start("pause")
    server.done("/clock", {"advance": "PT1H"})
    told = {one["event"]: one for one in history(server, instance)}
    assert told["timer_opened"]["data"]["due"] == "2023-11-14T23:13:20.479Z"
    assert told["triggered"]["element"] == "x"
    assert told["triggered"]["at"] == "2023-11-14T23:13:20.479Z"


def test_values_are_shown_with_their_type_when_asked(server: Server) -> None:
    instance = server.start("ask", on={"@date": "2030-01-31"})
    started = history(server, instance, typed="true")[0]
    assert started["data"]["variables"] == {"on": {"@date": "2030-01-31"}}


def test_pages_make_up_the_whole_and_each_knows_its_elements(server: Server) -> None:
    instance = server.start("charge")
    key = server.wait_for(instance, "job")
    server.done(f"/jobs/{key}/complete", {"variables": {"paid": True}})
    whole = history(server, instance)
    parts: list[Any] = []
    cursor: dict[str, str] = {}
    while cursor is not None:
        page = server.get(f"/process-instances/{instance['id']}/history", limit="1", **cursor)
        parts += page["items"]
        cursor = {"cursor": page["cursor"]} if page["cursor"] else None  # type: ignore[assignment]
    assert parts == whole
    assert "job_completed" in [one["event"] for one in parts if one["element"] == "x"]


def test_every_event_of_the_kernel_is_shown_or_known_to_be_ours() -> None:
    every = set(events.Event.__args__)
    assert set(WORDS) | HIDDEN == every
    assert not set(WORDS) & HIDDEN
