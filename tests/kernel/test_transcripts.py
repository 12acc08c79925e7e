"""Each file in transcripts/ is a process, what is done to it, and what it must do, line by line.

`UPDATE=1 pytest tests/kernel/test_transcripts.py` writes what really happened into the files; read the
difference against BPMN before you keep it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from penstock.testing import play

FILES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_process_does_what_its_transcript_says(file: Path) -> None:
    text = file.read_text()
    played = play(text)
    if os.environ.get("UPDATE"):
        file.write_text(played)
    else:
        assert played == text


def test_every_transcript_has_an_expectation() -> None:
    assert FILES
    for file in FILES:
        assert "\n  " in file.read_text().partition("\n> ")[2], (
            f"{file.name} expects nothing; run with UPDATE=1"
        )
