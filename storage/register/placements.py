"""Placements, with who owns each on a given day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, and_, bindparam, func, select, union_all

from followup import PersonId, PlacementId, UnitId
from followup.access.small_unit import ChildPlacement
from followup.placement import Placement, open_days
from followup.terms import MOVED_FOR_QUALITY, UNFOLLOWED_FORMS
from followup.wording.secrecy import words_in
from storage.engine import kept_reads
from storage.engine.database import Transaction
from storage.engine.imported import with_staged
from storage.engine.open_days import not_ended_before, open_some_day
from storage.engine.prepared import Prepared
from storage.engine.several_units import Units, among_units
from storage.engine.tables import leave, ownership, person, placement, unit

AT_A_TIME = 500
_earlier = ownership.alias("earlier")
# Who owns a placement on a day: the last recorded of those that had begun.
CURRENT_OWNER = and_(
    ownership.c.placement_id == placement.c.id,
    ownership.c.id
    == select(func.max(_earlier.c.id))
    .where(_earlier.c.placement_id == placement.c.id, _earlier.c.since <= bindparam("day"))
    .correlate(placement)
    .scalar_subquery(),
)
_owned = ownership.alias("owned")
# Those that the person `who` owns or has owned, or stands in for somebody with on the day.
MAY_BE_OF = union_all(
    select(_owned.c.placement_id).where(_owned.c.owner_id == bindparam("who")),
    select(_owned.c.placement_id).where(_owned.c.substitute_id == bindparam("who")),
    select(_owned.c.placement_id)
    .join(leave, leave.c.person_id == _owned.c.owner_id)
    .where(
        leave.c.substitute_id == bindparam("who"),
        leave.c.cancelled_at.is_(None),
        func.coalesce(leave.c.answer, "") != "no",
        leave.c.starts <= bindparam("day"),
        leave.c.ends >= bindparam("day"),
    ),
)
COLUMNS = (
    placement.c.id,
    placement.c.case_reference,
    placement.c.unit_id,
    placement.c.starts,
    placement.c.ends,
    placement.c.alias,
    unit.c.name.label("unit_name"),
    unit.c.form,
    ownership.c.owner_id,
    ownership.c.substitute_id,
)
_ALL = (
    select(*COLUMNS)
    .select_from(placement)
    .join(unit, placement.c.unit_id == unit.c.id)
    .join(ownership, CURRENT_OWNER, isouter=True)
    .order_by(placement.c.case_reference, placement.c.starts)
)
_BY_ID = Prepared(_ALL.where(placement.c.id == bindparam("placement_id")))


def open_between(since: Any, until: Any) -> ColumnElement[bool]:
    """With a followed provider, and open at least one of the days; of a placement with its unit."""
    return and_(open_some_day(since, until), unit.c.form.not_in(UNFOLLOWED_FORMS))


_OPEN = _ALL.where(open_between(bindparam("since"), bindparam("until")))
_OPEN_MAY_BE_OF = _OPEN.where(placement.c.id.in_(MAY_BE_OF))
_owner, _substitute = person.alias("owner"), person.alias("substitute")
_NOBODYS = (
    _ALL.outerjoin(_owner, and_(_owner.c.id == ownership.c.owner_id, _owner.c.active))
    .outerjoin(_substitute, and_(_substitute.c.id == ownership.c.substitute_id, _substitute.c.active))
    .where(
        open_some_day(bindparam("day"), bindparam("day")), _owner.c.id.is_(None), _substitute.c.id.is_(None)
    )
)
_held, _gone = ownership.alias("held"), person.alias("gone")
# Of a placement with its owner: by index from the few `owners` who are named, and not of every placement.
OWNED_BY_THEM = and_(
    placement.c.id.in_(
        select(_held.c.placement_id).where(_held.c.owner_id.in_(bindparam("owners", expanding=True)))
    ),
    ownership.c.owner_id.in_(bindparam("owners", expanding=True)),
)
OWNED_BY_NOBODY = (
    ~select(_held.c.id)
    .where(_held.c.placement_id == placement.c.id, _held.c.since <= bindparam("day"))
    .correlate(placement)
    .exists()
)
# By index from those few who are no longer here.
_NO_LONGER_ANYBODYS = _NOBODYS.where(
    placement.c.id.in_(
        select(_held.c.placement_id).where(_held.c.owner_id.in_(select(_gone.c.id).where(~_gone.c.active)))
    )
)
_NEVER_ANYBODYS = _NOBODYS.where(OWNED_BY_NOBODY)
# Two counts, in indexes alone, say whether there is any; that there is none need not be asked of each placement.
_EVERY, _OWNED = (
    select(func.count()).select_from(with_staged(placement)).scalar_subquery(),
    select(func.count(_held.c.placement_id.distinct()))
    # Along the index of placements, which has the days in it, and not by the days and then sorted by placement.
    .where(func.coalesce(_held.c.since, _held.c.since) <= bindparam("day"))
    .scalar_subquery(),
)
_ANY_WITHOUT_OWNER = Prepared(select((_EVERY > _OWNED).label("any")))
_DAYS = select(placement.c.starts, placement.c.ends).where(not_ended_before(bindparam("since")))
_SPANS = Prepared(_DAYS.where(placement.c.unit_id == bindparam("unit_id")))
# By index alone.
_every = with_staged(placement)
_ONE_MORE = Prepared(
    select(_every.c.id)
    .where(_every.c.unit_id == bindparam("unit_id"))
    .limit(1)
    .offset(bindparam("number", type_=Integer))
)
_NUMBER_EVER = Prepared(
    select(func.count().label("number"))
    .select_from(placement)
    .where(placement.c.unit_id == bindparam("unit_id"))
)
_SPANS_OF = Prepared(_DAYS.add_columns(placement.c.unit_id).where(among_units(placement.c.unit_id)))
# A placement that ended for want of quality, with every placement of the same case at the same unit.
_same_case = placement.alias("same_case")
_MOVES = (
    select(placement.c.id, placement.c.ends, _same_case.c.id.label("same"))
    .join(
        _same_case,
        and_(
            _same_case.c.unit_id == placement.c.unit_id,
            _same_case.c.case_reference == placement.c.case_reference,
        ),
    )
    .where(placement.c.end_reason == MOVED_FOR_QUALITY, placement.c.ends <= bindparam("until"))
    .order_by(placement.c.id)
)
_MOVED = Prepared(_MOVES.where(placement.c.unit_id == bindparam("unit_id")))
_MOVED_OF = Prepared(_MOVES.add_columns(placement.c.unit_id).where(among_units(placement.c.unit_id)))
_STAYS = Prepared(
    select(placement.c.case_reference, placement.c.starts, placement.c.ends).where(
        placement.c.unit_id == bindparam("unit_id"),
        open_some_day(bindparam("since"), bindparam("until")),
    )
)


_OPEN_IDS = select(placement.c.id).where(
    placement.c.unit_id == bindparam("unit_id"),
    open_some_day(bindparam("day"), bindparam("day")),
)


@dataclass(frozen=True)
class MovedForQuality:
    """A placement that ended so; `same_case` are the child's placements at the unit, by their ids."""

    placement_id: PlacementId
    left_on: date
    same_case: frozenset[PlacementId]


