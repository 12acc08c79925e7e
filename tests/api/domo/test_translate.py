"""Between BPMN's words and Domo's."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from penstock.api.domo.translate import STATUS, instance_of, query_moment, statuses
from penstock.api.domo.wire import DomoStatus
from penstock.api.errors import ApiError
from penstock.store.rows import DefinitionRow, InstanceRow, ProcessRow, Status

PROCESS = ProcessRow("uid", "p", "P", None, "", "1", 0, "1", 0)
VERSION = DefinitionRow("p:1.0.0", "process", "p", "P", "1.0.0", 1, True, "d", "x", "1", 0)
ROW = InstanceRow("i", "p:1.0.0", "p", "1.0.0", None, None, "active", 0, "5", "5", 0, 0, None, {})


def test_every_status_has_a_word_of_domo_and_back() -> None:
    assert STATUS.keys() == set(get_args(Status))
    assert set(STATUS.values()) == set(get_args(DomoStatus))
    assert set(statuses(dict.fromkeys(STATUS.values())) or ()) == set(STATUS)


@pytest.mark.parametrize(
    ("actor", "user"), [("9", "9"), ("function:add", "5"), ("timer", "5"), ("system", "5")]
)
def test_what_the_server_did_of_itself_counts_as_the_starters(actor: str, user: str) -> None:
    row = msgspec.structs.replace(ROW, updated_by=actor)
    assert instance_of(row, PROCESS, VERSION).updated_by == user


@pytest.mark.parametrize("text", ["0", "253402300799999", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"])
def test_moments_reach_from_1970_to_the_year_9999(text: str) -> None:
    assert query_moment(text, "after") in (0, 253_402_300_799_999)


@pytest.mark.parametrize("text", ["253402300800000", "9" * 5000, "1969-12-31T23:59:59.999Z", "²", "1e3"])
def test_what_lies_beyond_is_refused(text: str) -> None:
    with pytest.raises(ApiError, match="`after`"):
        query_moment(text, "after")
