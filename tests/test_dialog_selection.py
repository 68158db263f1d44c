"""`urval` in chat: from nothing to a locked selection, in both languages, and what each step refuses."""

import re

import pytest
from sqlalchemy import update

from bot.cards import BUDGET_BYTES
from dialogs.commands.registered import VERBS
from followup.people import Conversation
from followup.selection.candidates import days_of
from followup.selection.cycle import YEARLY, Cycle
from followup.selection.selection_frame import Parameters
from followup.times.month import Month
from scheduler.jobs import Times
from scheduler.waking import tick
from services.selection.selecting import Plan, WantedAdjustment, adjust, draw, freeze, lock
from services.selection.selection_state import selection_name
from storage.engine.database import Database, Transaction
from storage.engine.tables import person
from storage.engine.year_tables import selection_cycle
from storage.messages import conversations, ledger
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from storage.month import reports, rounds
from storage.selection import selections
from tests.support.builders import Register, at
from tests.support.logged_acts import acts
from tests.support.municipality import STEADY
from tests.support.selection_builders import fill_town, somebody
from tests.support.told_once import told_once
from tests.support.turns import CHANNEL, SAY, SERVICE, Chat, Client, not_saved, size
from texts.catalogue import Texts

NOW = "2026-11-23 12:00"
VALUE = "4 8 15 16 23 42 7"
STEPS = sorted(verb for verb, one in VERBS.items() if one.conversation == Conversation.SELECTION)


@pytest.fixture
def chat(database: Database) -> Chat:
    return town_chat(database)


@told_once
def town_chat(database: Database) -> Chat:
    with database.transaction() as tx:
        fill_town(tx)
        hear_of_all(tx)
    return Chat(database, at(NOW))


def hear_of_all(tx: Transaction) -> None:
    """A steady report of every placement: units of which nobody has heard fill the places that risk leaves."""
    months = [Month(2026, number) for number in (8, 9, 10)]
    for month in months:
        opened, closed = at(f"{month.next}-01"), at(f"{month.next}-14")
        round_ = rounds.open_round(tx, month, opened, closed, closed)
        rounds.add_tasks(tx, round_, 0, 1000)
        for task in rounds.tasks(tx, [round_.id], closed.date()):
            reports.save(tx, task.id, STEADY, by_statement=False, author_id=somebody(tx).id, now=closed)


def cycle(chat: Chat, year: int = 2026) -> Cycle:
    with chat.database.transaction() as tx:
        found = selections.named(tx, year)
    assert found is not None
    return found


def frozen(chat: Chat, say: Texts = SAY) -> Client:
    karin = chat.client("karin")
    karin.say("urval")
    karin.press(say("selection.freeze"))
    karin.press(say("selection.freeze.send"), {"public_value_name": "Lottos första rad 28 november"})
    return karin


def drawn(chat: Chat, say: Texts = SAY) -> Client:
    karin = frozen(chat, say)
    karin.press(say("selection.draw"))
    karin.press(say("selection.draw.send"), {"public_value": VALUE})
    return karin


