"""Backups that were put back, each until an operator has been told what had happened after it was taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import delete, insert, inspect, select

from storage.engine.comparing import Since
from storage.engine.database import Transaction
from storage.engine.tables import restored


@dataclass(frozen=True)
class Untold:
    """`before` is where the database that was there lies, None where there was none.

    `since` is None where that could not be read; `in_doubt` are messages that may have gone out after the backup.
    """

    taken_at: datetime
    before: str | None
    since: Since | None
    in_doubt: int


def are_kept(tx: Transaction) -> bool:
    """Not by the program's versions before this is."""
    return inspect(tx.connection).has_table(restored.name)


def untold(tx: Transaction) -> list[Untold]:
    """The one that was put back last is last."""
    return [
        Untold(row.taken_at, row.before, _opened(tx, row.since), row.in_doubt)
        for row in tx.connection.execute(select(restored).order_by(restored.c.id))
    ]


def keep(tx: Transaction, these: Sequence[Untold]) -> None:
    """These and no others are yet to be told."""
    tx.connection.execute(delete(restored))
    for number, one in enumerate(these, start=1):
        values = {"taken_at": one.taken_at, "before": one.before, "in_doubt": one.in_doubt}
        tx.connection.execute(insert(restored).values(id=number, since=_sealed(tx, one.since), **values))


def are_told(tx: Transaction, these: Sequence[Untold]) -> None:
    keep(tx, [one for one in untold(tx) if one not in these])


def _sealed(tx: Transaction, since: Since | None) -> bytes | None:
    # The names of people stand in it.
    return None if since is None else tx.vault.seal(orjson.dumps(vars(since)).decode())


def _opened(tx: Transaction, sealed: bytes | None) -> Since | None:
    text = tx.vault.open_if_known(sealed)
    return None if text is None else Since(**orjson.loads(text))
