"""What the municipality's own systems call the columns of the register's files, from one import to the next."""

from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from storage.engine.database import Transaction
from storage.engine.import_tables import own_column


def own_columns(tx: Transaction) -> dict[str, str]:
    """Their names by our ids."""
    return {row.id: row.name for row in tx.connection.execute(select(own_column))}


def remember(tx: Transaction, names: Mapping[str, str]) -> None:
    """In the place of those that are remembered; with no names the files have the register's own again."""
    tx.connection.execute(delete(own_column))
    if names:
        tx.connection.execute(insert(own_column), [{"id": id_, "name": name} for id_, name in names.items()])