def locked(chat: Chat, say: Texts = SAY) -> Client:
    karin = drawn(chat, say)
    karin.press(say("selection.lock"))
    karin.press(say("selection.lock.send"))
    return karin


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_whole_way_from_nothing_to_a_locked_selection(chat: Chat, language: str) -> None:
    with chat.database.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "karin").values(language=language))
    say, karin = Texts(language), chat.client("karin")
    karin.say("urval" if language == "sv" else "selection")
    assert say("selection.none") in karin.words
    karin.press(say("selection.freeze"))
    assert say("selection.freeze.about", **days_of(chat.now.date())) in karin.words
    karin.press(say("selection.freeze.send"), {"public_value_name": "Lotto 28/11"})
    assert say("selection.frozen.done") in karin.words
    assert cycle(chat).frame_hash in karin.words
    assert say("selection.frozen.next", value="Lotto 28/11") in karin.words
    karin.press(say("selection.draw"))
    karin.press(say("selection.draw.send"), {"public_value": VALUE})
    for said in ("selection.doc.drawn", "selection.group.criteria", "selection.reason.largest_share"):
        assert say(said) in karin.words
    karin.press(say("selection.draws"))
    assert say("selection.draw.general") in karin.words
    assert say("selection.outcome.drawn", number=1) in karin.words
    karin.press(say("selection.back"))
    karin.press(say("selection.changes"))
    assert say("selection.doc.no_before", year=2025) in karin.words
    assert say("selection.ages.mix", under_18=0, grown=0, unknown=17) in karin.words
    assert "Hemmet Vilar (VILAR)" in karin.words
    karin.press(say("selection.back"))
    karin.press(say("selection.act.remove"), row="Hemmet Bjork (BJORK)")
    karin.press(say("selection.act.remove"), {"reason": "Stänger."})
    assert say("selection.removed", unit="Hemmet Bjork") in karin.words
    karin.press(say("selection.add"))
    karin.press(say("selection.add.send"), {"unit": "hemmet vilar", "reason": "Öppnar."})
    assert say("selection.added", unit="Hemmet Vilar") in karin.words
    karin.press(say("selection.lock"))
    assert say("selection.lock.final") in karin.words
    karin.press(say("selection.lock.send"))
    assert say("selection.doc.locked") in karin.words
    assert cycle(chat).state == "locked"
    assert say("selection.lock") not in karin.buttons
    assert not any(title.startswith(say("selection.act.remove")) for title in karin.buttons)


def test_nobody_outside_the_quality_team_gets_anything_of_it(chat: Chat) -> None:
    drawn(chat)
    before = cycle(chat)
    for key in ("anna", "maria"):
        client = chat.client(key)
        said = client.say("urval")
        assert (said.text, said.card) == (SAY("refused.role"), None)
        for verb in STEPS:
            answer = client.forge(
                verb, {"cycle": before.id, "unit": "ASPEN"}, {"reason": "Skäl.", "unit": "VILAR"}
            )
            assert (answer.notice, answer.card) == (not_saved("refused.role"), None)
    assert cycle(chat) == before
    assert chat.refusals() == ["selection"] * 2 * (len(STEPS) + 1)


def test_it_is_not_shown_in_a_channel(chat: Chat) -> None:
    drawn(chat)
    said = chat.client("karin", channel=True).say("urval")
    assert (said.text, said.card) == (SAY("refused.channel"), None)


def test_the_team_is_told_the_hash_and_the_values_name_and_nothing_of_the_units(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        conversations.remember(tx, Address(CHANNEL, SERVICE), at(NOW), channel=QUALITY_CHANNEL)
    frozen(chat)
    chat.deliver()
    [shown] = chat.client("karin", channel=True).shown
    assert cycle(chat).frame_hash in shown.words
    assert "Lottos första rad 28 november" in shown.words
    assert "Hemmet" not in shown.words
    assert shown.summary == SAY("selection.frozen.title", selection=selection_name(2026, YEARLY))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"public_value_name": ""}, "form.missing"),
        ({"public_value_name": "20120229-2387"}, "form.personal_number"),
        ({"public_value_name": "Lotto", "year": "2025"}, "selection.refused.year"),
        ({"public_value_name": "Lotto", "n_spot_risk": "9"}, "form.not_a_choice"),
    ],
)
def test_a_freeze_that_lacks_something_is_asked_again_and_keeps_what_was_typed(
    chat: Chat, typed: dict[str, str], said: str
) -> None:
    karin = chat.client("karin")
    karin.say("urval")
    karin.press(SAY("selection.freeze"))
    karin.press(SAY("selection.freeze.send"), {"lots": "placements", **typed})
    assert SAY(said, first=2026, last=2027) in karin.words
    assert karin.inputs["lots"] == "placements"
    with chat.database.transaction() as tx:
        assert selections.of_year(tx, 2026) == []


