"""Deployment: versions are numbered, frozen, and the same content is no new one."""

from __future__ import annotations

from functools import partial

import pytest

from penstock.kernel.definition import FormSpec
from penstock.runtime.deployments import Refused, SourceFile, next_minor
from penstock.runtime.forms import DeployedForms
from penstock.runtime.ids import new_id
from penstock.store import definitions
from tests.bpmn.models import around, file_of, process_of
from tests.runtime.conftest import Server

pytestmark = pytest.mark.anyio

ONE = around('<task id="x"/>')
TWO = around('<manualTask id="x"/>')


def tagged(tag: str, body: str = ONE) -> bytes:
    extensions = f'<extensionElements><zeebe:versionTag value="{tag}"/></extensionElements>'
    return process_of(extensions + body)


async def versions(server: Server) -> list[str]:
    return [row.version for row in await server.runtime.read(definitions.search, id="p")]


async def deploy(server: Server, *contents: bytes, version: str | None = None) -> list[str]:
    files = [SourceFile(f"{number}.bpmn", content) for number, content in enumerate(contents)]
    deployed = await server.runtime.deploy(files, actor="1", version=version)
    return [row.version for row in deployed.definitions]


async def test_the_first_version_is_1_0_0_and_the_next_is_the_next_minor_one(server: Server) -> None:
    assert await deploy(server, process_of(ONE)) == ["1.0.0"]
    assert await deploy(server, process_of(TWO)) == ["1.1.0"]


async def test_the_version_tag_of_the_file_is_the_version(server: Server) -> None:
    assert await deploy(server, tagged("1.1.0")) == ["1.1.0"]
    assert await deploy(server, process_of(TWO)) == ["1.2.0"]


async def test_the_same_content_again_is_no_new_version(server: Server) -> None:
    await deploy(server, process_of(ONE))
    await deploy(server, process_of(TWO))
    assert await deploy(server, process_of(ONE)) == ["1.0.0"]
    assert await versions(server) == ["1.0.0", "1.1.0"]


async def test_a_deployed_version_is_frozen(server: Server) -> None:
    await deploy(server, tagged("2.0.0", ONE))
    with pytest.raises(Refused) as refused:
        await deploy(server, tagged("2.0.0", TWO))
    [finding] = refused.value.findings
    assert (finding.code, finding.element) == ("version-frozen", "p")
    assert await versions(server) == ["2.0.0"]


async def test_a_tag_that_is_no_semantic_version_is_a_warning(server: Server) -> None:
    file = SourceFile("p.bpmn", tagged("spring"))
    deployed = await server.runtime.deploy([file], actor="1")
    assert [row.version for row in deployed.definitions] == ["1.0.0"]
    assert [finding.code for finding in deployed.findings] == ["version-tag"]


async def test_a_deployment_may_say_the_version(server: Server) -> None:
    assert await deploy(server, tagged("1.1.0"), version="3.0.0") == ["3.0.0"]


async def test_one_broken_file_keeps_the_others_from_being_deployed(server: Server) -> None:
    broken = process_of('<startEvent id="s"/><callActivity id="c"/><receiveTask id="r"/>').replace(
        b'"p"', b'"q"'
    )
    with pytest.raises(Refused) as refused:
        await deploy(server, process_of(ONE), broken)
    assert {finding.element for finding in refused.value.findings} >= {"c", "r"}
    assert await versions(server) == []


async def test_the_same_process_in_two_files_is_refused(server: Server) -> None:
    with pytest.raises(Refused, match=r"in two files of this deployment, 0\.bpmn and 1\.bpmn"):
        await deploy(server, process_of(ONE), process_of(TWO))


async def test_a_file_with_nothing_to_run_is_refused(server: Server) -> None:
    with pytest.raises(Refused):
        await deploy(server, file_of('<process id="p" isExecutable="false"/>'))


async def test_a_form_has_versions_of_its_own(server: Server) -> None:
    for components in (b"[]", b"[]", b'[{"type": "textfield", "key": "why"}]'):
        content = b'{"id": "claim", "components": %b}' % components
        await server.runtime.deploy([SourceFile("claim.form", content)], actor="1")
    assert [row.key for row in server.runtime.forms.versions("claim")] == [
        "form:claim:1.0.0",
        "form:claim:1.1.0",
    ]


