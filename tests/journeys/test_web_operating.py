"""Operating through the pages, as a person does it: break, see, repair, replay, move, measure, look up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import Browser, Page, expect

from tests.bpmn.models import around, process_of
from tests.journeys.conftest import deployed, problems_of, started
from tests.journeys.server import PATIENCE_S, Server, eventually, write_project


def value(page: Page, name: str) -> Any:
    """Give the cell of a variable's value."""
    return page.get_by_role("row", name=re.compile(f"^{name} ")).locator("code").first


def test_an_instance_is_seen_to_go_on_without_a_reload(page: Page, address: str) -> None:
    id = started(address, "order", n=1)
    page.goto(f"/instances/{id}")
    expect(page.locator(".title .state")).to_contain_text("Active")
    (task,) = httpx2.get(f"{address}/api/v1/tasks", params={"processInstance": id}).json()["items"]
    httpx2.post(f"{address}/api/v1/tasks/{task['id']}/complete", json={"variables": {"approved": True}})
    expect(value(page, "approved")).to_have_text("true")
    expect(page.locator(".timeline")).to_contain_text("A person has done")


def test_a_page_says_that_the_server_is_gone_and_goes_on_when_it_is_back(
    browser: Browser, tmp_path: Path
) -> None:
    project = write_project(tmp_path)
    server = Server(project, "--no-access-log")
    id = started(server.address, "order", n=1)
    page = browser.new_page(base_url=server.address)
    page.set_default_timeout(PATIENCE_S * 1000)
    page.goto(f"/instances/{id}")
    expect(page.locator(".title .state")).to_contain_text("Active")
    assert server.stop() == 0, "an open stream does not keep the server from stopping"
    expect(page.locator(".banner")).to_be_visible()
    again = Server(project, "--no-access-log", "--port", server.address.rpartition(":")[2])
    httpx2.post(f"{again.address}/api/v1/process-instances/{id}/cancel").raise_for_status()
    expect(page.locator(".banner")).to_have_count(0, timeout=PATIENCE_S * 1000)
    expect(page.locator(".title .state")).to_contain_text("Cancelled")
    page.close()
    again.kill()


def test_a_past_moment_is_shown_with_its_tokens_and_variables(page: Page, address: str) -> None:
    page.goto(f"/instances/{started(address, 'halving', n=42)}")
    expect(value(page, "half")).to_have_text("21")
    page.get_by_role("button", name="To the beginning").click()
    expect(page.get_by_text("A past moment is shown.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^half "))).to_have_count(0)
    step = page.get_by_role("button", name="One step on")
    step.click()
    expect(page.locator(".token")).to_have_text("1")
    page.get_by_role("slider", name="Replay").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    expect(value(page, "half")).to_have_text("21")
    expect(page.get_by_text("A past moment is shown.")).to_have_count(0)


def test_a_variable_is_edited_and_its_history_told(page: Page, address: str) -> None:
    page.goto(f"/instances/{started(address, 'order', n=1)}")
    page.get_by_role("button", name="Edit n").click()
    field = page.get_by_role("dialog").get_by_role("textbox", name="Value")
    field.fill("{broken")
    expect(page.get_by_role("alert")).to_contain_text("This is no JSON")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    field.fill("5")
    page.get_by_label("As FEEL").check()
    field.fill("n + 41")
    expect(page.get_by_role("dialog")).to_contain_text("42")
    page.get_by_role("button", name="Save").click()
    expect(value(page, "n")).to_have_text("42")
    page.get_by_role("button", name="History of n").click()
    expect(page.get_by_role("dialog").locator("li")).to_have_text([re.compile("^42"), re.compile("^1")])


def test_a_change_of_somebody_else_is_shown_to_who_edits(page: Page, address: str) -> None:
    id = started(address, "order", n=1)
    page.goto(f"/instances/{id}")
    page.get_by_role("button", name="Edit n").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Value").fill("2")
    httpx2.put(f"{address}/api/v1/process-instances/{id}/variables", json={"variables": {"n": 3}})
    conflict = page.get_by_text("Somebody has changed it since you began.")
    expect(conflict).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("textbox", name="Value")).to_have_value("2")


def test_tokens_are_moved_on_the_diagram(page: Page, address: str) -> None:
    id = started(address, "halving", n=7)
    page.goto(f"/instances/{id}")
    page.get_by_role("button", name="Move tokens").click()
    dialog = page.get_by_role("dialog", name="Move tokens")
    dialog.get_by_label("Element").select_option("halve")
    dialog.get_by_role("button", name="Take the tokens from Halve it").click()
    dialog.get_by_label("Element").select_option("e")
    dialog.get_by_role("button", name="Put a token at e").click()
    expect(dialog.locator(".token.leaves")).to_be_visible()
    expect(dialog.locator(".token.comes")).to_be_visible()
    dialog.get_by_role("button", name="Move tokens").click()
    expect(page.locator(".title .state")).to_contain_text("Completed")


def asking(name: str, id: str) -> bytes:
    body = around(f'<userTask id="x" name="{name}"/>').replace('"x"', f'"{id}"')
    return process_of(body).replace(b'<process id="p"', b'<process id="moving"')


