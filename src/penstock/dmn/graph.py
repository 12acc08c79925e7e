"""What is judged of the requirements as a whole: cycles, and services that leave something out."""

from __future__ import annotations

from penstock.dmn.model import Decision, Model, Service
from penstock.findings import Report
from penstock.xml import Spot


def report_cycles(model: Model, report: Report) -> None:
    """Report each cycle of decisions once, with their names (DMN 1.5, 6.2.3: there is to be none)."""
    done: set[str] = set()
    for id in model.decisions:
        if id not in done:
            _search(model, id, done, report)


def _search(model: Model, start: str, done: set[str], report: Report) -> None:
    """Walk the requirements depth first, in a loop: a chain of requirements may be long."""
    path: list[str] = []
    on_path: dict[str, int] = {}
    waiting: list[tuple[str, bool]] = [(start, True)]
    while waiting:
        id, entering = waiting.pop()
        if not entering:
            done.add(id)
            del on_path[path.pop()]
            continue
        if id in on_path:
            _report_cycle([model.decisions[each] for each in path[on_path[id] :]], report)
            continue
        if id in done:
            continue
        on_path[id] = len(path)
        path.append(id)
        waiting.append((id, False))
        waiting.extend((each, True) for each in _required(model.decisions[id]))


def _required(decision: Decision) -> list[str]:
    return [link.id for link in decision.links if link.kind == "decision" and link.via is None]


def _report_cycle(cycle: list[Decision], report: Report) -> None:
    names = " requires ".join(f"'{decision.name}'" for decision in [*cycle, cycle[0]])
    report.error(
        "requirement-cycle",
        Spot(cycle[0].id, cycle[0].line),
        f"Decisions require themselves: {names}.",
        "Remove one of these requirements.",
    )


def report_services(model: Model, report: Report) -> None:
    """Report what a decision service needs and does not name: it is to encapsulate every decision that its
    outputs require, unless that is one of its inputs (DMN 1.5, 6.3.10).
    """
    for id in model.services:
        service = model.services[id]
        inputs = {link.id for link, _ in service.inputs if link.via is None}
        for decision in _left_out(model, service, inputs):
            report.warning(
                "not-encapsulated",
                Spot(service.id, service.line),
                f"The service '{service.name}' needs the decision '{decision.name}', which it neither "
                "encapsulates nor takes as an input; it is made all the same.",
                "Add it to the service, as a decision or as an input.",
            )


def _left_out(model: Model, service: Service, inputs: set[str]) -> list[Decision]:
    named = {link.id for link in (*service.outputs, *service.encapsulated) if link.via is None}
    waiting = [link.id for link in service.outputs if link.via is None]
    seen = set(waiting) | inputs
    found: list[Decision] = []
    while waiting:
        for id in _required(model.decisions[waiting.pop()]):
            if id in seen:
                continue
            seen.add(id)
            waiting.append(id)
            if id not in named:
                found.append(model.decisions[id])
    return found
