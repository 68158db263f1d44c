"""What every page answers with and what every form must come with, so that no other site's page can act as somebody."""

import hmac
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from services.sessions import Present

# Teams alone, in its old place and its new one; in local mode nobody frames it.
TEAMS = "https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors "
)
COOKIE = "__Host-arbete"
HEADER = "X-Arbete"


def headers_of(*, local: bool) -> Mapping[str, str]:
    # With no-referrer a form's Origin would be "null", and no form of ours would get in.
    return {
        "Content-Security-Policy": _POLICY + ("'none'" if local else TEAMS),
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Vary": "HX-Request",
    }


def is_own(request: web.Request, origin: str) -> bool:
    """Whether what would change something was sent by a page of ours; a browser that says nothing is not."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return request.headers.get("Origin") == origin and site == "same-origin"


def has_token(here: Present, sent: str) -> bool:
    """Whether the form was drawn for this very session."""
    return hmac.compare_digest(here.session.form_token.encode(), sent.encode("utf-8", "replace"))


def set_cookie(answer: web.StreamResponse, secret: str) -> None:
    """Written by hand, since Python knows Partitioned only from 3.14; without a secret it is taken away."""
    life = "" if secret else "; Max-Age=0"
    answer.headers.add(
        "Set-Cookie", f"{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned{life}"
    )


def see_other(address: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
