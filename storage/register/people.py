"""People and their leaves."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, insert, or_, select, update

from followup import PersonId
from followup.people import ALLOWED, Conversation, Leave, Managers, Person, Role, StandInAnswer, WhoAnswers
from followup.times.calendar import municipal_day
from storage.engine.database import Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import leave, person, personal_choice

# What she has chosen for herself goes before what the register says.
_PEOPLE = select(
    person,
    personal_choice.c.language.label("chosen_language"),
    personal_choice.c.quiet_days,
    personal_choice.c.shortcuts,
).select_from(person.outerjoin(personal_choice, personal_choice.c.person_id == person.c.id))
_EVERYONE = Prepared(_PEOPLE.order_by(person.c.name))
_ACTIVE_IDS = select(person.c.id).where(person.c.active)
_SOME = _PEOPLE.where(person.c.id.in_(bindparam("person_ids", expanding=True)))
_ACTIVE_AFTER = Prepared(
    _PEOPLE.where(person.c.id > bindparam("after"), person.c.active)
    .order_by(person.c.id)
    .limit(bindparam("most"))
)
_WITH_ROLE = Prepared(
    _PEOPLE.where(person.c.role == bindparam("wanted"), person.c.active).order_by(person.c.name)
)
_WITHOUT_ACCOUNT = Prepared(
    _PEOPLE.where(person.c.active, person.c.teams_id.is_(None)).order_by(person.c.name)
)
_led_by = person.alias("led_by")
_leads = and_(_led_by.c.active, _led_by.c.role == "manager")
# Lists that are made once, and not looked up for each person.
_LEADERS = select(_led_by.c.id).where(_leads)
_LED_TEAMS = select(_led_by.c.team).where(_leads, _led_by.c.team.is_not(None))
# Those of the people named, and of their teams.
_LEADING = _PEOPLE.where(
    person.c.active,
    person.c.role == "manager",
    or_(
        person.c.id.in_(bindparam("ids", expanding=True)),
        person.c.team.in_(bindparam("teams", expanding=True)),
    ),
)
# A few more than the manager's: which of them are is decided by who leads whom.
_MAY_BE_LED_BY = Prepared(
    _PEOPLE.where(
        or_(
            person.c.manager_id == bindparam("manager_id"),
            person.c.team == bindparam("team"),
            and_(
                or_(person.c.manager_id.is_(None), person.c.manager_id.not_in(_LEADERS)),
                or_(person.c.team.is_(None), person.c.team.not_in(_LED_TEAMS)),
            ),
        )
    )
)
_BY_ID = Prepared(_PEOPLE.where(person.c.id == bindparam("wanted")))
_BY_KEY = Prepared(_PEOPLE.where(person.c.key == bindparam("wanted")))
_BY_TEAMS_ID = Prepared(_PEOPLE.where(person.c.teams_id == bindparam("wanted")))
_STANDING = select(leave).where(leave.c.ends >= bindparam("day"), leave.c.cancelled_at.is_(None))
# In the order of the days, so that those that are over are not read to have them in the order of their numbers.
_LEAVES = Prepared(_STANDING.order_by(leave.c.ends))
_STANDING = _STANDING.order_by(leave.c.id)
_LEAVES_OF = Prepared(_STANDING.where(leave.c.person_id == bindparam("who")))
_LEAVES_OF_SOME = _STANDING.where(leave.c.person_id.in_(bindparam("who", expanding=True)))
_LEAVES_CONCERNING = Prepared(
    _STANDING.where(
        or_(leave.c.person_id == bindparam("who"), leave.c.substitute_id == bindparam("who")),
    )
)


def everyone(tx: Transaction) -> Mapping[PersonId, Person]:
    return {row.id: _person(row) for row in _EVERYONE.all(tx.connection, {})}


class PeopleById:
    """Each is read when she is first asked for, and once: of a town's people a page names few."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._read: dict[PersonId, Person | None] = {}

    def get(self, person_id: PersonId | None) -> Person | None:
        """None of nobody."""
        if person_id is None:
            return None
        if person_id not in self._read:
            self._read[person_id] = by_id(self._tx, person_id)
        return self._read[person_id]

    def __getitem__(self, person_id: PersonId) -> Person:
        found = self.get(person_id)
        if found is None:
            raise KeyError(person_id)
        return found


