"""Idempotency keys: what a request that may be sent again says of itself to the runtime."""

from __future__ import annotations

from penstock.api.errors import ApiError
from penstock.api.http import AnyCall
from penstock.runtime.requests import Idempotency
from penstock.store import idempotency as store


def idempotency(call: AnyCall) -> Idempotency | None:
    """Give the call's key with the digest of what it asks; None where it came without one."""
    key = call.idempotency_key
    return None if key is None else Idempotency(key, call.digest())


async def carried_out(call: AnyCall) -> bool:
    """Whether the same request was carried out before under its key.

    For what is gone once it has been done: the runtime cannot be asked to do it again.

    Raises:
        ApiError: 409, the key was used for another request.
    """
    if call.idempotency_key is None:
        return False
    known = await call.runtime.read(store.find, call.idempotency_key)
    if known is not None and known[0] != call.digest():
        raise ApiError(409, f"The idempotency key '{call.idempotency_key}' was used for another request.")
    return known is not None
