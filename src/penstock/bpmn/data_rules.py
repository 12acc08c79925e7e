"""The rules for what a file says about data and services (BPMN 8.4.10, 10.3, 10.4).

Types, sets and operations describe; a run asks for none of them. So what is wrong with them is a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from penstock.bpmn.beside import reference
from penstock.bpmn.coverage import COVERAGE
from penstock.bpmn.coverage.groups import EVENT_DEFINITIONS, GLOBAL_TASKS, TASKS
from penstock.bpmn.findings import Report, sentence
from penstock.bpmn.names import (
    BPMN,
    Xml,
    attribute,
    bpmn_child,
    bpmn_children,
    is_true,
    local_name,
    spot_of,
    text_of,
)

_Ids = Mapping[str, Xml]


def check_data(root: Xml, report: Report) -> None:
    """Report what the file says about data and services that BPMN does not allow."""
    ids = {identity: xml for xml in root.iter(f"{{{BPMN}}}*") if (identity := attribute(xml, "id"))}
    for rule in _RULES:
        rule(root, ids, report)


def _all(root: Xml, *names: str) -> Iterator[Xml]:
    return (xml for name in names for xml in root.iter(f"{{{BPMN}}}{name}"))


def _refs(xml: Xml | None, name: str) -> list[str]:
    """Give the references in the children of this name, without their prefixes."""
    return [] if xml is None else [text_of(child).rpartition(":")[2] for child in bpmn_children(xml, name)]


def _named(xml: Xml, name: str, ids: _Ids) -> Xml | None:
    """Give what an attribute refers to."""
    return ids.get(reference(attribute(xml, name)) or "")


def _what(xml: Xml) -> str:
    return f"{COVERAGE[local_name(xml)].what} '{attribute(xml, 'id') or attribute(xml, 'name') or ''}'"


# -- sets of data ----------------------------------------------------------------------------------

_DIRECTIONS: Final = (
    ("dataInput", "inputSet", "dataInputRefs"),
    ("dataOutput", "outputSet", "dataOutputRefs"),
)
_PARTS: Final = {
    "inputSet": ("dataInputRefs", "optionalInputRefs", "whileExecutingInputRefs"),
    "outputSet": ("dataOutputRefs", "optionalOutputRefs", "whileExecutingOutputRefs"),
}
_HOLDERS: Final = (
    *("ioSpecification", "startEvent", "intermediateCatchEvent", "boundaryEvent"),
    *("intermediateThrowEvent", "endEvent"),
)


def _data_is_in_a_set(root: Xml, _ids: _Ids, report: Report) -> None:
    for holder in _all(root, *_HOLDERS):
        for data, of, refs in _DIRECTIONS:
            listed = {ref for one in bpmn_children(holder, of) for ref in _refs(one, refs)}
            for xml in bpmn_children(holder, data):
                if attribute(xml, "id") not in listed:
                    report.warning(
                        "data-in-no-set",
                        spot_of(xml),
                        f"No {of} refers to {_what(xml)}.",
                        f"Name it in {refs} of one.",
                    )


def _sets_hold_their_parts(root: Xml, ids: _Ids, report: Report) -> None:
    for of, (refs, *parts) in _PARTS.items():
        for xml in _all(root, of):
            listed = set(_refs(xml, refs))
            for part in parts:
                for ref in _refs(xml, part):
                    if ref not in listed:
                        report.warning(
                            "data-set-part",
                            spot_of(xml),
                            f"{part} of {_what(xml)} names '{ref}', which its {refs} do not.",
                            f"Name it in {refs}, too.",
                        )
    _sets_refer_to_each_other(root, ids, report)


def _sets_refer_to_each_other(root: Xml, ids: _Ids, report: Report) -> None:
    for of, refs, back in (
        ("inputSet", "outputSetRefs", "inputSetRefs"),
        ("outputSet", "inputSetRefs", "outputSetRefs"),
    ):
        for xml in _all(root, of):
            for ref in _refs(xml, refs):
                if attribute(xml, "id") not in _refs(ids.get(ref), back):
                    report.warning(
                        "data-set-pair",
                        spot_of(xml),
                        f"The {of} '{attribute(xml, 'id') or ''}' refers to '{ref}', and not the other way.",
                        f"Add {back} to the other set, or remove the reference.",
                    )


# -- types of data ---------------------------------------------------------------------------------


def _item(xml: Xml | None, ids: _Ids) -> str | None:
    """Give the id of the item definition of what holds or carries data."""
    if xml is None:
        return None
    for through in ("dataObjectRef", "dataStoreRef"):
        if (held := _named(xml, through, ids)) is not None:
            return _item(held, ids)
    for name in ("itemSubjectRef", "itemRef", "structureRef"):
        if (found := reference(attribute(xml, name))) is not None:
            return found
    return None


def _collections_match_their_types(root: Xml, ids: _Ids, report: Report) -> None:
    for xml in _all(root, "dataObject", "dataInput", "dataOutput", "property"):
        said, item = attribute(xml, "isCollection"), _named(xml, "itemSubjectRef", ids)
        if said is None or item is None or local_name(item) != "itemDefinition":
            continue
        if is_true(said) is not is_true(attribute(item, "isCollection")):
            report.warning(
                "collection-differs",
                spot_of(xml),
                f"{sentence(_what(xml))} and its item definition differ on isCollection.",
                "Correct one of the two.",
            )


def _associations_move_one_type(root: Xml, ids: _Ids, report: Report) -> None:
    for xml in _all(root, "dataInputAssociation", "dataOutputAssociation"):
        sources, targets = _refs(xml, "sourceRef"), _refs(xml, "targetRef")
        if bpmn_child(xml, "transformation") is not None:
            continue
        if len(sources) > 1:
            report.warning(
                "data-association-sources",
                spot_of(xml),
                f"{sentence(_what(xml))} has {len(sources)} sources and no transformation of them.",
                "Add a transformation, or draw an association for each source.",
            )
        items = {_item(ids.get(ref), ids) for ref in (*sources, *targets)} - {None}
        if len(items) > 1 and bpmn_child(xml, "assignment") is None:
            report.warning(
                "data-association-types",
                spot_of(xml),
                f"The source and the target of {_what(xml)} have different item definitions.",
                "Give them the same one, or add a transformation.",
            )


def _references_say_their_state(root: Xml, ids: _Ids, report: Report) -> None:
    for xml in _all(root, "dataObjectReference"):
        held, state = _named(xml, "dataObjectRef", ids), bpmn_child(xml, "dataState")
        said, name = attribute(xml, "name"), attribute(held, "name") if held is not None else None
        if None in (said, name):
            continue
        wanted = f"{name} [{attribute(state, 'name') or ''}]" if state is not None else name
        if said != wanted and (state is not None or f"{said}".partition(" [")[0] != name):
            report.info(
                "data-object-name",
                spot_of(xml),
                f"{sentence(_what(xml))} is called {said!r}; by BPMN's convention it would be {wanted!r}.",
                "Name it by its data object, and by its state in brackets.",
            )


# -- what tasks, events and calls take and give ----------------------------------------------------


def _io(xml: Xml | None) -> Xml | None:
    return None if xml is None else bpmn_child(xml, "ioSpecification")


def _count(xml: Xml | None, name: str) -> int:
    return 0 if xml is None else len(list(bpmn_children(xml, name)))


def _items(xml: Xml | None, name: str, ids: _Ids) -> list[str | None]:
    return [] if xml is None else [_item(child, ids) for child in bpmn_children(xml, name)]


def _service_tasks_fit_their_operation(root: Xml, ids: _Ids, report: Report) -> None:
    for xml in _all(root, "serviceTask"):
        operation = _named(xml, "operationRef", ids)
        if operation is None:
            continue
        io = _io(xml)
        if _count(io, "inputSet") != 1 or _count(io, "outputSet") > 1:
            report.warning(
                "operation-data",
                spot_of(xml),
                f"{sentence(_what(xml))} needs one input set for its operation, and at most one output set.",
                "Correct its ioSpecification.",
            )
        for data, message in (("dataInput", "inMessageRef"), ("dataOutput", "outMessageRef")):
            for ref in _refs(operation, message):
                _same_item(xml, data, ids.get(ref), ids, report)


def _messages_fit_their_tasks(root: Xml, ids: _Ids, report: Report) -> None:
    for tag, of, data in (("sendTask", "inputSet", "dataInput"), ("receiveTask", "outputSet", "dataOutput")):
        for xml in _all(root, tag):
            message, io = _named(xml, "messageRef", ids), _io(xml)
            if message is None or io is None:
                continue
            if _count(io, of) > 1 or _count(io, data) > 1:
                report.warning(
                    "message-data",
                    spot_of(xml),
                    f"{sentence(_what(xml))} has one message: it has at most one {of} and one {data}.",
                    "Remove the others.",
                )
            _same_item(xml, data, message, ids, report)


def _same_item(xml: Xml, data: str, message: Xml | None, ids: _Ids, report: Report) -> None:
    wanted = _item(message, ids)
    found = _items(_io(xml), data, ids)
    if wanted is not None and found and wanted not in found:
        report.warning(
            "message-data",
            spot_of(xml),
            f"The {data} of {_what(xml)} has another item definition than its message.",
            "Give both the same one.",
        )


def _calls_fit_what_they_call(root: Xml, ids: _Ids, report: Report) -> None:
    for xml in _all(root, "callActivity"):
        called = _named(xml, "calledElement", ids)
        if called is None:
            continue
        mine, theirs = _io(xml), _io(called)
        if any(
            sorted(map(str, _items(mine, name, ids))) != sorted(map(str, _items(theirs, name, ids)))
            for name in ("dataInput", "dataOutput", "inputSet", "outputSet")
        ):
            report.warning(
                "call-data",
                spot_of(xml),
                f"The data that {_what(xml)} takes and gives is not that of what it calls.",
                "Give both the same inputs, outputs and sets.",
            )
        _called_begins_by_itself(xml, called, report)


def _called_begins_by_itself(xml: Xml, called: Xml, report: Report) -> None:
    starts = list(bpmn_children(called, "startEvent"))
    if local_name(called) == "process" and starts and all(map(_definitions, starts)):
        report.warning(
            "called-without-start",
            spot_of(xml),
            f"{sentence(_what(xml))} calls '{attribute(called, 'id')}', which has no plain start event.",
            "Draw a start event without a trigger in the called process.",
        )


def _definitions(event: Xml) -> list[Xml]:
    return [child for child in bpmn_children(event) if local_name(child) in EVENT_DEFINITIONS]


_CARRIERS: Final = ("messageRef", "signalRef", "errorRef", "escalationRef")


def _events_have_data_for_what_they_carry(root: Xml, ids: _Ids, report: Report) -> None:
    for tag in _HOLDERS[1:]:
        data = "dataInput" if tag in ("intermediateThrowEvent", "endEvent") else "dataOutput"
        for event in _all(root, tag):
            items, definitions = _items(event, data, ids), _definitions(event)
            if not items:
                continue
            carried = [
                next((_item(_named(it, name, ids), ids) for name in _CARRIERS if attribute(it, name)), None)
                for it in definitions
            ]
            fits = all(None in pair or pair[0] == pair[1] for pair in zip(items, carried, strict=False))
            if len(items) < len(definitions) or not fits:
                report.warning(
                    "event-data",
                    spot_of(event),
                    f"{sentence(_what(event))} needs a {data} of the same type for each event definition.",
                    "Add what is missing, or correct the item definitions.",
                )


def _services_are_bound(root: Xml, ids: _Ids, report: Report) -> None:
    for callable_ in _all(root, "process", *GLOBAL_TASKS):
        interfaces = [ids[ref] for ref in _refs(callable_, "supportedInterfaceRef") if ref in ids]
        bindings = list(bpmn_children(callable_, "ioBinding"))
        if interfaces and not bindings:
            report.warning(
                "io-binding",
                spot_of(callable_),
                f"{sentence(_what(callable_))} supports an interface and binds none of its operations.",
                "Add an ioBinding.",
            )
        io = _io(callable_)
        operations = {attribute(it, "id") for one in interfaces for it in bpmn_children(one, "operation")}
        for binding in bindings:
            ends = (
                (attribute(binding, "operationRef"), operations),
                (attribute(binding, "inputDataRef"), _ids_of(io, "dataInput", "inputSet")),
                (attribute(binding, "outputDataRef"), _ids_of(io, "dataOutput", "outputSet")),
            )
            if any(reference(named) not in known for named, known in ends):
                report.warning(
                    "io-binding",
                    spot_of(binding),
                    f"An ioBinding of {_what(callable_)} does not bind its input and output to an operation.",
                    "Name an operation of a supported interface, an input and an output.",
                )


def _ids_of(xml: Xml | None, *names: str) -> set[str | None]:
    return (
        set() if xml is None else {attribute(it, "id") for name in names for it in bpmn_children(xml, name)}
    )


# -- loops -----------------------------------------------------------------------------------------


def _loops_name_data_of_their_task(root: Xml, ids: _Ids, report: Report) -> None:
    for loop in _all(root, "multiInstanceLoopCharacteristics"):
        task = loop.getparent()
        if task is None or local_name(task) not in TASKS or _io(task) is None:
            continue  # where a task declares no data, the references are to variables
        pairs = (
            ("loopDataInputRef", "dataInput", "inputDataItem"),
            ("loopDataOutputRef", "dataOutput", "outputDataItem"),
        )
        for refs, data, one in pairs:
            for ref in _refs(loop, refs):
                if ref not in _ids_of(_io(task), data):
                    report.info(
                        "loop-data",
                        spot_of(loop),
                        f"The {refs} of {_what(task)} is '{ref}', which is no {data} of it.",
                        f"Name a {data} of the task, or use zeebe:loopCharacteristics.",
                    )
                elif not _is_one_of(bpmn_child(loop, one), ids[ref], ids):
                    report.warning(
                        "loop-data",
                        spot_of(loop),
                        f"The {one} of {_what(task)} is not of the type of what '{ref}' is a collection of.",
                        "Correct the item definitions.",
                    )


def _is_one_of(one: Xml | None, many: Xml, ids: _Ids) -> bool:
    """Tell whether the type of one item is that of what the other is a collection of."""
    scalar = None if one is None else _named(one, "itemSubjectRef", ids)
    collection = _named(many, "itemSubjectRef", ids)
    if scalar is None or collection is None:
        return True
    same = attribute(scalar, "structureRef") == attribute(collection, "structureRef")
    return (
        same
        and not is_true(attribute(scalar, "isCollection"))
        and is_true(attribute(collection, "isCollection"))
    )


_RULES: Final[tuple[Callable[[Xml, _Ids, Report], None], ...]] = (
    _data_is_in_a_set,
    _sets_hold_their_parts,
    _collections_match_their_types,
    _associations_move_one_type,
    _references_say_their_state,
    _service_tasks_fit_their_operation,
    _messages_fit_their_tasks,
    _calls_fit_what_they_call,
    _events_have_data_for_what_they_carry,
    _services_are_bound,
    _loops_name_data_of_their_task,
)
