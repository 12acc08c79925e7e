"""What collecting a DMN file means by a name, a type and a text: shared by the collectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from penstock.dmn.names import VERSIONS, child, is_feel
from penstock.dmn.raw import Literal, Variable
from penstock.feel.lexer import collapse
from penstock.findings import Report
from penstock.xml import Xml, attribute, spot_of, text_of


@dataclass(frozen=True, slots=True)
class Reader:
    """What the collectors need to know of the file they walk through."""

    report: Report
    namespace: str
    """The namespace of the model itself."""
    prefixes: Mapping[str, str]
    """The name of the import of each imported namespace."""
    language: str | None
    """The expression language of the file, where an element names none."""


def name_of(xml: Xml) -> str | None:
    """Give the name of an element as FEEL knows it, with single spaces."""
    name = attribute(xml, "name")
    return None if name is None else collapse(name)


def type_of(xml: Xml, reader: Reader) -> str | None:
    """Give the type that an element names, as an attribute or, in item definitions, as an element."""
    text = attribute(xml, "typeRef")
    if text is None and (element := child(xml, "typeRef")) is not None:
        text, xml = text_of(element), element
    return resolve_type(text, xml, reader) if text else None


def resolve_type(text: str, xml: Xml, reader: Reader) -> str:
    """Give a type's name as FEEL knows it: DMN 1.1 wrote it with a prefix of XML, later versions do not."""
    prefix, colon, local = text.partition(":")
    namespace = xml.nsmap.get(prefix) if colon else None
    if namespace is None:
        return collapse(local) if colon and prefix == "feel" else collapse(text)
    if is_feel(namespace) or namespace == reader.namespace or namespace in VERSIONS:
        return collapse(local)
    imported = reader.prefixes.get(namespace)
    return collapse(f"{imported}.{local}" if imported else local)


def literal_of(xml: Xml | None, reader: Reader) -> Literal | None:
    """Give the text of a literal expression, an entry or unary tests; None where there is none."""
    holder = None if xml is None else child(xml, "text")
    text = "" if holder is None else text_of(holder)
    if xml is None or not text:
        return None
    language = attribute(xml, "expressionLanguage") or reader.language
    return Literal(text, type_of(xml, reader), spot_of(xml), None if is_feel(language) else language)


def variable_of(xml: Xml, name: str, reader: Reader) -> Variable:
    """Give the information item of an element: its `variable`, or one of the element's own name.

    The element's name counts (6.3.7: both must be the same), and the variable gives the type. Where a tool
    lets them differ, as Camunda's Modeler does, expressions may use either.
    """
    holder = child(xml, "variable")
    if holder is None:
        return Variable(name, None, spot_of(xml))
    own = name_of(holder)
    return Variable(name, type_of(holder, reader), spot_of(xml), own if own and own != name else None)
