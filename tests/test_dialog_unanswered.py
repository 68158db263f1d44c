"""What a manager does about what is missing: reminds a worker, at most once a day, or hands over to another."""

import pytest
from sqlalchemy import update

from followup import PersonId, UnitId
from followup.people import Leave
from storage.engine.database import Database, Transaction
from storage.engine.tables import person
from storage.messages import ledger
from storage.register import people, placements
from tests.support.builders import Register, at
from tests.support.logged_acts import acts
from tests.support.municipality import CASES
from tests.support.turns import SAY, Chat, Client, october
from texts.catalogue import Texts

ANNA, BILAL = "Anna Test (Barn)", "Bilal Test (Barn)"


def later(municipality: Database, moment: str = "2026-11-05 10:00") -> Chat:
    chat = october(municipality)
    chat.now = at(moment)
    return chat


def nudges(municipality: Database) -> list[str]:
    with municipality.transaction() as tx:
        names = {one.id: one.key for one in people.everyone(tx).values()}
        found = ledger.listed(tx, ("ready", "sent", "cancelled"))
        return [names[one.person_id or PersonId(0)] for one in reversed(found) if one.kind == "nudge"]


def person_id(municipality: Database, key: str) -> PersonId:
    with municipality.transaction() as tx:
        found = people.by_key(tx, key)
    assert found
    return found.id


def person_named(tx: Transaction, key: str) -> PersonId:
    found = people.by_key(tx, key)
    assert found
    return found.id


def asked(chat: Chat) -> Client:
    maria = chat.client("maria")
    maria.say("obesvarade")
    return maria


def test_a_worker_is_reminded_in_her_own_chat_by_name_of_the_manager(municipality: Database) -> None:
    chat = later(municipality)
    maria = asked(chat)
    maria.press(SAY("unanswered.remind"), row=ANNA)
    assert SAY("unanswered.remind_done", name="Anna Test") in maria.words
    chat.deliver()
    newest = chat.client("anna").shown[-1]
    assert newest.kind == "nudge"
    assert SAY("greeting.nudge", name="Anna", manager="Maria Test", n=3) in newest.words
    assert nudges(municipality) == ["anna"]


