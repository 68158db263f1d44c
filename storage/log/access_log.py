"""Who has read or written what about a child, and who was turned away: a signed chain that only grows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select

from followup import PersonId
from followup.log.chain import START, LogEntry, Redaction, Tip, link
from followup.log.subject import Act, Subject
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import (
    access_log,
    access_log_record,
    log_redaction,
    register_import,
    report,
    signal_version,
)
from storage.log import links_at_once, log_chain

COMMAND_LINE = "command line"
_INSERT = Prepared(insert(access_log).returning(access_log.c.id))
_INSERT_RECORD = Prepared(insert(access_log_record))
_NEWEST = select(access_log.c.hash).order_by(access_log.c.id.desc()).limit(1)
_IN_ORDER = (
    select(
        access_log,
        access_log_record.c.what,
        access_log_record.c.record_id,
        *(one for one in log_redaction.columns if one is not log_redaction.c.entry_id),
    )
    .outerjoin(access_log_record, access_log_record.c.entry_id == access_log.c.id)
    .outerjoin(log_redaction, log_redaction.c.entry_id == access_log.c.id)
    .order_by(access_log.c.id)
)
_BETWEEN = _IN_ORDER.where(
    access_log.c.at >= bindparam("since", type_=Instant), access_log.c.at < bindparam("until", type_=Instant)
)
_PLACE = select(access_log.c.hash).where(
    access_log.c.chain == bindparam("of_chain"), access_log.c.number == bindparam("of_number")
)
# A report or a signal that a person handed in has an entry of its own, and so has an import.
_WRITTEN = [
    *(
        (
            select(table.c.id).where(table.c.imported.is_(False), table.c.author_id.is_not(None)).limit(1),
            table.c.recorded_at,
        )
        for table in (report, signal_version)
    ),
    (
        select(register_import.c.id).where(register_import.c.valid_at.is_not(None)).limit(1),
        register_import.c.valid_at,
    ),
]


@dataclass(frozen=True)
class Logged:
    """An entry as it stands in the log, with its number there, its place in its chain, its key and its signature."""

    id: int
    entry: LogEntry
    chain: str
    number: int
    key_id: str | None
    hash: str
    redaction: Redaction | None = None


def record(
    tx: Transaction,
    act: Act,
    subject: Subject,
    now: datetime,
    *,
    person_id: PersonId | None = None,
    stranger: str | None = None,
    detail: str | None = None,
    reason: str | None = None,
    seen: Sequence[Subject] | None = None,
    records: int | None = None,
) -> None:
    """Adds the next link; `records` is how many children's data were read or written, `seen` which they are.

    Where nothing is said of how many, it is as many as were seen, one, or none where it was refused.
    In a reading it is left to be written, before what was read is shown.
    """
    if records is None:
        records = 0 if act == "refused" else 1 if seen is None else len(seen)
    entry = LogEntry(now, person_id, stranger, act, subject, detail, reason, records, seen or ())
    if tx.unlogged is not None:
        tx.unlogged.append(entry)
    else:
        write(tx, entry)


def write(tx: Transaction, entry: LogEntry) -> None:
    """Adds the entry as the chain's next link: just before the commit, so that nobody waits long for its end."""
    tx.to_log.append(entry)
    tx.last[log_chain.WAITING] = _write_all


def _write_all(tx: Transaction) -> None:
    entries = list(tx.to_log)
    if not entries:
        return
    tx.to_log.clear()
    ends, sound = log_chain.tip(tx, entries[0].at)
    rows: list[dict[str, Any]] = []
    for entry in entries:
        rows.append(_link(tx, ends, entry))
        ends = Tip(ends.chain, ends.entries + 1, rows[-1]["hash"], rows[-1]["key_id"])
    seen = [tuple(dict.fromkeys(entry.seen)) for entry in entries]
    if tx.connection.dialect.name == "postgresql":
        links_at_once.write(tx.connection, rows, seen, log_chain.stored_as(tx, ends, sound=sound))
        return
    for row, some in zip(rows, seen, strict=True):
        _insert(tx, row, some)
    log_chain.move(tx, ends, sound=sound)


def _link(tx: Transaction, before: Tip, entry: LogEntry) -> dict[str, Any]:
    key = tx.vault.log_key
    return {
        "at": entry.at,
        "person_id": entry.person_id,
        "stranger": entry.stranger,
        "act": entry.act,
        "subject": str(entry.subject),
        "detail": entry.detail,
        "reason": tx.vault.seal_some(entry.reason),
        "records": entry.records,
        "hash": key.sign(link(before, entry)),
        "chain": before.chain,
        "number": before.entries + 1,
        "key_id": key.id,
    }


