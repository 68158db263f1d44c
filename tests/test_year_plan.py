"""The plan of a year: each day is the one on which the bot itself acts, and a person can count it by the calendar."""

from datetime import date, datetime
from io import BytesIO
from itertools import pairwise

import docx
import pytest

from bot.reporting import Letterhead, report_file
from documents.report.words import Words
from documents.report.year_plan_document import year_plan_document
from followup.month.rounds import RoundDays, closing_of, deadline_of, opening
from followup.times.calendar import is_working_day, municipal_day
from followup.times.deadlines import YearDates, notices
from followup.times.month import Month
from scheduler.jobs import Times
from services.selection.year import PLANS
from services.views.year_plan import PlannedMonth, year_plan
from storage.engine.database import Database
from tests.support.builders import at
from texts.catalogue import Texts

SAY = Texts("sv")
USUAL, HALVES = YearDates(), YearDates(halves=True)
NOW = at("2026-11-28 09:00")


def days(dates: YearDates = USUAL) -> list[tuple[date, str, int]]:
    return [(one.day, one.text, one.part) for one in year_plan(2027, RoundDays(), dates).steps]


def test_the_steps_of_2027_are_those_of_the_calendar() -> None:
    """New Year and Epiphany are days off, so that the second working day of January is the 5th."""
    assert days() == [
        (date(2027, 1, 1), "plan.log_review", 0),
        (date(2027, 1, 5), "plan.yearly_list", 0),
        (date(2027, 1, 21), "plan.base_levels", 0),
        (date(2027, 1, 31), "plan.foster_home_list", 0),
        (date(2027, 2, 2), "plan.duty_to_report", 0),
        (date(2027, 3, 1), "selection.proposal", 0),
        (date(2027, 4, 1), "plan.log_review", 0),
        (date(2027, 7, 1), "plan.log_review", 0),
        (date(2027, 8, 31), "selection.follow_ups_done", 0),
        (date(2027, 9, 15), "selection.draft", 0),
        (date(2027, 10, 1), "plan.log_review", 0),
        (date(2027, 10, 15), "selection.board", 0),
    ]


@pytest.mark.parametrize("dates", [USUAL, HALVES], ids=["a year", "each half"])
def test_the_selections_days_are_those_that_the_official_is_reminded_of(dates: YearDates) -> None:
    told = {(one.due, f"selection.{one.occasion}", one.part) for one in notices(2027, dates)}
    assert {one for one in days(dates) if one[1].startswith("selection.")} == told


def test_each_round_that_opens_in_the_year_stands_with_its_days() -> None:
    rounds = RoundDays()
    months = year_plan(2027, rounds, USUAL).months
    assert [one.month for one in months] == [
        Month(2026, 12),
        *(Month(2027, number) for number in range(1, 12)),
    ]
    assert months[0] == PlannedMonth(
        Month(2026, 12),
        date(2027, 1, 4),
        (date(2027, 1, 7), date(2027, 1, 13)),
        date(2027, 1, 18),
        date(2027, 1, 19),
    )
    for one in months:
        opens = opening(one.month, rounds)
        deadline = deadline_of(one.month, opens, rounds)
        assert (one.opens, one.deadline) == (municipal_day(opens), municipal_day(deadline))
        assert one.listed > one.deadline
        assert all(map(is_working_day, (one.opens, *one.reminders, one.deadline, one.listed)))
        assert closing_of(one.month, deadline, rounds) > deadline
    assert all(earlier.listed < later.opens for earlier, later in pairwise(months))


def cells(content: bytes) -> list[list[str]]:
    tables = docx.Document(BytesIO(content)).tables
    return [[cell.text for cell in row.cells] for table in tables for row in table.rows]


def said(content: bytes) -> str:
    return "\n".join(one.text for one in docx.Document(BytesIO(content)).paragraphs)


@pytest.mark.parametrize("board", ["", "Barn- & ungdomsnämnden"])
def test_the_document_has_each_step_and_month_whose_it_is_and_who_answers(board: str) -> None:
    plan = year_plan(2027, RoundDays(), HALVES)
    content = year_plan_document(plan, "Vikåsa kommun", board, "Karin Test", Words(SAY.say), NOW)
    document = docx.Document(BytesIO(content))
    title = SAY("plan.title", year="2027")
    assert (document.core_properties.title, document.paragraphs[0].text) == (title, title)
    assert any(board in one.text for one in document.sections[0].footer.paragraphs)
    rows = cells(content)
    assert len(rows) == 2 + len(plan.steps) + len(plan.months)
    assert [SAY.write(date(2027, 10, 15)), SAY("selection.board"), SAY("plan.who.official")] in rows
    assert any("3 kap. 4 § SoF" in step for row in rows for step in row)
    halves = [row for row in rows if "andra halvåret 2027" in row[1]]
    assert len(halves) == 2
    assert SAY("plan.official", name="Karin Test") in said(content)
    unnamed = year_plan_document(plan, "Vikåsa kommun", board, "", Words(SAY.say), NOW)
    assert SAY("plan.no_official") in said(unnamed)


@pytest.mark.parametrize(("official", "named"), [("karin", True), ("", False), ("nobody", False)])
def test_the_page_fetches_the_plan_of_the_year_and_of_the_next(
    municipality: Database, official: str, named: bool
) -> None:
    def now() -> datetime:
        return NOW

    made = report_file(municipality, now, Letterhead("Vikåsa kommun"), Times(official=official))
    for place, name in enumerate(PLANS):
        file = made({"year": 2026, "document": name, "person": 1})
        assert file.name == f"arsplan-{2026 + place}.docx"
        assert SAY("plan.title", year=str(2026 + place)) in said(file.content)
        assert (SAY("plan.no_official") in said(file.content)) is not named
