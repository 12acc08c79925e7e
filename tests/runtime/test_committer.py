"""In which order a committer carries out what has come in together."""

from __future__ import annotations

from penstock.kernel import commands as c
from penstock.runtime.committer import Entry, _in_turn
from penstock.runtime.requests import Request, ignore


def entry(id: str, *, background: bool = False) -> Entry:
    return Entry(Request(id, c.CancelInstance(), "1", background=background), ignore)


def test_what_nobody_waits_for_is_in_a_transaction_behind_the_others() -> None:
    timers = [entry(f"t{number}", background=True) for number in range(3)]
    asked = [entry("a"), entry("b")]
    assert _in_turn([timers[0], asked[0], timers[1], asked[1], timers[2]]) == [asked, timers]


def test_commands_of_one_kind_share_a_transaction_in_their_order() -> None:
    for background in (False, True):
        entries = [entry(f"{number}", background=background) for number in range(3)]
        assert _in_turn(entries) == [entries]


def test_where_nothing_has_come_there_is_no_transaction() -> None:
    assert _in_turn([]) == []
