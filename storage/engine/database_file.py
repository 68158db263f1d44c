"""The file that an embedded database is kept in, and whether it is still the one that was opened."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError

Identity = tuple[int, int]


class SwappedFileError(SQLAlchemyError):
    """Another file, or none, has come in the place of the one that was opened; what is stored in that would be lost."""


@contextmanager
def opened_to_lock(path: Path) -> Iterator[int]:
    """A file that nothing is written to: whichever account made it, each that may read it can hold it."""
    number = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        yield number
    finally:
        os.close(number)


class OpenedFile:
    """Known from the first connection on. Another database than SQLite has no file of ours, and is always the same."""

    def __init__(self, engine: Engine, reading: Engine) -> None:
        name = engine.url.database if engine.dialect.name == "sqlite" else None
        self._path = Path(name) if name else None
        self._opened: Identity | None = None
        if self._path is not None:
            # Before a connection is made, since SQLite makes a new file where there is none.
            for one in (engine, reading):
                event.listen(one, "do_connect", self._before_connecting)
                event.listen(one, "connect", self._note)

    def is_same(self) -> bool:
        return self._opened is None or self._there() == self._opened

    def demand(self) -> None:
        if not self.is_same():
            raise SwappedFileError("the database file is not the one that was opened")

    def _before_connecting(self, *_: Any) -> None:
        self.demand()

    def _note(self, *_: Any) -> None:
        self._opened = self._opened or self._there()

    def _there(self) -> Identity | None:
        assert self._path is not None
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
