"""What the access log has of one kind of act, as tests ask for it."""

from sqlalchemy import select

from followup import PersonId
from followup.log.subject import Act
from storage.engine.database import Transaction
from storage.engine.tables import access_log
from storage.log import log_chain


def acts(tx: Transaction, act: Act) -> list[tuple[PersonId | None, str | None, str]]:
    """Person, stranger and subject of every entry of the kind, oldest first."""
    log_chain.write_waiting(tx)
    query = select(access_log).where(access_log.c.act == act).order_by(access_log.c.id)
    return [(row.person_id, row.stranger, row.subject) for row in tx.connection.execute(query)]
