"""The pool: its places, exchange of the code, and its stop."""

from __future__ import annotations

import os
import queue
import threading
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from penstock.workers import places, process
from penstock.workers.pool import FunctionPool
from penstock.workers.protocol import Call, Done, Failed, FunctionsError, Withdrawn

from .conftest import PATIENCE_S, Caller, StartPool, WriteFunctions, failure, job, wait_until

SOURCE = """
    import os, time
    from pathlib import Path

    @task
    def add(a: float, b: float) -> float:
        "Add two numbers."
        return a + b

    @task
    def pid(): return os.getpid()

    @task
    def hang(file: str = ""):
        if file:
            Path(file).write_text("")
        time.sleep(600)

    @task(timeout=0.2)
    def hang_briefly(): time.sleep(600)

    @task
    def wait(began: str, until: str):
        Path(began).write_text("")
        while not Path(until).exists():
            time.sleep(0.01)
        return "old"

    @task
    def leave(status: int): os._exit(status)

    @task
    def fail(): raise KeyError("order")
"""


def test_functions_are_known_without_being_imported(start_pool: StartPool) -> None:
    functions = start_pool(SOURCE).pool.functions
    assert functions["add"].doc == "Add two numbers."
    assert functions["hang_briefly"].timeout_ms == 200
    assert Path(functions["add"].file).name == "tasks.py"


def test_the_models_time_limit_goes_before_the_functions_and_that_before_the_pools(
    start_pool: StartPool,
) -> None:
    pool = start_pool(SOURCE, default_timeout_ms=7000).pool
    assert pool.limit_ms("hang_briefly", 50) == 50
    assert pool.limit_ms("hang_briefly", None) == 200
    assert pool.limit_ms("add", None) == 7000
    assert pool.limit_ms("unknown", None) == 7000


def test_a_call_that_waits_is_taken_back_and_never_runs(start_pool: StartPool, tmp_path: Path) -> None:
    call = start_pool(SOURCE, processes=1)
    running = call.submit("wait", began=str(tmp_path / "a"), until=str(tmp_path / "go"))
    waiting = call.submit("wait", began=str(tmp_path / "b"), until=str(tmp_path / "go"))
    wait_until((tmp_path / "a").exists)
    assert call.pool.withdraw(3600.0) == 0, "it has not waited for so long"
    assert call.pool.withdraw(0.0) == 1
    assert waiting.get(timeout=PATIENCE_S) == Withdrawn()
    (tmp_path / "go").touch()
    assert running.get(timeout=PATIENCE_S) == Done({"result": "old"})
    assert not (tmp_path / "b").exists()
    assert call.pool.idle == 1


def test_places_are_counted_until_calls_are_done(start_pool: StartPool, tmp_path: Path) -> None:
    call = start_pool(SOURCE, processes=2)
    assert call.pool.idle == 2
    first = call.submit("wait", began=str(tmp_path / "a"), until=str(tmp_path / "go"))
    assert call.pool.idle == 1
    others = [call.submit("add", a=1, b=n) for n in range(5)]
    assert [o.get(timeout=PATIENCE_S) for o in others] == [Done({"result": 1 + n}) for n in range(5)]
    (tmp_path / "go").touch()
    assert first.get(timeout=PATIENCE_S) == Done({"result": "old"})
    assert call.pool.idle == 2


def test_new_code_takes_new_calls_while_old_calls_finish(
    start_pool: StartPool, write_functions: WriteFunctions, tmp_path: Path
) -> None:
    call = start_pool(SOURCE)
    old = call.submit("wait", began=str(tmp_path / "began"), until=str(tmp_path / "go"))
    write_functions(tasks="@task\ndef add(a, b): return 'new'")
    call.pool.reload()
    assert call("add", a=1, b=2) == Done({"result": "new"})
    assert set(call.pool.functions) == {"add"}
    assert old.empty()
    (tmp_path / "go").touch()
    assert old.get(timeout=PATIENCE_S) == Done({"result": "old"})


