"""What a follow-up demands at each step, what it reads, and what may be said outside the quality team."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup import AlertId, FollowUpId, PersonId, UnitId
from followup.follow_ups.action import ActionState
from followup.follow_ups.checklist import CHECKS, GROUNDS, checked, evidence_of
from followup.follow_ups.follow_up import (
    AREAS,
    CLOSED,
    METHODS,
    PREFILLED,
    QUESTIONS,
    STEPS,
    VERDICTS,
    FollowUp,
    FollowUpStep,
    after,
    answers_of,
    before,
    before_closing,
    late_reasons,
    questions,
    read_step,
    with_answers,
)
from followup.follow_ups.satisfaction import Satisfaction, read_satisfaction, written
from followup.wording.wording import Problem
from tests.support.builders import at

TODAY = date(2026, 11, 23)
TEAM = (PersonId(7), PersonId(8))
FULL = {
    "analyse": {
        **{"indicators": "Index 40.", "deviations": "Två klagomål.", "inspectorate": "Inga beslut."},
        **dict.fromkeys(map(evidence_of, PREFILLED), "reported"),
    },
    "plan": {"owner": "7", "method": "visit", "planned_on": "2026-12-03"},
    "collect": {
        "held_on": "2026-11-20",
        "participants": "director,young",
        "values": "Värdegrunden är känd.",
        "outcomes": "Målen nås.",
        "requirements": "Kraven följs.",
        "improvement": "Egenkontroll finns.",
        **dict.fromkeys((evidence_of(area) for area in AREAS if area not in PREFILLED), "talk,document"),
    },
    "assess": {"strengths": "Trygg personal.", "improvements": "Planerna.", "verdict": "partly"},
}


def follow_up(step: FollowUpStep = "analyse", **changes: object) -> FollowUp:
    new = FollowUp(
        id=FollowUpId(3),
        unit_id=UnitId(1),
        cycle_id=None,
        alert_id=AlertId(1),
        opened_at=at("2026-11-02"),
        opened_by=PersonId(7),
        version=1,
        step=step,
        owner_id=PersonId(7),
        author_id=PersonId(7),
        recorded_at=at("2026-11-02"),
    )
    return replace(new, **changes)  # type: ignore[arg-type]


def wrong(problems: Sequence[Problem]) -> dict[str, str]:
    return {problem.field: problem.what.id for problem in problems}


def test_the_steps_follow_one_another_until_it_is_closed() -> None:
    walked: list[FollowUpStep] = ["analyse"]
    while walked[-1] != CLOSED:
        walked.append(after(walked[-1]))
    assert tuple(walked) == (*STEPS, CLOSED)
    assert [before(step) for step in walked] == [None, *STEPS[:4], None]


def test_the_seven_areas_are_asked_once_each_and_three_of_them_first() -> None:
    asked = [question.id for question in QUESTIONS if question.id in AREAS]
    assert sorted(asked) == sorted(AREAS)
    first = [question.id for question in questions("analyse")]
    assert tuple(one for one in first if one in AREAS) == PREFILLED == AREAS[3:6]


def test_each_area_names_on_what_it_rests_in_the_step_where_it_is_written() -> None:
    for step in STEPS:
        asked = [question.id for question in questions(step)]
        for area in set(asked) & set(AREAS):
            assert asked[asked.index(area) + 1] == evidence_of(area)
            typed = {evidence_of(area): "talk,hearsay"}
            assert wrong(read_step(follow_up(step), typed, TODAY, TEAM, whole=False)[1]) == {
                evidence_of(area): "form.not_a_choice"
            }


POINTS = [point for ground in GROUNDS for point in CHECKS[ground]]
CHECKED = {**FULL["assess"], **dict.fromkeys(POINTS, "fulfilled")}


def test_one_that_risk_chose_has_the_checklist_of_law_rules_and_contract_and_no_other_has_it() -> None:
    chosen = follow_up("assess", by_risk=True)
    missing = wrong(read_step(chosen, {}, TODAY, TEAM, whole=True)[1])
    assert missing == dict.fromkeys([*POINTS, *FULL["assess"]], "form.missing")
    answers, problems = read_step(chosen, CHECKED, TODAY, TEAM, whole=True)
    assert problems == []
    assert [one.state for one in checked(with_answers(chosen, answers, TODAY).marked)] == ["fulfilled"] * 9
    other, _ = read_step(follow_up("assess"), CHECKED, TODAY, TEAM, whole=True)
    assert other == FULL["assess"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"law_records": "not_examined"}, {}),
        ({"law_records": "not_fulfilled"}, {"law_records_note": "follow_up.check_needs_note"}),
        ({"law_records": "not_fulfilled", "law_records_note": "Två saknas."}, {}),
        ({"law_records": "perhaps"}, {"law_records": "form.not_a_choice"}),
        ({"law_records_note": "x" * 301}, {"law_records_note": "form.too_long"}),
        ({"law_records_note": "Gäller 20120229-2387"}, {"law_records_note": "form.personal_number"}),
        (
            {"law_records": "not_fulfilled", "law_records_note": "Två saknas.", "verdict": "meets"},
            {"verdict": "follow_up.not_all_fulfilled"},
        ),
        ({"law_records": "not_examined", "verdict": "meets"}, {}),
    ],
)
def test_what_is_not_fulfilled_is_told_of_in_words_and_the_unit_then_meets_not_all(
    typed: dict[str, str], said: dict[str, str]
) -> None:
    chosen = follow_up("assess", by_risk=True)
    assert wrong(read_step(chosen, {**CHECKED, **typed}, TODAY, TEAM, whole=True)[1]) == said


@pytest.mark.parametrize("step", STEPS[:4])
def test_each_step_demands_all_of_its_answers_at_once(step: FollowUpStep) -> None:
    _, problems = read_step(follow_up(step), {}, TODAY, TEAM, whole=True)
    assert wrong(problems) == dict.fromkeys(FULL[step], "form.missing")


@pytest.mark.parametrize("step", STEPS[:4])
def test_a_step_may_be_saved_half_written(step: FollowUpStep) -> None:
    assert read_step(follow_up(step), {}, TODAY, TEAM, whole=False) == ({}, [])


@pytest.mark.parametrize("step", STEPS[:4])
def test_a_whole_step_reads_without_a_problem_and_comes_back_as_it_was_written(step: FollowUpStep) -> None:
    answers, problems = read_step(follow_up(step), FULL[step], TODAY, TEAM, whole=True)
    assert problems == []
    kept = answers_of(with_answers(follow_up(step), answers, TODAY))
    assert {name: kept[name] for name in FULL[step]} == FULL[step]


@pytest.mark.parametrize(
    ("step", "typed", "field", "said"),
    [
        ("analyse", {"indicators": "Gäller 20120229-2387"}, "indicators", "form.personal_number"),
        ("analyse", {"deviations": "x" * 2001}, "deviations", "form.too_long"),
        ("plan", {"owner": "9"}, "owner", "form.not_a_choice"),
        ("plan", {"method": "phone"}, "method", "form.not_a_choice"),
        ("plan", {"planned_on": "2026-02-30"}, "planned_on", "form.not_a_date"),
        ("plan", {"report_asked_on": "2026-11-24"}, "report_asked_on", "form.future_date"),
        ("collect", {"held_on": "2026-11-24"}, "held_on", "form.future_date"),
        ("collect", {"participants": "director,stranger"}, "participants", "form.not_a_choice"),
        ("collect", {"report_link": "http://stratsys.se/1"}, "report_link", "follow_up.not_a_link"),
        ("collect", {"report_link": "https://a b"}, "report_link", "follow_up.not_a_link"),
        ("collect", {"report_link": "https://" + "a" * 500}, "report_link", "follow_up.not_a_link"),
        ("collect", {"satisfaction": "Trivsel; 4,2; många"}, "satisfaction", "follow_up.satisfaction_line"),
        ("assess", {"verdict": "fails"}, "verdict", "form.not_a_choice"),
        ("assess", {"strengths": "Samtal med 201202292387"}, "strengths", "form.personal_number"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    step: FollowUpStep, typed: dict[str, str], field: str, said: str
) -> None:
    _, problems = read_step(follow_up(step), typed, TODAY, TEAM, whole=False)
    assert wrong(problems) == {field: said}


def test_the_written_report_cannot_come_before_it_was_asked_for() -> None:
    asked = follow_up("collect", report_asked_on=date(2026, 11, 10))
    early = {"report_received_on": "2026-11-09"}
    assert wrong(read_step(asked, early, TODAY, TEAM, whole=False)[1]) == {
        "report_received_on": "follow_up.received_too_early"
    }
    assert read_step(asked, {"report_received_on": "2026-11-10"}, TODAY, TEAM, whole=False)[1] == []


def test_a_steps_answers_leave_the_other_steps_alone() -> None:
    written_before = follow_up(
        "collect", areas={"indicators": "Index 40."}, method="visit", strengths="Lugnt."
    )
    changed = with_answers(written_before, FULL["collect"], TODAY)
    assert changed.areas["indicators"] == "Index 40."
    assert (changed.method, changed.strengths) == ("visit", "Lugnt.")
    emptied = with_answers(changed, {}, TODAY)
    assert (dict(emptied.areas), emptied.held_on) == ({"indicators": "Index 40."}, None)


def test_the_verdict_has_the_day_when_it_was_first_given() -> None:
    given = with_answers(follow_up("assess"), FULL["assess"], TODAY)
    assert given.verdict_on == TODAY
    assert with_answers(given, FULL["assess"], date(2026, 12, 1)).verdict_on == TODAY
    changed = with_answers(given, {**FULL["assess"], "verdict": "meets"}, date(2026, 12, 1))
    assert changed.verdict_on == date(2026, 12, 1)
    assert with_answers(given, {}, date(2026, 12, 1)).verdict_on is None


@pytest.mark.parametrize(
    ("verdict", "states", "decisions", "said"),
    [
        ("meets", [], 0, []),
        ("meets", ["open"], 0, ["follow_up.actions_left"]),
        ("partly", [], 0, ["follow_up.action_needed"]),
        ("not", [], 1, []),
        ("not", ["done"], 1, ["follow_up.actions_left"]),
        ("partly", ["verified", "open"], 0, ["follow_up.actions_left"]),
        ("partly", ["verified", "cancelled"], 0, []),
    ],
)
def test_it_closes_when_faults_have_been_acted_on(
    verdict: str, states: list[ActionState], decisions: int, said: list[str]
) -> None:
    problems = before_closing(follow_up("act", verdict=verdict), states, decisions)
    assert [problem.what.id for problem in problems] == said


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("step", [*STEPS, CLOSED])
def test_an_unannounced_one_is_secret_until_it_is_closed(method: str, step: FollowUpStep) -> None:
    assert follow_up(step, method=method).secret == (method == "unannounced" and step != CLOSED)


@pytest.mark.parametrize(
    ("changes", "done_by", "late"),
    [
        ({}, None, []),
        ({"planned_on": date(2026, 11, 22)}, None, ["planned"]),
        ({"planned_on": TODAY}, None, []),
        ({"planned_on": date(2026, 11, 20), "held_on": date(2026, 11, 20)}, None, []),
        ({}, date(2026, 11, 22), ["year"]),
        ({"planned_on": date(2026, 11, 22)}, date(2026, 8, 31), ["planned", "year"]),
        ({}, TODAY, []),
        ({"verdict": "meets"}, date(2026, 8, 31), []),
        ({"planned_on": date(2026, 11, 1), "step": CLOSED}, date(2026, 8, 31), []),
    ],
)
def test_what_is_late(changes: dict[str, object], done_by: date | None, late: list[str]) -> None:
    one = replace(follow_up("plan"), **changes)  # type: ignore[arg-type]
    assert late_reasons(one, TODAY, done_by) == late


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("", []),
        ("Trivsel; 4,2 av 5; 13 av 50", [Satisfaction("Trivsel", "4,2 av 5", 13, 50)]),
        ("A;1;1/2\n\nB ; 87 % ; 2 of 2", [Satisfaction("A", "1", 1, 2), Satisfaction("B", "87 %", 2, 2)]),
        ("A; 1; 3 av 2", None),
        ("A; 1; 0 av 0", None),
        ("A; 1", None),
        ("; 1; 1 av 2", None),
        ("A; 1; 1 av 2; 3", None),
    ],
)
def test_satisfaction_is_a_name_a_value_and_how_many_answered(
    text: str, figures: list[Satisfaction] | None
) -> None:
    read, problems = read_satisfaction(text)
    assert (read, len(problems)) == (figures or [], 1 if figures is None else 0)


def test_every_line_that_is_wrong_is_named() -> None:
    _, problems = read_satisfaction("A; 1; 1 av 2\nnej\nB\nC; 2; 2 av 2")
    assert [problem.what.values["line"] for problem in problems] == [2, 3]


word = st.text("abcåäö 0123456789,%", min_size=1).map(str.strip).filter(bool)
figure = st.builds(
    lambda name, value, counts: Satisfaction(name, value, min(counts), max(counts)),
    word,
    word,
    st.tuples(st.integers(0, 99999), st.integers(1, 99999)),
)


@given(st.lists(figure))
def test_figures_that_are_written_read_the_same(figures: list[Satisfaction]) -> None:
    assert read_satisfaction(written(figures)) == (figures, [])


def test_every_verdict_can_be_given() -> None:
    for verdict in VERDICTS:
        answers, problems = read_step(
            follow_up("assess"), {**FULL["assess"], "verdict": verdict}, TODAY, TEAM, whole=True
        )
        assert (answers["verdict"], problems) == (verdict, [])
