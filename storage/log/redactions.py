"""Reasons in the access log that are deleted by a decision: signed, so that the chain still verifies without them."""

from datetime import datetime

from sqlalchemy import insert, update

from followup.log.chain import Redaction, Tip, link, unkeyed_link
from storage.engine.database import Transaction
from storage.engine.tables import access_log, log_redaction
from storage.log import log_chain
from storage.log.access_log import Logged, signature_at


def redact(tx: Transaction, logged: Logged, number: int, now: datetime) -> bool:
    """Whether it was done; what does not follow from the entry before it is left, so that nothing hides that."""
    head = signature_at(tx, logged.chain, logged.number - 1)
    if head is None or logged.redaction is not None:
        return False
    before = Tip(logged.chain, logged.number - 1, head, None)
    if not _follows(tx, before, logged):
        return False
    key = tx.vault.log_key
    made = Redaction(number, now, key.id).signed(key.sign, before, logged.entry, logged.hash)
    tx.connection.execute(
        insert(log_redaction).values(
            entry_id=logged.id,
            purge=made.purge,
            redacted_at=made.at,
            redacted_key=made.key_id,
            redacted_as=made.signature,
        )
    )
    tx.connection.execute(update(access_log).where(access_log.c.id == logged.id).values(reason=None))
    return True


def _follows(tx: Transaction, before: Tip, logged: Logged) -> bool:
    if logged.key_id is None:
        return unkeyed_link(before.head, logged.entry) == logged.hash
    key = log_chain.known_keys(tx).get(logged.key_id)
    return key is not None and key.sign(link(before, logged.entry)) == logged.hash
