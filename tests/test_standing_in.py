"""Standing in, from the question before the leave to the morning after it, as both read it in either language."""

from datetime import date
from itertools import product

import pytest
from sqlalchemy import func, select, update

from followup.messages.month import Nudge, Prompt
from followup.people import Leave
from scheduler.jobs import Times
from scheduler.waking import tick
from storage.engine.database import Database
from storage.engine.tables import ownership, person
from storage.messages import claiming, queueing
from storage.month import rounds
from storage.register import people
from tests.support.builders import at
from tests.support.made_one import make_one
from tests.support.turns import Client, Shown, october
from texts.catalogue import LANGUAGES, Texts

LEAVE = {"starts": date(2026, 11, 5), "ends": date(2026, 11, 9)}
ANNA = {"name": "Anna Test", **LEAVE}


@pytest.fixture(params=LANGUAGES)
def say(request: pytest.FixtureRequest, municipality: Database) -> Texts:
    """Everybody in the municipality speaks the language."""
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).values(language=request.param))
    return Texts(request.param)


def away(client: Client, say: Texts, starts: str = "2026-11-05", ends: str = "2026-11-09") -> None:
    client.say("ledig")
    with client.chat.database.transaction() as tx:
        bilal = people.by_key(tx, "bilal")
    assert bilal is not None
    client.press(say("leave.send"), {"starts": starts, "ends": ends, "substitute": str(bilal.id)})
    client.chat.deliver()


def of_leave(client: Client) -> list[Shown]:
    return [one for one in client.shown if one.kind == "leave"]


@pytest.mark.parametrize("answers", [True, False])
def test_the_stand_in_is_asked_before_the_leave_and_told_when_it_begins_and_ends(
    municipality: Database, say: Texts, answers: bool
) -> None:
    chat = october(municipality)
    anna, bilal = chat.client("anna"), chat.client("bilal")
    away(anna, say)
    assert say("leave.not_answered", name="Bilal Test") in anna.words
    [asked] = of_leave(bilal)
    assert say("stand_in.asked", **ANNA) in asked.words
    if answers:
        bilal.look().press(say("stand_in.yes"))
        assert say("stand_in.said_yes", **ANNA) in bilal.words
        anna.say("ledig")
        assert say("leave.said_yes", name="Bilal Test") in anna.words
    before = len(bilal.shown)
    chat.wake("2026-11-05 08:00")
    [begun] = bilal.shown[before:]
    assert say("stand_in.begins", **ANNA) in begun.words
    assert "AKT-1" in begun.words
    # Who has not answered, and may not have seen the question, can say no there too.
    assert any(one.startswith(say("stand_in.no")) for one in bilal.look().buttons) is not answers
    chat.wake("2026-11-10 08:00")
    [ended] = bilal.shown[before + 1 :]
    assert say("stand_in.ends", **ANNA) in ended.words
    assert "AKT-1" not in ended.words
    assert say("greeting.back", name="Anna", n=3) in anna.look().words


@pytest.mark.parametrize("answers", [True, False])
def test_a_managers_reminder_that_goes_for_the_list_tells_of_the_leave_in_its_place(
    municipality: Database, say: Texts, answers: bool
) -> None:
    chat = october(municipality)
    bilal = chat.client("bilal")
    away(chat.client("anna"), say)
    if answers:
        bilal.look().press(say("stand_in.yes"))
    before, morning = len(bilal.shown), at("2026-11-05 08:00")
    with municipality.transaction() as tx:
        stands_in, manager = people.by_key(tx, "bilal"), people.by_key(tx, "maria")
        assert stands_in is not None and manager is not None
        [round_, *_] = rounds.asking_rounds(tx, chat.now)
        for key, message in (("list", Prompt(round_.id)), ("nudge", Nudge(manager.id))):
            queueing.queue(tx, key, message, chat.now, person_id=stands_in.id, not_before=morning)
        tick(tx, morning, Times(rounds=chat.days))
        [listed] = [one for one in claiming.due(tx, morning, 100) if one.key == "list"]
        make_one(tx, listed, morning)
    chat.now = morning
    chat.deliver()
    [told] = bilal.shown[before:]
    assert told.kind == "nudge"
    assert say("stand_in.begins", **ANNA) in told.words
    assert any(one.startswith(say("stand_in.no")) for one in bilal.look().buttons) is not answers


def test_a_no_is_told_to_the_absent_one_and_what_is_nobodys_to_the_manager(
    municipality: Database, say: Texts
) -> None:
    chat = october(municipality)
    anna, bilal, maria = chat.client("anna"), chat.client("bilal"), chat.client("maria")
    away(anna, say)
    bilal.look().press(say("stand_in.no"))
    assert say("stand_in.said_no", **ANNA) in bilal.words
    chat.deliver()
    declined = say("stand_in.declined", **{**ANNA, "name": "Bilal Test"})
    assert declined in anna.look().words
    anna.press(say("stand_in.choose"))
    assert say("leave.said_no", name="Bilal Test") in anna.words
    # Another is chosen for the same days.
    assert (anna.inputs["starts"], anna.inputs["ends"]) == ("2026-11-05", "2026-11-09")
    chat.wake("2026-11-05 08:00")
    bilal.say("mina")
    assert "AKT-1" not in bilal.words
    assert "ownerless" in [one.kind for one in maria.shown]


