"""Links that fetch one thing for one person, live minutes, and are logged; of the secret only its hash is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Literal

from sqlalchemy import bindparam, delete, insert, or_, select, update

from followup import PersonId
from followup.log.subject import What
from followup.messages.message import LinkKind
from followup.people import Person
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.tables import link
from storage.log import access_log
from storage.register import people

LASTS = timedelta(minutes=10)
# An old link is still known as one that has ended for a day.
KEPT = timedelta(days=1)
_INSERT = insert(link)
_BY_SECRET = select(link).where(link.c.secret_sha256 == bindparam("hashed"))
_USE = (
    update(link)
    .where(link.c.id == bindparam("link_id"), or_(link.c.once.is_(False), link.c.used_at.is_(None)))
    .values(used_at=bindparam("now", type_=Instant))
)
_ENDED = (
    select(link.c.id)
    .where(link.c.expires_at < bindparam("before", type_=Instant))
    .order_by(link.c.expires_at)
    .limit(bindparam("most"))
)
_FORGET = delete(link).where(link.c.id.in_(_ENDED))


@dataclass(frozen=True)
class Fetched:
    """What a link leads to: the subject says which, in the kind's own terms."""

    kind: LinkKind
    subject: Mapping[str, Any]
    person_id: PersonId


def issue(
    tx: Transaction,
    kind: LinkKind,
    subject: Mapping[str, Any],
    now: datetime,
    *,
    person_id: PersonId,
    lasts: timedelta = LASTS,
    once: bool = False,
) -> str:
    """The secret that opens the link; it is given to the person and stands nowhere else."""
    secret, holder = token_urlsafe(32), people.by_id(tx, person_id)
    row = {
        "secret_sha256": _hashed(secret),
        "kind": kind,
        "subject": dict(subject),
        "person_id": person_id,
        "role": holder.role if holder else "",
        "made_at": now,
        "expires_at": now + lasts,
        "once": once,
    }
    tx.connection.execute(_INSERT, row)
    return secret


def anything(found: Fetched, holder: Person) -> bool:
    """For what is made anew when it is fetched, by what may be told then."""
    return True


def fetch(
    tx: Transaction, secret: str, now: datetime, may_see: Callable[[Fetched, Person], bool] = anything
) -> Fetched | Literal["unknown", "ended"]:
    """Opens the link and logs that; `ended` when its time has passed or it was used up.

    Also when the person has left or has another role now, since what it leads to was chosen for the role that she had;
    and when she may no longer see it, which `may_see` knows.
    """
    row = tx.connection.execute(_BY_SECRET, {"hashed": _hashed(secret)}).one_or_none()
    if row is None:
        return "unknown"
    subject, holder = What.LINK.of(row.id), people.by_id(tx, row.person_id)
    in_time = row.made_at <= now < row.expires_at
    found = Fetched(row.kind, row.subject, row.person_id)
    hers = holder is not None and holder.active and holder.role == row.role and may_see(found, holder)
    if not (in_time and hers) or not _is_used_now(tx, row.id, now):
        access_log.record(tx, "refused", subject, now, person_id=row.person_id, detail=row.kind)
        return "ended"
    access_log.record(tx, "fetch", subject, now, person_id=row.person_id, detail=row.kind)
    return found


def _is_used_now(tx: Transaction, link_id: int, now: datetime) -> bool:
    """False where it worked once and had been used."""
    return tx.connection.execute(_USE, {"link_id": link_id, "now": now}).rowcount > 0


def forget_ended(tx: Transaction, now: datetime, most: int) -> int:
    """Forgets so many, and says how many: the access log keeps who fetched, and what for is needed no longer."""
    return tx.connection.execute(_FORGET, {"before": now - KEPT, "most": most}).rowcount


def _hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
