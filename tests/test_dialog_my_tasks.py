"""The worker's list: what is left, the statement for normal months, and that nothing else gets in through it."""

import pytest

from followup.times.month import Month
from services.views.month import PAGE
from storage.engine.database import Database
from storage.month import reports, rounds
from storage.register import people
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.municipality import STEADY
from tests.support.told_once import told_once
from tests.support.turns import ANEW, SAY, Chat, Client, logged, october, size

BUDGET = 25_000
CONCERN = {**STEADY, "health": "concern"}
UNSAFE = {**STEADY, "feels_safe": "no"}


def anna_in(municipality: Database) -> Client:
    return october(municipality).client("anna").look()


def toggle(client: Client, case: str) -> str:
    return f"normal{client.chat.task(case).id}"


@told_once
def crowd(database: Database, number: int) -> Chat:
    """Anna alone with that many placements, each with a steady September."""
    with database.transaction() as tx:
        register = Register(tx)
        anna = register.person("anna", manager_id=register.person("maria", "manager"))
        unit = register.unit("NORR", name="Norrgårdens behandlingshem")
        placed = [register.placement(anna, unit, case=f"AKT-23-{n:04d}") for n in range(number)]
        september = rounds.open_round(
            tx, Month(2026, 9), at("2026-10-01"), at("2026-10-14"), at("2026-11-02")
        )
        for placement_id in placed:
            rounds.add_task(tx, september.id, placement_id)
        for task in rounds.tasks(tx, [september.id], at("2026-10-05").date()):
            reports.save(tx, task.id, STEADY, by_statement=False, author_id=anna, now=at("2026-10-05"))
    return october(database)


def test_a_worker_with_no_children_is_told_that_nothing_awaits_her(database: Database) -> None:
    with database.transaction() as tx:
        Register(tx).person("cia")
    cia = october(database).client("cia")
    assert cia.shown == []
    cia.say("mina")
    assert SAY("list.nothing") in cia.words
    assert cia.buttons == []


def test_the_list_names_her_own_placements_and_no_one_elses(municipality: Database) -> None:
    anna = anna_in(municipality)
    assert [case in anna.words for case in ("AKT-1", "AKT-2", "AKT-3", "AKT-4", "AKT-5")] == [True] * 3 + [
        False
    ] * 2
    assert SAY("greeting.prompt", name="Anna") in anna.words
    assert anna.shown[-1].summary == SAY("list.summary", n=3)


