"""Who is at the workspace: let in by the door, looked at on each request, and out once her role is another."""

from dataclasses import dataclass
from datetime import datetime

from followup.people import Person
from services.conversations import turn_away, who_speaks
from storage.engine.database import Transaction
from storage.register import people, sessions
from storage.register.sessions import Session, Way

THEMES = ("default", "dark", "contrast")


@dataclass(frozen=True)
class Present:
    """The person as the register has her now, and the session that she came with."""

    person: Person
    session: Session


@dataclass(frozen=True)
class Begun:
    """`secret` is given to the browser, and stands nowhere else."""

    secret: str
    present: Present


def begin(
    tx: Transaction, teams_id: str, tenants: tuple[str, ...], now: datetime, *, way: Way, theme: str
) -> Begun | None:
    """A session of the one whom the door knows by her id there; None of one who is not active in the register."""
    person = who_speaks(tx, teams_id, tenants)
    if person is None:
        turn_away(tx, teams_id, now)
        return None
    return begin_of(tx, person, now, way=way, theme=theme)


def begin_of(tx: Transaction, person: Person, now: datetime, *, way: Way, theme: str) -> Begun:
    secret = sessions.begin(tx, person, now, way=way, theme=theme if theme in THEMES else "")
    session = sessions.by_secret(tx, secret, way)
    assert session is not None
    return Begun(secret, Present(person, session))


def present(tx: Transaction, secret: str, way: Way, now: datetime) -> Present | None:
    """None once it is over, or she has left or got another role; the session is then deleted."""
    session = sessions.by_secret(tx, secret, way) if secret else None
    if session is None:
        return None
    person = people.by_id(tx, session.person_id)
    if person is None or not person.active or person.role != session.role or not session.stands(now):
        sessions.end(tx, session)
        return None
    sessions.note_use(tx, session, now)
    return Present(person, session)


def follows(tx: Transaction, here: Present, link: str) -> bool:
    """Whether the deep link is to be followed: once a session, since a client may give an old one again."""
    if not link or here.session.followed == link:
        return False
    sessions.note_followed(tx, here.session, link)
    return True


def end(tx: Transaction, here: Present) -> None:
    sessions.end(tx, here.session)


def listed(tx: Transaction) -> list[Person]:
    """Whom local mode offers to be: all who are active, by name."""
    return [one for one in people.everyone(tx).values() if one.active]
