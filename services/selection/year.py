"""What a year's report is made from: the evidence, the selections, the follow-ups and what they led to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from followup import CycleId, FollowUpId
from followup.clocks.due import due_between, times_of_each
from followup.figures.period import Period, period_of
from followup.figures.recommendations import Recommendations
from followup.figures.year_facts import ClockTime, Selection, YearFacts, YearFollowUp
from followup.follow_ups.action import Action
from followup.follow_ups.follow_up import FollowUp
from followup.selection.adjustment import changes, selected
from followup.selection.cycle import Cycle, part_of, period_name
from followup.times.calendar import end_of_day, municipal_day
from followup.times.deadlines import YearDates
from services.selection.method_history import history
from services.selection.selection_state import SelectionState, selection_name, selection_of, state_of
from storage.clocks import owners, stays
from storage.clocks.own import clocks
from storage.engine.database import Transaction
from storage.follow_ups import actions, board_decisions, diary_numbers, follow_ups
from storage.overview import recommendations, year_figures
from storage.register import units
from storage.selection import selections

# What can be made of a year, by the names that chat and files know.
DOCUMENTS = ("report", "public", "annex", "notices", "stratsys", "analysis")
# The plans that a page of the year's report offers too: of the year, and of the next one.
PLANS = ("plan", "next_plan")
# A report of each part of the municipality, where it is divided, in one file.
DIVISIONS = "divisions"
V = TypeVar("V", FollowUp, Action, Recommendations)


def facts_of_year(tx: Transaction, year: int, dates: YearDates, now: datetime) -> YearFacts:
    """As it was known then; raises SelectionRefusedError where a frame has been tampered with."""
    period = period_of(year, dates.on("draft", year), municipal_day(now))
    frozen = [cycle for cycle in selections.of_year(tx, year) if cycle.frozen_at <= now]
    states = {cycle.id: state_then(tx, cycle, now) for cycle in frozen}
    return replace(
        year_figures.facts(tx, period, now),
        # The years until the report's own, and not what came after it.
        clocks=tuple(_clocks(tx, period, now)),
        history=history(tx, min(now, end_of_day(date(year, 12, 31)))),
        recommendations=_as_known(recommendations.of_year(tx, year), now),
        selections=tuple(_selection(one) for one in states.values()),
        follow_ups=tuple(
            _review(tx, one, states, now)
            for each in follow_ups.of_year(tx, year)
            if (one := _as_known(follow_ups.versions(tx, each.id), now)) is not None
        ),
    )


def _clocks(tx: Transaction, period: Period, now: datetime) -> Iterator[ClockTime]:
    """Of every form of care, as it was known then."""
    placed = owners.of_everybody(tx, period.until, period.starts - owners.AFTER_CARE)
    rows = clocks(tx)
    known = stays.known(tx, [placement.id for placement in placed], now)
    for times in times_of_each(known, rows):
        for time in due_between(times, period.starts, period.until):
            if time.known:
                yield ClockTime(time.clock.code, time.clock.said("clock"), time.in_time)


def state_then(tx: Transaction, cycle: Cycle, now: datetime) -> SelectionState:
    """As it stood then, without what was drawn, adjusted or locked later."""
    if cycle.drawn_at is not None and cycle.drawn_at > now:
        cycle = replace(cycle, public_value=None, drawn_at=None, drawn_by=None)
    if cycle.locked_at is not None and cycle.locked_at > now:
        cycle = replace(cycle, locked_at=None, locked_by=None)
    found = state_of(tx, cycle)
    made = tuple(one for one in found.adjustments if one.at <= now)
    if found.proposal is None or made == found.adjustments:
        return found
    chosen = selected(found.proposal, made)
    before = selection_of(tx, found.before) if found.before and found.changes else None
    changed = None if before is None else changes(before, found.proposal, chosen, found.frame)
    return replace(found, adjustments=made, selected=chosen, changes=changed)


def _selection(one: SelectionState) -> Selection:
    cycle = one.cycle
    return Selection(
        name=selection_name(cycle.year, cycle.name),
        yearly=cycle.is_ordinary,
        half=part_of(cycle.name),
        state=cycle.state,
        frame_hash=cycle.frame_hash,
        public_value=cycle.public_value,
        chosen=one.selected,
        coverage=one.coverage,
        bands={row.id: row.band for row in one.frame.rows},
        placements={row.id: row.placements for row in one.frame.rows},
        changes=one.changes,
        before=period_name(one.before.year, one.before.name) if one.before else None,
        not_compared=one.not_compared,
    )


def _review(
    tx: Transaction, one: FollowUp, states: dict[CycleId, SelectionState], now: datetime
) -> YearFollowUp:
    of_cycle = states.get(one.cycle_id) if one.cycle_id is not None else None
    key = units.get(tx, one.unit_id).key
    chosen = next((found for found in of_cycle.selected if found.unit == key), None) if of_cycle else None
    row = next((row for row in of_cycle.frame.rows if row.id == key), None) if of_cycle else None
    return YearFollowUp(
        follow_up=one,
        reasons=chosen.reasons if chosen else (),
        band=row.band if row else None,
        actions=tuple(_actions(tx, one.id, now)),
        decisions=tuple(_decisions(tx, one.id, now)),
        diary_number=_diary_number(tx, one.id, now),
    )


def _actions(tx: Transaction, follow_up_id: FollowUpId, now: datetime) -> list[Action]:
    found = (_as_known(actions.versions(tx, one.id), now) for one in actions.of_follow_up(tx, follow_up_id))
    return [one for one in found if one is not None]


def _decisions(tx: Transaction, follow_up_id: FollowUpId, now: datetime) -> list[tuple[str, date]]:
    made = board_decisions.of_follow_up(tx, follow_up_id)
    return [(one.reference, one.decided_on) for one in made if one.recorded_at <= now]


def _diary_number(tx: Transaction, follow_up_id: FollowUpId, now: datetime) -> str:
    known = [one for one in diary_numbers.of_follow_up(tx, follow_up_id) if one.recorded_at <= now]
    return known[-1].number if known else ""


def _as_known(versions: list[V], now: datetime) -> V | None:
    """The newest of those recorded by then."""
    known = [one for one in versions if one.recorded_at <= now]
    return known[-1] if known else None
