"""A follow-up that is not to be done: cancelled with a reason, and then neither late nor open nor a verdict."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from followup import PersonId, UnitId
from followup.figures import year_follow_ups
from followup.follow_ups.follow_up import FollowUp
from followup.times.deadlines import YearDates
from followup.wording.wording import wording
from services.follow_ups import following_up
from services.selection.selecting import Plan, draw, freeze, lock
from services.selection.selection_state import has_passed
from services.selection.year import facts_of_year
from storage.engine.database import Database, Transaction
from storage.engine.year_tables import follow_up_version
from storage.follow_ups import follow_ups
from storage.register import units
from tests.support.builders import at
from tests.support.selection_builders import fill_town, somebody
from tests.support.turns import SAY, Chat, Client
from tests.test_dialog_follow_ups import NUMBER, opened, walk, walked, with_action

NOW = at("2026-11-23 12:00")


def newest(chat: Chat) -> FollowUp:
    with chat.database.transaction() as tx:
        [one] = follow_ups.of_unit(tx, UnitId(2))
    return one


def cancelled(chat: Chat, karin: Client, reason: str = "Enheten har stängt.") -> FollowUp:
    karin.press(SAY("follow_up.cancel"))
    karin.press(SAY("follow_up.cancel"), {"reason": reason})
    return newest(chat)


def test_it_leaves_the_list_and_can_still_be_read(municipality: Database) -> None:
    chat, karin = walked(municipality, "collect")
    assert cancelled(chat, karin).step == "cancelled"
    assert SAY("follow_up.now_cancelled") in karin.words
    assert "Enheten har stängt." in karin.words
    assert SAY("follow_up.deviations") in karin.words
    assert SAY("follow_up.cancel") not in karin.buttons
    karin.say("uppföljningar")
    assert SAY("follow_ups.none") in karin.words


@pytest.mark.parametrize("reason", ["", "   ", f"Rör {NUMBER}."])
def test_it_takes_a_reason_without_a_personnummer(municipality: Database, reason: str) -> None:
    chat, karin = opened(municipality)
    before = newest(chat)
    assert cancelled(chat, karin, reason) == before
    assert SAY("form.problems", n=1) in karin.words


def test_what_is_to_be_done_is_finished_first(municipality: Database) -> None:
    chat, karin = with_action(municipality)
    karin.press(SAY("follow_up.back"))
    before = newest(chat)
    assert cancelled(chat, karin) == before
    assert SAY("follow_up.actions_left", n=1) in karin.words


def test_an_old_card_cancels_nothing(municipality: Database) -> None:
    chat, karin = opened(municipality)
    old = dict(karin.button(SAY("follow_up.cancel")).action["data"]["card"])
    walk(chat, karin, "plan")
    before = newest(chat)
    answer = karin.forge("cancel_follow_up", old, {"reason": "x"})
    assert answer.notice == SAY("follow_up.changed", name="Karin Test")
    assert newest(chat) == before


def test_the_unit_remembers_its_earlier_follow_up(municipality: Database) -> None:
    chat, karin = walked(municipality, "assess")
    with municipality.transaction() as tx:
        units.record_follow_up(tx, UnitId(2), date(2024, 5, 1), "uppfyller")
    cancelled(chat, karin)
    with municipality.transaction() as tx:
        assert units.last_follow_up(tx, UnitId(2)) == (date(2024, 5, 1), "uppfyller")


def test_a_cancelled_unannounced_visit_stays_within_the_team(tx: Transaction) -> None:
    fill_town(tx)
    [one] = opened_of(tx, 1)
    secret = replace(one, method="unannounced")
    assert following_up.cancel(tx, secret, "Uppskjutet.", PersonId(2), NOW).secret


def opened_of(tx: Transaction, *unit_ids: int) -> list[FollowUp]:
    found = [follow_ups.open_new(tx, UnitId(unit_id), somebody(tx).id, NOW) for unit_id in unit_ids]
    return [one for one in found if one is not None]


def test_the_years_follow_ups_are_done_when_each_is_closed_or_cancelled(tx: Transaction) -> None:
    fill_town(tx)
    karin = somebody(tx)
    cycle = freeze(tx, Plan(2026, "Lotto"), karin, NOW)
    draw(tx, cycle, "4", karin, NOW)
    lock(tx, cycle, karin, NOW)
    assert not has_passed(tx, "follow_ups_done", 2026)
    for one in follow_ups.of_cycle(tx, cycle.id):
        following_up.cancel(tx, one, "Stängt.", karin.id, NOW)
    assert has_passed(tx, "follow_ups_done", 2026)


def test_the_report_says_that_it_was_cancelled_and_counts_no_verdict(tx: Transaction) -> None:
    fill_town(tx)
    first, second = opened_of(tx, 1, 2)
    judged = replace(first, step="act", verdict="not", verdict_on=date(2026, 11, 23))
    following_up.cancel(tx, judged, "Fel enhet.", PersonId(2), NOW)
    facts = facts_of_year(tx, 2026, YearDates(), NOW)
    said = {row.key: row.cells[-1] for row in year_follow_ups.listed(facts).rows}
    assert said[first.number] == wording("year.verdict.cancelled")
    assert said[second.number] == wording("year.verdict.none")
    counted = {row.key: row.cells[-1] for row in year_follow_ups.verdicts(facts).rows}
    assert [getattr(counted[key], "value", None) for key in ("not", "none")] == [0, 1]


def test_no_version_is_cancelled_without_a_reason(tx: Transaction) -> None:
    fill_town(tx)
    opened_of(tx, 1)
    with pytest.raises(IntegrityError), tx.connection.begin_nested():
        tx.connection.execute(update(follow_up_version).values(step="cancelled"))
