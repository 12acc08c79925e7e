"""The notation: what its lines make, and what it says of those that it cannot read."""

from __future__ import annotations

import pytest

from penstock.kernel.definition import ErrorTrigger, FormSpec, Kind, TerminateTrigger, TimerTrigger
from penstock.testing import NotationError, process


def test_flows_and_declarations_make_a_process() -> None:
    claim = process("""
        process claim "Handle a claim"
        # what is not declared is known by its name
        start -> check -> big?
        big? -[total > 100]-> approve -> done
        big? -default-> done

        script check: total = price * count
        user approve: "Approve the claim" for =owner, groups managers
    """)
    assert (claim.id, claim.name, claim.starts) == ("claim", "Handle a claim", ("start",))
    assert {id: element.kind for id, element in claim.elements.items()} == {
        "start": Kind.START_EVENT,
        "check": Kind.SCRIPT_TASK,
        "big?": Kind.EXCLUSIVE_GATEWAY,
        "approve": Kind.USER_TASK,
        "done": Kind.END_EVENT,
    }
    gateway = claim.elements["big?"]
    assert [flow.id for flow in gateway.outgoing] == ["big?->approve", "big?->done"]
    assert gateway.outgoing[0].condition is not None
    assert gateway.outgoing[0].condition({"total": 101}, 0) is True
    assert gateway.default is gateway.outgoing[1]
    assert claim.elements["done"].incoming == ("approve->done", "big?->done")
    assert claim.elements["approve"].name == "Approve the claim"


def test_a_flow_that_stands_twice_is_two_flows() -> None:
    twice = process("start -> done\nstart -> done")
    assert list(twice.flows) == ["start->done", "start->done#2"]


def test_a_job_says_who_does_it_and_how_often_it_is_tried() -> None:
    jobs = process("""
        start -> pay -> send -> done
        job pay: transfer retries 5 backoff PT10S timeout PT1M result receipt
        job send
    """).elements
    pay, send = jobs["pay"].job, jobs["send"].job
    assert pay is not None
    assert send is not None
    assert (pay.type, pay.retries, pay.backoff, pay.timeout) == ("transfer", 5, 10_000, 60_000)
    assert pay.headers == {"resultVariable": "receipt"}
    assert (send.type, send.retries, send.backoff, send.timeout, send.headers) == ("send", 3, None, None, {})


def test_a_user_task_takes_texts_and_feel_which_may_hold_its_own_words() -> None:
    element = process("""
        start -> ask -> done
        user ask: for =(for x in [owner] return x)[1], users a, b groups =deputies priority 70 form claim
    """).elements["ask"]
    spec = element.user_task
    assert spec is not None
    given = [spec.assignee, spec.candidate_users, spec.candidate_groups, spec.priority]
    values = [expression and expression({"owner": "ana", "deputies": ["bob"]}, 0) for expression in given]
    assert values == ["ana", "a, b", ["bob"], "70"]
    assert element.form == FormSpec("claim")


def test_boundary_events_are_written_on_their_activity() -> None:
    it = process("""
        start -> pay -> done
        job pay
        on pay: timer late: after PT1H (non-interrupting) -> tell -> done
        on pay: error poor NO_MONEY -> done
        on pay: error any
        task tell
    """)
    assert it.elements["pay"].boundary == ("late", "poor", "any")
    late, poor, any_error = (it.elements[id] for id in ("late", "poor", "any"))
    assert isinstance(late.trigger, TimerTrigger)
    assert late.trigger.schedule.due({}, 0) == 3_600_000
    assert (late.attached_to, late.interrupting) == ("pay", False)
    assert [flow.target for flow in late.outgoing] == ["tell"]
    assert (poor.trigger, poor.interrupting) == (ErrorTrigger("NO_MONEY"), True)
    assert any_error.trigger == ErrorTrigger(None)


def test_the_lines_of_a_sub_process_are_indented_under_it() -> None:
    it = process("""
        start -> outer -> done
        sub outer
            start_outer -> inner -> stop
            end stop terminate
            sub inner
                start_inner -> end_inner
            on inner: timer late after PT1S -> stop
    """)
    assert {id: element.scope for id, element in it.elements.items()} == {
        "start": None,
        "outer": None,
        "done": None,
        "start_outer": "outer",
        "inner": "outer",
        "stop": "outer",
        "late": "outer",
        "start_inner": "inner",
        "end_inner": "inner",
    }
    assert it.elements["outer"].start == "start_outer"
    assert it.elements["inner"].start == "start_inner"
    assert it.elements["stop"].trigger == TerminateTrigger()


def test_mappings_name_paths() -> None:
    it = process("start -> a -> done\ntask a\nin a: order.total = 1 + 1\nout a: sum = order.total")
    (into,), (out,) = it.elements["a"].inputs, it.elements["a"].outputs
    assert (into.target, into.source({}, 0)) == (("order", "total"), 2)
    assert (out.target, out.source.text) == (("sum",), "order.total")


