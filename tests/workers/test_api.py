"""The decorator and what a task function may ask for."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache

import pytest

from penstock.workers.api import OPTIONS, BpmnError, TaskOptions, current_job, running, task

from .conftest import job


def options(function: object) -> TaskOptions:
    return getattr(function, OPTIONS)


def test_a_task_function_is_still_the_function() -> None:
    def add(a: float, b: float) -> float:
        return a + b

    assert task(add) is add
    assert add(1, 2) == 3


def test_a_task_is_named_after_its_function() -> None:
    @task
    def add() -> None: ...

    assert options(add) == TaskOptions("add", None)


def test_a_task_may_have_another_name_and_a_time_limit() -> None:
    @task(name="sum up", timeout="PT1M30S")
    def add() -> None: ...

    assert options(add) == TaskOptions("sum up", 90_000)


@pytest.mark.parametrize(
    ("timeout", "milliseconds"), [(30, 30_000), (0.25, 250), ("PT0.5S", 500), (timedelta(minutes=1), 60_000)]
)
def test_a_time_limit_is_seconds_or_a_duration(timeout: float | str | timedelta, milliseconds: int) -> None:
    @task(timeout=timeout)
    def add() -> None: ...

    assert options(add).timeout_ms == milliseconds


@pytest.mark.parametrize("timeout", [0, -1, "soon", "PT0S", True, float("inf"), float("nan")])
def test_what_is_no_duration_is_no_time_limit(timeout: float | str) -> None:
    with pytest.raises(ValueError, match=r"is not a duration.*PT30S"):
        task(timeout=timeout)(lambda: None)


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(ValueError, match="not empty"):
        task(name=" ")(lambda: None)


@pytest.mark.parametrize("thing", ["add", 5, int, len])
def test_only_functions_are_tasks(thing: object) -> None:
    with pytest.raises(TypeError, match=r"marks a function.*@task\(name="):
        task(thing)  # type: ignore[call-overload]


def test_a_function_that_yields_is_no_task() -> None:
    with pytest.raises(TypeError, match=r"numbers\(\) yields"):

        @task
        def numbers():  # type: ignore[no-untyped-def]
            yield 1


def test_a_decorated_function_is_a_task() -> None:
    @task
    @lru_cache
    def add() -> int:
        return 1

    assert options(add).name == "add"


def test_a_function_that_wraps_a_generator_is_a_task() -> None:
    @task
    @contextmanager
    def opened():  # type: ignore[no-untyped-def]
        yield 1

    assert options(opened).name == "opened"


def test_the_current_job_is_that_of_the_running_call() -> None:
    with running(job(key="outer")):
        with running(job(key="inner")):
            assert current_job().key == "inner"
        assert current_job().key == "outer"


def test_there_is_no_current_job_outside_of_one() -> None:
    with pytest.raises(RuntimeError, match="outside of a job"):
        current_job()


def test_a_bpmn_error_carries_code_message_and_variables() -> None:
    error = BpmnError("NO_STOCK", "sold out", variables={"item": "book"})
    assert (error.code, error.message, error.variables) == ("NO_STOCK", "sold out", {"item": "book"})
    assert str(error) == "NO_STOCK: sold out"


@pytest.mark.parametrize("code", ["", None, 404])
def test_a_bpmn_error_needs_a_code(code: object) -> None:
    with pytest.raises(ValueError, match="needs a code"):
        BpmnError(code)  # type: ignore[arg-type]


def test_the_authors_imports_load_neither_the_server_nor_feel() -> None:
    asked = "import sys, penstock.workers.api; print([m for m in sys.modules if m.startswith('penstock')])"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert set(eval(loaded.stdout)) == {"penstock", "penstock.workers", "penstock.workers.api"}
