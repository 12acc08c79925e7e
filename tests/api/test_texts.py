"""The texts that this surface gives and takes back: moments, spans, keys, cursors; and the documentation."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from penstock.api import openapi
from penstock.api.docs import docs_page, type_text
from penstock.api.errors import ApiError
from penstock.api.keys import MAX_DIGITS, join_key, split_key
from penstock.api.paging import page, read_cursor, write_cursor
from penstock.api.rest.routes import CLOCK, ROUTES
from penstock.api.times import iso, iso_or_none, moment, span

FIRST, LAST = -62_135_596_800_000, 253_402_300_799_999
"""The first and last millisecond of the years 1 to 9999."""


@given(st.integers(FIRST, LAST))
def test_a_moment_is_given_and_taken_back(epoch_ms: int) -> None:
    text = iso(epoch_ms)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text)
    assert moment(text, "at") == epoch_ms


def test_a_moment_that_has_not_come_is_null() -> None:
    assert iso_or_none(None) is None
    assert iso_or_none(0) == "1970-01-01T00:00:00.000Z"


def test_a_moment_is_taken_with_its_offset() -> None:
    assert moment("2030-01-31T09:00:00+01:00", "at") == moment("2030-01-31T08:00:00Z", "at")


@pytest.mark.parametrize(("text", "ms"), [("PT30S", 30_000), ("P1DT1H", 90_000_000), ("P1W", 604_800_000)])
def test_a_span_is_taken_in_milliseconds(text: str, ms: int) -> None:
    assert span(text, "lease") == ms


@pytest.mark.parametrize("text", ["", "30", "P1M", "P1Y", "-PT1S"])
def test_what_is_no_span_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(ApiError, match="`lease` is wrong") as refused:
        span(text, "lease")
    assert refused.value.status == 400


@given(st.text(min_size=1), st.integers(0, 10**MAX_DIGITS - 1))
def test_a_key_is_given_and_taken_back(instance_id: str, key: int) -> None:
    assert split_key(join_key(instance_id, key), "job") == (instance_id, key)


def taken_or_refused(take: Callable[..., Any], *args: Any) -> Any:
    """Give what was taken from a text, or the status with which it was refused."""
    try:
        return take(*args)
    except ApiError as refused:
        return refused.status


@given(st.text())
def test_any_text_is_a_key_or_not_found(text: str) -> None:
    answer = taken_or_refused(split_key, text, "job")
    assert answer == 404 or (answer[0] and 0 <= answer[1] < 10**MAX_DIGITS)


@given(st.integers(-(2**53), 2**53), st.text())
def test_a_cursor_is_given_and_taken_back(started_at: int, id: str) -> None:
    assert read_cursor(write_cursor((started_at, id)), tuple[int, str]) == (started_at, id)


@given(st.text())
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    answer = taken_or_refused(read_cursor, text, tuple[int, str])
    assert answer == 400 or [type(one) for one in answer] == [int, str]


@given(st.lists(st.integers(), max_size=20), st.integers(1, 20))
def test_a_page_ends_with_a_cursor_just_when_more_follows(rows: list[int], limit: int) -> None:
    given_page = page(rows, limit, str, int)
    assert given_page.items == [str(row) for row in rows[:limit]]
    assert (given_page.cursor is not None) == (len(rows) > limit)


# -- the documentation for people ------------------------------------------------------------------

DOCUMENT = openapi.document((*ROUTES, *CLOCK))
PAGE = docs_page(DOCUMENT).decode()


def test_the_documentation_shows_every_operation_and_every_schema() -> None:
    anchors = set(re.findall(r'id="([^"]+)"', PAGE))
    assert anchors >= {openapi.operation_id(route) for route in (*ROUTES, *CLOCK)}
    assert anchors >= DOCUMENT["components"]["schemas"].keys()


def test_every_link_within_the_documentation_leads_somewhere() -> None:
    anchors = set(re.findall(r'id="([^"]+)"', PAGE))
    assert set(re.findall(r'href="#([^"]+)"', PAGE)) <= anchors


def test_an_example_can_be_copied_to_a_shell() -> None:
    page = html.unescape(PAGE)
    assert "curl -X POST 'http://localhost:8080/api/v1/clock'" in page
    assert """-d '{"advance": "PT1H"}'""" in page


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"$ref": "#/components/schemas/Task"}, '<a href="#Task">Task</a>'),
        ({"type": "array", "items": {"type": "integer", "minimum": 1}}, "array of integer ≥ 1"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"enum": ["a", "b"]}, "<code>&quot;a&quot;</code>, <code>&quot;b&quot;</code>"),
        ({}, "anything"),
    ],
)
def test_a_type_is_told_in_one_line(schema: Any, text: str) -> None:
    assert type_text(schema) == text
