"""The demo municipality in a database file, read in once, and its year's figures."""

from datetime import date, datetime
from pathlib import Path

from bot.registering import load_demo_when_empty
from followup.figures.facts import Facts
from followup.figures.period import Period, period_of
from followup.rounds import RoundDays
from storage import year_figures
from storage.database import Database
from tests.builders import at

MADE_AT = at("2026-11-02 08:00")
DRAFT = date(2026, 9, 15)


def load_demo(database: Database, directory: Path) -> None:
    assert load_demo_when_empty(database, directory / "demo", MADE_AT, RoundDays())


MADE_ON = MADE_AT.date()


def period(year: int = 2026, today: date = MADE_ON) -> Period:
    return period_of(year, DRAFT.replace(year=year), today)


def facts_of(database: Database, year: int = 2026, now: datetime = MADE_AT) -> Facts:
    with database.transaction() as tx:
        return year_figures.facts(tx, period(year, now.date()), now)
