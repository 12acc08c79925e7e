"""The editors of decisions and forms in a real browser on a real server, as a person uses them."""

from __future__ import annotations

from typing import Any, Final

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bpmn.models import around, extended, process_of
from tests.dmn.models import data, decision, file_of, table
from tests.forms.models import component, form_file
from tests.journeys.conftest import deployed, problems_of, started
from tests.journeys.server import PATIENCE_S, eventually

ON_TOP: Final = """(mark) => {
    const { x, y, width, height } = mark.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return mark.contains(top) || top.contains(mark);
}"""
CALLING: Final = extended(
    "businessRuleTask", '<zeebe:calledDecision decisionId="travel-class" resultVariable="class"/>'
)
ASKING: Final = extended("userTask", '<zeebe:formDefinition formId="holiday"/>', 'name="Ask for days"')


def draft(address: str, kind: str, content: bytes) -> str:
    body = {"name": "Seen by all", "kind": kind, "content": content.decode()}
    reply = httpx2.post(f"{address}/api/v1/drafts", json=body, timeout=PATIENCE_S)
    found: dict[str, str] = reply.raise_for_status().json()
    return found["id"]


def saved(address: str, id: str) -> Any:
    return httpx2.get(f"{address}/api/v1/drafts/{id}", timeout=PATIENCE_S).raise_for_status().json()


def called(name: str, body: str) -> bytes:
    return process_of(around(body)).replace(b'<process id="p"', f'<process id="{name}"'.encode())


def begin(page: Page, path: str, button: str, name: str) -> None:
    page.goto(path)
    page.get_by_role("button", name=button).click()
    page.get_by_label("What is it called?").fill(name)
    page.get_by_role("button", name="Begin to draw").click()


def deploy(page: Page, notes: str) -> None:
    page.get_by_role("button", name="Deploy").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What is new about it?").fill(notes)
    dialog.get_by_role("button", name="Deploy").click()
    expect(dialog.get_by_text("is deployed.")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()


def write(cell: Locator, text: str) -> None:
    cell.click()
    cell.page.keyboard.type(text)


def test_a_table_is_drawn_from_nothing_tried_deployed_and_used_by_a_process(page: Page, address: str) -> None:
    begin(page, "/decisions", "New decision", "Travel class")
    for rule, (test, result) in enumerate((('"far"', '"business"'), ("-", '"economy"')), 1):
        page.locator("td.add-rule, .add-rule button").first.click()
        row = page.locator(f".decisions tbody tr:nth-child({rule})")
        write(row.locator("td.input-cell"), test)
        write(row.locator("td.output-cell"), result)
    page.get_by_label("Hit policy").click()
    page.locator(".dms-select-options").get_by_text("First", exact=True).click()
    page.get_by_role("textbox", name="input", exact=True).fill("far")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator(".decided")).to_have_text('"business"')
    expect(page.get_by_role("button", name="Rule 1 of Travel class")).to_be_visible()
    marked = "getComputedStyle(document.querySelectorAll('td.rule-index')[{}], '::after').content"
    eventually(lambda: "✓" in page.evaluate(marked.format(0)))
    assert "✓" not in page.evaluate(marked.format(1))
    page.get_by_role("textbox", name="input", exact=True).fill("near")
    expect(page.locator(".decided")).to_have_text('"economy"')
    expect(page.locator(".standing")).to_have_text("Saved")
    deploy(page, "The first one")
    deployed(address, called("travelling", CALLING), "travelling.bpmn")
    id = started(address, "travelling", input="far")
    found = httpx2.get(f"{address}/api/v1/process-instances/{id}", timeout=PATIENCE_S).json()
    assert (found["state"], found["variables"]["class"]) == ("completed", "business")