async def test_a_dry_run_deploys_nothing(server: Server) -> None:
    file = SourceFile("p.bpmn", process_of(ONE))
    deployed = await server.runtime.deploy([file], actor="1", dry_run=True)
    assert [row.version for row in deployed.definitions] == ["1.0.0"]
    assert await versions(server) == []


async def test_a_running_instance_stays_on_its_version(server: Server) -> None:
    await server.deploy(around('<userTask id="x"/>'))
    started = await server.start()
    await server.deploy(ONE)
    assert (await server.start()).version == "1.1.0"
    assert (await server.runtime.settled(started.id, 10)).version == "1.0.0"


async def test_the_uid_of_a_process_stays_over_versions_and_restarts(server: Server) -> None:
    await deploy(server, process_of(ONE))
    first = server.runtime.definitions.process("p")
    await deploy(server, process_of(TWO))
    server.restart()
    second = server.runtime.definitions.process("p")
    assert first is not None
    assert second is not None
    assert first.uid == second.uid


async def test_the_file_is_kept_byte_for_byte(server: Server) -> None:
    content = process_of(ONE) + b"\n<!-- as it was -->\n"
    await deploy(server, content)
    assert await server.runtime.read(definitions.xml, "p:1.0.0") == content


def test_the_next_minor_version_follows_the_highest() -> None:
    assert next_minor(["1.0.0", "1.10.0", "1.9.3"]) == "1.11.0"


def test_new_ids_are_uuids_of_version_7_in_the_order_of_their_time() -> None:
    ids = [new_id(1_700_000_000_000 + n) for n in range(50)]
    assert ids == sorted(ids)
    assert all(id[14] == "7" and id[19] in "89ab" for id in ids)


def _caught_up(forms: DeployedForms) -> bool:
    forms.refresh()
    return True


async def test_a_form_that_another_node_has_just_deployed_is_found(server: Server) -> None:
    await server.deploy(around('<userTask id="x"/>'))
    definition = server.runtime.definitions.latest("p")
    assert definition is not None
    behind = DeployedForms(server.runtime._database)
    form = SourceFile("claim.form", b'{"id": "claim", "components": []}')
    await server.runtime.deploy([form], actor="1")
    assert behind.bound(FormSpec("claim"), definition, server.runtime.clock.now()) is None
    behind.on_miss = partial(_caught_up, behind)
    row = behind.bound(FormSpec("claim"), definition, server.runtime.clock.now())
    assert row is not None
    assert row.version == "1.0.0"


CALLER = around('<callActivity id="x" calledElement="q"/>')
CALLED = file_of(f'<process id="q" isExecutable="true">{ONE}</process>')


async def said(server: Server, *files: SourceFile) -> list[str]:
    deployed = await server.runtime.deploy(files, actor="1")
    return [finding.code for finding in deployed.findings]


async def test_a_call_of_a_process_that_is_not_there_is_a_warning(server: Server) -> None:
    caller, called = SourceFile("p.bpmn", process_of(CALLER)), SourceFile("q.bpmn", CALLED)
    assert await said(server, caller) == ["unknown-process"]
    assert await said(server, caller, called) == []
    assert await said(server, SourceFile("p.bpmn", process_of(CALLER + "<!-- anew -->"))) == []


async def test_the_form_of_a_start_says_which_variables_there_are(server: Server) -> None:
    form = b'{"id": "claim", "components": [{"type": "number", "key": "amount"}]}'
    extension = '<extensionElements><zeebe:formDefinition formId="claim"/></extensionElements>'
    script = '<zeebe:script expression="=amount * rate" resultVariable="tax"/>'
    task = f'<scriptTask id="x"><extensionElements>{script}</extensionElements></scriptTask>'
    body = around(task).replace('<startEvent id="s"/>', f'<startEvent id="s">{extension}</startEvent>')
    model = SourceFile("p.bpmn", process_of(body))
    assert await said(server, model) == ["unknown-form"]
    assert await said(server, model, SourceFile("claim.form", form)) == ["undeclared-variable"]
    assert await said(server, SourceFile("p.bpmn", process_of(body + "\n"))) == ["undeclared-variable"]
