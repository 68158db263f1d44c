"""What stands in the way of a database that is no fault of the program, by one word, be it a file or a server."""

import errno
import sqlite3
from collections.abc import Mapping
from typing import Literal

from sqlalchemy.exc import OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from storage.engine.database_file import SwappedFileError
from storage.engine.program_version import OutdatedProgramError
from storage.engine.writer import TransactionLostError
from storage.engine.writers import PerhapsStoredError

# Of each somebody can be told what to do about it.
Fault = Literal["busy", "full", "read_only", "damaged", "swapped", "outdated", "lost", "gone"]
_OF_CLASSES: Mapping[type[BaseException], Fault] = {
    SwappedFileError: "swapped",
    OutdatedProgramError: "outdated",
    PerhapsStoredError: "gone",
    NoConnectionError: "busy",
}
_OF_FILES: Mapping[int, Fault] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
}
_OF_SQLITE: Mapping[int, Fault] = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_PROTOCOL: "busy",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    # Where a disk is full, or its file gone, there are several ways in which it says no more than this.
    sqlite3.SQLITE_CANTOPEN: "gone",
    sqlite3.SQLITE_IOERR: "gone",
}
_OF_POSTGRESQL: Mapping[str, Fault] = {
    "55P03": "busy",
    "40P01": "busy",
    "40001": "busy",
    "53100": "full",
    "25006": "read_only",
    "XX001": "damaged",
    "25P02": "lost",
}
# As the states begin in which a server is not there for us; what else it refuses is a fault of the program.
_AWAY = ("08", "28", "3D", "53", "57", "58")


def fault_of(error: BaseException) -> Fault | None:
    """None where it is no such thing, and somebody has to look into the program."""
    if type(error) in _OF_CLASSES:
        return _OF_CLASSES[type(error)]
    if isinstance(error, TransactionLostError | PendingRollbackError):
        # What ended it says more, where it is known.
        return (error.__cause__ and fault_of(error.__cause__)) or "lost"
    if isinstance(error, OSError):
        return _OF_FILES.get(error.errno or 0)
    refused = getattr(error, "orig", error)
    if isinstance(refused, sqlite3.Error):
        return _OF_SQLITE.get((getattr(refused, "sqlite_errorcode", None) or 0) & 0xFF)
    state = getattr(refused, "sqlstate", None) or ""
    # Where there was no contact there is no word on why.
    away = isinstance(error, OperationalError) and (not state or state.startswith(_AWAY))
    return _OF_POSTGRESQL.get(state) or ("gone" if away else None)


def is_busy(error: BaseException) -> bool:
    """Whether somebody else kept the database, or what was wanted of it, for so long that it was given up."""
    return fault_of(error) == "busy"


def word_of(error: BaseException) -> str:
    """The database's own, or the system's, on one line."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]