def test_what_was_chosen_in_the_form_is_what_is_frozen(chat: Chat) -> None:
    karin = chat.client("karin")
    karin.say("urval")
    karin.press(SAY("selection.freeze"))
    typed = {
        "public_value_name": "Lotto",
        "n_risk": "3",
        "n_spot_general": "2",
        "lots": "placements",
        "year": "2027",
    }
    karin.press(SAY("selection.freeze.send"), typed)
    with chat.database.transaction() as tx:
        found = selections.named(tx, 2027)
    assert found is not None
    assert '"parameters":{"exclude_years":1,"lots":"placements","n_risk":3,"n_spot_general":2' in found.frame


def test_a_second_freeze_is_refused_and_an_extra_selection_is_not(chat: Chat) -> None:
    karin = locked(chat)
    first = cycle(chat)
    karin.press(SAY("selection.freeze"))
    karin.press(SAY("selection.freeze.send"), {"public_value_name": "Något annat"})
    assert "är redan fryst" in karin.words
    assert cycle(chat) == first
    karin.press(SAY("selection.freeze.send"), {"public_value_name": "Något annat", "name": "hösten"})
    assert "Urvalet ”hösten” för 2026" in karin.words
    karin.press(SAY("selection.show"), row="urvalet för 2026")
    assert SAY("selection.doc.locked") in karin.words


@pytest.mark.parametrize(("typed", "said"), [("", "saknas"), ("x" * 201, "högst 200 tecken")])
def test_a_draw_without_a_proper_value_is_asked_again(chat: Chat, typed: str, said: str) -> None:
    karin = frozen(chat)
    karin.press(SAY("selection.draw"))
    karin.press(SAY("selection.draw.send"), {"public_value": typed})
    assert said in karin.words
    assert cycle(chat).state == "frozen"


def test_an_old_card_cannot_draw_again_with_another_value(chat: Chat) -> None:
    karin = frozen(chat)
    karin.press(SAY("selection.draw"))
    kim = chat.client("kim")
    kim.card = karin.card
    karin.press(SAY("selection.draw.send"), {"public_value": VALUE})
    kim.forge("draw_selection", {"cycle": cycle(chat).id}, {"public_value": "en bättre rad"})
    assert "dras inte om" in kim.words
    assert cycle(chat).public_value == VALUE


def test_an_adjustment_without_a_reason_or_with_a_personnummer_is_refused_in_the_form(chat: Chat) -> None:
    karin = drawn(chat)
    karin.press(SAY("selection.act.remove"), row="Hemmet Aspen (ASPEN)")
    for reason, said in ((" ", "Skäl saknas"), ("20120229-2387 bor här", "personnummer")):
        karin.press(SAY("selection.act.remove"), {"reason": reason})
        assert said in karin.words
    number = cycle(chat).id
    with chat.database.transaction() as tx:
        assert selections.adjustments(tx, number) == []


def test_taking_out_a_drawn_unit_names_the_reserve(chat: Chat) -> None:
    karin = drawn(chat)
    karin.press(SAY("selection.draws"))
    outcomes = dict(re.findall(r"(\d\. (?:Dragen|Reserv)): (Hemmet \S+ \(\S+\))", karin.words))
    karin.press(SAY("selection.back"))
    karin.press(SAY("selection.act.remove"), row=outcomes["1. Dragen"])
    karin.press(SAY("selection.act.remove"), {"reason": "Har stängt."})
    assert f"Näst på tur i den dragningen är reserven {outcomes['2. Reserv']}" in karin.words


