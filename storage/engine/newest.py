"""The newest version of anything that is kept in versions: the one place that says which that is."""

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, bindparam, func, select
from sqlalchemy.sql.schema import Column, Table

from storage.engine.columns import Instant


def newest_version(of: Column[int], thing: Column[int], *, known: bool = False) -> ScalarSelect[int]:
    """The number of the newest version of the thing that the query has; `of` is the versions' column that names it.

    With `known` the newest of those that were known at `known_until`.
    """
    other, conditions = _versions(of, thing, known=known)
    newest = select(func.max(other.c.version)).where(*conditions)
    return newest.correlate(thing.table).scalar_subquery()


def newest_row(of: Column[int], thing: Column[int], *, known: bool = False) -> ScalarSelect[int]:
    """The id of that version: where the thing comes first, its row is found by it at once, and not by its number."""
    other, conditions = _versions(of, thing, known=known)
    newest = select(other.c.id).where(*conditions).order_by(other.c.version.desc()).limit(1)
    return newest.correlate(thing.table).scalar_subquery()


def _versions(
    of: Column[int], thing: Column[int], *, known: bool
) -> tuple[FromClause, list[ColumnElement[bool]]]:
    assert isinstance(of.table, Table) and isinstance(thing.table, Table)
    other = of.table.alias("newest")
    conditions: list[ColumnElement[bool]] = [other.c[of.name] == thing]
    if known:
        conditions.append(other.c.known_at <= bindparam("known_until", type_=Instant))
    return other, conditions
