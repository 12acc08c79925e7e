"""The designer in a real browser on a real server, as a person uses it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.bpmn.models import around, extended, flow, process_of
from tests.journeys.conftest import problems_of, watched
from tests.journeys.server import PATIENCE_S, eventually

ASKING: Final = process_of(around('<userTask id="x" name="Approve"/>')).decode()
BROKEN: Final = process_of(around('<callActivity id="x" name="Call nothing"/>')).decode()
TASK: Final = '.djs-shape[data-element-id^="Activity_"]'
THEIRS: Final = "the browser of Ben"


@pytest.fixture
def troubled(browser: Browser, address: str) -> Iterator[Page]:
    """A page that may say on its console that requests were refused or cut, since they are, and no more."""
    yield from watched(browser, address, "Failed to load resource")


def draft(address: str, name: str, content: str = ASKING) -> str:
    body = {"name": name, "content": content}
    reply = httpx2.post(f"{address}/api/v1/drafts", json=body, timeout=PATIENCE_S)
    found: dict[str, str] = reply.raise_for_status().json()
    return found["id"]


def saved(address: str, id: str) -> Any:
    return httpx2.get(f"{address}/api/v1/drafts/{id}", timeout=PATIENCE_S).raise_for_status().json()


def opened(page: Page, address: str, name: str, content: str = ASKING) -> str:
    id = draft(address, name, content)
    page.goto(f"/designer/{id}")
    expect(page.locator('.djs-shape[data-element-id="x"]')).to_be_visible()
    return id


def begin(page: Page, name: str) -> None:
    page.goto("/designer")
    page.get_by_role("button", name="New process").click()
    page.get_by_label("What is it called?").fill(name)
    page.get_by_role("button", name="Begin to draw").click()


def append(page: Page, element: str, action: str) -> None:
    page.locator(element).first.click()
    page.locator(f'.djs-context-pad [data-action="append.{action}"]').click()


def deploy(page: Page, notes: str) -> None:
    page.get_by_role("button", name="Deploy").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What is new about it?").fill(notes)
    dialog.get_by_role("button", name="Deploy").click()
    expect(dialog.get_by_text("is deployed.")).to_be_visible()


def test_a_process_is_drawn_from_nothing_deployed_started_and_seen_to_complete(page: Page) -> None:
    begin(page, "Greeting")
    append(page, '[data-element-id="start"]', "append-task")
    page.keyboard.type("Say hello")
    page.locator('[data-element-id="start"]').click()
    append(page, TASK, "end-event")
    expect(page.locator(".djs-connection")).to_have_count(2)
    expect(page.locator(".standing")).to_have_text("Saved")
    page.get_by_role("tab", name="Problems").click()
    expect(page.get_by_text("Nothing is wrong with this model.")).to_be_visible()
    deploy(page, "The first one")
    page.get_by_role("button", name="Start it").click()
    page.get_by_role("dialog").get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".title .state")).to_contain_text("Completed")


def test_what_is_wrong_is_told_while_it_is_drawn_and_keeps_it_from_being_deployed(
    page: Page, address: str
) -> None:
    opened(page, address, "Broken", BROKEN)
    page.get_by_role("button", name="Error:").click()
    expect(page.locator(".problems li.chosen")).to_contain_text("Call nothing")
    page.get_by_role("button", name="Deploy").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Deploy")).to_be_disabled()


def test_two_versions_are_compared_and_one_is_deactivated(page: Page, address: str) -> None:
    opened(page, address, "Approval")
    deploy(page, "Somebody approves")
    page.get_by_role("button", name="Close").click()
    append(page, '[data-element-id="x"]', "append-task")
    expect(page.locator(TASK)).to_be_visible()
    deploy(page, "And then something more")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_text("And then something more")).to_be_visible()
    page.get_by_label("This draft").uncheck()
    page.get_by_label("Choose version 1.0.0 to compare").check()
    page.get_by_label("Choose version 1.1.0 to compare").check()
    expect(page.locator(".difference.added").first).to_be_visible()
    expect(page.locator(".diff-added")).not_to_have_count(0)
    page.get_by_role("button", name="Deactivate 1.1.0").click()
    expect(page.get_by_role("button", name="Activate 1.1.0")).to_be_visible()


def test_a_draft_is_tried_step_by_step_and_back(page: Page, address: str) -> None:
    opened(page, address, "Tried")
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    waiting = page.get_by_role("form", name="Task Approve")
    waiting.get_by_label("Name").fill("approved")
    waiting.get_by_label("Value").fill("true")
    waiting.get_by_role("button", name="Complete it").click()
    expect(page.locator(".trial .state")).to_have_text("Completed")
    expect(page.locator(".values")).to_contain_text("approved")
    page.get_by_role("button", name="Back").click()
    expect(page.locator(".trial .state")).to_have_text("Running")
    expect(page.locator(".token")).to_have_text("1")


def test_what_is_drawn_while_the_server_is_away_is_kept_and_saved_later(troubled: Page, address: str) -> None:
    id = opened(troubled, address, "Kept")

    def away(route: Route) -> None:
        route.abort() if route.request.method == "PUT" else route.fallback()

    troubled.context.route("**/api/v1/drafts/*", away)
    troubled.get_by_label("Name of the draft").fill("Kept by the browser")
    expect(troubled.get_by_role("alert")).to_contain_text("kept in this browser")
    assert saved(address, id)["name"] == "Kept"
    troubled.context.unroute("**/api/v1/drafts/*")
    eventually(lambda: saved(address, id)["name"] == "Kept by the browser")
    expect(troubled.locator(".standing")).to_have_text("Saved")


def test_who_draws_beside_another_is_told_and_both_sides_of_a_conflict_are_shown(
    troubled: Page, address: str
) -> None:
    id = opened(troubled, address, "Shared")
    path = f"{address}/api/v1/drafts/{id}"
    take = {"holder": THEIRS, "name": "Ben", "take": True}
    httpx2.post(f"{path}/lock", json=take, timeout=PATIENCE_S).raise_for_status()
    troubled.reload()
    expect(troubled.get_by_role("status").filter(has_text="Ben is editing this draft")).to_be_visible()
    change = {"name": "Ben's", "content": BROKEN, "revision": 1, "holder": THEIRS}
    troubled.get_by_role("button", name="Take over").click()
    expect(troubled.locator(".djs-palette")).to_be_visible()
    httpx2.post(f"{path}/lock", json=take, timeout=PATIENCE_S).raise_for_status()
    httpx2.put(path, json=change, timeout=PATIENCE_S).raise_for_status()
    httpx2.post(f"{path}/unlock", json={"holder": THEIRS}, timeout=PATIENCE_S).raise_for_status()
    troubled.get_by_label("Name of the draft").fill("Mine")
    dialog = troubled.get_by_role("dialog")
    expect(dialog.locator(".diagram .djs-shape").first).to_be_visible()
    dialog.get_by_role("button", name="Go on with theirs").click()
    expect(troubled.get_by_label("Name of the draft")).to_have_value("Ben's")
    expect(troubled.locator(".badge.error")).to_be_visible()


def test_a_function_of_the_project_is_chosen_for_a_task_with_its_parameters_as_fields(
    page: Page, address: str
) -> None:
    id = opened(page, address, "Halves", process_of(around('<task id="x"/>')).decode())
    page.locator('[data-element-id="x"]').click()
    page.get_by_role("button", name="Select").click()
    page.get_by_text("Halve", exact=True).click()
    expect(page.get_by_text("Parameters", exact=True)).to_be_visible()
    eventually(lambda: 'zeebe:taskDefinition type="halve"' in saved(address, id)["content"])


def test_what_is_copied_in_one_model_is_pasted_into_another_with_its_settings(
    page: Page, address: str
) -> None:
    task = extended("serviceTask", '<zeebe:taskDefinition type="halve"/>', 'name="Halve it"')
    opened(page, address, "From", process_of(around(task)).decode())
    page.locator('[data-element-id="x"]').click()
    page.keyboard.press("Control+c")
    id = opened(page, address, "Into")
    page.locator('[data-element-id="x"]').click()
    page.keyboard.press("Control+v")
    page.locator(".canvas .djs-container svg").first.click(position={"x": 500, "y": 60})
    expect(page.locator(TASK)).to_be_visible()
    eventually(lambda: 'zeebe:taskDefinition type="halve"' in saved(address, id)["content"])


def test_a_file_is_opened_and_saved_again_byte_for_byte_and_as_pictures(page: Page) -> None:
    page.goto("/designer")
    page.get_by_label("Open a file").set_input_files(
        {"name": "approval.bpmn", "mimeType": "application/xml", "buffer": ASKING.encode()}
    )
    expect(page.locator('.djs-shape[data-element-id="x"]')).to_be_visible()

    assert exported(page, "Save as BPMN") == ("approval.bpmn", ASKING.encode())
    name, picture = exported(page, "Save as SVG")
    assert name == "approval.svg"
    assert b"Approve" in picture
    assert b"var(--" not in picture
    name, picture = exported(page, "Save as PNG")
    assert name == "approval.png"
    assert picture.startswith(b"\x89PNG")


def exported(page: Page, how: str) -> tuple[str, bytes]:
    """Save the model by the menu of files, and give the name and the content of the file."""
    page.locator("summary", has_text="File").click()
    with page.expect_download() as saving:
        page.get_by_role("button", name=how).click()
    return saving.value.suggested_filename, saving.value.path().read_bytes()


def test_the_parameters_of_a_function_are_mapped_by_a_click_and_completed_from_what_is_there(
    page: Page, address: str
) -> None:
    calling = extended("serviceTask", '<zeebe:taskDefinition type="halve"/>')
    output = '<zeebe:ioMapping><zeebe:output source="=half" target="amount"/></zeebe:ioMapping>'
    before = extended("serviceTask", f'<zeebe:taskDefinition type="halve"/>{output}').replace(
        '"x"', '"first"'
    )
    body = around(calling).replace('targetRef="x"', 'targetRef="first"', 1) + before + flow("first", "x")
    id = opened(page, address, "Mapped", process_of(body).decode())
    page.locator('[data-element-id="x"]').click()
    parameters = page.get_by_role("group", name="Parameters of halve")
    parameters.get_by_role("button", name="n").click()
    eventually(lambda: '<zeebe:input source="=n" target="n" />' in saved(address, id)["content"])
    page.get_by_role("button", name="Undo").click()
    parameters.get_by_role("button", name="n").click()
    expect(parameters).to_have_count(0)
    inputs = page.locator("[data-group-id='group-inputs']")
    inputs.get_by_text("Input mapping", exact=True).click()
    inputs.locator(".bio-properties-panel-collapsible-entry-header").first.click()
    inputs.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("am")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("amount")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_the_pages_fit_a_phone(page: Page, address: str, theme: str) -> None:
    page.goto("/")
    page.get_by_label("Theme").select_option(theme)
    opened(page, address, "Seen by all", BROKEN)
    expect(page.locator(".badge.error")).to_be_visible()
    on_top = """(mark) => {
        const { x, y, width, height } = mark.getBoundingClientRect();
        return mark.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }"""
    mark = page.locator(".bjs-powered-by")
    expect(mark).to_be_in_viewport(ratio=1)
    assert mark.evaluate(on_top)
    for path in (page.url, "/designer", "/designer/versions/halving"):
        if page.url != path:
            page.goto(path)
        expect(page.get_by_text("Loading ...")).to_have_count(0)
        assert problems_of(page) == []
    for path in ("/designer", f"/designer/{draft(address, 'Small')}"):
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
