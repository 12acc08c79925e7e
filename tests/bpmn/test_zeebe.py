"""The `zeebe:` extensions, word by word."""

from __future__ import annotations

import pytest

from penstock import bpmn
from penstock.kernel.definition import FormSpec, IoMapping, JobSpec, Kind
from tests.bpmn.models import around, codes, element, errors, extended, flow, process_of, read, warnings

_JOB = '<zeebe:taskDefinition type="add"/>'


def _job(extensions: str) -> JobSpec:
    job = element(around(extended("serviceTask", extensions))).job
    assert job is not None
    return job


def test_a_service_task_is_a_job() -> None:
    assert _job(_JOB) == JobSpec(type="add", retries=3)


def test_retries_are_what_the_model_says() -> None:
    assert _job('<zeebe:taskDefinition type="add" retries="7"/>').retries == 7


def test_headers_are_kept_and_two_of_them_are_settings() -> None:
    headers = """<zeebe:taskHeaders><zeebe:header key="resultVariable" value="sum"/>
    <zeebe:header key="retryBackoff" value="PT5S"/><zeebe:header key="timeout" value="PT2M"/>
    <zeebe:header key="empty"/></zeebe:taskHeaders>"""

    assert _job(_JOB + headers) == JobSpec(
        type="add",
        retries=3,
        backoff=5_000,
        timeout=120_000,
        headers={"resultVariable": "sum", "retryBackoff": "PT5S", "timeout": "PT2M", "empty": ""},
    )


@pytest.mark.parametrize(
    ("extensions", "code"),
    [
        ("", "missing-job-type"),
        ("<zeebe:taskDefinition/>", "missing-job-type"),
        ('<zeebe:taskDefinition type="=f"/>', "unsupported-expression"),
        ('<zeebe:taskDefinition type="f" retries="=3"/>', "unsupported-expression"),
        ('<zeebe:taskDefinition type="f" retries="0"/>', "invalid-retries"),
        ('<zeebe:taskDefinition type="f" retries="-1"/>', "invalid-retries"),
        ('<zeebe:taskDefinition type="f" retries="many"/>', "invalid-retries"),
        ('<zeebe:taskDefinition type="f" retries="99999999999"/>', "invalid-retries"),
        (_JOB + '<zeebe:taskHeaders><zeebe:header value="a"/></zeebe:taskHeaders>', "missing-attribute"),
    ],
)
def test_a_job_that_cannot_be_made_is_an_error(extensions: str, code: str) -> None:
    assert errors(around(extended("serviceTask", extensions))) == [code]


@pytest.mark.parametrize("text", ["soon", "P1M", "PT0S", "-PT5S"])
@pytest.mark.parametrize("key", ["retryBackoff", "timeout"])
def test_a_setting_of_time_is_a_positive_duration(key: str, text: str) -> None:
    header = f'<zeebe:taskHeaders><zeebe:header key="{key}" value="{text}"/></zeebe:taskHeaders>'

    assert errors(around(extended("serviceTask", _JOB + header))) == ["invalid-time"]


def test_an_unknown_function_is_a_warning_with_the_nearest_names() -> None:
    body = around(extended("serviceTask", '<zeebe:taskDefinition type="ad"/>'))
    assert codes(read(body)) == []

    reading = bpmn.read(process_of(body), known=bpmn.Known({"add", "mail"}))
    (finding,) = reading.findings
    assert (finding.code, finding.severity, finding.element) == ("unknown-function", "warning", "x")
    assert "'add'" in finding.remedy
    assert "'mail'" not in finding.remedy
    assert codes(bpmn.read(process_of(body), known=bpmn.Known({"ad"}))) == []


def _mappings(mappings: str, tag: str = "task") -> tuple[tuple[IoMapping, ...], tuple[IoMapping, ...]]:
    found = element(around(extended(tag, f"<zeebe:ioMapping>{mappings}</zeebe:ioMapping>")))
    return found.inputs, found.outputs


def test_mappings_are_read_in_their_order() -> None:
    inputs, outputs = _mappings(
        '<zeebe:input source="=a" target="b"/><zeebe:input source="=c" target="d"/>'
        '<zeebe:output source="=r" target="order.total"/>'
    )

    assert [(mapping.source.text, mapping.target) for mapping in inputs] == [("a", ("b",)), ("c", ("d",))]
    assert [(mapping.source.text, mapping.target) for mapping in outputs] == [("r", ("order", "total"))]


