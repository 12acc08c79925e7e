"""The folder that feelin lives in: made once, and again when its pinned version changes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("feelin")


class NodeFailed(Exception):
    """feelin could not be installed."""


def prepare(folder: Path = ROOT / ".dev" / "bench-node") -> list[str]:
    """Give the command that runs feelin's measure, installing feelin where it is missing or out of date.

    Raises:
        NodeFailed: without Node.js, or with npm's own words, mostly for want of a package registry.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NodeFailed("feelin needs Node.js with npm, version 20 or newer, on the PATH")
    command = [node, str(folder / "measure.mjs")]
    files = sorted(file for file in SOURCE.iterdir() if file.is_file())
    wanted = hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
    stamp = folder / "feelin.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return command
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in files:
        shutil.copy(file, folder)
    ended = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise NodeFailed(f"`npm ci` for feelin ended with {ended.returncode}:\n{ended.stderr.strip()}")
    stamp.write_text(wanted)
    return command
