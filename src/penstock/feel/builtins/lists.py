"""The functions of lists, and those that sum them up (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from functools import cmp_to_key, reduce

from penstock.feel import arithmetic, comparison
from penstock.feel.builtins.signatures import whole
from penstock.feel.environment import Env
from penstock.feel.errors import NoValue
from penstock.feel.values import NUMBERS, Function, Range, Value, a_type, number, type_name

List = list[Value]


def _position(env_list: List, position: Value, *, beyond: int = 0) -> int:
    """Give the index from 0 of a position from 1, or from the end where it is negative."""
    index = whole(position, "position")
    count = len(env_list)
    if not (1 <= index <= count + beyond or -count <= index <= -1):
        raise NoValue(
            f"there is no position {index} in a list of {count}; positions are 1 to {count}", "argument"
        )
    return index - 1 if index > 0 else count + index


def list_contains(env: Env, items: List, element: Value) -> bool:
    """list contains(list, element)"""
    env.meter.tick(len(items))
    return any(comparison.same(item, element) for item in items)


def count(items: List) -> int:
    """count(list)"""
    return len(items)


def least(env: Env, items: List) -> Value:
    """min(list)"""
    return _extreme(env, items, comparison.less)


def most(env: Env, items: List) -> Value:
    """max(list)"""
    return _extreme(env, items, comparison.greater)


def _extreme(env: Env, items: List, before: Value) -> Value:
    if not items:
        raise NoValue("an empty list has no least or greatest item", "argument")
    env.meter.tick(len(items))
    if comparison.order_key(items[0]) is None:
        raise NoValue(f"{a_type(items[0])} has no order")
    return reduce(lambda best, item: item if before(item, best) else best, items)


def total(env: Env, items: List) -> Value:
    """sum(list): of numbers, or of durations of one kind."""
    if not items:
        raise NoValue("an empty list has no sum", "argument")
    env.meter.tick(len(items))
    _alike(items, "number", "days and time duration", "years and months duration")
    return reduce(arithmetic.add, items)


def _alike(items: List, *types: str) -> None:
    first = type_name(items[0])
    if first not in types:
        raise NoValue(f"cannot compute with {a_type(items[0])} in the list")
    for item in items:
        if type_name(item) != first:
            raise NoValue(f"the list holds {a_type(items[0])} and {a_type(item)}")


def product(env: Env, items: List) -> Value:
    """product(list)"""
    if not items:
        raise NoValue("an empty list has no product", "argument")
    env.meter.tick(len(items))
    _alike(items, "number")
    return reduce(arithmetic.multiply, items)


def mean(env: Env, items: List) -> Value:
    """mean(list)"""
    return arithmetic.divide(total(env, items), len(items))


def median(env: Env, items: List) -> Value:
    """median(list): the middle of the numbers, or the mean of the two in the middle."""
    if not items:
        raise NoValue("an empty list has no median", "argument")
    env.meter.tick(len(items))
    _alike(items, "number")
    ordered = sorted(items)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return arithmetic.divide(arithmetic.add(ordered[middle - 1], ordered[middle]), 2)


def deviation(env: Env, items: List) -> Value:
    """stddev(list): the standard deviation of a sample."""
    if len(items) < 2:
        raise NoValue("a standard deviation needs two numbers or more", "argument")
    _alike(items, "number")
    middle = mean(env, items)
    squares = [arithmetic.power(arithmetic.subtract(item, middle), 2) for item in items]
    variance = arithmetic.divide(total(env, squares), len(items) - 1)
    return number(NUMBERS.sqrt(NUMBERS.create_decimal(variance)))


def mode(env: Env, items: List) -> List:
    """mode(list): the numbers that occur most often, in ascending order."""
    if not items:
        return []
    env.meter.tick(len(items))
    _alike(items, "number")
    counts: dict[Value, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    highest = max(counts.values())
    return sorted(item for item, times in counts.items() if times == highest)


def sublist(items: List, start: Value, length: Value = None) -> List:
    """sublist(list, start position, length?)"""
    first = _position(items, start)
    if length is None:
        return items[first:]
    size = whole(length, "length")
    if size < 0 or first + size > len(items):
        raise NoValue(f"a list of {len(items)} has no {size} items from position {start}", "argument")
    return items[first : first + size]


def append(env: Env, items: List, more: List) -> List:
    """append(list, item...)"""
    return _joined(env, [items, more])


def concatenate(env: Env, lists: list[List]) -> List:
    """concatenate(list...)"""
    return _joined(env, lists)


def _joined(env: Env, lists: list[List]) -> List:
    size = sum(map(len, lists))
    env.meter.hold(size)
    env.meter.tick(size)
    return [item for items in lists for item in items]


def insert_before(env: Env, items: List, position: Value, item: Value) -> List:
    """insert before(list, position, newItem)"""
    index = _position(items, position)
    return _joined(env, [items[:index], [item], items[index:]])


def remove(items: List, position: Value) -> List:
    """remove(list, position)"""
    index = _position(items, position)
    return items[:index] + items[index + 1 :]


def reverse(items: List) -> List:
    """reverse(list)"""
    return items[::-1]


def index_of(env: Env, items: List, match: Value) -> List:
    """index of(list, match): the positions from 1."""
    env.meter.tick(len(items))
    return [index for index, item in enumerate(items, 1) if comparison.same(item, match)]


def union(env: Env, lists: list[List]) -> List:
    """union(list...): without duplicates."""
    return distinct(env, _joined(env, lists))


def distinct(env: Env, items: List) -> List:
    """distinct values(list): each at its first place."""
    return _first_of_each(env, items)[0]


def duplicates(env: Env, items: List) -> List:
    """duplicate values(list): what occurs more than once. Camunda's."""
    values, counts = _first_of_each(env, items)
    return [value for value, times in zip(values, counts, strict=True) if times > 1]


