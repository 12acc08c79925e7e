"""Who does a user task: performers and potential owners, by name or by an expression."""

from __future__ import annotations

import pytest

from penstock.kernel.definition import UserTaskSpec
from tests.bpmn.models import around, codes, element, read, warnings

RESOURCE = '<resource id="r" name="Regional Manager"/>'


def assigned(role: str, text: str, attributes: str = "") -> str:
    return (
        f"<{role}><resourceAssignmentExpression><formalExpression {attributes}>{text}</formalExpression>"
        f"</resourceAssignmentExpression></{role}>"
    )


def user_task(*roles: str, attributes: str = "") -> str:
    return around(f'<userTask id="x" {attributes}>{"".join(roles)}</userTask>')


def people(body: str, root: str = "", **variables: object) -> tuple[object, object, object]:
    """Give the assignee, the candidate users and the candidate groups of the task."""
    spec = element(body, root=root).user_task
    assert isinstance(spec, UserTaskSpec)
    expressions = (spec.assignee, spec.candidate_users, spec.candidate_groups)
    return tuple(None if it is None else it(variables, 0) for it in expressions)  # type: ignore[return-value]


@pytest.mark.parametrize("role", ["humanPerformer", "performer"])
def test_one_who_performs_is_the_assignee(role: str) -> None:
    assert people(user_task(assigned(role, "kermit"))) == ("kermit", None, None)
    assert people(user_task(assigned(role, "user(kermit)"))) == ("kermit", None, None)
    assert people(user_task(assigned(role, "${boss}")), boss="ann") == ("ann", None, None)
    assert people(user_task(assigned(role, "boss.id", 'language="feel"')), boss={"id": "ann"})[0] == "ann"


def test_several_who_could_perform_are_candidates() -> None:
    assert people(user_task(assigned("humanPerformer", "ann, group(sales)"))) == (None, "ann", "sales")
    assert people(user_task(assigned("humanPerformer", "ann, bob"))) == (None, ["ann", "bob"], None)


def test_potential_owners_are_users_and_groups_and_a_name_alone_is_a_group() -> None:
    said = "user(kermit), group(sales), management"
    assert people(user_task(assigned("potentialOwner", said))) == (None, "kermit", ["sales", "management"])
    two = assigned("potentialOwner", "accountancy"), assigned("potentialOwner", "user(gonzo)")
    assert people(user_task(*two)) == (None, "gonzo", "accountancy")
    some = user_task(assigned("potentialOwner", "group(${team}), board"))
    assert people(some, team=["a", "b"])[2] == ["a", "b", "board"]
    assert people(user_task(assigned("potentialOwner", "=teams")), teams=["a"])[2] == ["a"]


def test_a_resource_is_the_group_of_its_name() -> None:
    role = "<potentialOwner><resourceRef>tns:r</resourceRef></potentialOwner>"

    assert people(user_task(role), RESOURCE) == (None, None, "Regional Manager")
    assert warnings(user_task(role)) == ["unknown-reference"]


def test_a_parameter_of_a_resource_is_named_as_without_effect() -> None:
    binding = (
        '<resourceParameterBinding parameterRef="q"><formalExpression>a</formalExpression>'
        "</resourceParameterBinding>"
    )
    reading = read(
        user_task(f"<potentialOwner><resourceRef>r</resourceRef>{binding}</potentialOwner>"), RESOURCE
    )

    assert codes(reading) == ["not-run"]


@pytest.mark.parametrize("text", ["getDataInput('order')/clerk", "user(a(b))", "user(${a.b()})", "a(b)"])
def test_an_assignment_that_cannot_be_read_is_a_warning(text: str) -> None:
    assert warnings(user_task(assigned("potentialOwner", text))) == ["resource-assignment"]


def test_an_extension_that_says_the_same_goes_before() -> None:
    body = user_task(assigned("humanPerformer", "ann"), attributes='camunda:assignee="bob"')

    assert people(body)[0] == "bob"
    assert codes(read(body)) == ["not-run"]


def test_who_may_do_a_task_by_an_extension_and_by_a_role_are_both_candidates() -> None:
    body = user_task(assigned("potentialOwner", "user(ann)"), attributes='camunda:candidateUsers="bob, cy"')

    assert people(body)[1] == ["bob", "cy", "ann"]
    assert codes(read(body)) == []


@pytest.mark.parametrize("tag", ["task", "serviceTask", "callActivity"])
def test_a_role_of_what_nobody_is_assigned_to_is_named(tag: str) -> None:
    body = around(f'<{tag} id="x">{assigned("performer", "ann")}</{tag}>')

    assert "not-run" in codes(read(body), "info")


def test_a_role_of_a_process_is_named() -> None:
    assert codes(read(around('<task id="x"/>') + assigned("potentialOwner", "ann"))) == ["not-run"]


def test_a_global_user_task_has_roles_too() -> None:
    root = f'<globalUserTask id="review">{assigned("humanPerformer", "ann")}</globalUserTask>'

    assert people(around('<callActivity id="x" calledElement="review"/>'), root)[0] == "ann"