def some(tx: Transaction, ids: Iterable[PersonId]) -> Mapping[PersonId, Person]:
    rows = tx.connection.execute(_SOME, {"person_ids": list(ids)})
    return {row.id: _person(row) for row in rows}


def active_after(tx: Transaction, person_id: PersonId, most: int) -> list[Person]:
    """So many of those who are active, in the order of their ids, after the one that is named."""
    return [_person(row) for row in _ACTIVE_AFTER.all(tx.connection, {"after": person_id, "most": most})]


def active_ids(tx: Transaction) -> set[PersonId]:
    return set(tx.connection.scalars(_ACTIVE_IDS))


def by_teams_id(tx: Transaction, teams_id: str, tenants: Collection[str]) -> Person | None:
    """The person with the id in a tenant that the register may name so; an id without its tenant is nobody's."""
    row = _BY_TEAMS_ID.first(tx.connection, {"wanted": teams_id})
    return None if row is None or row.tenant not in tenants else _person(row)


def by_id(tx: Transaction, person_id: PersonId) -> Person | None:
    row = _BY_ID.first(tx.connection, {"wanted": person_id})
    return None if row is None else _person(row)


def by_key(tx: Transaction, key: str) -> Person | None:
    row = _BY_KEY.first(tx.connection, {"wanted": key})
    return None if row is None else _person(row)


def with_role(tx: Transaction, role: Role) -> list[Person]:
    """Those who are active, by name."""
    return [_person(row) for row in _WITH_ROLE.all(tx.connection, {"wanted": role})]


def are_more(tx: Transaction, roles: Collection[Role], most: int) -> bool:
    """Whether more than that are active in the roles; not one more of them is looked at."""
    beyond = select(person.c.id).where(person.c.role.in_(roles), person.c.active).offset(most).limit(1)
    return tx.connection.scalar(beyond) is not None


def names_with_role(tx: Transaction, role: Role) -> dict[str, str]:
    """By their keys, of those who are active, and no more of them than that."""
    query = select(person.c.key, person.c.name).where(person.c.role == role, person.c.active)
    return {row.key: row.name for row in tx.connection.execute(query)}


def without_account(tx: Transaction) -> list[Person]:
    """Those who are active and whom nobody can let in or write to, since the register has no id of theirs, by name."""
    return [_person(row) for row in _WITHOUT_ACCOUNT.all(tx.connection, {})]


def who_may(tx: Transaction, conversation: Conversation) -> list[Person]:
    """The few whose roles may, and not everybody looked through for them."""
    roles = [role for role, allowed in ALLOWED.items() if conversation in allowed]
    return [person for role in roles for person in with_role(tx, role)]


def keep_choice(
    tx: Transaction,
    person_id: PersonId,
    language: str,
    quiet_days: Iterable[int],
    now: datetime,
    *,
    shortcuts: bool = True,
) -> None:
    days = "".join(map(str, sorted(quiet_days)))
    values = {"language": language, "quiet_days": days, "shortcuts": shortcuts, "recorded_at": now}
    if not insert_new(tx, personal_choice, person_id=person_id, **values):
        tx.connection.execute(
            update(personal_choice).where(personal_choice.c.person_id == person_id).values(**values)
        )


def managers(tx: Transaction) -> Managers:
    return Managers(with_role(tx, Role.MANAGER))


def led_by(tx: Transaction, manager: Person) -> Mapping[PersonId, Person]:
    """The manager's own people, and those of every manager; whoever has left stays one of them."""
    values = {"manager_id": manager.id, "team": manager.team}
    found = [_person(row) for row in _MAY_BE_LED_BY.all(tx.connection, values)]
    ids = {manager.id, *(one.manager_id for one in found if one.manager_id is not None)}
    teams = {one.team for one in found if one.team}
    rows = tx.connection.execute(_LEADING, {"ids": sorted(ids), "teams": sorted(teams)})
    # Whoever has neither a manager of her own nor her team's is led by every one, and so by this one.
    leading = Managers(map(_person, rows))
    return {one.id: one for one in found if manager.id in {other.id for other in leading.of(one)}}


