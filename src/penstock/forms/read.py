"""Read a form file: JSON to a `Form`, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args

import msgspec

from penstock import feel
from penstock.findings import Finding, Report
from penstock.forms.model import Bound, Field, FieldType, Form, Group, Moment, Options
from penstock.forms.read_rules import read_rules
from penstock.forms.values import number_of, options_of

LARGEST: Final = 1_000_000
"""Bytes of a file."""
DEEPEST: Final = 20
"""Groups within groups."""
SCHEMA_VERSION: Final = 19
"""The newest version of form-js's schema that these rules were written for."""

_FIELDS: Final[Mapping[str, FieldType]] = {name: name for name in get_args(FieldType)}
_SHOWN: Final = frozenset(
    ("button", "documentPreview", "html", "iframe", "image", "separator", "spacer", "table", "text")
)
"""The components that hold no value."""
_MOMENTS: Final[Mapping[str, Moment]] = {"date": "date", "time": "time", "datetime": "datetime"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds, and all that is to be said about it."""

    form: Form | None
    """None where the file has errors."""
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the file from being deployed."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


@dataclass(frozen=True, slots=True)
class At:
    """The place of a finding: JSON that was decoded has no lines, so a component is named by its id."""

    id: str | None
    line: int | None = None


def read(data: bytes, *, file: str = "") -> Reading:
    """Read a form in the JSON of form-js.

    Whatever the bytes are, the answer is a `Reading`; nothing is raised for them.

    Arguments:
        data: the bytes of the file.
        file: its name, for the findings.
    """
    report = Report(file)
    schema = _json(data, report)
    if schema is None:
        return Reading(None, report.findings())
    form = _Reader(report).form(schema)
    return Reading(None if report.failed else form, report.findings())


def _json(data: bytes, report: Report) -> dict[str, Any] | None:
    if len(data) > LARGEST:
        message = f"The file has {len(data):,} bytes; a form may have {LARGEST:,}."
        report.error("too-large", None, message, "Divide the form, or load what it shows from variables.")
        return None
    try:
        schema = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as reason:
        report.error("not-json", None, f"The file is no JSON: {reason}.", "Save it again in a form editor.")
        return None
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        message = "The file is no form: it has no list of components."
        report.error("not-form", None, message, "Export it from a form editor as the JSON of form-js.")
        return None
    return schema


@dataclass(slots=True)
class _Reader:
    report: Report
    taken: dict[tuple[str, ...], str] = field(default_factory=dict)
    """By its whole path, the component that holds a value there."""

    def form(self, schema: dict[str, Any]) -> Form | None:
        id = schema.get("id")
        if not isinstance(id, str) or not id.strip():
            message = "The form has no id, so no task could name it."
            self.report.error("missing-id", None, message, 'Give it an "id", such as "claim".')
            return None
        version = schema.get("schemaVersion")
        if isinstance(version, int) and version > SCHEMA_VERSION:
            message = f"The form has schema version {version}; Penstock knows those to {SCHEMA_VERSION}."
            self.report.warning(
                "newer-schema", At(id), message, "See that its rules are checked as you mean."
            )
        components = self._components(schema["components"], (), 1)
        name, tag = _text(schema, "name"), _text(schema, "versionTag")
        return Form(id, name, tag, Group((), components))

    def _components(self, found: list[Any], around: tuple[str, ...], depth: int) -> tuple[Field | Group, ...]:
        if depth > DEEPEST:
            message = f"The form has groups in groups more than {DEEPEST} deep."
            self.report.error("nested-too-deep", None, message, "Take groups out of each other.")
            return ()
        read = (self._component(each, around, depth) for each in found)
        return tuple(each for each in read if each is not None)

    def _component(self, found: Any, around: tuple[str, ...], depth: int) -> Field | Group | None:
        if not isinstance(found, dict) or not isinstance(found.get("type"), str):
            message = "A component of the form has no type."
            self.report.error("not-form", None, message, "Save the form again in a form editor.")
            return None
        at, type = At(_text(found, "id") or _text(found, "key")), found["type"]
        if type in _FIELDS:
            return self._field(found, _FIELDS[type], at, around)
        if type in ("group", "dynamiclist"):
            return self._group(found, at, around, depth)
        if type == "filepicker":
            message = "The form asks for files, and Penstock keeps none yet."
            self.report.error("unsupported-component", at, message, "Ask for a link to the file instead.")
        elif type not in _SHOWN:
            message = f"Penstock knows no component of the type '{type}'."
            self.report.error("unknown-component", at, message, "Use one of the components of form-js 1.23.")
        return None

    # -- groups and fields -------------------------------------------------------------------------

    def _group(self, found: dict[str, Any], at: At, around: tuple[str, ...], depth: int) -> Group | None:
        repeats = found["type"] == "dynamiclist"
        path = _path(_text(found, "path"))
        if repeats and not path:
            message = "A dynamic list has no path, so its items have no place."
            self.report.error("missing-path", at, message, "Give it the name of a list as its path.")
            return None
        if repeats:
            self._take((*around, *path), at)
        components = found.get("components") or []
        if not isinstance(components, list):
            message = "The components of a group are no list."
            self.report.error("not-form", at, message, "Save the form again in a form editor.")
            return None
        inside = (*around, *path, "[]") if repeats else (*around, *path)
        return Group(path, self._components(components, inside, depth + 1), self._hide(found, at), repeats)

    def _field(self, found: dict[str, Any], type: FieldType, at: At, around: tuple[str, ...]) -> Field | None:
        path = _path(_text(found, "key"))
        if not path:
            message = f"A {type} has no key, so its value has no place."
            self.report.error("missing-key", at, message, "Give it the name of a variable as its key.")
            return None
        self._take((*around, *path), at)
        read_only = found.get("readonly", False)
        subtype = found.get("subtype", "date")
        return Field(
            type=type,
            label=_label(found, type) or ".".join(path),
            path=path,
            hide=self._hide(found, at),
            disabled=found.get("disabled") is True,
            readonly=self.expression(read_only, at, "readonly") or read_only is True,
            rules=read_rules(found, type, at, self.report, self._bound),
            options=self._options(found, at) if type in ("radio", "select", "checklist", "taglist") else None,
            moment=_MOMENTS.get(subtype if isinstance(subtype, str) else "", "date"),
            computed=self.expression(found.get("expression"), at, "expression"),
            default=feel.from_python(found.get("defaultValue")),
        )

    def _take(self, path: tuple[str, ...], at: At) -> None:
        """Claim a place: a value has one component, and none lies within another's."""
        for length in range(1, len(path)):
            if path[:length] in self.taken and path[length] != "[]":
                self._clash(path[:length], at)
                return
        if path in self.taken:
            self._clash(path, at)
        self.taken.setdefault(path, at.id or "")

    def _clash(self, path: tuple[str, ...], at: At) -> None:
        name = ".".join(path).replace(".[]", "[]")
        message = f"'{name}' is the place of '{self.taken[path]}' already."
        self.report.error("key-twice", at, message, "Give each component a key of its own.")

    # -- expressions -------------------------------------------------------------------------------

    def expression(self, value: object, at: At, what: str) -> feel.Expression | None:
        """Compile what begins with an equals sign; anything else is no expression."""
        if not isinstance(value, str) or not value.startswith("=") or not value[1:].strip():
            return None
        try:
            return feel.compile(value[1:])
        except feel.FeelSyntaxError as reason:
            message = f"The {what} `{value}` is no FEEL expression: {reason}."
            self.report.error("bad-expression", at, message, "Correct the expression.")
            return None

    def _hide(self, found: dict[str, Any], at: At) -> feel.Expression | None:
        conditional = found.get("conditional")
        if not isinstance(conditional, dict) or not conditional.get("hide"):
            return None
        hide = conditional["hide"]
        if isinstance(hide, str) and not hide.startswith("="):
            hide = f"={hide}"
        return self.expression(hide, at, "condition to hide")

    def _bound(self, value: object, at: At, what: str) -> Bound | None:
        if isinstance(value, str) and value.startswith("="):
            return self.expression(value, at, what)
        if value is None or value == "":
            return None
        number = number_of(feel.from_python(value))
        if number is None:
            message = f"The rule {what} is {value!r}, which is no number."
            self.report.error("bad-rule", at, message, "Give a number, or an expression that begins with =.")
        return number

    def _options(self, found: dict[str, Any], at: At) -> Options | None:
        fixed, variable = found.get("values"), _text(found, "valuesKey")
        if isinstance(fixed, list):
            return Options(fixed=tuple(options_of(fixed)))
        if variable:
            return Options(variable=_path(variable))
        expression = self.expression(found.get("valuesExpression"), at, "expression for the options")
        return None if expression is None else Options(expression=expression)


def _text(found: Mapping[str, Any], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _path(text: str | None) -> tuple[str, ...]:
    return tuple(text.strip().split(".")) if text else ()


def _label(found: Mapping[str, Any], type: FieldType) -> str | None:
    names = ("dateLabel", "timeLabel") if type == "datetime" else ("label",)
    return next(filter(None, (_text(found, name) for name in (*names, "label"))), None)
