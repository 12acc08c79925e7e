"""Texts of the file that may be expressions: tell constants, FEEL and JUEL apart.

Each family of files marks expressions in its own way. Here they all become a `Source`.
"""

from __future__ import annotations

import re

from penstock.bpmn.findings import Place, Report, sentence
from penstock.bpmn.names import Spot
from penstock.bpmn.raw import Source
from penstock.bpmn.vendors.juel import NotTranslatable, looks_like_juel, template_to_feel, to_feel

_FEEL_LANGUAGES = re.compile(
    r"(application/|text/)?(x-)?feel|https?://www\.omg\.org/spec/(feel/\d+|dmn/\d+/feel)/?", re.IGNORECASE
)


def is_feel_language(language: str) -> bool:
    """Tell whether a language attribute or a script format names FEEL, by name, media type or namespace."""
    return _FEEL_LANGUAGES.fullmatch(language.strip()) is not None


def zeebe_source(text: str, what: str, at: Spot) -> Source:
    """Read a text in which a leading `=` marks FEEL and everything else is a constant."""
    stripped = text.strip()
    if stripped.startswith("="):
        return Source(stripped[1:].strip(), True, at.line, what)
    return Source(text, False, at.line, what)


def open_source(text: str, what: str, at: Spot, report: Report, *, whole: bool = False) -> Source | None:
    """Read a text as `zeebe_source` does, and `${...}` as JUEL; None after a finding.

    Arguments:
        whole: whether the text must be one expression, since its value is to be no text.
    """
    if text.strip().startswith("=") or not looks_like_juel(text):
        return zeebe_source(text, what, at)
    try:
        return Source(to_feel(text) if whole else template_to_feel(text), True, at.line, what)
    except NotTranslatable as reason:
        report.error(
            "juel-not-translated",
            at,
            f"{what} is the Java expression {text.strip()!r}, which cannot be translated: {reason}.",
            "Write it in FEEL, with a leading =.",
        )
        return None


def name_source(text: str, at: Place, report: Report) -> Source | None:
    """Read a name, which is a text in BPMN (8.3.1), and may have `${...}` in it; None where it has not.

    A name that cannot be translated is shown as it stands.
    """
    if not looks_like_juel(text):
        return None
    try:
        return Source(template_to_feel(text), True, at.line, "the name")
    except NotTranslatable as reason:
        report.warning(
            "juel-not-translated",
            at,
            f"The name {text.strip()!r} has a Java expression that cannot be translated: {reason}. "
            "It is shown as it stands.",
            "Write a name without it.",
        )
        return None


def condition_source(
    text: str, language: str | None, file_language: str | None, at: Spot, report: Report
) -> Source | None:
    """Read the condition of a sequence flow (BPMN 8.4.13, 8.4.6); None after a finding."""
    return formal_source(text, "the condition", language, file_language, at, report)


def formal_source(
    text: str, what: str, language: str | None, file_language: str | None, at: Spot, report: Report
) -> Source | None:
    """Read a formal expression (BPMN 8.4.6); None after a finding.

    FEEL needs no `=` here. A language other than FEEL is refused, unless the text itself shows what it
    is: modelers write XPath as the language of the file out of habit and FEEL or JUEL in the expressions.
    """
    if not text:
        report.error("empty-expression", at, f"{sentence(what)} is empty.", "Write it in FEEL, or remove it.")
        return None
    if looks_like_juel(text) and not text.startswith("="):
        return open_source(text, what, at, report, whole=True)
    written_in = language or ("FEEL" if text.startswith("=") else file_language or "FEEL")
    if not is_feel_language(written_in):
        report.error(
            "unsupported-language",
            at,
            f"{sentence(what)} is written in '{written_in}'; Penstock evaluates FEEL only.",
            "Write it in FEEL, with a leading =.",
        )
        return None
    return Source(text.removeprefix("=").strip(), True, at.line, what)
