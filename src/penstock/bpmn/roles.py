"""Who does a user task (BPMN 10.3.4): performers and potential owners, by name or by an expression.

A human performer is the one who does the task, potential owners are those who may. The standard leaves open
how an expression names them; most files write `user(ann), group(sales), ${boss}`, where a name alone is a
user as performer and a group as owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from penstock.bpmn.coverage import COVERAGE
from penstock.bpmn.findings import Report, sentence
from penstock.bpmn.names import (
    Spot,
    Xml,
    attribute,
    bpmn_child,
    bpmn_children,
    line_of,
    local_name,
    spot_of,
    text_of,
)
from penstock.bpmn.raw import Settings, Source
from penstock.bpmn.sources import is_feel_language
from penstock.bpmn.vendors.juel import NotTranslatable, looks_like_juel, quoted, template_to_feel

_READ: Final = ("performer", "humanPerformer", "potentialOwner")

_EXPRESSIONS: Final = ("formalExpression", "expression")

Kind = Literal["user", "group"]

_ENTRY: Final = re.compile(r"(?:(?P<kind>user|group)\s*\((?P<inner>[^()]*)\)|(?P<name>[^()]*))")


@dataclass(frozen=True, slots=True)
class _Named:
    """A person, a group, or an expression for some of either."""

    kind: Kind
    owner: bool
    """Whether they may do the task; one who performs it does."""
    feel: str
    line: int | None


def read_roles(xml: Xml, holder: str, settings: Settings, report: Report) -> None:
    """Read the roles of an activity or a global task; what a vendor's words say of the same goes before.

    Arguments:
        holder: the kind of activity, by its name in BPMN's schema.
    """
    roles = [role for name in _READ for role in bpmn_children(xml, name)]
    if holder != "userTask":
        report_unused(xml, report)
        return
    named = [it for role in roles for it in _named_by(role, report)]
    doers = [it for it in named if not it.owner]
    users = [it for it in named if it.kind == "user"]
    if len(doers) == 1 and doers[0].kind == "user":
        users.remove(doers[0])
        _set(settings, "assignee", doers, "the assignee", report, xml)
    _set(settings, "candidate_users", users, "the list of candidate users", report, xml)
    groups = [it for it in named if it.kind == "group"]
    _set(settings, "candidate_groups", groups, "the list of candidate groups", report, xml)


def report_unused(xml: Xml, report: Report) -> None:
    """Report the roles of what nobody is assigned to."""
    for role in (it for name in _READ for it in bpmn_children(xml, name)):
        local = local_name(role)
        report.info(
            "not-run",
            spot_of(role),
            f"{sentence(COVERAGE[local].what)} ({local}) has no effect here: only user tasks are assigned.",
            "Remove it, or move it to a user task.",
        )


def _set(settings: Settings, field: str, named: list[_Named], what: str, report: Report, xml: Xml) -> None:
    if not named:
        return
    said: Source | None = getattr(settings, field)
    if said is not None and not said.feel and field != "assignee":
        # Who may do the task is the one and the other.
        names = filter(None, map(str.strip, said.text.split(",")))
        named = [*(_Named("user", True, quoted(name), said.line) for name in names), *named]
    elif said is not None:
        report.info(
            "not-run",
            Spot(spot_of(xml).id, named[0].line),
            f"What the roles say of {what} has no effect, since an extension says it, too.",
            "Remove one of the two.",
        )
        return
    single = len(named) == 1
    feel = named[0].feel if single else f"flatten([{', '.join(it.feel for it in named)}])"
    setattr(settings, field, Source(feel, True, named[0].line, what))


def _named_by(role: Xml, report: Report) -> Iterator[_Named]:
    owner = local_name(role) == "potentialOwner"
    resource = bpmn_child(role, "resourceRef")
    assignment = bpmn_child(role, "resourceAssignmentExpression")
    if assignment is not None:
        yield from _assigned(assignment, owner, report)
    elif resource is not None:
        yield from _resource(resource, owner, report)


def _resource(xml: Xml, owner: bool, report: Report) -> Iterator[_Named]:
    """Give the group that is called as the resource is, since nobody keeps what else a resource might be."""
    reference = text_of(xml).rpartition(":")[2]
    root = xml.getroottree().getroot()
    found = next((it for it in bpmn_children(root, "resource") if attribute(it, "id") == reference), None)
    if found is None:
        report.warning(
            "unknown-reference",
            spot_of(xml),
            f"The resourceRef '{reference}' names no resource of this file, so it assigns nobody.",
            "Add a resource with this id beside the process, or name another one.",
        )
    else:
        name = attribute(found, "name") or reference
        yield _Named("group", owner, quoted(name), line_of(xml))


def _assigned(xml: Xml, owner: bool, report: Report) -> Iterator[_Named]:
    inner = next((it for it in bpmn_children(xml) if local_name(it) in _EXPRESSIONS), xml)
    text, language, line = text_of(inner), attribute(inner, "language"), line_of(inner)
    kind: Kind = "group" if owner else "user"
    if text.startswith("=") or (language is not None and is_feel_language(language)):
        yield _Named(kind, owner, text.removeprefix("=").strip(), line)
        return
    for entry in filter(None, map(str.strip, _entries(text))):
        match = _ENTRY.fullmatch(entry)
        if match is None:
            _not_read(entry, "it is neither a name nor user(...) or group(...)", inner, report)
            return
        name = (match["name"] or match["inner"]).strip()
        said: Kind = kind if match["kind"] is None else "user" if match["kind"] == "user" else "group"
        try:
            feel = template_to_feel(name) if looks_like_juel(name) else quoted(name)
        except NotTranslatable as reason:
            _not_read(entry, str(reason), inner, report)
            return
        yield _Named(said, owner, feel, line)


def _entries(text: str) -> Iterator[str]:
    """Cut at the commas that are outside of brackets."""
    depth, begin = 0, 0
    for at, character in enumerate(text):
        depth += (character in "({") - (character in ")}")
        if character == "," and depth == 0:
            yield text[begin:at]
            begin = at + 1
    yield text[begin:]


def _not_read(entry: str, reason: str, at: Xml, report: Report) -> None:
    report.warning(
        "resource-assignment",
        spot_of(at),
        f"The resource assignment {entry.strip()!r} cannot be read: {reason}. It assigns nobody.",
        "Write names such as user(ann), group(sales), or a FEEL expression with a leading =.",
    )
