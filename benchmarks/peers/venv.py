"""The venv that the peers live in: made once, and again when their pinned versions change."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


class VenvFailed(Exception):
    """The peers could not be installed."""


def prepare(folder: Path = ROOT / ".dev" / "bench-venv") -> Path:
    """Give the interpreter of the peers' venv, making the venv when it is missing or out of date.

    Raises:
        VenvFailed: with the installer's own words, mostly for want of a package index.
    """
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = folder / "requirements.sha256"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    for command in _commands(folder, python):
        _run(command)
    stamp.write_text(wanted)
    return python


def _commands(folder: Path, python: Path) -> list[list[str]]:
    uv = shutil.which("uv")
    if uv:
        install = [uv, "pip", "install", "--quiet", "--python", str(python)]
        return [
            [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
            [*install, "-r", str(REQUIREMENTS)],
        ]
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return [[sys.executable, "-m", "venv", str(folder)], [*install, "-r", str(REQUIREMENTS)]]


def _run(command: list[str]) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise VenvFailed(
            f"`{' '.join(command)}` ended with {ended.returncode}:\n{ended.stderr.strip()}\n"
            "The peers need a package index within reach; `--only loop`, `--only waiting` and "
            "`--only overall` run without them."
        )
