"""Real worker processes: what ends them, what they say, and that they never mix up their answers."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from penstock.workers import places
from penstock.workers.protocol import Done

from .conftest import StartPool, failure, wait_until

SOURCE = """
    import ctypes, logging, multiprocessing, os, subprocess, sys, time
    from pathlib import Path

    @task
    def add(a: float, b: float) -> float:
        "Add two numbers."
        return a + b

    @task
    def pid(): return os.getpid()

    @task(timeout=0.2)
    def hang_briefly(): time.sleep(600)

    @task
    def leave(status: int): os._exit(status)

    @task
    def segfault(): ctypes.string_at(0)

    @task
    def be_killed(): os.kill(os.getpid(), 9)

    @task
    def start_program_and_leave(file: str):
        Path(file).write_text(str(subprocess.Popen(["sleep", "600"]).pid))
        os._exit(4)

    @task
    def fork_and_leave():
        if os.fork() == 0:
            time.sleep(600)
        os._exit(5)

    @task
    def fork_workers():
        with multiprocessing.get_context("fork").Pool(1) as pool:
            return pool.apply(abs, (-3,))

    @task
    def speak(words: str):
        print(words)
        print("an error", file=sys.stderr)
        logging.getLogger("shop").warning("low on %s", "tea")
        logging.getLogger("shop").log(25, "odd level")
        logging.getLogger("shop").warning("%d", "wrong arguments")
        sys.stdout.buffer.write(b"bytes\\n")
        print("no line end", end="")

    @task
    def close_output(): sys.stdout.close()

    @task
    def run_program(): subprocess.run(["echo", "from a program"], stdout=sys.stdout, check=True)

    @task
    def spoil(): os.write(int(sys.argv[1]), b"\\xff" * 8)

    @task
    def grab(megabytes: int): return len(bytearray(megabytes << 20))

    @task
    def environment(): return {"stdin": sys.stdin.read(), "cwd": os.getcwd() in sys.path}
"""


def test_a_call_runs_in_another_process(start_pool: StartPool) -> None:
    call = start_pool(SOURCE)
    assert call("add", a=1, b=2) == Done({"result": 3})
    assert call("pid").variables["result"] != os.getpid()  # type: ignore[union-attr]


def test_one_process_serves_many_calls(start_pool: StartPool) -> None:
    call = start_pool(SOURCE)
    assert call("pid") == call("pid")


def test_a_call_that_takes_too_long_is_killed_and_the_next_one_runs(start_pool: StartPool) -> None:
    call = start_pool(SOURCE)
    failed = failure(call("hang_briefly"))
    assert failed.kind == "timeout"
    assert "hang_briefly() did not end within 0.2 seconds" in failed.message
    assert isinstance(call("add", a=1, b=2), Done)


def test_a_process_that_dies_takes_its_programs_with_it(start_pool: StartPool, tmp_path: Path) -> None:
    file = tmp_path / "program.pid"
    assert "exit status 4" in failure(start_pool(SOURCE)("start_program_and_leave", file=str(file))).message
    program = int(file.read_text())
    wait_until(lambda: not _runs(program))


def test_a_time_limit_may_be_longer_than_the_system_can_wait(start_pool: StartPool) -> None:
    assert start_pool(SOURCE)("add", a=1, b=2, limit_ms=10**15) == Done({"result": 3})


@pytest.mark.parametrize(
    ("function", "variables", "how"),
    [
        ("leave", {"status": 3}, "exit status 3"),
        ("segfault", {}, "signal SIGSEGV"),
        ("be_killed", {}, "signal SIGKILL, as the system does when memory runs out"),
        ("fork_and_leave", {}, "exit status 5"),
        ("spoil", {}, "what it sent made no sense"),
    ],
)
def test_a_call_whose_process_dies_fails_and_the_next_one_runs(
    start_pool: StartPool, function: str, variables: dict[str, Any], how: str
) -> None:
    call = start_pool(SOURCE)
    failed = failure(call(function, **variables))
    assert failed.kind == "crashed"
    assert how in failed.message
    assert isinstance(call("add", a=1, b=2), Done)


def test_a_process_that_dies_between_calls_costs_no_call(start_pool: StartPool) -> None:
    call = start_pool(SOURCE)
    pid = call("pid").variables["result"]  # type: ignore[union-attr]
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert isinstance(call("pid"), Done)


def test_the_signals_of_a_service_manager_do_not_end_a_process(start_pool: StartPool) -> None:
    call = start_pool(SOURCE)
    pid = call("pid").variables["result"]  # type: ignore[union-attr]
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGINT)
    assert call("pid") == Done({"result": pid})


def test_a_process_is_in_no_terminals_group(start_pool: StartPool) -> None:
    pid = start_pool(SOURCE)("pid").variables["result"]  # type: ignore[union-attr]
    assert os.getsid(pid) == pid


def test_a_function_may_use_processes_of_its_own(start_pool: StartPool) -> None:
    assert start_pool(SOURCE)("fork_workers") == Done({"result": 3})


def test_the_folder_of_the_server_is_not_searched_for_modules(start_pool: StartPool) -> None:
    assert start_pool(SOURCE)("environment") == Done({"stdin": "", "cwd": False})


def test_memory_beyond_the_limit_is_refused_to_the_function(start_pool: StartPool) -> None:
    call = start_pool(SOURCE, memory_bytes=1 << 30)
    assert isinstance(call("grab", megabytes=1), Done)
    assert "MemoryError" in failure(call("grab", megabytes=2048)).message


def test_what_a_function_says_is_logged_with_its_job(start_pool: StartPool) -> None:
    call = start_pool(SOURCE)
    with capture_logs() as logs:
        assert isinstance(call("speak", words="ein Gruß"), Done)
    assert [(line["source"], line["log_level"], line["event"]) for line in logs[:3]] == [
        ("stdout", "info", "ein Gruß"),
        ("stderr", "warning", "an error"),
        ("shop", "warning", "low on tea"),
    ]
    assert {"bytes", "no line end", "odd level"} <= {line["event"] for line in logs}
    assert any("wrong arguments" in line["event"] for line in logs)
    bound = {(line["job"], line["instance"], line["element"], line["function"]) for line in logs}
    assert bound == {("job-1", "instance-1", "Task_1", "speak")}


def test_a_function_that_closes_its_output_keeps_its_result(start_pool: StartPool) -> None:
    assert start_pool(SOURCE)("close_output") == Done({})


def test_what_a_program_says_does_not_disturb(
    start_pool: StartPool, capfd: pytest.CaptureFixture[str]
) -> None:
    call = start_pool(SOURCE)
    assert isinstance(call("run_program"), Done)
    assert "from a program\n" in capfd.readouterr().err


def test_an_answer_that_was_not_read_is_never_taken_for_the_next(
    start_pool: StartPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hear_nothing(said: object) -> None:
        raise LookupError("the log is broken")

    call = start_pool(SOURCE)
    monkeypatch.setattr(places, "_hear_call", lambda _log: hear_nothing)
    with capture_logs():
        failed = failure(call("speak", words="lost"))
    assert failed.kind == "crashed"
    assert "the log is broken" in failed.message
    assert call("add", a=1, b=2) == Done({"result": 3})


def _runs(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has collected yet does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")