def answering(
    tx: Transaction,
    pairs: Collection[tuple[PersonId | None, PersonId | None]],
    day: date,
    known: Person | None = None,
) -> WhoAnswers:
    """Who answers, where the owners and substitutes are among the pairs; `known` is one who need not be looked up."""
    named = {one for pair in pairs for one in pair if one is not None}
    away = leaves_of_some(tx, named, day)
    stand_ins = {one.substitute_id for one in away if one.substitute_id is not None} - named
    away += leaves_of_some(tx, stand_ins, day)
    others = {one for one in named | stand_ins if known is None or one != known.id}
    concerned = dict(some(tx, others)) if others else {}
    if known is not None:
        concerned[known.id] = known
    return WhoAnswers(concerned, away, day)


def leaves(tx: Transaction, day: date) -> list[Leave]:
    """Leaves that have not ended before the day; where two overlap the last recorded comes last."""
    rows = sorted(_LEAVES.all(tx.connection, {"day": day}), key=lambda row: row.id)
    return [_leave(row) for row in rows]


def leaves_of(tx: Transaction, person_id: PersonId, day: date) -> dict[int, Leave]:
    """The person's own that stand and have not ended, by id."""
    rows = _LEAVES_OF.all(tx.connection, {"who": person_id, "day": day})
    return {row.id: _leave(row) for row in rows}


def leaves_of_some(tx: Transaction, person_ids: Collection[PersonId], day: date) -> list[Leave]:
    """Those of the people named, and not everybody's looked through for them."""
    if len(person_ids) == 1:
        # As in every turn of one who stands in for nobody.
        (alone,) = person_ids
        return list(leaves_of(tx, alone, day).values())
    if not person_ids:
        return []
    rows = tx.connection.execute(_LEAVES_OF_SOME, {"who": sorted(person_ids), "day": day})
    return [_leave(row) for row in rows]


def leaves_concerning(tx: Transaction, person_id: PersonId, day: date) -> dict[int, Leave]:
    """Her own, and those that she is to stand in for, that stand and had not ended before the day, by id."""
    rows = _LEAVES_CONCERNING.all(tx.connection, {"who": person_id, "day": day})
    return {row.id: _leave(row) for row in rows}


def standing_leaves(tx: Transaction, day: date) -> dict[int, Leave]:
    """Those of anybody that stand and had not ended before the day, by id."""
    rows = sorted(_LEAVES.all(tx.connection, {"day": day}), key=lambda row: row.id)
    return {row.id: _leave(row) for row in rows}


def leave_by_id(tx: Transaction, leave_id: int) -> Leave:
    row = tx.connection.execute(select(leave).where(leave.c.id == leave_id)).one()
    return _leave(row)


def is_standing(tx: Transaction, leave_id: int) -> bool:
    return tx.connection.scalar(select(leave.c.cancelled_at).where(leave.c.id == leave_id)) is None


def answer_leave(tx: Transaction, leave_id: int, answer: StandInAnswer, now: datetime) -> None:
    """What the substitute says; a later answer replaces it."""
    tx.connection.execute(update(leave).where(leave.c.id == leave_id).values(answer=answer, answered_at=now))


def record_leave(tx: Transaction, away: Leave, now: datetime) -> int:
    """A new leave replaces what was said before about the same days."""
    tx.connection.execute(
        update(leave)
        .where(
            leave.c.person_id == away.person_id,
            leave.c.cancelled_at.is_(None),
            leave.c.starts <= away.ends,
            leave.c.ends >= away.starts,
        )
        .values(cancelled_at=now)
    )
    new: int = tx.connection.execute(
        insert(leave)
        .values(
            person_id=away.person_id,
            starts=away.starts,
            ends=away.ends,
            substitute_id=away.substitute_id,
            recorded_at=now,
        )
        .returning(leave.c.id)
    ).scalar_one()
    return new


def cancel_leaves(tx: Transaction, leave_ids: Iterable[int], now: datetime) -> None:
    tx.connection.execute(
        update(leave)
        .where(leave.c.id.in_(list(leave_ids)), leave.c.cancelled_at.is_(None))
        .values(cancelled_at=now)
    )


def _leave(row: Row[Any]) -> Leave:
    recorded_on = municipal_day(row.recorded_at)
    return Leave(row.person_id, row.starts, row.ends, row.substitute_id, row.answer, recorded_on)


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        key=row.key,
        name=row.name,
        role=Role(row.role),
        team=row.team,
        manager_id=row.manager_id,
        language=row.chosen_language or row.language,
        active=row.active,
        teams_id=row.teams_id,
        tenant=row.tenant,
        quiet_days=frozenset(map(int, row.quiet_days or "")),
        shortcuts=row.shortcuts is not False,
    )
