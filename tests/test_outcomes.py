"""How placements ended, on a unit's card: in words of at least three children, from which nobody learns of one."""

from datetime import date
from itertools import product

import pytest
from sqlalchemy import select, update

from followup import PersonId, PlacementId
from followup.access.outcomes import (
    SHARES,
    TOLD,
    OutcomeGroup,
    PlacementEnd,
    grouped,
    last_turn,
    share,
    told_to,
)
from scheduler.outcomes import group_outcomes
from storage.engine.clock_tables import outcome_group
from storage.engine.database import Database
from storage.engine.tables import closing_report, placement
from storage.month import closing_reports
from tests.support.builders import Register, at
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat

SO = {"goals_met": "reached", "child_view": "good", "again": "yes", "reasons": "planned"}
NOT = {"goals_met": "partly", "child_view": "bad", "again": "no", "reasons": "quality"}


def ends(*so: bool, first: int = 1) -> list[PlacementEnd]:
    return [
        PlacementEnd(PlacementId(number), f"AKT-{number}", SO if one else NOT)
        for number, one in enumerate(so, first)
    ]


def words_told(children: tuple[bool, ...], own: int) -> str | None:
    """The word of the goals, to one who knows of the first so many."""
    everyone = ends(*children)
    group = grouped(everyone)
    assert group is not None
    told = told_to(group, everyone[:own])
    return None if told is None else told["goals"]


@pytest.mark.parametrize(("children", "own"), [(n, own) for n in range(3, 9) for own in range(n + 1)])
def test_no_word_tells_anybody_of_a_child_that_is_not_hers(children: int, own: int) -> None:
    """Every town that looks the same to her: in one of them each other child's answer is the other one."""
    towns = list(product((True, False), repeat=children))
    for known in product((True, False), repeat=own):
        seen = {town: words_told(town, own) for town in towns if town[:own] == known}
        assert len({word is None for word in seen.values()}) == 1, "that it is not told would tell"
        for word in set(seen.values()):
            alike = [town for town, told in seen.items() if told == word]
            assert all({town[at] for town in alike} == {True, False} for at in range(own, children)), known


def test_with_nobody_of_hers_it_is_always_told_and_with_too_few_others_never() -> None:
    assert all(words_told(town, 0) for n in (3, 4, 5) for town in product((True, False), repeat=n))
    assert {words_told((True, False, True), own) for own in (1, 2, 3)} == {None}
    assert grouped(ends(True, True)) is None


def test_a_child_who_left_twice_counts_once_with_the_last_end() -> None:
    twice = [
        PlacementEnd(PlacementId(1), "AKT-1", NOT),
        PlacementEnd(PlacementId(5), "AKT-1", SO),
        *ends(True, first=7),
    ]
    assert grouped(twice) is None
    group = grouped([*twice, *ends(True, first=9)])
    assert group == OutcomeGroup(3, {"goals": 3, "view": 3, "again": 3})


@pytest.mark.parametrize(
    ("part", "whole", "word"),
    [(2, 3, "most"), (1, 3, "few"), (2, 4, "half"), (3, 4, "most"), (2, 5, "half"), (0, 5, "few")],
)
def test_a_word_stands_for_several_numbers(part: int, whole: int, word: str) -> None:
    assert share(part, whole) == word


@pytest.mark.parametrize(
    ("today", "turn"),
    [
        ("2026-06-30", "2026-01-01"),
        ("2026-07-01", "2026-07-01"),
        ("2027-01-01", "2027-01-01"),
        ("2026-12-31", "2026-07-01"),
    ],
)
def test_what_was_told_before_the_turn_of_the_half_year_is_grouped(today: str, turn: str) -> None:
    assert str(last_turn(date.fromisoformat(today))) == turn


# Stored.


@pytest.fixture
def town(database: Database) -> Database:
    return annas_town(database)


@told_once
def annas_town(database: Database) -> Database:
    """Anna's three children at Norrgården, and a fourth who is Bilal's; Cilla has none there."""
    with database.transaction() as tx:
        register = Register(tx)
        maria = register.person("maria", "manager")
        register.person("karin", "quality")
        anna, bilal, _ = (register.person(key, manager_id=maria) for key in ("anna", "bilal", "cilla"))
        north = register.unit("NORR", name="Norrgården")
        for number in range(1, 8):
            register.placement(bilal if number == 4 else anna, north, case=f"AKT-{number}")
        register.measured()
    return database


def leaves(town: Database, number: int, *, so: bool = True, told: str = "2026-05-10") -> None:
    """The child leaves on 30 April, and that was told on the day."""
    with town.transaction() as tx:
        row = placement.c.case_reference == f"AKT-{number}"
        left = date(2026, 4, 30)
        tx.connection.execute(update(placement).where(row).values(ends=left, end_reason="of_age"))
        [id_] = tx.connection.scalars(select(placement.c.id).where(row))
        closing_reports.save(tx, id_, left, SO if so else NOT, PersonId(3), at(told))


