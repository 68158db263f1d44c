"""The file that an embedded database is kept in, and whether it is still the one that was opened."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)
Identity = tuple[int, int]
_BESIDE = ("-wal", "-shm")
_LOST = "%s is gone, or another file is in its place: nothing is stored until it is back, or the program started anew"
_LOST_BESIDE = (
    "%s is gone, or another file is in its place: nothing more is stored. Stop the program without killing it and run"
    " no command before that: what was in the file is then written to the database"
)


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
    """Known from the first connection on. Another database than SQLite has no file of ours, and is always the same.

    The files that SQLite has beside it are known for as long as any connection is open: with the last they go. What is
    written in one that somebody has deleted meanwhile is in no file, and another program would make another.
    """

    def __init__(self, engine: Engine, reading: Engine) -> None:
        name = engine.url.database if engine.dialect.name == "sqlite" else None
        self._path = Path(name or "")
        self._opened: Identity | None = None
        self._beside: dict[Path, Identity] = {}
        self._connections = set[int]()
        self._told: Path | None = None
        if name:
            # Before a connection is made, since SQLite makes a new file where there is none.
            for one in (engine, reading):
                event.listen(one, "do_connect", self._before_connecting)
                event.listen(one, "connect", self._note)
                event.listen(one, "close", self._forget)

    def is_same(self) -> bool:
        return self._lost() is None

    def demand(self) -> None:
        """Raises SwappedFileError where it is not, of which the log is told once, with what to do."""
        lost = self._lost()
        if lost is not None and lost != self._told:
            log.error(_LOST if lost == self._path else _LOST_BESIDE, lost)
        self._told = lost
        if lost is not None:
            raise SwappedFileError(f"{lost} is not the file that was opened")

    def _lost(self) -> Path | None:
        """The path of a file that is gone, or has another in its place."""
        if self._opened is None:
            return None
        if _there(self._path) != self._opened:
            return self._path
        return next((path for path, known in [*self._beside.items()] if _there(path) != known), None)

    def _before_connecting(self, *_: Any) -> None:
        self.demand()

    def _note(self, connection: object, _: object) -> None:
        self._opened = self._opened or _there(self._path)
        self._connections.add(id(connection))
        for ending in _BESIDE:
            path = self._path.with_name(self._path.name + ending)
            if path not in self._beside and (found := _there(path)) is not None:
                self._beside[path] = found

    def _forget(self, connection: object, _: object) -> None:
        self._connections.discard(id(connection))
        if not self._connections:
            self._beside.clear()


def _there(path: Path) -> Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