def test_nobody_is_reminded_twice_in_a_day_whoever_presses(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("mona", "manager")
        tx.connection.execute(update(person).where(person.c.key == "anna").values(manager_id=None))
    chat = later(municipality)
    worker = {"worker": person_id(municipality, "anna")}
    for key in ("maria", "maria", "mona"):
        chat.client(key).forge("remind_worker", worker)
    assert SAY("unanswered.remind_before", name="Anna Test") in chat.client("mona").words
    assert nudges(municipality) == ["anna"]
    chat.now = at("2026-11-06 10:00")
    chat.client("mona").forge("remind_worker", worker)
    assert nudges(municipality) == ["anna", "anna"]


def test_two_rows_of_one_card_remind_two_workers(municipality: Database) -> None:
    maria = asked(later(municipality))
    first, second = (maria.button(SAY("unanswered.remind"), row=row) for row in (ANNA, BILAL))
    maria.send(first, {})
    maria.send(second, {})
    assert nudges(municipality) == ["anna", "bilal"]


def test_an_evening_and_a_weekend_give_one_reminder_the_next_morning(municipality: Database) -> None:
    chat = later(municipality, "2026-11-06 20:00")
    for moment in ("2026-11-06 20:00", "2026-11-07 12:00", "2026-11-08 12:00", "2026-11-09 07:00"):
        chat.now = at(moment)
        chat.client("maria").forge("remind_all", {"nonce": moment})
    assert nudges(municipality) == ["anna", "bilal"]
    with municipality.transaction() as tx:
        assert {one.not_before for one in ledger.listed(tx, ("ready",)) if one.kind == "nudge"} == {
            at("2026-11-09 08:00")
        }


def test_who_is_reminded_is_said_and_has_no_button_left_that_day(municipality: Database) -> None:
    maria = asked(later(municipality))
    maria.press(SAY("unanswered.remind_all"))
    assert SAY("unanswered.reminded_all", n=2) in maria.words
    assert maria.words.count(SAY("unanswered.reminded")) == 2
    assert not any(title.startswith(SAY("unanswered.remind") + ":") for title in maria.buttons)
    assert SAY("unanswered.remind_all") not in maria.buttons


def test_from_an_older_card_it_is_said_that_all_have_been_reminded(municipality: Database) -> None:
    maria = asked(later(municipality))
    remind_all = maria.button(SAY("unanswered.remind_all"))
    maria.press(SAY("unanswered.remind"), row=ANNA)
    maria.press(SAY("unanswered.remind_all"))
    assert SAY("unanswered.reminded_all", n=1) in maria.words
    maria.forge("remind_all", {**remind_all.action["data"]["card"], "nonce": "0" * 32})
    assert SAY("unanswered.all_reminded") in maria.words
    assert nudges(municipality) == ["anna", "bilal"]


def test_who_has_answered_meanwhile_is_not_reminded(municipality: Database) -> None:
    chat = later(municipality)
    maria, anna = asked(chat), chat.client("anna").look()
    pressed = maria.button(SAY("unanswered.remind"), row=ANNA)
    anna.press(SAY("list.send"), dict.fromkeys(anna.inputs, "true"))
    maria.send(pressed, {})
    assert SAY("unanswered.nothing_left") in maria.words
    assert nudges(municipality) == []


@pytest.mark.parametrize("worker", [None, 0, 99, "1", "anna"])
def test_a_forged_worker_is_nobody(municipality: Database, worker: object) -> None:
    chat = later(municipality)
    chat.client("maria").forge("remind_worker", {"worker": worker})
    assert nudges(municipality) == []


def test_another_managers_worker_cannot_be_reminded_or_given_away(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("mona", "manager", team="Vuxna")
    chat, anna = later(municipality), person_id(municipality, "anna")
    mona = chat.client("mona")
    mona.forge("remind_worker", {"worker": anna})
    mona.forge("reassign", {}, {"from": str(anna), "unit": "all", "to": str(anna + 1)})
    assert nudges(municipality) == []
    assert owner_of(chat, "AKT-1") == anna


def owner_of(chat: Chat, case: str) -> int | None:
    return chat.task(case).placement.owner_id


def form(chat: Chat) -> Client:
    maria = asked(chat)
    maria.press(SAY("hand_over.open"))
    return maria


def test_all_that_a_worker_has_left_is_handed_over_and_the_new_one_is_asked(municipality: Database) -> None:
    chat = later(municipality)
    anna, bilal = person_id(municipality, "anna"), person_id(municipality, "bilal")
    maria = form(chat)
    maria.press(SAY("hand_over.send"), {"from": str(anna), "unit": "all", "to": str(bilal)})
    assert SAY("hand_over.done", n=3, name="Bilal Test") in maria.words
    assert [owner_of(chat, case) for case in CASES] == [bilal] * 5
    chat.wake("2026-11-05 10:01")
    newest = chat.client("bilal").shown[-1]
    assert (newest.kind, "AKT-1" in newest.words) == ("prompt", True)
    with municipality.transaction() as tx:
        written = [subject for _, _, subject in acts(tx, "write") if subject.startswith("owner:")]
        assert len(written) == 3


def test_what_is_answered_stays_and_one_units_can_be_given_alone(municipality: Database) -> None:
    chat = later(municipality)
    anna, bilal = person_id(municipality, "anna"), person_id(municipality, "bilal")
    anna_ = chat.client("anna").look()
    anna_.press(SAY("list.send"), {f"normal{chat.task('AKT-1').id}": "true"})
    unit = chat.task("AKT-2").placement.unit_id
    form(chat).press(SAY("hand_over.send"), {"from": str(anna), "unit": str(unit), "to": str(bilal)})
    assert [owner_of(chat, case) for case in CASES[:3]] == [anna, bilal, anna]
    assert chat.versions("AKT-1")[-1].author_id == anna


def test_a_placement_without_anyone_is_given_an_owner(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).placement(None, UnitId(1), case="AKT-INGEN", starts="2026-10-01")
    chat, anna = later(municipality), person_id(municipality, "anna")
    form(chat).press(SAY("hand_over.send"), {"from": "nobody", "unit": "all", "to": str(anna)})
    assert owner_of(chat, "AKT-INGEN") == anna


def test_placements_without_anyone_are_handed_over_from_where_they_are_told_of(
    municipality: Database,
) -> None:
    with municipality.transaction() as tx:
        register = Register(tx)
        register.placement(None, UnitId(1), case="AKT-INGEN", starts="2026-10-01")
        # One that no round has asked about, whose owner has left.
        gone = register.person("gone", active=False)
        unasked = register.placement(gone, register.unit(form="kommunens_familjehem"), starts="2026-11-04")
    chat, anna = later(municipality), person_id(municipality, "anna")
    maria = chat.client("maria")
    told = next(one for one in maria.shown if one.kind == "ownerless")
    maria.card = told.card
    maria.press(SAY("hand_over.nobodys"))
    assert maria.inputs["from"] == "nobody"
    maria.press(SAY("hand_over.send"), {"to": str(anna)})
    assert SAY("hand_over.done", n=2, name="Anna Test") in maria.words
    assert owner_of(chat, "AKT-INGEN") == anna
    with municipality.transaction() as tx:
        given = placements.get(tx, unasked, chat.now.date())
        assert given is not None and given.owner_id == anna
    maria.say("obesvarade")
    assert not any(one.startswith(SAY("hand_over.nobodys")) for one in maria.buttons)


@pytest.mark.parametrize(
    ("typed", "reminded"),
    [
        ("påminn Bilal", ["bilal"]),
        ("Påminn bilal test, tack", ["bilal"]),
        ("skicka en påminnelse till Bilal", ["bilal"]),
        ("påminn inte Bilal", []),
        ("påminn Kerstin", []),
        ("påminn", []),
        ("påminn Anna", []),
    ],
)
def test_a_worker_is_reminded_by_name_and_nobody_where_it_is_not_sure_who(
    municipality: Database, typed: str, reminded: list[str]
) -> None:
    with municipality.transaction() as tx:
        register = Register(tx)
        register.person("anna2", manager_id=person_named(tx, "maria"))
        tx.connection.execute(update(person).where(person.c.key == "anna2").values(name="Anna Ek"))
    chat = later(municipality)
    maria = chat.client("maria")
    maria.say(typed)
    assert nudges(municipality) == reminded
    if typed == "påminn Anna":
        assert SAY("unanswered.remind_which") in maria.words
    if typed == "påminn":
        assert SAY("unanswered.remind_whom") in maria.words
    if reminded:
        assert SAY("unanswered.remind_done", name="Bilal Test") in maria.words
        maria.say(typed)
        assert nudges(municipality) == reminded


def test_the_form_is_filled_in_by_the_names_of_a_sentence(municipality: Database) -> None:
    chat = later(municipality)
    anna, bilal = (str(person_id(municipality, key)) for key in ("anna", "bilal"))
    maria = chat.client("maria")
    maria.say("lämna över Bilals placeringar till Anna")
    assert {**maria.inputs} == {"from": bilal, "unit": "all", "to": anna}
    maria.say("Bilal slutar")
    assert maria.inputs["from"] == bilal
    assert owner_of(chat, "AKT-5") == int(bilal)


def test_what_one_only_answers_as_a_substitute_is_not_given_away(municipality: Database) -> None:
    anna, bilal, maria = (person_id(municipality, key) for key in ("anna", "bilal", "maria"))
    with municipality.transaction() as tx:
        away = Leave(bilal, at("2026-11-01").date(), at("2026-11-30").date(), anna)
        people.record_leave(tx, away, at("2026-11-01"))
        cia = Register(tx).person("cia", manager_id=maria)
    chat = later(municipality)
    form(chat).press(SAY("hand_over.send"), {"from": str(anna), "unit": "all", "to": str(cia)})
    assert [owner_of(chat, case) for case in CASES] == [cia, cia, cia, bilal, bilal]


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({}, ("form.missing", "form.missing")),
        ({"from": "anna", "to": "anna"}, ("hand_over.same",)),
        ({"from": "anna", "unit": "99", "to": "bilal"}, ("hand_over.none_there",)),
        ({"from": "anna", "to": "karin"}, ("form.missing",)),
        ({"from": "karin", "to": "anna"}, ("hand_over.none_there",)),
    ],
)
def test_everything_that_is_wrong_is_said_and_nothing_is_changed(
    municipality: Database, typed: dict[str, str], problems: tuple[str, ...]
) -> None:
    chat = later(municipality)
    before = [owner_of(chat, case) for case in CASES]
    keys = {key: str(person_id(municipality, key)) for key in ("anna", "bilal", "karin")}
    maria = form(chat)
    maria.forge("reassign", {}, {name: keys.get(value, value) for name, value in typed.items()})
    for problem in set(problems):
        assert maria.words.count(SAY(problem)) == problems.count(problem)
    assert [owner_of(chat, case) for case in CASES] == before