def get(tx: Transaction, placement_id: PlacementId, day: date) -> Placement | None:
    row = _BY_ID.first(tx.connection, {"placement_id": placement_id, "day": day})
    return None if row is None else read(row, tx.vault.open_some(row.alias))


def open_since(
    tx: Transaction, since: date, today: date, may_be_of: PersonId | None = None
) -> list[Placement]:
    """Placements with a followed provider that had begun by today and had not ended before the day.

    With a person only those that she owns or has owned, or stands in for somebody with.
    """
    values = {"since": since, "until": today, "day": today}
    if may_be_of is None:
        rows = tx.connection.execute(_OPEN, values)
    else:
        rows = tx.connection.execute(_OPEN_MAY_BE_OF, {**values, "who": may_be_of})
    return [read(row, tx.vault.open_some(row.alias)) for row in rows]


def any_without_owner(tx: Transaction, day: date) -> bool:
    """Whether a placement, of any form of care and however long ended, had nobody at all on the day."""
    found = kept_reads.of_register(
        tx, ("any_without_owner", day), lambda: _ANY_WITHOUT_OWNER.first(tx.connection, {"day": day}).any
    )
    return bool(found)


def nobodys(tx: Transaction, today: date, *, any_without_owner: bool) -> list[Placement]:
    """Open ones, of every form of care, that neither an active owner nor an active substitute answers for.

    Those that never had an owner are looked for only where there are any.
    """
    of = (_NO_LONGER_ANYBODYS, *([_NEVER_ANYBODYS] if any_without_owner else []))
    found = [read(row) for query in of for row in tx.connection.execute(query, {"day": today})]
    return sorted(found, key=lambda one: (one.case_reference, one.starts))