def test_reading_a_text_twice_gives_equal_processes() -> None:
    text = "start -> a? -[b > 1]-> wait -> done\na? -default-> done\ntimer wait: at =c"
    first, second = process(text), process(text)
    assert (first.elements, first.starts) == (second.elements, second.starts)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("start -> check", "line 1: 'check' is not declared; say what it is, as in `task check`"),
        ("task a", "line 1: the process has no start event; begin a line with `start -> ...`"),
        ("", "line 1: the process has no start event; begin a line with `start -> ...`"),
        ("start -> done\nin a: b = 1", "line 2: 'a' is not declared; say what it is, as in `task a`"),
        ("start -> done\ntask a\nuser a", "line 3: 'a' is on line 2 already; give it another name"),
        (
            "start -> done\nsomething else",
            "line 2: `something else` is neither flows (a -> b) nor begins with",
        ),
        ("start -> done ->", "line 1: expected a name (letters, digits, _, and ? or + at its end) before ``"),
        ("start -> done, other", "line 1: expected ->, -[condition]-> or -default-> before `, other`"),
        ("start -> start_2", "line 1: no flow leads into 'start_2', which is a startEvent"),
        ("start -> end -> done", "line 1: no flow leaves 'end', which is an end event"),
        (
            "start -[a]-> done",
            "line 1: only flows of activities and of gateways that choose have conditions, "
            "'start' is neither",
        ),
        ("start -> a?\na? -default-> done\na? -default-> end", "line 3: 'a?' has a default flow already"),
        ("start -> a? -[b > ]-> done", "line 1: "),
        ("start -> a -> done\nscript a: x = (", "line 2: "),
        ("start -> a -> done\ntimer a: PT1H", "line 2: a timer is written `timer NAME: after PT1H`"),
        ("start -> a -> done\ntimer a: after tea", "line 2: 'tea' is no ISO 8601 duration"),
        ("start -> a -> done\njob a: b retries 0", "line 2: `retries` is a whole number from 1, not `0`"),
        ("start -> a -> done\njob a: b retries 1 retries 2", "line 2: `retries` stands twice"),
        ("start -> a -> done\nuser a: ana", "line 2: expected one of for, users"),
        ("start -> a -> done\ntask a: b", "line 2: `task a` takes nothing further: `b`"),
        ("start -> a\nend a storm", "line 2: `storm` is no trigger; it begins with one of message, signal"),
        ("start -> a?\nin a?: b = 1", "line 2: 'a?' is a gateway, which maps no variables"),
        ("start -> a -> done\ntask a\nin a: b", "line 3: a mapping is written `in a: VARIABLE = EXPRESSION`"),
        ("start -> done\non a: timer b after PT1S", "line 2: 'a' is not declared"),
        ("start -> done\non done: error b", "line 2: 'done' is no task or sub-process beside this line"),
        (
            "start -> a\ntask a\non a: signal b",
            "line 3: `signal b` does not say what it waits for",
        ),
        (
            "start -> a\ntask a\non a: link b c",
            "line 3: a boundary event is one of timer, message, signal, condition, change, error, "
            "escalation, compensation, cancel, not `link`",
        ),
        ("start -> a\ncatch a", "line 2: `catch a` says no trigger"),
        ("start -> a\ncatch a: storm", "line 2: `storm` is no trigger; it begins with one of timer"),
        ("start -> a\ncatch a: error", "line 2: `error` is no trigger; it begins with one of timer"),
        ("start -> a\ncatch a: message b", "line 2: a message is written"),
        ('start -> a\ncatch a: signal "b" key c', "line 2: a signal is written"),
        ("start -> a\ncatch a: timer every P", "line 2: 'P' is neither a repeating interval"),
        (
            'start -> a\ncatch a: signal "b" or signal "c" and signal "d"',
            "line 2: several triggers have either `or` or `and` between them",
        ),
        ("start -> a\nthrow a: link b", "line 2: the link 'b' has 0 targets, it needs one"),
        (
            "start -> done\nuser a\nlate -> done\ntimer late: after 5",
            "line 4: '5' is no ISO 8601 duration",
        ),
        ("start -> a\ntask a\non a: error b (non-interrupting)", "line 3: error always interrupts"),
        ("start -> a\ntask a\non a", "line 3: a boundary event is written `on HOST: timer NAME ...`"),
        (
            "start -> a\ntask a\n    task b",
            "line 3: only the lines of a `sub`, `transaction`, `when` or `adhoc` are indented under it",
        ),
        ("    start -> done\ntask a", "line 2: the indentation fits no line above it"),
        ("start -> a\nsub a\n    task b", "line 2: sub-process 'a' has 0 start events, it needs one"),
        ("start -> done\nprocess late", "line 2: `process` is the first line of a text, and stands once"),
        (
            "start -> a -> b\nsub a\n    start_a -> b\n    task b",
            "line 1: 'b' is in another sub-process; a flow stays in one",
        ),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        process(text)
    assert str(caught.value).startswith(message)
    assert caught.value.line == int(message.split()[1].rstrip(":"))