def _insert(tx: Transaction, row: Mapping[str, object], seen: Sequence[Subject]) -> None:
    [new] = _INSERT.all(tx.connection, row)
    _INSERT_RECORD.many(
        tx.connection, [{"entry_id": new.id, "what": one.what, "record_id": one.id} for one in seen]
    )


def head(tx: Transaction) -> tuple[int, str]:
    """How many entries there are, and the newest one's signature."""
    log_chain.write_waiting(tx)
    rows = tx.connection.execute(select(func.count()).select_from(access_log)).scalar_one()
    return rows, tx.connection.execute(_NEWEST).scalar_one_or_none() or START


def goes_on_with(tx: Transaction, head: str, subject: Subject) -> bool:
    """Whether the entry after the one with that signature is about the subject."""
    of_head = select(access_log.c.chain, access_log.c.number).where(access_log.c.hash == head)
    before = tx.connection.execute(of_head).first()
    chain, number = (log_chain.CHAIN, 0) if head == START else before or (log_chain.CHAIN, -1)
    next_one = select(access_log.c.subject).where(
        access_log.c.chain == chain, access_log.c.number == number + 1
    )
    return bool(tx.connection.execute(next_one).scalar_one_or_none() == str(subject))


def signature_at(tx: Transaction, chain: str, number: int) -> str | None:
    """That of the entry at the place in the chain; None where there is none."""
    log_chain.write_waiting(tx)
    if number == 0:
        return START
    found: str | None = tx.connection.execute(
        _PLACE, {"of_chain": chain, "of_number": number}
    ).scalar_one_or_none()
    return found


def with_reason(tx: Transaction, after: int, most: int) -> list[Logged]:
    """So many of those that have a reason, in their order, after the one with that number."""
    first = (
        select(access_log.c.id)
        .where(access_log.c.reason.is_not(None), access_log.c.id > bindparam("after"))
        .order_by(access_log.c.id)
        .limit(bindparam("most"))
    )
    return list(_read(tx, _IN_ORDER.where(access_log.c.id.in_(first)), {"after": after, "most": most}))


def some(tx: Transaction, ids: Sequence[int]) -> list[Logged]:
    """Those with the numbers, in their order."""
    return list(_read(tx, _IN_ORDER.where(access_log.c.id.in_(ids)), {}))


def everything(tx: Transaction) -> Iterator[Logged]:
    """Every entry, oldest first."""
    return _read(tx, _IN_ORDER, {})


def between(tx: Transaction, since: datetime, until: datetime) -> list[Logged]:
    return list(_read(tx, _BETWEEN, {"since": since, "until": until}))


def written_before(tx: Transaction, first: datetime | None) -> bool:
    """Whether something was written that must have been logged, before the first entry or while there is none."""
    queries = [query if first is None else query.where(at < first) for query, at in _WRITTEN]
    return any(tx.connection.execute(query).first() for query in queries)


def anything_between(tx: Transaction, since: datetime, until: datetime) -> bool:
    log_chain.write_waiting(tx)
    return tx.connection.execute(_BETWEEN.limit(1), {"since": since, "until": until}).first() is not None


def _read(tx: Transaction, query: Select[Any], values: Mapping[str, object]) -> Iterator[Logged]:
    log_chain.write_waiting(tx)
    for _, rows in groupby(tx.connection.execute(query, values), key=lambda row: row.id):
        yield _logged(tx, list(rows))


def _logged(tx: Transaction, rows: Sequence[Row[Any]]) -> Logged:
    """One entry, from a row for each record that was seen."""
    row = rows[0]
    # A reason that no key opens breaks the chain, and is told of as that.
    reason = tx.vault.open_if_known(row.reason)
    seen = tuple(Subject.read(f"{one.what}:{one.record_id}") for one in rows if one.what is not None)
    entry = LogEntry(
        row.at,
        row.person_id,
        row.stranger,
        row.act,
        Subject.read(row.subject),
        row.detail,
        reason,
        row.records,
        seen,
    )
    redaction = None
    if row.redacted_at is not None:
        redaction = Redaction(row.purge, row.redacted_at, row.redacted_key, row.redacted_as)
    return Logged(row.id, entry, row.chain, row.number, row.key_id, row.hash, redaction)
