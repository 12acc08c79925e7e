"""Slips of the pen: names that are nearly another one, and that nobody would give to two things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

_LONGEST: Final = 60
"""Characters up to which a name is compared with others."""
_CROWD: Final = 20
"""So many names that are alike are a row of them (`x1`, `x2`, ...), and no slips of each other."""
_SHORTEST: Final = 5
"""Characters from which on a letter more, less or other is no accident."""


class Names:
    """Names to compare others with, found without looking at each of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._alike: dict[str, list[str]] = {}
        for name in sorted(names):
            for form in _forms(name):
                self._alike.setdefault(form, []).append(name)

    def meant_by(self, name: str) -> list[str]:
        """Give the names for which a name is probably a slip of the pen, in their order."""
        alike = (self._alike.get(form, ()) for form in _forms(name))
        near = {it for names in alike if len(names) <= _CROWD for it in names}
        return sorted(it for it in near if slip_of(name, it))


def _forms(name: str) -> Iterator[str]:
    """Give texts of which two names that are nearly the same have one in common: each without a letter."""
    if len(name) > _LONGEST:
        return
    yield name
    yield from {_plain(name), *(name[:at] + name[at + 1 :] for at in range(len(name)))} - {name}


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
