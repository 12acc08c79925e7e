"""What can go wrong: a text that is no expression, a limit that is reached, a value that is not there.

Only the first two are exceptions for the caller. Evaluation follows the standard (DMN 1.5, 10.3.1.1): what
cannot be computed is null, and a warning says why.
"""

from __future__ import annotations

from dataclasses import dataclass

_EXCERPT = 60
"""How many characters of a long text a message shows on each side of the place."""


class FeelError(ValueError):
    """The base of everything that this package raises on purpose."""


class FeelSyntaxError(FeelError):
    """The text is not an expression of FEEL; `str()` shows it with a caret under the place."""

    def __init__(
        self,
        message: str,
        text: str,
        position: int,
        expected: tuple[str, ...] = (),
        suggestion: str | None = None,
    ) -> None:
        before = text[:position]
        self.message = message
        self.text = text
        self.position = position
        """The index of the offending character, from 0."""
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        self.expected = expected
        self.suggestion = suggestion
        super().__init__(self._describe())

    def _describe(self) -> str:
        line = (self.text.split("\n")[self.line - 1] if self.text else "").replace("\t", " ")
        start = max(0, self.column - 1 - _EXCERPT)
        excerpt = line[start : self.column - 1 + _EXCERPT]
        caret = " " * (self.column - 1 - start) + "^"
        parts = [f"{self.message} (line {self.line}, column {self.column})", f"  {excerpt}", f"  {caret}"]
        if self.expected:
            parts.append("expected " + ", ".join(self.expected))
        if self.suggestion:
            parts.append(self.suggestion)
        return "\n".join(parts)


class FeelLimitError(FeelError):
    """The evaluation asked for more steps, depth, time or size than its limits allow."""


@dataclass(frozen=True, slots=True)
class Warning:
    """Why a part of an expression became null, for the person who wrote it."""

    code: str
    """One of: unknown-variable, unknown-property, unknown-function, unknown-type, type, arithmetic, argument,
    index, loop, range, context, pattern, assertion, external-function, no-clock, no-random.
    """
    message: str
    position: int
    """The index in the text of the part that it speaks of, from 0."""


class NoValue(Exception):
    """Internal: an operation has no value. The closure around it turns this into null and a warning."""

    def __init__(self, message: str, code: str = "type") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
