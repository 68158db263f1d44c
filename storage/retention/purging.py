"""Deletes one child's rows, and what messages and kept answers say of children that are gone."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Table, delete, func, select, update

from storage.engine.columns import Sealed
from storage.engine.database import Transaction
from storage.engine.tables import (
    delivery,
    handled,
    placement,
    register_import,
    report_task,
    signal,
)
from storage.retention import purged_units
from storage.retention.holdings import HELD, ChildRows, Held

# The fields of a message, and the numbers of a changed card, that name a child's rows.
_NAMED = {
    "signal_id": signal,
    "signal_ids": signal,
    "signal": signal,
    "signals": signal,
    "task_id": report_task,
    "task_ids": report_task,
    "task": report_task,
    "tasks": report_task,
    "placement_id": placement,
    "placement_ids": placement,
    "placement": placement,
}


def purge(tx: Transaction, child: ChildRows) -> dict[str, int]:
    """How many rows of each table were deleted, or emptied where the row is the unit's."""
    purged_units.mark(tx, child)
    done = {str(one.table.name): _purge(tx, one, child) for one in HELD}
    return {name: number for name, number in done.items() if number}


def _purge(tx: Transaction, held: Held, child: ChildRows) -> int:
    mine = held.column.in_(getattr(child, held.by))
    if not held.emptied:
        return tx.connection.execute(delete(held.table).where(mine)).rowcount
    emptied = {name: _nothing(tx, held, name) for name in held.emptied}
    return tx.connection.execute(update(held.table).where(mine).values(emptied)).rowcount


def _nothing(tx: Transaction, held: Held, name: str) -> Any:
    column = held.table.c[name]
    if column.nullable:
        return None
    return tx.vault.seal("") if isinstance(column.type, Sealed) else []


def is_importing(tx: Transaction) -> bool:
    """Whether rows are being put in that nobody sees yet: the child's could be among them."""
    query = select(register_import.c.id).where(register_import.c.state == "staging").limit(1)
    return tx.connection.execute(query).first() is not None


def messages_after(tx: Transaction, after: int, most: int) -> tuple[list[int], int | None]:
    """Of so many messages, those that name what is gone; and where to go on, None at the end."""
    query = (
        select(delivery.c.id, delivery.c.payload)
        .where(delivery.c.id > after)
        .order_by(delivery.c.id)
        .limit(most)
    )
    rows = tx.connection.execute(query).all()
    named = {row.id: list(_named(row.payload)) for row in rows}
    gone = _gone(tx, {one for some in named.values() for one in some})
    about_them = [id_ for id_, some in named.items() if gone.intersection(some)]
    return about_them, rows[-1].id if len(rows) == most else None


def delete_messages(tx: Transaction, ids: Collection[int]) -> None:
    tx.connection.execute(delete(delivery).where(delivery.c.id.in_(ids)))


def messages_about(tx: Transaction, child: ChildRows) -> Iterator[dict[str, Any]]:
    """Those that name a row of the child's: of which kind, to whom, and when."""
    rows = {(table.name, one) for table, some in _rows_of(child) for one in some}
    for row in tx.connection.execute(select(delivery).order_by(delivery.c.id)):
        if not rows.isdisjoint(_named(row.payload)):
            sent = row.sent_at and row.sent_at.isoformat(timespec="seconds")
            yield {
                "id": row.id,
                "kind": row.kind,
                "person_id": row.person_id,
                "state": row.state,
                "sent_at": sent,
            }


def _rows_of(child: ChildRows) -> tuple[tuple[Table, Collection[int]], ...]:
    return (signal, child.signals), (report_task, child.tasks), (placement, child.placements)


def _named(payload: Any) -> Iterator[tuple[str, int]]:
    """Every row of a child that the message names, by the table and its number."""
    if isinstance(payload, Mapping):
        for name, value in payload.items():
            if name in _NAMED:
                yield from ((_NAMED[name].name, one) for one in _numbers(value))
            yield from _named(value)


def _numbers(value: Any) -> Iterator[int]:
    if isinstance(value, Mapping):
        value = list(value.values())
    for one in value if isinstance(value, Sequence) and not isinstance(value, str) else [value]:
        if isinstance(one, int) and not isinstance(one, bool):
            yield one


def _gone(tx: Transaction, named: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    there: set[tuple[str, int]] = set()
    for table in (signal, report_task, placement):
        wanted = [number for name, number in named if name == table.name]
        found = tx.connection.scalars(select(table.c.id).where(table.c.id.in_(wanted)))
        there |= {(table.name, number) for number in found}
    return set(named) - there


def answers_after(
    tx: Transaction, words: Collection[str], after: str, most: int
) -> tuple[list[str], str | None]:
    """Of so many kept answers, the keys of those that say one of the words; and where to go on."""
    query = (
        select(handled.c.key, handled.c.reply)
        .where(handled.c.key > after, handled.c.reply.is_not(None))
        .order_by(handled.c.key)
        .limit(most)
    )
    rows = tx.connection.execute(query).all()
    telling = [
        row.key
        for row in rows
        # What no key opens may say anything.
        if (said := tx.vault.open_if_known(row.reply)) is None or any(one in said for one in words)
    ]
    return telling, rows[-1].key if len(rows) == most else None


def empty_answers(tx: Transaction, keys: Collection[str]) -> None:
    emptied = update(handled).where(handled.c.key.in_(keys))
    tx.connection.execute(emptied.values(reply=tx.vault.seal(""), card=None))


def wipe(tx: Transaction) -> bool:
    """Takes what was there before out of what SQLite keeps beside its file; false while somebody reads it.

    Outside any transaction. PostgreSQL reuses the room by itself, and its own log has a time of its own.
    """
    if tx.connection.dialect.name != "sqlite":
        return True
    [busy, *_] = tx.connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def candidates(tx: Transaction, ended_before: Any, after: str, most: int, *, start: int = 0) -> Sequence[str]:
    """So many case references, after the one that is named, of children whose placements had all ended by then."""
    query = (
        _ended(ended_before)
        .where(placement.c.case_reference > after)
        .order_by(placement.c.case_reference)
        .limit(most)
        .offset(start)
    )
    return tx.connection.scalars(query).all()


def number_of_candidates(tx: Transaction, ended_before: Any) -> int:
    query = select(func.count()).select_from(_ended(ended_before).subquery())
    number: int = tx.connection.execute(query).scalar_one()
    return number


def _ended(before: Any) -> Select[Any]:
    return (
        select(placement.c.case_reference)
        .group_by(placement.c.case_reference)
        .having(func.count() == func.count(placement.c.ends), func.max(placement.c.ends) < before)
    )
