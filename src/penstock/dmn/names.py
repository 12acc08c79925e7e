"""The XML names of DMN 1.1 to 1.5, and how its reader finds children.

The namespaces change with each version and the words hardly do, so that one reader serves all of them. Kept
in one place so that no other file of the reader spells a namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.xml import Xml, elements_of, local_name, namespace_of

VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
"""The namespace of each version that is read."""

FEEL_LANGUAGES = frozenset(
    (
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
        "feel",
    )
)
"""How `expressionLanguage`, the prefix of a type and the tools spell FEEL; compared in lower case where they
are words.
"""

ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA = "http://camunda.org/schema/1.0/dmn"


def children(xml: Xml, *locals: str) -> Iterator[Xml]:
    """Give the child elements in DMN's own namespace that have one of these names."""
    return (
        child for child in elements_of(xml) if namespace_of(child) in VERSIONS and local_name(child) in locals
    )


def child(xml: Xml, *locals: str) -> Xml | None:
    """Give the first child element in DMN's own namespace that has one of these names."""
    return next(children(xml, *locals), None)


def is_feel(language: str | None) -> bool:
    """Tell whether an expression language is FEEL; none at all is the default, which is FEEL (7.3.1)."""
    return language is None or language in FEEL_LANGUAGES or language.lower() in FEEL_LANGUAGES
