"""The functions of a folder, and what is said of a folder that cannot be loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.workers.loading import load
from penstock.workers.protocol import FunctionsError

from .conftest import WriteFunctions


@pytest.fixture(autouse=True)
def clean_imports(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.split(".")[0] in {"functions", "pricing"}:
            del sys.modules[name]


def problems_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(FunctionsError) as caught:
        load(folder)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_every_marked_function_of_every_file_is_found(write_functions: WriteFunctions) -> None:
    folder = write_functions(
        orders="""
            @task
            def book(): ...
            def helper(): ...
        """,
        mails="""
            @task(name="send mail")
            async def send(): ...
        """,
    )
    assert set(load(folder)) == {"book", "send mail"}


def test_files_may_import_each_other_and_the_packages_of_the_project(write_functions: WriteFunctions) -> None:
    folder = write_functions(
        _shared="FACTOR = 2",
        base="""
            from functions._shared import FACTOR
            @task
            def double(a): return a * FACTOR
        """,
        more="""
            from functions.base import double
            import pricing
            @task
            def price(a): return double(a) + pricing.FEE
        """,
    )
    (folder.parent / "pricing.py").write_text("FEE = 1")
    functions = load(folder)
    assert set(functions) == {"double", "price"}
    assert functions["price"].call(3) == 7


def test_a_package_file_is_run_first(write_functions: WriteFunctions) -> None:
    folder = write_functions(
        __init__="RATE = 3", tax="from functions import RATE\n@task\ndef rate(): return RATE"
    )
    assert load(folder)["rate"].call() == 3


def test_the_folder_may_have_another_name(tmp_path: Path) -> None:
    folder = tmp_path / "my-steps"
    folder.mkdir()
    (folder / "one-step.py").write_text("from penstock.workers.api import task\n@task\ndef one(): return 1")
    assert load(folder)["one"].call() == 1


def test_a_folder_is_read_anew(write_functions: WriteFunctions) -> None:
    load(write_functions(one="@task\ndef first(): ..."))
    (write_functions(two="@task\ndef second(): ...") / "one.py").unlink()
    assert set(load(write_functions())) == {"second"}


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "nowhere") == (
        f"{tmp_path}/nowhere: there is no such folder of functions.",
    )


def test_every_file_that_does_not_import_is_named_with_its_line(write_functions: WriteFunctions) -> None:
    folder = write_functions(
        a_fault="x = 1\n1 / 0",
        b_missing="import no_such_library",
        c_syntax="def f(:",
        d_exit="raise SystemExit(3)",
        e_follower="import functions.b_missing",
        f_fine="@task\ndef fine(): ...",
    )
    assert problems_of(folder) == (
        f"{folder}/a_fault.py, line 3: ZeroDivisionError: division by zero.",
        f"{folder}/b_missing.py, line 2: ModuleNotFoundError: No module named 'no_such_library'. "
        "Install it beside the server, or correct the name.",
        f"{folder}/c_syntax.py, line 2: SyntaxError: invalid syntax",
        f"{folder}/d_exit.py, line 2: SystemExit: 3.",
    )


def test_a_name_that_two_functions_share_is_refused_at_both_places(write_functions: WriteFunctions) -> None:
    folder = write_functions(one="@task\ndef add(): ...", two="\n@task(name='add')\ndef plus(): ...\n")
    (problem,) = problems_of(folder)
    assert f"{folder}/two.py, line 3: the name 'add' is taken" in problem
    assert f"{folder}/one.py, line 2" in problem


def test_a_signature_that_variables_cannot_fill_is_refused_with_its_line(
    write_functions: WriteFunctions,
) -> None:
    folder = write_functions(one="@task\ndef add(*numbers): ...")
    (problem,) = problems_of(folder)
    assert problem.startswith(f"{folder}/one.py, line 2: the function 'add' cannot be called: ")


def test_an_object_that_dislikes_being_looked_at_is_left_alone(write_functions: WriteFunctions) -> None:
    folder = write_functions(
        one="""
            class Proxy:
                def __getattr__(self, name):
                    raise RuntimeError("not now")
            proxy = Proxy()
            @task
            def add(): ...
        """
    )
    assert set(load(folder)) == {"add"}