@pytest.mark.parametrize("number", [1, 15, 30])
def test_a_normal_month_takes_at_most_two_presses_a_placement(database: Database, number: int) -> None:
    chat = crowd(database, number)
    anna, presses = chat.client("anna").look(), 0
    while anna.inputs:
        presses += len(anna.inputs) + 1
        anna.press(SAY("list.send"), dict.fromkeys(anna.inputs, "true"))
    assert presses == number + -(-number // PAGE)
    assert presses <= 2 * number
    assert SAY("list.all_done", n=number) in anna.words
    assert all(chat.versions(f"AKT-23-{n:04d}")[0].by_statement for n in range(number))


def test_a_statement_is_stored_as_the_answers_it_affirms(municipality: Database) -> None:
    anna = anna_in(municipality)
    anna.press(SAY("list.send"), {toggle(anna, "AKT-1"): "true"})
    assert SAY("list.received", n=1, cases="AKT-1") in anna.words
    [report] = anna.chat.versions("AKT-1")
    assert report.by_statement
    # A statement tells that the provider's report has come, and nothing of how good it was.
    assert report.answers == {id_: one for id_, one in STEADY.items() if id_ != "provider_report_quality"}
    assert [anna.chat.versions(case) for case in ("AKT-2", "AKT-3")] == [[], []]


def test_twenty_rows_stay_within_the_budget_of_a_card(database: Database) -> None:
    anna = crowd(database, 30).client("anna").look()
    anna.say("mina")
    assert len(anna.inputs) == PAGE
    assert size(anna.card) < BUDGET


def test_ticks_go_along_to_the_next_page_and_back(database: Database) -> None:
    anna = crowd(database, 30).client("anna").look()
    ticked = dict.fromkeys(list(anna.inputs)[:3], "true")
    anna.press(SAY("list.more", n=10), ticked)
    assert len(anna.inputs) == 10
    assert SAY("list.ticked_elsewhere", n=3) in anna.words
    last = list(anna.inputs)[-1]
    anna.press(SAY("list.first"), {last: "true"})
    assert SAY("list.ticked_elsewhere", n=1) in anna.words
    assert {name for name, value in anna.inputs.items() if value == "true"} == set(ticked)
    anna.press(SAY("list.send"))
    assert "AKT-23-0029" in anna.words.split(SAY("list.how"))[0]
    assert SAY("list.summary", n=26) in anna.words


def test_a_page_that_is_no_more_is_the_first(municipality: Database) -> None:
    anna = anna_in(municipality)
    for start in (3, 400, -1, 10**30, "x"):
        anna.forge("show_more", {"start": start})
        assert len(anna.inputs) == 3


@pytest.mark.parametrize(
    ("why", "september", "statements"),
    [
        ("first", None, 0),
        ("gap", "absent", 0),
        ("gap", "long ago", 0),
        ("concern", "concern", 0),
        ("concern", "unsafe", 0),
        ("in_a_row", "steady", 3),
    ],
)
def test_where_a_statement_will_not_do_the_form_is_asked_and_the_list_says_why(
    database: Database, why: str, september: str | None, statements: int
) -> None:
    chat = with_history(database, september, statements)
    anna = chat.client("anna").look()
    assert anna.inputs == {}
    assert SAY(f"list.form_needed.{why}") in anna.words
    assert SAY("list.send") not in anna.buttons
    anna.forge("hand_in_statements", {}, {f"normal{chat.task('AKT-1').id}": "true"})
    assert chat.versions("AKT-1") == []
    anna.press(SAY("list.open_form"), row="AKT-1")
    assert "feels_safe" in anna.inputs


@told_once
def with_history(database: Database, september: str | None, statements: int) -> Chat:
    """One placement with reports up to August or September, the last of them by statement."""
    answers = {"concern": CONCERN, "unsafe": UNSAFE}.get(str(september), STEADY)
    months = [] if september is None else [5, 6, 7, 8, 9] if september == "long ago" else [6, 7, 8, 9]
    with database.transaction() as tx:
        register = Register(tx)
        anna = register.person("anna", manager_id=register.person("maria", "manager"))
        placed = register.placement(anna, register.unit("NORR"), case="AKT-1")
        for number in months:
            opened = at(f"2026-{number + 1:02d}-01")
            round_ = rounds.open_round(tx, Month(2026, number), opened, opened, opened)
            if (number == 9 and september == "absent") or (number > 5 and september == "long ago"):
                continue
            rounds.add_task(tx, round_.id, placed)
            [task] = rounds.tasks(tx, [round_.id], opened.date())
            stated = number > 9 - statements
            reports.save(tx, task.id, answers, by_statement=stated, author_id=anna, now=opened)
    return october(database)


def test_two_statements_in_a_row_leave_room_for_a_third(database: Database) -> None:
    anna = with_history(database, "steady", 2).client("anna").look()
    assert len(anna.inputs) == 1


def test_a_forged_tick_for_anothers_placement_stores_nothing(municipality: Database) -> None:
    anna = anna_in(municipality)
    anna.forge("hand_in_statements", {"nonce": "x"}, {toggle(anna, "AKT-4"): "true"})
    assert anna.chat.versions("AKT-4") == []
    assert SAY("report.not_yours") in anna.words


def test_a_tick_for_an_answered_placement_stores_nothing_more(municipality: Database) -> None:
    anna = anna_in(municipality)
    ticked = {toggle(anna, "AKT-1"): "true"}
    anna.press(SAY("list.send"), ticked)
    anna.forge("hand_in_statements", {"nonce": "another"}, ticked)
    assert len(anna.chat.versions("AKT-1")) == 1
    assert SAY("list.already", n=1, cases="AKT-1") in anna.words


def test_a_tick_that_comes_twice_in_one_press_is_stored_once(municipality: Database) -> None:
    anna = anna_in(municipality)
    number = anna.chat.task("AKT-1").id
    anna.forge("hand_in_statements", {"ticked": [number, number]}, {f"normal{number}": "true"})
    assert len(anna.chat.versions("AKT-1")) == 1


@pytest.mark.parametrize(
    "name", ["normal", "normal²", "normal٣", "normal-1", "normal1.0", "normal" + "9" * 5000, "feels_safe"]
)
def test_a_tick_without_a_number_of_ours_is_no_tick(municipality: Database, name: str) -> None:
    anna = anna_in(municipality)
    anna.forge("hand_in_statements", {"ticked": "x"}, {name: "true"})
    assert SAY("list.nothing_ticked") in anna.words


def test_sending_without_any_tick_says_what_to_do(municipality: Database) -> None:
    anna = anna_in(municipality)
    anna.press(SAY("list.send"))
    assert SAY("list.nothing_ticked") in anna.words
    assert len(anna.inputs) == 3


def test_ticks_survive_a_form_and_the_way_back(municipality: Database) -> None:
    anna = anna_in(municipality)
    first, second = toggle(anna, "AKT-1"), toggle(anna, "AKT-2")
    anna.press(SAY("list.open_form"), {first: "true", second: "true"}, row="AKT-3")
    anna.press(SAY("report.add_signal"))
    anna.press(SAY("report.back"))
    assert (anna.inputs[first], anna.inputs[second]) == ("true", "true")
    assert anna.chat.versions("AKT-1") == []


def test_ticks_survive_a_form_that_is_handed_in(municipality: Database) -> None:
    anna = anna_in(municipality)
    first = toggle(anna, "AKT-1")
    anna.press(SAY("list.open_form"), {first: "true"}, row="AKT-3")
    anna.press(SAY("report.hand_in"), ANEW)
    assert anna.inputs[first] == "true"
    anna.press(SAY("list.send"))
    assert len(anna.chat.versions("AKT-1")) == 1


def test_a_tick_can_be_taken_back_after_a_form(municipality: Database) -> None:
    anna = anna_in(municipality)
    first = toggle(anna, "AKT-1")
    anna.press(SAY("list.open_form"), {first: "true"}, row="AKT-3")
    anna.press(SAY("report.back"))
    anna.press(SAY("list.send"), {first: "false"})
    assert anna.chat.versions("AKT-1") == []


def test_the_form_of_a_ticked_placement_takes_its_tick_away(municipality: Database) -> None:
    anna = anna_in(municipality)
    third = toggle(anna, "AKT-3")
    anna.press(SAY("list.open_form"), {third: "true"}, row="AKT-3")
    anna.press(SAY("report.back"))
    assert anna.inputs[third] == "false"


def test_ticks_survive_asking_to_be_reminded_later(municipality: Database) -> None:
    anna = anna_in(municipality)
    first = toggle(anna, "AKT-1")
    anna.press(SAY("list.snooze"), {first: "true"})
    anna.press(SAY("report.back"))
    assert anna.inputs[first] == "true"


def test_a_tick_for_a_placement_that_has_moved_is_told_and_the_others_are_stored(
    municipality: Database,
) -> None:
    anna = anna_in(municipality)
    ticked = {toggle(anna, case): "true" for case in ("AKT-1", "AKT-2")}
    move(anna.chat, "AKT-1", "bilal")
    anna.press(SAY("list.send"), ticked)
    assert SAY("report.not_yours") in anna.words
    assert "AKT-1" not in anna.words
    assert (len(anna.chat.versions("AKT-1")), len(anna.chat.versions("AKT-2"))) == (0, 1)


def move(chat: Chat, case: str, to: str) -> None:
    placement_id = chat.task(case).placement.id
    with chat.database.transaction() as tx:
        person = people.by_key(tx, to)
        assert person is not None
        Register(tx).owner(placement_id, person.id, since="2026-11-01")


def test_what_was_moved_stands_in_the_new_workers_list(municipality: Database) -> None:
    anna = anna_in(municipality)
    move(anna.chat, "AKT-1", "bilal")
    bilal = anna.chat.client("bilal")
    bilal.say("mina")
    assert "AKT-1" in bilal.words
    bilal.press(SAY("list.send"), {toggle(anna, "AKT-1"): "true"})
    [report] = anna.chat.versions("AKT-1")
    with anna.chat.database.transaction() as tx:
        author = people.by_key(tx, "bilal")
    assert author is not None
    assert report.author_id == author.id


def test_a_statement_raises_no_signal_and_no_point(municipality: Database) -> None:
    anna = anna_in(municipality)
    anna.press(SAY("list.send"), dict.fromkeys(anna.inputs, "true"))
    number = anna.chat.task("AKT-1").id
    with municipality.transaction() as tx:
        assert signals.of_tasks(tx, [number]) == {number: []}


def test_when_all_is_done_the_list_offers_to_correct(municipality: Database) -> None:
    anna = anna_in(municipality)
    anna.press(SAY("list.send"), dict.fromkeys(anna.inputs, "true"))
    assert SAY("list.all_done", n=3) in anna.words
    assert anna.buttons == [SAY("list.correct")]


def test_the_list_is_logged_as_read(municipality: Database) -> None:

    october(municipality).client("anna").say("mina")
    with municipality.transaction() as tx:
        assert "tasks:3" in logged(tx, "read")
