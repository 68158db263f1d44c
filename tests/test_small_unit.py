"""What a small unit is, and who sees what of it: every audience, every matter, before and after more children come."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from followup.access.small_unit import (
    Audience,
    ChildPlacement,
    Matter,
    Telling,
    audience_of,
    is_small,
    knows_of,
    told,
    year_before,
)
from followup.people import Role

EVENT, TODAY = date(2026, 5, 10), date(2026, 11, 2)


def stays(*written: str) -> list[ChildPlacement]:
    """`anna 2026-01-01` goes on, `anna 2026-01-01 2026-03-31` has ended."""
    found = []
    for one in written:
        child, starts, *ends = one.split()
        found.append(
            ChildPlacement(child, date.fromisoformat(starts), date.fromisoformat(ends[0]) if ends else None)
        )
    return found


THREE = ("a 2025-01-01", "b 2025-01-01", "c 2025-01-01")


@pytest.mark.parametrize(
    ("placed", "small"),
    [
        pytest.param((), True, id="never filled"),
        pytest.param(THREE[:1], True, id="one"),
        pytest.param(THREE[:2], True, id="two"),
        pytest.param(THREE, False, id="three all the time"),
        pytest.param(("a 2025-01-01", "a 2025-01-01", "b 2025-01-01"), True, id="two stays of one child"),
        pytest.param(("a 2025-01-01", "b 2026-05-11", "c 2026-05-11"), True, id="two came the day after"),
        pytest.param(("a 2025-01-01", "b 2026-05-10", "c 2026-05-10"), False, id="two came that very day"),
        pytest.param((*THREE[:2], "c 2025-01-01 2026-11-01"), True, id="one left yesterday"),
        pytest.param((*THREE[:2], "c 2025-01-01 2026-11-02"), False, id="one leaves tonight"),
        pytest.param((*THREE, "d 2025-01-01 2026-06-01"), False, id="four became three"),
        pytest.param((*THREE[:2], "c 2025-01-01 2026-06-01", "d 2026-06-02"), False, id="no day between"),
        pytest.param((*THREE[:2], "c 2025-01-01 2026-06-01", "d 2026-06-03"), True, id="a day between"),
        pytest.param(
            ("a 2025-01-01 2026-06-01", "b 2025-01-01 2026-06-01", "c 2025-01-01 2026-06-01"),
            False,
            id="all left at once, so no day had one or two",
        ),
        pytest.param(
            ("a 2025-01-01 2026-05-09", "b 2025-01-01 2026-05-09", "c 2025-01-01 2026-05-09"),
            True,
            id="all had left the day before",
        ),
        pytest.param(("a 2027-01-01", "b 2027-01-01", "c 2027-01-01"), True, id="nobody has come yet"),
        pytest.param((*THREE[:2], "c 2026-12-01"), True, id="the third is to come"),
        pytest.param((*THREE[:2], "c 2025-01-01 9999-12-31"), False, id="until further notice"),
    ],
)
def test_a_unit_is_small_when_some_day_of_the_window_had_one_or_two(
    placed: tuple[str, ...], small: bool
) -> None:
    assert is_small(stays(*placed), EVENT, TODAY) == small


_days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
_histories = st.lists(
    st.builds(ChildPlacement, st.sampled_from("abcdefg"), _days, st.none() | _days).filter(
        lambda one: one.ends is None or one.ends >= one.starts
    ),
    max_size=12,
)


def by_day(history: list[ChildPlacement], since: date, until: date) -> list[set[str]]:
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    return [{one.child for one in history if one.starts <= day <= (one.ends or day)} for day in days]


@given(_histories, _days, _days)
def test_smallness_is_what_a_count_of_every_day_says(
    history: list[ChildPlacement], one: date, other: date
) -> None:
    since, until = sorted((one, other))
    on = by_day(history, since, until)
    ever = {child for children in on for child in children}
    assert is_small(history, since, until) == (len(ever) < 3 or any(len(few) in (1, 2) for few in on))


@given(_histories, _days, _days, st.integers(1, 60), st.integers(1, 9))
def test_children_who_come_later_uncover_nothing_where_one_or_two_have_been(
    history: list[ChildPlacement], one: date, other: date, days: int, children: int
) -> None:
    since, until = sorted((one, other))
    assume(any(len(few) in (1, 2) for few in by_day(history, since, until)))
    later = [ChildPlacement(f"new{n}", until + timedelta(days=1)) for n in range(children)]
    assert is_small([*history, *later], since, until + timedelta(days=days))


@pytest.mark.parametrize(
    ("day", "first"),
    [("2026-11-02", "2025-11-01"), ("2026-10-31", "2025-10-01"), ("2028-02-29", "2027-02-01")],
)
def test_a_year_before_is_twelve_whole_months(day: str, first: str) -> None:
    assert year_before(date.fromisoformat(day)) == date.fromisoformat(first)


# Written out from the table that was decided, and not from the code: quality, manager, channel, public.
TABLE = {
    "name": "all all all all",
    "provider": "all all nothing all",
    "form": "all all nothing all",
    "band": "all all all nothing",
    "alert": "all all link nothing",
    "placements": "all word nothing nothing",
    "coverage": "all word nothing nothing",
    "level": "all nothing nothing nothing",
    "evidence": "all word nothing nothing",
    "answers": "all own nothing nothing",
    "follow_up": "all all link nothing",
    "verdict": "all all nothing month",
    "outcome": "all all nothing nothing",
    "follow_up_texts": "all after_verdict nothing nothing",
    "contract": "all all nothing all",
}


@pytest.mark.parametrize("matter", Matter)
def test_of_a_small_unit_each_is_told_what_the_table_says(matter: Matter) -> None:
    audiences = (Audience.QUALITY, Audience.MANAGER, Audience.CHANNEL, Audience.PUBLIC)
    assert " ".join(told(one, matter, small=True) for one in audiences) == TABLE[matter]


@pytest.mark.parametrize("matter", Matter)
def test_the_table_only_takes_away_and_of_larger_units_the_access_table_decides(matter: Matter) -> None:
    for audience in (Audience.QUALITY, Audience.MANAGER, Audience.CHANNEL):
        assert told(audience, matter, small=False) == Telling.ALL


@pytest.mark.parametrize("matter", Matter)
@pytest.mark.parametrize("audience", [Audience.WORKER, Audience.PUBLIC])
def test_workers_and_the_public_are_told_the_same_of_every_unit(audience: Audience, matter: Matter) -> None:
    assert told(audience, matter, small=True) == told(audience, matter, small=False)


SEEN_BY_WORKERS = {Matter.NAME, Matter.PROVIDER, Matter.FORM, Matter.BAND, Matter.VERDICT}


def test_a_worker_is_told_name_provider_form_band_the_last_verdict_and_how_placements_ended() -> None:
    seen = {one for one in Matter if told(Audience.WORKER, one, small=False) == Telling.ALL}
    assert seen == {*SEEN_BY_WORKERS, Matter.OUTCOME}


@pytest.mark.parametrize(
    ("role", "channel", "audience"),
    [
        (Role.QUALITY, False, Audience.QUALITY),
        (Role.QUALITY, True, Audience.CHANNEL),
        (Role.MANAGER, False, Audience.MANAGER),
        (Role.MANAGER, True, Audience.CHANNEL),
        (Role.WORKER, False, Audience.WORKER),
        (Role.ADMIN, False, Audience.PUBLIC),
        (None, False, Audience.CHANNEL),
        (None, True, Audience.CHANNEL),
    ],
)
def test_in_a_channel_the_quality_team_is_not_alone(
    role: Role | None, channel: bool, audience: Audience
) -> None:
    assert audience_of(role, channel=channel) == audience


@pytest.mark.parametrize("audience", Audience)
def test_an_unannounced_visit_exists_for_the_quality_team_alone(audience: Audience) -> None:
    assert knows_of(audience, secret=True) == (audience == Audience.QUALITY)
    assert knows_of(audience, secret=False)
