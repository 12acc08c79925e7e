"""Who may ask: a token where one is set, and no page of another site in any case."""

from __future__ import annotations

import hmac

from starlette.datastructures import Headers

from penstock.api.errors import ApiError
from penstock.api.settings import ApiSettings

_SAFE = frozenset({"GET", "HEAD"})


def authorize(headers: Headers, method: str, settings: ApiSettings, *, open_route: bool) -> None:
    """Let the request through, or refuse it.

    A browser tells with `Sec-Fetch-Site` that a page of another site asks. Without this check, any page
    on the web could start processes on a server that listens on loopback without a token.

    Raises:
        ApiError: 401, a token is set and the request does not show it; 403, another site's page asks.
    """
    if method not in _SAFE and headers.get("sec-fetch-site") == "cross-site":
        raise ApiError(403, "A page of another site may not change anything here.")
    if settings.token is None or open_route:
        return
    shown = _token(headers)
    if shown is None or not hmac.compare_digest(shown.encode(), settings.token.encode()):
        raise ApiError(
            401,
            "The token is missing or wrong: send it as `Authorization: Bearer TOKEN` or as "
            "`X-DOMO-Developer-Token: TOKEN`.",
            headers=[("www-authenticate", "Bearer")],
        )


def _token(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return headers.get("x-domo-developer-token")
