"""What a backup says of itself: when it was taken, and what it must hold to be whole."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from itertools import chain, count
from pathlib import Path
from typing import Self

import orjson

PREFIX = "uppfoljaren-"


class UnreadableManifestError(Exception):
    """There is none, or it is none of ours: the backup was never finished."""


@dataclass(frozen=True)
class Manifest:
    """`keys` are the ids of the sealing keys that it was taken under, the first of them first."""

    file: str
    taken_at: datetime
    schema: str
    tables: Mapping[str, int]
    log_entries: int
    log_head: str
    keys: tuple[str, ...]
    size: int
    sha256: str

    @classmethod
    def read(cls, path: Path) -> Self:
        try:
            said = orjson.loads(path.read_bytes())
            return cls(
                **{
                    **said,
                    "taken_at": datetime.fromisoformat(said["taken_at"]),
                    "keys": tuple(said["keys"]),
                    "tables": dict(said["tables"]),
                }
            )
        except (OSError, ValueError, KeyError, TypeError) as wrong:
            raise UnreadableManifestError(str(path)) from wrong

    def written(self) -> bytes:
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)


def stamp_of(moment: datetime) -> str:
    """The moment as it stands in the names of files and in the log: in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def unused(folder: Path, name: str, ending: str = "") -> Path:
    """The name itself, or with a number after it where what was made in the same second has it."""
    numbered = (f"{name}-{number}" for number in count(2))
    paths = (folder / f"{one}{ending}" for one in chain([name], numbered))
    return next(path for path in paths if not path.exists())


def manifest_of(file: Path) -> Path:
    """Where the manifest of a backup is kept: beside it."""
    return file.with_suffix(".json")


def digest(file: Path) -> str:
    with file.open("rb") as read:
        return file_digest(read, "sha256").hexdigest()


def complete(directory: Path) -> list[tuple[Path, Manifest]]:
    """Every finished backup in the folder with its manifest, the newest first."""
    found = []
    for path in directory.glob(f"{PREFIX}*.json"):
        try:
            manifest = Manifest.read(path)
        except UnreadableManifestError:
            continue
        file = directory / manifest.file
        if file.exists() and manifest_of(file) == path:
            found.append((file, manifest))
    return sorted(found, key=lambda one: one[1].taken_at, reverse=True)
