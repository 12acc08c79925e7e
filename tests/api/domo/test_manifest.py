"""Reading manifest.json: what is documented is read, and what is wrong is told all at once with its place."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from penstock.api.domo.manifest import ManifestError, parse_manifest
from penstock.api.domo.mapping import Parameter, WorkflowMapping


def manifest(*workflows: Any, **others: Any) -> bytes:
    return json.dumps({"workflowsMapping": list(workflows), **others}).encode()


def workflow(*parameters: Any, **others: Any) -> dict[str, Any]:
    return {"alias": "a", "parameters": list(parameters), **others}


def problems(data: bytes) -> tuple[str, ...]:
    with pytest.raises(ManifestError) as caught:
        parse_manifest(data, "app/manifest.json")
    return caught.value.problems


def test_every_documented_field_of_a_workflow_is_read() -> None:
    data = manifest(
        {
            "alias": "order",
            "modelId": "84d5f8a2-0a5b-4a3c-8d7e-8b6d5f2f3a10",
            "version": "1.2.0",
            "startName": "Start Order",
            "parameters": [
                {
                    "name": "items",
                    "aliasedName": "things",
                    "type": "object",
                    "list": True,
                    "nullable": True,
                    "value": [{"count": 1.5}],
                    "children": [{"aliasName": "count", "type": "decimal", "list": False, "children": None}],
                }
            ],
        }
    )
    count = Parameter(("count",), "count", "decimal")
    items = Parameter(
        ("things", "items"), "items", "object", True, True, [{"count": Decimal("1.5")}], (count,)
    )
    assert parse_manifest(data) == (
        WorkflowMapping("order", "84d5f8a2-0a5b-4a3c-8d7e-8b6d5f2f3a10", "1.2.0", "Start Order", (items,)),
    )


@pytest.mark.parametrize("key", ["workflowsMapping", "workflowMapping"])
def test_the_section_may_be_spelt_in_both_documented_ways(key: str) -> None:
    assert parse_manifest(json.dumps({key: [{"alias": "a"}]}).encode()) == (WorkflowMapping("a"),)


def test_both_spellings_in_one_file_are_refused() -> None:
    data = json.dumps({"workflowsMapping": [], "workflowMapping": []}).encode()
    assert problems(data) == ("workflowMapping: means the same as workflowsMapping. Keep one of the two.",)


def test_a_manifest_without_workflows_maps_none() -> None:
    assert parse_manifest(b'{"name": "my app", "size": {"width": 3}}') == ()


def test_a_mapping_without_parameters_is_told_from_one_that_takes_none() -> None:
    with_none, without = parse_manifest(
        manifest({"alias": "a", "parameters": []}, {"alias": "b", "parameters": None})
    )
    assert (with_none.parameters, without.parameters) == ((), None)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert parse_manifest(b"\xef\xbb\xbf" + manifest({"alias": "a"})) == (WorkflowMapping("a"),)


def test_all_that_is_wrong_is_told_at_once_with_its_place() -> None:
    data = manifest(
        workflow({"aliasedName": "x", "type": "number"}),
        {"alias": " ", "modelId": 7, "version": 1.0},
        workflow(
            {"aliasedName": "x", "type": "integer"},
            {"type": "text"},
            {"name": "y", "type": "text", "list": "no", "nullable": 1},
            {"name": "z", "type": "text", "children": [{"name": "w", "type": "text"}]},
            "num1",
            alias="c",
        ),
        "addTwoNumbers",
    )
    assert problems(data) == (
        "workflowsMapping[1].alias: is missing. Give it a text that is not empty.",
        "workflowsMapping[1].modelId: must be a text, and is 7.",
        "workflowsMapping[1].version: must be a text, and is 1.0.",
        'workflowsMapping[2].parameters[0].type: "integer" is no type. Use one of boolean, dataset, date, '
        "dateTime, decimal, duration, group, number, object, person, string, text, time.",
        "workflowsMapping[2].parameters[1]: has no name. Give it an aliasedName, an aliasName or a name.",
        'workflowsMapping[2].parameters[2].list: must be true or false, and is "no".',
        "workflowsMapping[2].parameters[2].nullable: must be true or false, and is 1.",
        "workflowsMapping[2].parameters[3].children: belongs to an object, and the type is text.",
        'workflowsMapping[2].parameters[4]: must be an object, and is "num1".',
        'workflowsMapping[3]: must be an object, and is "addTwoNumbers".',
    )


def test_the_error_names_the_file_in_every_line() -> None:
    with pytest.raises(ManifestError) as caught:
        parse_manifest(manifest({"alias": 1}, {"alias": 2}), "app/manifest.json")
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["app/manifest.json"] * 2


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (
            b'{\n  "workflowsMapping": [\n    {"alias": }\n  ]\n}',
            "line 3, column 15: this is not JSON: Expecting value.",
        ),
        (b'{"size": NaN}', "this is not JSON: NaN is no number that can be used."),
        (
            b'{"size": 1e-9999999999999999999}',
            "this is not JSON: 1e-9999999999999999999 is no number that can be used.",
        ),
        (b"[]", "the file must hold one JSON object, and holds a list."),
        (b'{"a": "\xff"}', "byte 7 is not UTF-8. Save the file in this encoding."),
        (b"[" * 100_000, "the JSON is nested too deeply to be a manifest."),
        (b'{"workflowsMapping": {}}', "workflowsMapping: must be a list of objects, and is an object."),
    ],
    ids=["broken", "nan", "tiny", "list", "encoding", "deep", "section"],
)
def test_a_file_that_is_no_manifest_is_refused_with_the_place(data: bytes, problem: str) -> None:
    assert problems(data) == (problem,)


def test_an_alias_is_given_once() -> None:
    assert problems(manifest({"alias": "a"}, {"alias": "b"}, {"alias": "a"})) == (
        "workflowsMapping[2].alias: 'a' is the alias of workflowsMapping[0] too. Give each workflow its own.",
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "x"}, {"name": "x"}),
        ({"name": "x", "aliasedName": "y"}, {"name": "y"}),
        ({"name": "x", "aliasedName": "y"}, {"name": "y", "aliasName": "z"}),
    ],
)
def test_a_key_belongs_to_one_parameter(first: dict[str, Any], second: dict[str, Any]) -> None:
    data = manifest(workflow({**first, "type": "text"}, {**second, "type": "text"}))
    assert "workflowsMapping[0].parameters[1]" in problems(data)[0]
    assert "belongs to workflowsMapping[0].parameters[0]" in problems(data)[0]


@pytest.mark.parametrize(
    ("parameter", "problem"),
    [
        ({"type": "number", "value": "five"}, 'must be a number, and is "five".'),
        ({"type": "date", "value": "2023-02-29"}, 'must be a date such as 2024-02-29, and is "2023-02-29".'),
        ({"type": "text", "list": True, "value": ["a", 1]}, "[1] must be a text, and is 1."),
    ],
)
def test_a_default_must_have_the_type_of_its_parameter(parameter: dict[str, Any], problem: str) -> None:
    data = manifest(workflow({"name": "x", **parameter}))
    assert problems(data) == (f"workflowsMapping[0].parameters[0].value: {problem}",)


def test_parameters_nested_without_end_are_refused() -> None:
    parameter: dict[str, Any] = {"name": "x", "type": "text"}
    for _ in range(40):
        parameter = {"name": "x", "type": "object", "children": [parameter]}
    assert "nested deeper than 32 objects" in problems(manifest(workflow(parameter)))[0]


FUNCTION: dict[str, Any] = {
    "alias": "add",
    "packageId": "p",
    "functionName": "add",
    "version": None,
    "parameters": [{"alias": "a", "type": "number", "nullable": False, "isList": False, "children": None}],
    "output": {"alias": "sum", "type": "number", "children": None},
}


@pytest.mark.parametrize("key", ["packagesMapping", "packageMapping"])
def test_functions_are_let_through(key: str) -> None:
    assert parse_manifest(manifest({"alias": "a"}, **{key: [FUNCTION]})) == (WorkflowMapping("a"),)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"alias": None}, "packagesMapping[0].alias: is missing. Give it a text that is not empty."),
        ({"output": 5}, "packagesMapping[0].output: must be an object, and is 5."),
        (
            {"parameters": [{"alias": "a", "type": 3}]},
            "packagesMapping[0].parameters[0].type: must be a text, and is 3.",
        ),
        (
            {"parameters": [{"alias": "a", "type": "text", "isList": 3}]},
            "packagesMapping[0].parameters[0].isList: must be true or false, and is 3.",
        ),
    ],
)
def test_the_form_of_functions_is_checked(change: dict[str, Any], problem: str) -> None:
    assert problems(manifest(packagesMapping=[FUNCTION | change])) == (problem,)