def test_a_unit_that_is_not_found_by_name_is_answered_with_those_most_like_it(chat: Chat) -> None:
    karin = drawn(chat)
    karin.press(SAY("selection.add"))
    karin.press(SAY("selection.add.send"), {"unit": "Vila", "reason": "Skäl."})
    assert "Närmast: Hemmet Vilar (VILAR)" in karin.words
    assert karin.inputs == {"unit": "Vila", "reason": "Skäl."}
    karin.press(SAY("selection.add.send"), {"unit": ""})
    assert SAY("selection.add.no_unit") in karin.words
    karin.press(SAY("selection.add.send"), {"unit": "EGET"})
    assert "Ingen eller flera enheter heter ”EGET”" in karin.words


def test_nothing_is_changed_by_old_cards_after_the_lock(chat: Chat) -> None:
    karin = locked(chat)
    carried = {"cycle": cycle(chat).id, "unit": "ASPEN"}
    before = cycle(chat)
    for verb in ("selection_remove", "selection_add", "lock_selection"):
        karin.forge(verb, carried, {"reason": "Skäl.", "unit": "VILAR"})
        assert "ändras inte mer" in karin.words
    assert cycle(chat) == before
    with chat.database.transaction() as tx:
        assert selections.adjustments(tx, before.id) == []


def test_a_tampered_frame_is_told_and_nothing_can_be_done_with_it(chat: Chat) -> None:
    karin = frozen(chat)
    whole = cycle(chat).frame
    with chat.database.transaction() as tx:
        moved = whole.replace('"placements":6', '"placements":1')
        tx.connection.execute(update(selection_cycle).values(frame=moved))
    karin.press(SAY("selection.draw"))
    karin.press(SAY("selection.draw.send"), {"public_value": VALUE})
    assert "har ändrats efter att den frystes" in karin.words
    karin.say("urval")
    assert "har ändrats efter att den frystes" in karin.words
    assert cycle(chat).state == "frozen"


def test_a_selection_that_is_not_there_is_answered(chat: Chat) -> None:
    answer = chat.client("karin").forge("selection_draws", {"cycle": 99})
    assert answer.notice == SAY("selection.unknown")


def test_the_draws_and_changes_of_one_that_is_only_frozen_have_nothing_to_show(chat: Chat) -> None:
    karin = frozen(chat)
    for verb in ("selection_draws", "selection_changes"):
        karin.forge(verb, {"cycle": cycle(chat).id})
        assert karin.buttons == [SAY("selection.back")]


def test_every_page_of_a_hundred_units_fits_a_chat_and_shows_each_once(database: Database) -> None:
    """A hundred units with long names, most of them selected, in both years."""
    chat = Chat(database, at(NOW))
    with database.transaction() as tx:
        register = Register(tx)
        karin_id = register.person("karin", "quality")
        for number in range(100):
            name = f"Stiftelsen Björkhagens behandlingshem för unga, avdelning {number:03d}"
            register.placement(karin_id, register.unit(f"ENHET-{number:03d}", name=name))
        parameters = Parameters(share="0.90", n_spot_general=2, n_spot_risk=2)
        for year in (2025, 2026):
            plan = Plan(year, "Lottos första rad", parameters=parameters)
            made = freeze(tx, plan, somebody(tx), at(f"{year}-11-23"))
            draw(tx, made, VALUE, somebody(tx), at(f"{year}-11-23"))
            if year == 2025:
                lock(tx, made, somebody(tx), at("2025-11-24"))
    karin, seen = chat.client("karin"), list[str]()
    karin.say("urval")
    while True:
        assert size(karin.card) <= BUDGET_BYTES
        seen += re.findall(r"^Stiftelsen .*\((ENHET-\d+)\)$", karin.words, re.MULTILINE)
        more = [title for title in karin.buttons if title.startswith(SAY("list.more", n=0).split("0")[0])]
        if not more:
            break
        karin.press(more[0])
    # The largest, those of which nobody has heard in the places that risk leaves, and the spot checks.
    assert len(seen) == len(set(seen)) == 90 + 5 + 4
    for verb in ("selection_draws", "selection_changes", "selection_lock_form", "selection_add_form"):
        karin.forge(verb, {"cycle": cycle(chat).id})
        assert size(karin.card) <= BUDGET_BYTES


