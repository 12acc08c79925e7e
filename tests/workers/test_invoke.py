"""One call from its variables to its answer, without a worker process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from penstock.workers.invoke import Invoker
from penstock.workers.loading import load
from penstock.workers.protocol import Call, Done, Failed, Outcome, Thrown, outcome, run

from .conftest import WriteFunctions, failure, job

Ask = Callable[..., Outcome]

SOURCE = """
    import asyncio, dataclasses, datetime, sys
    from decimal import Decimal
    import msgspec, pydantic

    @dataclasses.dataclass
    class Point:
        x: float
        y: float

    class Receipt(msgspec.Struct):
        number: int
        lines: list[Point]

    class Customer(pydantic.BaseModel):
        name: str

    RESULTS = {
        "nothing": None,
        "number": 2.5,
        "text": "a",
        "list": [1, 2],
        "mapping": {"a": 1, "b": Decimal("1.10")},
        "dataclass": Point(1.5, 2),
        "struct": Receipt(7, [Point(0.5, 1)]),
        "model": Customer(name="Ada"),
        "day": datetime.date(2024, 1, 31),
        "set": {1},
        "object": object(),
        "nul": ["a", chr(0)],
        "infinity": float("inf"),
        "deep object": {"order": {"items": [1, object()]}},
    }

    @task
    def give(which: str): return RESULTS[which]

    @task
    def add(a: float, b: float) -> float: return a + b

    @task
    async def add_slowly(a: float, b: float) -> float:
        await asyncio.sleep(0)
        return a + b

    @task
    def wrong() -> int: return "three"

    @task
    def job(): return current_job()

    @task
    async def job_key(): return current_job().key

    @task
    async def loop(): return id(asyncio.get_running_loop())

    @task
    def sell():
        left = {"left": 0, "since": datetime.date(2024, 1, 1)}
        raise BpmnError("NO_STOCK", "sold out", variables=left)

    @task
    def sell_wrongly(): raise BpmnError("NO_STOCK", variables={"left": object()})

    @task
    def leave(): sys.exit(3)

    @task
    def large(size: int): return "x" * size

    def inner(): raise KeyError("order")

    @task
    def fail(): inner()

    @task
    async def fail_later():
        await asyncio.sleep(0)
        inner()

    @task
    def fail_twice():
        try:
            inner()
        except KeyError as error:
            raise ValueError("no order") from error

    @task
    def fail_long(): raise ValueError("x" * 100_000)

    @task
    def fail_deep(): fail_deep()

    class Unprintable(Exception):
        def __str__(self): raise RuntimeError("no")

    @task
    def fail_unprintably(): raise Unprintable()
