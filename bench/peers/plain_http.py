"""Lets MSAL ask a login host on loopback without TLS, which would cost the SDKs that ask often more still."""

from collections.abc import Callable
from typing import Any

import msal.authority
import msal.token_cache

LOOPBACK = "http://127.0.0.1"
_canonicalize: Callable[[str], tuple[Any, str, str]] = msal.authority.canonicalize


def allow() -> None:
    msal.authority.canonicalize = _also_plain
    msal.token_cache.canonicalize = _also_plain


def _also_plain(url: str) -> tuple[Any, str, str]:
    if not url.startswith(LOOPBACK):
        return _canonicalize(url)
    parts, host, tenant = _canonicalize(url.replace("http:", "https:", 1))
    return parts._replace(scheme="http"), host, tenant
