"""Make the pictures of the documentation from a running server: `python docs/screenshots.py`.

It serves the example project with more workflows beside it, so that the pages have something to show: tasks
that wait for a person, one of them with a form, and a function that fails.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
TRAVEL = ROOT / "examples" / "travel-claims" / "workflows"
SIZE = {"width": 1280, "height": 800}
SETTLED_MS = 2_000

CLAIM = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="https://example.org">
  <process id="claim" name="Expense claim" isExecutable="true">
    <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="approve"/>
    <userTask id="approve" name="Approve the claim"/>
    <sequenceFlow id="f2" sourceRef="approve" targetRef="end"/><endEvent id="end"/>
  </process>
</definitions>"""

PAYMENT = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="https://example.org">
  <process id="payment" name="Payment" isExecutable="true">
    <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="pay"/>
    <serviceTask id="pay" name="Transfer the money"><extensionElements>
      <zeebe:taskDefinition type="transfer" retries="1"/></extensionElements></serviceTask>
    <sequenceFlow id="f2" sourceRef="pay" targetRef="end"/><endEvent id="end"/>
  </process>
</definitions>"""

TRANSFER = """from penstock import task


@task
def transfer(account: str) -> None:
    raise ConnectionError(f"the bank does not know the account {account}")
"""


def main() -> None:
    """Make every picture."""
    IMAGES.mkdir(exist_ok=True)
    with _server() as address, sync_playwright() as playwright:
        _fill(address)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        failed = _get(f"{address}/api/v1/incidents")["items"][0]["processInstance"]
        [claim] = _get(f"{address}/api/v1/tasks?state=open&element=Review")["items"]
        pages = {
            "home": "/",
            "instances": "/instances",
            "instance": f"/instances/{failed}",
            "tasks": f"/tasks?view=all&task={claim['id']}",
            "designer": f"/designer/{_draft(address, 'travel-claims.bpmn')}",
            "decision": f"/decisions/{_draft(address, 'travel-claims.dmn')}",
            "form": f"/forms/{_draft(address, 'claim-review.form')}",
            "metrics": "/insights?processId=claim&range=24h",
            "settings": "/settings?tab=functions",
            "docs": "/docs",
        }
        for name, path in pages.items():
            page = browser.new_page(viewport=SIZE)
            page.goto(address + path)
            # The stream of changes is never idle.
            page.wait_for_timeout(SETTLED_MS)
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()


@contextmanager
def _server() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "shop"
        shutil.copytree(ROOT / "examples" / "add-two-numbers", project)
        shutil.copytree(TRAVEL, project / "workflows", dirs_exist_ok=True)
        (project / "workflows" / "claim.bpmn").write_text(CLAIM)
        (project / "workflows" / "payment.bpmn").write_text(PAYMENT)
        (project / "functions" / "bank.py").write_text(TRANSFER)
        command = [str(Path(sys.executable).with_name("penstock")), "serve", str(project), "--port", "0"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
            assert server.stdout is not None
            line = next(line for line in server.stdout if "http://" in line)
            try:
                yield line.split()[-1].rstrip("/")
            finally:
                server.terminate()


def _fill(address: str) -> None:
    for first, second in ((5, 7), (19, 23), (1, 2), (40, 2)):
        body = {"firstNumber": first, "secondNumber": second}
        _post(f"{address}/domo/workflow/v1/models/addTwoNumbers/start", body)
    for amount in (120, 75, 310, 42, 18):
        _start(address, "claim", {"amount": amount})
    for task in _get(f"{address}/api/v1/tasks?state=open&limit=3")["items"]:
        _post(f"{address}/api/v1/tasks/{task['id']}/complete", {})
    _start(address, "payment", {"account": "DE-17"})
    _start(address, "TravelClaim", {"amount": 2500, "destination": "Lisbon"})


def _draft(address: str, file: str) -> str:
    kind = {".dmn": "decision", ".form": "form"}.get(Path(file).suffix, "process")
    body = {"name": "Travel claims", "kind": kind, "content": (TRAVEL / file).read_text()}
    draft: str = _post(f"{address}/api/v1/drafts", body)["id"]
    return draft


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as reply:
        return json.load(reply)


def _start(address: str, process: str, variables: dict[str, Any]) -> None:
    body = {"processId": process, "variables": variables, "wait": 10}
    _post(f"{address}/api/v1/process-instances", body)


def _post(url: str, body: dict[str, Any]) -> Any:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.loads(reply.read() or b"null")


if __name__ == "__main__":
    main()
