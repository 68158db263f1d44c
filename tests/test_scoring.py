"""Scoring in the database: a band that rises within a month stays risen, and one that rises at its end is alerted."""

from datetime import date, datetime, timedelta

import pytest

from followup.times.calendar import end_of_day
from scheduler.jobs import Times
from scheduler.waking import tick
from services.risk.scoring import READ_AT_ONCE, catch_up, read_as_of, rescore
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.imports import imports
from storage.register import units
from storage.risk import scores
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.scored import scored_at_once

COMPLAINT = {"kind": "complaint", "occurred": "happened", "cause": "provider", "source": "child"}


class House:
    """One unit with placements since long ago, and a worker who complains."""

    def __init__(
        self,
        tx: Transaction,
        placements: int,
        *,
        starts: str = "2025-01-01",
        ends: str | None = None,
        measured: str = "2025-01",
    ) -> None:
        register = Register(tx)
        register.person("karin", "quality")
        self.tx, self.unit, self.worker = tx, register.unit("E"), register.person()
        register.measured(measured)
        for _ in range(placements):
            register.placement(self.worker, self.unit, starts=starts, ends=ends)

    def note_complaints(self, number: int, points: int, now: datetime) -> None:
        day = now.date().isoformat()
        for _ in range(number):
            signals.save(
                self.tx,
                {**COMPLAINT, "event_on": day, "consequence": str(points)},
                unit_id=self.unit,
                placement_id=None,
                task_id=None,
                author_id=self.worker,
                now=now,
            )

    def complain(self, number: int, points: int, now: datetime) -> None:
        self.note_complaints(number, points, now)
        scored_at_once(self.tx, self.unit, now)

    def month_end(self, day: str) -> str:
        return scores.month_ends(self.tx, self.unit)[date.fromisoformat(day)].rate_band

    def episodes(self) -> list[str]:
        return [alert.episode for alert in alerts.of_unit(self.tx, self.unit)]


def test_a_red_reached_within_a_month_is_not_lost_at_its_end(tx: Transaction) -> None:
    house = House(tx, placements=12)
    house.complain(10, 2, at("2026-11-02 12:00"))
    assert house.episodes() == ["red-2026-11-02"]
    tick(tx, at("2026-12-01 08:00"), Times())
    assert house.month_end("2026-11-30") == "red"
    tick(tx, at("2026-12-02 08:00"), Times())
    assert house.episodes() == ["red-2026-11-02"]


@pytest.mark.parametrize("asked_on", ["2026-11-30", "2026-12-01"])
def test_a_month_end_asked_for_afterwards_gives_the_band_that_was_stored(
    tx: Transaction, asked_on: str
) -> None:
    house = House(tx, placements=12)
    house.complain(10, 2, at("2026-11-02 12:00"))
    tick(tx, at("2026-12-01 08:00"), Times())
    day = date.fromisoformat(asked_on)
    assert read_as_of(tx, units.get(tx, house.unit), day, at("2026-12-05")).judgement.rate == "red"


def test_a_band_that_rises_at_a_month_end_with_nothing_new_is_alerted(tx: Transaction) -> None:
    house = House(tx, placements=8, ends="2026-07-31")
    house.complain(15, 2, at("2026-07-20 12:00"))
    before = house.episodes()
    for month in range(8, 13):
        tick(tx, at(f"2026-{month:02d}-01 08:00"), Times())
    for month in range(1, 8):
        tick(tx, at(f"2027-{month:02d}-01 08:00"), Times())
    bands = [score.rate_band for score in scores.month_ends(tx, house.unit).values()]
    reds = sum(now == "red" and earlier != "red" for earlier, now in zip(["", *bands], bands, strict=False))
    assert "red" in bands
    assert len(house.episodes()) == max(reds, len(before))


def test_whoever_is_heard_between_the_last_of_a_units_first_months_and_today_has_the_band_that_they_gave(
    tx: Transaction,
) -> None:
    house = House(tx, placements=READ_AT_ONCE // 5 - 25, starts="2026-06-01", measured="2026-06")
    house.note_complaints(25, 3, at("2026-06-10 12:00"))
    today = at("2026-11-02 08:00")
    # The first is heard before any month is read, since a file is yet to be read in; the five are then all that one
    # transaction may read.
    number = imports.begin(tx, today)
    imports.make_valid(tx, number, today)
    imports.leave_all_to_score(tx, number)
    assert rescore(tx, house.unit, today)
    imports.mark_scored(tx, house.unit, today)
    assert catch_up(tx, units.get(tx, house.unit), today) == 5
    assert house.month_end("2026-10-31") == "yellow"
    rescore(tx, house.unit, today + timedelta(minutes=1))
    catch_up(tx, units.get(tx, house.unit), today + timedelta(minutes=2))
    newest = scores.latest(tx, house.unit)
    assert newest is not None
    assert (newest.as_of, newest.rate_band) == (today.date(), "yellow")


def test_a_serious_event_that_a_file_dates_today_is_alerted_at_once(tx: Transaction) -> None:
    house = House(tx, placements=3)
    noon = at("2026-11-02 12:00")
    # A file knows only the day, so what it tells of today is known at the day's end.
    signals.save(
        tx,
        {**COMPLAINT, "event_on": "2026-11-01", "consequence": "4"},
        unit_id=house.unit,
        placement_id=None,
        task_id=None,
        author_id=house.worker,
        now=end_of_day(noon.date()),
    )
    scored_at_once(tx, house.unit, noon)
    assert house.episodes() == ["event-K-1"]
