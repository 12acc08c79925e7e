"""The fuzzer's check over its corpus, and over texts made from it: the same ones each time."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.feel import check, corpus, mutated, nested

_TEXTS = 3000


@pytest.mark.parametrize("unary", [False, True], ids=["expression", "unary"])
def test_every_text_of_the_corpus_has_a_value_or_an_error_of_ours(unary: bool) -> None:
    for text in corpus():
        check(text, unary=unary)


@pytest.mark.parametrize("unary", [False, True], ids=["expression", "unary"])
def test_texts_made_of_pieces_have_a_value_or_an_error_of_ours(unary: bool) -> None:
    texts, random = corpus(), Random(4)
    for _ in range(_TEXTS):
        check(mutated(texts, random), unary=unary)


def test_texts_nested_to_the_bound_have_a_value_or_an_error_of_ours() -> None:
    random = Random(11)
    for _ in range(40):
        check(nested(random), unary=random.random() < 0.3)
