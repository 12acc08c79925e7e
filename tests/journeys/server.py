"""A real `penstock serve` as a process of its own, to start, stop and kill, and a project to serve."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent
from types import MappingProxyType
from typing import Any, Final

from tests.bpmn.models import extended, flow, process_of

PENSTOCK: Final = Path(sys.executable).with_name("penstock")
PATIENCE_S: Final = 60.0
"""How long anything may take on a machine that is busy with other things."""

FUNCTIONS: Final = """
    import time
    from pathlib import Path

    from penstock import current_job, task

    HERE = Path(__file__).parents[1]


    def note(what: str) -> None:
        with open(HERE / "effects", "a") as effects:
            effects.write(f"{what} {current_job().idempotency_key}\\n")


    @task
    def charge(n: int) -> dict:
        note("charge")
        return {"charged": n}


    @task
    def ship(n: int) -> dict:
        note("ship")
        return {"shipped": n}


    @task
    def slow(n: int) -> dict:
        note("begun")
        deadline = time.monotonic() + 30
        while not (HERE / "go").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        note("slow")
        return {"slowed": n}
"""


def service(id: str) -> str:
    """Give a service task that calls the function of its own name."""
    return extended("serviceTask", f'<zeebe:taskDefinition type="{id}"/>').replace('id="x"', f'id="{id}"')


TIMER: Final = (
    '<intermediateCatchEvent id="rest"><timerEventDefinition><timeDuration>PT0.3S</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>"
)

ORDER: Final = "".join(
    (
        f'<startEvent id="s"/>{flow("s", "fork")}<parallelGateway id="fork"/>',
        flow("fork", "charge") + service("charge") + flow("charge", "ship") + service("ship"),
        flow("ship", "join"),
        flow("fork", "approve") + '<userTask id="approve"/>' + flow("approve", "join"),
        flow("fork", "rest") + TIMER + flow("rest", "join"),
        f'<parallelGateway id="join"/>{flow("join", "e")}<endEvent id="e"/>',
    )
)
"""Two functions, a person and a timer, side by side."""

SLOW: Final = "".join(
    (
        f'<startEvent id="s"/>{flow("s", "slow")}',
        service("slow") + flow("slow", "ship") + service("ship") + flow("ship", "e") + '<endEvent id="e"/>',
    )
)
"""A function that waits for the file `go`, then one that does not."""


def write_project(folder: Path) -> Path:
    """Write a project with the processes `order` and `patience`."""
    project = folder / "project"
    (project / "workflows").mkdir(parents=True)
    (project / "functions").mkdir()
    (project / "functions" / "work.py").write_text(dedent(FUNCTIONS))
    for name, body in (("order", ORDER), ("patience", SLOW)):
        content = process_of(body).replace(b'<process id="p"', f'<process id="{name}"'.encode())
        (project / "workflows" / f"{name}.bpmn").write_bytes(content)
    return project


def database_of(project: Path) -> str:
    """Give the URL of the SQLite database beside a project."""
    return f"sqlite:///{project.parent / 'penstock.db'}"


def effects(project: Path, what: str) -> list[str]:
    """Give the idempotency keys of the calls of a function that took effect."""
    file = project / "effects"
    lines = file.read_text().splitlines() if file.exists() else []
    return [line.removeprefix(f"{what} ") for line in lines if line.startswith(f"{what} ")]


class Server:
    """A started server."""

    def __init__(
        self,
        project: Path,
        *flags: str,
        database: str | None = None,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Start it on a free port, by default on `penstock.db` beside the project; wait until it serves."""
        self.database = database or database_of(project)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")}
        self.process = subprocess.Popen(
            [PENSTOCK, "serve", project, "--port", "0", "--database", self.database, *flags],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment | dict(variables),
        )
        self.log: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        with self.process.stdout:
            line = self.process.stdout.readline()
        if " at http" not in line:
            self.ended()
            raise AssertionError(f"the server did not start: {''.join(self.log)}")
        self.address = line.rpartition(" at ")[2].strip().rstrip("/")

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as errors:
            self.log += errors

    def kill(self) -> None:
        """Kill it as a power cut would, and wait until nothing of it is left."""
        self.process.kill()
        self.ended()

    def stop(self) -> int:
        """Ask it to end, and give its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end and that of all its worker processes, and give its exit status.

        Every process of the server holds its standard error, so that ends when the last of them does.
        """
        status = self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        assert not self._reader.is_alive(), "a worker process has outlived its server"
        return status


def refused(project: Path, *flags: str, prepare: Callable[[], None] | None = None) -> tuple[int, str]:
    """Run a server that cannot start, and give its exit status and what it says.

    Arguments:
        prepare: done in the new process before the server begins.
    """
    ran = subprocess.run(
        [PENSTOCK, "serve", project, *flags],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        preexec_fn=prepare,
    )
    assert ran.stdout == ""
    return ran.returncode, ran.stderr


def eventually(what: Callable[[], Any]) -> Any:
    """Wait until something is so, and give it."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := what()):
        assert time.monotonic() < deadline, "it does not come to be so"
        time.sleep(0.02)
    return found