def test_a_source_without_an_equals_sign_is_a_text() -> None:
    ((mapping,), _) = _mappings('<zeebe:input source=" a " target="b"/>')

    assert mapping.source({"a": 1}, 0) == " a "


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ('<zeebe:input target="b"/>', "missing-attribute"),
        ('<zeebe:input source="=a"/>', "missing-attribute"),
        ('<zeebe:input source="=a +" target="b"/>', "feel-syntax"),
        ('<zeebe:input source="=" target="b"/>', "empty-expression"),
        ('<zeebe:input source="=a" target="1b"/>', "invalid-variable-name"),
        ('<zeebe:input source="=a" target="b..c"/>', "invalid-variable-name"),
        ('<zeebe:input source="=a" target="some"/>', "invalid-variable-name"),
        ('<zeebe:input source="=a" target="with space"/>', "invalid-variable-name"),
        ('<zeebe:inout source="=a" target="b"/>', "unknown-extension"),
    ],
)
def test_a_mapping_that_cannot_be_made_is_an_error(mapping: str, code: str) -> None:
    body = around(extended("task", f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>"))

    assert errors(body) == [code]


@pytest.mark.parametrize("tag", ["startEvent", "endEvent", "intermediateThrowEvent"])
def test_events_may_have_mappings(tag: str) -> None:
    io = extended(tag, '<zeebe:ioMapping><zeebe:output source="=a" target="b"/></zeebe:ioMapping>')
    ways = {
        "startEvent": f'{io}{flow("x", "e")}<endEvent id="e"/>',
        "endEvent": f'<startEvent id="s"/>{flow("s", "x")}{io}',
        "intermediateThrowEvent": around(io),
    }

    assert len(element(ways[tag]).outputs) == 1


def test_a_script_task_is_feel() -> None:
    script = element(
        around(extended("scriptTask", '<zeebe:script expression="=a + b" resultVariable="sum"/>'))
    ).script

    assert script is not None
    assert (script.expression.text, script.result_variable) == ("a + b", "sum")


@pytest.mark.parametrize(
    "language", ["feel", "FEEL", "application/feel", "http://www.omg.org/spec/FEEL/20140401"]
)
def test_a_standard_script_in_feel_is_read_too(language: str) -> None:
    found = element(
        around(f'<scriptTask id="x" scriptFormat="{language}"><script>a + b</script></scriptTask>')
    )

    assert found.script is not None
    assert (found.script.expression.text, found.script.result_variable) == ("a + b", None)


@pytest.mark.parametrize(
    ("task", "code"),
    [
        ('<scriptTask id="x"/>', "missing-script"),
        ('<scriptTask id="x"><script>a</script></scriptTask>', "unsupported-language"),
        ('<scriptTask id="x" scriptFormat="groovy"><script>a</script></scriptTask>', "unsupported-language"),
        (extended("scriptTask", "<zeebe:script/>"), "missing-attribute"),
        (extended("scriptTask", '<zeebe:script expression="a" resultVariable="b"/>'), "not-an-expression"),
        (extended("scriptTask", '<zeebe:script expression="=(" resultVariable="b"/>'), "feel-syntax"),
        (
            extended("scriptTask", '<zeebe:script expression="=1" resultVariable="b c"/>'),
            "invalid-variable-name",
        ),
        (extended("scriptTask", _JOB), "misplaced-extension"),
    ],
)
def test_a_script_that_cannot_be_run_is_an_error(task: str, code: str) -> None:
    assert code in errors(around(task))


def test_a_user_task_takes_all_its_settings() -> None:
    found = element(
        around(
            extended(
                "userTask",
                """<zeebe:userTask/><zeebe:assignmentDefinition assignee="ada" candidateUsers="bob, eve"
                candidateGroups="=groups"/><zeebe:taskSchedule dueDate="2030-01-01T00:00:00Z"
                followUpDate="=tomorrow"/><zeebe:priorityDefinition priority="70"/>
                <zeebe:formDefinition formId="approve"/>""",
            )
        )
    )
    task = found.user_task

    assert task is not None
    assert task.assignee is not None
    assert task.candidate_users is not None
    assert task.candidate_groups is not None
    assert task.due_at is not None
    assert task.follow_up_at is not None
    assert task.priority is not None
    assert task.assignee({}, 0) == "ada"
    assert task.candidate_users({}, 0) == "bob, eve"
    assert task.candidate_groups.text == "groups"
    assert task.due_at({}, 0) == "2030-01-01T00:00:00Z"
    assert task.follow_up_at.text == "tomorrow"
    assert task.priority({}, 0) == 70
    assert found.form == FormSpec("approve")


def test_a_user_task_needs_no_marker() -> None:
    found = element(around('<userTask id="x"/>'))

    assert found.kind is Kind.USER_TASK
    assert found.user_task is not None


@pytest.mark.parametrize(
    ("extension", "code"),
    [
        ('<zeebe:taskSchedule dueDate="tomorrow"/>', "invalid-time"),
        ('<zeebe:priorityDefinition priority="101"/>', "invalid-priority"),
        ("<zeebe:priorityDefinition/>", "missing-attribute"),
        (_JOB, "misplaced-extension"),
    ],
)
def test_a_user_task_that_cannot_be_opened_is_an_error(extension: str, code: str) -> None:
    assert errors(around(extended("userTask", extension))) == [code]


@pytest.mark.parametrize("tag", ["task", "manualTask", "userTask", "subProcess", "exclusiveGateway"])
def test_a_job_on_anything_else_is_refused(tag: str) -> None:
    assert "misplaced-extension" in errors(around(extended(tag, _JOB)))


def test_an_unknown_word_of_the_vendor_is_a_warning() -> None:
    assert warnings(around(extended("task", "<zeebe:news/>"))) == ["unknown-extension"]


def test_words_of_others_are_left_alone() -> None:
    assert read(around(extended("task", "<other:thing/>", 'other:a="b"'))).findings == ()


def test_a_word_of_a_newer_penstock_is_an_error() -> None:
    assert errors(around(extended("task", "<penstock:news/>"))) == ["unknown-extension"]


def test_an_extension_outside_extension_elements_is_a_warning() -> None:
    assert warnings(around('<task id="x"><other:thing/></task>')) == ["misplaced-extension"]


def test_the_process_says_its_version_and_its_alias() -> None:
    extensions = """<documentation>What it is for.</documentation><extensionElements>
    <zeebe:versionTag value="1.1.0"/>
    <zeebe:properties><zeebe:property name="alias" value="addTwoNumbers"/></zeebe:properties>
    </extensionElements>"""
    reading = read(extensions + around('<task id="x"/>'), attributes='isExecutable="true" name="Add"')

    (process,) = reading.processes
    assert (process.id, process.name, process.line) == ("p", "Add", 2)
    assert (process.version_tag, process.alias) == ("1.1.0", "addTwoNumbers")
    assert process.description == "What it is for."


def test_a_script_whose_value_nobody_keeps_is_a_warning() -> None:
    assert warnings(around(extended("scriptTask", '<zeebe:script expression="=1"/>'))) == ["result-not-kept"]
