"""Who has read or written what about a child, and who was turned away: a chain that only grows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, text

from followup.chain import START, Entry, link
from storage.columns import Instant
from storage.database import Transaction
from storage.prepared import Prepared
from storage.tables import access_log

COMMAND_LINE = "command line"
GUARDS = ("access_log_no_update", "access_log_no_delete")
_INSERT = Prepared(insert(access_log))
_TIP = Prepared(select(access_log.c.hash).order_by(access_log.c.id.desc()).limit(1))
_IN_ORDER = select(access_log).order_by(access_log.c.id)
_BETWEEN = _IN_ORDER.where(
    access_log.c.at >= bindparam("since", type_=Instant), access_log.c.at < bindparam("until", type_=Instant)
)
_TRIGGERS = text("select name from sqlite_master where type = 'trigger' and tbl_name = 'access_log'")


@dataclass(frozen=True)
class Logged:
    """An entry as it stands in the log, with its number and its hash."""

    id: int
    entry: Entry
    hash: str


def record(
    tx: Transaction,
    act: str,
    subject: str,
    now: datetime,
    *,
    person_id: int | None = None,
    stranger: str | None = None,
    detail: str | None = None,
    reason: str | None = None,
    records: int = 1,
) -> None:
    """Adds the next link; `records` is how many children's data were read or written."""
    entry = Entry(now, person_id, stranger, act, subject, detail, reason, records)
    hashed = link(_tip(tx), entry)
    sealed = tx.vault.seal_some(reason)
    _INSERT.changed(tx.connection, {**vars(entry), "reason": sealed, "hash": hashed})
    tx.log_tip[:] = [hashed]


def _tip(tx: Transaction) -> str:
    """The newest hash: nobody else writes while the transaction is open, so it is read once in each."""
    if not tx.log_tip:
        tx.log_tip[:] = [_newest(tx)]
    return tx.log_tip[0]


def _newest(tx: Transaction) -> str:
    row = _TIP.first(tx.connection, {})
    return START if row is None else str(row.hash)


def head(tx: Transaction) -> tuple[int, str]:
    """How many entries there are, and the newest hash."""
    rows = tx.connection.execute(select(func.count()).select_from(access_log)).scalar_one()
    return rows, _newest(tx)


def everything(tx: Transaction) -> Iterator[Logged]:
    """Every entry, oldest first."""
    for row in tx.connection.execute(_IN_ORDER):
        yield _logged(tx, row)


def between(tx: Transaction, since: datetime, until: datetime) -> list[Logged]:
    rows = tx.connection.execute(_BETWEEN, {"since": since, "until": until})
    return [_logged(tx, row) for row in rows]


def anything_between(tx: Transaction, since: datetime, until: datetime) -> bool:
    return tx.connection.execute(_BETWEEN.limit(1), {"since": since, "until": until}).first() is not None


def missing_guards(tx: Transaction) -> list[str]:
    """The triggers that refuse changes and are not there; only SQLite has any."""
    if tx.connection.dialect.name != "sqlite":
        return []
    there = set(tx.connection.execute(_TRIGGERS).scalars())
    return [name for name in GUARDS if name not in there]


def acts(tx: Transaction, act: str) -> list[tuple[int | None, str | None, str]]:
    """Person, stranger and subject of every entry of the kind, oldest first."""
    query = select(access_log).where(access_log.c.act == act).order_by(access_log.c.id)
    return [(row.person_id, row.stranger, row.subject) for row in tx.connection.execute(query)]


def _logged(tx: Transaction, row: Row[Any]) -> Logged:
    # A reason that no key opens breaks the chain, and is told of as that.
    reason = tx.vault.open_if_known(row.reason)
    entry = Entry(row.at, row.person_id, row.stranger, row.act, row.subject, row.detail, reason, row.records)
    return Logged(row.id, entry, row.hash)
