"""The version of the schema that this program is written for, and whether the database is still at it."""

import logging
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

log = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).parents[1] / "migrations"
_OTHER = (
    "the database is at version %s and this program at %s: it stores and sends nothing until it is replaced"
)
_ASKED = "SELECT version_num FROM alembic_version"


class OutdatedProgramError(SQLAlchemyError):
    """The database is at another version than the program: what it would store may be wrong there."""


@cache
def versions() -> tuple[str, ...]:
    """All that there have been, the oldest first: the file of each migration begins with the version it leads to."""
    return tuple(sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def newest() -> str:
    return versions()[-1]


class ProgramVersion:
    """Asked for in each transaction: who migrates waits for those that have been told, and the others for him."""

    def __init__(self) -> None:
        self._wanted, self._is_told = newest(), False

    def demand(self, connection: Connection) -> None:
        """Raises OutdatedProgramError where it is another, of which the log is told once."""
        found = _said(connection)
        if found == self._wanted:
            self._is_told = False
            return
        if not self._is_told:
            log.error(_OTHER, found, self._wanted)
            self._is_told = True
        raise OutdatedProgramError(_OTHER % (found, self._wanted))


def _said(connection: Connection) -> str:
    """Asked of the driver, since SQLAlchemy's own way takes several times what the database does."""
    driver: Any = connection.connection.driver_connection
    errors: type[Exception] = connection.dialect.loaded_dbapi.Error
    try:
        found = driver.execute(_ASKED).fetchone()
    except errors as refused:
        # Where contact was lost nothing more can be asked of it.
        connection.invalidate()
        raise DBAPIError.instance(_ASKED, None, refused, errors, hide_parameters=True) from refused
    return str(found[0]) if found else "none"
