"""Messages as the ledger keeps them: JSON with a kind and a version, words as words and dates as ISO."""

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from followup.messages.every import KINDS, EveryMessage
from storage.messages import written_earlier

# A message whose fields come to mean something else gets the next, and the one before is read by a step of its own.
VERSION = 1
log = logging.getLogger(__name__)


class UnreadableMessageError(ValueError):
    """What is stored is no message that this program knows: of a newer one, or changed by hand."""


def written(message: EveryMessage) -> dict[str, Any]:
    fields = _adapter(message.kind).dump_python(message, mode="json")
    return {"kind": message.kind, "version": VERSION, "fields": fields}


def read(kind: str, payload: Mapping[str, Any]) -> EveryMessage:
    """The message that was stored, also as it was before messages were values."""
    if kind not in KINDS:
        raise UnreadableMessageError(f"no kind of message is called {kind!r}")
    try:
        fields = _fields(kind, payload)
        # Strict, and as JSON: a date is its ISO word, and never a number that happens to be one.
        return _adapter(kind).validate_json(orjson.dumps(fields), strict=True)
    except (ValidationError, KeyError, IndexError, TypeError, ValueError) as wrong:
        raise UnreadableMessageError(f"this is no {kind!r} message: {wrong}") from wrong


def readable(kind: str, payload: Mapping[str, Any]) -> EveryMessage | None:
    """The message, or None with a line in the log: what one row holds must not stop what is asked of many."""
    try:
        return read(kind, payload)
    except UnreadableMessageError as wrong:
        log.warning("a message is passed over: %s", wrong)
        return None


def _fields(kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    version = payload.get("version")
    if version is None:
        return written_earlier.fields(kind, payload)
    if version != VERSION or payload["kind"] != kind:
        raise UnreadableMessageError(f"version {version!r} of {payload['kind']!r}")
    fields: Mapping[str, Any] = payload["fields"]
    return fields


@cache
def _adapter(kind: str) -> TypeAdapter[EveryMessage]:
    """Made once a kind, when it is first needed."""
    return TypeAdapter(KINDS[kind])
