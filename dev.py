#!/usr/bin/env python3
"""Everything a developer does here, from a fresh clone: `python3 dev.py demo`, `python3 dev.py test`.

Only the standard library is used, since this runs before anything is installed. What is needed goes into
`.venv`, from the pinned and hashed files in `requirements/`; a stamp skips that when nothing has changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRATCH = ROOT / ".dev"
REQUIREMENTS = ROOT / "requirements"
TOOLKIT = ROOT / "tests" / "journeys" / "toolkit"
EXAMPLE = ROOT / "examples" / "add-two-numbers"
MINIMUM = (3, 11)
PATIENCE_S = 60.0
LOCKS = {
    "base.txt": ["pyproject.toml", "requirements/build.in"],
    "dev.txt": ["pyproject.toml", "requirements/build.in", "--group", "dev", "-c", "requirements/base.txt"],
    "server.txt": [
        "pyproject.toml",
        "requirements/build.in",
        *(f"--extra={name}" for name in ("archive", "otel", "postgres")),
        "-c",
        "requirements/dev.txt",
    ],
    "node.txt": ["requirements/node.in"],
}


class Failed(Exception):
    """A step did not work; the message is the one line that the user reads."""


def main(arguments: Sequence[str]) -> int:
    """Run one command and give the exit status."""
    if sys.version_info < MINIMUM:
        needed = ".".join(map(str, MINIMUM))
        sys.stderr.write(
            f"dev.py: Penstock needs Python {needed} or newer; this is {platform.python_version()}.\n"
        )
        return 2
    chosen, rest = _parser().parse_known_args(arguments)
    if rest and chosen.command not in ("test", "bench"):
        _parser().error(f"unknown arguments for {chosen.command}: {' '.join(rest)}")
    os.chdir(ROOT)
    try:
        return COMMANDS[chosen.command](chosen, rest)
    except Failed as failure:
        sys.stderr.write(f"dev.py: {failure}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dev.py", description="Run, test and measure Penstock from its source."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="serve the example project and start its workflow")
    demo.add_argument("--once", action="store_true", help="end after the workflow has run")
    demo.add_argument("--port", type=int, help="the port; 8080, or a free one where that is taken")
    commands.add_parser("test", add_help=False, help="all checks and tests; with arguments, pytest; --faults")
    commands.add_parser("check", help="format, lint, types and layers, without the tests")
    commands.add_parser("bench", add_help=False, help="measure speed and memory, beside others")
    commands.add_parser("lock", help="write requirements/*.txt anew from pyproject.toml; needs uv")
    return parser


# -- the commands ----------------------------------------------------------------------------------


def demo(chosen: argparse.Namespace, _rest: Sequence[str]) -> int:
    """Serve the example, start its workflow as an app would, and show what came of it."""
    install("base.txt")
    if _build_web(_path_with_node()):
        say("The web application is missing: a plain home page is served in its place.")
    folder = SCRATCH / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    say(f"Serving {EXAMPLE.relative_to(ROOT)} on a scratch database in {folder.relative_to(ROOT)} ...")
    with _serving(folder, chosen.port) as (server, address):
        _add_two_numbers(address)
        say(f"\nThe web application: {address}/\nThe API:             {address}/docs")
        if chosen.once:
            return 0
        say("Press Ctrl-C to stop.")
        try:
            status = server.wait()
        except KeyboardInterrupt:
            return 0
        raise Failed(f"the server ended by itself with status {status}; see {folder / 'server.log'}")


def test(_chosen: argparse.Namespace, rest: Sequence[str]) -> int:
    """Run every check and every test; with arguments, only pytest with them."""
    install("dev.txt")
    environment = {**os.environ, **_node(), **_chromium()}
    if status := _build_web(environment["PATH"]):
        return status
    if "--faults" in rest:
        # What breaks does so for ten minutes, or for as many seconds as PENSTOCK_FAULTS says.
        rest = ["-n", "0", "-s", "tests/faults", *(one for one in rest if one != "--faults")]
        environment.setdefault("PENSTOCK_FAULTS", "600")
    if rest:
        return run([python(), "-m", "pytest", *rest], environment)
    return max(check(_chosen, rest), run([python(), "-m", "pytest", "-n", "2"], environment))


def check(_chosen: argparse.Namespace, _rest: Sequence[str]) -> int:
    """Run the checks that need no test: every one, whatever the ones before it found."""
    install("dev.txt")
    tools: list[list[str]] = [
        ["ruff", "check"],
        ["ruff", "format", "--check"],
        ["mypy"],
        ["lint-imports", "--no-logo"],
    ]
    statuses = [run([str(_script(tool[0])), *tool[1:]]) for tool in tools]
    return max(statuses)


def bench(_chosen: argparse.Namespace, rest: Sequence[str]) -> int:
    """Run the benchmarks."""
    install("base.txt")
    return run([python(), "-m", "benchmarks.run", *rest])


def lock(_chosen: argparse.Namespace, _rest: Sequence[str]) -> int:
    """Write the pinned requirements anew."""
    uv = shutil.which("uv")
    if uv is None:
        raise Failed("`lock` needs uv on the PATH: pip install uv")
    options = ["--quiet", "--upgrade", "--universal", "--generate-hashes", "--no-annotate"]
    options += ["--python-version", ".".join(map(str, MINIMUM))]
    options += ["--custom-compile-command", "python3 dev.py lock"]
    for name, sources in LOCKS.items():
        say(f"Resolving {name} ...")
        must([uv, "pip", "compile", *options, *sources, "--output-file", str(REQUIREMENTS / name)])
    return 0


COMMANDS = {"demo": demo, "test": test, "check": check, "bench": bench, "lock": lock}


# -- the environment -------------------------------------------------------------------------------


def install(requirements: str) -> None:
    """Bring `.venv` to what a requirements file pins, unless its stamp says that it is there already.

    Raises:
        Failed: it cannot be made, or a package cannot be had.
    """
    stamps = {name: _digest(REQUIREMENTS / name, ROOT / "pyproject.toml") for name in ("base.txt", "dev.txt")}
    stamp = VENV / "penstock.stamp"
    have = stamp.read_text() if stamp.exists() and _script("penstock").exists() else ""
    if have in (stamps[requirements], stamps["dev.txt"]):
        return
    uv = shutil.which("uv")
    if not Path(python()).exists():
        say("Making .venv ...")
        must([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)] if uv else _venv_command())
    say(f"Installing what requirements/{requirements} pins ...")
    installer = _installer(uv)
    must([*installer, "--require-hashes", "-r", str(REQUIREMENTS / requirements)])
    must([*installer, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    stamp.write_text(stamps[requirements])


def _venv_command() -> list[str]:
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        raise Failed(
            "this Python cannot make a venv with pip. On Debian: apt-get install python3-venv"
        ) from None
    return [sys.executable, "-m", "venv", str(VENV)]


def _installer(uv: str | None) -> list[str]:
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", python()]
    if subprocess.run([python(), "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        must([python(), "-m", "ensurepip"])
    return [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _script(name: str) -> Path:
    return VENV / ("Scripts" if os.name == "nt" else "bin") / (name + (".exe" if os.name == "nt" else ""))


def python() -> str:
    """Give the Python of `.venv`."""
    return str(_script("python"))


# -- what the journeys need beside Python ----------------------------------------------------------


def _path_with_node() -> str:
    """Have Node.js, the system's or else the one of a package, and give the PATH where it is found."""
    path = os.pathsep.join([str(_script("python").parent), os.environ.get("PATH", "")])
    if not (shutil.which("node", path=path) and shutil.which("npm", path=path)):
        say("No Node.js here: installing it into .venv ...")
        must([*_installer(shutil.which("uv")), "--require-hashes", "-r", str(REQUIREMENTS / "node.txt")])
    return path


