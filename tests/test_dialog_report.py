"""One placement's report: what it starts from, its mistakes, handing it in, and correcting it."""

import pytest

from followup.month.report import QUESTIONS
from followup.signals.signal import Signal
from followup.wording.form import LONGEST_TEXT
from followup.wording.wording import wording
from storage.alerts import alerts
from storage.engine.database import Database
from storage.register import people, units
from storage.risk import scores
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.municipality import CASES, STEADY
from tests.support.told_once import told_once
from tests.support.turns import ANEW, SAY, SLAP, Chat, Client, logged, october, size

FIRST = {f"s1.{name}": value for name, value in SLAP.items()}
SECOND = {
    **{f"s2.{name}": value for name, value in SLAP.items() if name != "marks"},
    "s2.kind": "complaint",
    "s2.consequence": "2",
    "s2.text": "Maten.",
}
NUMBER = "20120229-2387"
MORE_THAN_FITS = 16_001


@told_once
def form_of(municipality: Database, case: str = "AKT-3", key: str = "anna") -> Client:
    client = october(municipality).client(key).look()
    client.press(SAY("list.open_form"), row=case)
    return client


def again(client: Client, case: str = "AKT-3") -> None:
    """Opens what was handed in to be corrected."""
    client.say("rätta")
    client.press(SAY("correct.open"), row=case)


def handed_in(chat: Chat, case: str = "AKT-3") -> list[Signal]:
    number = chat.task(case).id
    with chat.database.transaction() as tx:
        return signals.of_tasks(tx, [number])[number]


def test_the_form_starts_from_last_month(municipality: Database) -> None:
    anna = form_of(municipality)
    assert SAY("report.prefilled") in anna.words
    kept = {name: value for name, value in anna.inputs.items() if value}
    fresh = {question.id for question in QUESTIONS if question.fresh}
    assert kept == {name: value for name, value in STEADY.items() if name not in fresh}


@pytest.mark.parametrize("question", ["feels_safe", "spoken_alone", "provider_report", "signals"])
def test_what_must_be_asked_each_month_is_never_filled_in(municipality: Database, question: str) -> None:
    anna = form_of(municipality)
    assert anna.inputs[question] == ""
    # A day that is written says that it was.
    without = {question, "private_talk_on", "provider_report_on"}
    anna.press(SAY("report.hand_in"), {name: value for name, value in ANEW.items() if name not in without})
    assert SAY("form.missing") in anna.words
    assert anna.chat.versions("AKT-3") == []


def test_a_first_report_starts_empty(municipality: Database) -> None:
    with municipality.transaction() as tx:
        owner, unit = people.by_key(tx, "anna"), units.by_key(tx, "NORR")
        assert owner is not None
        assert unit is not None
        Register(tx).placement(owner.id, unit.id, case="AKT-9", starts="2026-10-20")
    anna = form_of(municipality, "AKT-9")
    assert not any(anna.inputs.values())
    assert SAY("report.prefilled") not in anna.words


def test_opening_the_form_is_logged(municipality: Database) -> None:
    anna = form_of(municipality)
    number = anna.chat.task("AKT-3").id
    with municipality.transaction() as tx:
        assert f"report:{number}" in logged(tx, "read")


def test_all_mistakes_come_at_once_with_what_was_typed_kept(municipality: Database) -> None:
    anna = form_of(municipality)
    typed = {
        **ANEW,
        "visit_on": "2026-02-30",
        "carer_talk_on": "2031-01-01",
        "private_talk_on": "2026-09-30",
        "health": "fantastic",
        "free_text": f"Ring {NUMBER}.",
    }
    del typed["signals"]
    anna.press(SAY("report.hand_in"), typed)
    wrong = (
        "form.not_a_date",
        "form.future_date",
        "form.not_a_choice",
        "form.personal_number",
        "form.missing",
    )
    assert [one for one in wrong if SAY(one) not in anna.words] == []
    assert SAY("report.talk_day_needed", month=anna.chat.task("AKT-3").month) in anna.words
    assert SAY("form.problems", n=6) in anna.words
    shown = anna.inputs
    assert {name: shown[name] for name in typed} == typed
    assert anna.chat.versions("AKT-3") == []


