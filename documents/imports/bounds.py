"""How much is read: a file that is larger, or takes longer, than any register is refused with words."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from documents.imports.lines import Line, UnreadableFileError
from followup.wording.wording import wording

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class FileBounds:
    """Several times what a municipality of 100 000 placements needs; `unpacked` is what a workbook packs."""

    megabytes: int = 64
    unpacked_megabytes: int = 512
    rows: int = 250_000
    columns: int = 200
    minutes: int = 15


@dataclass(frozen=True)
class Allowance:
    """What may be read in one import; the time runs from when this is made."""

    bounds: FileBounds = field(default_factory=FileBounds)
    seconds: Callable[[], float] = time.monotonic
    started: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "started", self.seconds())

    def size(self, size: int) -> None:
        if size > self.bounds.megabytes * _MEBIBYTE:
            _refuse("too_large", megabytes=self.bounds.megabytes)

    def unpacked(self, size: int) -> None:
        if size > self.bounds.unpacked_megabytes * _MEBIBYTE:
            _refuse("too_large_unpacked", megabytes=self.bounds.unpacked_megabytes)

    def lines(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The lines that have something in them, each while there is room and time for it."""
        filled = 0
        for line in lines:
            if self.seconds() - self.started > self.bounds.minutes * 60:
                _refuse("too_slow", minutes=self.bounds.minutes)
            if not any(line.texts) and not line.odd:
                continue
            filled += 1
            if filled > self.bounds.rows:
                _refuse("too_many_rows", rows=self.bounds.rows)
            if _width(line) > self.bounds.columns:
                _refuse("too_many_columns", row=line.number, columns=self.bounds.columns)
            yield line


def _width(line: Line) -> int:
    """Up to the last place that has something in it: formatted but empty cells are nothing."""
    filled = [place for place, text in enumerate(line.texts) if text]
    return 1 + max([*filled, *line.odd], default=-1)


def _refuse(what: str, **values: object) -> NoReturn:
    raise UnreadableFileError(wording(f"import.file.{what}", **values))
