"""Nobody gets more than one unasked message a day: what is due is said together, the rest the next morning."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.cards import draw
from bot.drawing import Drawn, Unsaid, draw_all, is_as_drawn
from bot.local.terminal import actions_of
from bot.posting import Sender
from dialogs.card import Button, Card, Field, ListRow, Text, Toggle
from dialogs.messages.letter import letter, may_stand_in_one
from followup import AlertId, PersonId, RoundId
from followup.access.municipality import USUAL_MUNICIPALITY
from followup.messages.alerts import AlertAgain, AlertRaised, HandedOver, LedTo, OwnAlert
from followup.messages.clocks import ClocksNear
from followup.messages.every import EveryMessage
from followup.messages.follow_ups import DateNear
from followup.messages.month import Escalation, LeaveTold, Nudge, Prompt, Reminder
from followup.messages.of_day import OF_DAY, in_order, next_letter
from followup.messages.operation import CheckpointDue, LogReviewDue, WeeklyDigest
from followup.people import Leave
from followup.times.calendar import municipal_day
from followup.times.month import Month
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery, person
from storage.messages import claiming, counting, doubts, leases, ledger, pacing, queueing, settling, waiting
from storage.messages.claiming import LONGEST_MOMENT
from storage.messages.delivery import Delivery, DeliveryState
from storage.messages.leases import LEASE
from storage.month import rounds
from storage.register import people
from storage.times import wakes
from tests.support.builders import at
from tests.support.stage import SAY, words
from tests.support.year_people import told
from tests.test_delivery import NOW, Office, office

__all__ = ["office"]
TODAY = NOW.date()
MORNING = at("2026-10-29 08:00")
# Three dates of the year, each told of by itself.
DATES = [DateNear(one, TODAY) for one in ("draft", "proposal", "board")]


@pytest.mark.parametrize(
    ("message", "waits"),
    [
        (AlertRaised(AlertId(1)), False),
        (HandedOver(AlertId(1), PersonId(1)), False),
        (OwnAlert(AlertId(1)), False),
        (AlertAgain(AlertId(1)), True),
        (Escalation(RoundId(1)), True),
        (Prompt(RoundId(1)), True),
        (Nudge(PersonId(1)), True),
        (LedTo("decided", ()), True),
        (WeeklyDigest(NOW), True),
        (DATES[0], True),
    ],
)
def test_what_is_urgent_or_asked_for_goes_at_once_and_all_else_in_the_days_message(
    message: EveryMessage, waits: bool
) -> None:
    assert (message.kind in OF_DAY) is waits


def test_the_months_list_comes_first_and_the_others_as_they_were_decided() -> None:
    said: list[EveryMessage] = [DATES[0], LedTo("decided", ()), Prompt(RoundId(2)), AlertAgain(AlertId(7))]
    assert in_order((one, one) for one in said) == [said[2], said[0], said[1], said[3]]
    assert in_order([(ClocksNear(TODAY), 1), (DATES[0], 2)]) == [1, 2]


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-06 14:00", "2026-11-09 08:00"),
        ("2026-10-25 01:30", "2026-10-26 08:00"),
        ("2026-12-23 09:00", "2026-12-28 08:00"),
    ],
)
def test_what_comes_after_the_days_message_goes_the_next_working_morning(now: str, then: str) -> None:
    assert next_letter(at(now)) == at(then)


def test_each_part_has_its_own_buttons_and_what_they_carry() -> None:
    """A press says that its card holds others too, the one in a row as well."""
    first = Card("En", (Text("En", "title"),), (Button("Gör", "one"),), {"ticked": [1]}, "mina")
    row = ListRow("Rad", button=Button("Öppna", "open", {"task": 3}))
    other = Card("Två", (Text("Två", "title"), row), (Button("Gör", "two", {"task": 2}),))
    together = letter([first, other])
    assert (together.summary, together.page, together.buttons) == ("En · Två", "mina", ())
    carried = [one.action["data"]["card"] for one in actions_of(draw(together, "n"))]
    assert carried == [
        {"nonce": "n", "ticked": [1], "letter": True},
        {"nonce": "n", "task": 3, "letter": True},
        {"nonce": "n", "task": 2, "letter": True},
    ]
    assert letter([first]) is first


def test_what_is_typed_in_one_part_stands_beside_nothing_else_that_is_typed() -> None:
    typed = Card("", (Field("reason", "text", "Skäl"),))
    ticked = Card("", (ListRow("Rad", toggle=Toggle("normal1", "Rad")),))
    told_of = Card("", (Text("Titel", "title"),))
    assert may_stand_in_one([typed, told_of])
    assert may_stand_in_one([ticked, told_of, told_of])
    assert not may_stand_in_one([typed, ticked])


async def test_all_that_is_due_is_one_message_and_what_comes_after_it_is_said_the_next_morning(
    office: Office,
) -> None:
    numbers = [office.decide(f"date:{number}", message=one) for number, one in enumerate(DATES)]
    await office.stage.settle()
    [together] = office.notices()
    for one in DATES:
        assert SAY(f"selection.{one.occasion}") in words(together)
    rows = [office.row(number) for number in numbers]
    assert {(one.state, one.activity_id, one.attempts) for one in rows} == {("sent", together.id, 1)}
    later = office.decide("later", message=replace(DATES[0], part=2))
    await office.stage.settle()
    assert (office.row(later).state, office.row(later).not_before) == ("ready", MORNING)
    await office.stage.wake_at(MORNING)
    assert office.row(later).state == "sent"
    assert len(office.notices()) == 2


async def test_all_in_one_message_have_its_fate_and_a_press_on_it_shows_that_all_arrived(
    office: Office,
) -> None:
    office.stage.stand_in.fail_next(503, {"Retry-After": "60"})
    dates = [office.decide(f"date:{number}", message=one) for number, one in enumerate(DATES)]
    numbers = [*dates, office.decide("letter", message=WeeklyDigest(NOW - timedelta(days=7)))]
    await office.stage.settle()
    assert {(office.row(one).state, office.row(one).not_before) for one in dates} == {
        ("ready", NOW + timedelta(seconds=60))
    }
    office.stage.stand_in.lose_next()
    with office.database.transaction() as tx:
        tx.connection.exec_driver_sql("delete from digest_choice")
    await office.later(60)
    assert {(office.row(one).state, office.row(one).reason) for one in numbers} == {
        ("uncertain", "no answer")
    }
    karin = office.stage.player("karin")
    [first, *_] = actions_of(karin.card())
    await karin.press(first.title)
    assert {office.row(one).state for one in numbers} == {"sent"}


@pytest.mark.parametrize(("also", "goes"), [(DATES[1], False), (AlertRaised(AlertId(1)), True)])
def test_what_was_drawn_goes_only_where_no_other_has_become_the_days_message_meanwhile(
    municipality: Database, also: EveryMessage, goes: bool
) -> None:
    """Two replicas may draw at once, each what had been decided by then."""
    sender = Sender("28:bot", "lokalt", "http://127.0.0.1/teams/")

    def decide(tx: Transaction, message: EveryMessage) -> Delivery:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        assert queueing.queue(tx, str(message), message, NOW, person_id=karin.id)
        [newest, *_] = ledger.listed(tx, ("ready",))
        return newest

    with municipality.transaction() as tx:
        [drawn] = draw_all(tx, [decide(tx, DATES[0])], NOW, USUAL_MUNICIPALITY, sender)
        assert isinstance(drawn, Drawn)
        assert is_as_drawn(tx, drawn, NOW, sender)
        claiming.reserve(tx, decide(tx, also), "another", NOW, NOW)
        assert is_as_drawn(tx, drawn, NOW, sender) is goes


def test_in_another_slot_all_in_one_message_go_and_a_press_on_it_confirms_them_all(
    municipality: Database,
) -> None:
    late = NOW + timedelta(seconds=1)
    with municipality.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        for number, message in enumerate(DATES):
            assert queueing.queue(tx, f"{number}", message, NOW, person_id=karin.id)
        first, *others = ledger.listed(tx, ("ready",))
        for one in (first, *others):
            claiming.reserve(tx, one, "it", NOW, NOW)
        assert pacing.slots_now(tx, [(first, NOW)], late, 45.0) == [late]
        assert claiming.start(tx, [one.id for one in (first, *others)], "it", late)
        leases.expire_leases(tx, late + 2 * LEASE)
        assert counting.count_by_state(tx) == {"uncertain": 3}
        doubts.confirm(tx, first)
        assert counting.count_by_state(tx) == {"sent": 3}


async def test_what_waits_for_a_moment_goes_when_all_that_is_due_at_it_is_decided(office: Office) -> None:
    """Else what was decided in the evening would be the day's message, and the morning's would come a day late."""
    first = office.decide("first", message=DATES[0], not_before=MORNING)
    office.stage.clock.clock.move_to(MORNING)
    await office.stage.settle()
    assert office.row(first).state == "ready"
    with office.database.transaction() as tx:
        wakes.record(tx, MORNING, "open")
    second = office.decide("second", message=DATES[1], not_before=MORNING)
    await office.stage.settle()
    assert office.row(first).state == "ready"
    await office.stage.wake_at(MORNING + timedelta(minutes=1))
    assert office.row(first).activity_id == office.row(second).activity_id is not None


async def test_a_bot_whose_clock_has_stopped_says_what_waits_all_the_same(office: Office) -> None:
    number = office.decide(message=DATES[0], not_before=MORNING)
    office.stage.clock.clock.move_to(MORNING + LONGEST_MOMENT)
    await office.stage.settle()
    assert office.row(number).state == "sent"


async def test_what_was_put_off_goes_in_the_next_message_even_at_night(office: Office) -> None:
    """Else one that is told of each night would put off the morning's for ever."""
    office.decide("first", message=DATES[0])
    await office.stage.settle()
    put_off = office.decide("second", message=DATES[1])
    await office.stage.settle()
    assert (office.row(put_off).state, office.row(put_off).put_off) == ("ready", True)
    office.stage.clock.clock.move_to(at("2026-10-29 02:00"))
    at_night = office.decide("night", message=DATES[2], urgent=True)
    await office.stage.settle()
    assert office.row(at_night).activity_id == office.row(put_off).activity_id is not None
    assert office.row(put_off).not_before == office.row(put_off).sent_at


