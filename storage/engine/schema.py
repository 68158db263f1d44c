"""The schema's version: bringing it up to date, and saying when it is not."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table, update
from sqlalchemy.exc import DBAPIError

from storage.engine import dumps, program_version
from storage.engine.copies import own_tables
from storage.engine.database import Database, Transaction
from storage.engine.year_tables import metadata

if TYPE_CHECKING:
    # Loaded only where something is migrated or compared: most that starts finds the schema as it wants it.
    from alembic.config import Config

# They stand where the database itself finds them, which holds itself to them.
versions, newest = program_version.versions, program_version.newest
_VERSION = table("alembic_version", column("version_num"))


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(program_version.MIGRATIONS))
    return config


class UnreachableError(Exception):
    """There is no database to talk to; the message is the database's own word on why."""


def is_known(version: str | None) -> bool:
    """Whether this program can migrate from the version; what a newer program left, it cannot."""
    return version is None or version in versions()


def being_moved() -> str:
    """The version of a database that another's rows are being moved into: no program starts with it."""
    return f"{newest()} moving"


def not_as_said() -> str:
    """The version of a database that was put back and does not hold what its backup says: no program starts with it."""
    return f"{newest()} differs"


def being_restored() -> str:
    """The version of a database that a backup is being put back into, or was: no program starts with it."""
    return f"{newest()} restoring"


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
    if tx.connection.dialect.name == "postgresql" and dumps.under_way(tx.connection) is not None:
        return being_restored()
    return said_in(tx)


def said_in(tx: Transaction) -> str | None:
    """What the tables are of, also where they are of a backup that has not been seen to."""
    return _said_by(tx.connection)


def _said_by(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION.name):
        return None
    version: str | None = connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()
    return version


def migrate(database: Database) -> None:
    """Brings the schema to the newest version in one transaction; does nothing when it is there.

    Of several that begin at once, as replicas do that start together, one does it and the others wait for that.
    """
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            from storage.engine import postgresql

            postgresql.wait_for_who_migrates(connection)
        if (version := _said_by(connection)) != newest():
            if version is not None and connection.dialect.name == "postgresql":
                postgresql.wait_for_who_writes(connection)
            from alembic import command

            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        if connection.dialect.name == "postgresql":
            postgresql.complete(connection)


# By all that SQLite says of its tables: to compare takes half a second, and the same said differs by the same.
_COMPARED: dict[tuple[tuple[str, ...], ...], list[object]] = {}


def drift(database: Database) -> list[object]:
    """What differs between the database and storage.engine.tables; empty when they agree."""
    with database.reading() as tx:
        if tx.connection.dialect.name != "sqlite":
            from storage.engine.postgresql import drift_of_queue

            ours = set(own_tables(tx))
            compared = _compared(tx, lambda name, kind, _: kind != "table" or name in ours)
            return [*compared, *drift_of_queue(tx.connection)]
        rows = tx.connection.exec_driver_sql(
            "select type, name, tbl_name, sql from sqlite_master order by name"
        )
        said = tuple(map(tuple, rows))
        if said not in _COMPARED:
            _COMPARED[said] = _compared(tx)
        return _COMPARED[said]


def _compared(
    tx: Transaction, is_ours: Callable[[str | None, str, object], bool] = lambda *_: True
) -> list[object]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(tx.connection, opts={"compare_type": True, "include_name": is_ours})
    return list(compare_metadata(context, metadata))
