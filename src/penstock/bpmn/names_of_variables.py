"""Names of variables, as FEEL reads them."""

from __future__ import annotations

import re
from typing import Final

from penstock.bpmn.findings import Report
from penstock.bpmn.raw import RawNode

_PATH: Final = re.compile(r"([^\W\d]\w*)(?:\.[^\W\d]\w*)*")
_NAME: Final = re.compile(r"[^\W\d]\w*")
_FEEL_WORDS = frozenset(
    {"and", "between", "else", "every", "false", "for", "function", "if", "in", "instance"}
    | {"not", "null", "of", "or", "return", "satisfies", "some", "then", "true"}
)


def is_variable_name(name: str) -> bool:
    """Tell whether FEEL can read a variable of this name."""
    return _NAME.fullmatch(name) is not None and name not in _FEEL_WORDS


def check_result_variable(node: RawNode, name: str | None, report: Report) -> None:
    """Report a result variable that FEEL could not read."""
    if name is not None and not is_variable_name(name):
        report.error(
            "invalid-variable-name",
            node,
            f"The result variable '{name}' of '{node.id}' is no name of a variable.",
            "Use letters, digits and _, not beginning with a digit.",
        )


def leading_name(text: str) -> str | None:
    """Give the variable that an expression reads when it is a name or a path, None for any other."""
    match = _PATH.fullmatch(text.strip())
    return None if match is None else match[1]
