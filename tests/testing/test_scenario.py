"""Scenarios: a text is played, and reads afterwards as what really happened."""

from __future__ import annotations

import pytest

from penstock.testing import ScenarioError, play

SCENARIO = """\
start -> pay -> done
job pay

> start {amount: 1 + 1}
  start at start: amount = 2
  enter start
  complete start
  take start->pay
  enter pay
  job pay opened: pay, 3 tries
  waits for: job pay

# the worker is quick
> complete job pay {paid: [true, null, {at: date("2026-01-05")}], note: "a \\"b\\""}
  job pay completed: paid = [true, null, {at: 2026-01-05}], note = "a \\"b\\""
  set paid = [true, null, {at: 2026-01-05}], note = "a \\"b\\""
  complete pay
  take pay->done
  enter done
  complete done
  instance completed
  is completed
"""


def test_a_scenario_that_is_right_stays_as_it_is() -> None:
    assert play(SCENARIO) == SCENARIO


def test_what_is_expected_is_replaced_by_what_happens() -> None:
    bare = "\n".join(line for line in SCENARIO.splitlines() if not line.startswith("  "))
    assert play(bare) == SCENARIO
    assert play(SCENARIO.replace("enter pay", "enter play")) == SCENARIO


def test_a_scenario_without_actions_does_nothing() -> None:
    assert play("start -> done\n") == "start -> done\n"


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("jump", "line 3: `jump` is no action"),
        (
            "complete task pay",
            "line 3: there is no user task at 'pay'; the instance waits for: nothing, it is new",
        ),
        ("start {1}", "line 3: unexpected '1'"),
        ("start {}.a", "line 3: `{}.a` is no FEEL context such as {amount: 12}"),
        ("limit speed 3", "line 3: a limit is written `limit loop N` or `limit slice N`"),
    ],
)
def test_an_action_that_cannot_be_is_named_with_its_line(action: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        play(f"start -> pay\njob pay\n> {action}\n")
    assert str(caught.value).startswith(message)
