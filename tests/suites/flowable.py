"""The adapter that lets scenarios written for Flowable's engine drive a Penstock runtime.

The suite brings the interpreter of its steps, which is loaded from its folder. What it calls a waiting
execution is an open element instance here, and its jobs are our open timers.
"""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from penstock import feel
from penstock.kernel import commands as c, events as e
from penstock.kernel.state import ROOT, ElementInstance
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import BroadcastSignal, PublishMessage, StartByTimer
from penstock.store import starts, subscriptions, timers, user_tasks
from penstock.store.rows import InstanceRow, StartRow, SubscriptionRow, UserTaskRow
from penstock.testing import START
from tests.suites.engine import ALL, Engine, EngineError
from tests.suites.folder import SUITES

FOLDER = SUITES / "flowable-engine"

Filters = list[list[Any]]
Found = dict[str, Any]
FAR = 2**53
"""A moment after all others (epoch ms)."""
GROUPS = {
    "fozzie": ("accountancy",),
    "gonzo": ("accountancy", "management", "sales"),
    "kermit": ("accountancy", "management"),
}
"""Who is in which group, which the tests say in Java before they begin."""
_WORDS = {
    "instance": "instance_id",
    "execution": "id",
    "super_instance": "parent_id",
    "variable": "name",
}


def scenarios() -> dict[str, dict[str, Any]]:
    """Give every scenario by its name, none where the suite is absent."""
    file = FOLDER / "scenarios.jsonl"
    if not file.is_file():
        return {}
    found: dict[str, dict[str, Any]] = {}
    for scenario in map(json.loads, file.read_text("utf-8").splitlines()):
        id = scenario["id"]
        if id in found:  # two classes of the same name, in two packages
            scenario["id"] = f"{scenario['package']}.{id}"
        found[scenario["id"]] = scenario
    return found


@cache
def _interpreter() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scenario_runner", SUITES / "tools" / "scenario_runner.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def play(scenario: dict[str, Any], folder: Path) -> str | None:
    """Play a scenario on a database of its own; give why it fails, None where it passes."""
    module = _interpreter()
    with Engine(folder) as engine:
        run = module.Run(Adapter(engine, module.Skip), str(FOLDER))
        known, query = run.step, run.q
        run.q = lambda asked: _ordered(query(asked), asked)
        value = run.ev
        run.ev = lambda asked: run.e.own(run, asked) if _is_own(asked) else value(asked)
        # The interpreter calls itself for the steps within steps, by this name.
        run.step = lambda step: run.e.extra(run, step) or known(step)
        try:
            run.run(scenario)
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is why the scenario fails
            return f"{type(failure).__name__}: {failure}"
    return None


