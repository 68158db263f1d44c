"""When the bot's copy of what it holds of a child may go, by the law's words and the municipality's plan."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.retention_plan import WrongPlanError, read_plan
from followup.clocks.retention import (
    ChildFacts,
    Exemption,
    Hold,
    RetentionPlan,
    due_on,
    exemptions,
    holds,
    latest_on,
    problems_in,
)

PLAN = RetentionPlan("Dokumenthanteringsplan 2026", "0182")
PLACED = ChildFacts(
    forms=frozenset({"hvb"}),
    born=date(2009, 5, 7),
    is_open=False,
    last_on=date(2024, 3, 31),
    exported=True,
    complete=True,
    in_hand=False,
)
AT_HOME = replace(PLACED, forms=frozenset({"oppenvard"}), exported=False, complete=False)


@pytest.mark.parametrize(
    ("child", "code", "expected"),
    [
        (PLACED, "0182", {Exemption.PLACED}),
        (AT_HOME, "0182", set()),
        (replace(AT_HOME, forms=frozenset()), "0182", set()),
        # A form that only the municipality's own file has may be a home.
        (replace(AT_HOME, forms=frozenset({"hem_barn_unga"})), "0182", {Exemption.PLACED}),
        (replace(AT_HOME, forms=frozenset({"oppenvard", "stodboende"})), "0182", {Exemption.PLACED}),
        (replace(AT_HOME, born=date(2009, 6, 5)), "0182", {Exemption.BIRTH_DAY}),
        (replace(AT_HOME, born=date(2009, 6, 15)), "0182", {Exemption.BIRTH_DAY}),
        (replace(AT_HOME, born=date(2009, 6, 25)), "0182", {Exemption.BIRTH_DAY}),
        (replace(AT_HOME, born=date(2009, 5, 6)), "0182", set()),
        (replace(AT_HOME, born=None), "0182", {Exemption.BIRTH_UNKNOWN}),
        # Linköping, Visby, Sundsvall, Göteborg; and their neighbours.
        (AT_HOME, "0580", {Exemption.REGION}),
        (AT_HOME, "0980", {Exemption.REGION}),
        (AT_HOME, "2281", {Exemption.REGION}),
        (AT_HOME, "1480", {Exemption.REGION}),
        (AT_HOME, "1481", set()),
        (AT_HOME, "2180", set()),
        (replace(PLACED, born=date(2009, 6, 5)), "1480", {*Exemption} - {Exemption.BIRTH_UNKNOWN}),
    ],
)
def test_what_is_kept_for_ever_in_the_personal_file(
    child: ChildFacts, code: str, expected: set[Exemption]
) -> None:
    assert set(exemptions(child, replace(PLAN, municipality_code=code))) == expected


@pytest.mark.parametrize(
    ("child", "last_on", "due", "latest"),
    [
        (PLACED, date(2024, 3, 31), date(2026, 3, 31), None),
        (PLACED, date(2024, 2, 29), date(2026, 2, 28), None),
        (AT_HOME, date(2024, 3, 31), date(2029, 3, 31), date(2030, 12, 31)),
        (AT_HOME, date(2024, 2, 29), date(2029, 2, 28), date(2030, 12, 31)),
        (AT_HOME, date(2023, 12, 31), date(2028, 12, 31), date(2029, 12, 31)),
    ],
)
def test_the_copy_goes_by_the_plan_and_what_is_kept_nowhere_by_the_law(
    child: ChildFacts, last_on: date, due: date, latest: date | None
) -> None:
    """Five years after the last entry, finished by the end of the calendar year that follows."""
    facts = replace(child, last_on=last_on)
    assert (due_on(facts, PLAN), latest_on(facts, PLAN)) == (due, latest)


@pytest.mark.parametrize(
    ("child", "today", "expected"),
    [
        (PLACED, date(2026, 3, 31), []),
        (PLACED, date(2026, 3, 30), [Hold.EARLY]),
        (replace(PLACED, is_open=True), date(2026, 3, 31), [Hold.OPEN]),
        (replace(PLACED, in_hand=True), date(2026, 3, 31), [Hold.IN_HAND]),
        (replace(PLACED, exported=False, complete=False), date(2026, 3, 31), [Hold.NOT_EXPORTED]),
        (replace(PLACED, complete=False), date(2026, 3, 31), [Hold.CHANGED]),
        (AT_HOME, date(2029, 3, 31), []),
        (AT_HOME, date(2029, 3, 30), [Hold.EARLY]),
        # Where it is not known whether it is to be kept, it must have been handed out.
        (replace(AT_HOME, born=None), date(2029, 3, 31), [Hold.NOT_EXPORTED]),
        (
            replace(PLACED, is_open=True, in_hand=True, complete=False),
            date(2026, 3, 30),
            [Hold.OPEN, Hold.EARLY, Hold.IN_HAND, Hold.CHANGED],
        ),
    ],
)
def test_all_that_stands_in_the_way_is_said(child: ChildFacts, today: date, expected: list[Hold]) -> None:
    assert list(holds(child, PLAN, today)) == expected


@pytest.mark.parametrize(
    ("plan", "wrong"),
    [
        (PLAN, []),
        (replace(PLAN, source=" "), ["source"]),
        (replace(PLAN, municipality_code="182"), ["municipality_code"]),
        (replace(PLAN, municipality_code="০182"), ["municipality_code"]),
        (replace(PLAN, copy_months=23), ["copy_months"]),
        (replace(PLAN, law_months=59), ["law_months"]),
    ],
)
def test_a_plan_is_at_least_as_careful_as_the_law(plan: RetentionPlan, wrong: list[str]) -> None:
    assert list(problems_in(plan)) == wrong


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, ["UPPFOLJAREN_RETENTION_PLAN saknas"]),
        ("source = ", ["går inte att läsa"]),
        ("", ["source ska vara", "municipality_code ska vara"]),
        ('source = 1\nmunicipality_code = "0182"', ["source ska vara"]),
        ('source = "P"\nmunicipality_code = "0182"\ncopy_months = true', ["copy_months ska vara"]),
        ('source = "P"\nmunicipality_code = "0182"\ncopy_months = 6', ["copy_months ska vara"]),
        ('source = "P"\nmunicipality_code = "0182"\ncopy_month = 24', ["copy_month finns inte"]),
        ('source = "P"\nmunicipality_kod = "0182"', ["municipality_kod finns inte", "municipality_code ska"]),
    ],
)
def test_all_that_is_wrong_with_the_file_is_said(
    tmp_path: Path, content: str | None, said: list[str]
) -> None:
    path = tmp_path / "plan.toml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(WrongPlanError) as wrong:
        read_plan(path if content is not None else None)
    assert len(wrong.value.problems) == len(said)
    assert all(part in problem for part, problem in zip(said, wrong.value.problems, strict=True))


def test_a_plan_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('source = "Plan § 61"\nmunicipality_code = "1480"\ncopy_months = 36\n', encoding="utf-8")
    assert read_plan(path) == RetentionPlan("Plan § 61", "1480", 36, 60)
