"""The report's and the signal's forms: what is read, what is refused and why, and what a signal weighs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup import PersonId, PlacementId, SignalId, TaskId, UnitId
from followup.month.report import (
    AREAS,
    QUESTIONS,
    STATEMENT,
    Report,
    by_statement,
    has_concern,
    read_answers,
    starting_point,
    statement_refused,
    with_ordinary,
)
from followup.risk.risk_config import FIRST_CONFIG
from followup.signals.signal import QUESTIONS as SIGNAL_QUESTIONS
from followup.signals.signal import Signal, floor_of, is_serious, item_of, points, read_signal, zero_because
from followup.terms import SignalCode
from followup.times.calendar import MUNICIPAL_ZONE
from followup.times.month import Month
from followup.wording.form import LONGEST_TEXT, Answers, Question, read
from followup.wording.wording import Problem

TODAY = date(2026, 11, 3)
OCTOBER = Month(2026, 10)
NUMBER = "20120229-2387"
REPORT: Answers = {
    **with_ordinary({}),
    "provider_report_on": "2026-11-02",
    "private_talk_on": "2026-10-21",
}
SIGNAL: Answers = {
    "kind": "deviation",
    "event_on": "2026-10-30",
    "consequence": "2",
    "occurred": "happened",
    "cause": "provider",
    "source": "child",
    "text": "Ingen personal på plats.",
}


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        ("choices", "a; b", "a,b"),
        ("choices", "a,b", "a,b"),
        ("choices", " b ", "b"),
        ("date", "2026-11-02T00:00:00Z", "2026-11-02"),
        ("date", "2026-11-02T00:00:00.000Z", "2026-11-02"),
        ("date", "2026-11-02T00:00", "2026-11-02"),
        ("date", "2026-11-01T23:00:00Z", None),
        ("date", "2026-11-02 08:00", None),
    ],
)
def test_an_answer_is_read_as_clients_send_it_and_what_may_mean_two_days_is_asked_again(
    kind: Any, typed: str, answer: str | None
) -> None:
    answers, problems = read([Question("it", kind, "", choices=("a", "b"))], {"it": typed}, TODAY)
    assert [one.field for one in problems] == ([] if answer else ["it"])
    assert answer is None or answers == {"it": answer}


def with_report(**changes: str) -> tuple[Answers, dict[str, str]]:
    """What became of a good report with these changes: its answers, and the problems by field."""
    answers, problems = read_answers({**REPORT, **changes}, OCTOBER, TODAY)
    return answers, by_field(problems)


def with_signal(**changes: str) -> tuple[Answers, dict[str, str]]:
    answers, problems = read_signal({**SIGNAL, **changes}, TODAY)
    return answers, by_field(problems)


def by_field(problems: list[Problem]) -> dict[str, str]:
    named = {problem.field: problem.what.id for problem in problems}
    assert len(named) == len(problems)
    return named


def test_a_good_report_is_its_answers() -> None:
    assert with_report() == (REPORT, {})


def test_an_empty_report_tells_of_every_question_at_once() -> None:
    answers, problems = read_answers({}, OCTOBER, TODAY)
    needed = {one.id for one in QUESTIONS if one.required and one.asked_if is None}
    assert (answers, by_field(problems)) == ({}, dict.fromkeys(needed, "form.missing"))
    assert {"feels_safe", "spoken_alone", "provider_report", "signals", *AREAS} <= needed


def test_every_mistake_of_a_report_is_told_at_once() -> None:
    _, problems = with_report(
        feels_safe="",
        provider_report_on="2026-11-04",
        health="excellent",
        visit_on="2018-04-31",
        private_talk_on="",
        carer_talk_on="1999-12-31",
        free_text=f"Samtal med {NUMBER}.",
    )
    assert problems == {
        "feels_safe": "form.missing",
        "provider_report_on": "form.future_date",
        "health": "form.not_a_choice",
        "visit_on": "form.not_a_date",
        "private_talk_on": "report.talk_day_needed",
        "carer_talk_on": "form.too_old_date",
        "free_text": "form.personal_number",
    }


def test_a_problem_never_repeats_what_was_typed() -> None:
    typed = dict.fromkeys(REPORT, f"hemligt {NUMBER}") | {"free_text": NUMBER + "x" * LONGEST_TEXT}
    _, problems = read_answers(typed, OCTOBER, TODAY)
    assert {problem.field for problem in problems} >= {"feels_safe", "free_text", "private_talk_on"}
    assert not any("hemligt" in str(problem) or NUMBER in str(problem) for problem in problems)


@pytest.mark.parametrize(
    "text",
    [
        "2018-04-31",
        "2026-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-1-1",
        "26-10-21",
        "21/10 2026",
        "2026-10-21 10:00",
        "i går",
        "-",
        "0",
        "２０２６-10-21",
    ],
)
def test_a_day_that_does_not_exist_is_refused_and_never_rolled_over(text: str) -> None:
    assert with_report(visit_on=text)[1] == {"visit_on": "form.not_a_date"}


@pytest.mark.parametrize(
    ("question", "day", "problem"),
    [
        ("visit_on", "2026-11-03", None),
        ("visit_on", "2026-11-04", "form.future_date"),
        ("visit_on", "2000-01-01", None),
        ("visit_on", "1999-12-31", "form.too_old_date"),
        ("provider_report_on", "2026-11-04", "form.future_date"),
        ("care_plan_review_on", "2027-05-01", None),
        ("treatment_plan_review_on", "2028-02-29", None),
        ("treatment_plan_review_on", "2027-02-29", "form.not_a_date"),
    ],
)
def test_only_a_review_may_lie_ahead_and_nothing_too_far_back(
    question: str, day: str, problem: str | None
) -> None:
    assert with_report(**{question: day})[1] == ({question: problem} if problem else {})


@pytest.mark.parametrize(
    ("spoken", "day", "problem"),
    [
        ("yes", "2026-10-01", None),
        ("yes", "2026-11-03", None),
        ("yes", "2026-09-30", "report.talk_day_needed"),
        ("yes", "", "report.talk_day_needed"),
        ("no", "", None),
        ("no", "2026-08-12", None),
    ],
)
def test_a_talk_alone_has_a_day_in_the_month_or_later(spoken: str, day: str, problem: str | None) -> None:
    _, problems = with_report(spoken_alone=spoken, private_talk_on=day)
    assert problems == ({"private_talk_on": problem} if problem else {})


def test_a_report_that_has_not_arrived_has_neither_day_nor_quality() -> None:
    answers, problems = with_report(
        provider_report="not_arrived", provider_report_on="2018-04-31", provider_report_quality="?"
    )
    assert problems == {}
    assert answers.keys() == REPORT.keys() - {"provider_report_on", "provider_report_quality"}


def test_a_report_that_has_arrived_has_both() -> None:
    _, problems = with_report(provider_report_on="", provider_report_quality="")
    assert problems == dict.fromkeys(("provider_report_on", "provider_report_quality"), "form.missing")


def test_fields_that_are_no_question_are_left_out() -> None:
    assert with_report(nonce="abc", kind="deviation") == (REPORT, {})


@pytest.mark.parametrize("blank", ["", "-", " ", "\n\t", "\x00", " - "])
def test_a_choice_left_alone_is_unanswered(blank: str) -> None:
    assert with_report(health=blank)[1] == {"health": "form.missing"}
    answers, problems = with_signal(kind="remark", tone="praise", consequence=blank)
    assert problems == {}
    assert "consequence" not in answers


@pytest.mark.parametrize("answer", ["Yes", "ja", "yes,no", "yes no", "--", "<b>yes</b>", "0"])
def test_a_choice_is_one_of_those_offered(answer: str) -> None:
    assert with_report(spoken_alone=answer, private_talk_on="")[1] == {"spoken_alone": "form.not_a_choice"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Allt är bra. \n", "Allt är bra."),
        ("Rad ett\nRad två\tslut", "Rad ett\nRad två\tslut"),
        ("Rad ett\r\nRad två", "Rad ett\nRad två"),
        ("Noll\x00, klocka\x07, flykt\x1b[31m, radering\x7f, \x85", "Noll, klocka, flykt[31m, radering,"),
        ("Halvt tecken \ud83d här", "Halvt tecken  här"),
        ("A\u030ake a\u030at o\u0308l", "Åke åt öl"),
        ("Bra 🙂👩‍👩‍👧 vecka", "Bra 🙂👩‍👩‍👧 vecka"),
        ("مرحبا, שלום och hej", "مرحبا, שלום och hej"),
        ("\u202eabc\u202c", "\u202eabc\u202c"),
        ("<script>alert('hej')</script> & <b>fet</b>", "<script>alert('hej')</script> & <b>fet</b>"),
        ("**fet** [länk](https://x) `kod` | a | b", "**fet** [länk](https://x) `kod` | a | b"),
        ("{unit} %s ${x}", "{unit} %s ${x}"),
        ("=SUMMA(A1:A2)", "=SUMMA(A1:A2)"),
        ("-", "-"),
        ("AKT-24-0117, tel 070-123 45 67", "AKT-24-0117, tel 070-123 45 67"),
    ],
)
def test_free_text_is_kept_as_text(typed: str, kept: str) -> None:
    answers, problems = with_report(free_text=typed)
    assert (answers["free_text"], problems) == (kept, {})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("å" * LONGEST_TEXT, None),
        ("🙂" * LONGEST_TEXT, None),
        (" " * 50 + "å" * LONGEST_TEXT + "\x00\n", None),
        ("o\u0308" * LONGEST_TEXT, None),
        ("å" * (LONGEST_TEXT + 1), "form.too_long"),
        ("🙂" * (LONGEST_TEXT + 1), "form.too_long"),
    ],
)
def test_a_text_may_be_as_long_as_said_and_no_longer(text: str, problem: str | None) -> None:
    assert with_report(free_text=text)[1] == ({"free_text": problem} if problem else {})


def test_a_text_that_is_too_long_is_told_by_how_much() -> None:
    _, problems = read_answers({**REPORT, "free_text": "x" * 4123}, OCTOBER, TODAY)
    assert [problem.what.values for problem in problems] == [{"length": 4123, "longest": LONGEST_TEXT}]


@pytest.mark.parametrize("text", [NUMBER, "2012\x000229\x072387", "barnet 120289-2384 sover", "121212+1212"])
def test_a_personal_number_is_refused_in_every_free_text(text: str) -> None:
    assert with_report(free_text=text)[1] == {"free_text": "form.personal_number"}
    refused = dict.fromkeys(("text", "action_taken"), "form.personal_number")
    assert with_signal(text=text, action_taken=text)[1] == refused


@given(st.dictionaries(st.sampled_from([one.id for one in QUESTIONS]), st.text()))
def test_whatever_is_typed_a_report_is_read_without_a_crash(typed: Mapping[str, str]) -> None:
    answers, problems = read_answers(typed, OCTOBER, TODAY)
    assert problems
    assert all(answers.values())


@given(st.dictionaries(st.sampled_from([one.id for one in SIGNAL_QUESTIONS]), st.text()))
def test_whatever_is_typed_a_signal_is_read_without_a_crash(typed: Mapping[str, str]) -> None:
    assert read_signal(typed, TODAY)[1]


def test_a_form_is_any_row_of_questions() -> None:
    line = Question("reason", "line", "alert")
    assert read([line], {"reason": " hej "}, TODAY) == ({"reason": "hej"}, [])
    assert [problem.what.id for problem in read([line], {}, TODAY)[1]] == ["form.missing"]


def report(month: str, *, by: str = "form", **answers: str) -> Report:
    return Report(
        task_id=TaskId(1),
        placement_id=PlacementId(1),
        month=Month.parse(month),
        version=1,
        answers={**REPORT, **answers},
        by_statement=by == "statement",
        author_id=PersonId(1),
        known_at=datetime(2026, 11, 2, 8, tzinfo=MUNICIPAL_ZONE),
    )


def stated(*months: str) -> list[Report]:
    return [report(month, by="statement") for month in months]


@pytest.mark.parametrize(
    ("earlier", "why"),
    [
        ([], "first"),
        ([report("2026-09")], None),
        ([report("2026-08")], "gap"),
        ([report("2026-08"), report("2026-07")], "gap"),
        ([report("2025-09")], "gap"),
        ([report("2026-09", health="concern")], "concern"),
        ([report("2026-09", feels_safe="no")], "concern"),
        ([report("2026-09", health="watch", feels_safe="partly")], None),
        ([report("2026-09"), report("2026-08", health="concern")], None),
        ([report("2026-08", health="concern")], "gap"),
        (stated("2026-09"), None),
        (stated("2026-09", "2026-08"), None),
        (stated("2026-09", "2026-08", "2026-07"), "in_a_row"),
        (stated("2026-09", "2026-08", "2026-07", "2026-06"), "in_a_row"),
        ([*stated("2026-09", "2026-08"), report("2026-07"), *stated("2026-06")], None),
        ([report("2026-09"), *stated("2026-08", "2026-07", "2026-06")], None),
    ],
)
def test_a_statement_will_not_do_first_after_a_gap_after_concern_or_a_fourth_time(
    earlier: list[Report], why: str | None
) -> None:
    assert statement_refused(OCTOBER, earlier) == why


def test_the_month_before_january_is_december() -> None:
    assert statement_refused(Month(2027, 1), [report("2026-12")]) is None


@pytest.mark.parametrize(
    ("changes", "concern"),
    [
        ({}, False),
        ({"feels_safe": "no"}, True),
        ({"feels_safe": "partly"}, False),
        ({"feels_safe": "not_asked"}, False),
        *(({area: "concern"}, True) for area in AREAS),
        *(({area: "watch"}, False) for area in AREAS),
    ],
)
def test_concern_in_any_area_or_a_child_who_is_not_safe(changes: Answers, concern: bool) -> None:
    assert has_concern({**REPORT, **changes}) == concern
    assert report("2026-09", **changes).concern == concern


def test_a_statement_is_last_months_answers_with_what_the_statement_says() -> None:
    previous = report("2026-09", visit_on="2026-09-10", health="watch", free_text="Trivs.", spoken_alone="no")
    usual = {one.id: REPORT[one.id] for one in QUESTIONS if not one.fresh and one.ordinary}
    assert by_statement(previous) == {
        **STATEMENT,
        **usual,
        "health": "watch",
        "visit_on": "2026-09-10",
    }


def test_a_statement_claims_no_day_for_this_months_talk() -> None:
    assert "private_talk_on" not in by_statement(report("2026-09"))


def test_the_form_starts_with_last_months_answers_but_for_those_to_be_given_anew() -> None:
    start = starting_point(report("2026-09", free_text="Trivs.", visit_on="2026-09-10"))
    fresh = {"feels_safe", "spoken_alone", "provider_report", "signals", "free_text"}
    assert start.keys() & {one.id for one in QUESTIONS if one.fresh} == set()
    assert fresh <= {one.id for one in QUESTIONS if one.fresh}
    assert (start["health"], start["visit_on"]) == ("ok", "2026-09-10")


def test_the_first_form_starts_empty() -> None:
    assert starting_point(None) == {}


def test_handing_in_the_starting_point_alone_is_refused_for_every_fresh_question() -> None:
    _, problems = read_answers(starting_point(report("2026-09")), OCTOBER, TODAY)
    assert {"feels_safe", "spoken_alone", "provider_report", "signals"} <= STATEMENT.keys()
    assert by_field(problems) == dict.fromkeys(STATEMENT, "form.missing")


def test_a_good_signal_is_its_answers() -> None:
    assert with_signal() == ({**SIGNAL, "situation": "other_deviation"}, {})


def test_an_empty_signal_tells_of_every_question_at_once() -> None:
    answers, problems = read_signal({}, TODAY)
    needed = ("kind", "event_on", "consequence", "occurred", "cause", "source", "text")
    assert (answers, by_field(problems)) == ({}, dict.fromkeys(needed, "form.missing"))


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"kind": "replacement"}, {"reasons": "signal.reasons_needed"}),
        ({"kind": "replacement", "reasons": "age"}, {}),
        ({"kind": "replacement", "reasons": "age,quality"}, {}),
        ({"kind": "replacement", "reasons": "age,boredom"}, {"reasons": "form.not_a_choice"}),
        ({"kind": "remark"}, {"tone": "signal.tone_needed"}),
        ({"kind": "remark", "tone": "-"}, {"tone": "signal.tone_needed"}),
        ({"kind": "remark", "tone": "criticism"}, {}),
        ({"kind": "remark", "tone": "angry"}, {"tone": "form.not_a_choice"}),
        ({"kind": "remark", "tone": "praise", "consequence": ""}, {}),
        ({"kind": "remark", "tone": "criticism", "consequence": ""}, {"consequence": "form.missing"}),
        ({"consequence": ""}, {"consequence": "form.missing"}),
        ({"consequence": "-"}, {"consequence": "form.missing"}),
        ({"consequence": "5"}, {"consequence": "form.not_a_choice"}),
        ({"tone": "praise", "consequence": "-"}, {"consequence": "form.missing"}),
        ({"marks": "injury,violence,serious_wrong"}, {}),
        # What a provider has reported or notified is told by the situation.
        ({"marks": "injury,ivo"}, {"marks": "form.not_a_choice"}),
        ({"marks": "injury,,violence"}, {"marks": "form.not_a_choice"}),
        ({"event_on": "2026-11-04"}, {"event_on": "form.future_date"}),
        ({"event_on": "2023-11-04"}, {}),
        ({"event_on": "2018-04-31"}, {"event_on": "form.not_a_date"}),
        ({"text": " \n"}, {"text": "form.missing"}),
        (
            {"kind": "replacement", "consequence": "", "event_on": "2026-11-04", "text": NUMBER},
            {
                "reasons": "signal.reasons_needed",
                "consequence": "form.missing",
                "event_on": "form.future_date",
                "text": "form.personal_number",
            },
        ),
    ],
)
def test_a_signal_is_read_by_what_its_kind_needs(changes: Answers, problems: dict[str, str]) -> None:
    assert with_signal(**changes)[1] == problems


@pytest.mark.parametrize("kind", ["deviation", "complaint"])
def test_what_only_another_kind_is_asked_is_left_out(kind: str) -> None:
    answers, problems = with_signal(kind=kind, tone="praise", reasons="quality")
    situation = {"situation": "other_deviation"} if kind == "deviation" else {}
    assert (answers, problems) == ({**SIGNAL, "kind": kind, **situation}, {})


def signal(kind: str = "deviation", grade: int | None = None, *marks: str, **changes: Any) -> Signal:
    plain = Signal(
        id=SignalId(17),
        version=1,
        unit_id=UnitId(1),
        placement_id=None,
        kind=SignalCode(kind),
        event_on=date(2026, 10, 30),
        consequence=grade,
        occurred="happened",
        cause="provider",
        source="child",
        marks=frozenset(marks),
    )
    return replace(plain, **changes)


OWN: dict[str, Any] = {"source": "provider"}


@pytest.mark.parametrize(
    ("one", "weight"),
    [
        (signal("remark"), "1"),
        (signal("remark", praise=True), "0"),
        (signal("remark", 2, praise=True), "0"),
        (signal("complaint"), "2"),
        (signal("deviation"), "1"),
        (signal("deviation", 1), "1"),
        (signal("deviation", 2), "2"),
        (signal("deviation", 3), "3"),
        (signal("deviation", 4), "4"),
        (signal("complaint", 3), "3"),
        (signal("replacement", reasons=frozenset({"dissatisfaction"})), "3"),
        (signal("replacement", reasons=frozenset({"quality", "age"})), "3"),
        (signal("replacement", reasons=frozenset({"age"})), "0"),
        (signal("replacement", reasons=frozenset({"planned", "home", "other"})), "0"),
        (signal("replacement"), "0"),
        (signal("deviation", None, "lex_sarah"), "3"),
        (signal("deviation", None, "ivo"), "4"),
        (signal("deviation", None, "serious_wrong"), "4"),
        (signal("deviation", None, "injury"), "4"),
        (signal("complaint", None, "violence"), "4"),
        (signal("remark", None, "abuse", "lex_sarah"), "4"),
        (signal("deviation", None, **OWN), "0.5"),
        (signal("deviation", 1, **OWN), "0.5"),
        (signal("deviation", 2, **OWN), "1.0"),
        (signal("deviation", 3, **OWN), "3"),
        (signal("deviation", 4, **OWN), "4"),
        (signal("deviation", 2, "lex_sarah", **OWN), "2"),
        (signal("deviation", None, "lex_sarah", **OWN), "3"),
        (signal("complaint", 2, **OWN), "2"),
        (signal("deviation", 2, source="staff"), "2"),
        (signal("deviation", 4, cause="authority"), "0"),
        (signal("deviation", 3, cause="other"), "3"),
        (signal("complaint", 4, dismissed=True), "0"),
    ],
)
def test_a_signal_weighs_what_the_method_says(one: Signal, weight: str) -> None:
    assert points(one, FIRST_CONFIG) == Decimal(weight)
    assert item_of(one, FIRST_CONFIG).weight == Decimal(weight)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (signal(), None),
        (signal(dismissed=True, cause="authority"), "dismissed"),
        (signal(cause="authority"), "authority"),
        (signal(cause="other"), None),
        (signal("remark", praise=True), "praise"),
        (signal("remark"), None),
        (signal("replacement", reasons=frozenset({"age", "planned"})), "other_reason"),
        (signal("replacement", reasons=frozenset({"age", "quality"})), None),
    ],
)
def test_a_signal_that_weighs_nothing_says_why(one: Signal, why: str | None) -> None:
    assert zero_because(one) == why
    assert item_of(one, FIRST_CONFIG).zero_because == why
    assert (points(one, FIRST_CONFIG) == 0) == (why is not None)


@pytest.mark.parametrize(
    ("one", "floor"),
    [
        (signal("deviation", 1), None),
        (signal("complaint", 3), None),
        (signal("deviation", 4), "red"),
        (signal("remark", 4), "red"),
        (signal("deviation", None, "lex_sarah"), "yellow"),
        (signal("deviation", 1, "lex_sarah"), "yellow"),
        (signal("deviation", 2, "injury"), "yellow"),
        (signal("complaint", 3, "violence"), "yellow"),
        (signal("deviation", 1, "abuse"), "yellow"),
        (signal("deviation", 4, "abuse", "lex_sarah"), "red"),
        (signal("deviation", None, "abuse"), "red"),
        (signal("deviation", 2, "injury", **OWN), "yellow"),
        (signal("replacement", 4, reasons=frozenset({"age"})), "red"),
        (signal("deviation", 4, dismissed=True), None),
        (signal("deviation", 4, cause="authority"), None),
        (signal("remark", 4, praise=True), None),
    ],
)
def test_a_serious_event_sets_a_floor(one: Signal, floor: str | None) -> None:
    assert floor_of(one) == floor
    assert is_serious(one) == (floor is not None)
    assert item_of(one, FIRST_CONFIG).floor == floor


@pytest.mark.parametrize(
    ("kind", "number"),
    [("deviation", "A-17"), ("complaint", "K-17"), ("remark", "S-17"), ("replacement", "O-17")],
)
def test_a_signal_is_named_by_its_kind(kind: str, number: str) -> None:
    assert signal(kind).number == number
    assert item_of(signal(kind), FIRST_CONFIG).id == number
