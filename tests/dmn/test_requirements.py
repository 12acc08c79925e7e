"""Requirements: graphs, knowledge models, services and imports."""

from __future__ import annotations

import pytest

from penstock import dmn, feel
from tests.dmn.models import codes, data, decide, decision, file_of, model_of, read, table, text


def test_a_decision_sees_what_it_requires() -> None:
    content = data("a") + decision("B", text("a + 1"), needs="<a") + decision("D", text("B * 2"), needs="B")
    assert decide(content, a=4) == 10


def test_a_decision_does_not_see_an_element_that_it_does_not_require() -> None:
    reading = read(data("a") + decision("D", text("a")))
    assert codes(reading) == ["unknown-name"]
    assert reading.model is not None
    assert dmn.evaluate(reading.model, "D", {"a": 1}).value is None


def test_a_variable_that_is_no_element_is_seen_by_every_decision() -> None:
    assert decide(decision("D", text("season")), season="Winter") == "Winter"


def test_a_decision_that_several_require_is_made_once() -> None:
    content = (
        decision("A", table([], ["=> 1"]))
        + decision("B", text("A"), needs="A")
        + decision("C", text("A"), needs="A")
        + decision("D", text("A + B + C"), needs="C B A")
    )
    result = dmn.evaluate(model_of(content), "D", {})
    assert result.value == 3
    assert len(result.matched) == 1
    assert result.decisions == {"A": 1, "B": 1, "C": 1, "D": 3}


def test_a_decision_is_found_by_its_id_and_by_its_name() -> None:
    model = model_of(f'<decision id="_1" name="Total price">{text("7")}</decision>')
    assert dmn.evaluate(model, "_1", {}).value == dmn.evaluate(model, "Total price", {}).value == 7
    assert model.decisions["_1"] is model.decisions["Total price"]


def test_an_unknown_decision_is_an_error_with_a_hint() -> None:
    with pytest.raises(dmn.DmnError, match=r"there is no 'Totel'.*'Total'"):
        dmn.evaluate(model_of(decision("Total", text("1"))), "Totel", {})


def test_a_decision_without_logic_takes_the_value_that_the_caller_gives() -> None:
    content = decision("A", "", type="number") + decision("D", text("A + 1"), needs="A")
    assert decide(content, A=4) == 5
    assert decide(content) is None


def test_a_warning_names_the_decision_that_it_is_about() -> None:
    content = decision("A", text('1 + "x"')) + decision("D", text("A"), needs="A")
    warnings: list[feel.Warning] = []
    result = dmn.evaluate(model_of(content), "D", {}, warnings=warnings)
    assert result.warnings == tuple(warnings)
    assert result.warnings[0].message.startswith("decision 'A': ")


def test_names_with_spaces_and_operators_are_understood_where_they_are_in_scope() -> None:
    content = data("net price") + data("in-house") + decision("D", text("net price - in-house"), needs="")
    required = '<informationRequirement><requiredInput href="#net price"/></informationRequirement>'
    required += '<informationRequirement><requiredInput href="#in-house"/></informationRequirement>'
    content = content.replace("<literalExpression>", required + "<literalExpression>")
    model = model_of(content)
    assert dmn.evaluate(model, "D", {"net price": 5, "in-house": 2}).value == 3


def test_an_element_is_known_by_the_name_of_its_variable_too() -> None:
    """Camunda's Modeler lets the variable be called otherwise than its element."""
    content = (
        '<inputData id="_1" name="Guest Count"><variable name="guestCount"/></inputData>'
        '<decision id="_2" name="Large Party"><variable name="large"/>'
        '<informationRequirement><requiredInput href="#_1"/></informationRequirement>'
        f"{text('guestCount > 8 and Guest Count > 8')}</decision>"
    ) + decision("D", text("[large, Large Party]"), needs="_2")
    model = model_of(content)
    assert dmn.evaluate(model, "D", {"Guest Count": 9}).value == [True, True]
    assert dmn.evaluate(model, "D", {"guestCount": 9}).value == [True, True]


# -- cycles ----------------------------------------------------------------------------------------


def test_a_cycle_is_found_and_refused() -> None:
    content = (
        decision("A", text("B"), needs="B")
        + decision("B", text("C"), needs="C")
        + decision("C", text("A"), needs="A")
        + decision("E", text("1"))
    )
    reading = read(content)
    assert [finding.message for finding in reading.findings] == [
        "Decisions require themselves: 'A' requires 'B' requires 'C' requires 'A'."
    ]
    assert reading.model is not None
    with pytest.raises(dmn.DmnError, match="requires itself"):
        dmn.evaluate(reading.model, "B", {})
    assert dmn.evaluate(reading.model, "E", {}).value == 1


def test_a_long_chain_of_requirements_needs_no_stack() -> None:
    chain = [decision("d0", text("1"))]
    chain += [decision(f"d{n}", text(f"d{n - 1} + 1"), needs=f"d{n - 1}") for n in range(1, 3000)]
    assert decide("".join(reversed(chain)), "d2999") == 3000


