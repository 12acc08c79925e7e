"""The versions of what is deployed, of whatever kind: grouped, and the one that is meant found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from penstock.kernel.definition import Binding
from penstock.store.rows import DefinitionRow

Versions = Mapping[str, list[DefinitionRow]]
"""By the id in the file, the versions in the order of their deployment."""


def never() -> bool:
    """Nobody else deploys."""
    return False


def by_id(rows: Iterable[DefinitionRow]) -> Versions:
    """Group versions that stand in the order of their deployment."""
    versions: dict[str, list[DefinitionRow]] = {}
    for row in rows:
        versions.setdefault(row.id, []).append(row)
    return versions


def latest_of(rows: Sequence[DefinitionRow], version: str | None = None) -> DefinitionRow | None:
    """Give the active version that was deployed last, or just this version, active or not."""
    for row in reversed(rows):
        if row.version == version if version is not None else row.active:
            return row
    return None


def bound_to(
    rows: Sequence[DefinitionRow],
    binding: Binding,
    tag: str | None,
    deployment: str | None,
    until: int | None = None,
) -> DefinitionRow | None:
    """Give the version that an element is bound to.

    Arguments:
        rows: the versions of what it names.
        binding: how it is bound.
        tag: the version, where it is bound to one.
        deployment: that of the element's process.
        until: the latest one is that of then (epoch ms), by default of now.
    """
    if binding == "tag":
        return latest_of(rows, tag)
    if binding == "deployment":
        for row in rows:
            if row.deployment == deployment:
                return row
    # What was deployed before with the same content is no new version in a later deployment.
    return latest_of([row for row in rows if until is None or row.deployed_at <= until])