def test_new_code_that_does_not_load_leaves_the_old_in_force(
    start_pool: StartPool, write_functions: WriteFunctions
) -> None:
    call = start_pool(SOURCE)
    write_functions(tasks="1 / 0")
    with pytest.raises(FunctionsError, match=r"tasks.py, line 2: ZeroDivisionError"):
        call.pool.reload()
    assert call("add", a=1, b=2) == Done({"result": 3})


def test_a_process_that_no_longer_starts_fails_its_call_and_is_tried_again(
    start_pool: StartPool, write_functions: WriteFunctions
) -> None:
    call = start_pool(SOURCE)
    write_functions(tasks="1 / 0")
    failure(call("leave", status=1))
    failed = failure(call("add", a=1, b=2))
    assert failed.kind == "crashed"
    assert "did not start" in failed.message
    assert "tasks.py, line 2: ZeroDivisionError" in failed.message
    write_functions(tasks="@task\ndef add(a, b): return a + b")
    outcomes = (call("add", a=1, b=2) for _ in range(10))
    assert Done({"result": 3}) in outcomes


def test_a_process_that_loads_slowly_fails_the_call_that_waits_and_serves_a_later_one(
    start_pool: StartPool, write_functions: WriteFunctions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, starts = tmp_path / "go", tmp_path / "starts"
    call = start_pool(SOURCE)
    write_functions(
        tasks=f"""
            import time
            from pathlib import Path
            with Path({str(starts)!r}).open("a") as file:
                file.write("start ")
            while not Path({str(go)!r}).exists():
                time.sleep(0.01)
            @task
            def add(a, b): return a + b
        """
    )
    failure(call("leave", status=1))
    wait_until(starts.exists)
    monkeypatch.setattr(places, "RESTART_LIMIT_S", 0.1)
    failed = failure(call("add", a=1, b=2))
    assert failed.kind == "crashed"
    assert "takes more than 0.1 seconds" in failed.message
    go.touch()
    monkeypatch.setattr(places, "RESTART_LIMIT_S", PATIENCE_S)
    assert call("add", a=1, b=2) == Done({"result": 3})
    assert starts.read_text() == "start "


def test_a_folder_that_never_loads_keeps_the_pool_from_starting(
    start_pool: StartPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "START_LIMIT_S", 0.2)
    with pytest.raises(FunctionsError, match="takes more than"):
        start_pool("import time\ntime.sleep(600)")


@pytest.mark.parametrize(
    ("source", "problem"),
    [("import os\nos._exit(7)", "ended the process by exit status 7"), ("def f(:", "line 2: SyntaxError")],
)
def test_a_folder_that_does_not_load_keeps_the_pool_from_starting(
    start_pool: StartPool, source: str, problem: str
) -> None:
    with pytest.raises(FunctionsError, match=problem):
        start_pool(source)


def test_a_stop_waits_for_running_calls(start_pool: StartPool, tmp_path: Path) -> None:
    call = start_pool(SOURCE)
    began, go = tmp_path / "began", tmp_path / "go"
    running = call.submit("wait", began=str(began), until=str(go))
    _wait_for(began)
    go.touch()
    call.pool.stop(grace_s=PATIENCE_S)
    assert running.get_nowait() == Done({"result": "old"})


def test_a_stop_ends_calls_unheard_when_their_grace_is_over(start_pool: StartPool, tmp_path: Path) -> None:
    call = start_pool(SOURCE)
    began = tmp_path / "began"
    running = call.submit("hang", file=str(began))
    waiting = call.submit("add", a=1, b=2)
    _wait_for(began)
    call.pool.stop(grace_s=0.05)
    assert running.empty()
    assert waiting.empty()
    assert not [t for t in threading.enumerate() if t.name.startswith("penstock-place")]


def test_a_stop_begins_no_call_that_still_waits(start_pool: StartPool, tmp_path: Path) -> None:
    call = start_pool(SOURCE)
    began, go, never = tmp_path / "began", tmp_path / "go", tmp_path / "never"
    running = call.submit("wait", began=str(began), until=str(go))
    waiting = call.submit("wait", began=str(never), until=str(go))
    _wait_for(began)
    stopping = threading.Thread(target=call.pool.stop, args=(PATIENCE_S,))
    stopping.start()
    wait_until(lambda: _has_stopped(call.pool))
    go.touch()
    stopping.join()
    assert running.get_nowait() == Done({"result": "old"})
    assert waiting.empty()
    assert not never.exists()


def test_a_stopped_pool_takes_no_calls(start_pool: StartPool) -> None:
    call = start_pool(SOURCE)
    call.pool.stop(grace_s=1)
    call.pool.stop(grace_s=1)
    assert call.pool.idle == 0
    with pytest.raises(RuntimeError, match="does not run"):
        call.submit("add", a=1, b=2)


def test_a_pool_starts_once(start_pool: StartPool) -> None:
    call = start_pool(SOURCE)
    with pytest.raises(RuntimeError, match="already"):
        call.pool.start()


def test_an_outcome_that_is_not_taken_does_not_stop_the_place(start_pool: StartPool) -> None:
    call = start_pool(SOURCE)

    def refuse(_: object) -> None:
        raise LookupError("the store is closed")

    with capture_logs() as logs:
        call.pool.submit(Call("add", {"a": 1, "b": 2}, job()), refuse)
        assert call("add", a=1, b=3) == Done({"result": 4})
    assert [line["event"] for line in logs] == ["outcome not taken"]
    assert "the store is closed" in logs[0]["traceback"]


def test_a_call_that_cannot_be_packed_fails_and_the_next_one_runs(start_pool: StartPool) -> None:
    call = start_pool(SOURCE)
    with capture_logs():
        assert failure(call("add", a=object(), b=2)).kind == "crashed"
    assert isinstance(call("add", a=1, b=2), Done)


def test_a_server_without_functions_knows_none() -> None:
    pool = FunctionPool(None)
    pool.start()
    try:
        assert dict(pool.functions) == {}
        assert failure(Caller(pool)("add")).kind == "unknown_function"
    finally:
        pool.stop(grace_s=1)


def test_a_pool_has_at_least_one_process() -> None:
    with pytest.raises(ValueError, match="at least one"):
        FunctionPool(None, processes=0)


def test_threads_of_this_process_do_for_tests(start_pool: StartPool) -> None:
    call = start_pool(SOURCE, threads=True)
    assert call("pid") == Done({"result": os.getpid()})
    assert call("add", a=1, b=2) == Done({"result": 3})
    assert failure(call("add", a=1)).kind == "arguments"
    assert failure(call("fail")).kind == "raised"


def test_every_call_of_many_threads_is_answered_once(start_pool: StartPool) -> None:
    call = start_pool(SOURCE, processes=2)
    outcomes: queue.Queue[object] = queue.Queue()

    def submit(start: int) -> None:
        for n in range(start, start + 50):
            function = "leave" if n % 50 == 49 else "add"
            call.pool.submit(Call(function, {"a": n, "b": 0, "status": 1}, job()), outcomes.put)

    threads = [threading.Thread(target=submit, args=(start,)) for start in (0, 50, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got = [outcomes.get(timeout=PATIENCE_S) for _ in range(150)]
    call.pool.stop(grace_s=PATIENCE_S)
    assert outcomes.empty()
    assert sorted(o.variables["result"] for o in got if isinstance(o, Done)) == [
        n for n in range(150) if n % 50 != 49
    ]  # type: ignore[type-var]
    assert [o.kind for o in got if isinstance(o, Failed)] == ["crashed"] * 3


def _wait_for(path: Path) -> None:
    wait_until(path.exists)


def _has_stopped(pool: FunctionPool) -> bool:
    try:
        return not pool.functions
    except RuntimeError:
        return True
