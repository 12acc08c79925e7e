"""The classes of characters that patterns may name (XML Schema part 2, appendix G)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

CharTest: TypeAlias = Callable[[str], bool]
"""Whether a character belongs to a class."""

ESCAPES = {"n": "\n", "r": "\r", "t": "\t", **{symbol: symbol for symbol in "\\|.?*+(){}-[]^$"}}
"""The characters that a backslash makes plain."""

_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)
_BLOCKS = {
    "BasicLatin": (0x00, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF),
    "SpacingModifierLetters": (0x2B0, 0x2FF),
    "CombiningDiacriticalMarks": (0x300, 0x36F),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "Devanagari": (0x900, 0x97F),
    "Thai": (0xE00, 0xE7F),
    "Georgian": (0x10A0, 0x10FF),
    "HangulJamo": (0x1100, 0x11FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "BoxDrawing": (0x2500, 0x257F),
    "GeometricShapes": (0x25A0, 0x25FF),
    "MiscellaneousSymbols": (0x2600, 0x26FF),
    "Dingbats": (0x2700, 0x27BF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "Bopomofo": (0x3100, 0x312F),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
    "PrivateUse": (0xE000, 0xF8FF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}


def category(name: str) -> CharTest | None:
    """Give the test for a property such as "L", "Nd" or "IsGreek"; None where there is none of this name."""
    if name in _CATEGORIES:
        return lambda character: unicodedata.category(character).startswith(name)
    block = _BLOCKS.get(name.removeprefix("Is")) if name.startswith("Is") else None
    if block is None:
        return None
    first, last = block
    return lambda character: first <= ord(character) <= last


def is_word(character: str) -> bool:
    r"""Tell whether `\w` matches: all but punctuation, separators and others."""
    return unicodedata.category(character)[0] not in "PZC"


def is_name_start(character: str) -> bool:
    r"""Tell whether `\i` matches: what an XML name may begin with."""
    return character in "_:" or unicodedata.category(character)[0] == "L" or character == "\u2118"


def is_name(character: str) -> bool:
    r"""Tell whether `\c` matches: what an XML name may hold."""
    return (
        is_name_start(character)
        or character in "-.\u00b7"
        or unicodedata.category(character)[:2] in ("Nd", "Mn", "Mc")
    )


def either_case(test: CharTest) -> CharTest:
    """Give a test that ignores the case of letters."""

    def run(character: str) -> bool:
        return test(character) or test(character.lower()) or test(character.upper())

    return run
