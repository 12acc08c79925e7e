"""The fuzzer's check of DMN over its corpus, and over files made from it: the same ones each time."""

from __future__ import annotations

from random import Random

import pytest

from tests.dmn.models import file_of
from tests.fuzz.dmn import check, corpus
from tests.fuzz.feel import corpus as expressions, mutated

_FILES = 2000


@pytest.mark.parametrize("content", corpus())
def test_every_file_of_the_corpus_is_decided_or_refused(content: str) -> None:
    check(file_of(content))


def test_files_made_of_pieces_are_decided_or_refused() -> None:
    contents, random = corpus(), Random(6)
    for _ in range(_FILES):
        check(file_of(mutated(contents, random)).replace(b"\x00", b""))


def test_files_with_any_expressions_are_decided_or_refused() -> None:
    contents, texts, random = corpus(), expressions(), Random(8)
    for _ in range(_FILES):
        content = random.choice(contents)
        places = content.split("</text>")
        at = random.randrange(len(places))
        places[at] = places[at].rpartition("<text>")[0] + "<text><![CDATA[" + mutated(texts, random) + "]]>"
        check(file_of("</text>".join(places)))
