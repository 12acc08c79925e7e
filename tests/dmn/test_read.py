"""Reading files: versions, places, limits, and what is found in expressions."""

from __future__ import annotations

import pytest

from penstock import dmn
from tests.dmn.models import codes, data, decide, decision, file_of, model_of, read, table, text

_VERSIONS = {
    "1.1": "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}


@pytest.mark.parametrize("version", _VERSIONS)
def test_a_file_of_every_version_is_read(version: str) -> None:
    content = data("a") + decision("D", text("a + 1"), needs="<a")
    reading = dmn.read(file_of(content, version=_VERSIONS[version]))
    assert reading.findings == ()
    assert reading.model is not None
    assert reading.model.version == version
    assert dmn.evaluate(reading.model, "D", {"a": 1}).value == 2


def test_types_with_a_prefix_as_dmn_1_1_writes_them_are_understood() -> None:
    content = data("a", "feel:number") + data("b", "own:tB") + decision("D", text("[a, b]"), needs="<a <b")
    content = '<itemDefinition name="tB"><typeRef>feel:string</typeRef></itemDefinition>' + content
    more = 'xmlns:feel="http://www.omg.org/spec/FEEL/20140401" xmlns:own="urn:test"'
    model = dmn.read(file_of(content, version=_VERSIONS["1.1"], more=more)).model
    assert model is not None
    assert dmn.evaluate(model, "D", {"a": 1, "b": "x"}).value == [1, "x"]
    assert dmn.evaluate(model, "D", {"a": "x", "b": 1}).value == [None, None]


def test_the_model_tells_its_name_and_the_tags_of_its_decisions() -> None:
    zeebe = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    tagged = f'<extensionElements {zeebe}><zeebe:versionTag value="v2"/></extensionElements>'
    first = f'<decision id="A" name="First">{tagged}{text("1")}</decision>'
    model = model_of(first + decision("B", text("2")))
    assert (model.name, model.namespace, model.id) == ("test", "urn:test", None)
    assert model.decisions["A"].version_tag == "v2"
    assert model.decisions["B"].version_tag is None
    assert list(model.decisions) == ["A", "B"]


def test_camundas_own_tag_is_read_too() -> None:
    content = f'<decision id="A" name="A" c:versionTag="v3" xmlns:c="http://camunda.org/schema/1.0/dmn">{text("1")}</decision>'
    assert model_of(content).decisions["A"].version_tag == "v3"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "malformed-xml"),
        (b"<definitions", "malformed-xml"),
        (b"\xff\xfe\x00", "malformed-xml"),
        (b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>', "doctype-refused"),
        (b'<definitions xmlns="http://www.omg.org/spec/DMN/20130901"/>', "not-dmn"),
        (b'<process xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>', "not-dmn"),
    ],
)
def test_what_is_no_dmn_is_refused_with_its_reason(content: bytes, code: str) -> None:
    reading = dmn.read(content)
    assert reading.model is None
    assert codes(reading) == [code]


def test_an_entity_bomb_is_refused_before_it_grows() -> None:
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    assert codes(dmn.read(f"<!DOCTYPE d [{entities}]><d>&a9;</d>".encode())) == ["doctype-refused"]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (dmn.ParseLimits(bytes=100), "file-too-large"),
        (dmn.ParseLimits(depth=3), "nested-too-deep"),
        (dmn.ParseLimits(elements=3), "too-many-elements"),
    ],
)
def test_a_file_beyond_the_limits_is_refused(limits: dmn.ParseLimits, code: str) -> None:
    assert codes(read(decision("D", text("1")), limits=limits)) == [code]


def test_a_syntax_error_is_told_with_its_element_line_and_column() -> None:
    content = decision("A", text("1"))[:-11] + "</decision>\n" + decision("D", text("1 + * 2"))
    finding = read(content).findings[0]
    assert (finding.code, finding.severity, finding.element, finding.line) == ("feel-syntax", "error", "D", 2)
    assert "(line 1, column 5)" in finding.message
    assert finding.file == "model.dmn"


def test_a_faulty_decision_is_null_and_the_others_are_made() -> None:
    reading = read(decision("A", text("1 +")) + decision("B", text("2")))
    assert codes(reading) == ["feel-syntax"]
    assert reading.model is not None
    assert dmn.evaluate(reading.model, "B", {}).value == 2
    result = dmn.evaluate(reading.model, "A", {})
    assert (result.value, result.warnings[0].code) == (None, "syntax")


def test_an_unknown_name_is_told_with_the_one_that_was_meant() -> None:
    finding = read(data("amount") + decision("D", text("ammount + 1"), needs="<amount")).findings[0]
    assert (finding.code, finding.severity) == ("unknown-name", "warning")
    assert finding.message == "Nothing in scope is named 'ammount' (did you mean 'amount'?); it is null."


def test_names_of_parameters_iterators_entries_and_functions_are_known() -> None:
    logic = (
        f'<context><contextEntry><variable name="b"/>{text("a + 1")}</contextEntry>'
        f'<contextEntry><variable name="c"/><for iteratorVariable="x"><in>{text("[b]")}</in>'
        f"<return>{text('x + count(partial)')}</return></for></contextEntry>"
        f'<contextEntry><variable name="f"/><functionDefinition><formalParameter name="p"/>{text("f(p)")}'
        "</functionDefinition></contextEntry></context>"
    )
    assert codes(read(data("a") + decision("D", logic, needs="<a"))) == []


def test_a_model_without_input_data_leaves_open_what_it_is_given() -> None:
    assert codes(read(decision("D", text("season")))) == []


def test_an_expression_in_another_language_is_refused() -> None:
    logic = '<literalExpression expressionLanguage="javascript"><text>1</text></literalExpression>'
    assert codes(read(decision("D", logic))) == ["unsupported-language"]


@pytest.mark.parametrize("language", ["feel", "FEEL", "http://www.omg.org/spec/FEEL/20140401"])
def test_feel_is_known_by_all_its_names(language: str) -> None:
    logic = f'<literalExpression expressionLanguage="{language}"><text>1</text></literalExpression>'
    assert decide(decision("D", logic)) == 1


def test_values_from_another_file_are_refused() -> None:
    values = "<importedValues><importedElement>x</importedElement></importedValues>"
    logic = f"<literalExpression>{values}</literalExpression>"
    assert codes(read(decision("D", logic))) == ["imported-values"]


def test_tests_and_outputs_of_the_wrong_type_are_found() -> None:
    content = data("n") + decision(
        "D",
        table(
            ["n"],
            ['"x" => 1', '5 => "y"'],
            policy="FIRST",
            types=["number"],
            outputs='<output typeRef="number"/>',
        ),
        needs="<n",
    )
    findings = read(content).findings
    assert [finding.code for finding in findings] == ["types-never-meet"] * 2
    assert (
        findings[0].message == "The input 'n' is a number, and '\"x\"' asks for a string; it never matches."
    )


def test_priority_without_an_order_of_its_outputs_is_found() -> None:
    content = data("n") + decision("D", table(["n"], ["- => 1"], policy="PRIORITY"), needs="<n")
    assert codes(read(content)) == ["priority-without-order"]


def test_an_input_without_an_expression_is_found() -> None:
    content = decision("D", table(["n"], ["- => 1"]).replace("<text>n</text>", ""))
    assert codes(read(content)) == ["input-without-expression"]


def test_reading_twice_finds_the_same() -> None:
    content = data("n") + decision("D", table(["n"], ["< 5 => 1", "< 7 => 2"]), needs="<n")
    assert read(content).findings == read(content).findings != ()