"""


@pytest.fixture
def ask(write_functions: WriteFunctions) -> Iterator[Ask]:
    invoker = Invoker(load(write_functions(tasks=SOURCE)), max_result_bytes=1000)

    def call(
        function: str, /, headers: dict[str, str] | None = None, key: str = "job-1", **variables: Any
    ) -> Outcome:
        asked = Call(function, variables, job(headers=headers or {}, key=key))
        return outcome(invoker.answer(run(asked, timeout_ms=1000)))

    yield call
    invoker.close()


def test_a_function_gets_its_arguments_and_gives_its_result(ask: Ask) -> None:
    assert ask("add", a=1, b=Decimal("2.5")) == Done({"result": Decimal("3.5")})


def test_an_asynchronous_function_is_awaited(ask: Ask) -> None:
    assert ask("add_slowly", a=1, b=2) == Done({"result": Decimal("3.0")})


def test_asynchronous_functions_share_one_event_loop(ask: Ask) -> None:
    assert ask("loop") == ask("loop")


@pytest.mark.parametrize(
    ("which", "variables"),
    [
        ("nothing", {}),
        ("number", {"result": Decimal("2.5")}),
        ("text", {"result": "a"}),
        ("list", {"result": [1, 2]}),
        ("mapping", {"a": 1, "b": Decimal("1.10")}),
        ("dataclass", {"x": Decimal("1.5"), "y": 2}),
        ("struct", {"number": 7, "lines": [{"x": Decimal("0.5"), "y": 1}]}),
        ("model", {"name": "Ada"}),
        ("day", {"result": date(2024, 1, 31)}),
    ],
)
def test_a_result_becomes_variables(ask: Ask, which: str, variables: dict[str, object]) -> None:
    assert ask("give", which=which) == Done(variables)


@pytest.mark.parametrize(("which", "value"), [("nothing", None), ("mapping", {"a": 1, "b": Decimal("1.10")})])
def test_a_result_variable_takes_the_whole_result(ask: Ask, which: str, value: object) -> None:
    assert ask("give", {"resultVariable": "order"}, which=which) == Done({"order": value})


@pytest.mark.parametrize("which", ["object", "infinity", "deep object", "nul"])
def test_a_result_that_is_no_value_is_a_failure(ask: Ask, which: str) -> None:
    failed = failure(ask("give", which=which))
    assert failed.kind == "result"
    assert failed.message.startswith("give(): The result cannot be kept as variables: ")


def test_a_result_of_another_type_than_declared_is_a_failure(ask: Ask) -> None:
    failed = failure(ask("wrong"))
    assert failed.kind == "result"
    assert "wrong() -> int" in failed.message
    assert "Expected `int`, got `str`" in failed.message


def test_a_result_that_is_too_large_is_a_failure(ask: Ask) -> None:
    assert isinstance(ask("large", size=500), Done)
    failed = failure(ask("large", size=1000))
    assert failed.kind == "result"
    assert "more than the 1000 allowed" in failed.message


def test_a_function_knows_its_job_whether_it_waits_or_not(ask: Ask) -> None:
    known = ask("job", {"resultVariable": "job", "region": "north"})
    assert isinstance(known, Done)
    assert known.variables["job"]["headers"] == {"resultVariable": "job", "region": "north"}  # type: ignore[index]
    assert ask("job_key", key="job-1") == Done({"result": "job-1"})
    assert ask("job_key", key="job-2") == Done({"result": "job-2"})


def test_a_bpmn_error_is_thrown_with_its_variables(ask: Ask) -> None:
    assert ask("sell") == Thrown("NO_STOCK", "sold out", {"left": 0, "since": date(2024, 1, 1)})


def test_a_bpmn_error_with_what_is_no_value_is_a_failure(ask: Ask) -> None:
    failed = failure(ask("sell_wrongly"))
    assert failed.kind == "result"
    assert "BpmnError 'NO_STOCK'" in failed.message


def test_arguments_that_do_not_fit_are_a_failure_before_the_function_runs(ask: Ask) -> None:
    failed = failure(ask("add", a=1))
    assert failed.kind == "arguments"
    assert failed.detail is None


def test_an_unknown_function_is_named_with_the_one_that_may_be_meant(ask: Ask) -> None:
    failed = failure(ask("ad"))
    assert failed == Failed("unknown_function", "There is no task function 'ad'. Did you mean 'add'?")
    assert "there is add, add_slowly" in failure(ask("zzzzz")).message


@pytest.mark.parametrize("function", ["fail", "fail_later"])
def test_the_traceback_begins_in_the_authors_code(ask: Ask, function: str) -> None:
    failed = failure(ask(function))
    assert failed.kind == "raised"
    assert failed.message == "KeyError: 'order'"
    assert failed.detail is not None
    files = [line for line in failed.detail.splitlines() if line.lstrip().startswith("File")]
    assert [f"in {function}" in files[0], "in inner" in files[1], len(files)] == [True, True, 2]


def test_the_traceback_tells_the_cause(ask: Ask) -> None:
    failed = failure(ask("fail_twice"))
    assert failed.message == "ValueError: no order"
    assert "KeyError: 'order'" in str(failed.detail)


def test_a_function_that_exits_is_a_failure_and_not_the_end_of_the_worker(ask: Ask) -> None:
    failed = failure(ask("leave"))
    assert failed.kind == "raised"
    assert "SystemExit: 3" in failed.message
    assert isinstance(ask("add", a=1, b=2), Done)


@pytest.mark.parametrize("function", ["fail_long", "fail_deep", "fail_unprintably"])
def test_a_failure_is_kept_within_bounds(ask: Ask, function: str) -> None:
    failed = failure(ask(function))
    assert len(failed.message) <= 2_002
    assert len(str(failed.detail).encode()) <= 16_384
    assert Path(__file__).name not in str(failed.detail)