@pytest.mark.parametrize(("until", "waits"), [((MORNING, MORNING), True), ((MORNING, NOW), False)])
def test_what_is_made_one_of_what_was_put_off_is_put_off_as_they_were(
    municipality: Database, until: tuple[datetime, datetime], waits: bool
) -> None:
    """It may not stand beside the message that it was made one for, and is then not said by itself that day."""
    with municipality.transaction() as tx:
        anna = people.by_key(tx, "anna")
        assert anna is not None
        for number, message in enumerate((DATES[0], DATES[1], DATES[1])):
            queueing.queue(tx, f"{number}", message, NOW, person_id=anna.id)
        first, *others = ledger.listed(tx, ("ready",))[::-1]
        for other, then in zip(others, until, strict=True):
            settling.put_off(tx, other.id, then, NOW)
        waiting.bring_together(tx, first, waiting.look_beside(tx, first, NOW, NOW).to_join, NOW)
        [one] = [one for one in ledger.listed(tx, ("ready",)) if one.id != first.id]
    assert (one.not_before > NOW, one.put_off) == (waits, True)


YESTERDAY, LAST_DAY = timedelta(days=1), at("2026-11-13 23:00")


@pytest.mark.parametrize(
    ("told", "due", "sent", "message", "deadline", "put_off", "waits"),
    [
        # It counts for the day on which it went or may have gone, whenever it was due.
        ("sent", YESTERDAY, timedelta(0), DATES[0], LAST_DAY, False, True),
        ("uncertain", YESTERDAY, timedelta(0), DATES[0], LAST_DAY, False, True),
        ("uncertain", YESTERDAY, YESTERDAY, DATES[0], LAST_DAY, False, False),
        # Nothing is put off twice.
        ("sent", timedelta(0), timedelta(0), DATES[0], LAST_DAY, True, False),
        # On the last day to answer a reminder goes all the same, but no other day.
        ("sent", timedelta(0), timedelta(0), Reminder(RoundId(2)), LAST_DAY, False, False),
        ("sent", timedelta(0), timedelta(0), Reminder(RoundId(2)), LAST_DAY + 4 * YESTERDAY, False, True),
        ("sent", timedelta(0), timedelta(0), Reminder(RoundId(2)), LAST_DAY - YESTERDAY, False, True),
        # Nor is anybody asked of a leave when it has begun.
        ("sent", timedelta(0), timedelta(0), LeaveTold(1, "asked"), LAST_DAY + 3 * YESTERDAY, False, False),
        ("sent", timedelta(0), timedelta(0), LeaveTold(1, "asked"), LAST_DAY + 4 * YESTERDAY, False, True),
    ],
)
def test_what_comes_after_the_days_message_waits_once_and_never_past_the_last_day_to_answer(
    municipality: Database,
    told: DeliveryState,
    due: timedelta,
    sent: timedelta,
    message: EveryMessage,
    deadline: datetime,
    put_off: bool,
    waits: bool,
) -> None:
    now, sender = at("2026-11-13 10:00"), Sender("28:bot", "lokalt", "http://127.0.0.1/teams/")
    with municipality.transaction() as tx:
        october = rounds.open_round(tx, Month(2026, 10), at("2026-11-02 08:00"), deadline, deadline)
        rounds.add_tasks(tx, october, 0, 10)
        anna, bilal, karin = (people.by_key(tx, key) for key in ("anna", "bilal", "karin"))
        assert anna is not None and bilal is not None and karin is not None
        starts = municipal_day(deadline)
        assert people.record_leave(tx, Leave(bilal.id, starts, starts, anna.id), now) == 1
        person_id = (karin if message is DATES[0] else anna).id
        assert queueing.queue(tx, "first", ClocksNear(TODAY), now, person_id=person_id, not_before=now - due)
        tx.connection.execute(update(delivery).values(state=told, sent_at=now - sent))
        assert queueing.queue(tx, "second", message, now, person_id=person_id)
        [second] = ledger.listed(tx, ("ready",))
        if put_off:
            settling.put_off(tx, second.id, now, now)
            [second] = ledger.listed(tx, ("ready",))
        [drawn] = draw_all(tx, [second], now, USUAL_MUNICIPALITY, sender)
    assert isinstance(drawn, Unsaid if waits else Drawn)


