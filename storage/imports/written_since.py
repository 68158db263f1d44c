"""What people have written about since a moment, by the keys that files use."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from storage.engine.database import Transaction
from storage.engine.tables import (
    ownership,
    placement,
    report,
    report_task,
    round_,
    signal,
    signal_version,
    unit,
)
from storage.imports.imports import Marks


@dataclass(frozen=True)
class Named:
    """Reports, signals and placements by the keys that files use."""

    reports: frozenset[tuple[Any, ...]]
    signals: frozenset[str]
    placements: frozenset[tuple[Any, ...]]

    def meets(self, other: "Named") -> bool:
        """Whether anything is named in both."""
        return bool(
            self.reports & other.reports or self.signals & other.signals or self.placements & other.placements
        )


def written_since(tx: Transaction, since: Marks) -> Named:
    case = (placement.c.case_reference, unit.c.key, placement.c.starts)
    of_placement = placement.join(unit, unit.c.id == placement.c.unit_id)
    of_report = report.join(report_task).join(round_).join(of_placement)
    reports = select(round_.c.month, *case).select_from(of_report).where(_newer(tx, report, since))
    signals = select(signal.c.import_key).join(signal_version).where(signal.c.import_key.is_not(None))
    owners = select(*case).select_from(ownership.join(of_placement)).where(_newer(tx, ownership, since))
    return Named(
        frozenset((month, (*key,)) for month, *key in tx.connection.execute(reports)),
        frozenset(tx.connection.scalars(signals.where(_newer(tx, signal_version, since)))),
        frozenset((*key,) for key in tx.connection.execute(owners)),
    )


def _newer(tx: Transaction, table: Table, since: Marks) -> ColumnElement[bool]:
    """By their numbers, since a plan made for the whole table would walk through all of it for the few there are."""
    newer = select(table.c.id).where(table.c.id > since[str(table.name)])
    return table.c.id.in_(list(tx.connection.scalars(newer)))
