"""The access log as a chain: the hash of an entry covers what it says and the hash of the one before it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import orjson

START = "0" * 64


@dataclass(frozen=True)
class Entry:
    """Who did what with what, when and why; `stranger` names one who is no person of the register."""

    at: datetime
    person_id: int | None
    stranger: str | None
    act: str
    subject: str
    detail: str | None
    reason: str | None
    records: int


def link(before: str, entry: Entry) -> str:
    """The entry's hash; the reason goes in open, so that it stands when the keys that seal it are changed."""
    said = [
        before,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.person_id,
        entry.stranger,
        entry.act,
        entry.subject,
        entry.detail,
        entry.reason,
        entry.records,
    ]
    return sha256(orjson.dumps(said)).hexdigest()
