"""Tokens that are moved by hand, where loops are about."""

from __future__ import annotations

import pytest

from penstock.kernel import InstanceState, Rejected, commands as c, items
from penstock.testing import Run, process

TEXT = """
start -> each -> done
sub each
    start_e -> a -> done_e
    user a
    user b
    b -> done_e
each each: 3 times until numberOfCompletedInstances > 5
"""


def started() -> Run:
    run = Run(process(TEXT), reload=True)
    run.start()
    return run


def scopes(run: Run) -> dict[str, list[int]]:
    """Give the keys of the scopes of the loop as a whole, of its parts and of its instances."""
    found: dict[str, list[int]] = {"loop": [], "part": [], "one": []}
    for _, element in run.elements():
        if element.opened:
            kind = "loop" if element.loop is not None else "part" if element.part else "one"
            found[kind].append(element.key)
    return found


@pytest.mark.parametrize("width", [2, 100], ids=["in parts", "in one scope"])
def test_a_token_is_put_into_one_of_the_instances_and_not_into_their_loop(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "WIDTH", width)
    run = started()
    found = scopes(run)
    for key in (*found["loop"], *found["part"]):
        with pytest.raises(Rejected, match=f"the scope {key} holds the instances of 'each'"):
            run.modify(activate=[c.Activation("b", key)])
    run.modify(activate=[c.Activation("b", found["one"][1])])
    assert sorted(run.waiting) == ["user task a", "user task a#2", "user task a#3", "user task b"]


@pytest.mark.parametrize("width", [2, 100], ids=["in parts", "in one scope"])
def test_a_loop_ends_though_the_last_token_of_one_instance_was_taken_away(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "WIDTH", width)
    run = started()
    run.modify(terminate=["a#2"])
    run.complete_task("a")
    run.complete_task("a#3")
    assert run.state is InstanceState.COMPLETED
