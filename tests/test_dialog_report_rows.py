"""A row of a report in the evidence: opened without any child, regraded, linked, dismissed, each with a reason."""

import pytest

from followup.access.municipality import Municipality
from services.acting import Acting, Refused, Why
from services.risk.report_rows import ReportRow, RowChange, change_row, linkable, may_link, open_row
from storage.engine.database import Database
from storage.register import people
from storage.risk import report_items, scores
from tests.support.builders import Register, at
from tests.support.deeds import known
from tests.support.desk import newest, open_alert, slap, unit_id
from tests.support.told_once import told_once
from tests.support.turns import ANEW, SAY, Chat, Client, logged, october

WHY = "Mormor hade fel."
WORRIED = {"health": "concern", "about_care": "partly", "free_text": "Sover dåligt."}


@told_once
def worried(municipality: Database, /, **more: str) -> tuple[Chat, str]:
    """Anna's report of AKT-3 tells of a concern about the care, and an event has given an alert."""
    chat = october(municipality)
    anna = chat.client("anna")
    anna.say("mina uppgifter")
    anna.press(SAY("list.open_form"), row="AKT-3")
    anna.press(SAY("report.hand_in"), {**ANEW, **WORRIED, **more})
    slap(chat)
    return chat, f"R-{chat.task('AKT-3').id}"


@told_once
def opened(municipality: Database, /, **more: str) -> tuple[Chat, Client, str]:
    chat, number = worried(municipality, **more)
    karin = open_alert(chat)
    karin.press(SAY("alert.evidence"))
    karin.press(SAY("signals.show"), row=number)
    return chat, karin, number


def o(chat: Chat) -> float:
    number = unit_id(chat)
    with chat.database.transaction() as tx:
        return scores.in_order_stored(tx, number)[-1][1]["o"]  # type: ignore[return-value]


def test_a_row_tells_the_month_the_question_the_answer_and_the_grade_and_no_child(
    municipality: Database,
) -> None:
    _, karin, number = opened(municipality)
    for told in (number, "oktober 2026", SAY("report.health"), SAY("choice.area.concern")):
        assert told in karin.words
    assert SAY("choice.about_care.partly") in karin.words
    for hidden in ("AKT", "Sover", SAY("report.schooling"), SAY("report.feels_safe")):
        assert hidden not in karin.words
    with municipality.transaction() as tx:
        assert logged(tx, "read").count(f"report_row:{number}") >= 1


def test_a_row_is_regraded_dismissed_and_taken_up_again_with_a_reason_each(municipality: Database) -> None:
    chat, karin, _ = opened(municipality)
    before = o(chat)
    karin.press(SAY("signals.regrade"))
    karin.press(SAY("report_row.regrade.send"), {"consequence": "4"})
    assert o(chat) == before
    karin.press(SAY("report_row.regrade.send"), {"consequence": "4", "why": "Allvarligare än det lät."})
    assert o(chat) == before + 2
    assert "Allvarligare än det lät." in karin.words
    karin.press(SAY("signals.dismiss"))
    karin.press(SAY("report_row.dismiss.send"), {"why": "Gällde ett annat boende."})
    assert o(chat) == before - 2
    karin.press(SAY("signals.restore"))
    karin.press(SAY("report_row.restore.send"), {"why": "Det var rätt boende."})
    assert o(chat) == before + 2


def test_a_row_that_is_no_signal_is_called_one_nowhere(municipality: Database) -> None:
    """On its card, in each of its forms, when somebody else was first, and where its text is read."""
    chat, karin, number = opened(municipality)
    seen = [karin.words]

    def press(button: str, typed: dict[str, str] | None = None) -> None:
        karin.press(button, typed)
        seen.append(f"{karin.words} {' '.join(karin.buttons)}")

    for act in ("regrade", "dismiss"):
        press(SAY(f"signals.{act}"))
        assert SAY(f"report_row.{act}.title", number=number, unit="Södergården") in karin.words
        press(SAY(f"report_row.{act}.send"))
        press(SAY("report_row.back"))
    press(SAY("signals.regrade"))
    with municipality.transaction() as tx:
        Register(tx).person("kim", "quality")
        kim = Acting(tx, known(tx, "kim"), chat.now)
        assert isinstance(change_row(kim, number, RowChange("dismiss", 0, WHY)), ReportRow)
    press(SAY("report_row.regrade.send"), {"consequence": "4", "why": WHY})
    karin.forge("show_report_row", {"item": number})
    for act in ("restore", "link"):
        press(SAY(f"signals.{act}"))
        assert number in karin.words
        press(SAY(f"report_row.{act}.send"), {"why": WHY} if act == "restore" else None)
    press(SAY("report_row.back"))
    press(SAY("reading.read"))
    press(SAY("reading.send"), {"why_read": "review_evidence"})
    # One is asked which signal or item the other is; and to judge a signal is a reason to read.
    told = " ".join(seen)
    for asked in (SAY("report_row.same_as"), SAY("choice.why_read.assess_signal"), "assess_signal"):
        told = told.replace(asked, "")
    assert "signal" not in told.casefold()


