"""The settings of the server, each with where it came from."""

from __future__ import annotations

from typing import Any

from penstock.api.http import AnyCall, Reply
from penstock.api.rest.values import Shape


class Setting(Shape, frozen=True):
    """One setting."""

    name: str
    value: Any
    """A secret is masked."""
    origin: str
    """The flag, variable or file that it came from, or `default`."""


class Configuration(Shape, frozen=True):
    """All settings."""

    items: list[Setting]


async def get(call: AnyCall) -> Reply:
    """Give every setting."""
    given = call.settings.configuration.items()
    return Reply(Configuration([Setting(name, it["value"], str(it["origin"])) for name, it in given]))
