"""What the method is tested by: every closed follow-up with the band before it, every alert, and who had placements."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from followup import CycleId
from followup.figures.year_facts import AlertsAndFollowUps, FollowedUp, YearAlert
from followup.figures.year_follow_ups import tracks_of
from followup.follow_ups.follow_up import FollowUp
from followup.risk.bands import never_plain_green
from followup.risk.stored_score import METHOD_NAME
from followup.selection.cycle import Cycle, SelectionRefusedError
from followup.selection.selection import Reason
from followup.times.calendar import at_municipal, municipal_day
from services.selection.selection_state import selection_of
from storage.engine.database import Transaction
from storage.follow_ups import follow_ups
from storage.overview import alert_outcomes
from storage.register import units
from storage.risk import scores
from storage.selection import selections


def history(tx: Transaction, now: datetime) -> AlertsAndFollowUps:
    """As it was known then."""
    found = _alerted(tx, now)
    workers = _workers(tx, {one.year for one in found}, now)
    return AlertsAndFollowUps(tuple(_tested(tx, now)), tuple(found), workers)


def _tested(tx: Transaction, now: datetime) -> list[FollowedUp]:
    """The followed units' closed follow-ups of all years, those closed by then."""
    keys = {one.id: one.key for one in units.followed_units(tx)}
    why = {cycle.id: _reasons(tx, cycle) for cycle in selections.every(tx)}
    return [
        FollowedUp(
            tracks_of(why.get(one.cycle_id or CycleId(0), {}).get(keys[one.unit_id], ())),
            _band_before(tx, one),
            one.verdict,
        )
        for one in follow_ups.closed_ones(tx)
        if one.unit_id in keys and one.verdict is not None and one.recorded_at <= now
    ]


def _reasons(tx: Transaction, cycle: Cycle) -> Mapping[str, tuple[Reason, ...]]:
    """Nothing of a frame that has been tampered with: which units it chose cannot be known."""
    try:
        return {one.unit: one.reasons for one in selection_of(tx, cycle)}
    except SelectionRefusedError:
        return {}


def _band_before(tx: Transaction, one: FollowUp) -> str | None:
    """As it was shown when the day began on which it was held; what was read in since tells nothing of that."""
    day = one.held_on or municipal_day(one.opened_at)
    stored = scores.last_made(tx, one.unit_id, at_municipal(day, time(0)), day - timedelta(days=1))
    if stored is None or stored.method != METHOD_NAME:
        return None
    return never_plain_green(stored.shown, enough=stored.enough)


def _alerted(tx: Transaction, now: datetime) -> list[YearAlert]:
    ids = {one.id for one in units.followed_units(tx)}
    return [
        YearAlert(municipal_day(one.raised_at).year, one.led)
        for one in alert_outcomes.by(tx, now)
        if one.unit_id in ids
    ]


def _workers(tx: Transaction, years: Collection[int], now: datetime) -> Mapping[int, int]:
    """How many had a placement of their own in each year."""
    today = municipal_day(now)
    return {
        year: alert_outcomes.workers_between(tx, date(year, 1, 1), min(date(year, 12, 31), today))
        for year in years
    }