def test_two_things_wrong_with_one_answer_are_both_told_and_counted_as_one(municipality: Database) -> None:
    anna = form_of(municipality)
    text = f"{NUMBER} " + "x" * LONGEST_TEXT
    anna.press(SAY("report.hand_in"), {**ANEW, "free_text": text})
    assert SAY("form.too_long", length=len(text), longest=LONGEST_TEXT) in anna.words
    assert SAY("form.personal_number") in anna.words
    assert SAY("form.problems", n=1) in anna.words


def test_unchanged_with_a_safety_question_unanswered_is_impossible(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.hand_in"))
    assert SAY("form.problems", n=4) in anna.words
    assert anna.chat.versions("AKT-3") == []


def test_what_is_handed_in_is_stored_with_who_and_when(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.hand_in"), {**ANEW, "free_text": "  Allt väl.\r\n "})
    [report] = anna.chat.versions("AKT-3")
    expected = {**STEADY, **ANEW, "free_text": "Allt väl."}
    # Asked only where an area is a concern.
    del expected["about_care"]
    assert report.answers == expected
    assert (report.by_statement, report.known_at) == (False, anna.chat.now)
    with municipality.transaction() as tx:
        author = people.by_key(tx, "anna")
        assert author is not None
        assert report.author_id == author.id
        assert f"report:{report.task_id}" in logged(tx, "write")


def test_the_receipt_says_nothing_of_what_was_answered(municipality: Database) -> None:
    anna = form_of(municipality)
    typed = {**ANEW, "feels_safe": "no", "health": "concern", "free_text": "Sover dåligt.", "signals": "some"}
    anna.press(SAY("report.add_signal"), typed)
    answer = anna.press(SAY("report.hand_in"), {**typed, **FIRST})
    said = SAY("report.received", case="AKT-3", month=anna.chat.task("AKT-3").month)
    assert said in anna.words
    for secret in ("Sover", "slag", SAY("choice.area.concern"), "2026-10-30", SAY("choice.mark.violence")):
        assert secret not in str(answer.card)
        assert secret not in answer.summary


@pytest.mark.parametrize(
    "text",
    [
        "Åsa, Örjan och Ängla på ö",
        "👩‍👧 kom på besök 🎈",
        "مرحبا، كل شيء بخير",
        "\u202eomvänt\u202c",
        "**fet** [länk](http://x.se) # rubrik\n- punkt",
        "<script>alert('x')</script> & <b>fet</b>",
        "{name} {0} {{}} %s",
        "'; drop table report; --",
        "rad ett\nrad två\ttabb",
        "x" * LONGEST_TEXT,
    ],
)
def test_free_text_comes_back_as_it_was_written(municipality: Database, text: str) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.hand_in"), {**ANEW, "free_text": text, "feels_safe": ""})
    assert anna.inputs["free_text"] == text
    anna.press(SAY("report.hand_in"), ANEW)
    assert anna.chat.versions("AKT-3")[0].answers["free_text"] == text
    again(anna)
    assert anna.inputs["free_text"] == text


def test_control_characters_and_broken_text_are_left_out(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.hand_in"), {**ANEW, "free_text": "a\x00b\x1bc\ud800d\u0085e"})
    assert anna.chat.versions("AKT-3")[0].answers["free_text"] == "abcde"


def test_a_text_of_ten_thousand_characters_is_refused_and_kept(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.hand_in"), {**ANEW, "free_text": "å" * 10_000})
    assert SAY("form.too_long", length=10_000, longest=LONGEST_TEXT) in anna.words
    assert anna.inputs["free_text"] == "å" * 10_000
    assert anna.chat.versions("AKT-3") == []


def test_more_text_than_a_card_can_give_back_is_refused_beside_the_card(municipality: Database) -> None:
    anna = form_of(municipality)
    answer = anna.send(anna.button(SAY("report.hand_in")), {"free_text": "å" * MORE_THAN_FITS})
    assert answer.card is None
    assert answer.notice == SAY("press.too_much", length=MORE_THAN_FITS, longest=MORE_THAN_FITS - 1)


def test_a_personal_number_is_refused_in_every_text_and_kept_for_editing(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.add_signal"), ANEW)
    typed = {**ANEW, **FIRST, "signals": "some", "s1.text": NUMBER, "s1.action_taken": f"Pratat med {NUMBER}"}
    anna.press(SAY("report.hand_in"), typed)
    assert anna.words.count(SAY("form.personal_number")) == 2
    assert (anna.inputs["s1.text"], anna.inputs["s1.action_taken"]) == (NUMBER, f"Pratat med {NUMBER}")
    assert anna.chat.versions("AKT-3") == []
    assert handed_in(anna.chat) == []


def test_signals_without_a_signal_are_asked_for(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.hand_in"), {**ANEW, "signals": "some"})
    assert SAY("report.signal_needed") in anna.words
    assert anna.chat.versions("AKT-3") == []
    anna.press(SAY("report.add_signal"), row=SAY("choice.signal_kind.deviation"))
    assert SAY("signal.not_lex_sarah") in anna.words
    anna.press(SAY("report.hand_in"), FIRST)
    assert [one.kind for one in handed_in(anna.chat)] == ["deviation"]


def test_several_signals_in_one_report_are_all_stored_on_the_unit(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.add_signal"), ANEW)
    anna.press(SAY("report.add_signal"), FIRST)
    anna.press(SAY("report.hand_in"), SECOND)
    stored = handed_in(anna.chat)
    assert [(one.kind, one.consequence) for one in stored] == [("deviation", 4), ("complaint", 2)]
    assert {one.unit_id for one in stored} == {anna.chat.task("AKT-3").placement.unit_id}
    assert {one.placement_id for one in stored} == {anna.chat.task("AKT-3").placement.id}
    with municipality.transaction() as tx:
        assert [one.kind for one in alerts.open_alerts(tx)].count("event") == 1


def test_one_wrong_signal_of_two_stores_neither(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.add_signal"), ANEW)
    anna.press(SAY("report.add_signal"), FIRST)
    anna.press(SAY("report.hand_in"), {**SECOND, "s2.event_on": "2026-11-03"})
    assert SAY("form.future_date") in anna.words
    assert anna.inputs["s1.text"] == SLAP["text"]
    assert (handed_in(anna.chat), anna.chat.versions("AKT-3")) == ([], [])


def test_a_signal_of_which_nothing_is_written_is_asked_about_and_taken_away_by_a_press(
    municipality: Database,
) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.add_signal"), ANEW, row=SAY("choice.signal_kind.complaint"))
    anna.press(SAY("report.add_signal"), {"s1.consequence": "-", "s1.text": "  "})
    anna.press(SAY("report.hand_in"), {name.replace("s1", "s2"): value for name, value in FIRST.items()})
    assert SAY("report.signal_empty", number=1) in anna.words
    assert (handed_in(anna.chat), anna.chat.versions("AKT-3")) == ([], [])
    anna.press(SAY("report.drop_signal", number=1))
    assert {name: anna.inputs[name] for name in FIRST} == FIRST
    anna.press(SAY("report.hand_in"))
    assert [one.kind for one in handed_in(anna.chat)] == ["deviation"]
    # Whoever answers that there is nothing to tell of has said what becomes of it.
    anna.say("mina")
    anna.press(SAY("list.open_form"), row="AKT-2")
    anna.press(SAY("report.add_signal"), ANEW)
    anna.press(SAY("report.hand_in"), {"signals": "none"})
    assert (len(anna.chat.versions("AKT-2")), handed_in(anna.chat, "AKT-2")) == (1, [])


def test_a_signal_shows_what_its_kind_asks_and_one_that_is_changed_what_that_asks_too(
    municipality: Database,
) -> None:
    anna = form_of(municipality)
    of_all = {
        "kind",
        "event_on",
        "consequence",
        "occurred",
        "cause",
        "source",
        "marks",
        "text",
        "action_taken",
    }
    own = {
        "deviation": {"situation"},
        "complaint": set[str](),
        "remark": {"tone"},
        "replacement": {"reasons"},
    }
    for kind, beside in own.items():
        anna.press(SAY("report.add_signal"), ANEW, row=SAY(f"choice.signal_kind.{kind}"))
        shown = {name.removeprefix("s1.") for name in anna.inputs if name.startswith("s1.")}
        assert (kind, shown) == (kind, of_all | beside)
        assert (anna.inputs["s1.kind"], anna.inputs["s1.occurred"]) == (kind, "happened")
        anna.press(SAY("report.drop_signal", number=1))
    anna.press(SAY("report.add_signal"), row=SAY("choice.signal_kind.complaint"))
    anna.press(SAY("report.hand_in"), {**ANEW, "signals": "some", **FIRST})
    assert SAY("signal.not_shown") in anna.words
    assert "s1.situation" in anna.inputs
    assert {name: anna.inputs[name] for name in FIRST} == FIRST
    # What the other kind asks too is kept, and what it does not ask is not stored.
    changed = {"s1.kind": "remark", "s1.situation": "serious_deficit"}
    anna.press(SAY("report.hand_in"), changed)
    assert SAY("signal.tone_needed") in anna.words
    assert anna.inputs["s1.text"] == SLAP["text"]
    anna.press(SAY("report.hand_in"), {"s1.tone": "criticism"})
    assert [(one.kind, one.situation, one.marks) for one in handed_in(anna.chat)] == [
        ("remark", None, frozenset({"violence"}))
    ]


def test_a_card_that_shows_the_parts_of_all_kinds_is_taken_as_it_was(municipality: Database) -> None:
    anna = form_of(municipality)
    old = {"task": anna.chat.task("AKT-3").id, "version": 0, "blocks": 2, "nonce": "before"}
    empty = {"s2.kind": "", "s2.tone": "-", "s2.consequence": "-", "s2.text": "  "}
    anna.forge("add_signal", old, {**anna.inputs, **ANEW, "signals": "some", **FIRST, **empty})
    assert {name: anna.inputs[name] for name in FIRST} == FIRST
    assert {"s2.kind", "s3.kind"} <= set(anna.inputs)
    anna.forge("drop_signal", {**old, "blocks": 3}, anna.inputs)
    anna.forge("hand_in_report", old, {**anna.inputs, **empty})
    assert [one.kind for one in handed_in(anna.chat)] == ["deviation"]


def test_no_signals_and_a_filled_in_signal_contradict_each_other(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.add_signal"), ANEW)
    anna.press(SAY("report.hand_in"), {**FIRST, "signals": "none"})
    assert SAY("report.signal_there") in anna.words
    assert anna.chat.versions("AKT-3") == []


def test_a_signal_that_was_added_by_mistake_can_be_taken_away(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.add_signal"), {**ANEW, "free_text": "Allt väl."})
    anna.press(SAY("report.drop_signal", number=1), FIRST)
    assert "s1.kind" not in anna.inputs
    assert (anna.inputs["signals"], anna.inputs["free_text"]) == ("", "Allt väl.")
    anna.press(SAY("report.hand_in"), {"signals": "none"})
    assert (len(anna.chat.versions("AKT-3")), handed_in(anna.chat)) == (1, [])


def test_taking_away_the_second_signal_keeps_the_first(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.add_signal"), ANEW)
    anna.press(SAY("report.add_signal"), FIRST)
    anna.press(SAY("report.drop_signal", number=2), SECOND)
    anna.press(SAY("report.hand_in"))
    assert [one.consequence for one in handed_in(anna.chat)] == [4]


def test_the_largest_form_stays_within_the_budget_and_says_where_more_signals_go(
    municipality: Database,
) -> None:
    anna = form_of(municipality)
    for _ in range(3):
        anna.press(SAY("report.add_signal"), ANEW)
    assert SAY("report.add_signal") not in anna.buttons
    assert SAY("report.most_signals", most=3) in anna.words
    assert size(anna.card) < 25_000


@pytest.mark.parametrize("blocks", [-3, 99, "2", None, 10**40])
def test_a_forged_number_of_signals_is_brought_within_bounds(municipality: Database, blocks: object) -> None:
    anna = form_of(municipality)
    anna.forge("add_signal", {"task": anna.chat.task("AKT-3").id, "version": 0, "blocks": blocks})
    assert 1 <= sum(name.endswith(".kind") for name in anna.inputs) <= 3


def test_correcting_opens_what_was_answered_and_keeps_both_versions(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.hand_in"), ANEW)
    anna.chat.now = at("2026-11-05 10:00")
    again(anna)
    assert {name: anna.inputs[name] for name in ANEW} == {**ANEW, "about_care": ""}
    anna.press(SAY("report.hand_in"), {"health": "concern", "about_care": "partly"})
    task = anna.chat.task("AKT-3")
    assert SAY("report.corrected", case="AKT-3", month=task.month, version=2) in anna.words
    first, second = anna.chat.versions("AKT-3")
    assert (first.answers["health"], second.answers["health"]) == ("ok", "concern")
    assert (first.known_at, second.known_at) == (at("2026-11-02 08:00"), at("2026-11-05 10:00"))


def test_a_correction_scores_the_unit_anew(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.hand_in"), ANEW)
    before = ratio(anna.chat)
    again(anna)
    anna.press(SAY("report.hand_in"), {"health": "concern"})
    assert SAY("form.missing") in anna.words
    anna.press(SAY("report.hand_in"), {"health": "concern", "about_care": "no"})
    assert ratio(anna.chat) == before
    again(anna)
    anna.press(SAY("report.hand_in"), {"health": "concern", "about_care": "yes"})
    assert ratio(anna.chat) > before


def ratio(chat: Chat, case: str = "AKT-3") -> float:
    unit_id = chat.task(case).placement.unit_id
    with chat.database.transaction() as tx:
        score = scores.latest(tx, unit_id)
    assert score is not None
    return score.r


def test_a_statement_can_be_corrected_into_a_form(municipality: Database) -> None:
    anna = october(municipality).client("anna").look()
    anna.press(SAY("list.send"), {f"normal{anna.chat.task('AKT-1').id}": "true"})
    again(anna, "AKT-1")
    anna.press(SAY("correct.whole"))
    anna.press(SAY("report.hand_in"), {**ANEW, "feels_safe": "partly"})
    first, second = anna.chat.versions("AKT-1")
    assert (first.by_statement, second.by_statement) == (True, False)


def test_a_correction_keeps_the_signals_that_were_handed_in(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.add_signal"), ANEW)
    anna.press(SAY("report.hand_in"), FIRST)
    [signal] = handed_in(anna.chat)
    again(anna)
    assert SAY("report.has_signal", number=signal.number) in anna.words
    anna.press(SAY("report.hand_in"), {"signals": "none"})
    assert SAY("report.signal_there") in anna.words
    anna.press(SAY("report.hand_in"), {"signals": "some", "health": "watch"})
    assert (len(anna.chat.versions("AKT-3")), handed_in(anna.chat)) == (2, [signal])


def test_correct_finds_by_what_is_typed_after_it(municipality: Database) -> None:
    anna = october(municipality).client("anna").look()
    anna.press(SAY("list.send"), dict.fromkeys(anna.inputs, "true"))
    anna.say("RÄTTA akt-2")
    assert [case in anna.words for case in CASES[:3]] == [False, True, False]
    anna.say("rätta AKT-5")
    assert SAY("correct.no_such") in anna.words
    assert "AKT-5" not in anna.words


def test_nothing_can_be_corrected_when_the_round_has_closed(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.hand_in"), ANEW)
    again(anna)
    anna.chat.now = at("2026-12-02 08:00")
    answer = anna.press(SAY("report.hand_in"), {"health": "concern"})
    assert (answer.card, answer.notice) == (None, SAY("report.not_saved"))
    assert len(anna.chat.versions("AKT-3")) == 1
    anna.say("rätta")
    assert SAY("correct.none") in anna.words


def test_the_same_form_sent_twice_is_stored_once_and_answered_the_same(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.add_signal"), ANEW)
    found, inputs = anna.button(SAY("report.hand_in")), {**anna.inputs, **FIRST}
    anna.send(found, inputs)
    said = anna.words
    assert (anna.send(found, inputs).again, anna.words) == (True, said)
    assert (len(anna.chat.versions("AKT-3")), len(handed_in(anna.chat))) == (1, 1)


def test_a_form_open_on_two_devices_is_stored_from_the_first(municipality: Database) -> None:
    anna = form_of(municipality)
    telephone = Client(anna.chat, "anna")
    telephone.forge("open_form", {"task": anna.chat.task("AKT-3").id, "nonce": "other"})
    anna.press(SAY("report.hand_in"), ANEW)
    telephone.press(SAY("report.hand_in"), {**ANEW, "feels_safe": "no"})
    assert SAY("differs.about") in telephone.words
    assert [one.answers["feels_safe"] for one in anna.chat.versions("AKT-3")] == ["yes"]


def test_an_old_form_that_gets_room_for_a_signal_shows_what_differs(municipality: Database) -> None:
    anna = form_of(municipality)
    telephone = Client(anna.chat, "anna")
    telephone.forge("open_form", {"task": anna.chat.task("AKT-3").id})
    anna.press(SAY("report.hand_in"), ANEW)
    telephone.press(SAY("report.add_signal"), {**ANEW, "feels_safe": "no"})
    assert SAY("differs.about") in telephone.words
    assert "s1.kind" in telephone.inputs
    assert len(anna.chat.versions("AKT-3")) == 1


def test_a_form_from_before_a_correction_is_too_old(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.hand_in"), ANEW)
    again(anna)
    old = Client(anna.chat, "anna", card=anna.card)
    again(anna)
    anna.press(SAY("report.hand_in"), {"health": "watch"})
    old.press(SAY("report.hand_in"), {"health": "concern"})
    assert [one.answers["health"] for one in anna.chat.versions("AKT-3")] == ["ok", "watch"]


@pytest.mark.parametrize("button", ["report.hand_in", "report.add_signal"])
def test_a_form_for_a_placement_that_has_moved_stores_nothing_and_takes_no_text_away(
    municipality: Database, button: str
) -> None:
    anna = form_of(municipality)
    placement_id = anna.chat.task("AKT-3").placement.id
    with municipality.transaction() as tx:
        bilal = people.by_key(tx, "bilal")
        assert bilal is not None
        Register(tx).owner(placement_id, bilal.id, since="2026-11-02")
    answer = anna.press(SAY(button), {**ANEW, "free_text": "Berättar om ett slag."})
    assert (answer.card, answer.notice) == (None, SAY("report.not_saved"))
    assert anna.chat.refusals()[-1].startswith("task:")
    assert anna.chat.versions("AKT-3") == []


def test_an_answer_to_a_card_two_months_old_is_told_so(municipality: Database) -> None:
    chat = october(municipality)
    anna = chat.client("anna").look()
    ticked = dict.fromkeys(anna.inputs, "true")
    old = Client(chat, "anna", card=anna.card)
    chat.wake("2026-12-01 08:00")
    chat.wake("2027-01-04 08:00")
    old.press(SAY("list.send"), ticked)
    assert SAY("report.not_yours") in old.words
    assert chat.versions("AKT-1") == []


def test_a_late_report_lowers_what_its_absence_weighed(municipality: Database) -> None:
    chat = october(municipality)
    chat.wake("2026-11-16 08:00")
    missing = ratio(chat)
    anna = chat.client("anna")
    anna.say("mina")
    anna.press(SAY("list.open_form"), row="AKT-3")
    anna.press(SAY("report.hand_in"), ANEW)
    assert len(chat.versions("AKT-3")) == 1
    assert ratio(chat) < missing


@pytest.mark.parametrize("verb", ["open_form", "add_signal", "drop_signal", "hand_in_report"])
def test_anothers_child_is_neither_shown_nor_stored(municipality: Database, verb: str) -> None:
    chat = october(municipality)
    anna, other = chat.client("anna"), chat.task("AKT-4").id
    answer = anna.forge(verb, {"task": other, "version": 0, "correct": True}, ANEW)
    told = anna.words if verb == "open_form" else answer.notice
    assert SAY("report.not_yours" if verb == "open_form" else "report.not_saved") in told
    assert "AKT-4" not in str(anna.card)
    assert chat.versions("AKT-4") == []


def test_a_substitute_answers_for_the_one_who_is_away(municipality: Database) -> None:
    chat = october(municipality)
    anna = chat.client("anna")
    anna.say("ledig")
    with municipality.transaction() as tx:
        bilal = people.by_key(tx, "bilal")
        assert bilal is not None
    anna.press(SAY("leave.send"), {"starts": "2026-11-02", "ends": "2026-11-06", "substitute": str(bilal.id)})
    stand_in = chat.client("bilal")
    stand_in.say("mina")
    stand_in.press(SAY("list.open_form"), row="AKT-1")
    stand_in.press(SAY("report.hand_in"), ANEW)
    assert chat.versions("AKT-1")[0].author_id == bilal.id


def test_the_private_talk_must_be_this_months(municipality: Database) -> None:
    anna = form_of(municipality)
    anna.press(SAY("report.hand_in"), {**ANEW, "private_talk_on": "2026-09-30"})
    month = anna.chat.task("AKT-3").month
    assert SAY.say(wording("report.talk_day_needed", month=month)) in anna.words
    anna.press(SAY("report.hand_in"), {"private_talk_on": "2026-10-01"})
    assert len(anna.chat.versions("AKT-3")) == 1


def test_a_provider_report_that_never_came_needs_no_day(municipality: Database) -> None:
    anna = form_of(municipality)
    typed = {**ANEW, "provider_report": "not_arrived"}
    anna.press(SAY("report.hand_in"), typed)
    [stored] = anna.chat.versions("AKT-3")
    assert "provider_report_on" not in stored.answers
