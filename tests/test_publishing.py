"""Publishing the public report: from the command line and in chat, stored as printed, and read again next year."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from sqlalchemy.exc import IntegrityError

from dialogs.overview import report_order
from dialogs.turn import Press, Said
from followup.access.municipality import USUAL_MUNICIPALITY
from followup.figures.disclosure import OutOfTimeError
from followup.figures.published import Edition
from followup.figures.year_facts import YearFacts
from services.publishing import Basis, MovedError, Ready, draft, not_to_be_published, publish, read_basis
from storage.engine.database import Database
from storage.overview import editions
from tests.support.builders import Register, at
from tests.support.logged_acts import acts
from tests.support.public_towns import MADE_AT, Home, town
from tests.support.turns import Chat
from tests.test_commands import Shell, filled, shell
from texts.catalogue import Texts

__all__ = ["filled", "shell"]
SAY = Texts("sv").say
TOWN = town(*[Home(4, form, provider=f"U{n}") for form in ("hvb", "stodboende") for n in range(4)])
TYPED = {"reviewed_by": "Eva Jurist", "reviewed_on": "2026-10-20"}
REVIEWED = ("--publish", "--reviewed-by", "Eva Jurist", "--reviewed-on", "2026-10-20")


def published(database: Database, reviewed_on: date = date(2026, 10, 20), facts: YearFacts = TOWN) -> Edition:
    with database.reading() as tx:
        basis = read_basis(tx, facts)
    return stored(database, basis, reviewed_on)


def stored(database: Database, basis: Basis, reviewed_on: date = date(2026, 10, 20)) -> Edition:
    public = draft(basis)
    with database.transaction() as tx:
        return publish(tx, basis, public, "Eva Jurist", reviewed_on, MADE_AT, SAY, by="a test")


def test_an_edition_is_read_as_it_was_printed(database: Database) -> None:
    made = published(database)
    with database.transaction() as tx:
        assert editions.newest(tx, 2026) == made
        assert editions.newest(tx, 2025) is None


def test_a_correction_is_the_next_edition_and_the_first_is_kept(database: Database) -> None:
    assert [published(database).number, published(database, date(2026, 10, 21)).number] == [1, 2]
    with pytest.raises(IntegrityError), database.transaction() as tx:
        found = editions.newest(tx, 2026)
        assert found is not None
        editions.add(tx, found, "a test")


def test_the_same_again_is_the_edition_that_there_is(database: Database) -> None:
    """A command that stored the edition but could not write its files is run again."""
    assert published(database) == published(database)


def test_a_period_that_goes_on_and_an_early_review_are_refused() -> None:
    going_on = town(Home(9), made_at=at("2026-08-01 09:00"))
    assert not_to_be_published(TOWN, date(2026, 9, 1)) == []
    assert [one.field for one in not_to_be_published(TOWN, date(2026, 8, 31))] == ["reviewed_on"]
    assert not going_on.period.is_over or not_to_be_published(going_on, None) == []


def front_of(path: Path) -> str:
    document = docx.Document(str(path))
    return "\n".join(one.text for one in document.paragraphs[:8])


def test_the_command_makes_drafts_until_it_is_told_who_reviewed_the_secrecy(filled: Shell) -> None:
    assert filled.run("report", "2026", "--out", "ut", "--no-pdf").exit_code == 0
    assert "UTKAST" in front_of(filled.directory / "ut" / "rapport-offentlig-2026.docx")
    assert filled.run("report", "2026", "--out", "ut", "--no-pdf", *REVIEWED).exit_code == 0
    front = front_of(filled.directory / "ut" / "rapport-offentlig-2026.docx")
    assert "Sekretessprövad av Eva Jurist den 20 oktober 2026" in front
    assert "utgåva 1" in front
    assert "UTKAST" not in front
    again = (*REVIEWED[:-1], "2026-10-21")
    assert filled.run("report", "2026", "--out", "ut", "--no-pdf", *again).exit_code == 0
    assert "ersätter den tidigare" in front_of(filled.directory / "ut" / "rapport-offentlig-2026.docx")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--publish",), 2),
        (("--publish", "--reviewed-by", "Eva"), 2),
        (("--publish", "--reviewed-by", "Eva", "--reviewed-on", "2027-01-01"), 2),
        (("--publish", "--reviewed-by", "Eva", "--reviewed-on", "i går"), 2),
        (("--publish", "--reviewed-by", "Eva", "--reviewed-on", "2026-08-31"), 1),
    ],
)
def test_without_a_review_that_can_be_nothing_is_published_or_written(
    filled: Shell, words: tuple[str, ...], code: int
) -> None:
    refused = filled.run("report", "2026", "--out", "ut", *words)
    assert (refused.exit_code, (filled.directory / "ut").exists()) == (code, False)
    assert refused.stderr


def test_the_workbook_for_analysis_is_made_on_request_and_logged_as_reading_every_unit(filled: Shell) -> None:
    files = filled.shows("report", "2026", "--out", "ut", "--no-pdf")["files"]
    assert not [path for path in files if "analys" in path]
    files = filled.shows("report", "2026", "--out", "ut", "--no-pdf", "--analysis")["files"]
    assert [path for path in files if path.endswith("analys-2026.xlsx")]
    with closing(sqlite3.connect(filled.database)) as connection:
        read = connection.execute("select subject from access_log where detail = 'analysis'").fetchall()
        units = connection.execute("select 'unit:' || key from unit").fetchall()
    assert sorted(read) == sorted(units) != []


def test_in_chat_the_quality_team_publishes_with_the_same_form(municipality: Database) -> None:
    chat = Chat(municipality, at("2026-11-02 08:00"))
    karin = chat.client("karin")
    karin.say("rapport 2026")
    assert "utkast" in karin.words
    karin.press("Publicera")
    assert "Frågan måste besvaras." in karin.words
    karin.press("Publicera", TYPED)
    assert "Publicerad som utgåva 1" in karin.words
    with municipality.transaction() as tx:
        found = editions.newest(tx, 2026)
        assert found is not None
        assert (found.reviewed_by, found.reviewed_on) == ("Eva Jurist", date(2026, 10, 20))
        assert "edition:2026" in [str(subject) for *_, subject in acts(tx, "write")]
    stale = {"year": 2026, "edition": 0}
    karin.forge("publish_report", stale, TYPED)
    assert "En annan utgåva har publicerats" in karin.words
    for key in ("anna", "maria"):
        chat.client(key).forge("publish_report", stale)
    assert chat.refusals() == ["publish_report"] * 2 or chat.refusals() == ["year_report"] * 2


def test_last_year_is_read_from_its_edition(database: Database) -> None:
    published(database, date(2025, 10, 20), town(*[Home(6) for _ in range(3)], year=2025))
    now = published(database)
    assert now.public.tables["years"].figure("2025", "children").value == 18


def test_an_edition_that_came_while_another_was_made_ready_is_not_overwritten(database: Database) -> None:
    with database.reading() as tx:
        basis = read_basis(tx, TOWN)
    published(database)
    with pytest.raises(MovedError):
        stored(database, basis, date(2026, 10, 21))


class Hurried(Chat):
    """The time is over before it is known what may be told."""

    def made_ready(self, said: Said) -> object:
        ready = super().made_ready(said)
        return replace(ready, public=None) if isinstance(ready, Ready) else ready


def test_what_was_not_known_in_time_is_not_published(municipality: Database) -> None:
    """Coarser tables made in haste would bind every correction."""
    with pytest.raises(OutOfTimeError):
        draft(Basis(TOWN, 5, None, None), lambda: 0)
    karin = Hurried(municipality, at("2026-11-02 08:00")).client("karin")
    karin.say("rapport 2026")
    karin.press("Publicera", TYPED)
    assert "inget är publicerat" in karin.words
    with municipality.transaction() as tx:
        assert editions.newest(tx, 2026) is None


def test_nobody_who_hands_in_waits_while_an_edition_is_made_ready(municipality: Database) -> None:
    """Nothing is open while it is made: who writes meanwhile would be refused otherwise, or wait."""
    press = Press("publish_report", {"year": 2026, "edition": 0}, TYPED)
    with municipality.reading() as tx:
        work = report_order.prepare(tx, press, at("2026-11-02 08:00"), USUAL_MUNICIPALITY)
    assert work is not None
    with municipality.transaction():
        assert work().public is not None


def test_what_is_stored_says_nothing_of_single_children(database: Database) -> None:
    with database.transaction() as tx:
        Register(tx)
    published(database)
    with database.transaction() as tx:
        [content] = tx.connection.exec_driver_sql("select content from edition").scalars()
    assert "AKT-" not in str(content)
