"""What is promised is shown: every line of the proof names a transcript or a test that is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.proof.lines import PROOF, Shown
from tests.proof.shown import ROOT, text_of
from tests.proof.test_shown import exists

_TRANSCRIPTS = "tests/kernel/transcripts/{}.txt"


def _shown() -> Iterator[tuple[str, Shown]]:
    for part, lines in PROOF.items():
        for line, places in lines:
            for place in places:
                yield f"{part}: {line}", place


def test_every_line_is_shown_by_something() -> None:
    assert not [line for lines in PROOF.values() for line, places in lines if not places]


def says(place: Shown) -> bool:
    """Tell whether a transcript says what is to be looked at, where it tells what happened."""
    if not place.at:
        return exists(place.place)
    happened = text_of(_TRANSCRIPTS.format(place.place)).partition("\n> ")[2]
    return any(place.at in line for line in happened.splitlines() if not line.startswith("> "))


def test_a_transcript_says_what_its_line_does() -> None:
    assert not [
        f"{line}: {place.place} does not say {place.at!r}" for line, place in _shown() if not says(place)
    ]


def test_a_test_that_a_line_names_exists() -> None:
    assert not [place.place for _, place in _shown() if not place.at and not exists(place.place)]


def test_every_transcript_has_a_line_or_belongs_to_one_of_its_name() -> None:
    named = {place.place for _, place in _shown() if place.at}
    assert named <= {file.stem for file in (ROOT / "tests/kernel/transcripts").glob("*.txt")}


def test_the_page_has_every_line() -> None:
    page = (Path(ROOT) / "docs" / "bpmn-proof.md").read_text("utf-8")
    assert all(f"| {line} |" in page for lines in PROOF.values() for line, _ in lines)
