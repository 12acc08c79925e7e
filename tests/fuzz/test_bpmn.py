"""The fuzzer's check of BPMN over its corpus, and over files made from it: the same ones each time."""

from __future__ import annotations

from random import Random
from xml.etree import ElementTree as ET

from tests.fuzz.bpmn import check, corpus, mutated

_FILES = 1500


def test_every_file_of_the_corpus_is_run_or_refused() -> None:
    assert all(map(check, corpus()))


def test_files_with_changes_are_run_or_refused() -> None:
    files, random = [ET.fromstring(content) for content in corpus()], Random(9)
    run = sum(check(mutated(files, random), seed) for seed in range(_FILES))
    assert _FILES // 10 < run < _FILES
