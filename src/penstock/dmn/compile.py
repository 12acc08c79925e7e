"""A file as it is written to a model: every expression compiled once, every reference resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from penstock.dmn import raw
from penstock.dmn.boxed import compile_body, compile_boxed, parameters_of, result_type
from penstock.dmn.functions import Parameter
from penstock.dmn.link import Links
from penstock.dmn.meeting import report_constant
from penstock.dmn.model import (
    Decision,
    Elements,
    Imported,
    InputData,
    KnowledgeModel,
    Link,
    Model,
    Service,
)
from penstock.dmn.scope import NO_MEMBERS, Names
from penstock.dmn.typed import refused, typed
from penstock.dmn.types import Types
from penstock.findings import Report


def compile_model(definitions: raw.Definitions, imports: Mapping[str, Imported], report: Report) -> Model:
    """Compile a whole file, and report what is wrong with it.

    Args:
        definitions: the file as it is written.
        imports: the imported models that there are, by their namespaces.
        report: takes what is wrong.
    """
    types = Types(definitions, [(each.name, each.model.types) for each in imports.values()], report)
    names = Names(types, report, closed=bool(definitions.inputs))
    links = Links(definitions, imports, report)
    elements: tuple[raw.Element, ...] = (
        *definitions.inputs,
        *definitions.decisions,
        *definitions.knowledge,
        *definitions.services,
    )
    return Model(
        id=definitions.id,
        name=definitions.name,
        namespace=definitions.namespace,
        version=definitions.version,
        version_tag=definitions.version_tag,
        inputs=Elements(tuple(_input(each, names) for each in definitions.inputs)),
        decisions=Elements(
            tuple(_decision(each, definitions.version_tag, links, names) for each in definitions.decisions)
        ),
        knowledge=Elements(tuple(_knowledge(each, links, names) for each in definitions.knowledge)),
        services=Elements(tuple(_service(each, links, names) for each in definitions.services)),
        imports=imports,
        types=types,
        declared=frozenset(
            (
                *(each.variable.name for each in elements),
                *(each.variable.alias for each in elements if each.variable.alias),
                *(each.name for each in definitions.imports),
            )
        ),
    )


def _input(element: raw.InputData, names: Names) -> InputData:
    variable = element.variable
    type = names.type(variable.type, variable.at)
    return InputData(element.id, variable.name, variable.alias, type, variable.at.line)


def _decision(element: raw.Decision, version_tag: str | None, links: Links, names: Names) -> Decision:
    required = links.resolve((*element.requires, *element.knows))
    type = names.type(element.variable.type, element.at)
    run = None
    if element.logic is not None:
        inner = names.within(links.scope(required, names.types))
        run = typed(compile_boxed(element.logic, inner, element.at), type)
        if isinstance(element.logic, raw.Literal) and type is not None:
            report_constant(element.logic, type, names)
    return Decision(
        id=element.id,
        name=element.name,
        version_tag=element.version_tag or version_tag,
        links=required,
        run=run,
        type=type,
        table=element.logic if isinstance(element.logic, raw.Table) else None,
        line=element.at.line,
    )


def _knowledge(element: raw.KnowledgeModel, links: Links, names: Names) -> KnowledgeModel:
    required = links.resolve(element.knows)
    if element.logic is None:
        run, parameters = refused("no-expression", f"'{element.name}' has no logic"), ()
        return KnowledgeModel(element.id, element.name, required, parameters, None, run, element.at.line)
    # A function may call itself (10.3.2.13.2), so that its own name is in scope.
    inner = names.within({**links.scope(required, names.types), element.name: NO_MEMBERS})
    type = result_type(element.variable.type, element.at, names)
    run = typed(compile_body(element.logic, inner), type)
    return KnowledgeModel(
        element.id,
        element.name,
        required,
        parameters_of(element.logic.parameters, names),
        type,
        run,
        element.at.line,
    )


def _service(element: raw.Service, links: Links, names: Names) -> Service:
    inputs = links.resolve((*element.input_data, *element.input_decisions))
    return Service(
        id=element.id,
        name=element.name,
        outputs=_decisions(element.outputs, links),
        encapsulated=_decisions(element.encapsulated, links),
        inputs=tuple((link, Parameter(link.name, links.type(link, names.types))) for link in inputs),
        type=result_type(element.variable.type, element.at, names),
        line=element.at.line,
    )


def _decisions(references: Iterable[raw.Reference], links: Links) -> tuple[Link, ...]:
    return tuple(link for link in links.resolve(references) if link.kind == "decision")