def group_at(town: Database, moment: str) -> list[tuple[str, int, int]]:
    """Each group: until when told, how many children, and for how many the goals were reached."""
    with town.transaction() as tx:
        group_outcomes(tx, at(moment), 500, None)
        rows = tx.connection.execute(select(outcome_group).order_by(outcome_group.c.id))
        return [(str(row.until), row.children, row.so["goals"]) for row in rows]


def recounted(town: Database) -> int:
    """For how many the goals were reached, from the rows alone."""
    with town.transaction() as tx:
        answers = tx.connection.execute(
            select(placement.c.case_reference, closing_report.c.answers).join(closing_report)
        ).all()
    newest = {row.case_reference: row.answers for row in answers}
    return sum(one["goals_met"] in ("reached", "largely") for one in newest.values())


def test_a_group_waits_for_three_and_for_the_turn_and_is_counted_as_the_rows_are(town: Database) -> None:
    leaves(town, 1)
    leaves(town, 2, so=False)
    assert group_at(town, "2026-07-01") == []
    leaves(town, 3, told="2026-07-02")
    assert group_at(town, "2026-12-31") == []
    assert group_at(town, "2027-01-01") == [("2026-12-31", 3, recounted(town))]
    assert group_at(town, "2027-01-02") == [("2026-12-31", 3, 2)]


def test_a_group_never_changes_and_the_next_is_of_others(town: Database) -> None:
    for number in (1, 2, 3):
        leaves(town, number)
    first = group_at(town, "2026-07-01")
    leaves(town, 1, so=False, told="2026-07-03")
    with town.transaction() as tx:
        goes_on = update(placement).where(placement.c.case_reference == "AKT-2")
        tx.connection.execute(goes_on.values(ends=None, end_reason=None))
    assert group_at(town, "2026-08-01") == first
    for number in (4, 5):
        leaves(town, number, told="2026-08-01")
    assert group_at(town, "2027-01-01") == first
    leaves(town, 6, so=False, told="2027-02-01")
    assert group_at(town, "2027-07-01") == [*first, ("2027-06-30", 3, 2)]


def test_an_end_that_is_no_more_and_one_that_is_told_too_late_are_in_no_group(town: Database) -> None:
    for number in (1, 2):
        leaves(town, number)
    leaves(town, 3, told="2026-07-01")
    assert group_at(town, "2026-07-01 12:00") == []
    leaves(town, 4)
    with town.transaction() as tx:
        goes_on = update(placement).where(placement.c.case_reference == "AKT-4")
        tx.connection.execute(goes_on.values(ends=None, end_reason=None))
    assert group_at(town, "2026-07-02") == []


def test_what_a_file_tells_is_grouped_by_the_day_on_which_it_was_told(town: Database) -> None:
    """A municipality that begins in the autumn reads of what came before."""
    for number in (1, 2, 3):
        leaves(town, number, told="2026-11-23")
    assert group_at(town, "2026-11-23 12:00") == []
    with town.transaction() as tx:
        tx.connection.execute(update(closing_report).values(imported=True, known_at=at("2026-05-10")))
    assert group_at(town, "2026-11-23 12:00") == [("2026-06-30", 3, recounted(town))]


# On the card.


def card_of(town: Database, key: str, *, channel: bool = False) -> str:
    client = Chat(town, at("2026-07-02")).client(key, channel=channel)
    client.say("utförare Norrgården")
    return client.words


def test_a_worker_reads_it_before_she_places_and_one_of_the_three_childrens_own_does_not(
    town: Database,
) -> None:
    for number in (2, 3, 4):
        leaves(town, number, so=number != 4)
    group_at(town, "2026-07-01")
    said = SAY("outcome.goals", share=SAY("outcome.most"))
    for key in ("cilla", "karin", "maria"):
        card = card_of(town, key)
        assert said in card and SAY.write(date(2026, 6, 30)) in card
    for key in ("anna", "bilal"):
        assert SAY("outcome.title") not in card_of(town, key)


def test_where_others_look_on_nothing_is_said_of_it(town: Database) -> None:
    for number in (1, 2, 3):
        leaves(town, number)
    group_at(town, "2026-07-01")
    assert SAY("outcome.title") not in card_of(town, "karin", channel=True)


def test_what_is_said_has_no_number_of_children_in_it() -> None:
    """But for the three that hold for every group."""
    said = [SAY(f"outcome.{what}", share=SAY(f"outcome.{word}")) for what in TOLD for word in SHARES]
    assert not any(letter.isdigit() for one in said for letter in one)


def test_nothing_is_said_where_nobody_has_left(town: Database) -> None:
    assert SAY("outcome.title") not in card_of(town, "cilla")
