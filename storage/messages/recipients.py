"""What has gone, or is to go, to each person, and who cannot be reached."""

from collections.abc import Collection
from datetime import datetime
from typing import get_args

from sqlalchemy import bindparam, func, select

from followup import PersonId
from storage.engine.database import Transaction
from storage.engine.tables import delivery
from storage.messages.delivery import UPDATE, Delivery, DeliveryState, read_row

# Of so many people each is looked up by index; of more, all that went to anybody in the time is read.
FEW_PEOPLE = 200
# One that failed, or ended before it went, has told nothing: the next one tells of its time too.
_LAST_TOLD = select(func.max(delivery.c.not_before)).where(
    delivery.c.kind == bindparam("kind"),
    delivery.c.state.not_in(("failed", "cancelled")),
    delivery.c.person_id == bindparam("person_id"),
)


def last_told(tx: Transaction, person_id: PersonId, kind: str) -> datetime | None:
    """When the newest message of the kind was to go to the person."""
    values = {"kind": kind, "person_id": person_id}
    told: datetime | None = tx.connection.execute(_LAST_TOLD, values).scalar_one()
    return told


def newest_of_kinds(tx: Transaction, person_id: PersonId, among: Collection[str]) -> Delivery | None:
    """The one among these kinds that goes, or went, to the person last."""
    query = (
        select(delivery)
        .where(
            delivery.c.person_id == person_id,
            delivery.c.kind.in_(list(among)),
            delivery.c.state.not_in(("failed", "cancelled")),
        )
        .order_by(func.coalesce(delivery.c.sent_at, delivery.c.not_before).desc(), delivery.c.id.desc())
        .limit(1)
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else read_row(row)


_NEWEST_TO = (
    select(delivery)
    .where(
        delivery.c.person_id == bindparam("to_person"),
        delivery.c.started_at.is_not(None),
        delivery.c.state == "sent",
        delivery.c.kind != UPDATE,
    )
    .order_by(delivery.c.started_at.desc(), delivery.c.id.desc())
    .limit(bindparam("most"))
)


def newest_to(tx: Transaction, person_id: PersonId, most: int) -> list[Delivery]:
    """The last ones that went to the person, newest first, by index."""
    rows = tx.connection.execute(_NEWEST_TO, {"to_person": person_id, "most": most})
    return [read_row(row) for row in rows]


# By index, since those who were ever failed are few.
_failed = delivery.alias("failed")
_EVER_FAILED = select(_failed.c.person_id).where(_failed.c.state == "failed", _failed.c.kind != UPDATE)
_NEWEST_TO_PEOPLE = (
    select(delivery.c.person_id, delivery.c.state, delivery.c.reason)
    .where(
        delivery.c.id.in_(
            select(func.max(delivery.c.id))
            .where(
                delivery.c.person_id.in_(_EVER_FAILED),
                delivery.c.state.in_(("sent", "failed")),
                # A message that cannot be changed says nothing of whether its person can be reached.
                delivery.c.kind != UPDATE,
            )
            .group_by(delivery.c.person_id)
        )
    )
    .order_by(delivery.c.id)
)


def not_reached(tx: Transaction) -> dict[PersonId, str]:
    """People whose newest message failed for good, with the connector's reason."""
    rows = tx.connection.execute(_NEWEST_TO_PEOPLE)
    return {row.person_id: row.reason or "" for row in rows if row.state == "failed"}


def states_by_person(
    tx: Transaction, among: Collection[str], since: datetime, of: Collection[PersonId]
) -> dict[PersonId, set[str]]:
    """In which states the messages of the kinds are that were to go to each of the people from then on."""
    query = (
        select(delivery.c.person_id, delivery.c.state)
        .where(delivery.c.not_before >= since, delivery.c.kind.in_(list(among)))
        .distinct()
    )
    wanted = set(of)
    # Every state there is has an index of the times in it.
    by_time = delivery.c.state.in_(get_args(DeliveryState))
    query = query.where(delivery.c.person_id.in_(wanted) if len(wanted) <= FEW_PEOPLE else by_time)
    found: dict[PersonId, set[str]] = {}
    for row in tx.connection.execute(query):
        if row.person_id in wanted:
            found.setdefault(row.person_id, set()).add(row.state)
    return found
