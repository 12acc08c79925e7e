"""What every test may use."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Coroutines are tested on asyncio, which is what the server runs on."""
    return "asyncio"