def test_why_a_row_was_changed_is_read_with_a_reason_that_holds_until_midnight(
    municipality: Database,
) -> None:
    chat, karin, number = opened(municipality)
    with municipality.transaction() as tx:
        Register(tx).person("kim", "quality")
    karin.press(SAY("signals.dismiss"))
    karin.press(SAY("report_row.dismiss.send"), {"why": WHY})
    assert WHY in karin.words
    kim = chat.client("kim")
    kim.forge("show_report_row", {"item": number})
    assert WHY not in kim.words
    assert SAY("report_row.reasons_hidden", n=1) in kim.words
    kim.press(SAY("reading.read"))
    kim.press(SAY("reading.send"), {"why_read": "review_evidence"})
    assert WHY not in kim.words
    kim.press(SAY("report_row.back"))
    assert WHY in kim.words
    kim.press(SAY("reading.read"))
    assert "Sover dåligt." in kim.words
    chat.now = at("2026-11-03 00:00")
    kim.forge("show_report_row", {"item": number})
    assert WHY not in kim.words
    kim.press(SAY("reading.read"))
    assert "Sover" not in kim.words


def test_why_from_a_card_drawn_while_free_text_was_taken_is_not_dropped_in_silence(
    municipality: Database,
) -> None:
    chat, karin, _ = opened(municipality)
    karin.press(SAY("signals.dismiss"))
    chat.municipality = Municipality(free_text=False)
    before = o(chat)
    karin.press(SAY("report_row.dismiss.send"), {"why": WHY})
    assert SAY("minimal.refused") in karin.words
    assert o(chat) == before


def test_a_row_linked_to_a_signal_counts_with_it_once(municipality: Database) -> None:
    chat, karin, _ = opened(municipality)
    before = o(chat)
    karin.press(SAY("signals.link"))
    karin.press(SAY("report_row.link.send"), {"same_as": "A-1", "why": "Samma händelse."})
    assert o(chat) == before - 2
    karin.press(SAY("signals.link"))
    karin.press(SAY("report_row.link.send"), {"same_as": "alone", "why": "Inte samma."})
    assert o(chat) == before


def test_a_row_goes_with_its_signal_when_that_is_linked_to_another(municipality: Database) -> None:
    chat, karin, _ = opened(municipality)
    karin.press(SAY("signals.link"))
    karin.press(SAY("report_row.link.send"), {"same_as": "A-1", "why": "Samma händelse."})
    slap(chat, kind="complaint", consequence="2", marks="")
    before = o(chat)
    karin.say("signal A-1")
    karin.press(SAY("signals.link"))
    karin.press(SAY("report_row.link.send"), {"same_as": "2", "why": "Samma händelse."})
    assert o(chat) == before - 2


def test_what_was_written_is_read_with_a_reason_alone(municipality: Database) -> None:
    _, karin, number = opened(municipality)
    karin.press(SAY("reading.read"))
    assert "Sover" not in karin.words
    karin.press(SAY("reading.send"), {"why_read": "review_evidence"})
    assert "Sover dåligt." in karin.words
    with municipality.transaction() as tx:
        assert f"report_text:{number}" in logged(tx, "read")


def test_two_who_change_the_same_row_do_not_write_over_each_other(municipality: Database) -> None:
    chat, number = worried(municipality)
    with municipality.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        acting = Acting(tx, karin, chat.now)
        assert not hasattr(change_row(acting, number, RowChange("dismiss", 0, "Fel.")), "why")
        again = change_row(acting, number, RowChange("restore", 0, "Rätt."))
        assert getattr(again, "why", None) == "changed"


