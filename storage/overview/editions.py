"""The public years as they were published: their rows as printed, with what a correction is weighed against."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row as StoredRow
from sqlalchemy import bindparam, insert, select

from followup.figures.figure import Cell, Column, Figure, Row, Table
from followup.figures.period import Period
from followup.figures.published import Edition, OfHalf, Proof, PublicYear
from followup.times.month import Month
from storage.engine.database import Transaction
from storage.engine.year_tables import edition

# A published edition stands as it was stored; those of the time before 0032 have the old codes of their rows.
_OLDER_CODES = {
    "ownerships": {
        "privat": "private",
        "egen_regi": "in_house",
        "annan_offentlig": "other_public",
        "offentlig": "public",
    },
    "contracts": {
        "ramavtal": "framework",
        "overenskommelse": "agreement",
        "direktupphandling": "direct_award",
        "egen_regi": "in_house",
        "not_ramavtal": "not_framework",
    },
}
_OLDER_COLUMNS = {f"of_{old}": f"of_{new}" for old, new in _OLDER_CODES["ownerships"].items()}
_NEWEST = (
    select(edition).where(edition.c.year == bindparam("year")).order_by(edition.c.number.desc()).limit(1)
)


def add(tx: Transaction, one: Edition, published_by: str) -> None:
    """Its words must have been said; a second one with the number is refused by the database."""
    tx.connection.execute(
        insert(edition).values(
            year=one.year,
            number=one.number,
            published_at=one.published_at,
            published_by=published_by,
            reviewed_by=one.reviewed_by,
            reviewed_on=one.reviewed_on,
            made_at=one.public.made_at,
            content=_written(one.public),
        )
    )


def newest(tx: Transaction, year: int) -> Edition | None:
    row = tx.connection.execute(_NEWEST, {"year": year}).one_or_none()
    return None if row is None else _edition(row)


def _edition(row: StoredRow[Any]) -> Edition:
    content = row.content
    period = content["period"]
    public = PublicYear(
        period=Period(
            row.year,
            Month.parse(period["first"]),
            Month.parse(period["last"]),
            date.fromisoformat(period["until"]),
        ),
        made_at=row.made_at,
        few=content["few"],
        counts=content["counts"],
        tables={one["id"]: _table(one) for one in content["tables"]},
        withheld=frozenset(content["withheld"]),
        kept=frozenset(content["kept"]),
        proof=Proof(**content["proof"]) if content["proof"] else None,
        # Not in those of the time before there were half-years' selections.
        of_half=OfHalf(**content["of_half"]) if content.get("of_half") else None,
    )
    return Edition(row.year, row.number, row.published_at, row.reviewed_by, row.reviewed_on, public)


def _written(public: PublicYear) -> dict[str, Any]:
    period = public.period
    return {
        "period": {"first": str(period.first), "last": str(period.last), "until": period.until.isoformat()},
        "few": public.few,
        "counts": public.counts,
        "tables": [_written_table(one) for one in public.tables.values()],
        "withheld": sorted(public.withheld),
        "kept": sorted(public.kept),
        "proof": vars(public.proof) if public.proof else None,
        "of_half": vars(public.of_half) if public.of_half else None,
    }


def _written_table(one: Table) -> dict[str, Any]:
    return {
        "id": one.id,
        "step": one.step,
        "sideways": one.sideways,
        "columns": [vars(column) for column in one.columns],
        "rows": [_written_row(row) for row in one.rows],
        "total": _written_row(one.total) if one.total else None,
    }


def _written_row(row: Row) -> dict[str, Any]:
    assert isinstance(row.label, str)
    return {"key": row.key, "label": row.label, "cells": [_written_cell(cell) for cell in row.cells]}


def _written_cell(cell: Cell) -> Any:
    """Words as they are, a figure as what it is made of."""
    return {**vars(cell), "value": str(cell.value)} if isinstance(cell, Figure) else cell


def _table(one: Mapping[str, Any]) -> Table:
    older = _OLDER_CODES.get(one["id"], {})
    return Table(
        id=one["id"],
        columns=tuple(_column(column) for column in one["columns"]),
        rows=tuple(_row({**row, "key": older.get(row["key"], row["key"])}) for row in one["rows"]),
        total=_row(one["total"]) if one["total"] else None,
        sideways=one["sideways"],
        step=one["step"],
    )


def _column(column: Mapping[str, Any]) -> Column:
    return Column(**{**column, "id": _OLDER_COLUMNS.get(column["id"], column["id"])})


def _row(row: Mapping[str, Any]) -> Row:
    return Row(row["key"], row["label"], tuple(_cell(cell) for cell in row["cells"]))


def _cell(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        found: Cell = cell
        return found
    text = cell["value"]
    return Figure(**{**cell, "value": Decimal(text) if "." in text else int(text)})
