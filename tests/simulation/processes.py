"""Random processes from a seed: the blocks of the kernel's laws, chosen by `random` in place of Hypothesis.

A simulation must do the same again from its seed alone, and Hypothesis keeps its choices to itself.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.kernel.blocks import (
    BOUNDARIES,
    CASES,
    ENDINGS,
    LEAVES,
    OUTSIDE,
    REPEATS,
    SEVERAL,
    TASKS,
    Block,
    text,
)

CALLED = """
    process called
    start -> work -> done
    job work retries 2
"""
"""The process that the others call; whoever works well gets it to its end."""

DEPTH = 2
"""Blocks within blocks."""


def random_versions(chance: Random) -> tuple[str, str]:
    """Give two versions of a sound process; they read `c` (a number) and `again` (true or false)."""
    parts = tuple(_nested(chance, DEPTH) for _ in range(chance.randint(1, 2)))
    first = Block("sequence", parts)
    ending, undone = chance.choice(ENDINGS[:3]), chance.random() < 0.3
    return text(first, ending, undone), text(_edited(first, chance), ending, undone)


def _edited(block: Block, chance: Random) -> Block:
    """Give the block with other events around some of its activities, and with other mappings."""
    block = replace(block, parts=tuple(_edited(part, chance) for part in block.parts))
    if chance.random() < 0.7:
        return block
    boundary = _boundary(chance) if block.boundary else ()
    mapped = block.mapped if block.kind in SEVERAL else chance.random() < 0.5
    return replace(block, boundary=boundary, mapped=mapped)


def _block(chance: Random, depth: int) -> Block:
    return _nested(chance, depth - 1) if depth and chance.random() < 0.4 else _leaf(chance)


def _leaf(chance: Random) -> Block:
    if chance.random() < 0.4:
        return Block(chance.choice(("job", "user", "receive")), (), _boundary(chance), chance.random() < 0.5)
    if chance.random() < 0.3:
        repeat = chance.choice(REPEATS)
        return Block(chance.choice(TASKS), mapped=chance.random() < 0.5, repeat=repeat)
    return Block(chance.choice((*LEAVES, *OUTSIDE)), mapped=chance.random() < 0.5)


def _nested(chance: Random, depth: int) -> Block:
    kind = chance.choice((*SEVERAL, "loop", "sub", "case", "case"))
    if kind == "loop":
        return Block(kind, (_block(chance, depth),))
    if kind == "case":
        return Block(kind, (_block(chance, depth),), ending=chance.choice(CASES))
    if kind == "sub":
        boundary = _boundary(chance) if chance.random() < 0.7 else ()
        return Block(kind, (_block(chance, depth),), boundary, chance.random() < 0.5, chance.choice(ENDINGS))
    return Block(kind, tuple(_block(chance, depth) for _ in range(chance.randint(2, 3))))


def _boundary(chance: Random) -> tuple[str, ...]:
    return tuple(chance.sample(BOUNDARIES, chance.randint(1, 3)))
