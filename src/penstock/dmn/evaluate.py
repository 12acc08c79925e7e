"""Makes decisions: each required decision once, in the order of the requirements (DMN 1.5, 6.3.7 and 10.4).

A session is one model seen through one import: the same model imported twice may be given different data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from penstock.dmn.errors import DmnError
from penstock.dmn.frame import Frame, Matched
from penstock.dmn.functions import Parameter, bind, function
from penstock.dmn.model import Decision, Element, Elements, KnowledgeModel, Link, Model, Service
from penstock.dmn.types import admit
from penstock.feel import DEFAULT_LIMITS, FeelError, Limits, Warning, from_python
from penstock.feel.environment import Env
from penstock.feel.errors import NoValue
from penstock.feel.hints import nearest
from penstock.feel.values import Function, Value


@dataclass(frozen=True, slots=True)
class Result:
    """What was decided, and why."""

    value: Value
    matched: tuple[Matched, ...]
    """Each decision table that was asked, in the order of the evaluation."""
    decisions: Mapping[str, Value]
    """The value of every decision that was made, by name; of an imported one by `import.name`."""
    warnings: tuple[Warning, ...]
    """Why something became null; each message names the decision."""


def evaluate(
    model: Model,
    name_or_id: str,
    variables: Mapping[str, Value],
    *,
    now: datetime | None = None,
    service: bool = False,
    warnings: list[Warning] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    random: Random | None = None,
) -> Result:
    """Make a decision, with all that it requires.

    What cannot be computed is null, as in FEEL, and a warning says why.

    Args:
        model: the model.
        name_or_id: the id or the name of the decision.
        variables: FEEL values (`feel.from_python` makes them) by the names of the input data. Those of an
            imported model are in a context by the name of the import. A variable that has the name of no
            element of the model is seen by every decision.
        now: what `now()` and `today()` give, with a zone; without it they are null.
        service: call a decision service or a business knowledge model instead, with the variables as its
            arguments.
        warnings: takes the warnings too.
        limits: what the whole evaluation may take.
        random: where `uuid()` and `random number()` take chance from; without it they are null.

    Raises:
        DmnError: there is no such decision, it requires itself, a limit is reached, or a variable holds what
            is no FEEL value and the decision cannot do without it.
    """
    found: list[Warning] = warnings if warnings is not None else []
    start = len(found)
    run = _Evaluation(Env({}, now, found, limits, random), [], {})
    session = Session(run, model, "", variables)
    try:
        value = session.invoke(name_or_id) if service else session.decide(_find(model.decisions, name_or_id))
    except FeelError as problem:
        raise DmnError(f"'{name_or_id}' was not decided: {problem}") from problem
    except RecursionError:
        raise DmnError(
            f"'{name_or_id}' was not decided: the model or its data is nested too deeply"
        ) from None
    except DmnError:
        raise
    except (TypeError, ValueError, AttributeError, ArithmeticError) as problem:
        _refuse_foreign(variables, problem)
        raise
    return Result(value, tuple(run.trace), dict(run.decisions), tuple(found[start:]))


def _refuse_foreign(variables: Mapping[str, Value], problem: Exception) -> None:
    """Blame a failure on the variables, if they hold anything that is no FEEL value."""
    try:
        from_python(dict(variables))
    except TypeError as reason:
        raise DmnError(f"{reason}; convert variables with feel.from_python") from problem


def _find(elements: Elements[Element], name_or_id: str) -> Element:
    try:
        return elements[name_or_id]
    except KeyError:
        known = [elements[id].name for id in elements]
        raise DmnError(f"there is no '{name_or_id}'{nearest(name_or_id, known)}") from None


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """What one evaluation shares in all its sessions."""

    env: Env
    trace: list[Matched]
    decisions: dict[str, Value]


class Session:
    """One model within an evaluation, with the data that it is given."""

    __slots__ = ("_children", "_functions", "_given", "_model", "_open", "_prefix", "_run", "_values")

    def __init__(self, run: _Evaluation, model: Model, prefix: str, given: Mapping[str, Value]) -> None:
        self._run = run
        self._model = model
        self._prefix = prefix
        """What stands before the names of its decisions in the result."""
        self._given = given
        self._open = {name: value for name, value in given.items() if name not in model.declared}
        self._values: dict[str, Value] = {}
        self._functions: dict[str, Function] = {}
        self._children: dict[str, Session] = {}

    # -- decisions ---------------------------------------------------------------------------------

    def decide(self, decision: Decision) -> Value:
        """Give a decision's value; required decisions come first, in a loop and not on Python's stack.

        Raises:
            DmnError: it requires itself.
        """
        begun: set[tuple[int, str]] = set()
        waiting: list[tuple[Session, Decision]] = [(self, decision)]
        while waiting:
            session, next_one = waiting[-1]
            missing = [] if next_one.id in session._values else session._missing(next_one)
            if not missing:
                waiting.pop()
                if next_one.id not in session._values:
                    session._values[next_one.id] = session._make(next_one)
                continue
            if (id(session), next_one.id) in begun:
                raise DmnError(f"the decision '{next_one.name}' requires itself; remove a requirement")
            begun.add((id(session), next_one.id))
            waiting.extend(missing)
        return self._values[decision.id]

    def _missing(self, decision: Decision) -> list[tuple[Session, Decision]]:
        found = []
        for link in decision.links:
            owner = self._owner(link)
            if link.kind == "decision" and link.id not in owner._values:
                found.append((owner, owner._model.decisions[link.id]))
        return found

    def _make(self, decision: Decision) -> Value:
        """Make a decision whose requirements are there."""
        env = self._run.env
        start = len(env.warnings or ())
        name = self._prefix + decision.name
        if decision.run is None:
            value = self._supplied(decision)
        else:
            scope = {**self._open, **self._scope(decision.links)}
            value = decision.run(Frame(env.inner([], scope), self._run.trace))
        _name_warnings(env, start, name)
        self._run.decisions[name] = value
        return value

    def _supplied(self, decision: Decision) -> Value:
        """Give the value of a decision without logic: the caller may give it as if it were input data."""
        return self._admitted(Parameter(decision.name, decision.type))

    def _admitted(self, parameter: Parameter) -> Value:
        name = parameter.name
        if name not in self._given:
            self._run.env.warn("missing-input", f"no value is given for the input '{name}'", 0)
            return None
        try:
            return admit(self._given[name], parameter.type)
        except NoValue as problem:
            self._run.env.warn(problem.code, f"the input '{name}': {problem.message}", 0)
            return None

    # -- what a decision sees ----------------------------------------------------------------------

    def _scope(self, links: Sequence[Link]) -> dict[str, Value]:
        scope: dict[str, Value] = {}
        for link in links:
            value = self._owner(link)._value(link)
            if link.prefix:
                scope.setdefault(link.prefix, {})[link.name] = value
            else:
                scope[link.name] = value
        for link in links:
            if link.alias:
                scope.setdefault(link.alias, scope[link.name])
        return scope

    def _owner(self, link: Link) -> Session:
        """Give the session of the model that has an element."""
        return self if link.via is None else self._child(link.via)

    def _child(self, namespace: str) -> Session:
        if namespace not in self._children:
            imported = self._model.imports[namespace]
            name = imported.name
            given = self._given.get(name) if name else self._given
            self._children[namespace] = Session(
                self._run,
                imported.model,
                f"{self._prefix}{name}." if name else self._prefix,
                given if isinstance(given, Mapping) else {},
            )
        return self._children[namespace]

    def _value(self, link: Link) -> Value:
        if link.kind == "decision":
            return self._values[link.id]
        if link.kind == "input":
            if link.id not in self._values:
                data = self._model.inputs[link.id]
                by_alias = data.alias in self._given and data.name not in self._given
                name = data.alias if by_alias and data.alias else data.name
                self._values[link.id] = self._admitted(Parameter(name, data.type))
            return self._values[link.id]
        if link.id not in self._functions:
            made = self._knowledge(link.id) if link.kind == "knowledge" else self._service(link.id)
            self._functions[link.id] = made
        return self._functions[link.id]

    # -- functions ---------------------------------------------------------------------------------

    def _knowledge(self, id: str) -> Function:
        element = self._model.knowledge[id]

        def body(env: Env, arguments: dict[str, Value]) -> Value:
            return self._apply(element, env, arguments)

        return function(element.name, element.parameters, body, element.type)

    def _apply(self, element: KnowledgeModel, env: Env, arguments: dict[str, Value]) -> Value:
        itself = Link("knowledge", element.id, element.name)
        scope = {**self._scope((*element.links, itself)), **arguments}
        return element.run(Frame(env.inner([], scope), self._run.trace))

    def _service(self, id: str) -> Function:
        element = self._model.services[id]
        parameters = tuple(parameter for _, parameter in element.inputs)

        def body(env: Env, arguments: dict[str, Value]) -> Value:
            return self._serve(element, env, arguments)

        return function(element.name, parameters, body, element.type)

    def _serve(self, element: Service, env: Env, arguments: Mapping[str, Value]) -> Value:
        """Decide the outputs of a service, on nothing but its arguments (10.4)."""
        inside = Session(_Evaluation(env, self._run.trace, {}), self._model, self._prefix, {})
        for link, parameter in element.inputs:
            inside._owner(link)._values[link.id] = arguments[parameter.name]
        for link in element.outputs:
            owner = inside._owner(link)
            owner.decide(owner._model.decisions[link.id])
        self._run.decisions.update(inside._run.decisions)
        values = {link.name: inside._owner(link)._values[link.id] for link in element.outputs}
        value = next(iter(values.values())) if len(values) == 1 else values
        return admit(value, element.type)

    def invoke(self, name_or_id: str) -> Value:
        """Call a decision service or a business knowledge model with the data as its arguments.

        Raises:
            DmnError: there is none of this name.
        """
        env = self._run.env
        try:
            if name_or_id in self._model.knowledge:
                element = self._model.knowledge[name_or_id]
                return self._apply(element, env, self._arguments(element.parameters))
            offered = _find(self._model.services, name_or_id)
            parameters = [parameter for _, parameter in offered.inputs]
            return self._serve(offered, env, self._arguments(parameters))
        except NoValue as problem:
            return env.nothing(problem, 0)

    def _arguments(self, parameters: Sequence[Parameter]) -> dict[str, Value]:
        return bind(parameters, [self._given.get(parameter.name) for parameter in parameters], None)


def _name_warnings(env: Env, start: int, name: str) -> None:
    """Say in the warnings of one decision that they are its own."""
    if env.warnings is not None:
        env.warnings[start:] = [
            Warning(each.code, f"decision '{name}': {each.message}", each.position)
            for each in env.warnings[start:]
        ]