class Adapter:
    """What the interpreter asks for, by the names that it asks with."""

    def __init__(self, engine: Engine, skip: type[Exception]) -> None:
        self._engine = engine
        self._skip = skip
        self._conditions: set[str] = set()
        """The executions that have waited for a condition."""
        self._now = START
        """What the scenario takes the time to be (epoch ms)."""

    # -- steps -----------------------------------------------------------------------------------

    def extra(self, run: Any, step: Found) -> bool:
        """Do the steps that the interpreter does not know; tell whether it was one."""
        if "adhoc_start" in step:
            instance, _, owner = run.id(step["adhoc_start"]).split("/")[:3]
            command = c.StartAdHoc(run.ev(step["element"]), {}, int(owner))
            self._engine.send(instance, command)
            return True
        for word, command in (("suspend", c.SuspendInstance()), ("resume", c.ResumeInstance())):
            if word in step:
                self._engine.send(run.id(step[word]), command)
                return True
        if step.get("assert") == "same_elements":
            # The tests that this was taken from take no offence at one that is there more often.
            wanted, found = (list(map(str, run.ev(step[side]))) for side in "ab")
            return set(found) == set(wanted) and len(found) >= len(wanted)
        if "evaluate_conditions" in step:
            values = run.ev(step["vars"]) if "vars" in step else {}
            self._engine.send(run.id(step["evaluate_conditions"]), c.SetVariables(_values(values)))
            return True
        return False

    def own(self, run: Any, asked: Found) -> Any:
        """Give a variable of an execution, or all of them, without those of what is around it."""
        whole = "variables_of" in asked
        id = run.id(asked["variables_of" if whole else "of"])
        values = self._near(id) if "/" in id else self.get_variables("instance", id)
        return values if whole else values.get(run.ev(asked["variable"]))

    def deploy(self, paths: list[str]) -> None:
        self._engine.deploy([SourceFile(Path(it).name, Path(it).read_bytes()) for it in paths])

    def start(self, key: str, business_key: str | None, variables: Found) -> Found:
        id = self._engine.start(key, _values(variables), business_key)
        return next(it for it in map(self._instance, self._engine.all()) if it["id"] == id)

    def start_by_message(self, name: str, business_key: str | None, variables: Found) -> Found:
        message = PublishMessage(name, "", _values(variables), business_key=business_key)
        received = self._engine.run(self._engine.runtime.receive(message, actor="1"))
        if not received.correlated:
            raise EngineError(f"the message '{name}' starts nothing")
        id = received.correlated[0].instance_id
        return next(it for it in map(self._instance, self._engine.all()) if it["id"] == id)

    def complete(self, task: str, variables: Found) -> None:
        row = self._task(task)
        self._engine.send(
            row.instance_id, c.CompleteUserTask(row.scope, row.owner, row.key, _values(variables))
        )

    def claim(self, task: str, user: str | None) -> None:
        row = self._task(task)
        self._engine.send(row.instance_id, c.AssignUserTask(row.scope, row.owner, row.key, user))

    def signal(self, name: str, execution: str | None, variables: Found) -> None:
        instance = None if execution is None else execution.split("/")[0]
        signal = BroadcastSignal(name, _values(variables), instance)
        self._engine.run(self._engine.runtime.broadcast(signal, actor="1"))

    def message(self, name: str, execution: str | None, _key: Any, _by: Found, variables: Found) -> None:
        instance = None if execution is None else execution.split("/")[0]
        message = PublishMessage(name, "", _values(variables), instance_id=instance)
        received = self._engine.run(self._engine.runtime.receive(message, actor="1"))
        if not received.correlated:
            raise EngineError(f"nobody waits for the message '{name}'")

    def trigger(self, execution: str, variables: Found) -> None:
        instance, scope, owner, element = execution.split("/")
        if execution in self._conditions:
            # Flowable evaluates a condition when it is told to; here that is done on every change.
            self._engine.send(instance, c.SetVariables(_values(variables)))
            return
        self._engine.send(instance, c.TriggerEvent(int(scope), int(owner), element, _values(variables)))

    def set_variable(self, kind: str, id: str, name: str, value: Any) -> None:
        instance = self._task(id).instance_id if kind == "task" else id.split("/")[0]
        self._engine.send(instance, c.SetVariables(_values({name: value})))

    def cancel(self, instance: str) -> None:
        self._engine.send(instance, c.CancelInstance())

    def _timed_starts(self) -> list[StartRow]:
        rows: list[StartRow] = self._engine.read(starts.due, FAR, ALL)
        return rows

    def fire(self, job: str) -> None:
        for start in self._timed_starts():
            if job == f"{start.process_id}#{start.element}#{start.position}":
                self._engine.run(self._engine.runtime.receive(StartByTimer(start), actor="1"))
                return
        instance, key = job.split("#")
        for timer in self._engine.read(timers.of_instance, instance):
            if timer.key == int(key):
                self._engine.send(instance, c.FireTimer(timer.scope, timer.owner, timer.key))
                return
        raise EngineError(f"there is no timer {job}")

    def run_due(self) -> None:
        self._engine.advance_to(self._now)

    def advance(self, span: int) -> None:
        self._now += span

    def advance_to(self, after_start: int) -> None:
        # Nothing happens by itself in those tests: what is due is fired by a step of its own.
        self._now = START + after_start

    # -- queries ---------------------------------------------------------------------------------

    def tasks(self, filters: Filters) -> list[Found]:
        rows = self._engine.read(user_tasks.search, state="open", limit=ALL)
        return self._select([self._shown_task(row) for row in reversed(rows)], filters)

    def hist_tasks(self, filters: Filters) -> list[Found]:
        rows = self._engine.read(user_tasks.search, limit=ALL)
        return self._select([self._shown_task(row) for row in reversed(rows)], filters)

    def instances(self, filters: Filters) -> list[Found]:
        return [it for it in self.hist_instances(filters) if it["end_time"] is None]

    def hist_instances(self, filters: Filters) -> list[Found]:
        return self._select(list(map(self._instance, self._engine.all())), filters)

    def waiting(self, filters: Filters) -> list[Found]:
        open_ones = [row for row in self._engine.all() if row.ended_at is None]
        # An instance is an execution, too, where all of one are asked for.
        whole = [{"id": row.id, "instance_id": row.id} for row in open_ones]
        if filters and all(word == "instance" for word, *_ in filters):
            whole = self._select(whole, filters)
        else:
            whole = []
        return whole + self._select(
            [
                execution
                for row in open_ones
                for scope, element in self._engine.elements(row.id)
                if not element.part
                for execution in self._executions(row, scope.key, element)
            ],
            filters,
        )

    def event_subscriptions(self, filters: Filters) -> list[Found]:
        found = [
            {
                "id": _execution_id(it),
                "execution_id": _execution_id(it),
                "event_name": it.name,
                "instance_id": it.instance_id,
            }
            for row in self._engine.all()
            for it in self._engine.read(subscriptions.of_instance, row.id)
        ]
        return self._select(found, filters)

    def jobs(self, filters: Filters) -> list[Found]:
        found = [
            {"id": f"{it.instance_id}#{it.key}", "instance_id": it.instance_id, "due": it.due_at}
            for row in self._engine.all()
            for it in self._engine.read(timers.of_instance, row.id)
        ]
        found += [
            {"id": f"{it.process_id}#{it.element}#{it.position}", "instance_id": None, "due": it.due_at}
            for it in self._timed_starts()
        ]
        if ["executable"] in filters:
            found = [it for it in found if it["due"] <= self._now]
        return self._select(found, [it for it in filters if it != ["executable"]])

    def hist_variables(self, filters: Filters) -> list[Found]:
        found = [
            {"name": name, "value": value, "instance_id": row.id}
            for row in self._engine.all()
            for name, value in {**self._inside(row), **row.variables}.items()
        ]
        return self._select(found, filters)

    def _inside(self, row: InstanceRow) -> Found:
        """Give the variables of the scopes that are open within an instance."""
        open_ones = [element.key for _, element in self._engine.elements(row.id) if element.opened]
        return {name: value for key in open_ones for name, value in self._engine.seen(row.id, key)[1].items()}

    def hist_activities(self, filters: Filters) -> list[Found]:
        found: dict[tuple[str, int], Found] = {}
        for row in self._engine.all():
            for at, event in self._engine.events(row.id):
                if isinstance(event, e.ElementEntered):
                    found[row.id, event.owner] = {
                        "element": event.element,
                        "element_type": self._kind(row, event.element),
                        "instance_id": row.id,
                        "start_time": at,
                        "end_time": None,
                    }
                elif isinstance(event, e.ElementCompleted | e.ElementCancelled):
                    if (row.id, event.owner) in found:
                        found[row.id, event.owner]["end_time"] = at
                elif isinstance(event, e.LoopBegun):  # only what it does again and again is an activity there
                    del found[row.id, event.owner]
        return self._select(list(found.values()), filters)

    activities = hist_activities

    def ended(self, id: str) -> bool:
        instance = id.split("/")[0]
        return all(row.id != instance or row.ended_at is not None for row in self._engine.all())

    def active_elements(self, id: str) -> list[str]:
        return [it.element for _, it in self._engine.elements(id.split("/")[0]) if not it.opened]

    def get_variable(self, kind: str, id: str, name: str) -> Any:
        return self.get_variables(kind, id).get(name)

    def get_variables(self, kind: str, id: str) -> Found:
        if "/" in id or "#" in id:
            return self._seen(id)[0]
        row = next(row for row in self._engine.all() if row.id == id)
        return dict(row.variables)

    def _near(self, id: str) -> Found:
        """Give the variables of an execution, and of the sub-process that it is directly in."""
        instance, scope, owner = id.split("/")[:3]
        around = {} if int(scope) == ROOT else self._engine.seen(instance, int(scope))[1]
        return {**around, **self._engine.seen(instance, int(owner))[1]}

    def _seen(self, id: str) -> tuple[Found, Found]:
        if "#" in id:
            row = self._task(id)
            return self._engine.seen(row.instance_id, row.owner)
        instance, _, owner = id.split("/")[:3]
        return self._engine.seen(instance, int(owner))

    # -- what the store gives, in the suite's words ------------------------------------------------

    def _task(self, id: str) -> UserTaskRow:
        instance, key = id.split("#")
        row = self._engine.read(user_tasks.find, instance, int(key))
        if row is None:
            raise EngineError(f"there is no task {id}")
        found: UserTaskRow = row
        return found

    def _shown_task(self, row: UserTaskRow) -> Found:
        return {
            "id": f"{row.instance_id}#{row.key}",
            "execution_id": _execution_id(row),
            "instance_id": row.instance_id,
            "process": next(it.process_id for it in self._engine.all() if it.id == row.instance_id),
            "element": row.element,
            "name": row.name,
            "assignee": row.assignee,
            "priority": row.priority,
            "due": row.due_at,
            "candidate_user": row.candidate_users,
            "candidate_group": row.candidate_groups,
            "create_time": row.created_at,
            "end_time": row.ended_at,
        }

    def _instance(self, row: InstanceRow) -> Found:
        ends = [
            event.element
            for _, event in self._engine.events(row.id)
            if isinstance(event, e.ElementCompleted) and event.scope == ROOT
        ]
        return {
            "id": row.id,
            "instance_id": row.id,
            "process": row.process_id,
            "parent_id": row.parent_id,
            "business_key": row.business_key,
            "start_time": row.started_at,
            "end_time": row.ended_at,
            "end_element": ends[-1] if ends and row.ended_at is not None else None,
            "finished": row.ended_at is not None,
            "variables": dict(row.variables),
        }

    def _kind(self, row: InstanceRow, element: str) -> str:
        definition = self._engine.runtime.definitions.by_key(row.definition_key)
        assert definition is not None
        found = definition.compiled.elements[element]
        return "eventSubProcess" if found.event_sub_process else found.kind.value

    def _executions(self, row: InstanceRow, scope: int, element: ElementInstance) -> list[Found]:
        """Give the element instance, and each event on it for which it waits, as executions of their own."""
        at = f"{row.id}/{scope}/{element.key}"
        # What is done several times is none itself, but what happens to it as a whole is.
        waiting = [] if element.loop else [element.element]
        found = {event: {"message": list[str](), "signal": list[str]()} for event in waiting}
        for it in self._engine.read(subscriptions.of_instance, row.id):
            if _execution_id(it).startswith(f"{at}/"):
                waits = found.setdefault(it.element, {"message": [], "signal": []})
                waits.setdefault(it.kind, []).append(it.name)
                if it.kind == "condition":
                    self._conditions.add(f"{at}/{it.element}")
        return [
            {"id": f"{at}/{event}", "instance_id": row.id, "element": event, **waits}
            for event, waits in found.items()
        ]

    def _select(self, found: list[Found], filters: Filters) -> list[Found]:
        for word, *values in filters:
            found = [it for it in found if self._meets(it, word, values)]
        return found

    def _meets(self, it: Found, word: str, values: list[Any]) -> bool:
        if word in ("finished", "unfinished"):
            return (it["end_time"] is not None) is (word == "finished")
        if word == "only_children":
            return True  # no instance is an execution here
        if word in ("candidate_user", "candidate_group") and it["assignee"] is not None:
            return False
        if word == "candidate_user":
            groups = GROUPS.get(values[0], ())
            return values[0] in it[word] or any(group in it["candidate_group"] for group in groups)
        if word == "sub_instance":
            return any(row.id == values[0] and row.parent_id == it["id"] for row in self._engine.all())
        if word == "variable_eq":
            return bool(self.get_variable("instance", it["instance_id"], values[0]) == values[1])
        name = _WORDS.get(word, word)
        if name not in it:
            raise self._skip(f"the filter {word}")
        wanted = values[0].get("id") if isinstance(values[0], dict) else values[0]
        return wanted in it[name] if isinstance(it[name], list) else bool(it[name] == wanted)


def _ordered(found: list[Found], asked: Found) -> list[Found]:
    """Sort by what the interpreter does not: it knows the order by name only."""
    for word, way in reversed(asked.get("order") or []):
        field = {"TaskAssignee": "assignee", "TaskPriority": "priority"}.get(word)
        if field is not None:
            found = sorted(found, key=lambda it: it[field], reverse=way == "desc")
    return found


def _is_own(asked: Any) -> bool:
    return (
        isinstance(asked, dict)
        and asked.get("local") is True
        and {"variable", "variables_of"} & {*asked} != set()
    )


def _execution_id(it: SubscriptionRow | UserTaskRow) -> str:
    return f"{it.instance_id}/{it.scope}/{it.owner}/{it.element}"


def _values(variables: Found) -> Found:
    return {name: feel.from_python(value) for name, value in variables.items()}
