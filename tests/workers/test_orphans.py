"""No worker process, and nothing that one started, outlives a server that is killed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import PATIENCE_S, WriteFunctions

SERVER = """
import sys
from pathlib import Path
from penstock.workers.api import Job
from penstock.workers.pool import FunctionPool
from penstock.workers.protocol import Call

pool = FunctionPool(Path(sys.argv[1]), processes=2)
pool.start()
job = Job(key="j", idempotency_key="i", instance_id="p", element_id="t")
pool.submit(Call(sys.argv[2], {}, job, 500 if sys.argv[2] == "hold_the_interpreter" else None), print)
sys.stdin.read()
"""

FUNCTIONS = """
    import os, re, subprocess, time

    @task
    def idle():
        os.write(2, b"begun\\n")

    @task
    def sleep():
        os.write(2, b"begun\\n")
        time.sleep(600)

    @task
    def start_a_program():
        program = subprocess.Popen(["sleep", "600"])
        os.write(2, b"begun\\n")
        program.wait()

    @task
    def hold_the_interpreter():
        os.write(2, b"begun\\n")
        re.match(r"(a+)+$", "a" * 60 + "b")
"""


@pytest.mark.parametrize("function", ["idle", "sleep", "start_a_program", "hold_the_interpreter"])
def test_nothing_outlives_a_server_that_is_killed(write_functions: WriteFunctions, function: str) -> None:
    folder = write_functions(tasks=FUNCTIONS)
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(folder), function],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert server.stderr is not None
    with server:
        while b"begun" not in server.stderr.readline():
            assert server.poll() is None
        server.kill()
        # Every process of the server holds its standard error, so this ends when the last of them does.
        server.communicate(timeout=PATIENCE_S)