def test_one_who_is_away_takes_nothing_over(municipality: Database) -> None:
    anna, bilal = person_id(municipality, "anna"), person_id(municipality, "bilal")
    with municipality.transaction() as tx:
        away = Leave(bilal, at("2026-11-04").date(), at("2026-11-20").date(), anna)
        people.record_leave(tx, away, at("2026-11-03"))
    maria = form(later(municipality))
    maria.forge("reassign", {}, {"from": str(anna), "to": str(bilal)})
    assert SAY("leave.substitute_away", name="Bilal Test") in maria.words


def test_no_card_of_these_names_a_child(municipality: Database) -> None:
    chat = later(municipality)
    maria = asked(chat)
    for title in (SAY("unanswered.remind_all"), SAY("hand_over.open"), SAY("hand_over.send")):
        assert not any(case in str(maria.card) for case in CASES)
        maria.press(title)


def test_the_response_is_that_of_the_managers_own_teams(municipality: Database) -> None:
    with municipality.transaction() as tx:
        register = Register(tx)
        mona = register.person("mona", "manager", team="Vuxna")
        register.placement(register.person("dag", team="Vuxna", manager_id=mona), UnitId(2), case="AKT-D")
    chat = later(municipality)
    anna = chat.client("anna").look()
    anna.press(SAY("list.send"), dict.fromkeys(anna.inputs, "true"))
    shown = {}
    for key in ("maria", "mona", "karin"):
        chat.client(key).say("läge")
        shown[key] = [n for n in ("3 av 5", "0 av 1", "3 av 6") if f"({n})" in chat.client(key).words]
    assert shown == {"maria": ["3 av 5"], "mona": ["0 av 1"], "karin": ["3 av 6"]}


