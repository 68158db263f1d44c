"""Who is logged in to the workspace, and until when: of each session's secret only its hash is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Literal

from sqlalchemy import Row, bindparam, delete, insert, or_, select, update

from followup import PersonId
from followup.people import Person, Role
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.tables import page_session

# How the browser gives the secret: as a cookie, or in a header where it keeps no cookie of ours.
Way = Literal["cookie", "header"]
IDLE = timedelta(minutes=30)
LASTS = {"cookie": timedelta(hours=8), "header": timedelta(minutes=15)}
# So often is it written down that somebody is still there.
NOTED = timedelta(minutes=1)
_INSERT = insert(page_session)
_OPEN = select(page_session).where(
    page_session.c.secret_sha256 == bindparam("hashed"), page_session.c.way == bindparam("by_way")
)
_DELETE = delete(page_session).where(page_session.c.id == bindparam("session_id"))
_USED = (
    update(page_session)
    .where(page_session.c.id == bindparam("session_id"))
    .values(used_at=bindparam("now", type_=Instant))
)
_FOLLOWED = (
    update(page_session)
    .where(page_session.c.id == bindparam("session_id"))
    .values(followed=bindparam("link"))
)
_OVER = (
    select(page_session.c.id)
    .where(
        or_(
            page_session.c.ends_at <= bindparam("now", type_=Instant),
            page_session.c.used_at <= bindparam("idle_since", type_=Instant),
        )
    )
    .limit(bindparam("most"))
)
_FORGET = delete(page_session).where(page_session.c.id.in_(_OVER))


@dataclass(frozen=True)
class Session:
    """`followed` is the deep link that it has led to once; `form_token` stands in every form of the session."""

    id: int
    person_id: PersonId
    role: Role
    theme: str
    followed: str
    used_at: datetime
    ends_at: datetime
    form_token: str

    def stands(self, now: datetime) -> bool:
        return now < self.ends_at and now - self.used_at < IDLE


def begin(tx: Transaction, person: Person, now: datetime, *, way: Way, theme: str) -> str:
    """The secret, which is always a new one and stands nowhere else."""
    secret = token_urlsafe(32)
    row = {
        "secret_sha256": _hashed(secret),
        "way": way,
        "person_id": person.id,
        "role": person.role,
        "theme": theme,
        "followed": "",
        "made_at": now,
        "used_at": now,
        "ends_at": now + LASTS[way],
    }
    tx.connection.execute(_INSERT, row)
    return secret


def by_secret(tx: Transaction, secret: str, way: Way) -> Session | None:
    """As it is stored, whether or not it still stands; a secret of the other way opens nothing."""
    values = {"hashed": _hashed(secret), "by_way": way}
    row = tx.connection.execute(_OPEN, values).one_or_none()
    return None if row is None else _session(row)


def note_use(tx: Transaction, session: Session, now: datetime) -> None:
    if now - session.used_at >= NOTED:
        tx.connection.execute(_USED, {"session_id": session.id, "now": now})


def note_followed(tx: Transaction, session: Session, link: str) -> None:
    tx.connection.execute(_FOLLOWED, {"session_id": session.id, "link": link})


def end(tx: Transaction, session: Session) -> None:
    tx.connection.execute(_DELETE, {"session_id": session.id})


def forget_ended(tx: Transaction, now: datetime, most: int) -> int:
    """Deletes so many that are over, and says how many."""
    given = {"now": now, "idle_since": now - IDLE, "most": most}
    return tx.connection.execute(_FORGET, given).rowcount


def _hashed(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        person_id=row.person_id,
        role=Role(row.role),
        theme=row.theme,
        followed=row.followed,
        used_at=row.used_at,
        ends_at=row.ends_at,
        # Whoever knows the secret's hash is the database; nobody outside can work it out.
        form_token=sha256(f"form {row.secret_sha256}".encode()).hexdigest(),
    )
