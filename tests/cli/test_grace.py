"""A stop waits once: what requests have used of its time, functions no longer have."""

from __future__ import annotations

import time

import pytest

from penstock.main import Grace


def test_the_time_of_a_stop_runs_from_when_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    with monkeypatch.context() as patched:
        patched.setattr(time, "monotonic", lambda: now)
        grace = Grace(10)
        now = 200.0
        assert grace.left() == 10, "nobody has asked"
        grace.begin()
        now = 204.0
        grace.begin()  # a second signal begins nothing anew
        assert grace.left() == 6
        now = 300.0
        assert grace.left() == 0
