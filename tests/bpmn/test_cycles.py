"""Timer cycles: when they fire, and what is left of them."""

from __future__ import annotations

import pytest

from penstock.bpmn.cycles import feel_cycle, fixed_cycle
from penstock.bpmn.iso import parse_date_time
from penstock.kernel.definition import Cycle
from penstock.kernel.failures import Failure

NOW = parse_date_time("2026-01-05T09:00:00Z")
MINUTE = 60_000


def fires(cycle: Cycle, times: int) -> list[int]:
    """Give the minutes from now at which the cycle fires, at most so many times."""
    due, rest = cycle.first({}, NOW)
    found = [due]
    while rest is not None and len(found) < times:
        due, rest = cycle.after(rest, due)
        found.append(due)
    return [(moment - NOW) // MINUTE for moment in found]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("R3/PT10M", [10, 20, 30]),
        ("R1/PT10M", [10]),
        ("R/PT1H", [60, 120, 180, 240]),
        ("R-1/PT1H", [60, 120, 180, 240]),
        ("R2/2026-01-05T12:00:00Z/P1D", [180, 180 + 1440]),
        ("R2/P1M", [31 * 1440, (31 + 28) * 1440]),
        ("30 9 * * *", [30, 30 + 1440, 30 + 2 * 1440, 30 + 3 * 1440]),
        ("0 0 9 ? * MON", [7 * 1440, 14 * 1440, 21 * 1440, 28 * 1440]),
        ("@hourly", [60, 120, 180, 240]),
    ],
)
def test_a_cycle_fires_as_often_and_as_far_apart_as_it_says(text: str, minutes: list[int]) -> None:
    assert fires(fixed_cycle(text), 4) == minutes
    assert fires(feel_cycle(f'="{text}"'), 4) == minutes


def test_what_was_missed_while_nothing_ran_is_passed_over() -> None:
    cycle = fixed_cycle("R9/PT10M")
    due, rest = cycle.first({}, NOW)
    assert rest is not None

    late, _ = cycle.after(rest, due + 25 * MINUTE)

    assert (late - NOW) // MINUTE == 40


@pytest.mark.parametrize("text", ["", "PT10M", "R3", "R3/P", "R3/-PT1M", "R0/PT1M", "61 * * * *", "* * * *"])
def test_what_is_no_cycle_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no|neither|zero|Bad"):
        fixed_cycle(text)


@pytest.mark.parametrize("text", ["12", '"never"', "null"])
def test_an_expression_that_gives_no_cycle_is_a_failure(text: str) -> None:
    with pytest.raises(Failure, match="cannot be set"):
        feel_cycle(text).first({}, NOW)