def test_instances_go_on_by_another_version_where_they_are_told_to(page: Page, address: str) -> None:
    deployed(address, asking("Ask", "x"), "moving.bpmn")
    ids = [started(address, "moving") for _ in range(2)]
    deployed(address, asking("Ask better", "better"), "moving.bpmn")
    page.goto(f"/instances/{ids[0]}")
    page.get_by_role("button", name="Migrate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Version").select_option("1.1.0")
    expect(dialog.get_by_role("button", name="Migrate")).to_be_disabled()
    dialog.get_by_label("Where Ask goes on").select_option("Ask better")
    expect(dialog.locator(".lines path")).to_have_count(1)
    assert problems_of(page) == []
    dialog.get_by_role("button", name="Migrate").click()
    expect(page.locator(".title h1")).to_contain_text("1.1.0")
    page.goto("/instances?processId=moving&version=1.0.0")
    page.get_by_role("button", name="For all found").click()
    page.get_by_role("button", name="Migrate", exact=True).click()
    dialog.get_by_role("combobox", name="Version").select_option("1.1.0")
    dialog.get_by_text("Say where elements go on").click()
    dialog.get_by_label("Also from").select_option("Ask")
    dialog.get_by_label("Where Ask goes on").select_option("Ask better")
    expect(dialog.get_by_text("all would do it")).to_be_visible()
    dialog.get_by_role("button", name="Migrate", exact=True).click()
    path = f"{address}/api/v1/process-instances/{ids[1]}"
    eventually(lambda: httpx2.get(path).json()["version"] == "1.1.0")


def test_an_instance_is_suspended_resumed_and_begun_anew(page: Page, address: str) -> None:
    page.goto(f"/instances/{started(address, 'order', n=1)}")
    page.get_by_role("button", name="Suspend").click()
    page.get_by_role("dialog").get_by_role("button", name="Suspend").click()
    expect(page.locator(".title .state")).to_contain_text("Suspended")
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("dialog").get_by_role("button", name="Resume").click()
    expect(page.locator(".title .state")).to_contain_text("Active")
    page.goto(f"/instances/{started(address, 'halving', n=6)}")
    before = page.url
    page.get_by_role("button", name="Restart").click()
    page.get_by_role("dialog").get_by_role("button", name="Restart").click()
    expect(page).not_to_have_url(before)
    expect(value(page, "half")).to_have_text("3")


def test_all_that_failed_are_repaired_together(page: Page, address: str) -> None:
    for n in (11, 13, 15):
        started(address, "halving", n=n, many=True)
    page.goto("/instances?processId=halving&state=incident&variable=many:true")
    expect(page.locator(".long tbody tr")).to_have_count(3)
    page.get_by_role("button", name="For all found").click()
    page.get_by_role("button", name="Retry").click()
    page.get_by_label("Name", exact=True).fill("n")
    page.get_by_label("Value", exact=True).fill("8")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("It is for 3 instances.")
    dialog.get_by_role("button", name="Retry").click()
    expect(dialog).to_contain_text("3 done, 0 refused, of 3")
    expect(dialog).to_contain_text("Finished.")
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_text("There are no such instances.")).to_be_visible()


def test_a_view_keeps_a_filter_and_its_columns(page: Page, address: str) -> None:
    started(address, "halving", n=10)
    page.goto("/instances?processId=halving&state=completed")
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("A variable as a column").fill("half")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("columnheader", name="half")).to_be_visible()
    page.get_by_role("button", name="Views").click()
    page.get_by_label("Name of the view").fill("Halves")
    page.get_by_role("button", name="Keep this view").click()
    page.goto("/instances")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("button", name="Halves", exact=True).click()
    expect(page).to_have_url(re.compile(r"processId=halving&state=completed"))
    expect(page.get_by_role("columnheader", name="half")).to_be_visible()


def test_metrics_tell_how_many_and_where_time_goes(page: Page, address: str) -> None:
    started(address, "halving", n=2)
    page.goto("/insights")
    page.get_by_role("button", name="Halving").click()
    expect(page.locator(".tiles .completed dd")).not_to_have_text("0")
    expect(page.locator(".chart canvas").first).to_be_visible()
    page.get_by_role("button", name="How often").click()
    expect(page.locator(".djs-shape.heat5").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    assert "element,times,incidents" in download.value.path().read_text()


def test_a_function_is_tried_and_the_audit_log_tells_it(page: Page) -> None:
    page.goto("/settings?tab=functions")
    page.get_by_role("button", name="Try halve").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Value").fill("8")
    expect(dialog.get_by_role("button", name="Try it")).to_be_disabled()
    dialog.get_by_label("I know what it does.").check()
    dialog.get_by_role("button", name="Try it").click()
    expect(dialog).to_contain_text('{"half":4}')
    page.goto("/settings?tab=audit&operation=try_function")
    expect(page.get_by_role("row", name=re.compile("tried a function halve"))).to_be_visible()


def test_a_token_is_asked_for_and_opens_the_pages_and_their_stream(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret")
    server = Server(write_project(tmp_path), "--no-access-log", "--token-file", str(tmp_path / "token"))
    page = browser.new_page(base_url=server.address)
    page.set_default_timeout(PATIENCE_S * 1000)
    page.goto("/instances")
    page.get_by_label("This server asks for a token.").fill("s3cret")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("There are no such instances.")).to_be_visible()
    body = {"processId": "order", "variables": {"n": 1}, "wait": 30}
    shown = {"Authorization": "Bearer s3cret"}
    httpx2.post(f"{server.address}/api/v1/process-instances", json=body, headers=shown, timeout=PATIENCE_S)
    expect(page.locator(".long").get_by_role("link", name="order")).to_be_visible()
    page.close()
    server.kill()


def test_on_an_empty_server_one_click_deploys_and_starts_an_example(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "empty" / "workflows").mkdir(parents=True)
    server = Server(tmp_path / "empty", "--no-access-log")
    page = browser.new_page(base_url=server.address)
    page.set_default_timeout(PATIENCE_S * 1000)
    page.goto("/")
    page.get_by_role("button", name="Deploy and start the example").click()
    expect(page.locator(".title .state")).to_contain_text("Active")
    expect(page.locator(".djs-element.waiting")).to_have_count(1)
    page.close()
    server.kill()
