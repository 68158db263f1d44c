"""The law's clocks, in its own words: what starts each, its last day, what counts as done, and when it runs no more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup import PlacementId
from followup.clocks.clock import LawClock
from followup.clocks.due import ClockDue, due_between, times_of
from followup.clocks.facts import ClockFacts, Stay, facts_of
from followup.clocks.rows import CLOCKS, OwnClock, with_own_clocks, without_clock
from followup.terms import LEGAL_GROUNDS
from followup.times.spans import months_after, turns
from followup.wording.law import PARAGRAPHS

BORN = date(2012, 5, 17)
DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def stay(ground: str = "sol", form: str = "hvb", starts: str = "2026-01-15", **more: Any) -> Stay:
    days = {
        name: date.fromisoformat(day) if isinstance(day, str) and name not in ("home", "end_reason") else day
        for name, day in more.items()
    }
    values: dict[str, Any] = {"placement_id": 1, "unit_id": 1, "born": BORN, **days}
    return Stay(
        grounds=frozenset({ground}), forms=frozenset({form}), starts=date.fromisoformat(starts), **values
    )


def facts(*stays: Stay, **done: Sequence[str]) -> ClockFacts:
    """Of the last of the stays, with the days on which each clock was done."""
    days = {code: [date.fromisoformat(day) for day in of] for code, of in done.items()}
    return facts_of(stays, days, {})[-1]


def last_day(code: str, known: ClockFacts, clocks: Sequence[LawClock] = tuple(CLOCKS.values())) -> str | None:
    """The last day of the clock's first time that is not done."""
    waiting = [one for one in times_of(known, clocks) if one.clock.code == code and one.done is None]
    return str(waiting[0].due) if waiting else None


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ("2025-08-31", 6, "2026-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-08-29", 6, "2027-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-03-31", 6, "2026-09-30"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2026-12-15", 6, "2027-06-15"),
        ("2028-02-29", -12, "2027-02-28"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_calendar_months_end_where_the_month_does(day: str, months: int, after: str) -> None:
    assert str(months_after(date.fromisoformat(day), months)) == after


@pytest.mark.parametrize(
    ("born", "age", "birthday"),
    [("2008-02-29", 18, "2026-03-01"), ("2008-02-29", 20, "2028-02-29"), ("2009-12-31", 18, "2027-12-31")],
)
def test_who_is_born_on_the_leap_day_turns_older_on_the_first_of_march(
    born: str, age: int, birthday: str
) -> None:
    assert str(turns(date.fromisoformat(born), age)) == birthday


# Each of them: the clock, what is known, and its last day; None where it does not run.
IN_THE_LAWS_WORDS = {
    "SoL: at least every sixth month": ("consideration", facts(stay()), "2026-07-15"),
    "SoL, from the last day of August": (
        "consideration",
        facts(stay(starts="2025-08-31")),
        "2026-02-28",
    ),
    "SoL: counted from the last time": (
        "consideration",
        facts(stay(), consideration=["2026-06-30"]),
        "2026-12-30",
    ),
    "LVU 2 §: övervägande too": ("consideration", facts(stay("lvu_2")), "2026-07-15"),
    "LVU 2 §: no omprövning": ("reconsideration", facts(stay("lvu_2")), None),
    "LVU 3 §: no övervägande": ("consideration", facts(stay("lvu_3")), None),
    "LVU 3 §: within six months from verkställighet": (
        "reconsideration",
        facts(stay("lvu_3", executed_on="2026-02-01")),
        "2026-08-01",
    ),
    "LVU 3 §: then within six months from the last": (
        "reconsideration",
        facts(stay("lvu_3", executed_on="2026-02-01"), reconsideration=["2026-07-20"]),
        "2027-01-20",
    ),
    "LVU 3 §: an övervägande before it is no omprövning": (
        "reconsideration",
        facts(stay("lvu_3", executed_on="2026-02-01"), consideration=["2026-07-20"]),
        "2026-08-01",
    ),
    "LVU 3 §: without its day from the first day of the care": (
        "reconsideration",
        facts(stay("lvu_3")),
        "2026-07-15",
    ),
    "SoL after LVU 3 §: the omprövning counts": (
        "consideration",
        facts(stay(starts="2025-01-15"), reconsideration=["2026-03-10"]),
        "2026-09-10",
    ),
    "no övervägande of who is grown": (
        "consideration",
        facts(stay(born="2007-05-17")),
        None,
    ),
    "vårdplan revised at latest when placed two years": (
        "care_plan_revision",
        facts(stay(care_plan_on="2026-02-01")),
        "2028-01-15",
    ),
    "a vårdplan of the second year is revised": (
        "care_plan_revision",
        facts(stay(care_plan_on="2027-01-15")),
        None,
    ),
    "genomförandeplan by routine": ("treatment_plan", facts(stay()), "2026-02-15"),
    "genomförandeplan on file": (
        "treatment_plan",
        facts(stay(reliefs=frozenset({"treatment_plan"}))),
        None,
    ),
    "first follow-up of the plan by routine": (
        "treatment_plan_follow_up",
        facts(stay(treatment_plan_on="2026-02-10")),
        "2026-05-10",
    ),
    "first follow-up when the plan says": (
        "treatment_plan_follow_up",
        facts(stay(treatment_plan_on="2026-02-10", treatment_plan_review_on="2026-04-01")),
        "2026-04-01",
    ),
    "jourhem two months after the investigation": (
        "jourhem",
        facts(stay(form="konsulentstott_jourhem", investigation_ended="2026-12-31")),
        "2027-02-28",
    ),
    "jourhem while it is investigated": ("jourhem", facts(stay(form="konsulentstott_jourhem")), None),
    "jourhem for särskilda skäl": (
        "jourhem",
        facts(
            stay(
                form="konsulentstott_jourhem",
                investigation_ended="2026-12-31",
                reliefs=frozenset({"special_reasons"}),
            )
        ),
        None,
    ),
    "custody after two years in the same home": (
        "custody",
        facts(stay(form="konsulentstott_familjehem", starts="2024-02-29")),
        "2026-02-28",
    ),
    "custody then yearly": (
        "custody",
        facts(stay(form="kommunens_familjehem", starts="2024-02-29"), custody=["2026-02-20"]),
        "2027-02-20",
    ),
    "custody: what was considered in the first year is not the two years'": (
        "custody",
        facts(stay(form="kommunens_familjehem", starts="2024-02-29"), custody=["2025-01-20"]),
        "2026-02-28",
    ),
    "custody: not in HVB": ("custody", facts(stay(starts="2020-01-01")), None),
    "stödboende of who is not 18, without särskilda skäl": (
        "stodboende",
        facts(stay(form="stodboende", born="2009-05-17")),
        "2026-01-15",
    ),
    "stödboende for särskilda skäl": (
        "stodboende",
        facts(stay(form="stodboende", born="2009-05-17", reliefs=frozenset({"special_reasons"}))),
        None,
    ),
    "stödboende of who is grown": ("stodboende", facts(stay(form="stodboende", born="2007-05-17")), None),
    "stödboende of nobody knows what age": (
        "stodboende",
        facts(stay(form="stodboende", born=None)),
        "2026-01-15",
    ),
    "LVU 2 § ends at 18": ("lvu_2_ends", facts(stay("lvu_2", born="2008-02-29")), "2026-03-01"),
    "LVU 3 § ends at 21": ("lvu_3_ends", facts(stay("lvu_3", born="2006-05-17")), "2027-05-17"),
    "after LVU care of a child": ("after_care_3", facts(stay("lvu_2", ends="2026-08-31")), "2026-11-30"),
    "after LVU care, the second": ("after_care_6", facts(stay("lvu_3", ends="2026-08-31")), "2027-02-28"),
    "after LVU care of who is grown": (
        "after_care_3",
        facts(stay("lvu_3", ends="2026-08-31", born="2008-05-17")),
        None,
    ),
    "after SoL care": ("after_care_3", facts(stay(ends="2026-08-31")), None),
    "after SoL care where it was decided": (
        "after_care_3",
        facts(stay(ends="2026-08-31", after_care=True)),
        "2026-11-30",
    ),
    "closing report: two months after the end": (
        "closing_report",
        facts(stay(ends="2026-12-31", asked=True)),
        "2027-02-28",
    ),
    "closing report told": (
        "closing_report",
        facts(stay(ends="2026-12-31", asked=True, closed_on="2027-01-04")),
        None,
    ),
    "closing report of what ended before anybody was asked": (
        "closing_report",
        facts(stay(ends="2026-12-31")),
        None,
    ),
    "reasons of a move: by the register's word": (
        "move_reasons",
        facts(stay(ends="2026-08-31", asked=True, end_reason="moved_otherwise")),
        "2026-09-30",
    ),
    "reasons of a move: told before it": (
        "move_reasons",
        facts(stay(ends="2026-08-31", asked=True, end_reason="moved_otherwise", move_told_on="2026-08-02")),
        None,
    ),
    "reasons of a move: a planned end has its reason": (
        "move_reasons",
        facts(stay(ends="2026-08-31", asked=True, end_reason="planned_end")),
        None,
    ),
    "reasons of a move: not from a home that is not followed": (
        "move_reasons",
        facts(stay(ends="2026-08-31", asked=True, end_reason="moved_for_quality", followed=False)),
        None,
    ),
    "individual agreement by routine, from the last day of January": (
        "individual",
        facts(stay(starts="2028-01-31")),
        "2028-02-29",
    ),
    "individual agreement": ("individual", facts(stay(reliefs=frozenset({"individual"}))), None),
    "a deviation with its reason by routine": ("deviation", facts(stay(starts="2026-08-31")), "2026-09-30"),
    "a deviation with its reason": ("deviation", facts(stay(reliefs=frozenset({"deviation"}))), None),
    "a new vårdplan read through": (
        "care_plan_check",
        facts(stay(care_plan_on="2026-01-31")),
        "2026-02-28",
    ),
    "a new genomförandeplan read through": (
        "treatment_plan_check",
        facts(stay(treatment_plan_on="2027-12-31")),
        "2028-01-31",
    ),
    "no avropsavtal": ("call_off", facts(stay()), "2026-02-15"),
    "avropsavtal": ("call_off", facts(stay(reliefs=frozenset({"call_off"}))), None),
}


@pytest.mark.parametrize("case", IN_THE_LAWS_WORDS)
def test_the_last_day_of_each_clock(case: str) -> None:
    code, known, expected = IN_THE_LAWS_WORDS[case]
    assert last_day(code, known) == expected


def test_each_clock_stands_in_the_table() -> None:
    assert {code for code, *_ in IN_THE_LAWS_WORDS.values()} == set(CLOCKS)


MOVES = {
    "six months go on from one home to the next": (
        "consideration",
        facts(stay(ends="2026-05-31"), stay(placement_id=2, unit_id=2, starts="2026-06-01")),
        "2026-07-15",
    ),
    "and begin anew after a day at home": (
        "consideration",
        facts(stay(ends="2026-05-31"), stay(placement_id=2, unit_id=2, starts="2026-06-02")),
        "2026-12-02",
    ),
    "two years in the home begin anew in another home of the same consultancy": (
        "custody",
        facts(
            stay(form="konsulentstott_familjehem", starts="2024-01-01", ends="2025-12-31", home="H1"),
            stay(placement_id=2, form="konsulentstott_familjehem", starts="2026-01-01", home="H2"),
        ),
        "2028-01-01",
    ),
    "and go on in the same home with another consultancy": (
        "custody",
        facts(
            stay(form="konsulentstott_familjehem", starts="2024-06-01", ends="2025-12-31", home="H1"),
            stay(placement_id=2, unit_id=2, form="konsulentstott_familjehem", starts="2026-01-01", home="H1"),
        ),
        "2026-06-01",
    ),
    "homes that nobody has told apart are one": (
        "custody",
        facts(
            stay(form="konsulentstott_familjehem", starts="2024-06-01", ends="2025-12-31"),
            stay(placement_id=2, form="konsulentstott_familjehem", starts="2026-01-01"),
        ),
        "2026-06-01",
    ),
    "verkställighet goes along to the next home": (
        "reconsideration",
        facts(
            stay("lvu_3", executed_on="2026-02-01", ends="2026-05-31"),
            stay("lvu_3", placement_id=2, unit_id=2, starts="2026-06-01"),
        ),
        "2026-08-01",
    ),
}


@pytest.mark.parametrize("case", MOVES)
def test_a_clock_follows_the_child_and_not_the_row(case: str) -> None:
    code, known, expected = MOVES[case]
    assert last_day(code, known) == expected


def test_a_placement_that_goes_on_elsewhere_has_no_after_care() -> None:
    first, _ = facts_of(
        [stay("lvu_2", ends="2026-05-31"), stay("lvu_2", placement_id=2, starts="2026-06-01")], {}, {}
    )
    assert last_day("after_care_3", first) is None


def waits(known: ClockFacts, day: str) -> set[str]:
    asked = date.fromisoformat(day)
    return {one.clock.code for one in times_of(known, CLOCKS.values()) if one.open_on(asked)}


def test_a_planned_placement_has_no_clock_until_it_begins_and_none_but_after_care_when_it_has_ended() -> None:
    known = facts(stay("lvu_2", ends="2026-08-31"))
    assert waits(known, "2026-01-14") == set()
    assert "consideration" in waits(known, "2026-01-15") and "consideration" in waits(known, "2026-08-31")
    assert waits(known, "2026-09-01") == {"after_care_3", "after_care_6"}


def test_the_consideration_is_no_more_from_the_birthday_on() -> None:
    known = facts(stay(born="2008-03-01"))
    assert "consideration" in waits(known, "2026-02-28")
    assert "consideration" not in waits(known, "2026-03-01")


def read_through(*checked_of: str) -> ClockFacts:
    """A plan of 10 February, where the plans of these days have been read through on 20 March."""
    read = {"care_plan": {date.fromisoformat(day): date(2026, 3, 20) for day in checked_of}}
    return facts_of([stay(care_plan_on="2026-02-10")], {}, {PlacementId(1): read})[0]


@pytest.mark.parametrize(
    ("checked_of", "expected"), [((), "2026-03-10"), (("2026-02-10",), None), (("2025-12-01",), "2026-03-10")]
)
def test_a_plan_is_read_through_once_when_it_is_new(
    checked_of: tuple[str, ...], expected: str | None
) -> None:
    assert last_day("care_plan_check", read_through(*checked_of)) == expected


@pytest.mark.parametrize(
    ("unit", "reason", "expected"),
    [(2, "egen_orsak", "2026-06-30"), (1, "egen_orsak", None), (2, "of_age", None), (2, "moved_home", None)],
)
def test_who_goes_on_to_another_unit_was_moved_unless_the_register_says_otherwise(
    unit: int, reason: str, expected: str | None
) -> None:
    first, _ = facts_of(
        [
            stay(ends="2026-05-31", asked=True, end_reason=reason),
            stay(placement_id=2, unit_id=unit, starts="2026-06-01"),
        ],
        {},
        {},
    )
    assert last_day("move_reasons", first) == expected


@pytest.mark.parametrize(
    ("done", "in_time"),
    [
        (["2026-07-15"], [True, False]),
        (["2026-07-16"], [False, False]),
        (["2026-07-01", "2026-12-31"], [True, True]),
    ],
)
def test_what_was_done_on_the_last_day_was_done_in_time(done: list[str], in_time: list[bool]) -> None:
    times = times_of(facts(stay(), consideration=done), [CLOCKS["consideration"]])
    assert [one.in_time for one in times][:2] == in_time
    assert due_between(times, date(2026, 7, 1), date(2026, 7, 31)) == times[:1]


@pytest.mark.parametrize(
    ("day", "reminder"),
    [
        ("2026-05-30", None),
        ("2026-05-31", 45),
        ("2026-07-01", 14),
        ("2026-07-14", 14),
        ("2026-07-15", 0),
        ("2026-08-30", 0),
    ],
)
def test_it_is_reminded_of_45_and_14_days_before_and_on_the_day(day: str, reminder: int | None) -> None:
    [first] = times_of(facts(stay()), [CLOCKS["consideration"]])
    assert first.reminder(date.fromisoformat(day)) == reminder


@given(st.lists(DAYS, max_size=6), st.permutations(range(6)), DAYS)
def test_a_clock_never_moves_because_something_ran_late_or_twice_or_in_another_order(
    done: list[date], order: list[int], asked: date
) -> None:
    """What is due depends on what has been done and on no moment at which it is worked out."""
    shuffled = [done[at] for at in order if at < len(done)]
    known = [
        facts_of([stay(born=None)], {"consideration": days}, {})[0] for days in (done, shuffled, done + done)
    ]
    first, second, third = (times_of(one, CLOCKS.values()) for one in known)
    assert first == second == third
    assert [one.open_on(asked) for one in first] == [one.open_on(asked) for one in third]


@given(st.lists(DAYS, max_size=6))
def test_at_most_one_time_of_a_clock_waits_and_the_last_days_come_one_after_another(done: list[date]) -> None:
    times = times_of(facts_of([stay(born=None)], {"consideration": done}, {})[0], [CLOCKS["consideration"]])
    assert [one.done is None for one in times] == [False] * (len(times) - 1) + [True]
    assert [one.since for one in times[1:]] == [one.done for one in times[:-1]]
    assert all(one.since <= one.due for one in times)


@given(DAYS, st.integers(0, 40))
def test_months_after_is_never_a_day_too_many(day: date, months: int) -> None:
    """The day after it would be past the whole months."""
    after = months_after(day, months)
    assert after.day == day.day or (after + timedelta(days=1)).day == 1
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months


LONGER = OwnClock(
    code="after_care_6", word="uppföljning efter avslut", valid_from=date(2027, 1, 1), months=12
)
EVERY_THREE = OwnClock(
    code="trygghet",
    word="trygghetsprövning",
    english="safety review",
    valid_from=date(2027, 1, 1),
    starts="placement",
    months=3,
    then_months=3,
    form="hem_barn_unga",
    meeting=True,
)


@pytest.mark.parametrize(
    ("own", "code", "known", "expected"),
    [
        (LONGER, "after_care_6", facts(stay("lvu_2", ends="2026-12-31")), "2027-06-30"),
        (LONGER, "after_care_6", facts(stay("lvu_2", ends="2027-01-01")), "2028-01-01"),
        (EVERY_THREE, "trygghet", facts(stay(form="hem_barn_unga", starts="2027-01-31")), "2027-04-30"),
        (EVERY_THREE, "trygghet", facts(stay(form="hem_barn_unga", starts="2026-10-01")), "2027-04-01"),
        (
            EVERY_THREE,
            "trygghet",
            facts(stay(form="hem_barn_unga", starts="2027-01-31"), trygghet=["2027-04-02"]),
            "2027-07-02",
        ),
        (EVERY_THREE, "trygghet", facts(stay(starts="2027-01-31")), None),
    ],
)
def test_a_municipalitys_own_row_holds_from_its_day(
    own: OwnClock, code: str, known: ClockFacts, expected: str | None
) -> None:
    assert last_day(code, known, with_own_clocks([own])) == expected


def test_a_time_that_runs_stands_when_its_row_has_had_its_last_day() -> None:
    over = [replace(one, valid_to=date(2026, 3, 31)) for one in CLOCKS.values()]
    assert last_day("consideration", facts(stay()), over) == "2026-07-15"
    assert last_day("consideration", facts(stay(), consideration=["2026-05-02"]), over) is None


def test_a_ground_of_the_municipalitys_own_has_the_clocks_of_what_it_corresponds_to() -> None:
    new = replace(stay("lvu_2027", executed_on="2026-02-01"), grounds=frozenset({"lvu_2027", "lvu_3"}))
    assert last_day("reconsideration", facts(new)) == "2026-08-01"


def test_a_ground_that_no_clock_stands_in_is_found() -> None:
    grounds = [*LEGAL_GROUNDS, "lvu_2027"]
    own = OwnClock(code="ny", word="ny", ground="lvu_2027", months=6)
    assert without_clock(grounds, CLOCKS.values()) == ["immediate_custody", "lvu_2027"]
    assert without_clock(grounds, with_own_clocks([own])) == ["immediate_custody"]


def test_each_clock_of_the_law_has_its_paragraph_in_the_one_table() -> None:
    rules = {one.rule for one in PARAGRAPHS}
    assert {one.law for one in CLOCKS.values() if one.law} <= rules


def test_the_times_come_in_order_of_their_last_days() -> None:
    times: list[ClockDue] = times_of(facts(stay(form="kommunens_familjehem")), CLOCKS.values())
    assert [one.due for one in times] == sorted(one.due for one in times)
