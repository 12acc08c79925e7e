"""Write the parts of the documentation that the code rules: `python docs/generate.py [--check]`.

A page marks such a part with `<!-- generated: NAME -->` and `<!-- end -->`; what stands between is written
anew. So are the types of the web application's client. A test runs the check, so that neither can fall
behind the code.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from api_types import api_types

DOCS: Final = Path(__file__).resolve().parent
TYPES: Final = DOCS.parent / "web" / "src" / "api" / "schema.ts"
_PART: Final = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main(arguments: Sequence[str]) -> int:
    """Write every page that is out of date, or with `--check` only name it."""
    check = "--check" in arguments
    wanted = {page: fresh(page) for page in sorted(DOCS.glob("*.md"))}
    wanted[TYPES] = api_types()
    stale = [file for file in wanted if not file.exists() or file.read_text("utf-8") != wanted[file]]
    for file in stale:
        sys.stderr.write(f"{file.relative_to(DOCS.parent)} is {'out of date' if check else 'written anew'}\n")
        if not check:
            file.write_text(wanted[file], encoding="utf-8")
    return 1 if check and stale else 0


def fresh(page: Path) -> str:
    """Give a page with its generated parts as the code has them now.

    Raises:
        KeyError: a part is named that there is not.
    """
    return _PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]()}\n{part[3]}", page.read_text(encoding="utf-8"))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def coverage() -> str:
    """Give the table of BPMN coverage."""
    from penstock.bpmn import coverage_markdown

    text = coverage_markdown().strip()
    return text.split("\n", 1)[1].strip() if text.startswith("# ") else text


def proof() -> str:
    """Give the lines of what Penstock promises of BPMN, each with what shows it."""
    sys.path.insert(0, str(DOCS.parent))  # the tests are no package that is installed
    from tests.proof.lines import PROOF, Shown

    def place(shown: Shown) -> str:
        if shown.at:
            link = f"[{shown.place}](../tests/kernel/transcripts/{shown.place}.txt)"
            return f"{link}: `{shown.at}`"
        file, _, name = shown.place.partition("::")
        return f"[{name.removeprefix('test_').replace('_', ' ')}](../{file})"

    def part(name: str) -> str:
        rows = ((line, "<br>".join(map(place, places))) for line, places in PROOF[name])
        return f"## {name}\n\n{_table(('what', 'shown by'), rows)}"

    return "\n\n".join(map(part, PROOF))


def settings() -> str:
    """Give the table of the settings."""
    from penstock.config import OPTIONS

    def default(value: Any) -> str:
        if value in (None, "", ()) or not str(value):
            return ""
        return f"`{str(value).lower() if isinstance(value, bool) else value}`"

    rows = ((f"`{one.name}`", f"`{one.variable}`", default(one.default), one.help) for one in OPTIONS)
    return _table(("key in penstock.toml", "environment", "default", "what it is"), rows)


def exits() -> str:
    """Give the table of the exit statuses."""
    from penstock.cli.exits import MEANING

    return _table(("status", "meaning"), ((str(code.value), meaning) for code, meaning in MEANING.items()))


def commands() -> str:
    """Give the help of every command, as the command line shows it."""
    from typer.main import get_command

    from penstock.cli.main import app

    root: Any = get_command(app)
    return "\n\n".join(_command(name, command) for name, command in _leaves(root, ""))


def _leaves(group: Any, around: str) -> Iterator[tuple[str, Any]]:
    """Give the commands of a group and of the groups in it, with their names."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, f"{around}{name} ")
        else:
            yield f"{around}{name}", command


def _command(name: str, command: Any) -> str:
    rows = [
        (f"`{', '.join((*option.opts, *option.secondary_opts))}`", option.help or "")
        if option.param_type_name == "option"
        else (f"`{(option.metavar or option.name).upper()}`", option.help or "")
        for option in command.params
        if option.name != "help"
    ]
    about = " ".join((command.help or "").split())
    return f"### penstock {name}\n\n{about}\n\n{_table(('argument', 'meaning'), rows)}"


def rest() -> str:
    """Give the table of the calls of our own surface."""
    from penstock.api.rest.routes import CLOCK, ROUTES

    rows = ((f"`{route.method} {route.path}`", route.summary) for route in (*ROUTES, *CLOCK))
    return _table(("call", "what it does"), rows)


def functions() -> str:
    """Give the list of FEEL's functions."""
    from penstock.feel.builtins import FUNCTIONS

    return ", ".join(f"`{name}`" for name in sorted(FUNCTIONS)) + "."


PARTS: Final[dict[str, Callable[[], str]]] = {
    "coverage": coverage,
    "proof": proof,
    "settings": settings,
    "exits": exits,
    "commands": commands,
    "rest": rest,
    "functions": functions,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
