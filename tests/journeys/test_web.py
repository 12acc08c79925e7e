"""The web application in a real browser on a real server, as a person uses it. `dev.py test` builds it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import problems_of, started

SOURCES: Final = Path(__file__).parents[2] / "web"


def test_a_workflow_is_started_from_home_and_seen_to_complete(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Start Halving").click()
    page.get_by_label("Name").fill("n")
    page.get_by_label("Value").fill("42")
    page.get_by_role("dialog").get_by_role("button", name="Start").click()
    expect(page.locator(".title .state")).to_contain_text("Completed")
    expect(page.get_by_role("row", name="half 21")).to_be_visible()
    expect(page.locator(".djs-element.passed")).to_have_count(5)


def test_what_failed_is_found_put_right_and_tried_again(page: Page, address: str) -> None:
    id = started(address, "halving", n=7)
    page.goto("/")
    page.get_by_role("link", name="7 is odd").click()
    expect(page).to_have_url(f"{address}/instances/{id}")
    expect(page.locator(".token.failed")).to_have_text("! 1")
    page.get_by_role("button", name="Retry").click()
    page.get_by_label("Value").fill("8")
    page.get_by_role("dialog").get_by_role("button", name="Retry").click()
    expect(page.locator(".title .state")).to_contain_text("Completed")
    expect(page.get_by_role("row", name="half 4")).to_be_visible()


def test_an_instance_is_cancelled_after_a_question(page: Page, address: str) -> None:
    page.goto(f"/instances/{started(address, 'order', n=1)}")
    expect(page.locator(".title .state")).to_contain_text("Active")
    page.get_by_role("button", name="Cancel the instance").click()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.locator(".title .state")).to_contain_text("Cancelled")


def test_a_task_is_claimed_and_completed_with_what_was_typed(page: Page, address: str) -> None:
    id = started(address, "order", n=3)
    (task,) = httpx2.get(f"{address}/api/v1/tasks", params={"processInstance": id}).json()["items"]
    page.goto(f"/tasks?task={task['id']}")
    page.get_by_text("Who you are").click()
    page.get_by_label("Your user name").fill("anna")
    page.get_by_label("Your user name").press("Tab")
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_role("button", name="Give back")).to_be_visible()
    page.get_by_role("button", name="Add a variable").click()
    page.get_by_label("Name", exact=True).last.fill("approved")
    page.get_by_label("Value", exact=True).last.fill("true")
    page.reload()
    expect(page.get_by_label("Name", exact=True).last).to_have_value("approved")
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_role("button", name="Complete")).to_have_count(0)
    page.goto(f"/instances/{id}")
    expect(page.get_by_role("row", name="approved true")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("A person has done")


def test_a_form_is_filled_in_and_what_it_does_not_accept_is_told_beside_the_field(
    page: Page, address: str
) -> None:
    id = started(address, "claims")
    (task,) = httpx2.get(f"{address}/api/v1/tasks", params={"processInstance": id}).json()["items"]
    page.goto(f"/tasks?task={task['id']}")
    page.get_by_label("Amount").fill("120")
    expect(page.get_by_label("Reason")).to_be_visible()
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Field is required.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Amount")).to_have_value("120")
    page.get_by_label("Reason").fill("by train")
    mark = page.locator(".fjs-powered-by-link svg")
    assert mark.evaluate(
        """it => { it.scrollIntoView(); const box = it.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return it.contains(top) || top.contains(it) }"""
    )
    assert problems_of(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Complete")).to_have_count(0)
    page.goto(f"/instances/{id}")
    expect(page.get_by_role("row", name="reason")).to_contain_text("by train")


def test_several_tasks_are_claimed_at_once(page: Page, address: str) -> None:
    for _ in range(2):
        started(address, "order", n=1)
    page.goto("/tasks?view=unassigned")
    page.get_by_text("Who you are").click()
    page.get_by_label("Your user name").fill("berta")
    page.get_by_label("Your user name").press("Tab")
    boxes = page.get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Claim them").click()
    expect(page.get_by_role("group", name="2 tasks chosen")).to_have_count(0)
    page.get_by_role("link", name="Mine", exact=True).click()
    expect(page.get_by_role("region", name="Mine").get_by_role("checkbox")).to_have_count(2)
    page.keyboard.press("j")
    expect(page.get_by_role("button", name="Complete", exact=True)).to_be_visible()


def test_the_filter_of_the_instances_is_in_the_address(page: Page, address: str) -> None:
    done, other = started(address, "halving", n=100), started(address, "halving", n=200)
    page.goto("/instances")
    page.get_by_text("More to find by").click()
    page.get_by_label("Variable (name:value)").fill("n:100")
    page.get_by_label("Variable (name:value)").press("Tab")
    expect(page.get_by_role("link", name=other)).to_have_count(0)
    expect(page.get_by_role("link", name=done)).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name=done)).to_be_visible()
    expect(page.get_by_role("link", name=other)).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/instances",
        "/instances/ID",
        "/tasks",
        "/insights",
        "/insights?processId=halving",
        "/settings",
        "/settings?tab=functions",
        "/settings?tab=workers",
        "/settings?tab=configuration",
        "/settings?tab=audit",
    ],
)
def test_axe_finds_nothing_and_the_page_fits_a_phone(page: Page, address: str, path: str, theme: str) -> None:
    id = started(address, "halving", n=9)
    page.goto("/")
    page.get_by_label("Theme").select_option(theme)
    page.goto(path.replace("ID", id))
    expect(page.get_by_text("Loading ...")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if path.endswith("ID"):
        expect(page.locator(".token.failed")).to_be_visible()
    assert problems_of(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_mark_of_bpmn_io_is_seen_whole(page: Page, address: str, theme: str) -> None:
    id = started(address, "halving", n=2)
    page.goto("/")
    page.get_by_label("Theme").select_option(theme)
    page.goto(f"/instances/{id}")
    mark = page.locator(".bjs-powered-by")
    expect(mark).to_be_in_viewport(ratio=1)
    on_top = """(mark) => {
        const { x, y, width, height } = mark.getBoundingClientRect();
        return mark.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }"""
    assert mark.evaluate(on_top)


def test_the_instance_page_weighs_at_most_150_kb_on_the_wire(page: Page, address: str) -> None:
    sizes: list[int] = []
    page.on(
        "requestfinished",
        lambda it: sizes.append(it.sizes()["responseBodySize"]) if "/assets/" in it.url else None,
    )
    page.goto(f"/instances/{started(address, 'halving', n=2)}")
    expect(page.locator(".djs-element.passed")).to_have_count(5)
    assert 0 < sum(sizes) < 150_000


def test_the_parts_that_need_no_browser_do_what_they_say() -> None:
    npm = shutil.which("npm")
    assert npm is not None, "The tests of the web application need Node.js with npm."
    ran = subprocess.run([npm, "test", "--silent"], cwd=SOURCES, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_page_and_an_instance_are_found_from_the_keyboard(page: Page, address: str) -> None:
    id = started(address, "halving", n=2)
    page.goto("/")
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Go to")).to_be_focused()
    page.keyboard.type(id)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/instances/{id}")
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page).to_have_url(f"{address}/tasks")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
