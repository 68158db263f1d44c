"""Follow-ups in chat: from an alert through the five steps to the verdict, in both languages, told to nobody else."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import update

from bot.cards import BUDGET_BYTES
from followup import ActionId, FollowUpId, PersonId, UnitId
from followup.follow_ups.checklist import CHECKS, LONGEST_NOTE, evidence_of, note_of
from followup.follow_ups.follow_up import AREAS, PREFILLED, STEPS, FollowUp
from followup.times.deadlines import YearDates
from followup.times.month import Months
from services.follow_ups.selected_units import OpenedFollowUps, open_for_selection
from storage.engine.database import Database, Transaction
from storage.engine.tables import person
from storage.engine.year_tables import selection_cycle
from storage.follow_ups import actions, board_decisions, diary_numbers, follow_ups
from storage.register import people, units
from storage.selection import selections
from tests.support.builders import Register, at
from tests.support.desk import alerted, in_channel, newest, person_id, unit_id
from tests.support.logged_acts import acts
from tests.support.municipality import CASES
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat, Client, not_saved, size
from tests.support.year_builders import cycle
from texts.catalogue import Texts

NUMBER = "20120229-2387"
VERBS = (
    "follow_ups",
    "new_follow_up_form",
    "open_follow_up",
    "show_follow_up",
    "read_follow_up",
    "save_step",
    "next_step",
    "step_back",
    "close_follow_up",
    "cancel_follow_up_form",
    "cancel_follow_up",
    "board_decision_form",
    "record_board_decision",
    "diary_number_form",
    "enter_diary_number",
    "actions",
    "show_action",
    "action_form",
    "save_action",
    "action_state_form",
    "set_action_state",
)

# Those that are not about one follow-up or action.
ABOUT_NONE = ("follow_ups", "actions", "new_follow_up_form", "open_follow_up")

WARNING = {"kind": "warning", "reference": "SN 2026/114 § 9", "decided_on": "2026-10-29"}
RECORDED = {"kind": "Varning", "reference": "SN 2026/114 § 9", "day": date(2026, 10, 29)}


def answers(chat: Chat) -> dict[str, dict[str, str]]:
    """What is written at each step; Kim answers for the follow-up."""
    return {
        "analyse": {},
        "plan": {
            "owner": str(person_id(chat, "kim")),
            "method": "visit",
            "planned_on": "2026-11-10",
            "report_asked_on": "2026-11-02",
        },
        "collect": {
            "held_on": "2026-11-02",
            "participants": "director,young",
            "values": "Värdegrunden är känd.",
            "outcomes": "Målen nås delvis.",
            "requirements": "Kraven följs.",
            "improvement": "Egenkontroll finns.",
            **dict.fromkeys((evidence_of(area) for area in AREAS if area not in PREFILLED), "talk"),
            "report_received_on": "2026-11-02",
            "report_link": "https://stratsys.example/1",
            "satisfaction": "Trivsel; 4,2 av 5; 13 av 50",
        },
        "assess": {
            **{"strengths": "Trygg personal.", "improvements": "Planerna.", "verdict": "partly"},
            **dict.fromkeys((point for ground in CHECKS.values() for point in ground), "fulfilled"),
        },
    }


@told_once
def opened(municipality: Database, key: str = "karin", language: str = "sv") -> tuple[Chat, Client]:
    """Karin has opened a follow-up from the alert about Södergården, in her own chat."""
    chat = alerted(municipality)
    client = chat.client(key)
    client.forge("show_alert", {"alert": newest(chat).id})
    client.press(Texts(language)("follow_up.open"))
    return chat, client


@told_once
def walked(municipality: Database, until: str = "act") -> tuple[Chat, Client]:
    """Every step before the named one is written and left."""
    chat, karin = opened(municipality)
    walk(chat, karin, until)
    return chat, karin


def walk(chat: Chat, client: Client, until: str) -> None:
    for step in STEPS[: STEPS.index(until)]:
        client.press(SAY("follow_up.next"), answers(chat)[step])


@told_once
def with_action(municipality: Database) -> tuple[Chat, Client]:
    chat, karin = walked(municipality)
    add_action(chat, karin)
    return chat, karin


def stored(chat: Chat) -> FollowUp:
    with chat.database.transaction() as tx:
        [found] = follow_ups.of_unit(tx, UnitId(2))
    return found


def add_action(chat: Chat, client: Client, owner: str = "karin", **typed: str) -> None:
    plan = {"what": "Begär in nya planer.", "owner": str(person_id(chat, owner)), "due_on": "2026-12-01"}
    client.press(SAY("action.add"))
    client.press(SAY("follow_up.save"), {**plan, **typed})


def finish_action(chat: Chat, karin: Client, kim: Client) -> None:
    """Karin reports it done, and Kim verifies it."""
    karin.press(SAY("alerts.open"), row="Å-1 · Begär in nya planer.")
    karin.press(SAY("action.to.done"))
    karin.press(SAY("action.to.done"), {"evidence": "Planerna är lästa."})
    kim.say("åtgärder")
    kim.press(SAY("alerts.open"), row="Å-1 · Södergården")
    kim.press(SAY("action.to.verified"))
    karin.press(SAY("follow_up.to_step"))


def test_one_is_opened_from_the_alert_with_the_evidence_filled_in(municipality: Database) -> None:
    chat, karin = opened(municipality)
    assert SAY("follow_up.title", number="UF-1", unit="Södergården") in karin.words
    assert "Steg 1 av 5: analysera nuläget" in karin.words
    assert SAY("follow_up.why.alert", alert=newest(chat).number, day=date(2026, 11, 2)) in karin.words
    filled = karin.inputs
    assert "100\u00a0% av månadsrapporterna om september 2026–november 2026 är inne." in filled["indicators"]
    assert SAY("follow_up.pre.floor.event") in filled["indicators"]
    assert "avvikelser (1)" in filled["deviations"]
    assert "Ett larm december 2025–november 2026." in filled["deviations"]
    assert filled["inspectorate"] == SAY(
        "follow_up.pre.nothing_tried", months=Months.year_to(date(2026, 11, 2))
    )
    assert not any(secret in karin.words for secret in (*CASES, "slag", "2026-10-30"))


def test_a_second_press_and_a_second_person_get_the_same_follow_up(municipality: Database) -> None:
    chat, _ = opened(municipality)
    kim = chat.client("kim")
    kim.forge("show_alert", {"alert": newest(chat).id})
    for _ in range(2):
        kim.forge("follow_up_alert", {"alert": newest(chat).id})
    assert (stored(chat).version, stored(chat).opened_by) == (1, person_id(chat, "karin"))


def test_from_the_channel_it_is_opened_and_read_in_ones_own_chat(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = in_channel(chat)
    for _ in range(2):
        answer = karin.press(SAY("follow_up.open"))
        assert (answer.card, answer.notice) == (None, SAY("follow_up.opened_elsewhere", number="UF-1"))
    assert stored(chat).unit_id == unit_id(chat)
    assert karin.say("uppföljningar").text == SAY("refused.channel")


def test_the_whole_way_to_a_verdict_that_the_unit_remembers(municipality: Database) -> None:
    chat, karin = with_action(municipality)
    finish_action(chat, karin, chat.client("kim"))
    karin.press(SAY("follow_up.close"))
    assert SAY("follow_up.closed") in karin.words
    assert "Värdegrunden är känd." in karin.words
    assert SAY("action.state.verified") in karin.words
    closed = stored(chat)
    assert (closed.step, closed.verdict, closed.owner_id) == ("closed", "partly", person_id(chat, "kim"))
    assert closed.satisfaction[0].answered == 13
    with municipality.transaction() as tx:
        assert units.last_follow_up(tx, closed.unit_id) == (date(2026, 11, 2), "uppfyller_delvis")
        assert len(follow_ups.versions(tx, closed.id)) == 6
        writes = [subject for _, _, subject in acts(tx, "write")]
        assert writes.count("follow_up:1") == 6
        assert writes.count("action:1") == 3
    karin.say("uppföljningar")
    assert SAY("follow_ups.none") in karin.words


@pytest.mark.parametrize("step", STEPS[:4])
def test_no_step_is_left_before_all_that_it_demands_is_there(municipality: Database, step: str) -> None:
    chat, karin = walked(municipality, step)
    emptied = dict.fromkeys(karin.inputs, "")
    before = stored(chat)
    karin.press(SAY("follow_up.next"), emptied)
    needed = [one for one in emptied if one not in OPTIONAL and not one.endswith("_note")]
    assert karin.words.count(SAY("form.missing")) == len(needed)
    assert stored(chat) == before


OPTIONAL = ("report_asked_on", "report_received_on", "report_link", "satisfaction")


def test_one_that_an_alert_opened_has_a_checklist_that_stands_in_the_record_beside_on_what_it_rests(
    municipality: Database,
) -> None:
    """`follow_up.checked`: each point as it was marked, with what was written of it."""
    chat, karin = walked(municipality, "assess")
    assert SAY("follow_up.kind.by_risk") in karin.words
    assert [SAY(f"section.check_{ground}") in karin.words for ground in CHECKS] == [True] * 3
    typed = {**answers(chat)["assess"], "law_records": "not_fulfilled", "rules_staff": "not_examined"}
    karin.press(SAY("follow_up.next"), {**typed, "verdict": "meets"})
    assert SAY("follow_up.not_all_fulfilled", n=1) in karin.words
    assert SAY("follow_up.check_needs_note") in karin.words
    karin.press(SAY("follow_up.next"), {**typed, "law_records_note": "Två utdrag saknas."})
    assert stored(chat).marked["rules_staff"] == "not_examined"
    written = "\n".join(read(karin))
    assert f"{SAY('follow_up.law_records')}: Uppfylls inte. Två utdrag saknas." in written
    assert f"{SAY('follow_up.rules_staff')}: Prövades inte." in written
    assert "Värdegrunden är känd." in written
    assert "Bygger på: Samtal." in written


def test_half_a_step_is_kept_and_nothing_else(municipality: Database) -> None:
    chat, karin = walked(municipality, "collect")
    karin.press(SAY("follow_up.save"), {"values": "Värdegrunden är känd."})
    assert SAY("follow_up.saved") in karin.words
    assert karin.inputs["values"] == "Värdegrunden är känd."
    assert (stored(chat).step, stored(chat).areas["values"]) == ("collect", "Värdegrunden är känd.")


def test_what_was_filled_in_and_then_taken_away_does_not_come_back(municipality: Database) -> None:
    _, karin = opened(municipality)
    karin.press(SAY("follow_up.save"), {"indicators": "", "deviations": "Ett samtal har förts."})
    assert (karin.inputs["indicators"], karin.inputs["deviations"]) == ("", "Ett samtal har förts.")


def test_a_personal_number_is_refused_with_every_other_mistake_and_what_was_typed(
    municipality: Database,
) -> None:
    chat, karin = walked(municipality, "collect")
    typed = {
        "values": f"Om {NUMBER}",
        "held_on": "2026-12-24",
        "report_link": "stratsys",
        "satisfaction": "nej",
    }
    before = stored(chat)
    karin.press(SAY("follow_up.next"), typed)
    for problem in ("form.personal_number", "form.future_date", "form.missing"):
        assert SAY(problem) in karin.words
    assert SAY("follow_up.not_a_link", longest=500) in karin.words
    assert SAY("follow_up.satisfaction_line", line=1) in karin.words
    assert {name: karin.inputs[name] for name in typed} == typed
    assert stored(chat) == before


def test_going_back_keeps_what_was_written(municipality: Database) -> None:
    chat, karin = walked(municipality, "assess")
    karin.press(SAY("follow_up.back"))
    assert SAY("follow_up.gone_back") in karin.words
    assert karin.inputs["values"] == "Värdegrunden är känd."
    assert stored(chat).step == "collect"


def test_two_who_write_at_once_do_not_lose_what_either_wrote(municipality: Database) -> None:
    chat, karin = opened(municipality)
    kim = chat.client("kim")
    kim.forge("show_follow_up", {"follow_up": 1})
    karin.press(SAY("follow_up.save"), {"indicators": "Karins text."})
    answer = kim.press(SAY("follow_up.save"), {"indicators": "Kims text."})
    assert (answer.card, answer.notice) == (None, SAY("follow_up.changed", name="Karin Test"))
    assert stored(chat).areas["indicators"] == "Karins text."


@pytest.mark.parametrize("verb", ["follow_up.save", "follow_up.next"])
def test_the_same_press_twice_is_one_version(municipality: Database, verb: str) -> None:
    chat, karin = opened(municipality)
    found, inputs = karin.button(SAY(verb)), dict(karin.inputs)
    karin.send(found, inputs)
    assert karin.send(found, inputs).again
    assert SAY("receipt.saved") in karin.words
    assert stored(chat).version == 2


def test_faults_need_an_action_or_the_boards_decision_before_it_closes(municipality: Database) -> None:
    chat, karin = walked(municipality)
    karin.press(SAY("follow_up.close"))
    assert SAY("follow_up.action_needed") in karin.words
    add_action(chat, karin)
    karin.press(SAY("follow_up.close"))
    assert SAY("follow_up.actions_left", n=1) in karin.words
    assert stored(chat).step == "act"


def test_the_boards_decision_is_recorded_and_never_made(municipality: Database) -> None:
    chat, karin = walked(municipality)
    karin.press(SAY("board_decision.add"))
    assert SAY("board_decision.about") in karin.words
    karin.press(SAY("board_decision.record"), {"reference": "", "decided_on": "2027-01-01"})
    assert SAY("form.missing") in karin.words
    assert SAY("form.future_date") in karin.words
    typed = {"kind": "warning", "reference": "SN 2026/114 § 9", "decided_on": "2026-10-29"}
    found = karin.button(SAY("board_decision.record"))
    for _ in range(2):
        karin.send(found, typed)
    with municipality.transaction() as tx:
        assert [one.reference for one in board_decisions.of_follow_up(tx, FollowUpId(1))] == [
            "SN 2026/114 § 9"
        ]
    assert SAY("board_decision.row_of", **RECORDED) in karin.words
    karin.press(SAY("follow_up.close"))
    assert stored(chat).closed


def test_the_diary_number_of_a_matter_is_entered_shown_and_corrected(municipality: Database) -> None:
    chat, karin = opened(municipality)
    one, sent = {"follow_up": 1}, SAY("diary_number.enter")
    karin.forge("diary_number_form", one)
    assert SAY("diary_number.no_verdict") in karin.words
    walk(chat, karin, "act")
    for number in ("SN 2026/41", "SN 2026/14"):
        karin.press(SAY("follow_up.read"))
        karin.press(SAY("diary_number.add"))
        karin.press(sent, {"number": number})
        assert SAY("diary_number.entered", number=number) in karin.words
    karin.press(SAY("follow_up.read"))
    assert f"{SAY('diary_number.number')} SN 2026/14" in " ".join(karin.words.split())
    karin.press(SAY("diary_number.add"))
    assert karin.inputs["number"] == "SN 2026/14"
    assert SAY("diary_number.earlier", number="SN 2026/41", day=chat.now.date()) in karin.words
    kim = chat.client("kim")
    kim.forge("enter_diary_number", one, inputs={"number": "SN 2026/14"})
    assert SAY("diary_number.there_already", number="SN 2026/14") in kim.words
    kim.forge("enter_diary_number", one, inputs={"number": "SN 2026/99"})
    assert SAY("diary_number.other", number="SN 2026/14") in kim.words
    kim.press(sent)
    with municipality.transaction() as tx:
        entered = [one.number for one in diary_numbers.of_follow_up(tx, FollowUpId(1))]
    assert entered == ["SN 2026/41", "SN 2026/14", "SN 2026/99"]


@pytest.mark.parametrize(
    ("reference", "day", "recorded"),
    [
        ("SN 2026/114 § 9", "2026-10-29", 1),
        ("sn 2026/114  §9", "2026-10-29", 1),
        ("SN 2026/114 § 10", "2026-10-29", 2),
    ],
)
def test_a_board_decision_that_two_hand_in_is_recorded_once_and_two_decisions_twice(
    municipality: Database, reference: str, day: str, recorded: int
) -> None:
    chat, karin = walked(municipality)
    karin.press(SAY("board_decision.add"))
    other = karin.button(SAY("board_decision.record"))
    karin.press(
        SAY("board_decision.record"),
        {"kind": "warning", "reference": "SN 2026/114 § 9", "decided_on": "2026-10-29"},
    )
    kim = chat.client("kim")
    kim.card = karin.card
    kim.press(SAY("board_decision.add"))
    kim.press(SAY("board_decision.record"), {"kind": "warning", "reference": reference, "decided_on": day})
    said = SAY(
        "board_decision.there_already" if recorded == 1 else "board_decision.recorded", reference=reference
    )
    assert said in kim.words
    karin.send(other, {"kind": "warning", "reference": reference, "decided_on": day})
    with municipality.transaction() as tx:
        assert len(board_decisions.of_follow_up(tx, FollowUpId(1))) == recorded
        assert len(written(tx)) == recorded


def test_another_day_for_the_same_board_decision_is_shown_and_one_press_corrects_it(
    municipality: Database,
) -> None:
    _, karin = walked(municipality)
    typed = {"kind": "warning", "reference": "SN 2026/114 § 9", "decided_on": "2026-10-29"}
    karin.press(SAY("board_decision.add"))
    karin.press(SAY("board_decision.record"), typed)
    karin.press(SAY("board_decision.add"))
    karin.press(SAY("board_decision.record"), {**typed, "decided_on": "2026-10-22"})
    stands = SAY("board_decision.other_day", reference=typed["reference"], day=date(2026, 10, 29))
    assert stands in karin.words
    assert karin.inputs["decided_on"] == "2026-10-22"
    with municipality.transaction() as tx:
        assert [one.decided_on for one in board_decisions.of_follow_up(tx, FollowUpId(1))] == [
            date(2026, 10, 29)
        ]
    karin.press(SAY("board_decision.record"))
    with municipality.transaction() as tx:
        assert [one.decided_on for one in board_decisions.of_follow_up(tx, FollowUpId(1))] == [
            date(2026, 10, 22)
        ]
        assert len(written(tx)) == 2


def written(tx: Transaction) -> list[object]:
    """Every row, also those that were corrected."""
    return list(tx.connection.exec_driver_sql("select id from board_decision").scalars())


def test_another_than_the_one_who_reported_it_verifies_an_action(municipality: Database) -> None:
    chat, karin = with_action(municipality)
    karin.press(SAY("alerts.open"), row="Å-1 · Begär in nya planer.")
    karin.press(SAY("action.to.done"))
    karin.press(SAY("action.to.done"), {"evidence": " "})
    assert SAY("form.missing") in karin.words
    karin.press(SAY("action.to.done"), {"evidence": "Planerna är lästa."})
    assert SAY("action.to.verified") not in karin.buttons
    karin.forge("set_action_state", {"action": 1, "version": 2, "to": "verified"})
    assert SAY("action.another_verifies") in karin.words
    kim = chat.client("kim")
    kim.forge("show_action", {"action": 1})
    assert "Karin Test" in kim.words
    found = kim.button(SAY("action.to.verified"))
    for _ in range(2):
        kim.send(found, {})
    with municipality.transaction() as tx:
        action = actions.get(tx, ActionId(1))
    assert action is not None
    assert (action.version, action.state, action.verified_by) == (3, "verified", person_id(chat, "kim"))
    assert kim.buttons == [SAY("follow_up.to_step")]


def test_one_alone_in_the_team_may_verify_what_she_reported(municipality: Database) -> None:
    _, karin = with_action(municipality)
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "kim").values(active=False))
    karin.press(SAY("alerts.open"), row="Å-1 · Begär in nya planer.")
    karin.press(SAY("action.to.done"))
    karin.press(SAY("action.to.done"), {"evidence": "Planerna är lästa."})
    karin.press(SAY("action.to.verified"))
    assert SAY("action.now.verified", number="Å-1") in karin.words


@pytest.mark.parametrize("state", ["open", "cancelled"])
def test_sent_back_or_cancelled_an_action_has_a_reason(municipality: Database, state: str) -> None:
    _, karin = with_action(municipality)
    karin.press(SAY("alerts.open"), row="Å-1 · Begär in nya planer.")
    karin.press(SAY("action.to.done"))
    karin.press(SAY("action.to.done"), {"evidence": "Planerna är lästa."})
    karin.press(SAY(f"action.to.{state}"))
    karin.press(SAY(f"action.to.{state}"), {"reason": f"Om {NUMBER}"})
    assert SAY("form.personal_number") in karin.words
    karin.press(SAY(f"action.to.{state}"), {"reason": "En plan fattas."})
    assert SAY(f"action.now.{state}", number="Å-1") in karin.words
    assert "En plan fattas." in karin.words
    with municipality.transaction() as tx:
        assert [one.state for one in actions.versions(tx, ActionId(1))] == ["open", "done", state]


def test_an_action_that_is_open_can_be_changed_and_its_new_owner_is_told(municipality: Database) -> None:
    chat, karin = with_action(municipality)
    chat.deliver()
    assert [one.kind for one in chat.client("karin").shown].count("action_given") == 0
    karin.press(SAY("alerts.open"), row="Å-1 · Begär in nya planer.")
    karin.press(SAY("action.edit"))
    assert karin.inputs["what"] == "Begär in nya planer."
    karin.press(SAY("follow_up.save"), {"owner": str(person_id(chat, "kim")), "due_on": "2026-11-01"})
    assert SAY("action.due_passed") in karin.words
    karin.press(SAY("follow_up.save"), {"due_on": "2026-12-08"})
    assert SAY("action.saved", number="Å-1") in karin.words
    chat.deliver()
    [told] = [one for one in chat.client("kim").shown if one.kind == "action_given"]
    assert SAY("action_given.about", number="Å-1", unit="Södergården", due=date(2026, 12, 8)) in told.words
    assert "planer" not in told.words + told.summary
    kim = chat.client("kim")
    kim.look().press(SAY("alerts.open"))
    assert "Begär in nya planer." in kim.words


def test_an_action_typed_when_a_colleague_has_left_the_step_is_not_taken_away_in_silence(
    municipality: Database,
) -> None:
    chat, karin = walked(municipality)
    kim = chat.client("kim")
    kim.forge("show_follow_up", {"follow_up": 1})
    kim.press(SAY("action.add"))
    karin.press(SAY("follow_up.back"))
    answer = kim.press(SAY("follow_up.save"), {"what": "Begär in nya planer."})
    assert (answer.card, answer.notice) == (None, SAY("follow_up.changed", name="Karin Test"))
    with municipality.transaction() as tx:
        assert actions.of_follow_up(tx, FollowUpId(1)) == []


def test_what_is_typed_over_a_changed_action_stays_where_it_is_and_is_not_stored(
    municipality: Database,
) -> None:
    chat, karin = with_action(municipality)
    kim = chat.client("kim")
    kim.forge("action_form", {"action": 1, "version": 1})
    karin.press(SAY("alerts.open"), row="Å-1 · Begär in nya planer.")
    karin.press(SAY("action.to.cancelled"))
    karin.press(SAY("action.to.cancelled"), {"reason": "Enheten läggs ned."})
    answer = kim.press(SAY("follow_up.save"), {"what": "Något annat."})
    assert (answer.card, answer.notice) == (None, SAY("action.changed_meanwhile", number="Å-1"))
    for to in ("done", "verified", "nonsense", None):
        answer = kim.forge("set_action_state", {"action": 1, "version": 2, "to": to}, {"evidence": "x"})
        assert (answer.card, answer.notice) == (None, SAY("action.changed_meanwhile", number="Å-1"))
    kim.forge("action_form", {"action": 1, "version": 1})
    assert SAY("action.changed") in kim.words
    with municipality.transaction() as tx:
        assert [one.state for one in actions.versions(tx, ActionId(1))] == ["open", "cancelled"]


def test_what_is_reported_about_an_action_that_was_changed_meanwhile_is_not_stored(
    municipality: Database,
) -> None:
    chat, karin = with_action(municipality)
    kim = chat.client("kim")
    kim.forge("action_state_form", {"action": 1, "version": 1, "to": "done"})
    karin.forge("action_form", {"action": 1, "version": 1})
    karin.press(SAY("follow_up.save"), {"what": "Begär in planer och närvarolistor."})
    answer = kim.press(SAY("action.to.done"), {"evidence": "Planerna är lästa."})
    assert (answer.card, answer.notice) == (None, SAY("action.changed_meanwhile", number="Å-1"))
    with municipality.transaction() as tx:
        assert [one.state for one in actions.versions(tx, ActionId(1))] == ["open", "open"]


def test_no_action_is_planned_before_the_last_step_or_after_it_is_closed(municipality: Database) -> None:
    _, karin = opened(municipality)
    karin.forge("save_action", {"follow_up": 1}, {"what": "x", "owner": "2", "due_on": "2026-12-01"})
    assert "Steg 1 av 5" in karin.words
    with municipality.transaction() as tx:
        assert actions.unfinished(tx) == []


@pytest.mark.parametrize("verb", ["save_step", "next_step", "step_back", "close_follow_up"])
def test_a_closed_one_is_only_read(municipality: Database, verb: str) -> None:
    chat, karin = walked(municipality, "assess")
    karin.press(SAY("follow_up.next"), {**answers(chat)["assess"], "verdict": "meets"})
    karin.press(SAY("follow_up.close"))
    closed = stored(chat)
    assert closed.closed
    karin.forge(verb, {"follow_up": 1, "version": closed.version}, answers(chat)["collect"])
    assert karin.buttons == [SAY("diary_number.add"), SAY("actions.all"), SAY("follow_up.all")]
    assert stored(chat) == closed


@pytest.mark.parametrize("verb", [*VERBS, "follow_up_alert"])
@pytest.mark.parametrize("key", ["anna", "maria"])
def test_nobody_but_the_quality_team_comes_near_it(municipality: Database, verb: str, key: str) -> None:
    chat, _ = with_action(municipality)
    before = stored(chat)
    data = {"follow_up": 1, "action": 1, "version": before.version, "alert": newest(chat).id, "to": "done"}
    answer = chat.client(key).forge(verb, data, {"evidence": "x", "reason": "x"})
    assert (answer.card, answer.notice) == (None, not_saved("refused.role"))
    assert stored(chat) == before
    assert chat.client(key).say("uppföljningar").text == SAY("refused.role")
    assert chat.client(key).say("åtgärder").text == SAY("refused.role")


@pytest.mark.parametrize("verb", [one for one in VERBS if one not in ABOUT_NONE])
def test_what_does_not_exist_is_told_so(municipality: Database, verb: str) -> None:
    karin = alerted(municipality).client("karin")
    for number in (None, 0, 99, -1, "1", 10**30, True, [1]):
        notice = karin.forge(verb, {"follow_up": number, "action": number, "version": 1, "to": "done"}).notice
        assert notice in (SAY("follow_up.unknown"), SAY("action.unknown"))


def test_one_who_is_given_a_follow_up_is_told_without_how_it_is_done(municipality: Database) -> None:
    chat, karin = walked(municipality, "plan")
    found, typed = karin.button(SAY("follow_up.save")), {**answers(chat)["plan"], "method": "unannounced"}
    for _ in range(2):
        karin.send(found, typed)
    chat.deliver()
    kim = chat.client("kim")
    [told] = [one for one in kim.shown if one.kind == "follow_up_given"]
    assert SAY("follow_up_given.about", number="UF-1", unit="Södergården") in told.words
    assert "anmält" not in told.words + told.summary
    kim.look().press(SAY("alerts.open"))
    kim.press(SAY("follow_up.save"), {"owner": str(person_id(chat, "karin"))})
    kim.press(SAY("follow_up.save"), {"owner": str(person_id(chat, "kim"))})
    chat.deliver()
    assert not any(one.kind == "follow_up_given" for one in chat.client("karin").shown)


def test_an_unannounced_visit_is_told_to_nobody_outside_the_team(municipality: Database) -> None:
    chat, karin = opened(municipality)
    karin.press(SAY("follow_up.next"), {})
    karin.press(SAY("follow_up.next"), {**answers(chat)["plan"], "method": "unannounced"})
    assert SAY("choice.follow_up_method.unannounced") in karin.words
    chat.wake("2026-11-30 08:00")
    for key in ("anna", "bilal", "maria"):
        client = chat.client(key)
        for word in ("läge", "utförare Södergården", "larm", "mina", "obesvarade"):
            client.say(word)
            assert not set(SECRET_WORDS) & set(client.words.casefold().split()), word
        for shown in client.shown:
            assert not set(SECRET_WORDS) & set((shown.words + " " + shown.summary).casefold().split())
    for shown in chat.client("karin", channel=True).shown:
        assert not set(SECRET_WORDS) & set(shown.words.casefold().split())


SECRET_WORDS = ("oanmält", "uf-1", "planerad")


def test_the_list_says_what_is_late_first(municipality: Database) -> None:
    chat, karin = opened(municipality)
    with municipality.transaction() as tx:
        follow_ups.open_new(tx, UnitId(1), person_id_in(tx, "kim"), chat.now, cycle_id=cycle(tx, 1, 2026))
        follow_ups.open_new(tx, UnitId(2), person_id_in(tx, "kim"), chat.now, cycle_id=cycle(tx, 1, 2027))
    walk(chat, karin, "collect")
    karin.say("uppföljningar")
    assert [one.partition(": ")[2] for one in karin.buttons if one.startswith(SAY("alerts.open"))] == [
        "UF-2 · Norrgården",
        "UF-1 · Södergården",
        "UF-3 · Södergården",
    ]
    assert SAY("follow_up.late.year", day=date(2026, 8, 31)) in karin.words
    chat.now = at("2026-11-11")
    karin.say("uppföljningar")
    assert SAY("follow_up.late.planned", day=date(2026, 11, 10)) in karin.words


def test_late_actions_are_said_in_the_list_and_on_the_action(municipality: Database) -> None:
    chat, karin = with_action(municipality)
    chat.now = at("2026-12-03")
    karin.say("uppföljningar")
    assert SAY("follow_up.late.actions", n=1) in karin.words
    karin.say("åtgärder")
    assert SAY("action.late", n=2) in karin.words
    karin.press(SAY("alerts.open"), row="Å-1 · Södergården")
    assert SAY("action.late", n=2) in karin.words


def test_an_action_whose_owner_has_left_says_so(municipality: Database) -> None:
    chat, karin = walked(municipality)
    add_action(chat, karin, owner="kim")
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "kim").values(active=False))
    karin.say("åtgärder")
    assert SAY("action.ownerless") in karin.words
    karin.press(SAY("alerts.open"), row="Å-1 · Södergården")
    karin.press(SAY("action.edit"))
    assert karin.inputs["owner"] == ""


def test_a_selection_that_is_late_is_on_the_list_until_it_is_drawn(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = chat.client("karin")
    late = SAY("follow_ups.no_selection", year=2026, day=date(2026, 3, 1))
    karin.say("uppföljningar")
    assert late in karin.words
    with municipality.transaction() as tx:
        cycle(tx, 1, 2026, locked=True)
    karin.say("uppföljningar")
    assert late not in karin.words
    assert SAY("follow_ups.none") in karin.words


def test_an_extra_selection_does_not_stand_in_for_the_years(municipality: Database) -> None:
    chat = alerted(municipality)
    with municipality.transaction() as tx:
        cycle(tx, 1, 2026, locked=True, name="hösten")
    karin = chat.client("karin")
    karin.say("uppföljningar")
    assert SAY("follow_ups.no_selection", year=2026, day=date(2026, 3, 1)) in karin.words


def test_a_selection_that_is_drawn_and_not_locked_is_on_the_list(municipality: Database) -> None:
    chat = alerted(municipality)
    with municipality.transaction() as tx:
        drawn = cycle(tx, 1, 2026, locked=True)
        tx.connection.execute(
            update(selection_cycle).where(selection_cycle.c.id == drawn).values(locked_at=None)
        )
    karin = chat.client("karin")
    karin.say("uppföljningar")
    assert SAY("follow_ups.not_locked", year=2026) in karin.words


@pytest.mark.parametrize("change", [{"active": False}, {"role": "manager"}])
def test_a_follow_up_whose_owner_has_left_the_team_says_so_until_it_has_another(
    municipality: Database, change: dict[str, object]
) -> None:
    chat, karin = walked(municipality, "collect")
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "kim").values(**change))
    karin.say("uppföljningar")
    assert SAY("follow_up.ownerless") in karin.words
    karin.press(SAY("alerts.open"), row="UF-1 · Södergården")
    assert SAY("follow_up.ownerless") in karin.words
    karin.press(SAY("follow_up.back"))
    assert karin.inputs["owner"] == ""
    karin.press(SAY("follow_up.next"), {"owner": str(person_id(chat, "karin"))})
    karin.say("uppföljningar")
    assert SAY("follow_up.ownerless") not in karin.words


def test_many_come_a_page_at_a_time_and_every_card_fits(municipality: Database) -> None:
    chat, karin = opened(municipality)
    with municipality.transaction() as tx:
        for year in range(2000, 2045):
            follow_ups.open_new(tx, UnitId(1), PersonId(2), chat.now, cycle_id=cycle(tx, 1, year))
    seen = 0
    karin.say("uppföljningar")
    while True:
        assert size(karin.card) < BUDGET_BYTES
        seen += len([one for one in karin.buttons if one.startswith(SAY("alerts.open"))])
        more = [one for one in karin.buttons if one.startswith("Visa")]
        if not more:
            break
        karin.press(more[0])
    assert seen == 46


def test_the_longest_of_texts_fit_in_every_card(municipality: Database) -> None:
    chat, karin = opened(municipality)
    long = "å" * 2000
    for step in STEPS[:4]:
        typed = answers(chat)[step]
        texts = {name: long for name in karin.inputs if name in (*AREAS, "strengths", "improvements")}
        notes = [note_of(point) for ground in CHECKS.values() for point in ground]
        texts |= {name: long[:LONGEST_NOTE] for name in karin.inputs if name in notes}
        karin.press(SAY("follow_up.next"), {**typed, **texts})
        read(karin)
        karin.press(SAY("follow_up.to_step"))
        assert size(karin.card) < BUDGET_BYTES, step
    assert stored(chat).step == "act"
    assert len(stored(chat).areas) == 7
    for _ in range(10):
        add_action(chat, karin, what=long)
    assert size(karin.card) < BUDGET_BYTES
    pages = read(karin)
    assert sum(page.count(long) for page in pages) == 9
    assert SAY("evidence.more", n=2) in pages[-1]


def read(client: Client) -> list[str]:
    """Every page of what has been written."""
    client.press(SAY("follow_up.read"))
    pages = [client.words]
    while SAY("follow_up.next_page") in client.buttons:
        assert size(client.card) < BUDGET_BYTES
        client.press(SAY("follow_up.next_page"))
        pages.append(client.words)
    assert size(client.card) < BUDGET_BYTES
    return pages


def test_a_follow_up_with_many_actions_shows_them_all_on_demand(municipality: Database) -> None:
    chat, karin = walked(municipality)
    for number in range(22):
        add_action(chat, karin, what=f"Plan {number}.")
    assert SAY("evidence.more", n=14) in karin.words
    karin.press(SAY("actions.all"))
    assert len([one for one in karin.buttons if one.startswith(SAY("alerts.open"))]) == 20
    karin.press(SAY("list.more", n=2))
    assert [one for one in karin.buttons if one.startswith(SAY("alerts.open"))] == [
        f"{SAY('alerts.open')}: Å-{number} · Södergården" for number in (21, 22)
    ]


def test_in_english_every_conversation_is_in_english(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("ellen", "quality", language="en")
    en = Texts("en")
    chat, ellen = opened(municipality, "ellen", "en")
    seen = [ellen.words]
    for step in STEPS[:4]:
        # What is filled in belongs to the municipality's document, which is in Swedish.
        assert ("månadsrapporterna" in str(ellen.inputs)) == (step == "analyse")
        rests = {name: "reported" for name in ellen.inputs if name.endswith("_evidence")}
        written = {**dict.fromkeys(ellen.inputs, "x"), **rests, **english(answers(chat)[step])}
        ellen.press(en("follow_up.next"), written)
        seen.append(ellen.words)
    ellen.press(en("board_decision.add"))
    seen.append(ellen.words)
    ellen.press(en("follow_up.to_step"))
    ellen.press(en("action.add"))
    seen.append(ellen.words)
    ellen.press(en("follow_up.save"), {"what": "New plans.", "owner": str(person_id(chat, "ellen"))})
    assert en("form.missing") in ellen.words
    ellen.press(en("follow_up.save"), {"due_on": "2026-12-01"})
    ellen.press(en("alerts.open"), row="Å-1 · New plans.")
    ellen.press(en("action.to.done"))
    ellen.press(en("action.to.done"), {"evidence": "Read."})
    seen.append(ellen.words)
    for word in ("follow-ups", "actions"):
        ellen.say(word)
        seen.append(ellen.words)
    assert en("follow_up.step.act") in seen[-2]
    left = "\n".join(seen[1:]).replace("Södergården", "").replace("Å-1", "")
    assert not set("åäöÅÄÖ") & set(left)


def english(typed: Mapping[str, str]) -> dict[str, str]:
    swedish = (
        "values",
        "outcomes",
        "requirements",
        "improvement",
        "strengths",
        "improvements",
        "satisfaction",
    )
    return {name: value for name, value in typed.items() if name not in swedish} | (
        {"satisfaction": "Comfort; 4.2; 13 of 50"} if "satisfaction" in typed else {}
    )


def test_locking_a_selection_opens_one_for_each_unit_once(municipality: Database) -> None:
    chat = alerted(municipality)
    with municipality.transaction() as tx:
        karin, number = person_id_in(tx, "karin"), cycle(tx, 1, 2026)
        selected = selections.get(tx, number)
        assert selected is not None
        first, again = (
            open_for_selection(tx, selected, ids, karin, chat.now, YearDates())
            for ids in ([UnitId(1), UnitId(2)], [UnitId(2), UnitId(1)])
        )
        assert [one.unit_id for one in (*first.opened, *first.joined)] == [1, 2]
        assert again == OpenedFollowUps((), ())
        assert len(follow_ups.of_cycle(tx, number)) == 2
    client = chat.client("karin")
    client.say("uppföljningar")
    client.press(SAY("alerts.open"), row="UF-1 · Norrgården")
    assert SAY("follow_up.why.selection", year=2026) in client.words


def person_id_in(tx: Transaction, key: str) -> PersonId:
    found = people.by_key(tx, key)
    assert found is not None
    return found.id