async def test_what_is_signed_as_it_is_said_has_the_others_of_the_day_in_it(office: Office) -> None:
    with office.database.transaction() as tx:
        tx.connection.execute(update(person).values(role="admin"))
    numbers = [
        office.decide("review", message=LogReviewDue(2026, 3)),
        office.decide("end", message=CheckpointDue()),
    ]
    await office.stage.settle()
    rows = [office.row(one) for one in numbers]
    assert ({one.state for one in rows}, len({one.activity_id for one in rows})) == ({"sent"}, 1)


async def test_a_press_in_it_is_answered_beside_and_leaves_the_rest_as_it_is(office: Office) -> None:
    with office.database.transaction() as tx:
        tx.connection.exec_driver_sql("delete from digest_choice")
    office.decide("one", to="maria", message=WeeklyDigest(NOW - timedelta(days=7)))
    office.decide("two", to="maria", message=DATES[0])
    await office.stage.settle()
    maria = office.stage.player("maria")
    before = maria.newest()
    assert before.card is not None
    assert told([before], SAY("selection.summary")) == told([before], SAY("digest.summary")) == [before]
    await maria.press(actions_of(before.card)[0].title)
    *_, kept, answer = maria.messages()
    assert (kept.id, kept.card) == (before.id, before.card)
    assert answer.card != before.card
