"""What was deleted, written outside the database: a restored older copy can be told by it what is to go again.

A line a step, signed with the access log's key. It names no child: only digests that whoever has the key and a
reference can tell by.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Self

import orjson

from followup.clocks.retention_classes import RetentionClass
from followup.log.chain import Sign

Step = Literal["begun", "done"]


class UnwritableJournalError(Exception):
    """Nothing is deleted that cannot be told afterwards; the message is the system's own word."""


@dataclass(frozen=True)
class JournalLine:
    """`decided` are who decided and when, `cases` the digests of those that were decided on or, when done, deleted.

    `classes` are retention classes, each with the day before which what had its last word was to go.
    """

    step: Step
    number: int
    at: datetime
    source: str
    decided: tuple[str, ...]
    cases: tuple[str, ...]
    key_id: str
    signature: str = ""
    classes: tuple[str, ...] = ()

    def signed(self, sign: Sign) -> Self:
        return replace(self, signature=sign(self._said()))

    def is_signed(self, sign: Sign) -> bool:
        return sign(self._said()) == self.signature

    def _said(self) -> bytes:
        return orjson.dumps(["deleted", {**self._fields(), "signature": ""}])

    def _fields(self) -> dict[str, Any]:
        """Lines from before there were classes say nothing of any, and are signed so."""
        return {name: value for name, value in asdict(self).items() if name != "classes" or value}

    def written(self) -> bytes:
        return orjson.dumps(self._fields()) + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Self | None:
        """None for what is no such line."""
        try:
            said = orjson.loads(line)
            at = datetime.fromisoformat(said["at"])
            lists = {name: tuple(said.get(name, ())) for name in ("decided", "cases", "classes")}
            for one in lists["classes"]:
                class_of(one)
            return cls(**{**said, "at": at, **lists})
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def class_of(said: str) -> tuple[RetentionClass, date]:
    """A class of a line, with its day; raises ValueError for what is none."""
    name, _, day = said.partition(" ")
    return RetentionClass(name), date.fromisoformat(day)


def write(path: Path, line: JournalLine) -> None:
    """At the end, and safe from a power cut; raises UnwritableJournalError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(number, "ab") as file:
            # Half a line that a power cut left is ended first.
            if file.tell() and not path.read_bytes().endswith(b"\n"):
                file.write(b"\n")
            file.write(line.written())
            file.flush()
            os.fsync(file.fileno())
    except OSError as refused:
        raise UnwritableJournalError(refused.strerror or str(refused)) from refused


def lines(path: Path) -> Sequence[JournalLine]:
    """Empty where nothing has ever been deleted; what is no line of ours is left out."""
    if not path.exists():
        return []
    return list(_lines(path.read_bytes()))


def _lines(content: bytes) -> Iterator[JournalLine]:
    for line in content.splitlines():
        found = JournalLine.read(line)
        if found is not None:
            yield found
