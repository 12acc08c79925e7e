"""Random FEEL values, as Hypothesis strategies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from penstock.feel import Range, YearsMonths
from penstock.feel.temporal_text import parse_time, time_text
from penstock.feel.values import FarDate, FarDatetime

ZONES = st.sampled_from(
    [UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=3)), ZoneInfo("Europe/Paris")]
)
INTEGERS = st.integers(-(10**33), 10**33)
DECIMALS = st.decimals(-(10**12), 10**12, places=4, allow_nan=False, allow_infinity=False)
NUMBERS = INTEGERS | DECIMALS
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
DATES = st.dates()
TIMES = st.times() | st.times(timezones=ZONES)
MOMENTS = st.datetimes() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001
DURATIONS = st.timedeltas(timedelta(days=-(10**6)), timedelta(days=10**6))
MONTHS = st.builds(YearsMonths, st.integers(-(10**6), 10**6))
FAR_DATES = st.builds(
    FarDate,
    st.integers(-999_999_999, 0) | st.integers(10_000, 999_999_999),
    st.integers(1, 12),
    st.integers(1, 28),
)
FINE_TIMES = st.tuples(st.times(timezones=st.none() | ZONES), st.integers(1, 999)).map(
    lambda pair: parse_time(f"{time_text(pair[0].replace(microsecond=0, tzinfo=None))}.000000{pair[1]:03}")
)
FAR_MOMENTS = st.builds(FarDatetime, FAR_DATES, TIMES | FINE_TIMES)
BOOLEANS = st.booleans()
SCALARS = st.one_of(
    st.none(),
    BOOLEANS,
    NUMBERS,
    TEXTS,
    DATES,
    TIMES,
    MOMENTS,
    DURATIONS,
    MONTHS,
    FAR_DATES,
    FAR_MOMENTS,
    FINE_TIMES,
)
RANGES = st.builds(Range, NUMBERS, NUMBERS, BOOLEANS, BOOLEANS) | st.builds(
    Range, st.none(), DATES, st.just(False), BOOLEANS, st.sampled_from(["<", "<="])
)
KEYS = TEXTS | st.sampled_from(["@date", "@number", "@context", "@range", "a", "b c"])
VALUES = st.recursive(
    SCALARS | RANGES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
