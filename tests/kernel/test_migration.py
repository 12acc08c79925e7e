"""An instance goes on by another definition, or all that is in the way is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from penstock.kernel import InstanceState, ProcessInstance, Rejected, advance, commands as c
from penstock.kernel.definition import ProcessDefinition
from penstock.kernel.migration_problems import problems
from penstock.testing import Run, process

OLD = """
process old
start -> fork+
fork+ -> pay -> join+ -> done
fork+ -> ask -> join+
job pay
user ask
on ask: timer late after PT1H -> done
"""

NEW = """
process new
start -> fork+
fork+ -> charge -> join+ -> thanks -> done
fork+ -> ask -> join+
job charge
user ask
user thanks
on ask: timer reminder after PT2H (non-interrupting) -> done
"""


def started(text: str = OLD) -> Run:
    run = Run(process(text), reload=True)
    run.start()
    return run


def in_the_way(run: Run, target: ProcessDefinition, **mapping: str) -> list[tuple[str, str]]:
    return [(it.code, it.element) for it in problems(run.definition, target, run.instance, mapping)]


def test_an_instance_goes_on_by_the_other_definition() -> None:
    run = started()
    run.migrate(process(NEW), {"pay": "charge"})
    assert run.instance.definition == "new"
    assert set(run.waiting) == {"job charge", "user task ask", "timer reminder on ask"}
    run.complete_job("charge")
    run.complete_task("ask")
    run.complete_task("thanks")
    assert run.state is InstanceState.COMPLETED


def test_a_timer_on_the_boundary_is_kept_under_its_new_name() -> None:
    run = started()
    run.migrate(process(NEW), {"pay": "charge", "late": "reminder"})
    run.advance("PT1H")
    assert "timer reminder fired" in run.transcript()


def test_a_join_keeps_the_tokens_that_have_come() -> None:
    run = started()
    run.complete_task("ask")
    run.migrate(process(NEW.replace("charge", "pay")))
    run.complete_job("pay")
    assert run.waiting == ("user task thanks",)


def test_an_incident_is_resolved_by_the_new_definition() -> None:
    run = started("process old\nstart -> rest -> done\ntimer rest: after =nothing")
    run.migrate(process("process new\nstart -> pause -> done\ntimer pause: after PT1M"), {"rest": "pause"})
    run.resolve("pause")
    assert run.waiting == ("timer pause",)


def test_what_may_be_compensated_is_undone_as_the_new_definition_says() -> None:
    text = """
    process {0}
    start -> {1} -> wait -> undo -> done
    task {1}
    on {1}: compensation undone by {2}
    user {2}
    user wait
    throw undo: compensation
    """
    run = started(text.format("old", "a", "not_a"))
    run.migrate(process(text.format("new", "b", "not_b")), {"a": "b", "not_a": "not_b"})
    run.complete_task("wait")
    assert run.waiting == ("compensation by undo", "user task not_b")


def test_all_that_is_in_the_way_is_said() -> None:
    run = started()
    target = process("process new\nstart -> sub -> done\nsub sub\n    start_s -> ask -> done_s\n    task ask")
    assert in_the_way(run, target, nothing="ask") == [
        ("unknown-element", "nothing"),
        ("no-element", "pay"),
        ("other-kind", "ask"),
        ("other-scope", "ask"),
    ]


def test_a_token_that_waits_at_a_join_needs_its_flow() -> None:
    run = started()
    run.complete_task("ask")
    target = process(OLD.replace("fork+ -> ask -> join+", "fork+ -> ask -> more -> join+\ntask more"))
    assert in_the_way(run, target) == [("no-flow", "join+")]


def test_a_compensation_that_runs_is_in_the_way() -> None:
    text = """
    start -> a -> undo -> done
    task a
    on a: compensation undone by b
    user b
    throw undo: compensation
    """
    assert {code for code, _ in in_the_way(started(text), process(text))} == {"compensating"}


def test_what_is_in_the_way_is_refused_and_changes_nothing() -> None:
    run = started()
    before = run.transcript()
    with pytest.raises(Rejected, match="cannot migrate: 'pay' is active, and the new"):
        run.send(c.MigrateInstance("new", {}), process(NEW))
    assert run.transcript() == before


def test_an_event_sub_process_that_is_new_is_armed_in_the_scopes_that_are_open() -> None:
    old = """
    process old
    start -> work -> done
    sub work
        start_w -> pack
        user pack
    """
    new = """
    process new
    start -> work -> done
    sub work
        start_w -> pack
        user pack
        when asked: message "ask" (non-interrupting)
            start_a -> answer
            user answer
    when late: timer after PT1H
        start_l -> apologise
        user apologise
    """
    run = started(old)
    run.migrate(process(new))
    assert set(run.waiting) == {
        "user task pack",
        "message start_a on asked",
        "timer start_l on late",
    }
    run.correlate("start_a")
    run.advance("PT1H")
    assert run.waiting == ("user task apologise",)


def test_an_event_sub_process_that_is_gone_is_disarmed() -> None:
    old = """
    process old
    start -> pack -> done
    user pack
    when late: timer after PT1H
        start_l -> apologise
        user apologise
    """
    run = started(old)
    assert in_the_way(run, process("process new\nstart -> pack -> done\nuser pack")) == []
    run.migrate(process("process new\nstart -> pack -> done\nuser pack"))
    assert run.waiting == ("user task pack",)
    run.advance("PT2H")
    assert run.waiting == ("user task pack",)
    run.complete_task("pack")
    assert run.state is InstanceState.COMPLETED


def test_an_event_sub_process_that_has_started_or_is_mapped_to_nothing_is_in_the_way() -> None:
    old = """
    process old
    start -> pack -> done
    user pack
    when late: timer after PT1H
        start_l -> apologise
        user apologise
    """
    target = process("process new\nstart -> pack -> done\nuser pack\nuser apologise")
    run = started(old)
    assert in_the_way(run, target, late="never") == [("no-element", "late")]
    run.advance("PT1H")
    assert ("no-element", "late") in in_the_way(run, target)


def test_no_event_sub_process_is_armed_in_a_scope_that_was_interrupted() -> None:
    old = """
    process old
    start -> pack -> done
    user pack
    when late: timer after PT1H
        start_l -> apologise
        user apologise
    """
    more = """
    when asked: message "ask"
        start_a -> answer
        user answer
    """
    run = started(old)
    run.advance("PT1H")
    run.migrate(process(old.replace("process old", "process new") + more))
    assert run.waiting == ("user task apologise",)


def test_an_event_on_the_boundary_that_is_gone_waits_no_longer_and_a_new_one_does() -> None:
    run = started("process old\nstart -> ask -> done\nuser ask\non ask: timer late after PT1H -> done")
    run.migrate(process('process new\nstart -> ask -> done\nuser ask\non ask: message stop "stop" -> done'))
    assert set(run.waiting) == {"user task ask", "message stop on ask"}
    run.correlate("stop")
    assert run.state is InstanceState.COMPLETED


def test_what_has_come_for_an_event_that_needs_each_of_its_triggers_goes_with_it() -> None:
    text = """
    start -> pack -> done
    user pack
    on pack: catch both message "cancel" and signal "stop" -> done_off
    """
    run = started(text)
    run.correlate("both", by=date(2026, 1, 31), fee=Decimal("5.25"))

    run.migrate(process(text.replace("catch both", "catch each")), {"both": "each"})
    run.signal("each", wind=12)

    assert run.state is InstanceState.COMPLETED
    assert run.variables == {"by": date(2026, 1, 31), "fee": Decimal("5.25"), "wind": 12}


HALF = """
start -> pack -> done
user pack
on pack: catch both message "cancel" and signal "stop" -> done_off
"""


@pytest.mark.parametrize(
    "target",
    [
        HALF.replace('message "cancel" and signal "stop"', 'signal "stop"'),
        HALF.replace('message "cancel" and signal "stop"', 'message "cancel" or signal "stop"'),
        HALF.replace('message "cancel" and signal "stop"', 'message "cancel" and timer after PT1H'),
        HALF.replace('and signal "stop"', 'and signal "stop" and timer after PT1H'),
        HALF.replace('message "cancel" and signal "stop"', 'signal "stop" and message "cancel"'),
    ],
    ids=["one is gone", "any is enough", "one is another", "one is new", "in another order"],
)
def test_an_event_that_has_had_some_of_its_triggers_needs_the_same_ones(target: str) -> None:
    run = started(HALF)
    assert in_the_way(run, process(target)) == []
    run.correlate("both")
    assert in_the_way(run, process(target)) == [("half-come", "both")]
    assert in_the_way(run, process(target.replace("both", "other"))) == []


def test_an_event_that_has_had_some_of_its_triggers_may_be_gone() -> None:
    run = started(HALF)
    run.correlate("both", fee=1)
    run.migrate(process("start -> pack -> done\nuser pack"))
    assert run.waiting == ("user task pack",)
    run.complete_task("pack")
    assert run.variables == {}


def test_a_trigger_that_has_come_and_gone_is_not_one_of_several_that_are_needed() -> None:
    text = """
    start -> pack -> done
    user pack
    on pack: timer late after PT1H (non-interrupting) -> done_late
    """
    both = text.replace("timer late after PT1H", 'catch late timer after PT1H and signal "stop"')
    run = started(text)
    assert in_the_way(run, process(both)) == []
    run.advance("PT1H")
    assert in_the_way(run, process(both)) == [("half-come", "late")]


def test_a_join_goes_on_that_waits_for_no_more_tokens() -> None:
    text = """
    start -> fork+
    fork+ -> a -> join+ -> done
    fork+ -> b -> join+
    fork+ -> c -> join+
    user a
    user b
    user c
    """
    run = started(text)
    run.complete_task("a")
    run.complete_task("b")
    run.modify(terminate=["c"])
    assert run.waiting == ("join join+",)
    run.migrate(process(text.replace("    fork+ -> c -> join+\n", "").replace("    user c\n", "")))
    assert run.state is InstanceState.COMPLETED


def test_a_complex_gateway_asks_its_new_condition() -> None:
    text = """
    start -> fork+
    fork+ -> a -> meet -> done
    fork+ -> b -> meet
    user a
    user b
    complex meet: activationCount > 1
    """
    run = started(text)
    run.complete_task("a")
    run.migrate(process(text.replace("> 1", "> 0")))
    run.complete_task("b")
    assert [line for line in run.transcript() if line == "meet lets tokens through"]
    assert run.state is InstanceState.COMPLETED


@pytest.mark.parametrize(
    "line",
    ["each pack: 3 times until numberOfCompletedInstances > 1", "each pack: x in [1, 2, 3]"],
)
def test_a_loop_goes_on_counting_as_it_began(line: str) -> None:
    """Else the instances that were not counted, or counted twice, would keep it from ever ending."""
    text = "start -> pack -> done\nuser pack\n"
    run = started(f"{text}each pack: 3 times")
    assert in_the_way(run, process(text + line)) == [("other-kind", "pack")]


def test_a_token_on_a_flow_needs_it_in_the_same_scope() -> None:
    text = "start -> tell -> work -> done\ntask tell\ntask rest\nuser work"
    inner = """
    start -> inner -> done
    sub inner
        start_i -> tell -> work -> done_i
        task tell
        user work
    """
    definition = process(text)
    instance = ProcessInstance("half", definition.id)
    advance(definition, instance, c.StartInstance("start", {}), 0, slice_limit=3)
    assert [planned[3] for planned in instance.agenda] == ["tell->work"]
    for target, codes in (
        (text, []),
        (inner, ["no-flow"]),
        (text.replace("tell -> work", "tell -> rest -> work"), ["no-flow"]),
    ):
        found = problems(definition, process(target), instance, {})
        assert [it.code for it in found] == codes


HEARD = """
process heard
start -> pay -> done
task pay
on pay: timer late after PT1H -> done
listen pay: start first
listen pay: start second
listen pay: end last
"""


def test_a_listener_that_runs_goes_on_and_those_behind_it_are_the_new_ones() -> None:
    run = started(HEARD)
    target = process(HEARD.replace("start second", "start third").replace("pay", "charge"))
    assert in_the_way(run, target, pay="charge") == []
    run.migrate(target, {"pay": "charge"})
    assert run.waiting == ("listener charge",)
    run.complete_job("charge")
    assert run.events[-1].type == "third"  # type: ignore[union-attr]
    run.complete_job("charge")
    run.complete_job("charge")
    assert run.state is InstanceState.COMPLETED


def test_what_a_listener_holds_back_begins_to_wait_by_the_new_definition() -> None:
    run = started(HEARD.replace("task pay", "job pay"))
    target = HEARD.replace("task pay", "job pay") + 'on pay: message told "m" -> done\n'
    run.migrate(process(target))
    assert run.waiting == ("listener pay",)
    run.complete_job("pay")
    run.complete_job("pay")
    assert set(run.waiting) == {"job pay", "timer late on pay", "message told on pay"}


def test_the_listeners_of_a_process_go_on_by_its_new_version() -> None:
    text = "process order\nstart -> done\nlisten order: end close"
    run = started(text)
    assert run.waiting == ("listener order",)
    assert in_the_way(run, process("process order\nstart -> done")) == [("no-element", "order")]
    run.migrate(process(text + "\ntask more\n"))
    run.complete_job("order")
    assert run.state is InstanceState.COMPLETED


def test_a_listener_that_runs_and_is_not_there_is_in_the_way() -> None:
    run = started(HEARD)
    for other in ("listen pay: start another\n", ""):
        target = process(
            HEARD.replace("listen pay: start first\n", other).replace("listen pay: start second\n", "")
        )
        assert in_the_way(run, target) == [("other-listener", "pay")]
