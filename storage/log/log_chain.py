"""Where the access log ends, and the signed checkpoints of where it ended before."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from followup.log.chain import START, Checkpoint, Tip, tip_said
from storage.engine.database import Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import access_log, log_checkpoint, log_key, log_tip
from storage.engine.vault import LogKey

# One for all that writes; a replica that writes beside others will have its own.
CHAIN = "main"
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


def tip(tx: Transaction, now: datetime) -> tuple[Tip, bool]:
    """Where the chain ends, ready to be gone on from with the first key; false when what signs it is wrong.

    Nobody else writes while the transaction is open, so it is read once in each.
    """
    if not tx.log_tip:
        found, sound = _stored(tx) or _first(tx)
        tx.log_tip[:] = [
            (found, sound) if found.key_id == tx.vault.log_key.id else _change_key(tx, found, sound, now)
        ]
    return tx.log_tip[0]


def move(tx: Transaction, to: Tip, *, sound: bool) -> None:
    """The chain ends there now; it is signed and stored once, with the commit that holds all of its new links."""
    tx.log_tip[:] = [(to, sound)]
    tx.last["log_tip"] = _store


def _store(tx: Transaction) -> None:
    """An end that was changed by hand stays unsigned for good, so that what comes after does not hide it."""
    # All that was logged may have been undone since.
    for to, sound in tx.log_tip:
        _MOVE.changed(
            tx.connection,
            {
                "of_chain": to.chain,
                "new_entries": to.entries,
                "new_head": to.head,
                "new_key_id": to.key_id or "",
                "new_signature": tx.vault.log_key.sign(tip_said(to)) if sound else "",
            },
        )


def checkpoint(tx: Transaction, now: datetime) -> Checkpoint:
    """Signs and stores where the chain stands; raises ValueError where its end was changed by hand."""
    stands, sound = tip(tx, now)
    if not sound:
        raise ValueError(stands.chain)
    return _sign(tx, stands, now)


def checkpoints(tx: Transaction) -> list[Checkpoint]:
    rows = tx.connection.execute(select(log_checkpoint).order_by(log_checkpoint.c.id))
    return [Checkpoint(row.chain, row.entries, row.head, row.at, row.key_id, row.signature) for row in rows]


def tips(tx: Transaction) -> dict[str, tuple[Tip, bool]]:
    """Where each chain is said to end, and whether that is signed rightly."""
    if "log_tip" in tx.last:
        _store(tx)
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
    insert_new(tx, log_tip, **{**vars(stands), "key_id": "", "signature": ""})
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
