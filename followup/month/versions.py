"""What is stored of a report or a signal that files tell of too: its versions, and how a file's row stands to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

C = TypeVar("C")
AgainstStored = Literal["new", "same", "changed", "taken"]


@dataclass(frozen=True)
class Version(Generic[C]):
    number: int
    content: C
    known_at: datetime
    imported: bool


def next_version(versions: Sequence[Version[C]]) -> int:
    return versions[-1].number + 1 if versions else 1


def against_stored(versions: Sequence[Version[C]], content: C) -> AgainstStored:
    """How a row of a file stands to what is stored: `taken` when a person has written since, and not the same."""
    if not versions:
        return "new"
    imported = [version for version in versions if version.imported]
    if imported and imported[-1].content == content:
        return "same"
    return "changed" if versions[-1].imported else "taken"
