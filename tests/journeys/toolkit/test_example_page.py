"""The page of the example project, in a real browser on a real server."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect


def test_the_page_starts_the_workflow_and_shows_its_sum(page: Page) -> None:
    page.goto("/app/")
    page.get_by_label("First number").fill("0.1")
    page.get_by_label("Second number").fill("0.2")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#status")).to_have_text("Completed")
    expect(page.locator("#sum")).to_have_text("0.3")
    expect(page.locator("#workflow")).to_have_text("AddTwoNumbers 1.1.0")


def test_the_page_says_what_the_server_refuses(page: Page) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=503, json={"status": 503, "message": "The disk is full."})

    page.route("**/start", refuse)
    page.goto("/app/")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_have_text("The disk is full.")
    expect(page.get_by_role("button", name="Add")).to_be_enabled()
