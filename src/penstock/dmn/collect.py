"""XML to the requirements graph as it is written (DMN 1.5, chapters 6 and 7)."""

from __future__ import annotations

from collections.abc import Iterator

from penstock.dmn.collect_boxed import boxed_in, function_of
from penstock.dmn.names import CAMUNDA, VERSIONS, ZEEBE, child, children
from penstock.dmn.raw import (
    Decision,
    Definitions,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
    KnowledgeModel,
    Reference,
    Service,
)
from penstock.dmn.texts import Reader, literal_of, name_of, resolve_type, type_of, variable_of
from penstock.findings import Report
from penstock.xml import Xml, attribute, elements_of, is_true, namespace_of, spot_of


def collect(root: Xml, report: Report) -> Definitions:
    """Give what a file holds, from its root `definitions`."""
    imports = tuple(_imports(root))
    namespace = attribute(root, "namespace") or ""
    reader = Reader(
        report,
        namespace,
        {each.namespace: each.name for each in imports},
        attribute(root, "expressionLanguage"),
    )
    return Definitions(
        id=attribute(root, "id"),
        name=name_of(root) or attribute(root, "id") or "",
        namespace=namespace,
        version=VERSIONS[namespace_of(root)],
        version_tag=_version_tag(root),
        imports=imports,
        types=tuple(_item(xml, reader) for xml in children(root, "itemDefinition")),
        inputs=tuple(_input_data(xml, reader) for xml in children(root, "inputData")),
        decisions=tuple(_decision(xml, reader) for xml in children(root, "decision")),
        knowledge=tuple(_knowledge(xml, reader) for xml in children(root, "businessKnowledgeModel")),
        services=tuple(_service(xml, reader) for xml in children(root, "decisionService")),
    )


def _imports(root: Xml) -> Iterator[Import]:
    for xml in children(root, "import"):
        # Other kinds of import, of XML schemas and PMML, bring no decisions.
        if attribute(xml, "importType") in VERSIONS:
            yield Import(
                name_of(xml) or "",
                attribute(xml, "namespace") or "",
                attribute(xml, "locationURI"),
                spot_of(xml),
            )


def _version_tag(xml: Xml) -> str | None:
    for holder in children(xml, "extensionElements"):
        for extension in elements_of(holder):
            if extension.tag == f"{{{ZEEBE}}}versionTag":
                return attribute(extension, "value")
    return attribute(xml, f"{{{CAMUNDA}}}versionTag")


def _item(xml: Xml, reader: Reader) -> ItemDefinition:
    function = child(xml, "functionItem")
    return ItemDefinition(
        name=name_of(xml) or "",
        type=type_of(xml, reader),
        collection=is_true(attribute(xml, "isCollection")),
        allowed=literal_of(child(xml, "allowedValues"), reader),
        constraint=literal_of(child(xml, "typeConstraint"), reader),
        components=tuple(_item(component, reader) for component in children(xml, "itemComponent")),
        function=None if function is None else _function_item(function, reader),
        at=spot_of(xml),
    )


def _function_item(xml: Xml, reader: Reader) -> FunctionItem:
    result = attribute(xml, "outputTypeRef")
    return FunctionItem(
        tuple(type_of(parameter, reader) for parameter in children(xml, "parameters")),
        None if result is None else resolve_type(result, xml, reader),
    )


def _identity(xml: Xml, reader: Reader) -> tuple[str, str]:
    """Give id and name of an element; where one is missing, the other stands for it."""
    id, name = attribute(xml, "id"), name_of(xml)
    if id is None and name is None:
        reader.report.error(
            "element-without-name",
            spot_of(xml),
            "The element has neither an id nor a name, so that nothing can refer to it.",
            "Give it both.",
        )
    return id or name or "", name or id or ""


def _input_data(xml: Xml, reader: Reader) -> InputData:
    id, name = _identity(xml, reader)
    return InputData(id, variable_of(xml, name, reader))


def _decision(xml: Xml, reader: Reader) -> Decision:
    id, name = _identity(xml, reader)
    return Decision(
        id=id,
        name=name,
        variable=variable_of(xml, name, reader),
        requires=_required(xml, "informationRequirement", reader),
        knows=_required(xml, "knowledgeRequirement", reader),
        logic=boxed_in(xml, reader),
        version_tag=_version_tag(xml),
        at=spot_of(xml),
    )


def _knowledge(xml: Xml, reader: Reader) -> KnowledgeModel:
    id, name = _identity(xml, reader)
    logic = child(xml, "encapsulatedLogic")
    return KnowledgeModel(
        id=id,
        name=name,
        variable=variable_of(xml, name, reader),
        logic=None if logic is None else function_of(logic, reader),
        knows=_required(xml, "knowledgeRequirement", reader),
        at=spot_of(xml),
    )


def _service(xml: Xml, reader: Reader) -> Service:
    id, name = _identity(xml, reader)
    return Service(
        id=id,
        name=name,
        variable=variable_of(xml, name, reader),
        outputs=_references(xml, "outputDecision", reader),
        encapsulated=_references(xml, "encapsulatedDecision", reader),
        input_decisions=_references(xml, "inputDecision", reader),
        input_data=_references(xml, "inputData", reader),
        at=spot_of(xml),
    )


def _required(xml: Xml, requirement: str, reader: Reader) -> tuple[Reference, ...]:
    return tuple(
        reference
        for holder in children(xml, requirement)
        for word in ("requiredInput", "requiredDecision", "requiredKnowledge")
        for reference in _references(holder, word, reader)
    )


def _references(xml: Xml, word: str, reader: Reader) -> tuple[Reference, ...]:
    return tuple(_reference(element, reader) for element in children(xml, word))


def _reference(xml: Xml, reader: Reader) -> Reference:
    namespace, _, id = (attribute(xml, "href") or "").rpartition("#")
    at = spot_of(xml)
    return Reference(None if namespace in ("", reader.namespace) else namespace, id, at)
