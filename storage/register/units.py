"""Providers' units."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select, update

from followup import UnitId
from followup.provider import Contract, Unit
from followup.terms import UNFOLLOWED_FORMS, own_form
from storage.engine import kept_reads
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import contract, provider, term, unit

_WITH_PROVIDER = (
    select(
        unit,
        provider.c.name.label("provider_name"),
        term.c.word.label("own_word"),
        term.c.english.label("own_english"),
        term.c.level.label("own_level"),
    )
    .join(provider, unit.c.provider_id == provider.c.id)
    .outerjoin(term, and_(term.c.kind == "form", term.c.code == unit.c.form))
)
_BY_ID = Prepared(_WITH_PROVIDER.where(unit.c.id == bindparam("unit_id")))
_SOME = _WITH_PROVIDER.where(unit.c.id.in_(bindparam("unit_ids", expanding=True)))
_CONTRACTS = (
    select(contract)
    .where(contract.c.unit_id.in_(bindparam("unit_ids", expanding=True)))
    .order_by(contract.c.starts)
)
_AFTER = Prepared(
    _WITH_PROVIDER.where(unit.c.id > bindparam("after")).order_by(unit.c.id).limit(bindparam("most"))
)
_OF_PROVIDER = Prepared(
    _WITH_PROVIDER.where(unit.c.provider_id == bindparam("provider_id")).order_by(unit.c.name)
)
_ALL = Prepared(_WITH_PROVIDER.order_by(unit.c.name))
_NAMES = select(unit.c.key, unit.c.name).order_by(unit.c.name)
_NAME = Prepared(select(unit.c.name).where(unit.c.key == bindparam("unit_key")))
# A list of values is expanded when it is asked, which what is compiled once is not.
_FOLLOWED = [unit.c.form != form for form in sorted(UNFOLLOWED_FORMS)]
_FOLLOWED_NAMES = Prepared(_NAMES.where(*_FOLLOWED))
_HOME_NAMES = Prepared(
    select(provider.c.name.label("provider_name"), unit.c.name)
    .join_from(unit, provider, unit.c.provider_id == provider.c.id)
    .where(*_FOLLOWED)
    .order_by(unit.c.name)
)
_BY_KEY = Prepared(_WITH_PROVIDER.where(unit.c.key == bindparam("unit_key")))


def all_units(tx: Transaction) -> list[Unit]:
    return [_unit(row) for row in _ALL.all(tx.connection, {})]


def followed_units(tx: Transaction) -> list[Unit]:
    """Without the municipality's own foster homes (R21)."""
    return [one for one in all_units(tx) if one.segment is not None]


def followed_unit(tx: Transaction, unit_id: UnitId) -> Unit | None:
    """The one with the number, where it is followed."""
    row = _BY_ID.first(tx.connection, {"unit_id": unit_id})
    found = None if row is None else _unit(row)
    return found if found is not None and found.segment is not None else None


class NamesByKey:
    """Each unit's name is read when it is first asked for, and once: of a selection's thousands a page names few."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._read: dict[str, str | None] = {}

    def get(self, key: str) -> str | None:
        """None where no unit has the key; also of those that are no longer followed."""
        if key not in self._read:
            row = _NAME.first(self._tx.connection, {"unit_key": key})
            self._read[key] = None if row is None else row.name
        return self._read[key]


def followed_names(tx: Transaction) -> Mapping[str, str]:
    """By key, without the municipality's own foster homes."""
    return {row.key: row.name for row in _FOLLOWED_NAMES.all(tx.connection, {})}


def home_names(tx: Transaction) -> tuple[tuple[str, str], ...]:
    """Of each followed unit its provider's name and its own, by its own."""
    return kept_reads.of_register(tx, "home_names", lambda: tuple(_HOME_NAMES.all(tx.connection, {})))


def are_more(tx: Transaction, most: int) -> bool:
    """Whether there are more units than that; not one more of them is looked at."""
    return tx.connection.scalar(select(unit.c.id).offset(most).limit(1)) is not None


def of_provider(tx: Transaction, provider_id: int) -> list[Unit]:
    """The provider's followed units, by name."""
    found = [_unit(row) for row in _OF_PROVIDER.all(tx.connection, {"provider_id": provider_id})]
    return [one for one in found if one.segment is not None]


def units_after(tx: Transaction, unit_id: UnitId, most: int) -> list[Unit]:
    """So many of them, in the order of their ids, after the one that is named."""
    rows = _AFTER.all(tx.connection, {"after": unit_id, "most": most})
    return [_unit(row) for row in rows]


def get(tx: Transaction, unit_id: UnitId) -> Unit:
    return _unit(_BY_ID.first(tx.connection, {"unit_id": unit_id}))


def some(tx: Transaction, unit_ids: Collection[UnitId]) -> Mapping[UnitId, Unit]:
    """By their ids."""
    return {row.id: _unit(row) for row in tx.connection.execute(_SOME, {"unit_ids": list(unit_ids)})}


def by_key(tx: Transaction, key: str) -> Unit | None:
    row = _BY_KEY.first(tx.connection, {"unit_key": key})
    return None if row is None else _unit(row)


def last_follow_up(tx: Transaction, unit_id: UnitId) -> tuple[date | None, str | None]:
    """Its day and its verdict."""
    row = tx.connection.execute(
        select(unit.c.last_follow_up, unit.c.last_verdict).where(unit.c.id == unit_id)
    ).one()
    return row.last_follow_up, row.last_verdict


def record_follow_up(tx: Transaction, unit_id: UnitId, day: date, verdict: str) -> None:
    """Keeps the day and the verdict unless those of a later follow-up are there."""
    tx.connection.execute(
        update(unit)
        .where(unit.c.id == unit_id, or_(unit.c.last_follow_up.is_(None), unit.c.last_follow_up <= day))
        .values(last_follow_up=day, last_verdict=verdict)
    )


def contracts(tx: Transaction, unit_id: UnitId) -> list[Contract]:
    return contracts_of(tx, [unit_id])[unit_id]


def contracts_of(tx: Transaction, unit_ids: Collection[UnitId]) -> Mapping[UnitId, list[Contract]]:
    """By unit, in order of their first days."""
    found: dict[UnitId, list[Contract]] = {unit_id: [] for unit_id in unit_ids}
    if not found:
        return found
    for row in tx.connection.execute(_CONTRACTS, {"unit_ids": list(unit_ids)}):
        found[row.unit_id].append(_contract(row))
    return found


def _contract(row: Row[Any]) -> Contract:
    return Contract(row.id, row.key, row.unit_id, row.form, row.law, row.starts, row.ends)


def _unit(row: Row[Any]) -> Unit:
    return Unit(
        id=row.id,
        key=row.key,
        name=row.name,
        form=row.form,
        subtype=row.subtype,
        ownership=row.ownership,
        provider_id=row.provider_id,
        provider_name=row.provider_name,
        director=row.director,
        own_form=own_form(
            row.form, row.own_word, row.own_english, Decimal(row.own_level) if row.own_level else None
        ),
    )
