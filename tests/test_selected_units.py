"""What locking a selection opens: a follow-up of each unit with a day and an owner, or the open one joined to it."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, text

from dialogs.follow_ups.follow_up_messages import follow_up_given_card
from followup import PersonId, UnitId
from followup.follow_ups.follow_up import FollowUp
from followup.follow_ups.proposed_plan import proposed_days, proposed_owners
from followup.messages.follow_ups import FollowUpGiven
from followup.times.calendar import is_working_day
from followup.times.deadlines import YearDates
from services.follow_ups import following_up
from services.selection import selecting, selection_steps
from services.selection.selecting import LockedSelection, Plan
from services.views import follow_ups as views
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery
from storage.follow_ups import follow_ups
from storage.messages.written import readable
from storage.register import units
from storage.selection import selections
from tests.support.builders import Register, at
from tests.support.deeds import acting_as, entries_of, known, trial
from tests.support.selection_builders import fill_town
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat

NOW = at("2026-11-23 12:00")
VALUE = "4 8 15 16 23 42 7"
DATES = YearDates()


@pytest.fixture
def town(database: Database) -> Database:
    return with_a_drawn_selection(database)


@told_once
def with_a_drawn_selection(database: Database) -> Database:
    """A drawn selection, which is the first cycle."""
    with database.transaction() as tx:
        fill_town(tx)
        karin = known(tx, "karin")
        selecting.draw(tx, selecting.freeze(tx, Plan(2026, "Lotto"), karin, NOW), VALUE, karin, NOW)
    return database


def locked(tx: Transaction, key: str = "karin") -> LockedSelection:
    done = selection_steps.lock(acting_as(tx, key, NOW), selections.of_year(tx, 2026)[0].id, 0)
    assert isinstance(done, LockedSelection)
    return done


def unit_id(tx: Transaction, key: str) -> UnitId:
    found = units.by_key(tx, key)
    assert found is not None
    return found.id


def ad_hoc(tx: Transaction, **known_of_it: object) -> FollowUp:
    karin = known(tx, "karin").id
    opened, _ = following_up.open_ad_hoc(tx, unit_id(tx, "ASPEN"), karin, NOW)
    if not known_of_it:
        return opened
    return following_up.save(tx, replace(opened, **known_of_it), karin, NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "today", "year", "part", "after", "until"),
    [
        (1, "2026-03-02", 2026, 0, "2026-03-02", "2026-08-31"),
        (6, "2026-03-02", 2026, 0, "2026-03-02", "2026-08-31"),
        # Their day has passed: what is left of the year.
        (3, "2026-11-23", 2026, 0, "2026-11-23", "2026-12-31"),
        # The second half's own day, and a coming year's in that year alone.
        (2, "2026-09-01", 2026, 2, "2026-09-01", "2026-12-15"),
        (2, "2026-11-23", 2027, 0, "2026-12-31", "2027-08-31"),
        # More than there are days.
        (9, "2026-12-28", 2026, 0, "2026-12-28", "2026-12-31"),
    ],
)
def test_days_are_working_days_still_to_come_spread_evenly_until_the_follow_ups_are_to_be_done(
    number: int, today: str, year: int, part: int, after: str, until: str
) -> None:
    days = proposed_days(number, date.fromisoformat(today), DATES, year, part)
    begins, ends = date.fromisoformat(after), date.fromisoformat(until)
    offered = [begins + timedelta(days=n) for n in range(1, (ends - begins).days + 1)]
    working = [day for day in offered if is_working_day(day)]
    places = [working.index(day) for day in days if day is not None]
    assert len(places) == number
    gaps = [later - earlier for earlier, later in pairwise(places)]
    assert max(gaps, default=0) - min(gaps, default=0) <= 1
    assert min(gaps, default=0) >= 0
    # As much is left before the first as after the last.
    assert abs(places[0] - (len(working) - 1 - places[-1])) <= 1


def test_where_the_year_has_passed_or_nothing_is_opened_no_day_is_proposed() -> None:
    assert proposed_days(2, date(2027, 1, 4), DATES, 2026, 0) == [None, None]
    assert proposed_days(2, date(2026, 12, 31), DATES, 2026, 0) == [None, None]
    assert proposed_days(0, date(2026, 3, 1), DATES, 2026, 0) == []


@pytest.mark.parametrize(
    ("has", "number", "owners"),
    [
        ({}, 5, [1, 2, 3, 1, 2]),
        ({1: 2, 3: 1}, 4, [2, 2, 3, 1]),
        ({1: 9}, 3, [2, 3, 2]),
        ({7: 9}, 1, [1]),
        ({1: 1}, 0, []),
    ],
)
def test_each_goes_to_the_one_of_the_team_who_has_the_fewest_open(
    has: dict[int, int], number: int, owners: list[int]
) -> None:
    team = [PersonId(one) for one in (1, 2, 3)]
    assert proposed_owners(number, team, {PersonId(id_): n for id_, n in has.items()}) == owners


def test_those_that_risk_chose_are_known_by_it_and_stay_so_where_an_alert_opened_them(town: Database) -> None:
    with trial(town) as tx:
        joined = ad_hoc(tx)
        tx.connection.execute(text("update follow_up set by_risk = :yes"), {"yes": True})
        done = locked(tx)
        risk = {"red", "yellow", "risk_insufficient", "spot_risk"}
        chosen = {one.unit for one in done.selected if risk & set(one.reasons)}
        assert chosen
        assert chosen < {one.unit for one in done.selected}
        rows = "select key from unit join follow_up on unit.id = unit_id where by_risk"
        stored = set(tx.connection.scalars(text(rows)))
        assert stored == chosen | {units.get(tx, joined.unit_id).key}
        for one in follow_ups.of_cycle(tx, done.cycle.id):
            assert one.by_risk == (units.get(tx, one.unit_id).key in stored)


def test_the_lock_opens_one_of_each_unit_with_a_day_and_owners_evenly_and_tells_each_once(
    town: Database,
) -> None:
    with trial(town) as tx:
        done = locked(tx)
        stored = follow_ups.of_cycle(tx, done.cycle.id)
        assert tuple(stored) == done.follow_ups.opened
        assert {units.get(tx, one.unit_id).key for one in stored} == {one.unit for one in done.selected}
        assert all(one.planned_on and one.planned_on > NOW.date() for one in stored)
        counts = Counter(one.owner_id for one in stored)
        karin, kim = known(tx, "karin").id, known(tx, "kim").id
        assert set(counts) == {karin, kim}
        assert max(counts.values()) - min(counts.values()) <= 1
        counted = "select owner_id, count(*) from follow_up_version group by owner_id"
        assert dict(map(tuple, tx.connection.execute(text(counted)))) == done.follow_ups.number_by_owner
        told = tx.connection.execute(
            select(delivery.c.person_id, delivery.c.kind, delivery.c.payload).where(
                delivery.c.kind == "follow_up_given"
            )
        ).all()
        assert [one.person_id for one in told] == [kim] * counts[kim]
        messages = [readable(one.kind, one.payload) for one in told]
        # What waits for her goes as one.
        assert isinstance(messages[-1], FollowUpGiven)
        every = messages[-1].with_all([one for one in messages if one])
        assert len({one.follow_up_id for one in (*every.others, every)}) == counts[kim]
        card = follow_up_given_card(every, acting_as(tx, "kim", NOW), SAY)
        assert card is not None
        assert card.summary == SAY("follow_up_given.title", n=counts[kim])
        written = [one for one in entries_of(tx, "karin") if one[1].startswith("follow_up:")]
        assert len(written) == len(stored)


@pytest.mark.parametrize(
    ("known_of_it", "kept"),
    [
        ({}, ("owner_id",)),
        ({"planned_on": date(2026, 11, 24), "method": "visit"}, ("owner_id", "planned_on")),
        ({"planned_on": date(2026, 11, 2), "held_on": date(2026, 11, 2)}, ("planned_on", "held_on")),
    ],
)
def test_one_that_is_open_at_the_unit_is_joined_with_all_that_it_has_and_is_not_doubled(
    town: Database, known_of_it: dict[str, object], kept: tuple[str, ...]
) -> None:
    with trial(town) as tx:
        before = ad_hoc(tx, **known_of_it)
        done = locked(tx)
        [joined] = done.follow_ups.joined
        assert (joined.id, joined.cycle_id) == (before.id, done.cycle.id)
        assert [getattr(joined, name) for name in kept] == [getattr(before, name) for name in kept]
        assert joined.planned_on is not None
        assert follow_ups.get(tx, joined.id) == joined
        assert [one.id for one in follow_ups.of_unit(tx, before.unit_id)] == [before.id]
        assert len(follow_ups.of_cycle(tx, done.cycle.id)) == len(done.selected)
        # It counts among what she has already.
        counts = done.follow_ups.number_by_owner
        assert max(counts.values()) - min(counts.values()) <= 1


def test_one_that_is_closed_or_of_an_earlier_selection_is_left_as_it_is(town: Database) -> None:
    with trial(town) as tx:
        cancelled = following_up.cancel(tx, ad_hoc(tx), "Dubbel.", known(tx, "karin").id, NOW)
        karin = known(tx, "karin")
        earlier = selecting.freeze(tx, Plan(2026, "Lotto", "Extra"), karin, NOW)
        of_earlier = follow_ups.open_new(tx, unit_id(tx, "BJORK"), karin.id, NOW, cycle_id=earlier.id)
        done = locked(tx)
        assert done.follow_ups.joined == ()
        assert len(done.follow_ups.opened) == len(done.selected)
        assert of_earlier is not None
        for one in (cancelled, of_earlier):
            assert follow_ups.get(tx, one.id) == one


def test_what_nobody_of_the_team_has_any_more_gets_an_owner_as_it_is_joined(town: Database) -> None:
    with trial(town) as tx:
        gone = Register(tx).person("gone", "quality", active=False)
        ad_hoc(tx, owner_id=PersonId(gone))
        [joined] = locked(tx).follow_ups.joined
        assert joined.owner_id in {known(tx, "karin").id, known(tx, "kim").id}


def test_what_the_evidence_fills_in_stands_until_something_is_written_whoever_is_given_it(
    town: Database,
) -> None:
    with trial(town) as tx:
        one = locked(tx).follow_ups.opened[0]
        by = acting_as(tx, "karin", NOW)
        kim = known(tx, "kim").id
        given = following_up.save(tx, replace(one, owner_id=kim), by.person.id, NOW)
        assert views.evidence_at_first(by, given) is not None
        begun = following_up.save(tx, replace(given, areas={"indicators": "Index 4."}), kim, NOW)
        assert views.evidence_at_first(by, begun) is None


@pytest.mark.parametrize("joins", [False, True])
def test_the_receipt_says_what_was_opened_and_joined_and_who_has_how_many(
    town: Database, joins: bool
) -> None:
    with town.transaction() as tx:
        if joins:
            ad_hoc(tx)
    karin = Chat(town, NOW).client("karin")
    karin.say("urval")
    karin.press(SAY("selection.lock"))
    karin.press(SAY("selection.lock.send"))
    with town.transaction() as tx:
        stored = follow_ups.of_cycle(tx, selections.of_year(tx, 2026)[0].id)
        counts = Counter(one.owner_id for one in stored)
        people = {known(tx, key).id: known(tx, key).name for key in ("karin", "kim")}
    assert SAY("selection.locked.opened", n=len(stored) - joins) in karin.words
    assert (SAY("selection.locked.joined", n=1) in karin.words) == joins
    for owner, n in counts.items():
        assert owner is not None
        assert SAY("selection.locked.owner", name=people[owner], n=n) in karin.words


def test_the_owners_of_all_are_changed_in_one_card_and_what_a_colleague_changed_meanwhile_is_left(
    town: Database,
) -> None:
    with town.transaction() as tx:
        done, kim = locked(tx), known(tx, "kim").id
        first, second, *_ = [one for one in done.follow_ups.opened if one.owner_id != kim]
    karin = Chat(town, NOW).client("karin")
    karin.say("urval")
    karin.press(SAY("selection.owners"))
    with town.transaction() as tx:
        following_up.save(tx, second, known(tx, "kim").id, NOW)
    chosen = {f"owner_{one.id}": str(kim) for one in (first, second)}
    karin.press(SAY("selection.owners.send"), chosen)
    assert SAY("selection.owners.done", n=1) in karin.words
    assert SAY("selection.owners.left", numbers=second.number) in karin.words
    with town.transaction() as tx:
        stored = {one.id: one.owner_id for one in follow_ups.of_cycle(tx, done.cycle.id)}
    assert stored == {**{one.id: one.owner_id for one in done.follow_ups.opened}, first.id: kim}
