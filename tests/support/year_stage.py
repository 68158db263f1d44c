"""The demo municipality in a database of its own, read in and played once, and its year's figures."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.registering import load_demo_when_empty
from documents.report.blocks import Block
from documents.report.material import Internal, Material, material_of, public_material
from documents.report.october import SECTIONS, section_blocks
from documents.report.words import Words
from followup.figures.period import Period, period_of
from followup.figures.public_year import public_year
from followup.figures.year_facts import YearFacts
from followup.month.rounds import RoundDays
from followup.times.deadlines import YearDates
from services.selection.year import facts_of_year
from storage.engine.database import Database
from tests.conftest import Another, connect_to
from tests.support.demo_year import LOADED_AT, MADE_AT, play
from tests.support.told_once import told_once
from texts.catalogue import Texts

DATES = YearDates()
MUNICIPALITY = "Vikåsa kommun"


@contextmanager
def demo_municipality(another: Another, directory: Path, *, played: bool) -> Iterator[Database]:
    """With its year played through selection, follow-ups and actions, or with the two years of history alone."""
    with another(directory / "demo.db") as database:
        _read_in(database)
        if played:
            _play(database)
        connect_to(database)
        yield database


@told_once
def _read_in(database: Database) -> None:
    with TemporaryDirectory() as files:
        assert load_demo_when_empty(database, Path(files), LOADED_AT, RoundDays())


@told_once
def _play(database: Database) -> None:
    play(database)


def period(year: int = 2026, now: datetime = MADE_AT) -> Period:
    return period_of(year, DATES.on("draft", year), now.date())


def facts_of(database: Database, year: int = 2026, now: datetime = MADE_AT) -> YearFacts:
    with database.transaction() as tx:
        return facts_of_year(tx, year, DATES, now)


def material(database: Database, year: int = 2026, now: datetime = MADE_AT, language: str = "sv") -> Internal:
    return drafted(facts_of(database, year, now), language)


def drafted(facts: YearFacts, language: str = "sv", board: str = "") -> Internal:
    words = Words(Texts(language).say)
    public = public_material(public_year(facts, 5), MUNICIPALITY, words, board=board)
    return material_of(facts, public)


def blocks_of(of: Material) -> list[Block]:
    """Every section, in the usual order."""
    return [block for section in SECTIONS.values() for block in section_blocks(section, of)]
