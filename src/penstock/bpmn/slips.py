"""Slips of the pen: names that are nearly another one, and that nobody would give to two things."""

from __future__ import annotations

from typing import Final

_SHORTEST: Final = 5
"""Characters from which on a letter more, less or other is no accident."""


def slip_of(name: str, meant: str) -> bool:
    """Tell whether a name is probably a slip of the pen for another one.

    Names that differ in capitals or underscores are; so are those that differ by one letter within, or by two
    in each other's place. A letter more at the end is none (`item`, `items`), nor is another digit.
    """
    if name == meant:
        return False
    if _plain(name) == _plain(meant):
        return True
    if min(len(name), len(meant)) < _SHORTEST:
        return False
    if len(name) == len(meant):
        return _swapped(name, meant) or _other_letter(name, meant)
    longer, shorter = sorted((name, meant), key=len, reverse=True)
    return len(longer) == len(shorter) + 1 and _letter_more(longer, shorter)


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()


def _differing(one: str, other: str) -> list[int]:
    return [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]


def _swapped(one: str, other: str) -> bool:
    places = _differing(one, other)
    return (
        len(places) == 2
        and places[1] == places[0] + 1
        and (one[places[0]], one[places[1]]) == (other[places[1]], other[places[0]])
        and not one[places[0]].isdigit()
        and not one[places[1]].isdigit()
    )


def _other_letter(one: str, other: str) -> bool:
    places = _differing(one, other)
    if len(places) != 1 or not 0 < places[0] < len(one) - 1:
        return False
    a, b = one[places[0]], other[places[0]]
    return a.isalpha() and b.isalpha() and a.isupper() is b.isupper()


def _letter_more(longer: str, shorter: str) -> bool:
    place = next((at for at, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    return 0 < place < len(shorter) and longer[place].isalpha() and longer[place + 1 :] == shorter[place:]
