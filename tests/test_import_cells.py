"""What one cell of an imported file means."""

from datetime import date

import pytest

from documents.imports.cells import CellKind, ChoiceCell, Choices, Day, MonthCell, OrgNumber, TextCell, Whole
from followup.times.month import Month
from followup.wording.wording import Wording

TODAY = date(2026, 11, 23)


def read(kind: CellKind, text: str) -> object:
    """The value, or the id of what is wrong."""
    value = kind.read(text, TODAY)
    return value.id if isinstance(value, Wording) else value


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03",
        "20261103",
        "3/11 2026",
        "03/11/2026",
        "3 nov 2026",
        "3 nov. 2026",
        "3 november 2026",
        "3 NOV 2026",
    ],
)
def test_a_day_is_read_in_each_way_that_people_write_it(text: str) -> None:
    assert read(Day(), text) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("2018-04-31", "import.cell.no_such_day"),
        ("31/4 2018", "import.cell.no_such_day"),
        ("20250229", "import.cell.no_such_day"),
        ("2026-13-01", "import.cell.no_such_day"),
        ("3 nob 2026", "import.cell.no_such_day"),
        ("26-11-03", "import.cell.not_a_day"),
        ("11/2026", "import.cell.not_a_day"),
        ("i våras", "import.cell.not_a_day"),
        ("2026-11-24", "import.cell.future_day"),
        ("1999-12-31", "import.cell.too_early"),
    ],
)
def test_a_day_that_is_none_is_refused_and_never_rolled_over(text: str, wrong: str) -> None:
    assert read(Day(), text) == wrong


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Day(may_be_future=True, end=True), "9999-12-31", None),
        (Day(may_be_future=True, end=True), "31/12 9999", None),
        (Day(may_be_future=True, end=True), "2100-12-31", date(2100, 12, 31)),
        (Day(may_be_future=True, end=True), "2101-01-01", "import.cell.too_late"),
        (Day(may_be_future=True, end=True), "9999-12-30", "import.cell.too_late"),
        (Day(may_be_future=True), "9999-12-31", "import.cell.too_late"),
        (Day(), "9999-12-31", "import.cell.too_late"),
        (Day(may_be_future=True), "1899-12-31", "import.cell.too_early"),
        (Day(may_be_future=True), "0026-11-03", "import.cell.too_early"),
        (MonthCell(), "2101-01", "import.cell.too_late"),
        (MonthCell(), "9999-12", "import.cell.too_late"),
    ],
)
def test_an_end_that_nobody_knows_is_none_and_other_years_far_away_are_refused(
    kind: CellKind, text: str, value: object
) -> None:
    assert read(kind, text) == value


def test_a_day_to_come_is_read_where_it_may_be_one() -> None:
    assert read(Day(may_be_future=True), "2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-10", Month(2026, 10)),
        ("202610", Month(2026, 10)),
        ("2026-10-01", Month(2026, 10)),
        ("okt 2026", Month(2026, 10)),
        ("2026-13", "import.cell.not_a_month"),
        ("2026-10-02", "import.cell.not_a_month"),
        ("1998-01", "import.cell.too_early"),
    ],
)
def test_a_month_is_read_also_as_the_first_day_that_excel_makes_of_it(text: str, month: object) -> None:
    assert read(MonthCell(), text) == month


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("559999-0016", "559999-0016"),
        ("5599990016", "559999-0016"),
        ("165599990016", "559999-0016"),
        ("16 559999-0016", "559999-0016"),
        ("121212-1212", "121212-1212"),
        ("191212121212", "121212-1212"),
        ("559999-0017", "import.cell.not_an_org_number"),
        ("55999900160", "import.cell.not_an_org_number"),
        ("Vikåsa", "import.cell.not_an_org_number"),
    ],
)
def test_an_organisation_number_is_checked_and_written_one_way(text: str, number: str) -> None:
    assert read(OrgNumber(), text) == number


FORMS = ChoiceCell({"LVU 2 §": "lvu_2", "egen regi": "in_house"})
MARKS = Choices({"skada": "injury", "våld": "violence", "lex Sarah": "lex_sarah"})


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FORMS, "lvu 2§", "lvu_2"),
        (FORMS, "Egen  Regi", "in_house"),
        (FORMS, "LVU", "import.cell.not_a_choice"),
        (MARKS, "Lex Sarah, skada", ("injury", "lex_sarah")),
        (MARKS, "skada,,", ("injury",)),
        (MARKS, "skada, brand", "import.cell.not_a_choice"),
        (Whole(1, 4), "3", 3),
        (Whole(1, 4), "3,0", 3),
        (Whole(1, 4), "5", "import.cell.not_a_whole_number"),
        (Whole(1, 4), "2,5", "import.cell.not_a_whole_number"),
        (TextCell(5), "a  b\nc", "a b c"),
        (TextCell(5, lines=True), "a\nb", "a\nb"),
        (TextCell(5), "åäöåäö", "import.cell.too_long"),
    ],
)
def test_choices_numbers_and_texts_are_read_kindly_and_refused_clearly(
    kind: CellKind, text: str, value: object
) -> None:
    assert read(kind, text) == value
