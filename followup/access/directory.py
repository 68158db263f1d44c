"""Ids of people and tenants in Entra: GUIDs, the same however they are written."""

import re

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOBODY = "00000000-0000-0000-0000-000000000000"


def guid(text: str) -> str | None:
    """The GUID in small letters without braces; None for anything else, and for the empty GUID."""
    written = text.strip().lower()
    bare = written[1:-1] if written.startswith("{") and written.endswith("}") else written
    return bare if _GUID.fullmatch(bare) and bare != _NOBODY else None


def normal_id(text: str) -> str:
    """The one form in which an id is stored and compared; what is no GUID stands as it is."""
    return guid(text) or text
