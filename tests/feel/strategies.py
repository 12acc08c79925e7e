"""Random FEEL values, as Hypothesis strategies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from penstock.feel import Range, YearsMonths

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
BOOLEANS = st.booleans()
SCALARS = st.one_of(st.none(), BOOLEANS, NUMBERS, TEXTS, DATES, TIMES, MOMENTS, DURATIONS, MONTHS)
RANGES = st.builds(Range, NUMBERS, NUMBERS, BOOLEANS, BOOLEANS) | st.builds(
    Range, st.none(), DATES, st.just(False), BOOLEANS, st.sampled_from(["<", "<="])
)
KEYS = TEXTS | st.sampled_from(["@date", "@number", "@context", "@range", "a", "b c"])
VALUES = st.recursive(
    SCALARS | RANGES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