def test_reading_ages_and_writing_are_logged(chat: Chat) -> None:
    karin = locked(chat)
    karin.press(SAY("selection.changes"))
    with chat.database.transaction() as tx:
        written = [
            subject.rpartition(":")[2]
            for _, _, subject in acts(tx, "write")
            if subject.startswith("selection:")
        ]
        read = [subject for _, _, subject in acts(tx, "read") if "births" in subject]
    assert written == ["freeze", "draw", "lock"]
    assert read == [f"births:selection:{cycle(chat).id}"] * 2


@pytest.mark.parametrize(("passed", "told"), [(True, 0), (False, 2)])
def test_the_reminder_of_the_proposal_stops_when_the_selection_is_drawn(
    chat: Chat, passed: bool, told: int
) -> None:
    now = at("2027-02-22 08:00")
    with chat.database.transaction() as tx:
        plan = Plan(2027, "Lottos första rad")
        made = freeze(tx, plan, somebody(tx), at(NOW))
        if passed:
            draw(tx, made, VALUE, somebody(tx), at(NOW))
        tick(tx, now, Times())
        assert len(ledger.keys_starting(tx, "selection:2027:proposal:")) == told


def test_a_reminder_on_its_way_is_not_sent_once_the_selection_is_drawn(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        made = freeze(tx, Plan(2027, "Lottos första rad"), somebody(tx), at(NOW))
        tick(tx, at("2027-02-22 08:00"), Times())
        draw(tx, made, VALUE, somebody(tx), at("2027-02-22 08:00"))
    chat.now = at("2027-02-22 08:00")
    chat.deliver()
    assert "selection" not in {one.kind for one in chat.client("karin").shown}


def test_what_people_changed_is_shown_with_reasons_who_and_when(chat: Chat) -> None:
    karin = drawn(chat)
    karin.press(SAY("selection.act.remove"), row="Hemmet Bjork (BJORK)")
    karin.press(SAY("selection.act.remove"), {"reason": "Stänger i maj."})
    unit, by = "Hemmet Bjork (BJORK)", "Karin Test"
    assert (
        SAY("selection.adjusted.remove", unit=unit, reason="Stänger i maj.", by=by, at=at(NOW)) in karin.words
    )


def test_many_long_reasons_fit_the_card(database: Database, chat: Chat) -> None:
    karin = drawn(chat)
    this_year = cycle(chat)
    with database.transaction() as tx:
        for number in range(20):
            change = WantedAdjustment("add" if number % 2 else "remove", "BJORK", f"{number} " + "åäö " * 400)
            adjust(tx, this_year, change, somebody(tx), at(NOW))
    karin.say("urval")
    assert SAY("selection.rest", n=14) in karin.words
    assert "19 åäö" in karin.words
    assert size(karin.card) < BUDGET_BYTES


def test_a_selection_that_is_unfinished_at_the_turn_of_the_year_is_still_at_hand(chat: Chat) -> None:
    karin = drawn(chat)
    chat.now = at("2027-01-04 09:00")
    karin.say("urval")
    karin.press(SAY("selection.lock"))
    karin.press(SAY("selection.lock.send"))
    assert cycle(chat).state == "locked"
    karin.say("urval")
    assert SAY("selection.none") in karin.words
    karin.press(SAY("selection.show"), row="urvalet för 2026")
    assert SAY("selection.doc.locked") in karin.words


def test_the_freeze_of_an_extra_selection_is_told_by_its_name(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        freeze(tx, Plan(2026, "Lotto", name="hösten"), somebody(tx), chat.now)
    chat.deliver()
    [told] = [one for one in chat.client("kim").shown if one.kind == "selection_frozen"]
    assert "urvalet ”hösten” för 2026" in told.words