def _build_web(path: str) -> int:
    """Build the web application where its sources have changed, and give the exit status."""
    command = [python(), str(ROOT / "web" / "build.py")]
    return subprocess.run(command, env={**os.environ, "PATH": path}, check=False).returncode


def _node() -> dict[str, str]:
    """Have Node.js and the JavaScript client that the journeys run; give the PATH where they are found."""
    path = _path_with_node()
    locked = TOOLKIT / "package-lock.json"
    stamp = TOOLKIT / "node_modules" / "penstock.stamp"
    if not (stamp.exists() and stamp.read_text() == _digest(locked)):
        say("Installing the JavaScript client for the journeys ...")
        npm = shutil.which("npm", path=path)
        if npm is None:
            raise Failed("npm is not to be found. Install Node.js 20 or newer.")
        must(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=TOOLKIT,
            variables={"PATH": path},
        )
        stamp.write_text(_digest(locked))
    return {"PATH": path}


def _chromium() -> dict[str, str]:
    """Have a Chromium for the journeys in a browser, and give the variable that names it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say("No Chromium here: installing it with apt-get ...")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        must(["apt-get", "update", "-qq"], variables=quiet)
        must(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], variables=quiet)
        found = shutil.which("chromium")
    if found is None:
        say("No Chromium here: installing the one of Playwright ...")
        must([python(), "-m", "playwright", "install", "chromium"])
        return {}
    return {"PENSTOCK_TEST_CHROMIUM": found}


# -- the demo --------------------------------------------------------------------------------------


@contextmanager
def _serving(folder: Path, port: int | None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve the example until the block ends, and give the server's process and address."""
    command = [str(_script("penstock")), "serve", str(EXAMPLE)]
    command += ["--port", str(_free(8080) if port is None else port)]
    command += ["--database", f"sqlite:///{folder / 'penstock.db'}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")}
    log = folder / "server.log"
    with log.open("w") as errors:
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment, start_new_session=True
        )
        try:
            yield server, _address(server, log)
        finally:
            _stop(server)


