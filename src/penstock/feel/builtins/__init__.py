"""All built-in functions of FEEL in one table, each as the standard writes it (DMN 1.5, 10.3.4).

Those that Camunda added are marked; existing models use them.
"""

from __future__ import annotations

from penstock.feel.builtins import contexts, conversion, dates, lists, numbers, ranges, strings
from penstock.feel.builtins.signatures import define, functions
from penstock.feel.values import Function

_DATE = "date | date and time"

FUNCTIONS: dict[str, Function] = functions(
    [
        # conversion (10.3.4.1)
        define("string(from: any)", conversion.string_of, env=True),
        define(
            "number(from: string, grouping separator: string?, decimal separator: string?)",
            conversion.number_of,
        ),
        define("date(from: string | date | date and time)", dates.date_of),
        define("date(year: number, month: number, day: number)", dates.date_from_parts),
        define("date and time(from: string | date | date and time)", dates.datetime_of),
        define(f"date and time(date: {_DATE}, time: time)", dates.combine),
        define("date and time(date: date and time, timezone: string)", dates.in_zone),  # Camunda
        define(
            "date and time(year: number, month: number, day: number, "
            "hour: number, minute: number, second: number, "
            "offset: days and time duration?)",
            dates.datetime_from_parts,
        ),
        define(
            "date and time(year: number, month: number, day: number, "
            "hour: number, minute: number, second: number, "
            "timezone: string)",
            dates.datetime_from_parts,
        ),
        define("time(from: string | time | date | date and time)", dates.time_of),
        define(
            "time(hour: number, minute: number, second: number, offset: days and time duration?)",
            dates.time_from_parts,
        ),
        define(
            "duration(from: string | days and time duration | years and months duration)", dates.duration_of
        ),
        define(f"years and months duration(from: {_DATE}, to: {_DATE})", dates.months_between),
        define("range(from: string)", conversion.range_of),
        define("from json(value: string)", conversion.from_json),  # Camunda
        define("to json(value: any)", conversion.to_json, env=True),  # Camunda
        # boolean (10.3.4.2) and others (10.3.4.12)
        define("not(negand: any)", conversion.negation),
        define("is(value1: any, value2: any)", conversion.is_same),
        define("is defined(value: any)", conversion.is_defined),  # Camunda
        define("get or else(value: any, default: any)", conversion.or_else),  # Camunda
        define("assert(value: any, condition: any, cause: string?)", conversion.asserted),  # Camunda
        # string (10.3.4.3)
        define("substring(string: string, start position: number, length: number?)", strings.substring),
        define("string length(string: string)", strings.string_length),
        define("upper case(string: string)", strings.upper_case),
        define("lower case(string: string)", strings.lower_case),
        define("substring before(string: string, match: string)", strings.substring_before),
        define("substring after(string: string, match: string)", strings.substring_after),
        define("contains(string: string, match: string)", strings.contains),
        define("starts with(string: string, match: string)", strings.starts_with),
        define("ends with(string: string, match: string)", strings.ends_with),
        define("matches(input: string, pattern: string, flags: string?)", strings.matches, env=True),
        define(
            "replace(input: string, pattern: string, replacement: string, flags: string?)",
            strings.replace,
            env=True,
        ),
        define("split(string: string, delimiter: string)", strings.split, env=True),
        define("string join(list: list, delimiter: string?)", strings.join, env=True),
        define(
            "string join(list: list, delimiter: string?, prefix: string, suffix: string)",
            strings.join,
            env=True,
        ),  # Camunda
        define("extract(string: string, pattern: string)", strings.extract, env=True),  # Camunda
        define("trim(string: string)", strings.trim),  # Camunda
        define("is blank(string: string)", strings.is_blank),  # Camunda
        define("to base64(value: string)", strings.to_base64),  # Camunda
        define("from base64(value: string)", strings.from_base64),  # Camunda
        define("uuid()", strings.uuid, env=True),  # Camunda
        # list (10.3.4.4)
        define("list contains(list: list, element: any)", lists.list_contains, env=True),
        define("count(list: list)", lists.count),
        define("min(list: any...)", lists.least, env=True),
        define("max(list: any...)", lists.most, env=True),
        define("sum(list: any...)", lists.total, env=True),
        define("mean(list: any...)", lists.mean, env=True),
        define("all(list: any...)", lists.all_of),
        define("any(list: any...)", lists.any_of),
        define("and(list: any...)", lists.all_of),  # Camunda
        define("or(list: any...)", lists.any_of),  # Camunda
        define("sublist(list: list, start position: number, length: number?)", lists.sublist),
        define("append(list: list, item: any+)", lists.append, env=True),
        define("concatenate(list: list+)", lists.concatenate, env=True),
        define("insert before(list: list, position: number, newItem: any)", lists.insert_before, env=True),
        define("remove(list: list, position: number)", lists.remove),
        define("reverse(list: list)", lists.reverse),
        define("index of(list: list, match: any)", lists.index_of, env=True),
        define("union(list: list+)", lists.union, env=True),
        define("union(lists: list+)", lists.union, env=True),  # Camunda
        define("distinct values(list: list)", lists.distinct, env=True),
        define("duplicate values(list: list)", lists.duplicates, env=True),  # Camunda
        define("flatten(list: list)", lists.flatten, env=True),
        define("product(list: any...)", lists.product, env=True),
        define("median(list: any...)", lists.median, env=True),
        define("stddev(list: any...)", lists.deviation, env=True),
        define("mode(list: any...)", lists.mode, env=True),
        define("list replace(list: list, position: number, newItem: any)", lists.replace_at),
        define("list replace(list: list, match: function, newItem: any)", lists.replace_matching, env=True),
        define("partition(list: list, size: number)", lists.partition),  # Camunda
        define("is empty(list: list)", lists.is_empty),  # Camunda
        # numeric (10.3.4.5)
        define("decimal(n: number, scale: number)", numbers.rounding("ROUND_HALF_EVEN")),
        define("floor(n: number)", numbers.rounding("ROUND_FLOOR")),
        define("floor(n: number, scale: number)", numbers.rounding("ROUND_FLOOR")),
        define("ceiling(n: number)", numbers.rounding("ROUND_CEILING")),
        define("ceiling(n: number, scale: number)", numbers.rounding("ROUND_CEILING")),
        define("round up(n: number, scale: number)", numbers.rounding("ROUND_UP")),
        define("round down(n: number, scale: number)", numbers.rounding("ROUND_DOWN")),
        define("round half up(n: number, scale: number)", numbers.rounding("ROUND_HALF_UP")),
        define("round half down(n: number, scale: number)", numbers.rounding("ROUND_HALF_DOWN")),
        define("abs(n: number | days and time duration | years and months duration)", numbers.absolute),
        define("modulo(dividend: number, divisor: number)", numbers.modulo),
        define("sqrt(number: number)", numbers.square_root),
        define("log(number: number)", numbers.logarithm),
        define("exp(number: number)", numbers.exponential),
        define("odd(number: number)", numbers.odd),
        define("even(number: number)", numbers.even),
        define("random number()", numbers.random_number, env=True),  # Camunda
        # sort (10.3.4.10)
        define("sort(list: list, precedes: function)", lists.sort, env=True),
        # date and time (10.3.4.7, 10.3.4.8)
        define("now()", dates.now, env=True),
        define("today()", dates.today, env=True),
        define(f"day of year(date: {_DATE})", dates.day_of_year),
        define(f"day of week(date: {_DATE})", dates.day_of_week),
        define(f"month of year(date: {_DATE})", dates.month_of_year),
        define(f"week of year(date: {_DATE})", dates.week_of_year),
        define(f"last day of month(date: {_DATE})", dates.last_day_of_month),  # Camunda
        # range (10.3.4.9)
        define(f"before(point1: {ranges.POINT}, point2: {ranges.POINT})", ranges.before),
        define(f"before(point: {ranges.POINT}, range: range)", ranges.before),
        define(f"before(range: range, point: {ranges.POINT})", ranges.before),
        define("before(range1: range, range2: range)", ranges.before),
        define(f"after(point1: {ranges.POINT}, point2: {ranges.POINT})", ranges.after),
        define(f"after(point: {ranges.POINT}, range: range)", ranges.after),
        define(f"after(range: range, point: {ranges.POINT})", ranges.after),
        define("after(range1: range, range2: range)", ranges.after),
        define("meets(range1: range, range2: range)", ranges.meets),
        define("met by(range1: range, range2: range)", ranges.met_by),
        define("overlaps(range1: range, range2: range)", ranges.overlaps),
        define("overlaps before(range1: range, range2: range)", ranges.overlaps_before),
        define("overlaps after(range1: range, range2: range)", ranges.overlaps_after),
        define("finishes(range1: range, range2: range)", ranges.finishes),
        define(f"finishes(point: {ranges.POINT}, range: range)", ranges.finishes),
        define("finished by(range1: range, range2: range)", ranges.finished_by),
        define(f"finished by(range: range, point: {ranges.POINT})", ranges.finished_by),
        define("includes(range1: range, range2: range)", ranges.includes),
        define(f"includes(range: range, point: {ranges.POINT})", ranges.includes),
        define("during(range1: range, range2: range)", ranges.during),
        define(f"during(point: {ranges.POINT}, range: range)", ranges.during),
        define("starts(range1: range, range2: range)", ranges.starts),
        define(f"starts(point: {ranges.POINT}, range: range)", ranges.starts),
        define("started by(range1: range, range2: range)", ranges.started_by),
        define(f"started by(range: range, point: {ranges.POINT})", ranges.started_by),
        define("coincides(range1: range, range2: range)", ranges.coincides),
        define(f"coincides(point1: {ranges.POINT}, point2: {ranges.POINT})", ranges.coincides),
        # context (10.3.4.11)
        define("get value(m: context, key: string)", contexts.get_value),
        define("get value(context: context, key: string)", contexts.get_value),  # Camunda
        define("get value(context: context, keys: list)", contexts.get_value_at),  # Camunda
        define("get entries(m: context)", contexts.get_entries),
        define("get entries(context: context)", contexts.get_entries),  # Camunda
        define("context put(context: context, key: string, value: any)", contexts.put),
        define("context put(context: context, keys: list, value: any)", contexts.put_at),
        define("context merge(contexts: context...)", contexts.merge),
        define("put(context: context, key: string, value: any)", contexts.put),  # Camunda
        define("put all(contexts: context...)", contexts.merge),  # Camunda
        define("context(entries: list)", contexts.from_entries),
    ]
)
"""The functions by name."""
