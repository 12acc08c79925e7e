"""Kills the primary of a PostgreSQL cluster under load, with its Patroni, and says what was to be seen.

    sudo python3 deploy/patroni/trial.py --penstock .venv/bin/penstock --kills 3

It starts etcd, three members of Patroni and two nodes of Penstock on loopback addresses, in a folder of its
own that is removed in the end, and touches nothing else. Needed are the packages `patroni`, `etcd-server` and
`postgresql`; PostgreSQL does not run as root, so as root the members run as `postgres`.

What every client was told is checked in the end: an instance whose start was acknowledged is there, once.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="trial">
  <process id="trial" isExecutable="true">
    <startEvent id="start"/><sequenceFlow id="a" sourceRef="start" targetRef="ask"/>
    <userTask id="ask"/><sequenceFlow id="b" sourceRef="ask" targetRef="end"/><endEvent id="end"/>
  </process>
</definitions>
"""
PATIENCE_S = 120.0


def say(text: str) -> None:
    """Tell the person who watches."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def wait_for(what: str, condition: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """Give what comes of a condition once it is something.

    Raises:
        TimeoutError: it never is.
    """
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):
            if found := condition():
                return found
        time.sleep(0.1)
    raise TimeoutError(f"waited {patience_s:g} seconds for {what}")


def fetch(url: str, body: object = None, headers: dict[str, str] | None = None, timeout_s: float = 10) -> Any:
    """Ask for JSON.

    Raises:
        OSError: nobody answers, or what is answered is no success.
    """
    content = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, content, sent)
    with urllib.request.urlopen(request, timeout=timeout_s) as reply:
        return json.load(reply)


class Trial:
    """Everything that was started, and its folder."""

    def __init__(self, folder: Path, penstock: str, first_port: int, bin: str) -> None:
        self.folder = folder
        self.penstock = penstock
        self.port = first_port
        self.bin = bin
        self.password = secrets.token_hex(12)
        self.names = ("one", "two", "three")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    # -- starting --------------------------------------------------------------------------------

    def start(self, name: str, *command: str | Path, as_postgres: bool = False) -> None:
        """Start a process of its own group, with a log beside the others."""
        lead = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*(lead if as_postgres and os.getuid() == 0 else []), *map(str, command)],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )

    def rest(self, name: str) -> str:
        """Give the address at which a member tells of itself."""
        return f"http://127.0.0.1:{self.port + 10 + self.names.index(name)}"

    def node(self, number: int) -> str:
        """Give the address of a node."""
        return f"http://127.0.0.1:{self.port + 30 + number}"

    @property
    def database(self) -> str:
        """The URL that each node is given: all members, of which the one that writes is meant."""
        hosts = ",".join(f"127.0.0.1:{self.port + 20 + place}" for place in range(3))
        return f"postgresql://postgres:{self.password}@{hosts}/postgres?target_session_attrs=read-write"

    def start_etcd(self) -> None:
        """Start the one etcd of the trial; in earnest there are three."""
        client, peer = (f"http://127.0.0.1:{self.port + place}" for place in (0, 1))
        flags = {
            "name": "trial",
            "data-dir": self.folder / "etcd",
            "listen-client-urls": client,
            "advertise-client-urls": client,
            "listen-peer-urls": peer,
            "initial-advertise-peer-urls": peer,
            "initial-cluster": f"trial={peer}",
        }
        self.start("etcd", "etcd", *(f"--{name}={value}" for name, value in flags.items()))
        wait_for("etcd", lambda: fetch(f"{client}/health")["health"] == "true")

    def start_member(self, name: str) -> None:
        """Start a Patroni, which starts its PostgreSQL."""
        place = self.names.index(name)
        data = self.folder / "members" / name
        values = {
            "NAME": name,
            "ADDRESS": "127.0.0.1",
            "REST_PORT": str(self.port + 10 + place),
            "PORT": str(self.port + 20 + place),
            "ETCD_HOSTS": f"127.0.0.1:{self.port}",
            "DATA": str(data),
            "BIN": self.bin,
            "PASSWORD": self.password,
            "NETWORK": "127.0.0.1/32",
        }
        template = (HERE / "patroni.yaml").read_text()
        config = self.folder / "members" / f"{name}.yaml"
        config.write_text(re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], template))
        self.start(name, "patroni", config, as_postgres=True)

    def start_cluster(self) -> None:
        """Start etcd and the members, and wait until two of them are standbys, one synchronous."""
        members = self.folder / "members"
        members.mkdir()
        if os.getuid() == 0:
            shutil.chown(members, "postgres", "postgres")
        self.start_etcd()
        for name in self.names:
            self.start_member(name)
        self.wait_whole()

    def wait_whole(self) -> None:
        """Wait until every member is there, and one is a synchronous standby."""
        wait_for(
            "three members", lambda: sorted(self.roles().values()) == ["leader", "replica", "sync_standby"]
        )

    def roles(self) -> dict[str, str]:
        """Give the role of each member that runs."""
        for name in self.names:
            with contextlib.suppress(OSError):
                members = fetch(f"{self.rest(name)}/cluster", timeout_s=3)["members"]
                return {it["name"]: it["role"] for it in members if it["state"] in ("running", "streaming")}
        return {}

    def start_nodes(self) -> None:
        """Make the schema, and start two nodes."""
        project = self.folder / "project"
        (project / "workflows").mkdir(parents=True)
        (project / "workflows" / "trial.bpmn").write_text(PROCESS)
        upgrade = [self.penstock, "db", "upgrade", project, "--database", self.database]
        wait_for(
            "the schema", lambda: subprocess.run(upgrade, check=False, capture_output=True).returncode == 0
        )
        for number in range(2):
            port = str(self.port + 30 + number)
            flags = ["--port", port, "--database", self.database, "--no-access-log"]
            self.start(f"node{number}", self.penstock, "serve", project, *flags)
        for number in range(2):
            wait_for("a node", lambda number=number: fetch(f"{self.node(number)}/health/ready"))

    # -- breaking --------------------------------------------------------------------------------

    def kill_primary(self) -> tuple[str, float]:
        """Kill the PostgreSQL that writes and its Patroni, at once; gives its name and the moment."""
        (name,) = (name for name, role in self.roles().items() if role == "leader")
        postmaster = int((self.folder / "members" / name / "postmaster.pid").read_text().split()[0])
        moment = time.monotonic()
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(postmaster, signal.SIGKILL)
        self.processes[name].wait()
        return name, moment

    def stop(self) -> None:
        """End everything, Patroni before its PostgreSQL."""
        for process in reversed(self.processes.values()):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
        for file in (self.folder / "members").glob("*/postmaster.pid"):
            with contextlib.suppress(OSError, ValueError):
                os.kill(int(file.read_text().split()[0]), signal.SIGKILL)


class Load:
    """Clients that start instances, and what they were told."""

    def __init__(self, trial: Trial, clients: int) -> None:
        self._trial = trial
        self._stopped = threading.Event()
        self._numbers = iter(range(1 << 60))
        self._lock = threading.Lock()
        self.told: dict[str, str | None] = {}
        """By idempotency key: the instance that was acknowledged, None as long as none was."""
        self.acknowledged: list[float] = []
        """The moments of all acknowledgements."""
        self.refused: dict[str, int] = {}
        self._threads = [threading.Thread(target=self._work, args=(it,)) for it in range(clients)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _work(self, client: int) -> None:
        while not self._stopped.is_set():
            with self._lock:
                key = f"trial-{next(self._numbers)}"
                self.told[key] = None
            if not self.begin(key, self._trial.node(client % 2)):
                self._stopped.wait(0.2)

    def begin(self, key: str, node: str) -> bool:
        """Start the instance of a key, and give whether it was acknowledged."""
        body = {"processId": "trial", "businessKey": key}
        try:
            found = fetch(f"{node}/api/v1/process-instances", body, {"Idempotency-Key": key}, timeout_s=60)
        except (OSError, ValueError) as error:
            why = (
                f"status {error.code}" if isinstance(error, urllib.error.HTTPError) else type(error).__name__
            )
            with self._lock:
                self.refused[why] = self.refused.get(why, 0) + 1
            return False
        with self._lock:
            self.told[key] = found["id"]
            self.acknowledged.append(time.monotonic())
        return True

    def first_after(self, moment: float) -> float | None:
        """Give the first acknowledgement of a request that was sent well after a moment."""
        later = [it for it in self.acknowledged if it > moment + 0.5]
        return min(later, default=None)

    def longest_gap(self, since: float) -> float:
        """Give the longest time since a moment in which nothing was acknowledged."""
        moments = [since, *sorted(it for it in self.acknowledged if it > since)]
        return max((b - a for a, b in itertools.pairwise(moments)), default=0.0)


def instances(trial: Trial) -> Iterator[dict[str, Any]]:
    """Give all instances that there are."""
    cursor = ""
    while True:
        page = fetch(f"{trial.node(0)}/api/v1/process-instances?limit=1000{cursor}")
        yield from page["items"]
        if not page["cursor"]:
            return
        cursor = f"&cursor={page['cursor']}"


def check(trial: Trial, load: Load) -> list[str]:
    """Compare what is there with what was told, after sending again what was not acknowledged."""
    for key, id in list(load.told.items()):
        if id is None:
            wait_for(f"the start of {key}", lambda key=key: load.begin(key, trial.node(0)))
    there: dict[str, list[str]] = {}
    for it in instances(trial):
        there.setdefault(it["businessKey"], []).append(it["id"])
    wrong = [
        f"{key}: told {id}, there is {there.get(key)}"
        for key, id in load.told.items()
        if there.get(key) != [id]
    ]
    return wrong + [f"{key} was never asked for" for key in there if key not in load.told]


def run(trial: Trial, kills: int, clients: int) -> int:
    """Break the cluster so many times under load, and give the exit status."""
    trial.start_cluster()
    say(f"three members: {trial.roles()}")
    trial.start_nodes()
    say("two nodes are ready")
    rows = []
    with Load(trial, clients) as load:
        for number in range(1, kills + 1):
            time.sleep(8)
            before = len(load.acknowledged)
            name, moment = trial.kill_primary()
            wait_for("an acknowledgement", lambda moment=moment: load.first_after(moment))
            first = load.first_after(moment)
            assert first is not None
            time.sleep(2)
            gap = load.longest_gap(moment - 1)
            say(f"kill {number}: {name} after {before} acknowledged starts; {gap:.1f} s without one")
            rows.append(gap)
            trial.start_member(name)
            trial.wait_whole()
            say(f"{name} is back: {trial.roles()}")
    wrong = check(trial, load)
    say(f"refused: {load.refused}")
    say(f"{len(load.told)} starts, {kills} kills; gaps: {', '.join(f'{gap:.1f} s' for gap in rows)}")
    for line in wrong[:20]:
        say(f"WRONG: {line}")
    say("nothing acknowledged is lost, nothing was done twice" if not wrong else f"{len(wrong)} are wrong")
    return 1 if wrong else 0


def main() -> int:
    """Run the trial, and give the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--penstock", default="penstock", help="the command line of Penstock")
    parser.add_argument("--kills", type=int, default=3, help="how often the primary is killed")
    parser.add_argument("--clients", type=int, default=8, help="how many clients start instances")
    parser.add_argument("--port", type=int, default=23790, help="the first of forty ports on 127.0.0.1")
    parser.add_argument("--bin", default="/usr/lib/postgresql/15/bin", help="the programs of PostgreSQL")
    parser.add_argument("--keep", action="store_true", help="leave the folder with its logs")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="penstock-trial-"))
    folder.chmod(0o755)
    penstock = shutil.which(chosen.penstock) or chosen.penstock
    trial = Trial(folder, str(Path(penstock).absolute()), chosen.port, chosen.bin)
    try:
        return run(trial, chosen.kills, chosen.clients)
    finally:
        trial.stop()
        if chosen.keep:
            say(f"the logs are in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
