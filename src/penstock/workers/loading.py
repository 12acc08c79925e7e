"""Load the task functions of a folder.

Every file is imported as `functions.<its name>`, and the folder's parent is on the path, so that the
files may import each other and the packages beside them. This runs in worker processes only: the
server never imports the author's code.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from penstock.workers import signature
from penstock.workers.api import OPTIONS, TaskOptions
from penstock.workers.protocol import FunctionInfo, FunctionsError

PACKAGE = "functions"
"""The package that the files become, whatever the folder is called."""


@dataclass(frozen=True, slots=True)
class Function:
    """A task function, ready to be called."""

    name: str
    call: Callable[..., Any]
    signature: signature.Signature
    info: FunctionInfo


def load(folder: Path) -> dict[str, Function]:
    """Import the files of a folder and give their functions by name.

    A file whose name begins with `_` holds none; others may import it.

    Raises:
        FunctionsError: a file does not import, a signature cannot be used, or two functions share a name;
            all problems at once.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise FunctionsError((f"{folder}: there is no such folder of functions.",))
    problems: list[str] = []
    found: dict[str, Function] = {}
    _open_package(folder)
    for file in sorted(folder.glob("*.py")):
        if file.stem.startswith("_") and file.stem != "__init__":
            continue
        try:
            module = _import(file)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a module may raise anything
            problems.append(_import_problem(file, folder, error))
            continue
        for marked, options in _marked(module):
            _add(marked, options, found, problems)
    if problems:
        # A file that imports a broken one has the same problem as that one.
        raise FunctionsError(tuple(dict.fromkeys(problems)))
    return found


def _open_package(folder: Path) -> None:
    # Another folder may have been loaded before, where functions run in the test's own process.
    for name in [n for n in sys.modules if n == PACKAGE or n.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]
    parent = str(folder.parent)
    if parent not in sys.path:
        sys.path.insert(0, parent)
    importlib.invalidate_caches()
    init = folder / "__init__.py"
    spec = (
        importlib.util.spec_from_file_location(PACKAGE, init) if init.exists() else ModuleSpec(PACKAGE, None)
    )
    assert spec is not None
    spec.submodule_search_locations = [str(folder)]
    sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)


def _import(file: Path) -> ModuleType:
    if file.stem != "__init__":
        return importlib.import_module(f"{PACKAGE}.{file.stem}")
    package = sys.modules[PACKAGE]
    assert package.__spec__ is not None
    assert package.__spec__.loader is not None
    package.__spec__.loader.exec_module(package)
    return package


def _marked(module: ModuleType) -> Iterator[tuple[Callable[..., Any], TaskOptions]]:
    for value in list(vars(module).values()):
        # Statically, since a lazy proxy in a module may raise when it is asked for an attribute.
        options = inspect.getattr_static(value, OPTIONS, None)
        if isinstance(options, TaskOptions):
            yield value, options


def _add(
    marked: Callable[..., Any], options: TaskOptions, found: dict[str, Function], problems: list[str]
) -> None:
    info = signature.describe(marked, options.name, options.timeout_ms)
    place = f"{info.file}, line {info.line}"
    other = found.get(options.name)
    if other is not None and other.call is not marked:
        problems.append(
            f"{place}: the name '{options.name}' is taken by the function at {other.info.file}, "
            f'line {other.info.line}. Give one of them another: @task(name="...").'
        )
        return
    try:
        read = signature.read(marked)
    except signature.SignatureError as error:
        problems.append(f"{place}: the function '{options.name}' cannot be called: {error}")
        return
    found[options.name] = Function(options.name, marked, read, info)


def _import_problem(file: Path, folder: Path, error: BaseException) -> str:
    summary = "".join(traceback.format_exception_only(error)[-1:]).strip()
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}: {summary}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [(f.filename, f.lineno) for f in frames if Path(f.filename).is_relative_to(folder)]
    filename, line = lines[-1] if lines else (str(file), 1)
    remedy = " Install it beside the server, or correct the name." if isinstance(error, ImportError) else ""
    return f"{filename}, line {line}: {summary}.{remedy}"