def _first_of_each(env: Env, items: List) -> tuple[List, list[int]]:
    counts: dict[Value, int] = {}
    values: List = []
    for item in items:
        key = _key(env, item)
        if key not in counts:
            values.append(item)
        counts[key] = counts.get(key, 0) + 1
    return values, list(counts.values())


def _key(env: Env, item: Value) -> Value:
    """Give a key under which equal values meet, and no others."""
    env.meter.tick()
    if isinstance(item, list):
        return "list", tuple([_key(env, inner) for inner in item])
    if isinstance(item, dict):
        return "context", frozenset([(name, _key(env, inner)) for name, inner in item.items()])
    if isinstance(item, Range):
        ends = _key(env, item.start), _key(env, item.end)
        return "range", ends, item.start_included, item.end_included, item.operator
    key = comparison.order_key(item)
    return (type_name(item), item) if key is None else key


def flatten(env: Env, items: List) -> List:
    """flatten(list): the items of all lists within, however deep."""
    flat: List = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            env.meter.tick()
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            flat.append(item)
        else:
            waiting.pop()
    return flat


def replace_at(items: List, position: Value, item: Value) -> List:
    """list replace(list, position, newItem)"""
    index = _position(items, position)
    return [*items[:index], item, *items[index + 1 :]]


def replace_matching(env: Env, items: List, match: Function, new: Value) -> List:
    """list replace(list, match, newItem): where match(item, newItem) is true."""
    return [new if _decides(env, match, item, new) else item for item in items]


def sort(env: Env, items: List, precedes: Function) -> List:
    """sort(list, precedes): by a function that tells whether its first argument comes before its second."""

    def compare(left: Value, right: Value) -> int:
        if _decides(env, precedes, left, right):
            return -1
        return 1 if _decides(env, precedes, right, left) else 0

    return sorted(items, key=cmp_to_key(compare))


def _decides(env: Env, function: Function, left: Value, right: Value) -> bool:
    result = function.call(env, (left, right), None)
    if type(result) is not bool:
        raise NoValue(f"the function must give a boolean, not {a_type(result)}", "argument")
    return result


def partition(items: List, size: Value) -> list[List]:
    """partition(list, size): lists of that size, the last one shorter. Camunda's."""
    step = whole(size, "size")
    if step < 1:
        raise NoValue("the size of a partition must be 1 or more", "argument")
    return [items[index : index + step] for index in range(0, len(items), step)]


def is_empty(items: List) -> bool:
    """is empty(list). Camunda's."""
    return not items


def all_of(items: List) -> Value:
    """all(list): the conjunction of the items (10.3.4.4)."""
    return _logic(items, False)


def any_of(items: List) -> Value:
    """any(list): the disjunction of the items (10.3.4.4)."""
    return _logic(items, True)


def _logic(items: List, decisive: bool) -> Value:
    if any(item is decisive for item in items):
        return decisive
    strange = next((item for item in items if item is not None and type(item) is not bool), None)
    if strange is not None:
        raise NoValue(f"the list must hold booleans, not {a_type(strange)}", "argument")
    return None if None in items else not decisive
