"""Of which children the bot's copy may be deleted by the plan, and what stands in the way for the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from followup.clocks.retention import (
    ChildFacts,
    Exemption,
    Hold,
    RetentionPlan,
    due_on,
    exemptions,
    holds,
    latest_on,
)
from followup.times.calendar import municipal_day
from followup.times.spans import months_after
from services.retention.case_file import Rows, contents_of
from storage.engine.database import Transaction
from storage.retention import exports, holdings, purging
from storage.retention.holdings import ChildRows
from storage.retention.names import names

AT_A_TIME = 50
# When something was last said of the child, by table; the register's own days besides.
_SAID: Mapping[str, str] = {
    "report": "recorded_at",
    "closing_report": "recorded_at",
    "signal_version": "recorded_at",
    "signal_step": "at",
    "signal_progress": "ended_at",
    "report_item": "recorded_at",
    "clock_done": "recorded_at",
    "plan_check": "recorded_at",
    "alert_note": "at",
    "alert_decision": "recorded_at",
    "alert": "closed_at",
}


@dataclass(frozen=True)
class DueChild:
    """One child whose placements have all ended; `holds` is empty where the bot's copy may go."""

    child: ChildRows
    last_on: date
    exemptions: tuple[Exemption, ...]
    holds: tuple[Hold, ...]
    due_on: date
    latest_on: date | None

    @property
    def reference(self) -> str:
        return self.child.reference


def due_after(
    tx: Transaction, plan: RetentionPlan, now: datetime, after: str
) -> tuple[list[DueChild], str | None]:
    """Some of those whose placements ended so long ago that it may be time, and where to go on, None at the end."""
    found = purging.candidates(tx, _ended_before(plan, now), after, AT_A_TIME)
    return _looked_at(tx, found, plan, now), found[-1] if len(found) == AT_A_TIME else None


def due_from(
    tx: Transaction, plan: RetentionPlan, now: datetime, start: int, most: int
) -> tuple[list[DueChild], int]:
    """So many of the same from that place on, or from the first where there is no such place; and how many in all."""
    ended_before = _ended_before(plan, now)
    number = purging.number_of_candidates(tx, ended_before)
    found = purging.candidates(tx, ended_before, "", most, start=start if start < number else 0)
    return _looked_at(tx, found, plan, now), number


def _looked_at(
    tx: Transaction, references: Sequence[str], plan: RetentionPlan, now: datetime
) -> list[DueChild]:
    return [one for reference in references if (one := due_child(tx, reference, plan, now))]


def _ended_before(plan: RetentionPlan, now: datetime) -> date:
    """The day before which whatever ended did so at least so many months ago as the plan's shorter time is."""
    today = municipal_day(now)
    return min(months_after(today, -min(plan.copy_months, plan.law_months)), today)


def due_child(tx: Transaction, reference: str, plan: RetentionPlan, now: datetime) -> DueChild | None:
    """None where nothing is held of the child any longer."""
    child = holdings.find(tx, reference)
    if child is None:
        return None
    facts = _facts(tx, child, municipal_day(now))
    return DueChild(
        child,
        facts.last_on,
        exemptions(facts, plan),
        holds(facts, plan, municipal_day(now)),
        due_on(facts, plan),
        latest_on(facts, plan),
    )


def _facts(tx: Transaction, child: ChildRows, today: date) -> ChildFacts:
    tables = holdings.rows(tx, child)
    placed = tables["placement"]
    units = names(tx, (), {row["unit_id"] for row in placed}, ()).units
    ends = [row["ends"] for row in placed]
    export = exports.newest(tx, child.reference)
    born = next((row["born"] for row in placed if row["born"]), None)
    return ChildFacts(
        forms=frozenset(units[row["unit_id"]][1] for row in placed if _day(row["starts"]) <= today),
        born=_day(born) if born else None,
        is_open=any(one is None or _day(one) >= today for one in ends),
        last_on=max(_last_days(tables, today)),
        exported=export is not None,
        complete=export is not None and set(contents_of(tables)) <= export.contents,
        in_hand=any(
            row[ended] is None
            for table, ended in (("alert", "closed_at"), ("signal_progress", "ended_at"))
            for row in tables.get(table, ())
        ),
    )


def _last_days(tables: Rows, today: date) -> Iterator[date]:
    for row in tables["placement"]:
        yield _day(row["ends"]) if row["ends"] else today
        yield _day(row["starts"])
    for table, column in _SAID.items():
        yield from _days(tables.get(table, ()), column)


def _days(rows: Sequence[Mapping[str, Any]], column: str) -> Iterator[date]:
    for row in rows:
        if row[column]:
            yield municipal_day(datetime.fromisoformat(row[column]))


def _day(text: str) -> date:
    return date.fromisoformat(text)
