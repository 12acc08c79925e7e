"""Build the web application into the package: `python web/build.py`. Only the standard library is used.

Nothing is done where a stamp beside the output says that it was made from these very sources.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

WEB: Final = Path(__file__).resolve().parent
OUT: Final = WEB.parent / "src" / "penstock" / "api" / "pages" / "web"
STAMP: Final = OUT / "sources.stamp"
SOURCES: Final = ("package-lock.json", "package.json", "tsconfig.json", "vite.config.js", "index.html", "src")


class BuildFailed(Exception):
    """The web application cannot be built; the message says why and what to do."""


def build() -> bool:
    """Build what is out of date, and say whether that took any work.

    Raises:
        BuildFailed: Node.js is not there, or a step ends with an error.
    """
    digest = _digest()
    if STAMP.is_file() and STAMP.read_text() == digest:
        return False
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise BuildFailed("the web application needs Node.js 20.19 or newer with npm to be built")
    _run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    _run(npm, "run", "--silent", "build", "--", "--logLevel=warn")
    STAMP.write_text(digest)
    return True


def _digest() -> str:
    digest = hashlib.sha256()
    for name in SOURCES:
        path = WEB / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(f"{file.relative_to(WEB).as_posix()}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _run(*command: str) -> None:
    if status := subprocess.run(command, cwd=WEB, check=False).returncode:
        raise BuildFailed(f"`{' '.join(command[1:])}` ended with status {status}; its own words are above")


if __name__ == "__main__":
    try:
        build()
    except BuildFailed as failed:
        sys.exit(f"web/build.py: {failed}")