def spans(tx: Transaction, unit_id: UnitId, since: date = date.min) -> list[tuple[date, date | None]]:
    """First and last day of each of the unit's placements that had not ended before the day."""
    rows = _SPANS.all(tx.connection, {"unit_id": unit_id, "since": since})
    return [(row.starts, row.ends) for row in rows]


def are_more_than(tx: Transaction, unit_id: UnitId, number: int) -> bool:
    """Whether the unit has had more placements than that."""
    return _ONE_MORE.first(tx.connection, {"unit_id": unit_id, "number": number}) is not None


def number_ever(tx: Transaction, unit_id: UnitId) -> int:
    return int(_NUMBER_EVER.first(tx.connection, {"unit_id": unit_id})[0])


def spans_of(tx: Transaction, several: Units, since: date) -> Mapping[UnitId, list[tuple[date, date | None]]]:
    """The same of several units."""
    rows = _SPANS_OF.all(tx.connection, {**several.bounds, "since": since})
    return several.each((row.unit_id, (row.starts, row.ends)) for row in rows)


def moved_for_quality(tx: Transaction, unit_id: UnitId, until: date) -> list[MovedForQuality]:
    """Those whose last day was that day or earlier, as the register tells it now."""
    return _moved(_MOVED.all(tx.connection, {"unit_id": unit_id, "until": until}))


def moved_for_quality_of(
    tx: Transaction, several: Units, until: date
) -> Mapping[UnitId, list[MovedForQuality]]:
    """The same of several units."""
    rows = _MOVED_OF.all(tx.connection, {**several.bounds, "until": until})
    return {unit_id: _moved(of) for unit_id, of in several.each((row.unit_id, row) for row in rows).items()}


def _moved(rows: Iterable[Any]) -> list[MovedForQuality]:
    found: dict[tuple[PlacementId, date], set[PlacementId]] = {}
    for row in rows:
        found.setdefault((row.id, row.ends), set()).add(row.same)
    return [MovedForQuality(*key, frozenset(same)) for key, same in found.items()]


def stays(tx: Transaction, unit_id: UnitId, since: date, until: date) -> list[ChildPlacement]:
    """Who stayed at the unit some day from the first to the last, children told apart by their case reference."""
    rows = _STAYS.all(tx.connection, {"unit_id": unit_id, "since": since, "until": until})
    return [ChildPlacement(row.case_reference, row.starts, row.ends) for row in rows]


def open_ids(tx: Transaction, unit_id: UnitId, day: date) -> list[PlacementId]:
    """The unit's placements that are open that day."""
    return list(tx.connection.scalars(_OPEN_IDS, {"unit_id": unit_id, "day": day}))


def open_on(tx: Transaction, unit_id: UnitId, day: date) -> int:
    """How many of the unit's placements are open that day."""
    return sum(open_days(starts, ends, day, day) for starts, ends in spans(tx, unit_id, day))


def read(row: Row[*tuple[Any, ...]], alias: str | None = None) -> Placement:
    """A row with the columns above as a placement, with the name that its owner gave it where that is to be shown."""
    return Placement(
        id=row.id,
        case_reference=row.case_reference,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        form=row.form,
        starts=row.starts,
        ends=row.ends,
        owner_id=row.owner_id,
        substitute_id=row.substitute_id,
        alias=alias,
    )


def names_a_child(tx: Transaction, text: str) -> bool:
    """Whether a case reference stands in the text, in large or small letters; some words at a time, by index."""
    written = sorted({way for one in words_in(text) for way in (one, one.upper(), one.lower())})
    of = select(placement.c.id).limit(1)
    some = (written[at : at + AT_A_TIME] for at in range(0, len(written), AT_A_TIME))
    return any(tx.connection.scalar(of.where(placement.c.case_reference.in_(one))) for one in some)