def test_a_requirement_of_what_is_not_there_is_found() -> None:
    reading = read(decision("D", text("1"), needs="X <Y !Z"))
    assert codes(reading) == ["missing-requirement"] * 3
    assert reading.findings[0].element == "D"


def test_two_elements_with_one_id_are_found() -> None:
    assert codes(read(decision("D", text("1")) + decision("D", text("2")))) == ["duplicate-id"]


def test_two_elements_with_one_name_are_found() -> None:
    content = decision("D", text("1")) + decision("D", text("2")).replace('id="D"', 'id="E"')
    assert codes(read(content)) == ["duplicate-name"]


# -- business knowledge models ---------------------------------------------------------------------


def requiring(href: str, content: str) -> str:
    """Let the decision of a file require a knowledge model whose id has spaces in it."""
    required = f'<knowledgeRequirement><requiredKnowledge href="{href}"/></knowledgeRequirement>'
    return content.replace("<literalExpression>", required + "<literalExpression>")


def knowledge(name: str, parameters: str, body: str, needs: str = "", type: str = "") -> str:
    """Give a business knowledge model; parameters are written `a:number b`."""
    formal = "".join(
        f'<formalParameter name="{each.partition(":")[0]}" {_typed(each.partition(":")[2])}/>'
        for each in parameters.split()
    )
    required = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{each}"/></knowledgeRequirement>'
        for each in needs.split()
    )
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}" {_typed(type)}/>'
        f"<encapsulatedLogic>{formal}{text(body)}</encapsulatedLogic>{required}</businessKnowledgeModel>"
    )


def _typed(type: str) -> str:
    return f'typeRef="{type}"' if type else ""


def test_a_knowledge_model_is_a_function_of_its_parameters() -> None:
    content = knowledge("double", "x:number", "x * 2") + decision("D", text("double(4)"), needs="!double")
    assert decide(content) == 8


def test_a_knowledge_model_sees_those_that_it_requires_and_nothing_of_its_caller() -> None:
    content = (
        data("a")
        + knowledge("inner", "x", "x + 1")
        + knowledge("outer", "x", "if a = null then inner(x) else a", "inner")
        + decision("D", text("outer(a)"), needs="<a !outer")
    )
    reading = read(content)
    assert codes(reading) == ["unknown-name"]
    assert reading.model is not None
    assert dmn.evaluate(reading.model, "D", {"a": 4}).value == 5


def test_a_knowledge_model_may_call_itself_within_the_limit_of_depth() -> None:
    content = knowledge("sum to", "n", "if n = 0 then 0 else n + sum to(n - 1)")
    content += requiring("#sum to", decision("D", text("sum to(n)")))
    assert decide(content, n=10) == 55
    with pytest.raises(dmn.DmnError, match="'D' was not decided"):
        decide(content, n=1_000_000)


@pytest.mark.parametrize("call", ['double("x")', "double()", "double(1, 2)", "double(y: 1)"])
def test_a_call_with_arguments_that_do_not_fit_is_null(call: str) -> None:
    content = knowledge("double", "x:number", "1") + decision("D", text(call), needs="!double")
    assert decide(content) is None


def test_a_result_that_does_not_fit_the_type_of_the_knowledge_model_is_null() -> None:
    content = knowledge("f", "x", "x", type="number") + decision("D", text("f(a)"), needs="!f")
    assert decide(content, a=1) == 1
    assert decide(content, a="x") is None


def test_a_knowledge_model_can_be_called_by_itself() -> None:
    model = model_of(knowledge("double", "x:number", "x * 2"))
    assert dmn.evaluate(model, "double", {"x": 4}, service=True).value == 8


# -- decision services -----------------------------------------------------------------------------

_SERVICE = (
    data("a", "number")
    + decision("In", text("100"))
    + decision("Half", text("a / 2"), needs="<a")
    + decision("Out", text("Half + In"), needs="Half In")
    + '<decisionService id="S" name="S"><variable name="S"/><outputDecision href="#Out"/>'
    '<encapsulatedDecision href="#Half"/><inputDecision href="#In"/><inputData href="#a"/></decisionService>'
)


def test_a_service_decides_its_output_on_its_arguments_alone() -> None:
    result = dmn.evaluate(model_of(_SERVICE), "S", {"a": 4, "In": 1}, service=True)
    assert result.value == 3
    assert result.decisions == {"Half": 2, "Out": 3}


@pytest.mark.parametrize(
    ("call", "expected"), [("S(4, 1)", 3), ("S(In: 1, a: 4)", 3), ("S(4)", None), ('S("x", 1)', None)]
)
def test_a_service_is_a_function_of_its_input_data_and_then_its_input_decisions(
    call: str, expected: object
) -> None:
    assert decide(_SERVICE + decision("D", text(call), needs="!S")) == expected


