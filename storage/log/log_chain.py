"""Where the access log ends, and the signed checkpoints of where it ended before."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from followup.log.chain import START, Checkpoint, Tip, tip_said
from storage.engine.database import Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import access_log, log_checkpoint, log_key, log_tip
from storage.engine.vault import LogKey

# One for all that writes: its end is locked last of all in a transaction, and let go of with the commit.
CHAIN = "main"
WAITING = "access_log"
_TIP = Prepared(select(log_tip).where(log_tip.c.chain == bindparam("of_chain")).with_for_update())
_MOVE = Prepared(
    update(log_tip)
    .where(log_tip.c.chain == bindparam("of_chain"))
    .values({name: bindparam(f"new_{name}") for name in ("entries", "head", "key_id", "signature")})
)
_NEWEST = (
    select(access_log.c.hash)
    .where(access_log.c.chain == bindparam("of_chain"))
    .order_by(access_log.c.number.desc())
    .limit(1)
)
_COUNT = select(func.count()).where(access_log.c.chain == bindparam("of_chain"))
_EARLIER = (
    select(log_key.c.id).limit(1),
    select(log_checkpoint.c.id).limit(1),
    select(access_log.c.id).where(access_log.c.key_id.is_not(None)).limit(1),
)


def begin(tx: Transaction, now: datetime) -> None:
    """Signs what there is under the first key, once: what was logged before there were keys, or under another."""
    tip(tx, now)


def write_waiting(tx: Transaction) -> None:
    """Links wait for the commit; whoever asks for the log within the transaction is told of all."""
    if WAITING in tx.last:
        tx.last[WAITING](tx)


def tip(tx: Transaction, now: datetime) -> tuple[Tip, bool]:
    """Where the chain ends, ready to be gone on from with the first key; false when what signs it is wrong.

    Nobody else goes on from it until the transaction ends.
    """
    found, sound = _stored(tx) or _first(tx)
    return (found, sound) if found.key_id == tx.vault.log_key.id else _change_key(tx, found, sound, now)


def move(tx: Transaction, to: Tip, *, sound: bool) -> None:
    """The chain ends there now."""
    _MOVE.changed(tx.connection, stored_as(tx, to, sound=sound))


def stored_as(tx: Transaction, to: Tip, *, sound: bool) -> dict[str, object]:
    """An end that was changed by hand stays unsigned for good, so that nothing hides it."""
    signature = tx.vault.log_key.sign(tip_said(to)) if sound else ""
    ends = {"new_entries": to.entries, "new_head": to.head, "new_key_id": to.key_id or ""}
    return {"of_chain": to.chain, **ends, "new_signature": signature}


def checkpoint(tx: Transaction, now: datetime) -> Checkpoint:
    """Signs and stores where the chain stands; raises ValueError where its end was changed by hand."""
    write_waiting(tx)
    stands, sound = tip(tx, now)
    if not sound:
        raise ValueError(stands.chain)
    return _sign(tx, stands, now)


def checkpoints(tx: Transaction) -> list[Checkpoint]:
    rows = tx.connection.execute(select(log_checkpoint).order_by(log_checkpoint.c.id))
    return [_checkpoint(row) for row in rows]


def newest_checkpoint(tx: Transaction) -> Checkpoint | None:
    newest = select(log_checkpoint).order_by(log_checkpoint.c.id.desc()).limit(1)
    return next((_checkpoint(row) for row in tx.connection.execute(newest)), None)


def _checkpoint(row: Row[Any]) -> Checkpoint:
    return Checkpoint(row.chain, row.entries, row.head, row.at, row.key_id, row.signature)


def tips(tx: Transaction) -> dict[str, tuple[Tip, bool]]:
    """Where each chain is said to end, and whether that is signed rightly."""
    write_waiting(tx)
    keys = known_keys(tx)
    found = {}
    for row in tx.connection.execute(select(log_tip)):
        stands, key = Tip(row.chain, row.entries, row.head, row.key_id), keys.get(row.key_id)
        found[row.chain] = stands, key is not None and key.sign(tip_said(stands)) == row.signature
    return found


def known_keys(tx: Transaction) -> dict[str, LogKey]:
    """Those of the configuration, and earlier ones that it can open."""
    rows = tx.connection.execute(select(log_key.c.sealed)).scalars()
    opened = [tx.vault.open_if_known(sealed) for sealed in rows]
    earlier = [LogKey.of(bytes.fromhex(one)) for one in opened if one is not None]
    return {one.id: one for one in (*earlier, *tx.vault.log_keys)}


def unknown_keys(tx: Transaction) -> list[str]:
    """The ids of earlier first keys that the configuration cannot open: what they sealed may be lost to it."""
    known = known_keys(tx)
    return [
        one
        for one in tx.connection.scalars(select(log_key.c.id).order_by(log_key.c.since))
        if one not in known
    ]


def goes_on(tx: Transaction) -> bool:
    """Whether the configuration knows the key that was the first until now; true where there has been none."""
    current = current_key(tx)
    return not current or current in known_keys(tx)


def current_key(tx: Transaction) -> str | None:
    """The id of the first key until now; nothing where there has been none."""
    current: str | None = tx.connection.scalar(select(log_tip.c.key_id).where(log_tip.c.chain == CHAIN))
    return current


def _stored(tx: Transaction) -> tuple[Tip, bool] | None:
    tx.held.setdefault(("log", CHAIN))
    row = _TIP.first(tx.connection, {"of_chain": CHAIN})
    if row is None:
        return None
    stands, newest = Tip(row.chain, row.entries, row.head, row.key_id), tx.vault.log_key
    key = newest if row.key_id == newest.id else known_keys(tx).get(row.key_id)
    return stands, key is not None and key.sign(tip_said(stands)) == row.signature


def _first(tx: Transaction) -> tuple[Tip, bool]:
    """The end of a log that was never signed; one that was has lost what said where it ended."""
    values = {"of_chain": CHAIN}
    entries = tx.connection.execute(_COUNT, values).scalar_one()
    head = tx.connection.execute(_NEWEST, values).scalar_one_or_none() or START
    signed_before = any(tx.connection.execute(query).first() for query in _EARLIER)
    stands = Tip(CHAIN, entries, head, None)
    if not insert_new(tx, log_tip, **{**vars(stands), "key_id": "", "signature": ""}):
        # Another process was quicker, and has just let go of it.
        begun = _stored(tx)
        assert begun is not None
        return begun
    return stands, not signed_before


def _change_key(tx: Transaction, old: Tip, sound: bool, now: datetime) -> tuple[Tip, bool]:
    """The first key signs what the one before it left."""
    key = tx.vault.log_key
    insert_new(tx, log_key, id=key.id, sealed=tx.vault.seal(key.secret.hex()), since=now)
    new = replace(old, key_id=key.id)
    move(tx, new, sound=sound)
    if sound:
        _sign(tx, new, now)
    return new, sound


def _sign(tx: Transaction, stands: Tip, now: datetime) -> Checkpoint:
    key = tx.vault.log_key
    made = Checkpoint(stands.chain, stands.entries, stands.head, now, key.id).signed(key.sign)
    tx.connection.execute(insert(log_checkpoint).values(**vars(made)))
    return made
