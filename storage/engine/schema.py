"""The schema's version: bringing it up to date, and saying when it is not."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, column, table, update
from sqlalchemy.exc import DBAPIError

from storage.engine.database import Database, Transaction
from storage.engine.year_tables import metadata

_VERSION = table("alembic_version", column("version_num"))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    return config


@cache
def _scripts() -> ScriptDirectory:
    """Read once, since every start and every look at the health asks for the newest of them."""
    return ScriptDirectory.from_config(_config())


class UnreachableError(Exception):
    """There is no database to talk to; the message is the database's own word on why."""


def newest() -> str | None:
    return _scripts().get_current_head()


def is_known(version: str | None) -> bool:
    """Whether this program can migrate from the version; what a newer program left, it cannot."""
    known = {script.revision for script in _scripts().walk_revisions()}
    return version is None or version in known


def being_moved() -> str:
    """The version of a database that another's rows are being moved into: no program starts with it."""
    return f"{newest()} moving"


def not_as_said() -> str:
    """The version of a database that was put back and does not hold what its backup says: no program starts with it."""
    return f"{newest()} differs"


def mark(connection: Connection, version: str | None) -> None:
    """Says another version of the schema than what migrations have said."""
    connection.execute(update(_VERSION).values(version_num=version))


def current(database: Database) -> str | None:
    """The version, None where nothing has been migrated; raises UnreachableError."""
    try:
        with database.reading() as tx:
            return current_in(tx)
    except DBAPIError as unreachable:
        raise UnreachableError(str(unreachable.orig)) from unreachable


def current_in(tx: Transaction) -> str | None:
    return MigrationContext.configure(tx.connection).get_current_revision()


def migrate(database: Database) -> None:
    """Brings the schema to the newest version in one transaction; does nothing when it is there."""
    config = _config()
    with database.engine.begin() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest():
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


# By all that SQLite says of its tables: to compare takes half a second, and the same said differs by the same.
_COMPARED: dict[tuple[tuple[str, ...], ...], list[object]] = {}


def drift(database: Database) -> list[object]:
    """What differs between the database and storage.engine.tables; empty when they agree."""
    with database.reading() as tx:
        if tx.connection.dialect.name != "sqlite":
            return _compared(tx)
        rows = tx.connection.exec_driver_sql(
            "select type, name, tbl_name, sql from sqlite_master order by name"
        )
        said = tuple(map(tuple, rows))
        if said not in _COMPARED:
            _COMPARED[said] = _compared(tx)
        return _COMPARED[said]


def _compared(tx: Transaction) -> list[object]:
    context = MigrationContext.configure(tx.connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))
