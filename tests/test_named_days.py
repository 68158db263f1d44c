"""Days as people name them, in either language, and in the sentences that ask for one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from texts.named_days import days_in, only_day, without_days
from texts.named_spans import no_week_in, span_in

# A Wednesday.
TODAY = date(2026, 11, 4)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("i dag", "2026-11-04"),
        ("i morgon", "2026-11-05"),
        ("imorgon", "2026-11-05"),
        ("i övermorgon", "2026-11-06"),
        ("ÖVERMORGON!", "2026-11-06"),
        ("i går", "2026-11-03"),
        ("i förrgår", "2026-11-02"),
        ("om två veckor", "2026-11-18"),
        ("om 10 dagar", "2026-11-14"),
        ("om en månad", "2026-12-04"),
        ("på fredag", "2026-11-06"),
        ("fredagen", "2026-11-06"),
        ("på onsdag", "2026-11-11"),
        ("nästa fredag", "2026-11-13"),
        ("nästa måndag", "2026-11-09"),
        ("nästa vecka", "2026-11-09"),
        ("nästa månad", "2026-12-01"),
        ("10/3", "2027-03-10"),
        ("10/12", "2026-12-10"),
        ("10/3 2028", "2028-03-10"),
        ("den 10 mars", "2027-03-10"),
        ("4 november", "2026-11-04"),
        ("3 november 2026", "2026-11-03"),
        ("29/2", "2028-02-29"),
        ("2026-12-01", "2026-12-01"),
        ("tomorrow", "2026-11-05"),
        ("the day after tomorrow", "2026-11-06"),
        ("in three weeks", "2026-11-25"),
        ("next friday", "2026-11-13"),
        ("10 March", "2027-03-10"),
        ("i måndags", "2026-11-02"),
        ("i onsdags", "2026-10-28"),
        ("förra fredagen", "2026-10-30"),
        ("för två veckor sedan", "2026-10-21"),
        ("3 dagar sen", "2026-11-01"),
        ("last Friday", "2026-10-30"),
        ("last Wednesday", "2026-10-28"),
        ("5 dec", "2026-12-05"),
        ("den 5 dec.", "2026-12-05"),
        ("3 okt 2027", "2027-10-03"),
        ("den 3:e mars", "2027-03-03"),
        ("5 Dec", "2026-12-05"),
        ("March 3", "2027-03-03"),
        ("Mar 3rd, 2028", "2028-03-03"),
        ("the 3rd of March", "2027-03-03"),
        ("jul 24 december", "2026-12-24"),
        ("two months ago", "2026-09-04"),
        # As a Mac and a phone send it.
        ("i o\u0308vermorgon", "2026-11-06"),
        ("na\u0308sta\u00a0fre\u00addag", "2026-11-13"),
    ],
)
def test_a_day_that_is_named_is_read(typed: str, meant: str) -> None:
    assert days_in(typed, TODAY) == [date.fromisoformat(meant)]


@pytest.mark.parametrize(
    "typed",
    [
        *("31/2", "2026-02-30", "45/1", "om veckor", "nästa gång", "mars", "om hus", ""),
        # What can be meant in two ways is asked about.
        *("last Tuesday", "jul 24", "March 2027", "Feb 30"),
    ],
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert days_in(typed, TODAY) == []


@pytest.mark.parametrize(
    ("typed", "ahead", "been"),
    [
        ("fredag", "2026-11-06", "2026-10-30"),
        ("på onsdag", "2026-11-11", "2026-10-28"),
        ("10/3", "2027-03-10", "2026-03-10"),
        ("den 5 november", "2026-11-05", "2025-11-05"),
        ("4/11", "2026-11-04", "2026-11-04"),
        ("29/2", "2028-02-29", "2024-02-29"),
        # What can be meant in one way only is the same whichever is asked for.
        ("i morgon", "2026-11-05", "2026-11-05"),
        ("i måndags", "2026-11-02", "2026-11-02"),
        ("10/3 2028", "2028-03-10", "2028-03-10"),
        ("on the 3 November 2026", "2026-11-03", "2026-11-03"),
        # More than a day, or more days than one.
        ("nästa fredag hos Kim", None, None),
        ("last Monday", None, None),
        ("March 3", "2027-03-03", "2026-03-03"),
        ("5 dec", "2026-12-05", "2025-12-05"),
        ("3/11 eller 4/11", None, None),
        ("snart", None, None),
        ("", None, None),
    ],
)
def test_a_field_takes_one_day_and_reads_it_backwards_where_it_asks_for_what_has_been(
    typed: str, ahead: str | None, been: str | None
) -> None:
    read = [only_day(typed, TODAY, ahead=one) for one in (True, False)]
    assert read == [date.fromisoformat(one) if one else None for one in (ahead, been)]


def test_two_days_are_read_in_their_order_and_words_can_stand_for_them() -> None:
    assert days_in("ledig från 10/12 till nästa fredag", TODAY) == [date(2026, 12, 10), date(2026, 11, 13)]
    assert without_days("påminn mig om två veckor tack", TODAY, "senare") == "paminn mig senare tack"


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_is_read_as_itself_whatever_day_it_is_today(day: date, today: date) -> None:
    assert days_in(f"{day.day}/{day.month} {day.year}", today) == days_in(str(day), today) == [day]


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("jag är ledig nästa vecka", "2026-11-09", "2026-11-15"),
        ("hela nästa vecka", "2026-11-09", "2026-11-15"),
        ("next week", "2026-11-09", "2026-11-15"),
        ("the whole of next week", "2026-11-09", "2026-11-15"),
        ("nästa månad", "2026-12-01", "2026-12-31"),
        ("vecka 45", "2026-11-02", "2026-11-08"),
        ("vecka 32", "2027-08-09", "2027-08-15"),
        ("week 32", "2027-08-09", "2027-08-15"),
        ("v. 32", "2027-08-09", "2027-08-15"),
        ("v32", "2027-08-09", "2027-08-15"),
        ("vecka 32–33", "2027-08-09", "2027-08-22"),
        ("vecka 53", "2026-12-28", "2027-01-03"),
        ("3–7 mars", "2027-03-03", "2027-03-07"),
        ("den 3 till 7 mars", "2027-03-03", "2027-03-07"),
        ("den 3:e till den 7:e mars", "2027-03-03", "2027-03-07"),
        ("från den 3 till och med den 7 i mars", "2027-03-03", "2027-03-07"),
        ("mellan den 3 och 7 mars", "2027-03-03", "2027-03-07"),
        ("from the 3rd to the 7th of March", "2027-03-03", "2027-03-07"),
        ("between March 3 and March 7", "2027-03-03", "2027-03-07"),
        ("March 3rd to the 7th", "2027-03-03", "2027-03-07"),
        ("March 3-7", "2027-03-03", "2027-03-07"),
        ("3-7/3", "2027-03-03", "2027-03-07"),
        # A year, which stands once too, is of both.
        ("3–7 mars 2028", "2028-03-03", "2028-03-07"),
        ("March 3rd-7th, 2028", "2028-03-03", "2028-03-07"),
        ("3-7/3 2028", "2028-03-03", "2028-03-07"),
        ("3 –  7\N{NO-BREAK SPACE} mars", "2027-03-03", "2027-03-07"),
        ("den 3:e–7:e mars", "2027-03-03", "2027-03-07"),
        ("3/3-7/3", "2027-03-03", "2027-03-07"),
        ("28 dec–3 jan", "2026-12-28", "2027-01-03"),
        # One month, and the first day is of the one before.
        ("den 29 till den 3 januari", "2026-12-29", "2027-01-03"),
        ("29–3 mars 2028", "2028-02-29", "2028-03-03"),
        ("29-3/1 2028", "2027-12-29", "2028-01-03"),
        ("2026-11-10 - 2026-11-12", "2026-11-10", "2026-11-12"),
        ("ledig på fredag till tisdag", "2026-11-06", "2026-11-10"),
        ("ledig fredag-tisdag", "2026-11-06", "2026-11-10"),
        ("nästa fredag t.o.m. måndag", "2026-11-13", "2026-11-16"),
        ("from tomorrow until the day after tomorrow", "2026-11-05", "2026-11-06"),
        ("ledig till fredag", "2026-11-04", "2026-11-06"),
        # A day alone, and what is no day.
        ("ledig på fredag", "2026-11-06", None),
        ("vecka 60", None, None),
        ("ledig", None, None),
    ],
)
def test_a_span_is_read_as_its_first_day_and_its_last(
    typed: str, first: str | None, last: str | None
) -> None:
    assert span_in(typed, TODAY) == [date.fromisoformat(one) for one in (first, last) if one]


@pytest.mark.parametrize(
    ("today", "typed", "first", "last"),
    [
        ("2026-12-02", "från den 1 till den 3 december", "2026-12-02", "2026-12-03"),
        ("2026-12-03", "1-3/12", "2026-12-03", "2026-12-03"),
        ("2026-12-31", "29/12-3/1", "2026-12-31", "2027-01-03"),
        ("2027-01-01", "den 29 till den 3 januari", "2027-01-01", "2027-01-03"),
        ("2028-02-29", "mellan den 28 februari och den 2 mars", "2028-02-29", "2028-03-02"),
        # Of weeks over the year's end, which it is not in every year that the last has the same number.
        ("2026-12-22", "vecka 52 till vecka 1", "2026-12-21", "2027-01-10"),
        ("2026-12-30", "vecka 52-1", "2026-12-30", "2027-01-10"),
        ("2027-01-02", "from week 52 to week 1", "2027-01-02", "2027-01-10"),
        ("2024-12-31", "v 52–1", "2024-12-31", "2025-01-05"),
        ("2027-01-12", "v 52–1", "2027-12-27", "2028-01-09"),
        ("2026-12-23", "vecka 53 till vecka 1", "2026-12-28", "2027-01-10"),
        ("2026-11-04", "vecka 2 2028", "2028-01-10", "2028-01-16"),
        ("2026-11-04", "weeks 52-1 2028", "2027-12-27", "2028-01-09"),
        ("2026-11-04", "vecka 44 till vecka 46", "2026-11-04", "2026-11-15"),
        ("2027-01-01", "vecka 53", "2026-12-28", "2027-01-03"),
        ("2028-01-02", "vecka 52", "2027-12-27", "2028-01-02"),
        ("2027-01-01", "vecka 52-53", "2027-01-01", "2027-01-03"),
        # It is over, or a year is named.
        ("2026-12-04", "1–3 december", "2027-12-01", "2027-12-03"),
        ("2026-12-02", "1 december 2027 till 3 januari", "2027-12-01", "2028-01-03"),
        ("2026-11-07", "fredag till tisdag", "2026-11-13", "2026-11-17"),
    ],
)
def test_a_span_that_has_begun_goes_on_from_today(today: str, typed: str, first: str, last: str) -> None:
    assert span_in(typed, date.fromisoformat(today)) == [date.fromisoformat(one) for one in (first, last)]


@pytest.mark.parametrize(
    ("today", "typed", "year", "last"),
    [
        ("2026-11-04", "vecka 53", None, 0),
        ("2025-12-23", "ledig vecka 53", 2025, 52),
        ("2027-11-04", "vecka 52–53", 2027, 52),
        ("2024-12-30", "vecka 52 till vecka 53", 2025, 52),
        ("2027-11-04", "from week 53 to week 1", 2027, 52),
        ("2026-11-04", "v. 53 2027", 2027, 52),
        ("2026-11-04", "vecka 0", 2026, 53),
        ("2026-11-04", "vecka 60", 2026, 53),
        ("2027-11-04", "nästa vecka", None, 0),
    ],
)
def test_a_week_that_its_year_does_not_have_is_no_other_week(
    today: str, typed: str, year: int | None, last: int
) -> None:
    here = date.fromisoformat(today)
    found = no_week_in(typed, here)
    assert (found.year, found.last) == (year, last) if found else year is None
    assert (span_in(typed, here) == []) == (year is not None)
