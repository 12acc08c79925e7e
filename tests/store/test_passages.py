"""Passages: what the buckets say of durations is near what the durations themselves would say."""

from __future__ import annotations

import math
from collections import Counter

from hypothesis import given, strategies as st

from penstock.store.passages import LAST_BUCKET, bounds_of, bucket_of, quantile

durations = st.integers(0, 10**13)


@given(durations)
def test_a_duration_lies_in_its_bucket(ms: int) -> None:
    low, high = bounds_of(bucket_of(ms))
    assert low * (1 - 1e-12) <= ms < high * (1 + 1e-12)


@given(durations, durations)
def test_a_longer_duration_is_in_no_lower_bucket(one: int, other: int) -> None:
    assert (one <= other) <= (bucket_of(one) <= bucket_of(other))


def test_what_takes_for_ever_is_in_the_last_bucket() -> None:
    assert bucket_of(10**30) == LAST_BUCKET


@given(st.lists(durations, min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_right_within_one_bucket(taken: list[int], part: float) -> None:
    exact = sorted(taken)[max(0, math.ceil(part * len(taken) - 1e-9) - 1)]
    found = quantile(Counter(map(bucket_of, taken)), part)
    assert found is not None
    low, high = bounds_of(bucket_of(exact))
    assert low * (1 - 1e-9) <= found <= high * (1 + 1e-9)


def test_of_nothing_there_is_no_percentile() -> None:
    assert quantile({}, 0.5) is None