def test_a_service_called_in_the_midst_of_a_decision_leaves_its_other_values_alone() -> None:
    content = _SERVICE + decision("D", text("[Half, S(4, 1), Half]"), needs="Half !S")
    assert decide(content, a=10) == [5, 3, 5]


def test_a_service_with_several_outputs_gives_a_context() -> None:
    content = _SERVICE.replace(
        '<outputDecision href="#Out"/>', '<outputDecision href="#Out"/><outputDecision href="#Half"/>'
    )
    result = dmn.evaluate(model_of(content), "S", {"a": 4, "In": 1}, service=True)
    assert result.value == {"Out": 3, "Half": 2}


def test_a_service_that_leaves_out_a_decision_is_found() -> None:
    content = _SERVICE.replace('<encapsulatedDecision href="#Half"/>', "")
    reading = read(content)
    assert codes(reading) == ["not-encapsulated"]
    assert "'Half'" in reading.findings[0].message
    assert codes(read(_SERVICE)) == []


def test_an_unknown_service_is_an_error() -> None:
    with pytest.raises(dmn.DmnError, match="there is no 'X'"):
        dmn.evaluate(model_of(_SERVICE), "X", {}, service=True)


# -- imports ---------------------------------------------------------------------------------------

_KIND = "https://www.omg.org/spec/DMN/20230324/MODEL/"
_LIBRARY = (
    '<itemDefinition name="tAge"><typeRef>number</typeRef></itemDefinition>'
    + data("who", "string")
    + decision("Greeting", text('"Hello, " + who'), needs="<who")
    + knowledge("next one", "n:tAge", "n + 1")
)


def importing(name: str, content: str, *more: str) -> str:
    """Give a file that imports the library under some names."""
    imports = "".join(
        f'<import name="{each}" namespace="urn:lib" importType="{_KIND}"/>' for each in (name, *more)
    )
    return imports + content


def library(namespace: str, location: str | None) -> dmn.Model | None:
    """Find the library."""
    return dmn.read(file_of(_LIBRARY, namespace="urn:lib")).model if namespace == "urn:lib" else None


def test_an_imported_decision_is_known_by_the_name_of_its_import() -> None:
    model = model_of(
        importing("lib", decision("D", text('lib.Greeting + "!"'), needs="urn:lib#Greeting")), imports=library
    )
    result = dmn.evaluate(model, "D", {"lib": {"who": "Ann"}})
    assert result.value == "Hello, Ann!"
    assert result.decisions["lib.Greeting"] == "Hello, Ann"


def test_imported_functions_and_types_are_known_too() -> None:
    content = importing(
        "lib", data("age", "lib.tAge") + decision("D", text("lib.next one(age)"), needs="<age")
    )
    content = requiring("urn:lib#next one", content)
    model = model_of(content, imports=library)
    assert dmn.evaluate(model, "D", {"age": 4}).value == 5
    assert dmn.evaluate(model, "D", {"age": "x"}).value is None


def test_an_import_without_a_name_brings_its_elements_as_they_are() -> None:
    model = model_of(
        importing("", decision("D", text('Greeting + "!"'), needs="urn:lib#Greeting")), imports=library
    )
    assert dmn.evaluate(model, "D", {"who": "Ann"}).value == "Hello, Ann!"


def test_two_imports_without_a_name_may_stand_beside_each_other() -> None:
    def named(namespace: str, location: str | None) -> dmn.Model | None:
        return dmn.read(file_of(decision(namespace[-1], text("1")), namespace=namespace)).model

    imports = "".join(f'<import name="" namespace="urn:{each}" importType="{_KIND}"/>' for each in "ab")
    content = imports + decision("D", text("a + b"), needs="urn:a#a urn:b#b")
    assert dmn.evaluate(model_of(content, imports=named), "D", {}).value == 2


def test_a_model_imported_by_two_models_may_be_given_different_data_in_each() -> None:
    def middle(namespace: str, location: str | None) -> dmn.Model | None:
        content = importing("lib", decision("G", text("lib.Greeting"), needs="urn:lib#Greeting"))
        return dmn.read(file_of(content, namespace=namespace), imports=library).model

    imports = "".join(f'<import name="{each}" namespace="urn:{each}" importType="{_KIND}"/>' for each in "ab")
    content = imports + decision("D", text("[a.G, b.G]"), needs="urn:a#G urn:b#G")
    variables = {"a": {"lib": {"who": "Ann"}}, "b": {"lib": {"who": "Bo"}}}
    assert dmn.evaluate(model_of(content, imports=middle), "D", variables).value == [
        "Hello, Ann",
        "Hello, Bo",
    ]


def test_a_missing_import_is_found_with_all_that_needs_it() -> None:
    reading = read(importing("lib", decision("D", text("1"), needs="urn:lib#Greeting")))
    assert codes(reading) == ["missing-import", "missing-requirement"]