def test_a_form_is_made_tried_deployed_and_a_task_done_with_it(page: Page, address: str) -> None:
    begin(page, "/forms", "New form", "Holiday")
    page.get_by_role("button", name="Number").press("Enter")
    page.locator(".forming .fjs-form-field-number").click()
    page.get_by_text("General", exact=True).click()
    id = page.url.rpartition("/")[2]
    page.get_by_label("Field label").fill("How many days")
    eventually(lambda: "How many days" in saved(address, id)["content"])
    page.get_by_label("Key", exact=True).fill("days")
    eventually(lambda: '"days"' in saved(address, id)["content"])
    page.get_by_text("Validation", exact=True).click()
    page.get_by_label("Maximum").fill("30")
    eventually(lambda: '"max"' in saved(address, id)["content"])
    page.get_by_role("button", name="Try it").click()
    page.get_by_label("How many days").fill("31")
    page.get_by_role("button", name="Ask the server").click()
    expect(page.get_by_role("status").filter(has_text="does not accept")).to_contain_text("30")
    page.get_by_label("How many days").fill("12")
    page.get_by_role("button", name="Ask the server").click()
    expect(page.locator(".trial .values")).to_contain_text("12")
    page.get_by_role("button", name="Back to the drawing").click()
    expect(page.locator(".forming .fjs-form-field-number")).to_be_visible()
    deploy(page, "The first one")
    deployed(address, called("holidays", ASKING), "holidays.bpmn")
    id = started(address, "holidays")
    (task,) = httpx2.get(f"{address}/api/v1/tasks", params={"processInstance": id}).json()["items"]
    page.goto(f"/tasks?task={task['id']}")
    page.get_by_label("How many days").fill("7")
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_role("button", name="Complete")).to_have_count(0)
    found = httpx2.get(f"{address}/api/v1/process-instances/{id}", timeout=PATIENCE_S).json()
    assert (found["state"], found["variables"]["days"]) == ("completed", 7)


def rated(high: str) -> bytes:
    rows = [f'> 100 => "{high}"', '- => "low"']
    return file_of(
        data("amount") + decision("rated", table(["amount"], rows, policy="FIRST"), needs="<amount")
    )


def test_two_versions_of_a_table_and_of_a_form_are_compared(page: Page, address: str) -> None:
    for high in ("high", "highest"):
        deployed(address, rated(high), "rated.dmn")
    for limit in (5, 6):
        deployed(address, form_file(component("number", "n", {"max": limit}), id="asked"), "asked.form")
    for path in ("/decisions/versions/rated", "/forms/versions/asked"):
        page.goto(path)
        page.get_by_label("Choose version 1.0.0 to compare").check()
        page.get_by_label("Choose version 1.1.0 to compare").check()
        expect(page.locator(".difference.changed").first).to_be_visible()
    expect(page.locator(".comparison")).to_contain_text('{"max":5} → {"max":6}')


@pytest.fixture
def pages(address: str) -> list[str]:
    deployed(address, rated("high"), "rated.dmn")
    form = form_file(component("number", "n"), component("textfield", "t"), id="seen")
    deployed(address, form, "seen.form")
    drafts = [
        f"/decisions/{draft(address, 'decision', rated('x'))}",
        f"/forms/{draft(address, 'form', form)}",
    ]
    return ["/decisions", "/decisions/versions/rated", "/forms", "/forms/versions/seen", *drafts]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_the_pages_fit_a_phone_and_the_mark_is_whole(
    page: Page, pages: list[str], theme: str
) -> None:
    page.goto("/")
    page.get_by_label("Theme").select_option(theme)
    for path in pages:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.get_by_text("Loading ...")).to_have_count(0)
        if path in pages[-2:]:
            mark = page.locator(".canvas .bjs-powered-by, .canvas .fjs-powered-by-link").first
            expect(mark).to_be_in_viewport(ratio=1)
            assert mark.evaluate(ON_TOP)
        if path == pages[-1]:
            page.locator(".forming .fjs-form-field-number").click()
            page.get_by_text("General", exact=True).click()
            expect(page.get_by_label("Field label")).to_be_visible()
        assert problems_of(page) == [], path
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path


def test_a_file_goes_to_the_editor_of_its_kind_and_comes_out_again(page: Page) -> None:
    page.goto("/forms")
    page.get_by_label("Open a file").set_input_files(
        [{"name": "rated.dmn", "mimeType": "application/xml", "buffer": rated("high")}]
    )
    expect(page.locator(".decisions .tjs-table")).to_be_visible()
    # It came without a diagram.
    page.get_by_role("button", name="Requirements").click()
    for element in ("rated", "amount"):
        expect(page.locator(f'.djs-shape[data-element-id="{element}"]')).to_be_visible()
    expect(page.locator(".djs-connection")).to_have_count(1)
    page.get_by_role("button", name="File").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as DMN").click()
    assert download.value.suggested_filename == "rated.dmn"
    assert b"decisionTable" in download.value.path().read_bytes()