def test_who_falls_ill_hands_over_at_once_in_one_message_with_the_list(
    municipality: Database, say: Texts
) -> None:
    chat = october(municipality)
    chat.now = at("2026-11-03 09:00")
    bilal = chat.client("bilal")
    away(chat.client("anna"), say, "2026-11-03", "2026-11-09")
    chat.wake("2026-11-03 09:01")
    [asked] = bilal.shown[1:]
    assert asked.kind == "leave"
    assert "AKT-1" in asked.words
    assert say("stand_in.no") in bilal.look().buttons


def test_who_is_no_longer_needed_is_told_and_an_answer_then_changes_nothing(
    municipality: Database, say: Texts
) -> None:
    chat = october(municipality)
    anna, bilal = chat.client("anna"), chat.client("bilal")
    away(anna, say)
    anna.say("ledig")
    anna.press(say("leave.cancel"))
    chat.deliver()
    assert say("stand_in.off", **ANNA) in of_leave(bilal)[-1].words
    assert bilal.look(-2).press(say("stand_in.no")).notice == say("stand_in.not_asked")


def test_other_days_with_the_same_substitute_are_one_new_question(municipality: Database, say: Texts) -> None:
    chat = october(municipality)
    anna, bilal = chat.client("anna"), chat.client("bilal")
    away(anna, say)
    away(anna, say, "2026-11-06", "2026-11-10")
    assert [say("stand_in.yes") in str(one.card) for one in of_leave(bilal)] == [True, True]


def test_nobody_answers_for_another_who_was_asked(municipality: Database) -> None:
    chat, say = october(municipality), Texts("sv")
    away(chat.client("anna"), say)
    anna = chat.client("anna")
    answer = anna.forge("stand_in", {"leave": 1, "answer": "no"})
    assert answer.notice == say("stand_in.not_asked")


def test_back_after_the_last_day_she_is_told_of_no_day_that_has_passed(
    municipality: Database, say: Texts
) -> None:
    chat = october(municipality)
    anna = chat.client("anna")
    with municipality.transaction() as tx:
        one = people.by_key(tx, "anna")
        assert one is not None
        people.record_leave(tx, Leave(one.id, date(2026, 11, 3), date(2026, 11, 18), None), chat.now)
        round_id = rounds.newest(tx, 1)[0].id
        rounds.record_snooze(tx, one.id, round_id, at("2026-11-06 08:00"), chat.now)
    for day in ("2026-11-04", "2026-11-06", "2026-11-10", "2026-11-16", "2026-11-19"):
        chat.wake(f"{day} 08:00")
    since = [one for one in anna.shown if one.kind != "prompt"]
    assert "13 november" not in " ".join(one.words for one in since)


@pytest.mark.parametrize("answer", ["stand_in.yes", "stand_in.no", None])
def test_who_stands_in_is_told_by_leave_and_by_the_register_to_her_and_to_her_manager(
    municipality: Database, say: Texts, answer: str | None
) -> None:
    chat = october(municipality)
    anna, bilal, maria = chat.client("anna"), chat.client("bilal"), chat.client("maria")
    with municipality.transaction() as tx:
        ids = {key: one.id for key in ("anna", "bilal") if (one := people.by_key(tx, key))}
        of_anna = ownership.c.owner_id == ids["anna"]
        first = select(func.min(ownership.c.placement_id)).where(of_anna).scalar_subquery()
        covered = update(ownership).where(ownership.c.placement_id == first)
        tx.connection.execute(covered.values(substitute_id=ids["bilal"]))
    away(anna, say)
    if answer:
        bilal.look().press(say(answer))
    said = {"stand_in.yes": "said_yes", "stand_in.no": "said_no", None: "not_answered"}[answer]
    by_leave = say(f"stand_ins.{said}", name="Bilal Test", **LEAVE)
    by_register = say("stand_ins.who", name="Bilal Test", until=say("stand_ins.open_ended"))
    without = say("stand_ins.without", n=2, all=3)
    for typed in ("vem är min ersättare", "who stands in for me", "ersättare"):
        anna.say(typed)
        assert all(one in anna.words for one in (by_leave, by_register, without, "AKT-1"))
        assert "AKT-2" not in anna.words
    # Of others she is told the same, whether there is anybody of the name or not.
    for typed, told_first in (
        ("ersättare Bilal", True),
        ("ersättare Kalle", True),
        ("ersättare mina barn", False),
    ):
        anna.say(typed)
        assert (by_leave in anna.words, say("stand_ins.hers_alone") in anna.words) == (True, told_first)
    for typed in ("vem ersätter Anna", "ersättare för Anna Test"):
        maria.say(typed)
        assert all(one in maria.words for one in (by_leave, say("stand_ins.number", n=1), without))
        assert "AKT" not in maria.words
    maria.say("ersättare")
    assert say("stand_ins.whom") in maria.words
    lent = [
        bilal,
        chat.client("karin"),
        chat.client("maria", channel=True),
        chat.client("anna", channel=True),
    ]
    for other, typed in product(lent, ("vem ersätter Anna", "ersättare Anna Test", "ersättare")):
        told = str(other.say(typed))
        assert by_leave not in told
        assert by_register not in told
        assert say("stand_ins.of", name="Anna Test") not in told
    chat.wake("2026-11-05 08:00")
    anna.say("vem är min ersättare")
    # While others answer for them she is not told which they are.
    assert all(one in anna.words for one in (say("stand_ins.number", n=1), say("stand_ins.elsewhere")))
    assert "AKT" not in anna.words
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "bilal").values(active=False))
    for asking, typed in ((anna, "vem är min ersättare"), (maria, "vem ersätter Anna")):
        asking.say(typed)
        assert asking.words.count(say("stand_ins.gone")) == (1 if answer == "stand_in.no" else 2)