def _free(port: int) -> int:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            say(f"Port {port} is taken, so another one is used.")
            return 0
    return port


def _address(server: subprocess.Popen[str], log: Path) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        words = [word for word in line.split() if word.startswith("http://")]
        if words:
            return words[0].rstrip("/")
    tail = "".join(log.read_text(errors="replace").splitlines(keepends=True)[-5:])
    raise Failed(f"the server did not start (status {server.wait()}):\n{tail}")


def _stop(server: subprocess.Popen[str]) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _add_two_numbers(address: str) -> None:
    start = "/domo/workflow/v1/models/addTwoNumbers/start"
    numbers = {"firstNumber": 5, "secondNumber": 7}
    say(f"\nPOST {start} {json.dumps(numbers)}")
    reply = _ask(address + start, numbers)
    say(json.dumps(reply, indent=2))
    finished = _finished(address, reply["id"])
    say(f"\nGET /api/v1/process-instances/{reply['id']}\n{json.dumps(finished, indent=2)}")
    total = finished.get("variables", {}).get("sum")
    if finished["state"] != "completed" or total != sum(numbers.values()):
        raise Failed("the workflow did not end with the sum; the server's log is in .dev/demo/server.log")
    say(f"\n{reply['modelName']} {reply['modelVersion']} has run: 5 + 7 = {total}")


def _finished(address: str, id: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        instance = _ask(f"{address}/api/v1/process-instances/{id}")
        if instance["state"] != "active" or instance["incidents"] or time.monotonic() > deadline:
            return instance
        time.sleep(0.05)


def _ask(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=content, headers={"Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE_S) as reply:
            answer: dict[str, Any] = json.load(reply)
            return answer
    except urllib.error.HTTPError as error:
        raise Failed(f"{url} was answered {error.code}: {error.read().decode(errors='replace')}") from None
    except OSError as error:
        raise Failed(f"{url} was not answered: {error}") from None


# -- small things ----------------------------------------------------------------------------------


def say(line: str) -> None:
    """Tell the user, at once."""
    print(line, flush=True)


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> int:
    """Run a command with its output on the screen, and give its exit status."""
    say(f"$ {Path(command[0]).name} {' '.join(command[1:])}")
    return subprocess.run(command, env=environment, check=False).returncode


def must(command: Sequence[str], *, cwd: Path = ROOT, variables: dict[str, str] | None = None) -> None:
    """Run a command that has to succeed.

    Raises:
        Failed: it is not there, or ended with another status than 0.
    """
    try:
        status = subprocess.run(
            command, cwd=cwd, env={**os.environ, **(variables or {})}, check=False
        ).returncode
    except OSError as error:
        raise Failed(f"cannot run {command[0]}: {error.strerror}") from None
    if status:
        raise Failed(f"`{' '.join(command)}` ended with status {status}; its own words are above.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
