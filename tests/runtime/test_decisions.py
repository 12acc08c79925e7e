"""Decisions in the server: deployed beside processes, made by business rule tasks, kept with the instance."""

from __future__ import annotations

import pytest

from penstock.kernel import commands as c
from penstock.runtime.deployments import Refused, SourceFile
from penstock.runtime.requests import Request
from penstock.store import codec, definitions, incidents, journal
from tests.bpmn.models import around, extended, process_of
from tests.dmn.models import data, decision, file_of, text
from tests.runtime.conftest import Server

pytestmark = pytest.mark.anyio

TABLE = (
    '<decisionTable id="levels" hitPolicy="{policy}">'
    '<input id="i" label="amount"><inputExpression><text>amount</text></inputExpression></input>'
    '<output id="o"/>'
    '<rule id="much"><inputEntry><text>&gt; 100</text></inputEntry>'
    "<outputEntry><text>{much}</text></outputEntry></rule>"
    '<rule id="any"><inputEntry><text>-</text></inputEntry>'
    '<outputEntry><text>"low"</text></outputEntry></rule></decisionTable>'
)


def rating(policy: str = "FIRST", much: str = '"high"', attributes: str = "") -> bytes:
    logic = TABLE.format(policy=policy, much=much)
    return file_of(data("amount") + decision("rating", logic, needs="<amount"), more=attributes)


def calling(words: str = "", id: str = "rating") -> bytes:
    called = f'<zeebe:calledDecision decisionId="{id}" resultVariable="level" {words}/>'
    return process_of(around(extended("businessRuleTask", called)))


async def deploy(server: Server, *contents: bytes) -> list[tuple[str, str, str]]:
    files = [
        SourceFile(f"{number}.{'bpmn' if b'process' in content else 'dmn'}", content)
        for number, content in enumerate(contents)
    ]
    deployed = await server.runtime.deploy(files, actor="1")
    return [(row.kind, row.id, row.version) for row in deployed.definitions]


async def test_a_decision_gets_versions_as_a_process_does(server: Server) -> None:
    assert await deploy(server, rating()) == [("decision", "rating", "1.0.0")]
    assert await deploy(server, rating(much='"highest"')) == [("decision", "rating", "1.1.0")]
    assert await deploy(server, rating()) == [("decision", "rating", "1.0.0")]
    assert await server.runtime.read(definitions.xml, "decision:rating:1.0.0") == rating()


async def test_a_file_with_an_error_is_refused_with_its_line_and_nothing_is_deployed(server: Server) -> None:
    broken = file_of("\n" + decision("rating", text("1 +")))
    with pytest.raises(Refused) as refused:
        await deploy(server, calling(), broken)
    [finding] = [it for it in refused.value.findings if it.severity == "error"]
    assert (finding.file, finding.line) == ("1.dmn", 2)
    assert not server.runtime.decisions.ids()


async def test_a_business_rule_task_decides_and_the_journal_says_why(server: Server) -> None:
    await deploy(server, calling(), rating())
    row = await server.run(amount=250)
    assert row.status == "completed"
    rows = await server.runtime.read(journal.read, row.id, after_seq=0, limit=100)
    events = [event for it in rows for event in codec.decode_events(it.events)]
    [made] = [event for event in events if type(event).__name__ == "DecisionEvaluated"]
    assert (made.definition, made.version) == ("decision:rating:1.0.0", "1.0.0")
    assert made.values == {"level": "high"}
    assert made.reasons["tables"] == [
        {"table": "levels", "rules": ["much"], "inputs": {"amount": 250}, "outputs": ["high"]}
    ]


async def test_a_decision_that_is_not_there_is_an_incident_that_deploying_it_mends(server: Server) -> None:
    await deploy(server, calling())
    row = await server.run(amount=250)
    [incident] = await server.runtime.read(incidents.search, instance_id=row.id)
    assert incident.type == "decision"
    assert incident.message == "there is no decision 'rating': deploy it, then resolve this"
    await deploy(server, rating())
    command = c.ResolveIncident(incident.scope, incident.owner, incident.key, {})
    await server.runtime.send(Request(row.id, command, "1"))
    assert (await server.runtime.settled(row.id, 10)).status == "completed"


async def test_rules_that_break_the_hit_policy_are_an_incident_by_name(
    server: Server,
) -> None:
    await deploy(server, calling(), rating("UNIQUE"))
    row = await server.run(amount=250)
    [incident] = await server.runtime.read(incidents.search, instance_id=row.id)
    assert "'rating' 1.0.0 was not made" in incident.message
    assert "2 rules match, and the table is unique" in incident.message


async def test_a_decision_that_gives_a_function_is_an_incident_and_one_that_uses_it_is_none(
    server: Server,
) -> None:
    rule = decision("rule", text("function(x) x > 100"))
    uses = decision("rating", text('if rule(amount) then "high" else "low"'), needs="rule")
    await deploy(server, calling(id="rule"), file_of(rule + uses))
    row = await server.run(amount=250)
    [incident] = await server.runtime.read(incidents.search, instance_id=row.id)
    assert "'rule' 1.0.0 gives no value for a process variable: a function" in incident.message
    await deploy(server, calling())
    row = await server.run(amount=250)
    assert row.status == "completed"
    rows = await server.runtime.read(journal.read, row.id, after_seq=0, limit=100)
    events = [event for it in rows for event in codec.decode_events(it.events)]
    [made] = [event for event in events if type(event).__name__ == "DecisionEvaluated"]
    assert made.values == {"level": "high"}
    assert made.reasons["decisions"] == {"rule": "function(x)", "rating": "high"}


async def test_a_decision_that_does_not_end_is_an_incident_and_holds_nobody(server: Server) -> None:
    endless = "count(for a in 1..10000, b in 1..10000 return a * b)"
    await deploy(server, calling(), file_of(decision("rating", text(endless))))
    row = await server.run()
    [incident] = await server.runtime.read(incidents.search, instance_id=row.id)
    assert "more than 500000 steps" in incident.message


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("", "highest"),
        ('bindingType="deployment"', "high"),
        ('bindingType="versionTag" versionTag="1.0.0"', "high"),
    ],
)
async def test_the_binding_chooses_the_version(server: Server, words: str, level: str) -> None:
    await deploy(server, calling(words), rating())
    await deploy(server, rating(much='"highest"'))
    row = await server.run(amount=250)
    assert row.variables == {"amount": 250, "level": level}


async def test_an_import_is_frozen_with_the_version_that_was_deployed_with_it(server: Server) -> None:
    def library(value: str) -> bytes:
        return file_of(decision("base", text(value)), namespace="urn:library")

    imports = '<import name="lib" namespace="urn:library" importType="' + (
        'https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    )
    user = file_of(imports + decision("rating", text("lib.base + 1"), needs="urn:library#base"))

    await deploy(server, user, library("1"), calling())
    await deploy(server, library("10"))
    first = await server.run()
    assert (await deploy(server, user)) == [("decision", "rating", "1.1.0")]
    second = await server.run()
    assert first.variables["level"] == 2
    assert second.variables["level"] == 11


async def test_a_decision_survives_a_restart(server: Server) -> None:
    await deploy(server, calling(), rating())
    server.restart()
    row = await server.run(amount=5)
    assert row.variables == {"amount": 5, "level": "low"}
