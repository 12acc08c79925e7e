"""The models of the BPMN Model Interchange Working Group, taken in and given back as they were.

What may run is deployed and downloaded, byte for byte; each of them is kept as a draft, as the designer does
with what is imported, and comes back as it was written.
"""

from __future__ import annotations

import pytest

from penstock import bpmn
from tests.api.conftest import Server
from tests.suites.folder import SUITES

FILES = sorted((SUITES / "bpmn-miwg").rglob("*.bpmn"))

needs_suite = pytest.mark.skipif(not FILES, reason="suite not run: bpmn-miwg is not in PENSTOCK_SUITES")


@needs_suite
def test_what_may_run_is_deployed_and_given_back_byte_for_byte(empty: Server) -> None:
    contents = {file.read_bytes(): file for file in FILES}
    executable = [content for content in contents if bpmn.read(content).executable]
    assert len(executable) > 30
    for content in executable:
        reply = empty.deploy(content)
        assert reply.is_success, (contents[content], reply.text)
        definitions = reply.json()["definitions"]
        assert definitions
        for definition in definitions:
            given_back = empty.client.get(f"/api/v1/definitions/{definition['key']}/xml")
            assert given_back.content == content, contents[content]


@needs_suite
def test_what_may_not_run_is_refused_with_the_line_of_what_is_wrong(empty: Server) -> None:
    for file in FILES[::20]:
        content = file.read_bytes()
        if not bpmn.read(content).executable:
            reply = empty.deploy(content)
            assert reply.status_code == 422, file
            errors = [it for it in reply.json()["findings"] if it["severity"] == "error"]
            assert errors, file
    assert empty.get("/definitions")["items"] == []


@needs_suite
def test_what_is_imported_is_kept_as_it_was_written(empty: Server) -> None:
    for file in FILES:
        content = file.read_bytes()
        draft = empty.done("/drafts", {"name": file.name, "content": content.decode("utf-8")})
        kept = empty.get(f"/drafts/{draft['id']}")["content"]
        assert kept.encode("utf-8") == content, file