@pytest.mark.parametrize(("key", "item"), [("maria", ""), ("anna", ""), ("karin", "R-9999"), ("karin", "U-")])
def test_a_row_is_no_way_to_other_answers(municipality: Database, key: str, item: str) -> None:
    """Neither for another role, nor for a report that was never such evidence."""
    chat, number = worried(municipality)
    wanted = item or number
    if item == "U-":
        wanted = f"U-{chat.task('AKT-3').id}"
    answer = chat.client(key).forge("show_report_row", {"item": wanted, "alert": newest(chat).id}, {})
    assert answer.card is None


def test_in_chat_a_concern_that_is_not_about_the_care_stands_beside_the_evidence_and_can_be_opened(
    municipality: Database,
) -> None:
    chat, number = worried(municipality, about_care="no")
    karin = open_alert(chat)
    karin.press(SAY("alert.evidence"))
    assert SAY("evidence.beside.about") in karin.words
    assert f"{number}" in karin.words
    karin.press(SAY("signals.show"), row=number)
    assert SAY("choice.about_care.no") in karin.words
    assert o(chat) == 4.0, "the slap alone"


def second_concern(chat: Chat) -> str:
    """Of another child of the home, in the same month."""
    bilal = chat.client("bilal")
    bilal.say("mina uppgifter")
    bilal.press(SAY("list.open_form"), row="AKT-4")
    bilal.press(SAY("report.hand_in"), {**ANEW, **WORRIED})
    return f"R-{chat.task('AKT-4').id}"


def linked(karin: Client, number: str, same_as: str, typed: str = "Samma händelse.") -> None:
    karin.forge("show_report_row", {"item": number})
    karin.press(SAY("signals.link"))
    karin.press(SAY("report_row.link.send"), {"same_as": same_as, "why": typed})


def test_two_rows_of_reports_are_linked_as_one_event_and_count_once(municipality: Database) -> None:
    chat, karin, first = opened(municipality)
    second, both = second_concern(chat), o(chat)
    linked(karin, first, second)
    assert o(chat) == both - 2
    for number in (first, second):
        karin.forge("show_report_row", {"item": number})
        assert SAY("report_row.linked") in karin.words
    linked(karin, second, "alone", "Inte samma.")
    assert o(chat) == both


def test_rows_that_are_one_event_go_together_to_a_signal_and_one_counts_of_the_three(
    municipality: Database,
) -> None:
    chat, karin, first = opened(municipality)
    second, all_three = second_concern(chat), o(chat)
    linked(karin, first, second)
    linked(karin, first, "A-1")
    assert o(chat) == all_three - 4
    with municipality.transaction() as tx:
        events = {report_items.newest(tx, number).event for number in (first, second)}
    assert events == {"signal:1"}
    linked(karin, second, "alone", "Inte samma.")
    assert o(chat) == all_three - 2


def test_of_linked_rows_the_one_with_most_points_now_counts(municipality: Database) -> None:
    chat, karin, first = opened(municipality)
    second = second_concern(chat)
    linked(karin, first, second)
    before = o(chat)
    karin.forge("show_report_row", {"item": second})
    karin.press(SAY("signals.regrade"))
    karin.press(SAY("report_row.regrade.send"), {"consequence": "4", "why": WHY})
    assert o(chat) == before + 2


def test_a_row_is_offered_neither_itself_nor_what_it_is_linked_to_nor_the_providers_own_report(
    municipality: Database,
) -> None:
    chat, karin, first = opened(municipality)
    second = second_concern(chat)
    with municipality.transaction() as tx:
        by = Acting(tx, known(tx, "karin"), chat.now)
        row = open_row(by, first)
        assert isinstance(row, ReportRow)
        assert linkable(by, row) == [second, "A-1"]
        assert [one for one in (first, second, "A-1", second.lower()) if may_link(by, row, one)] == [
            second,
            "A-1",
        ]
    linked(karin, first, second)
    with municipality.transaction() as tx:
        by = Acting(tx, known(tx, "karin"), chat.now)
        row = open_row(by, first)
        assert isinstance(row, ReportRow)
        assert linkable(by, row) == ["A-1"]
        assert [one for one in (first, second, "A-1") if may_link(by, row, one)] == ["A-1"]


@pytest.mark.parametrize("same_as", ["R-999", "A-99", "P-1", "", "x"])
def test_a_row_is_not_linked_to_what_is_not_offered(municipality: Database, same_as: str) -> None:
    chat, number = worried(municipality)
    with municipality.transaction() as tx:
        by = Acting(tx, known(tx, "karin"), chat.now)
        done = change_row(by, number, RowChange("link", 0, WHY, same_as=same_as))
        assert done == Refused(Why.CHANGED)
        assert report_items.newest(tx, number).version == 0
