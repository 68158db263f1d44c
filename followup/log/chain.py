"""The access log as a chain: what signs an entry covers what it says, its place, and the one before it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Self

import orjson

from followup import PersonId
from followup.log.subject import Subject

START = "0" * 64
# Gives the signature of a message, in hexadecimal, under a key that the one who asks chooses.
Sign = Callable[[bytes], str]


@dataclass(frozen=True)
class LogEntry:
    """Who did what with what, when and why; `stranger` names one who is no person of the register.

    `records` is how many children's data were read or written, `seen` which records, where they are known.
    """

    at: datetime
    person_id: PersonId | None
    stranger: str | None
    act: str
    subject: Subject
    detail: str | None
    reason: str | None
    records: int
    seen: Sequence[Subject] = ()


@dataclass(frozen=True)
class Tip:
    """Where a chain ends: its name, how many entries it has, the newest one's signature and that one's key.

    The key is None where nothing has been signed yet.
    """

    chain: str
    entries: int
    head: str
    key_id: str | None


@dataclass(frozen=True)
class Checkpoint:
    """Where a chain stood at a moment, signed: what is taken from the log afterwards is missed by it."""

    chain: str
    entries: int
    head: str
    at: datetime
    key_id: str
    signature: str = ""

    def signed(self, sign: Sign) -> Self:
        return replace(self, signature=sign(self._said()))

    def is_signed(self, sign: Sign) -> bool:
        return sign(self._said()) == self.signature

    def _said(self) -> bytes:
        return orjson.dumps(["checkpoint", self.chain, self.entries, self.head, _iso(self.at), self.key_id])

    def line(self) -> str:
        """As it is kept outside of the database, in a file or a message."""
        return f"{self.chain} {self.entries} {self.head} {_iso(self.at)} {self.key_id} {self.signature}"

    @classmethod
    def read(cls, line: str) -> Self | None:
        """None for what is no such line."""
        try:
            chain, entries, head, at, key_id, signature = line.split()
            return cls(chain, int(entries), head, datetime.fromisoformat(at), key_id, signature)
        except ValueError:
            return None


def link(before: Tip, entry: LogEntry) -> bytes:
    """What is signed; the reason goes in open, so that it stands when the keys that seal it are changed."""
    return orjson.dumps(
        [
            "entry",
            before.chain,
            before.entries + 1,
            before.head,
            _iso(entry.at),
            entry.person_id,
            entry.stranger,
            entry.act,
            str(entry.subject),
            entry.detail,
            entry.reason,
            entry.records,
            sorted(str(one) for one in entry.seen),
        ]
    )


@dataclass(frozen=True)
class Redaction:
    """That an entry's reason was deleted by the decision with that number.

    Signed over all else of the entry and over `entry_as`, its own signature, which covers the reason and stays.
    """

    purge: int
    at: datetime
    key_id: str
    signature: str = ""

    def signed(self, sign: Sign, before: Tip, entry: LogEntry, entry_as: str) -> Self:
        return replace(self, signature=sign(self._said(before, entry, entry_as)))

    def is_signed(self, sign: Sign, before: Tip, entry: LogEntry, entry_as: str) -> bool:
        return sign(self._said(before, entry, entry_as)) == self.signature

    def _said(self, before: Tip, entry: LogEntry, entry_as: str) -> bytes:
        rest = link(before, replace(entry, reason=None)).hex()
        return orjson.dumps(["redaction", self.purge, _iso(self.at), self.key_id, entry_as, rest])


def tip_said(tip: Tip) -> bytes:
    """What is signed of where the chain ends, so that taking entries from its end is found."""
    return orjson.dumps(["tip", tip.chain, tip.entries, tip.head, tip.key_id])


def unkeyed_link(before: str, entry: LogEntry) -> str:
    """The hash of an entry from before they were signed."""
    said = [
        before,
        _iso(entry.at),
        entry.person_id,
        entry.stranger,
        entry.act,
        str(entry.subject),
        entry.detail,
        entry.reason,
        entry.records,
    ]
    return sha256(orjson.dumps(said)).hexdigest()


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
