"""What stands now is kept with each score, and is what all the scores counted anew give."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text

from followup import UnitId
from followup.risk.bands import BANDS, never_plain_green
from followup.risk.risk_config import FIRST_BASE_LEVELS, FIRST_CONFIG
from followup.risk.stored_score import METHOD_NAME, StoredScore
from followup.times.month import Month
from services.verification import faults_in_what_is_kept
from services.views.units import rows_in_bands
from storage.engine.database import Database, Transaction
from storage.engine.standing_tables import standing
from storage.engine.tables import score
from storage.register import units
from storage.risk import scores, standings
from tests.support.builders import at
from tests.support.deeds import acting
from tests.support.municipality import fill
from tests.support.turns import SAY
from tests.test_tampering import found, scored

FIRST = date(2026, 9, 25)
# Unit, day, band, whether enough is known, and whether the method in use made it, in the order stored.
Scored = tuple[int, int, str, bool, bool]
SCORED = st.tuples(
    st.integers(1, 2),
    st.integers(0, 70),
    st.sampled_from(BANDS),
    st.booleans(),
    st.sampled_from([True] * 4 + [False]),
)


def store(tx: Transaction, each: Sequence[Scored]) -> None:
    for unit_id, day, band, enough, of_method in each:
        values = {"as_of": FIRST + timedelta(days=day), "shown": band, "rate_band": band, "enough": enough}
        made = {
            "unit_id": unit_id,
            "month_end": False,
            "scored_at": at("2027-01-01"),
            "calm": 0,
            "n": 0,
            "index": 100,
        }
        method = {"method": METHOD_NAME if of_method else "risk-1", "config_id": FIRST_CONFIG.id}
        sums = dict.fromkeys(("o", "e", "ot", "et", "r", "p", "pt"), 0.0)
        proof = {"base_levels_id": FIRST_BASE_LEVELS.id, "inputs": "{}", "inputs_sha256": ""}
        tx.connection.execute(insert(score).values(**values, **made, **method, **sums, **proof))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(each=st.lists(SCORED, max_size=12))
def test_whatever_is_scored_in_whatever_order_is_kept_as_it_is_recounted(
    database: Database, each: list[Scored]
) -> None:
    kept_as_recounted(database, each)


def test_it_is_so_on_postgresql(on_postgresql: Database) -> None:
    for each in (
        [(1, 3, "red", True, True), (1, 40, "green", False, True), (1, 5, "yellow", True, True)],
        [(1, 40, "red", True, True), (1, 5, "yellow", True, True), (1, 4, "red", True, True)],
        [(2, 5, "yellow", True, False), (2, 5, "red", True, True), (2, 5, "green", False, True)],
    ):
        kept_as_recounted(on_postgresql, each)


def kept_as_recounted(database: Database, each: Sequence[Scored]) -> None:
    with database.transaction() as tx:
        if not units.all_units(tx):
            fill(tx)
        tx.connection.execute(delete(score))
        tx.connection.execute(delete(standing))
        store(tx, each)
        assert standings.by_unit(tx) == standings.recounted(tx)
        assert set(standings.by_unit(tx)) == {one[0] for one in each if one[4]}


def test_what_stands_is_what_the_newest_scores_say(municipality: Database) -> None:
    """Each figure against the scores themselves, at every month's end and between."""
    database = scored(municipality)
    with database.transaction() as tx:
        followed = units.followed_units(tx)
        newest = {one.id: scores.latest(tx, one.id) for one in followed}
        shown = {
            id_: never_plain_green(one.shown if one else "green", enough=bool(one and one.enough))
            for id_, one in newest.items()
        }
        assert standings.counted(tx) == Counter(shown.values())
        by_name = sorted(followed, key=lambda one: one.name)
        for band in ("red", "yellow", "green", "insufficient"):
            expected = [one.id for one in by_name if shown[one.id] == band]
            assert standings.in_band(tx, band, 20) == expected
            assert standings.in_band(tx, band, 1) == expected[:1]
    assert found(database, faults_in_what_is_kept) == []


@pytest.mark.parametrize("moment", ["2026-11-01", "2026-11-05", "2026-12-05", "2027-03-01", "2027-05-01"])
def test_what_has_changed_since_is_told_against_the_scores_of_then(
    municipality: Database, moment: str
) -> None:
    database = scored(municipality)
    with database.transaction() as tx:
        told = {one.unit_id: (one.before, one.after) for one in standings.changed_since(tx, at(moment))}
        then = {one.id: known_at(tx, one.id, at(moment)) for one in units.followed_units(tx)}
        assert told == changed(tx, then)


def test_what_has_changed_since_the_last_month_ended_is_told_against_that_day(municipality: Database) -> None:
    database = scored(municipality)
    with database.transaction() as tx:
        for last in (Month(2027, 3), Month(2027, 4)):
            told = {one.unit_id: (one.before, one.after) for one in standings.changed_since_month(tx, last)}
            then = {one.id: scores.latest(tx, one.id, last.last) for one in units.followed_units(tx)}
            assert told == changed(tx, then)


def known_at(tx: Transaction, unit_id: UnitId, moment: datetime) -> StoredScore | None:
    """The unit's last score that had been stored before the moment: what anybody could know of it then.

    What was read later about earlier days, as when history is read in, is no part of it.
    """
    stored = select(score.c.id).where(score.c.unit_id == unit_id, score.c.method == METHOD_NAME)
    then = stored.where(score.c.scored_at < moment, score.c.as_of <= moment.date())
    newest = tx.connection.execute(then.order_by(score.c.as_of.desc(), score.c.id.desc())).scalars().first()
    return None if newest is None else scores.get(tx, newest)


def changed(tx: Transaction, then: dict[UnitId, StoredScore | None]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for unit_id, was in then.items():
        newest = scores.latest(tx, unit_id)
        before = was.shown if was else "green"
        if newest and newest.shown != before:
            found[unit_id] = (before, newest.shown)
    return found


def test_a_list_of_units_reads_no_more_than_it_shows_and_says_how_many_there_are(
    municipality: Database,
) -> None:
    scored(municipality)
    with acting(municipality, "karin", at("2027-04-01 09:00")) as karin:
        all_, first = (rows_in_bands(karin, ("red", "insufficient"), most) for most in (20, 1))
    assert (len(all_.rows), len(first.rows)) == (all_.number, 1)
    assert first.number == all_.number > 1
    assert [row.unit.id for row in first.rows] == [row.unit.id for row in all_.rows[:1]]


@pytest.mark.parametrize(
    "change", ["shown = 'red'", "enough = not enough", "shown_before = 'red'", "as_of = '2026-01-01'"]
)
def test_what_is_kept_and_is_not_what_the_scores_give_is_found(municipality: Database, change: str) -> None:
    database = scored(municipality)
    with database.transaction() as tx:
        green = tx.connection.execute(
            text("select min(unit_id) from standing where shown = 'green'")
        ).scalar_one()
        tx.connection.execute(text(f"update standing set {change} where unit_id = {green}"))
        key = units.get(tx, green).key
    assert found(database, faults_in_what_is_kept) == [SAY("check.standing", unit=key)]


def test_a_row_that_is_gone_is_found(municipality: Database) -> None:
    database = scored(municipality)
    with database.transaction() as tx:
        tx.connection.execute(text("delete from standing where unit_id = 2"))
        key = units.get(tx, UnitId(2)).key
    assert found(database, faults_in_what_is_kept) == [SAY("check.standing", unit=key)]