def test_an_earlier_months_answers_stay_with_the_one_who_answered_then(municipality: Database) -> None:
    chat = later(municipality)
    placement_id = chat.task("AKT-1").placement.id
    with municipality.transaction() as tx:
        register = Register(tx)
        mona = register.person("mona", "manager", team="Vuxna")
        dag = register.person("dag", team="Vuxna", manager_id=mona)
        register.owner(placement_id, dag, since="2026-11-01")
    chat.client("mona").say("läge")
    words = chat.client("mona").words
    assert "(0 av 1)" in words
    assert SAY.write(chat.task("AKT-1").month.previous) not in words


def test_a_manager_who_speaks_english_does_all_of_it_in_english(municipality: Database) -> None:
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "maria").values(language="en"))
    english, chat = Texts("en"), later(municipality)
    anna, bilal = person_id(municipality, "anna"), person_id(municipality, "bilal")
    maria = chat.client("maria")
    maria.say("unanswered")
    maria.press(english("unanswered.remind"), row=ANNA)
    assert english("unanswered.remind_done", name="Anna Test") in maria.words
    maria.press(english("hand_over.open"))
    maria.press(english("hand_over.send"))
    assert english("form.missing") in maria.words
    maria.press(english("hand_over.send"), {"from": str(anna), "to": str(bilal)})
    assert english("hand_over.done", n=3, name="Bilal Test") in maria.words


@pytest.mark.parametrize(
    "typed", ["obesvarat", "obesvarde", "unanswerd", "vekobrev", "läägge", "utförre norrgården"]
)
def test_a_mistyped_word_gives_something_to_press_or_type(municipality: Database, typed: str) -> None:
    maria = later(municipality).client("maria")
    maria.say(typed)
    assert SAY("help.not_understood") in maria.words
    maria.press(maria.buttons[0])
    assert SAY("help.not_understood") not in maria.words
