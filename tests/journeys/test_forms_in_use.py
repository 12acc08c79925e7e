"""Forms as they are filled in, in a real browser on a real server: at starts and in tasks."""

from __future__ import annotations

from typing import Final

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bpmn.models import around, process_of
from tests.forms.models import component, form_file
from tests.journeys.conftest import deployed, problems_of, started, watched

START: Final = (
    '<startEvent id="s"><extensionElements><zeebe:formDefinition formId="wish"/>'
    "</extensionElements></startEvent>"
)


def wishing(most: int) -> bytes:
    return form_file(component("number", "days", {"required": True, "max": most}), id="wish")


@pytest.fixture(scope="module", autouse=True)
def holidays(address: str) -> None:
    """A process whose start has a form."""
    body = around('<userTask id="x" name="Approve"/>').replace('<startEvent id="s"/>', START)
    assert START in body
    deployed(address, wishing(30), "wish.form")
    deployed(
        address, process_of(body).replace(b'<process id="p"', b'<process id="wishes" name="Wishes"'), "w.bpmn"
    )


def test_a_workflow_is_started_with_its_form_and_what_the_server_refuses_is_told_at_the_field(
    browser: Browser, address: str
) -> None:
    for page in watched(browser, address, "Failed to load resource"):
        page.goto("/")
        page.get_by_role("button", name="Start Wishes").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Days").fill("31")
        dialog.get_by_role("button", name="Start", exact=True).click()
        expect(dialog.locator(".fjs-form-field-error")).to_contain_text("30")
        dialog.get_by_label("Days").fill("20")
        # While it is filled in, somebody deploys a stricter form: the server holds that one.
        deployed(address, wishing(10), "wish.form")
        dialog.get_by_role("button", name="Start", exact=True).click()
        expect(dialog.locator(".fjs-form-field-error")).to_contain_text("10")
        dialog.get_by_label("Days").fill("9")
        dialog.get_by_role("button", name="Start", exact=True).click()
        expect(page.locator(".title .state")).to_contain_text("Active")
        expect(page.get_by_role("row", name="days 9")).to_be_visible()


def test_a_workflow_is_started_from_the_command_palette(page: Page) -> None:
    page.goto("/instances")
    page.keyboard.press("Control+k")
    page.keyboard.type("start wishes")
    expect(page.get_by_role("option", name="Start Wishes")).to_be_visible()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Start Wishes")
    expect(dialog.get_by_label("Days")).to_be_visible()
    assert problems_of(page) == []
    dialog.get_by_label("Days").fill("3")
    dialog.get_by_label("Days").press("Control+Enter")
    expect(page.get_by_role("row", name="days 3")).to_be_visible()


def test_a_task_is_left_half_done_and_another_goes_on_with_it(browser: Browser, address: str) -> None:
    id = started(address, "claims")
    (task,) = httpx2.get(f"{address}/api/v1/tasks", params={"processInstance": id}).json()["items"]
    path = f"/tasks?task={task['id']}"
    for anna, ben in zip(
        watched(browser, address, "Failed to load resource"), watched(browser, address), strict=True
    ):
        for page, name in ((anna, "anna"), (ben, "ben")):
            page.goto("/")
            page.evaluate(f"localStorage.setItem('user', '{name}')")
        anna.goto(path)
        anna.get_by_label("Amount").fill("120")
        anna.keyboard.press("Control+s")
        expect(anna.get_by_text("Saved by anna")).to_be_visible()
        ben.goto(path)
        expect(ben.get_by_label("Amount")).to_have_value("120")
        ben.get_by_label("Amount").fill("130")
        ben.get_by_role("button", name="Save", exact=True).click()
        expect(ben.get_by_text("Saved by ben")).to_be_visible()
        anna.get_by_label("Amount").fill("140")
        anna.get_by_role("button", name="Save", exact=True).click()
        both = anna.get_by_role("alert")
        expect(both.get_by_role("row", name="amount 140 130")).to_be_visible()
        assert problems_of(anna) == []
        both.get_by_role("button", name="Go on with theirs").click()
        expect(anna.get_by_label("Amount")).to_have_value("130")
        anna.get_by_label("Reason").fill("by train")
        anna.get_by_role("button", name="Complete").click()
        expect(anna.get_by_role("button", name="Complete")).to_have_count(0)
    left = httpx2.get(f"{address}/api/v1/tasks/{task['id']}/draft").json()
    assert left["revision"] == 0
