"""The processes of these tests."""

from __future__ import annotations

from tests.bpmn.models import around, file_of

USER_TASK = around(
    '<userTask id="x" name="Approve"><extensionElements>'
    '<zeebe:assignmentDefinition assignee="=clerk" candidateGroups="office, board"/>'
    "</extensionElements></userTask>"
)

JOB = around(
    '<serviceTask id="x"><extensionElements>'
    '<zeebe:taskDefinition type="charge" retries="2"/>'
    '<zeebe:taskHeaders><zeebe:header key="bank" value="north"/></zeebe:taskHeaders>'
    "</extensionElements></serviceTask>"
)

TIMER = around(
    '<intermediateCatchEvent id="x"><timerEventDefinition>'
    "<timeDuration>PT1H</timeDuration>"
    "</timerEventDefinition></intermediateCatchEvent>"
)

SCRIPT = around(
    '<scriptTask id="x"><extensionElements>'
    '<zeebe:script expression="=a + b" resultVariable="sum"/>'
    "</extensionElements></scriptTask>"
)


def process(id: str, body: str, *, name: str = "", tag: str = "1.0.0") -> bytes:
    """Give a file with one process."""
    return file_of(
        f'<process id="{id}" name="{name or id}" isExecutable="true">'
        f'<extensionElements><zeebe:versionTag value="{tag}"/></extensionElements>{body}</process>'
    )
