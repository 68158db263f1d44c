"""Sentences that deny or count and that few towns come to say: each is brought about, and held against plain SQL.

As in the walks (`test_sentences.py`), by the same claims; a sentence of `SELDOM` that is not here fails.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.local.terminal import actions_of
from bot.registering import import_files
from bot.turns import Answer
from followup import PlacementId, RoundId, UnitId
from followup.messages.month import Prompt
from followup.times.month import Month
from storage.engine.database import Database, Transaction
from storage.messages import conversations
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from storage.month import reports, rounds
from tests.support import (
    claims_desk,
    claims_follow_ups,
    claims_letter,
    claims_month,
    claims_overview,
    claims_units,
)
from tests.support.as_file import rows_of
from tests.support.builders import Register, at
from tests.support.claims import broken
from tests.support.desk import NOT_NOTIFIED, alerted, closed, in_channel, open_alert
from tests.support.kinds_of_texts import SELDOM
from tests.support.municipality import STEADY
from tests.support.scored import scored_at_once
from tests.support.sentence_walk import words_of
from tests.support.told import Then, Told
from tests.support.turns import CHANNEL, SAY, SERVICE, Chat, Shown, october
from tests.test_dialog_report_rows import worried
from tests.test_dialog_signal_desk import change, from_bilal, karin_at, mild
from tests.test_dialog_threshold import worried as troubled
from tests.test_dialog_time_off import number_of
from tests.test_history_alerts import in_channel as in_the_channel
from tests.test_history_alerts import write
from tests.test_in_doubt import doubt
from tests.test_unit_events import registered

CHECKED_IN = (claims_desk, claims_follow_ups, claims_letter, claims_month, claims_overview, claims_units)
# In what chat who is shown what, when it is done.
Deed = tuple[Chat, str, Callable[[], Answer | Shown]]
Scene = Callable[[Database, Path], Deed]

LOWER = "tröskel yellow_p 0,1 leave_yellow_p 0,1 yellow_pt 0,3"
# By its id in the catalogue what brings it about.
SAID: dict[str, Scene] = {}


def says(*ids: str) -> Callable[[Scene], Scene]:
    """Who does what, after which these stand in the answer."""

    def keep(scene: Scene) -> Scene:
        SAID.update(dict.fromkeys(ids, scene))
        return scene

    return keep


@contextmanager
def now(chat: Chat) -> Iterator[Then]:
    with closing(sqlite3.connect(rows_of(chat.database))) as connection:
        yield Then(rows_of(chat.database), chat.now, chat.now.date(), connection)


@pytest.mark.parametrize("id_", sorted(one for ids in SELDOM.values() for one in ids))
def test_what_is_seldom_said_is_so(municipality: Database, tmp_path: Path, id_: str) -> None:
    chat, key, done = SAID[id_](municipality, tmp_path)
    with now(chat) as then:
        before = then.counts()
    said, tally = done(), Counter[str]()
    with now(chat) as then:
        [reader] = then.rows("select * from person where key = :key", key=key)
        lines = said.words.splitlines() if isinstance(said, Shown) else words_of(said)
        told = Told(then, reader, lines, before=before)
        assert [(one.id, one.values, why) for one, why in broken(told, tally)] == []
    assert tally[id_] >= 1, told.lines


@says("desk.decided_meanwhile")
def _another_has_decided(municipality: Database, _: Path) -> Deed:
    chat = alerted(municipality)
    karin, kim = open_alert(chat), open_alert(chat, "kim")
    for one in (kim, karin):
        one.press(SAY("desk.decide"))
    karin.press(SAY("desk.decision_send"), NOT_NOTIFIED)
    return chat, "kim", lambda: kim.press(SAY("desk.decision_send"), {**NOT_NOTIFIED, "decided_by": "Bo Ek"})


@says("signals.done_meanwhile")
def _another_has_dismissed_it(municipality: Database, _: Path) -> Deed:
    with municipality.transaction() as tx:
        Register(tx).person("kim", "quality")
    chat = mild(municipality)
    kim = chat.client("kim")
    kim.say("signal 1")
    kim.press(SAY("signals.dismiss"))
    change(karin_at(chat, "signal 1"), "dismiss")
    return chat, "kim", lambda: kim.press(SAY("signals.dismiss.send"), {"why": "Inte vårt."})


@says("leave.before")
def _she_has_said_another_leave_from_another_device(municipality: Database, _: Path) -> Deed:
    chat = october(municipality)
    anna, typed = chat.client("anna"), {"starts": "2026-11-09", "substitute": number_of(chat, "bilal")}
    anna.say("ledig")
    older = anna.card
    anna.say("ledig")
    anna.press(SAY("leave.send"), {**typed, "ends": "2026-11-20"})
    anna.card = older
    return chat, "anna", lambda: anna.press(SAY("leave.send"), {**typed, "ends": "2026-11-27"})


@says("snooze.before")
def _she_has_chosen_another_day_from_another_device(municipality: Database, _: Path) -> Deed:
    chat = october(municipality)
    anna = chat.client("anna")
    anna.say("påminn")
    older = anna.card
    anna.say("påminn")
    anna.press(SAY("snooze.send"), {"day": "2026-11-06"})
    anna.card = older
    return chat, "anna", lambda: anna.press(SAY("snooze.send"), {"day": "2026-11-09"})


@says("alerts.red_since")
def _history_was_read_in(municipality: Database, directory: Path) -> Deed:
    chat = _with_history(municipality, directory)
    return chat, "karin", lambda: in_the_channel(chat, "history")[-1]


@says("alert.nobody_to_ask")
def _the_signal_came_from_a_file(municipality: Database, directory: Path) -> Deed:
    chat = _with_history(municipality, directory)
    karin = chat.client("karin")
    karin.say("larm")
    row = next(one.title for one in actions_of(karin.card) if "allvarlig händelse" in one.title)
    return chat, "karin", lambda: karin.press(row)


def _with_history(municipality: Database, directory: Path) -> Chat:
    write(directory / "files")
    with municipality.transaction() as tx:
        conversations.remember(tx, Address(CHANNEL, SERVICE), at("2026-10-01"), channel=QUALITY_CHANNEL)
    import_files(municipality, [directory / "files"], at("2026-11-23 09:00"))
    chat = Chat(municipality, at("2026-11-23 09:00"))
    chat.deliver()
    return chat


@says("change.down")
def _what_made_it_red_in_october_was_dismissed_in_november(municipality: Database, _: Path) -> Deed:
    chat = Chat(municipality, at("2026-10-30 08:00"))
    from_bilal(chat, consequence="4", marks="violence")
    chat.wake("2026-11-02 08:00")
    change(karin_at(chat, "signal 1"), "dismiss")
    return chat, "karin", lambda: chat.client("karin").say("läge")


@says("digest.closed")
def _an_alert_was_closed_last_week(municipality: Database, _: Path) -> Deed:
    chat = alerted(municipality)
    closed(in_channel(chat), "Utredd med chefen.")
    chat.now = at("2026-11-06 08:00")
    karin = chat.client("karin")
    karin.say("veckobrev")
    return chat, "karin", lambda: karin.press(SAY("digest.now"))


@says("hand_over.nothing")
def _the_last_report_came_in_while_the_card_was_open(municipality: Database, _: Path) -> Deed:
    chat = october(municipality)
    maria = chat.client("maria")
    maria.say("obesvarade")
    _everything_is_answered(chat)
    return chat, "maria", lambda: maria.press(SAY("hand_over.open"))


def _everything_is_answered(chat: Chat) -> None:
    for key in ("anna", "bilal"):
        client = chat.client(key)
        client.say("mina")
        client.press(SAY("list.send"), dict.fromkeys(client.inputs, "true"))


@says("supplementary.more")
def _more_is_known_than_the_card_has_room_for(municipality: Database, _: Path) -> Deed:
    chat = Chat(municipality, at("2026-11-23 12:00"))
    with municipality.transaction() as tx:
        scored_at_once(tx, UnitId(2), chat.now)
    for day in range(10, 18):
        registered(chat, happened_on=f"2026-10-{day}")
    return chat, "karin", lambda: chat.client("karin").say("utförare södergården")


@says("signals.state.open")
def _the_row_of_a_report_has_no_decision(municipality: Database, _: Path) -> Deed:
    chat, number = worried(municipality)
    karin = open_alert(chat)
    karin.press(SAY("alert.evidence"))
    return chat, "karin", lambda: karin.press(SAY("signals.show"), row=number)


@says("follow_up.no_actions", "follow_up.nothing_written")
def _a_follow_up_has_just_been_opened(municipality: Database, _: Path) -> Deed:
    chat = Chat(municipality, at("2026-11-23 12:00"))
    karin = chat.client("karin")
    karin.say("uppföljningar")
    karin.press(SAY("follow_up.new"))
    karin.press(SAY("follow_up.open"), {"unit": "SYD"})
    return chat, "karin", lambda: karin.press(SAY("follow_up.read"))


@says("risk.insufficient.silent")
def _a_home_that_was_answered_for_has_been_silent_for_two_months(municipality: Database, _: Path) -> Deed:
    chat = Chat(municipality, at("2026-12-20 08:00"))
    with municipality.transaction() as tx:
        for number in (*range(1, 9), 10, 11):
            _round(tx, Month(2026, number), is_answered=number < 9)
        scored_at_once(tx, UnitId(1), chat.now)
    return chat, "karin", lambda: chat.client("karin").say("utförare norrgården")


def _round(tx: Transaction, month: Month, *, is_answered: bool) -> None:
    """Asked about on the first of the month after, and to be answered by its fourteenth."""
    days = (at(f"{month.next}-{day:02}") for day in (1, 14, 28))
    opened = rounds.open_round(tx, month, *days)
    for number in range(1, 6):
        rounds.add_task(tx, opened.id, PlacementId(number))
    for task in rounds.tasks(tx, [opened.id], at(f"{month.next}-05").date()) if is_answered else ():
        owner = task.placement.owner_id
        assert owner is not None
        reports.save(tx, task.id, STEADY, by_statement=False, author_id=owner, now=at(f"{month.next}-05"))


@says("trouble.in_doubt.about")
def _a_message_was_in_doubt(municipality: Database, _: Path) -> Deed:
    chat = october(municipality)
    with municipality.transaction() as tx:
        Register(tx).person("admin", "admin")
        doubt(tx, "it", Prompt(RoundId(1)), "anna")
    chat.wake("2026-11-04 10:30")
    return chat, "admin", lambda: chat.client("admin").shown[-1]


@says("status.rate")
def _two_months_are_drawn(municipality: Database, _: Path) -> Deed:
    chat = october(municipality)
    return chat, "maria", lambda: chat.client("maria").say("läge")


@says("threshold.past_unit")
def _a_lower_limit_would_have_told_otherwise_at_a_month_end(municipality: Database, _: Path) -> Deed:
    chat = troubled(municipality)
    chat.wake("2026-12-01 08:00")
    return chat, "karin", lambda: chat.client("karin").say(LOWER)
